//! Who told us, how, and whether their name may be told.

use crate::{
    draft::Draft,
    mention::{Knowledge, named},
    partnership::{COUNCIL, FIRE, POLICE, TRISTAR},
    people::Person as Someone,
    phrases::any,
    random::Random,
    scene::Scene,
    streets::street,
    tables::tables,
};
use model::{
    InvolvementRole, NewInvolvement, NewReport, Timestamp,
    involvement::{Identity, Organisation, Unnamed},
    report::ExternalReference,
};
use uuid::Uuid;

/// What came of the call.
pub(crate) struct Call {
    /// The involvement of whoever told us first; none where an officer saw it.
    pub(crate) caller: Option<Uuid>,
    /// The involvement of whoever suffered it.
    pub(crate) victim: Option<Uuid>,
    /// Whether the home of the person affected must not be told either.
    pub(crate) hidden: bool,
    /// Whether it came by the council's web form.
    pub(crate) online: bool,
}

fn channel(random: &mut Random, agency: usize) -> &'static str {
    const CHANNELS: [&str; 9] = ["telephone", "in_person", "officer_saw", "online", "email", "letter", "app", "partner", "other"];
    let weights = match agency {
        POLICE => [58.0, 6.0, 18.0, 12.0, 1.0, 0.0, 2.0, 3.0, 0.0],
        TRISTAR => [50.0, 20.0, 6.0, 8.0, 9.0, 2.0, 1.0, 4.0, 0.0],
        FIRE => [62.0, 1.0, 28.0, 0.0, 0.0, 0.0, 0.0, 8.0, 1.0],
        _ => [44.0, 6.0, 10.0, 17.0, 9.0, 1.0, 8.0, 4.0, 1.0],
    };
    CHANNELS.get(random.weighted(&weights)).copied().unwrap_or("other")
}

/// The number the report has in the agency's other system.
fn reference(random: &mut Random, agency: usize, at: Timestamp) -> ExternalReference {
    let number = random.below(100_000);
    let (system, reference) = match agency {
        POLICE => ("police log", format!("CLV-{}-{:04}", at.london_day().strftime("%d%m%y"), number % 2000)),
        TRISTAR => ("tenancy", format!("TR/{number:06}")),
        FIRE => ("fire control log", format!("FC{:02}-{number:05}", at.year() % 100)),
        COUNCIL => ("council CRM", format!("SBC-{:07}", 1_000_000 + number * 7)),
        _ => ("case system", format!("C{number:06}")),
    };
    ExternalReference { system: system.to_owned(), reference }
}

/// Adds the reports and those who made them.
pub(crate) fn take<'a>(draft: &mut Draft<'a>, victim: Option<&'a Someone>) -> Call {
    let channel = channel(&mut draft.random, draft.agency);
    let by_ear = channel == "telephone";
    let mut call = Call { caller: None, victim: None, hidden: false, online: channel == "online" };
    draft.scene.who = "the officer".to_owned();
    draft.scene.victim = "a resident".to_owned();
    // 0 confidential, 1 open, 2 anonymous, 3 an organisation
    let how = if channel == "officer_saw" { None } else { Some(draft.random.weighted(&[36.0, 44.0, 13.0, 7.0])) };
    let caller = match (how, victim) {
        (None | Some(2 | 3), _) => None,
        (_, Some(victim)) if draft.random.chance(0.8) => Some(victim),
        _ => draft.town.resident(&mut draft.random, draft.street, draft.day),
    };
    draft.seen.extend(victim);
    if let Some(someone) = caller {
        let person = named(&mut draft.random, someone, draft.day, Knowledge::Own, by_ear);
        let is_victim = victim.is_some_and(|victim| std::ptr::eq(victim, someone));
        let roles = [InvolvementRole::Reporter, if is_victim { InvolvementRole::PersonAffected } else { InvolvementRole::Witness }];
        let whole = person.name.whole();
        if !is_victim {
            draft.seen.push(someone);
        }
        let id = draft.involve_person(person, &roles);
        call.caller = Some(id);
        "the caller".clone_into(&mut draft.scene.who);
        if how == Some(1) {
            draft.scene.who = whole;
            if let Some(involvement) = draft.involvement(id) {
                involvement.identity = Some(Identity::Open);
            }
        }
        if is_victim {
            call.victim = Some(id);
            call.hidden = how == Some(0);
            draft.scene.victim.clone_from(&draft.scene.who);
        }
    } else if how == Some(2) {
        call.caller = Some(anonymous(draft));
    } else if how == Some(3) {
        call.caller = Some(organisation(draft));
    }
    if let Some(victim) = victim.filter(|_| call.victim.is_none()) {
        let person = named(&mut draft.random, victim, draft.day, Knowledge::Hearsay, by_ear);
        draft.scene.victim = person.name.whole();
        call.victim = Some(draft.involve_person(person, &[InvolvementRole::PersonAffected]));
        if call.caller.is_none() {
            draft.scene.who.clone_from(&draft.scene.victim);
        }
    }
    first_report(draft, &call, channel);
    more_reports(draft);
    call
}

