//! Who is complained about, and what is alleged of them.

use crate::{
    calls::Call,
    draft::Draft,
    kinds::Doer,
    mention::{Knowledge, named},
    partnership::{POLICE, PROBATION},
    people::Person as Someone,
    phrases::event,
    scene::in_words,
    streets::{house, street},
    tables::tables,
};
use model::{
    InvolvementRole, NewAllegation, NewInvolvement, NewPlace, PlaceRole, age,
    allegation::{AllegationStatus, Basis},
    involvement::{Organisation, Person, Premises, SubjectCategory, Unnamed, Vehicle},
};
use uuid::Uuid;

/// Adds whoever is complained about; the first of them, and whether named.
pub(crate) fn add(draft: &mut Draft<'_>) -> Option<(Uuid, bool)> {
    let kind = draft.kind;
    // Where the fact is only that something was found, fewer people can say who did it.
    let seen = draft.event.fact.contains("{They}");
    let named = if draft.random.chance(if seen { kind.named } else { kind.named * 0.6 }) { somebody(draft) } else { None };
    let found = match named {
        Some(someone) => {
            let id = add_named(draft, someone);
            if seen && draft.random.chance(0.2) {
                let name = std::mem::take(&mut draft.scene.they);
                add_unnamed(draft);
                draft.scene.they = format!("{name} and others");
            }
            Some((id, true))
        }
        None if seen && (!matches!(kind.key, "noise" | "neighbours" | "drinking") || draft.random.chance(0.8)) => {
            Some((add_unnamed(draft), false))
        }
        None => add_thing(draft).map(|id| (id, false)),
    };
    let rode = ["{bike}", "{car}"].iter().any(|gap| draft.event.fact.contains(gap));
    if seen && rode && draft.random.chance(0.5) {
        add_vehicle(draft);
    }
    found
}

/// Somebody who does such things, of no household that is in it already.
fn somebody<'a>(draft: &mut Draft<'a>) -> Option<&'a Someone> {
    let (town, at, day) = (draft.town, draft.street, draft.day);
    let household = draft.seen.first().map_or(usize::MAX, |seen| seen.household);
    let found = match draft.kind.doer {
        Doer::Youth => town.youth(&mut draft.random, at, day),
        Doer::Neighbour => town.neighbour(&mut draft.random, at, household, day),
        Doer::Known => town.known(&mut draft.random),
        Doer::Adult => town.adult(&mut draft.random, at, day),
        Doer::Unseen => None,
    };
    found.filter(|someone| !draft.has_household(someone))
}

fn add_named<'a>(draft: &mut Draft<'a>, someone: &'a Someone) -> Uuid {
    draft.seen.push(someone);
    let person = named(&mut draft.random, someone, draft.day, Knowledge::Hearsay, false);
    draft.scene.they = person.name.whole();
    let child = someone.age(draft.day) < 18;
    let category = category(draft, &person);
    let conviction_reference = (category == Some(SubjectCategory::Convicted)).then(|| format!("TMC/{:05}", draft.random.below(100_000)));
    let id = draft.involve(NewInvolvement {
        person: Some(person),
        roles: vec![InvolvementRole::PersonComplainedAbout],
        subject_category: category,
        conviction_reference,
        ..NewInvolvement::default()
    });
    if child
        && draft.random.chance(0.4)
        && let Some(parent) = draft.town.guardians(someone, draft.day).next()
    {
        let parent = named(&mut draft.random, parent, draft.day, Knowledge::Hearsay, false);
        let guardian = draft.involve_person(parent, &[InvolvementRole::ParentOrGuardian]);
        if let Some(involvement) = draft.involvement(id) {
            involvement.guardians.push(guardian);
        }
    }
    if draft.random.chance(0.12) {
        let (at, number) = someone.home(draft.day);
        let place = house(at, number, PlaceRole::CameFrom);
        let place_id = draft.id();
        draft.incident.places.push(NewPlace { id: Some(place_id), ..place });
    }
    id
}

/// The category of the law, where one was decided: never a suspect who may be under ten as recorded.
fn category(draft: &mut Draft<'_>, person: &Person) -> Option<SubjectCategory> {
    if !matches!(draft.agency, POLICE | PROBATION) {
        return None;
    }
    let age = age::on(person.date_of_birth, person.age_band, draft.day, draft.day);
    let grown = age.is_some_and(|age| age.from >= 18);
    match draft.random.below(100) {
        0 if grown => Some(SubjectCategory::Convicted),
        0..40 if age.is_none_or(|age| age.from >= 10) => Some(SubjectCategory::Suspect),
        _ => None,
    }
}

