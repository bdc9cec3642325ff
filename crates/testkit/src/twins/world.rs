//! Who asks, and the records of both worlds: the generated Stockton, shared in every way there is.

use crate::{
    campaign::{On, draft::Random},
    inside::{self, Inside},
};
use model::{
    Actor, Agency, AgencyKind, Incident, Membership, Officer, Partnership, Reference, Role, Secondment, Sharing, SharingLevel, Sight,
    Timestamp, Uuid,
    access::{Beyond, Grade, Handed, LabelKind, Recipient, Seconded, Way, decide},
    linking::{LinkAgreement, LinkDecision, LinkGrounds, PersonLink},
};
use store::Tx;

/// Somebody who asks.
#[derive(Debug)]
pub(super) struct Caller {
    /// The officer's key in the demonstration.
    pub(super) officer: &'static str,
    /// The key of the agency acted for under a secondment.
    acting_as: Option<&'static str>,
}

pub(super) const CALLERS: [Caller; 8] = [
    caller("police-officer"),
    caller("tristar-officer"),
    Caller { officer: "police-officer-2", acting_as: Some("council") },
    caller("council-analyst"),
    caller("middlesbrough-officer"),
    caller("council-safeguarding"),
    caller("police-dpo"),
    caller("council-admin"),
];

const fn caller(officer: &'static str) -> Caller {
    Caller { officer, acting_as: None }
}

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 9, 1);
const PURPOSE: [(&str, &str); 2] = crate::http::PURPOSE;

fn now() -> Timestamp {
    Timestamp::start_of_london_day(TODAY).plus_seconds(40_000)
}

fn agency_id(at: usize) -> Uuid {
    Uuid::from_u128(1_000 + at as u128)
}

fn officer_id(at: usize) -> Uuid {
    Uuid::from_u128(2_000 + at as u128)
}

fn partnership_id(at: usize) -> Uuid {
    Uuid::from_u128(3_000 + at as u128)
}

impl Caller {
    /// The headers of every request of theirs.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        let host = self.acting_as.map(|_| ("beacon-acting-as", ACTING_AS_COUNCIL));
        [("authorization", BEARER), ("x-request-id", "twin"), ("content-type", "application/json")].into_iter().chain(PURPOSE).chain(host)
    }

    fn place(&self) -> usize {
        demo::demo(1).officers.iter().position(|officer| officer.key == self.officer).expect("an officer of the demonstration")
    }

    /// Who they are to the access rule.
    fn actor(&self) -> Actor {
        let demo = demo::demo(1);
        let officer = &demo.officers[self.place()];
        let home = demo.agencies.iter().position(|agency| agency.key == officer.agency).expect("an agency");
        let host = self.acting_as.map_or(home, |key| demo.agencies.iter().position(|agency| agency.key == key).expect("an agency"));
        let agency = &demo.agencies[host];
        let role = if self.acting_as.is_some() { Role::Officer } else { officer.role };
        let partnerships = agency.partnerships.iter().map(|at| partnership_id(*at)).collect();
        let actor = Actor::new(officer_id(self.place()), officer.name, agency_id(host), agency.kind, role).in_partnerships(partnerships);
        let seconded = self.acting_as.map(|_| Seconded { id: SECONDMENT, home: agency_id(home), sensitive: false });
        Actor { seconded, ..actor }
    }
}

const SECONDMENT: Uuid = Uuid::from_u128(4_000);
const TOKEN: &str = "beacon_7777777777777777777777777777777777777777777777777777777777777777";
const BEARER: &str = "Bearer beacon_7777777777777777777777777777777777777777777777777777777777777777";
const ACTING_AS_COUNCIL: &str = "00000000-0000-0000-0000-0000000003e8";

/// The records of the larger world, in the order in which they were recorded.
pub(super) struct Records(Vec<(Incident, bool)>, Vec<PersonLink>);