fn anonymous(draft: &mut Draft<'_>) -> Uuid {
    "the caller".clone_into(&mut draft.scene.who);
    let description =
        ["caller who gave no name, woman", "caller who gave no name, man", "note put through the door", "caller who gave no name, elderly"];
    let description = draft.random.pick(&description).copied().unwrap_or("caller").to_owned();
    draft.involve(NewInvolvement {
        unnamed: Some(Unnamed { description, number: 1 }),
        roles: vec![InvolvementRole::Reporter],
        identity: Some(Identity::Anonymous),
        ..NewInvolvement::default()
    })
}

fn organisation(draft: &mut Draft<'_>) -> Uuid {
    "staff".clone_into(&mut draft.scene.who);
    let bodies: Vec<&str> = tables()
        .premises
        .iter()
        .filter(|(kind, _)| *kind != "place")
        .map(|(_, name)| *name)
        .filter(|name| !name.starts_with("the "))
        .collect();
    let name = draft.random.pick(&bodies).copied().unwrap_or("A shop").to_owned();
    draft.involve(NewInvolvement {
        organisation: Some(Organisation { name }),
        roles: vec![InvolvementRole::Reporter],
        identity: Some(Identity::Open),
        ..NewInvolvement::default()
    })
}

fn first_report(draft: &mut Draft<'_>, call: &Call, channel: &'static str) {
    let told = draft.told_at();
    let mobile = matches!(channel, "app" | "officer_saw");
    let device_time = (mobile && draft.random.chance(0.7)).then(|| told.plus_seconds(draft.random.between(-90, 20)));
    let wants = (call.caller.is_some() && draft.random.chance(0.4)).then(|| any(&mut draft.random, "wants").to_owned());
    let external_references = if draft.random.chance(0.35) { vec![reference(&mut draft.random, draft.agency, told)] } else { Vec::new() };
    draft.report(NewReport {
        reporter: call.caller,
        channel: Some(channel.to_owned()),
        reported_at: Some(told),
        device_time,
        wants,
        external_references,
        ..NewReport::default()
    });
}

/// Neighbours who told us of the same.
fn more_reports(draft: &mut Draft<'_>) {
    let more = [0, 1, 2, 4].get(draft.random.weighted(&[82.0, 12.0, 4.5, 1.5])).copied().unwrap_or(0);
    for _ in 0..more {
        let told = draft.told_at();
        let Some(neighbour) = draft.town.resident(&mut draft.random, draft.street, draft.day) else { return };
        if draft.has(neighbour) {
            continue;
        }
        draft.seen.push(neighbour);
        let person = named(&mut draft.random, neighbour, draft.day, Knowledge::Own, true);
        let id = draft.involve_person(person, &[InvolvementRole::Reporter, InvolvementRole::Witness]);
        if draft.random.chance(0.4)
            && let Some(involvement) = draft.involvement(id)
        {
            involvement.identity = Some(Identity::Open);
        }
        let channel = Some("telephone".to_owned());
        draft.report(NewReport { reporter: Some(id), channel, reported_at: Some(told), ..NewReport::default() });
    }
}

/// The scene before anybody is in it.
pub(crate) fn scene(random: &mut Random, at: usize, second: i64) -> Scene {
    let street = street(at).map_or("", |street| street.name);
    let mut one = |table: &[(&'static str, &'static str)], kinds: &[&str]| {
        let fitting: Vec<&str> = table.iter().filter(|(kind, _)| kinds.contains(kind)).map(|(_, name)| *name).collect();
        random.pick(&fitting).copied().unwrap_or("shops").to_owned()
    };
    let shop = one(&tables().premises, &["shop", "pub"]);
    let place = one(&tables().premises, &["place"]);
    let car = one(&tables().vehicles, &["car"]);
    let bike = one(&tables().vehicles, &["bike"]);
    Scene {
        street: street.to_owned(),
        address: format!("a house on {street}"),
        shop,
        place,
        car,
        bike,
        time: format!("{:02}:{:02}", second / 3600, second / 60 % 60),
        duration: any(random, "duration").to_owned(),
        they: "persons unknown".to_owned(),
        ..Scene::default()
    }
}
