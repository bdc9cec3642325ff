//! The record of a cell: an adult, a confidential witness and a child in it, on a day, at a place and under names of its own.

use super::cell::Cell;
use model::{
    Actor, AgencyKind, Incident, NewIncident, NewInvolvement, NewPlace, Occurred, Qualifier, Role, Timestamp, Uuid,
    intelligence::{Assessment, Grading, Handling, SourceEvaluation},
    involvement::{Identity, InvolvementRole, Person, PersonName},
};

/// What of a record requests name.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) incident: Incident,
    /// The day it occurred, which no other did.
    pub(super) day: String,
    /// Its property, where no other was.
    pub(super) uprn: String,
    /// The names of the adult, the confidential witness and the child; none in published data.
    pub(super) names: [String; 3],
}

/// Everybody's date of birth; the child's is `CHILD_BORN`.
pub(super) const BORN: &str = "1970-05-04";
pub(super) const CHILD_BORN: &str = "2015-05-04";

impl Record {
    /// The record of a cell, the `number`th of its world.
    pub(super) fn of(cell: Cell, number: usize, recorded_at: Timestamp) -> Self {
        let day = jiff::civil::date(2024, 1, 1).checked_add(jiff::Span::new().days(number as i64)).expect("a day").to_string();
        let uprn = (100_000 + number).to_string();
        let names = [0, 1, 2].map(|kind| name(3 * number + kind));
        let kind = if cell.of_force() { AgencyKind::Police } else { AgencyKind::Council };
        let actor = Actor::new(Uuid::from_u128(900), "Recorder", cell.owner(), kind, Role::Officer);
        let actor = actor.in_partnerships(vec![super::cell::id(super::cell::STOCKTON)]);
        let published = cell.class == "published";
        let new = NewIncident {
            id: Some(Uuid::from_u128(1_000_000 + number as u128)),
            occurred: Occurred { at: Some(format!("{day}T12:00:00Z").parse().expect("a time")), ..Occurred::default() },
            qualifier: Some(Qualifier::Nuisance),
            types: vec![202],
            additional_qualifiers: if cell.class == "sensitive" { vec![606] } else { Vec::new() },
            markings: if cell.class == "police_only" { vec!["police_only".to_owned()] } else { Vec::new() },
            summary: "Matrix".to_owned(),
            sharing: Some(cell.shared()),
            intelligence: (cell.class == "intelligence").then(grading),
            places: vec![NewPlace { uprn: Some(uprn.clone()), longitude: Some(-1.313), latitude: Some(54.565), ..NewPlace::default() }],
            involvements: if published { Vec::new() } else { people(&names, number) },
            allegations: if published { Vec::new() } else { vec![allegation(number)] },
            ..NewIncident::default()
        };
        let mut incident = new.settle(&actor, recorded_at).unwrap_or_else(|problems| panic!("{cell:?}: {problems:?}"));
        incident.openings = cell.openings();
        Self { incident, day, uprn, names }
    }

    /// The id of a person in it: the adult, the confidential witness, the child.
    pub(super) fn person(&self, kind: usize) -> Uuid {
        self.incident.involvements.get(kind).map_or(Uuid::max(), |part| part.id)
    }
}

fn grading() -> Grading {
    Grading {
        source_evaluation: SourceEvaluation::Untested,
        assessment: Assessment::KnownIndirectly,
        handling: Handling::Permitted,
        conditions: None,
    }
}

fn part(number: usize, kind: usize) -> Uuid {
    Uuid::from_u128(2_000_000 + 10 * number as u128 + kind as u128)
}

fn people(names: &[String; 3], number: usize) -> Vec<NewInvolvement> {
    let kinds = [
        (InvolvementRole::PersonComplainedAbout, Identity::Open, BORN),
        (InvolvementRole::Witness, Identity::Confidential, BORN),
        (InvolvementRole::PersonAffected, Identity::Open, CHILD_BORN),
    ];
    let person = |(kind, (role, identity, born)): (usize, (InvolvementRole, Identity, &str))| NewInvolvement {
        id: Some(part(number, kind)),
        person: Some(Person {
            name: PersonName { full: Some(names[kind].clone()), ..PersonName::default() },
            date_of_birth: Some(born.parse().expect("a date")),
            ..Person::default()
        }),
        roles: vec![role],
        identity: Some(identity),
        ..NewInvolvement::default()
    };
    kinds.into_iter().enumerate().map(person).collect()
}

fn allegation(number: usize) -> model::NewAllegation {
    let said = serde_json::json!({ "id": part(number, 9), "about": part(number, 0), "what": "Shouting", "basis": "was_told" });
    serde_json::from_value(said).expect("an allegation")
}

/// A name of its own: syllables of the number, so that no two resemble each other much.
fn name(number: usize) -> String {
    const CONSONANTS: [&str; 12] = ["B", "D", "F", "G", "K", "L", "M", "N", "P", "R", "S", "T"];
    const VOWELS: [&str; 5] = ["a", "e", "i", "o", "u"];
    let mut mixed = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut word = |syllables: usize| {
        let mut text = String::new();
        for _ in 0..syllables {
            mixed ^= mixed >> 29;
            mixed = mixed.wrapping_mul(0xbf58_476d_1ce4_e5b9);
            text.push_str(CONSONANTS[(mixed >> 40) as usize % 12]);
            text.push_str(VOWELS[(mixed >> 50) as usize % 5]);
        }
        let lower = text.to_lowercase();
        lower[..1].to_uppercase() + &lower[1..]
    };
    format!("{} {}", word(3), word(4))
}
