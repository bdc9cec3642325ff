//! Whether people of one name origin are found as well as those of another: recall by the origin group of *test* names. The groups
//! are those of the invented names of the demonstration; nothing infers the origin of anybody real.

use crate::{
    corruption::{Nicknames, corrupt},
    people::{Namesakes, Person},
    queries::{Asked, MOST_NAMESAKES},
    seeded::Seeded,
};
use std::collections::BTreeMap;

const GIVEN: &str = include_str!("../../../crates/demo/data/given_names.txt");
const FAMILY: &str = include_str!("../../../crates/demo/data/surnames.txt");

/// People of each group.
const EACH: usize = 500;

/// A name, and how else it is spelled or called.
type Form = (&'static str, Vec<&'static str>);

/// People of each origin, and queries for each: as recorded, another spelling, a typing error, over the telephone, swapped. A query's
/// class is the origin.
pub(crate) fn people_and_queries(people: &mut Vec<Person>, nicknames: &Nicknames, seed: u64) -> Vec<Asked> {
    let mut seeded = Seeded::new(seed);
    let (given, family) = (forms(GIVEN), forms(FAMILY));
    let before = people.len();
    let mut made: Vec<(&'static str, Form, Form)> = Vec::new();
    for (origin, families) in &family {
        let Some(givens) = given.get(origin) else { continue };
        for _ in 0..EACH {
            let (one, other) = (seeded.pick(givens).clone(), seeded.pick(families).clone());
            let like = people[seeded.below(before)].clone();
            people.push(Person { given: one.0.to_owned(), middle: String::new(), family: other.0.to_owned(), ..like });
            made.push((origin, one, other));
        }
    }
    let shared = Namesakes::of(people);
    let mut asked = Vec::new();
    for (at, (origin, given, family)) in made.into_iter().enumerate() {
        let (target, person) = (before + at, people[before + at].clone());
        if shared.count(&person.given, &person.family) > MOST_NAMESAKES {
            continue;
        }
        let mut names = vec![person.full()];
        let spelled = |form: &Form, seeded: &mut Seeded| if form.1.is_empty() { form.0 } else { *seeded.pick(&form.1) };
        if !family.1.is_empty() || !given.1.is_empty() {
            names.push(format!("{} {}", given.0, spelled(&family, &mut seeded)));
            names.push(format!("{} {}", spelled(&given, &mut seeded), family.0));
        }
        for class in ["typing_error", "telephone", "swapped"] {
            names.extend(corrupt(class, &person, nicknames, &mut seeded));
        }
        asked.extend(names.into_iter().map(|name| Asked { class: origin, name, target, born: None, postcode: None }));
    }
    asked
}

/// The forms of each origin: `origin|…|name=other,other name …`.
fn forms(file: &'static str) -> BTreeMap<&'static str, Vec<Form>> {
    let mut all: BTreeMap<&'static str, Vec<Form>> = BTreeMap::new();
    for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (Some(origin), Some(names)) = (line.split('|').next(), line.rsplit('|').next()) else { continue };
        let forms = names.split_whitespace().map(|name| match name.split_once('=') {
            Some((name, others)) => (name, others.split(',').collect()),
            None => (name, Vec::new()),
        });
        all.entry(origin).or_default().extend(forms);
    }
    all
}
