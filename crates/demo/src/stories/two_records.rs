//! One burnt-out car on Lockwood Street, recorded by the fire brigade that night and by the council next morning.

use super::{Entry, Telling, id, incident, living, name, open, person, report};
use crate::streets;
use model::{
    InvolvementRole::{PersonComplainedAbout, Reporter, Witness},
    NewIncident, NewInvolvement, NewPlace, Occurred, PlaceRole, Qualifier,
    incident::NextStep,
    involvement::Vehicle,
    report::ExternalReference,
};

pub(crate) const TWO_RECORDS: &str = "two-records";

/// Words of the two incidents.
pub(crate) const FIRE: &str = "fire";
pub(crate) const COUNCIL: &str = "council";

fn car(registration: &str, description: &str) -> NewInvolvement {
    NewInvolvement {
        vehicle: Some(Vehicle { registration: Some(registration.to_owned()), description: Some(description.to_owned()) }),
        roles: vec![PersonComplainedAbout],
        ..NewInvolvement::default()
    }
}

fn place(shift: f64) -> NewPlace {
    let mut place = streets::house(streets::called("Lockwood Street"), 18, PlaceRole::HappenedAt);
    (place.uprn, place.address) = (None, None);
    place.easting = place.easting.map(|easting| easting + shift);
    place
}

pub(crate) fn tell(telling: &mut Telling) {
    let postcode = streets::street(streets::called("Lockwood Street")).map_or("", |street| street.postcode);
    let address = "21 Lockwood Street, Stockton-on-Tees";
    let caller = id(TWO_RECORDS, "fire caller");
    let grace = living(person(name("Grace", "Adeyemi"), "1985-05-09", "female"), address, postcode);
    let mut by_telephone = report(Some(caller), "telephone", "");
    by_telephone.external_references = vec![ExternalReference { system: "fire control log".to_owned(), reference: "FC-20417".to_owned() }];
    let night = NewIncident {
        reports: vec![by_telephone],
        involvements: vec![open(caller, grace, &[Reporter, Witness]), car("NX14 BQK", "grey Ford Focus")],
        immediate_action: Some("Put out by one pump; left made safe.".to_owned()),
        ..incident(
            Qualifier::Environmental,
            &[200],
            "Abandoned car on fire",
            "A grey Ford Focus was alight from end to end on Lockwood Street. Grace Adeyemi of number 21 saw two boys run off.",
            place(0.0),
        )
    };
    telling.tell(&Entry::new(TWO_RECORDS, FIRE, "fire-officer", (47, 22, 40), 45), night);

    let caller = id(TWO_RECORDS, "council caller");
    let gracie = living(person(name("Gracie", "Adeyemy"), "1985", "female"), address, postcode);
    let morning = NewIncident {
        occurred: Occurred { from: Some(telling.moment((47, 22, 0))), to: Some(telling.moment((46, 7, 30))), ..Occurred::default() },
        reports: vec![report(Some(caller), "online", "The wreck taken away before the children play on it")],
        involvements: vec![open(caller, gracie, &[Reporter]), car("NX14BQK", "burnt-out Focus, grey")],
        next_step: Some(NextStep { action: "Have it removed".to_owned(), owner: "Street cleaning".to_owned(), by: None }),
        ..incident(
            Qualifier::Environmental,
            &[200, 205],
            "Burnt-out vehicle",
            "A burnt-out Ford stands on Lockwood Street with broken glass around it.",
            place(14.0),
        )
    };
    telling.tell(&Entry::new(TWO_RECORDS, COUNCIL, "council-officer", (46, 9, 5), 15), morning);
}