fn add_unnamed(draft: &mut Draft<'_>) -> Uuid {
    let kind = match draft.kind.doer {
        Doer::Youth if draft.event.fact.contains("{bike}") => "riders",
        Doer::Youth if draft.event.fact.contains("{car}") => "drivers",
        Doer::Youth => "youths",
        _ => "adults",
    };
    let possible: Vec<_> = tables().unnamed.iter().filter(|unnamed| unnamed.kind == kind).collect();
    let (description, number) = draft.random.pick(&possible).map_or(("people", 1), |unnamed| {
        let number = draft.random.between(unnamed.fewest, unnamed.most);
        (unnamed.description, number)
    });
    let description = description.replace("{n}", in_words(number));
    let first = description.split(',').next().unwrap_or_default();
    let article = ["boy", "man", "woman", "male", "group", "large", "couple"].iter().any(|word| first.starts_with(word));
    draft.scene.they = format!("{}{first}", if article { "a " } else { "" });
    let adult_because = (kind == "adults" && draft.random.chance(0.5)).then(|| "Plainly grown up: seen close by in daylight".to_owned());
    draft.involve(NewInvolvement {
        unnamed: Some(Unnamed { description, number: u16::try_from(number).unwrap_or(1) }),
        roles: vec![InvolvementRole::PersonComplainedAbout],
        adult_because,
        ..NewInvolvement::default()
    })
}

/// A registration mark with a letter that is never issued.
fn registration(draft: &mut Draft<'_>) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNOPRSTUVWXY";
    let mut letter = || char::from(draft.random.pick(LETTERS).copied().unwrap_or(b'A'));
    let (area, first, second) = (letter(), letter(), letter());
    let year = draft.random.between(5, 24) + if draft.random.chance(0.5) { 50 } else { 0 };
    format!("N{area}{year:02} {first}Q{second}")
}

fn add_vehicle(draft: &mut Draft<'_>) -> Uuid {
    let bike = draft.event.fact.contains("{bike}");
    let description = if bike { draft.scene.bike.clone() } else { draft.scene.car.clone() };
    let plated = !description.contains("without a plate") && draft.random.chance(0.6);
    let registration = plated.then(|| registration(draft));
    draft.involve(NewInvolvement {
        vehicle: Some(Vehicle { registration, description: Some(description) }),
        roles: vec![InvolvementRole::PersonComplainedAbout],
        ..NewInvolvement::default()
    })
}

/// A subject with no person named: a vehicle, premises, a body.
fn add_thing(draft: &mut Draft<'_>) -> Option<Uuid> {
    match draft.kind.key {
        "abandoned" | "soliciting" | "vehicle" => Some(add_vehicle(draft)),
        "noise" | "neighbours" | "drinking" => {
            let (name, town) = (draft.scene.shop.clone(), street(draft.street).map_or("", |street| street.town()));
            let postcode = street(draft.street).map(|street| street.postcode.to_owned());
            draft.scene.they = format!("people at {name}");
            Some(draft.involve(NewInvolvement {
                premises: Some(Premises { description: format!("{name}, {}, {town}", draft.scene.street), uprn: None, postcode }),
                roles: vec![InvolvementRole::PersonComplainedAbout],
                ..NewInvolvement::default()
            }))
        }
        "litter" => {
            let bodies: Vec<_> = tables().premises.iter().filter(|(kind, _)| matches!(*kind, "firm" | "landlord")).collect();
            let name = draft.random.pick(&bodies).map_or("a firm", |(_, name)| name);
            Some(draft.involve(NewInvolvement {
                organisation: Some(Organisation { name: name.to_owned() }),
                roles: vec![InvolvementRole::PersonComplainedAbout],
                ..NewInvolvement::default()
            }))
        }
        _ => None,
    }
}

/// Adds what is alleged, and at times what is alleged back.
pub(crate) fn allege(draft: &mut Draft<'_>, call: &Call, about: (Uuid, bool)) {
    let (about, named) = about;
    if !draft.random.chance(if named { 0.75 } else { 0.2 }) {
        return;
    }
    let basis =
        [Basis::Saw, Basis::WasTold, Basis::Inferred].get(draft.random.weighted(&[70.0, 18.0, 12.0])).copied().unwrap_or(Basis::Saw);
    let (status, status_reason) = status(draft, named);
    let what = draft.event.alleged.to_owned();
    let first = draft.id();
    draft.incident.allegations.push(NewAllegation {
        id: Some(first),
        made_by: call.caller,
        about,
        what,
        basis,
        status,
        status_reason,
        counter_to: None,
    });
    let Some(victim) = call.victim else { return };
    if named && matches!(draft.kind.key, "neighbours" | "noise") && draft.random.chance(0.15) {
        let what = event(&mut draft.random, draft.kind.key).alleged.to_owned();
        let id = draft.id();
        draft.incident.allegations.push(NewAllegation {
            id: Some(id),
            made_by: Some(about),
            about: victim,
            what,
            basis: Basis::Saw,
            status: None,
            status_reason: None,
            counter_to: Some(first),
        });
    }
}

fn status(draft: &mut Draft<'_>, named: bool) -> (Option<AllegationStatus>, Option<String>) {
    let (status, reason) = match draft.random.weighted(&[72.0, 6.0, 8.0, 7.0, 4.0, 3.0]) {
        1 => (AllegationStatus::Admitted, "Said so when visited"),
        2 => (AllegationStatus::Established, "Seen on a doorbell camera"),
        3 => (AllegationStatus::NotEstablished, "No evidence but one account"),
        4 => (AllegationStatus::Withdrawn, "Taken back by telephone"),
        5 => (AllegationStatus::MistakenIdentity, "Was away from the area on that day"),
        _ => return (None, None),
    };
    if named { (Some(status), Some(reason.to_owned())) } else { (None, None) }
}