impl Records {
    /// Made for a caller: about half may not be known to them.
    pub(super) fn of(caller: &Caller, count: usize, seed: u64) -> Self {
        let demo = demo::demo(1);
        let agencies: Vec<Uuid> = (0..demo.agencies.len()).map(agency_id).collect();
        let officers: Vec<Uuid> = (0..demo.officers.len()).map(officer_id).collect();
        let actor = caller.actor();
        let mut random = Random::new(seed, 3);
        let mut taken = std::collections::HashSet::new();
        let made = demo::incidents(seed, TODAY, count, &agencies, &officers).map(|made| {
            let agency = &demo.agencies[made.agency];
            let partnerships = agency.partnerships.iter().map(|at| partnership_id(*at)).collect();
            let recorder =
                Actor::new(officers[made.officer], "", agencies[made.agency], agency.kind, Role::Officer).in_partnerships(partnerships);
            let mut incident = made.incident.settle(&recorder, made.recorded_at).expect("the demonstration is sound");
            // References are random, and one that is taken is drawn again: by one world alone, where a hidden record had it.
            while !taken.insert(incident.reference.as_str().to_owned()) {
                incident.reference = Reference::random(Reference::INCIDENT, made.recorded_at.year(), 5);
            }
            share_somehow(&mut incident, &recorder, &actor, &mut random);
            let known = [LabelKind::Record, LabelKind::ProtectedPerson, LabelKind::Child]
                .into_iter()
                .any(|kind| decide(&actor, &incident.label().on(kind), now()) > Sight::Nothing);
            (incident, known)
        });
        let made: Vec<(Incident, bool)> = made.collect();
        let links = links(&made, &agencies, &officers, &mut random);
        Self(made, links)
    }

    /// What officers decided about people of these records.
    pub(super) fn links(&self) -> &[PersonLink] {
        &self.1
    }

    /// All of them.
    pub(super) fn all(&self) -> Vec<&Incident> {
        self.0.iter().map(|(incident, _)| incident).collect()
    }

    /// Those the caller may know of, and the others.
    pub(super) fn split(&self) -> (Vec<&Incident>, Vec<&Incident>) {
        let of = |wanted: bool| self.0.iter().filter(move |(_, known)| *known == wanted).map(|(incident, _)| incident).collect();
        (of(true), of(false))
    }
}

/// Decisions about two mentions anywhere, a third of them of the same name: one person or two, of one agency or agreed by two.
fn links(made: &[(Incident, bool)], agencies: &[Uuid], officers: &[Uuid], random: &mut Random) -> Vec<PersonLink> {
    let mentions: Vec<(Uuid, String)> = made
        .iter()
        .flat_map(|(incident, _)| &incident.involvements)
        .filter_map(|part| Some((part.id, part.person.as_ref()?.name.whole())))
        .collect();
    let by_name = |name: &str, not: Uuid| mentions.iter().find(|(id, other)| *id != not && other == name).map(|(id, _)| *id);
    let mut pairs = std::collections::HashSet::new();
    let any = |random: &mut Random| mentions[random.below(mentions.len() as u64) as usize].clone();
    let mut links = Vec::new();
    for number in 0..mentions.len() as u128 / 2 {
        let (one, name) = any(random);
        let other = if random.below(3) == 0 { by_name(&name, one) } else { None }.unwrap_or_else(|| any(random).0);
        let (first, second) = (one.min(other), one.max(other));
        if first == second || !pairs.insert((first, second)) {
            continue;
        }
        let decision = if random.below(4) == 0 { LinkDecision::Different } else { LinkDecision::Same };
        let agreements = 1 + random.below(2);
        let mut agreed: Vec<LinkAgreement> = Vec::new();
        for _ in 0..agreements {
            let (agency, officer) =
                (agencies[random.below(agencies.len() as u64) as usize], officers[random.below(officers.len() as u64) as usize]);
            if agreed.iter().all(|agreement| agreement.agency != agency) {
                agreed.push(LinkAgreement { agency, officer, at: now() });
            }
        }
        let undone = (random.below(8) == 0).then(|| agreed[0].clone());
        links.push(PersonLink {
            id: Uuid::from_u128(5_000 + number),
            first,
            second,
            decision,
            grounds: LinkGrounds::Other,
            agreed,
            undone,
        });
    }
    links
}

