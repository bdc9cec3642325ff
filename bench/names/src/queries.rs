//! Queries with the person each looks for.

use crate::{
    corruption::{CLASSES, Nicknames, corrupt},
    people::{Namesakes, Person},
    seeded::Seeded,
};
use std::path::Path;

/// The most people who share the name of somebody looked for, as far as the class leaves it.
pub(crate) const MOST_NAMESAKES: u32 = 10;

/// A query, and whom it should find.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) class: &'static str,
    pub(crate) name: String,
    pub(crate) target: usize,
    /// Date or year of birth.
    pub(crate) born: Option<String>,
    /// The part of the postcode before the space.
    pub(crate) postcode: Option<String>,
}

/// `each` queries of every class; of classes that fit few people as many as there are.
pub(crate) fn generate(people: &[Person], nicknames: &Nicknames, each: usize, with_birth: bool, seed: u64) -> Vec<Asked> {
    let mut seeded = Seeded::new(seed);
    let shared = Namesakes::of(people);
    let mut asked = Vec::new();
    for class in CLASSES {
        let mut found = 0;
        for _ in 0..each * 4_000 {
            if found == each {
                break;
            }
            let target = seeded.below(people.len());
            let person = &people[target];
            // What is left of the name by the class has to be as telling as the whole is.
            let name = match class {
                "initial" => person.given.get(..1).unwrap_or_default(),
                "middle_name_first" => person.middle.split(' ').next().unwrap_or_default(),
                _ => &person.given,
            };
            if shared.count(name, &person.family) > MOST_NAMESAKES || shared.count(&person.given, &person.family) > MOST_NAMESAKES {
                continue;
            }
            let Some(name) = corrupt(class, person, nicknames, &mut seeded) else { continue };
            let born = with_birth.then(|| birth(&person.born, &mut seeded));
            let postcode = (with_birth && seeded.chance(0.3)).then(|| person.postcode.split(' ').next().unwrap_or_default().to_owned());
            asked.push(Asked { class, name, target, born, postcode });
            found += 1;
        }
    }
    asked
}

/// The queries of a file `q,target,kind,dob,pc`; their classes are all called `given`.
pub(crate) fn read(path: &Path) -> std::io::Result<Vec<Asked>> {
    let mut asked = Vec::new();
    for row in csv::Reader::from_path(path)?.records() {
        let row = row?;
        let field = |at: usize| row.get(at).map(str::to_owned).filter(|text| !text.is_empty());
        let (Some(name), Some(target)) = (field(0), field(1).and_then(|number| number.parse().ok())) else { continue };
        asked.push(Asked { class: "given", name, target, born: field(3), postcode: field(4) });
    }
    Ok(asked)
}

/// A date of birth as remembered: mostly right, or the year, or a digit wrong, or day and month swapped.
fn birth(born: &str, seeded: &mut Seeded) -> String {
    let (year, month, day) = (&born[..4], &born[5..7], &born[8..]);
    match seeded.below(20) {
        0..6 => year.to_owned(),
        6 if day.parse::<u8>().is_ok_and(|day| day <= 12) => format!("{year}-{day}-{month}"),
        7 => format!("{year}-{month}-{:02}", 1 + seeded.below(28)),
        _ => born.to_owned(),
    }
}
