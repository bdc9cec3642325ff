//! A young man whom the police know as Jinx and his landlord as Mohammed Hussain, and the one record that says they are
//! the same: the police keep it to themselves.

use super::{Entry, Telling, id, incident, living, name, open, person, report, whole};
use crate::streets;
use model::{
    InvolvementRole, NewAllegation, NewIncident, PlaceRole, Qualifier, Sharing, SharingLevel,
    age::AgeBand,
    allegation::{AllegationStatus, Basis},
    incident::HatePerception,
    involvement::{Alias, Person},
};

pub(crate) const JINX: &str = "jinx";
pub(crate) const OWNER_ONLY: &str = "owner-only";

const HOME: &str = "14 Kelsall Street, Stockton-on-Tees";

type Row =
    (&'static str, &'static str, (i64, i64, i64), &'static str, &'static [InvolvementRole], &'static [u16], &'static str, &'static str);

use InvolvementRole::{PersonAffected, PersonComplainedAbout, Reporter, Witness};

/// What the landlord holds: label, officer, when, name, roles, types, summary, narrative.
const HOUSING: [Row; 4] = [
    (
        "housing 1",
        "tristar-officer",
        (402, 22, 30),
        "Mohammed Hussain",
        &[Reporter, PersonAffected],
        &[211],
        "Music from the flat above",
        "Mohammed Hussain of 14 Kelsall Street reported music from the flat above until three.",
    ),
    (
        "housing 2",
        "tristar-officer-2",
        (291, 18, 40),
        "Muhammad Husain",
        &[Reporter, PersonAffected],
        &[202],
        "Tenant abused on the stairs",
        "Muhammad Husain was called names on the stairs by two men he did not know. He believes it was for his race.",
    ),
    (
        "housing 3",
        "tristar-officer",
        (152, 17, 15),
        "Mohamed Hussein",
        &[PersonComplainedAbout],
        &[201, 204],
        "Motorbike kept in a shared hall",
        "Mohamed Hussein kept a motorbike in the shared hall of Kelsall Street. He moved it when asked.",
    ),
    (
        "housing 4",
        "tristar-supervisor",
        (58, 12, 10),
        "M Usman Hussain",
        &[Reporter, Witness],
        &[205],
        "Rubbish left in a bin store",
        "Usman Hussain of Kelsall Street sent photographs of rubbish left in the bin store by a van.",
    ),
];

/// What the police hold, for the whole partnership.
const POLICE: [Row; 3] = [
    (
        "police 1",
        "police-officer",
        (233, 19, 20),
        "Jinx",
        &[PersonComplainedAbout],
        &[201],
        "Off-road bike on a footpath",
        "An off-road bike was ridden along the footpath by Parkfield. Boys there said the rider is called Jinx.",
    ),
    (
        "police 2",
        "police-officer-2",
        (121, 20, 50),
        "Jinx",
        &[PersonComplainedAbout],
        &[201, 202],
        "Bike ridden at people outside shops",
        "A red and white bike was ridden at people outside the shops; a shopkeeper said it was Jinx, from Kelsall Street.",
    ),
    (
        "police 3",
        "police-officer",
        (36, 22, 15),
        "Jinx",
        &[Witness],
        &[202],
        "Fight broken up by bystanders",
        "Four men fought in the road. A young man known as Jinx pulled two of them apart and left before officers came.",
    ),
];

pub(crate) fn tell(telling: &mut Telling) {
    let street = streets::called("Kelsall Street");
    let postcode = streets::street(street).map_or("", |street| street.postcode);
    for (label, by, happened, called, roles, types, summary, narrative) in HOUSING {
        let who = id(JINX, &format!("{label} who"));
        let (given, family) = called.rsplit_once(' ').unwrap_or((called, "-"));
        let mut he = living(person(name(given, family), "2004-08-23", "male"), HOME, postcode);
        he.phones = vec!["07700 900461".to_owned()];
        let place = streets::house(street, 14, PlaceRole::HappenedAt);
        let qualifier = if types.contains(&205) { Qualifier::Environmental } else { Qualifier::Personal };
        let mut told = NewIncident {
            involvements: vec![open(who, he, roles)],
            reports: vec![report(roles.contains(&Reporter).then_some(who), "telephone", "")],
            ..incident(qualifier, types, summary, narrative, place)
        };
        match label {
            "housing 2" => told.hate.push(HatePerception { strand: "race".to_owned(), perceived_by: "the person affected".to_owned() }),
            "housing 3" => told.allegations.push(said(who, "kept a motorbike in the hall", Some(AllegationStatus::Admitted))),
            _ => {}
        }
        telling.tell(&Entry::new(JINX, label, by, happened, 600), told);
    }
    for (label, by, happened, called, roles, types, summary, narrative) in POLICE {
        let who = id(JINX, &format!("{label} who"));
        let he = Person { age_band: Some(AgeBand { from: 19, to: 24 }), ..person(whole(called), "-", "male") };
        let mut place = streets::house(streets::called("Park Road"), 30, PlaceRole::HappenedAt);
        (place.uprn, place.address) = (None, None);
        let mut told = NewIncident {
            involvements: vec![open(who, he, roles)],
            reports: vec![report(None, "telephone", "")],
            ..incident(Qualifier::Nuisance, types, summary, narrative, place)
        };
        if roles.contains(&PersonComplainedAbout) {
            told.allegations.push(said(who, "rode an off-road bike at people", None));
        }
        telling.tell(&Entry::new(JINX, label, by, happened, 45), told);
    }
    owner_only(telling, street, postcode);
}

fn said(about: uuid::Uuid, what: &str, status: Option<AllegationStatus>) -> NewAllegation {
    let status_reason = status.map(|_| "Said so when visited".to_owned());
    NewAllegation { id: None, made_by: None, about, what: what.to_owned(), basis: Basis::WasTold, status, status_reason, counter_to: None }
}

/// The record that joins the two names.
fn owner_only(telling: &mut Telling, street: usize, postcode: &str) {
    let who = id(OWNER_ONLY, "who");
    let mut he = living(person(name("Muhammad Usman", "Hussain"), "2004-08-23", "male"), HOME, postcode);
    he.aliases.push(Alias { name: "Jinx".to_owned(), kind: "street_name".to_owned() });
    he.phones = vec!["07700 900461".to_owned()];
    let told = NewIncident {
        involvements: vec![open(who, he, &[InvolvementRole::Other])],
        reports: vec![report(None, "officer_saw", "")],
        sharing: Some(Sharing::of(SharingLevel::OwnerOnly)),
        markings: vec!["official_sensitive".to_owned()],
        assessment: Some("In my view willing to talk to us. He would be at risk if that were known.".to_owned()),
        ..incident(
            Qualifier::Nuisance,
            &[201],
            "Information about off-road bikes",
            "Muhammad Usman Hussain, called Jinx, was spoken to at home about the bikes and said where two of them are kept.",
            streets::house(street, 14, PlaceRole::HappenedAt),
        )
    };
    telling.tell(&Entry::new(OWNER_ONLY, "record", "police-officer-2", (33, 14, 20), 90), told);
}
