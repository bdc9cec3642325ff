//! The index leaves out nobody who is among the best: it answers as the tail does, which compares everybody.

use crate::world::{World, alias, mention, query};
use names::{Mention, Query, Sex, Tail};

/// Half of all people have the first: a list long enough for every way of not looking at it.
const GIVEN: [&str; 24] = [
    "John",
    "Jon",
    "Johnathan",
    "Jane",
    "Mary",
    "Ann",
    "Maryann",
    "William",
    "Bill",
    "Christopher",
    "Chris",
    "Christina",
    "Mohammed",
    "Muhammad",
    "Al",
    "J",
    "Peggy",
    "Margaret",
    "Drew",
    "Andrew",
    "Lee",
    "Li",
    "Smith",
    "Stephen",
];
const FAMILY: [&str; 24] = [
    "Smith",
    "Smyth",
    "Smithson",
    "Cork",
    "Carrington",
    "Carington",
    "O'Brien",
    "van Dyke",
    "Vandyke",
    "al Hassan",
    "Hassan",
    "Khan",
    "Kahn",
    "Schmidt",
    "Smith-Jones",
    "Jones",
    "Wynne",
    "Wynn",
    "Wayne",
    "Lee",
    "John",
    "Stephenson",
    "Ann",
    "Topher",
];
const PEOPLE: u128 = 9_000;

/// A fixed sequence, so that a failure is repeatable.
struct Mixed(u64);

impl Mixed {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn given(&mut self) -> &'static str {
        if self.below(2) == 0 { GIVEN[0] } else { GIVEN[self.below(GIVEN.len())] }
    }

    fn family(&mut self) -> &'static str {
        FAMILY[self.below(FAMILY.len())]
    }

    fn born(&mut self) -> String {
        let (year, month, day) = (1950 + self.below(40), 1 + self.below(12), 1 + self.below(28));
        match self.below(4) {
            0 => format!("{year}"),
            1 => format!("{year}-{month:02}"),
            _ => format!("{year}-{month:02}-{day:02}"),
        }
    }

    fn postcode(&mut self) -> String {
        // More than half live in one area, a twelfth in each other: what each part of an index does with many differs from what it
        // does with few.
        let area = 14 + self.below(12).saturating_sub(6);
        if self.below(4) == 0 { format!("TS{area}") } else { format!("TS{area} {}AB", self.below(9) + 1) }
    }

    fn person(&mut self, id: u128) -> Mention {
        let middle = if self.below(3) == 0 { format!(" {}", self.given()) } else { String::new() };
        let mut person = mention(id, &format!("{}{middle} {}", self.given(), self.family()));
        if self.below(12) == 0 {
            person.names.push(alias(&format!("{} {}", self.given(), self.family())));
        }
        match self.below(4) {
            0 => {}
            1 => person.age_band = Some((20 + self.below(20) as u8, 45)),
            _ => person.date_of_birth = Some(self.born().parse().unwrap()),
        }
        person.postcodes = (0..self.below(3)).map(|_| self.postcode()).collect();
        person.sex = [None, Some(Sex::Female), Some(Sex::Male)][self.below(3)];
        person.roles = 1 << self.below(3);
        person
    }

    /// A name with up to two slips, in either order, run together now and then.
    fn asked(&mut self) -> Query {
        let (given, family) = (self.given(), self.family());
        let name = match self.below(6) {
            0 => format!("{given}{family}"),
            1 => format!("{family} {given}"),
            2 => format!("{} {family}", &given[..1]),
            3 => family.to_owned(),
            _ => format!("{given} {family}"),
        };
        let mut letters: Vec<char> = name.chars().collect();
        for _ in 0..self.below(3) {
            let at = self.below(letters.len());
            match self.below(3) {
                0 if letters.len() > 3 => drop(letters.remove(at)),
                1 => letters.insert(at, char::from(b'a' + self.below(26) as u8)),
                _ => letters[at] = char::from(b'a' + self.below(26) as u8),
            }
        }
        let mut asked = query(&letters.into_iter().collect::<String>());
        if self.below(2) == 0 {
            asked.date_of_birth = Some(self.born().parse().unwrap());
        }
        if self.below(3) == 0 {
            asked.postcode = Some(self.postcode());
        }
        if self.below(4) == 0 {
            asked.sex = Some(Sex::Male);
        }
        if self.below(6) == 0 {
            asked.roles = 2;
        }
        asked
    }
}

#[test]
fn the_index_answers_as_if_it_compared_everybody() {
    let mut mixed = Mixed(20_261_127);
    let people: Vec<Mention> = (1..=PEOPLE).map(|id| mixed.person(id)).collect();
    let (world, empty, mut tail) = (World::new(), World::new(), Tail::new());
    // In two segments of unlike sizes, which neither know of each other.
    let (few, many) = people.split_at(people.len() / 9);
    world.fill(few.to_vec());
    world.fill(many.to_vec());
    people.into_iter().for_each(|person| tail.insert(person.incident, vec![person]));
    let mut found = 0;
    for _ in 0..60 {
        let asked = mixed.asked();
        let compared = empty.index.search(&asked, &|_| true, &tail).unwrap();
        assert_eq!(world.ask(&asked), compared, "{asked:?}");
        found += compared.len();
    }
    assert!(found > 400, "the queries find people: {found}");
}