fn share_somehow(incident: &mut Incident, recorder: &Actor, caller: &Actor, random: &mut Random) {
    let partnership = recorder.partnerships.first().copied();
    let level = |level| Sharing { partnership, ..Sharing::of(level) };
    let sharing = match random.below(12) {
        0..=3 => level(SharingLevel::OwnerOnly),
        4 => Sharing { beyond: Beyond::HeldBy, ..level(SharingLevel::OwnerOnly) },
        5 => Sharing { officers: vec![officer_id(random.below(20) as usize)], ..level(SharingLevel::NamedOfficers) },
        6 => Sharing { agencies: vec![agency_id(random.below(6) as usize)], ..level(SharingLevel::NamedAgencies) },
        7 => Sharing { grade: Grade::Summary, ..level(SharingLevel::Partnership) },
        8 => Sharing { grade: Grade::HeldBy, ..level(SharingLevel::Partnership) },
        _ => incident.details.sharing.clone(),
    };
    incident.details.sharing = sharing;
    match random.below(10) {
        0 => incident.openings.block(caller.officer, true),
        1 if recorder.agency_kind == AgencyKind::Police => incident.details.markings.push("police_only".to_owned()),
        2 => {
            // Handed to the caller's agency once: it has ended.
            let until = Some(now().plus_seconds(-60));
            let to = Recipient::Agency(caller.agency);
            incident.openings.handed.push(Handed { to, way: Way::Release, grade: Grade::Full, from: incident.recorded_at, until });
        }
        _ => {}
    }
}

/// A world of these records, at rest, with the caller signed in.
pub(super) async fn start(on: On, caller: &Caller, records: &[&Incident], links: &[PersonLink]) -> Inside {
    let inside = Inside::start(on, now(), async |tx| {
        people(tx).await;
        for record in records {
            inside::enter(tx, (*record).clone()).await;
        }
        let here = |id: Uuid| records.iter().any(|record| record.involvements.iter().any(|part| part.id == id));
        for link in links.iter().filter(|link| here(link.first) && here(link.second)) {
            store::person_links::insert(tx, link).await.expect("a link");
            if let Some(by) = &link.undone {
                store::person_links::undo(tx, link.id, by).await.expect("a link");
            }
        }
    })
    .await;
    inside.sign_in(officer_id(caller.place()), TOKEN).await;
    inside
}

async fn people(tx: &mut Tx) {
    let demo = demo::demo(1);
    let created_at = now().plus_seconds(-2_000 * 86_400);
    for (at, name) in demo::PARTNERSHIPS.iter().enumerate() {
        let partnership = Partnership { id: partnership_id(at), name: (*name).to_owned(), created_at };
        store::partnerships::insert(tx, &partnership).await.expect("a partnership");
    }
    for (at, agency) in demo.agencies.iter().enumerate() {
        let entered =
            Agency { id: agency_id(at), name: agency.name.to_owned(), kind: agency.kind, contact: Some("Desk".to_owned()), created_at };
        store::agencies::insert(tx, &entered).await.expect("an agency");
        for (order, partnership) in (0..).zip(agency.partnerships) {
            let from = created_at.plus_seconds(order);
            let member = Membership { partnership: partnership_id(*partnership), agency: agency_id(at), from, until: None };
            store::partnerships::join(tx, &member).await.expect("a membership");
        }
    }
    for (at, officer) in demo.officers.iter().enumerate() {
        let agency = demo.agencies.iter().position(|agency| agency.key == officer.agency).map(agency_id).expect("an agency");
        let entered =
            Officer { id: officer_id(at), name: officer.name.to_owned(), agency, role: officer.role, created_at, suspended_at: None };
        store::agencies::insert_officer(tx, &entered).await.expect("an officer");
    }
    let at = |key: &str| demo.officers.iter().position(|officer| officer.key == key).expect("an officer");
    let (officer, until) = (officer_id(at("police-officer-2")), now().plus_seconds(86_400));
    let secondment = Secondment {
        id: SECONDMENT,
        officer,
        home: agency_id(1),
        host: agency_id(0),
        role: Role::Officer,
        sensitive: false,
        from: created_at,
        until,
        approved_by: officer,
        approved_at: created_at,
        ended_at: None,
    };
    store::partnerships::second(tx, &secondment).await.expect("a secondment");
}
