//! The cells of the people of a row.

use super::{
    columns::{MOST_PEOPLE, OF_A_PERSON, of_person},
    flat::Reading,
    from_cells,
};
use crate::identity;
use model::{
    InvolvementRole, NewInvolvement, Uuid,
    age::AgeBand,
    involvement::{Alias, Person, PersonAddress, PersonName, Unnamed},
    vocabulary,
};

/// The people of a row, and their numbers in the columns' names.
pub(super) fn read(reading: &mut Reading<'_>, incident: Uuid) -> (Vec<NewInvolvement>, Vec<usize>) {
    let filled = |reading: &Reading<'_>, person| OF_A_PERSON.iter().any(|column| reading.has(&of_person(person, column)));
    let people: Vec<usize> = (1..=MOST_PEOPLE).filter(|person| filled(reading, *person)).collect();
    (people.iter().map(|person| one(reading, incident, *person)).collect(), people)
}

fn one(reading: &mut Reading<'_>, incident: Uuid, person: usize) -> NewInvolvement {
    let column = |name: &str| of_person(person, name);
    let text = |reading: &Reading<'_>, name: &str| reading.text(&column(name));
    let roles = roles(reading, &column("roles"));
    let named =
        OF_A_PERSON.iter().filter(|name| !matches!(**name, "description" | "roles" | "identity")).any(|name| reading.has(&column(name)));
    let description = text(reading, "description");
    match (named, &description) {
        (true, Some(_)) => {
            reading.problem(&column("description"), "one_kind", "goes only with people nobody could name: leave it or the name empty")
        }
        (false, None) => {
            reading.problem(&column("name"), "missing", "is empty: give a name, or a description of somebody nobody could name")
        }
        _ => {}
    }
    let name = PersonName {
        full: text(reading, "name"),
        title: text(reading, "title"),
        given: text(reading, "given"),
        middle: text(reading, "middle"),
        family: text(reading, "family"),
    };
    if named && name.full.is_none() && name.given.is_none() && name.family.is_none() {
        reading.problem(&column("name"), "missing", "is empty: give name, given or family");
    }
    let sex = text(reading, "sex").map(|sex| sex.trim().to_owned());
    if sex.as_ref().is_some_and(|sex| !vocabulary::current().has("sexes", sex)) {
        reading.problem(&column("sex"), "unknown_code", vocabulary::current().remedy("sexes"));
    }
    let address = PersonAddress {
        address: text(reading, "address"),
        postcode: from_cells::postcode(reading, &column("postcode")),
        ..PersonAddress::default()
    };
    let entries = |reading: &Reading<'_>, name: &str| reading.list(&column(name)).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let aliases = entries(reading, "aliases").into_iter().map(|name| Alias { name, kind: "alias".to_owned() }).collect();
    let details = Person {
        name,
        aliases,
        date_of_birth: reading.word(&column("date_of_birth"), "not_a_date"),
        age_band: reading.parsed(&column("age"), "not_an_age", age),
        sex,
        addresses: if address == PersonAddress::default() { Vec::new() } else { vec![address] },
        phones: entries(reading, "phone"),
        ..Person::default()
    };
    NewInvolvement {
        id: Some(identity::part(incident, &format!("person {person}"))),
        person: named.then_some(details),
        unnamed: description.map(|description| Unnamed { description, number: 1 }),
        roles,
        identity: reading.word(&column("identity"), "unknown_code"),
        ..NewInvolvement::default()
    }
}

fn roles(reading: &mut Reading<'_>, column: &str) -> Vec<InvolvementRole> {
    let (roles, wrong): (Vec<_>, Vec<_>) = reading.list(column).into_iter().map(str::parse::<InvolvementRole>).partition(Result::is_ok);
    if let Some(Err(reason)) = wrong.into_iter().next() {
        reading.problem(column, "unknown_code", format!("is {reason}"));
    } else if roles.is_empty() {
        reading.problem(column, "missing", "is empty: give one role at least");
    }
    roles.into_iter().flatten().collect()
}

/// An age, or the youngest and oldest with a `-` between.
fn age(text: &str) -> Result<AgeBand, &'static str> {
    let years = |text: &str| text.trim().parse::<u8>().map_err(|_| "not an age: write 17, or 16-25");
    match text.split_once('-') {
        Some((from, to)) => Ok(AgeBand { from: years(from)?, to: years(to)? }),
        None => years(text).map(|age| AgeBand { from: age, to: age }),
    }
}
