//! People: read from the given file, or generated with the frequencies of its names.

use crate::seeded::Seeded;
use std::{collections::HashMap, fs::File, io, path::Path};

/// A person as recorded once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) given: String,
    pub(crate) middle: String,
    pub(crate) family: String,
    /// `YYYY-MM-DD`.
    pub(crate) born: String,
    pub(crate) postcode: String,
}

impl Person {
    /// The whole name, as written.
    pub(crate) fn full(&self) -> String {
        let parts = [&self.given, &self.middle, &self.family];
        parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// The people of `uk-people-1m.csv.gz`, in the order of their numbers.
pub(crate) fn read(path: &Path, most: usize) -> io::Result<Vec<Person>> {
    let mut reader = csv::Reader::from_reader(flate2::read::GzDecoder::new(File::open(path)?));
    let mut people = Vec::new();
    for row in reader.records().take(most) {
        let row = row?;
        let field = |at: usize| row.get(at).unwrap_or_default().to_owned();
        people.push(Person { given: field(1), middle: field(2), family: field(3), born: field(4), postcode: field(5) });
    }
    Ok(people)
}

/// `count` other people with names of the same frequency. The years of birth go with the given names; family names and
/// postcodes do not, so that nobody of the file comes back.
pub(crate) fn generate(like: &[Person], count: usize, seed: u64) -> impl Iterator<Item = Person> + '_ {
    let mut seeded = Seeded::new(seed);
    (0..count).map(move |_| {
        let (first, second, third) = (seeded.below(like.len()), seeded.below(like.len()), seeded.below(like.len()));
        let of = &like[first];
        let year = of.born.get(..4).unwrap_or("1980");
        let (month, day) = (1 + seeded.below(12), 1 + seeded.below(28));
        Person {
            given: of.given.clone(),
            middle: like[second].middle.clone(),
            family: like[third].family.clone(),
            born: format!("{year}-{month:02}-{day:02}"),
            postcode: postcode(&like[second].postcode, &mut seeded),
        }
    })
}

/// Another postcode of the same outward code.
fn postcode(like: &str, seeded: &mut Seeded) -> String {
    let outward = like.split(' ').next().unwrap_or("TS18");
    let mut letter = || char::from(*seeded.pick(b"ABDEFGHJLNPQRSTUWXYZ"));
    let (first, second) = (letter(), letter());
    format!("{outward} {}{first}{second}", seeded.below(10))
}

/// How many people there are of each given, or middle, and family name, and of each initial and family name.
#[derive(Debug, Default)]
pub(crate) struct Namesakes(HashMap<(String, String), u32>);

impl Namesakes {
    pub(crate) fn of(people: &[Person]) -> Namesakes {
        let mut counts: HashMap<(String, String), u32> = HashMap::new();
        for person in people {
            let family = person.family.to_lowercase();
            let mut names: Vec<String> =
                std::iter::once(person.given.as_str()).chain(person.middle.split(' ')).map(str::to_lowercase).collect();
            names.extend(person.given.chars().next().map(|letter| letter.to_lowercase().to_string()));
            names.sort_unstable();
            names.dedup();
            for name in names.into_iter().filter(|name| !name.is_empty()) {
                *counts.entry((name, family.clone())).or_default() += 1;
            }
        }
        Namesakes(counts)
    }

    /// How many there are.
    pub(crate) fn count(&self, name: &str, family: &str) -> u32 {
        self.0.get(&(name.to_lowercase(), family.to_lowercase())).copied().unwrap_or_default()
    }
}
