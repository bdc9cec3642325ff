//! The people of the town: households with true names, dates of birth and homes. All invented.

use crate::{
    random::Random,
    streets::HOUSES,
    tables::{Form, Given, tables},
};
use jiff::{ToSpan, civil::Date};

/// How many people there are.
pub(crate) const POPULATION: usize = 4_000;

/// Somebody, as they truly are.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) given: &'static Form,
    pub(crate) middle: Option<&'static Form>,
    pub(crate) family: &'static Form,
    /// The surname before marriage.
    pub(crate) former: Option<&'static Form>,
    /// What they are called in the street.
    pub(crate) street_name: Option<&'static str>,
    pub(crate) origin: &'static str,
    /// `f` or `m`.
    pub(crate) sex: char,
    pub(crate) born: Date,
    pub(crate) household: usize,
    pub(crate) street: usize,
    pub(crate) house: u16,
    /// Where they lived before, and the year they moved.
    pub(crate) before: Option<(usize, u16, i16)>,
    pub(crate) phones: Vec<String>,
}

impl Person {
    /// Whole years on a day; 0 before birth.
    pub(crate) fn age(&self, day: Date) -> i16 {
        let birthday = (day.month(), day.day()) >= (self.born.month(), self.born.day());
        (day.year() - self.born.year() - i16::from(!birthday)).max(0)
    }

    /// Street and house on a day.
    pub(crate) fn home(&self, day: Date) -> (usize, u16) {
        match self.before {
            Some((street, house, moved)) if day.year() < moved => (street, house),
            _ => (self.street, self.house),
        }
    }
}

/// Where the names come from, with weights.
const ORIGINS: [(&str, f64); 7] =
    [("british", 76.0), ("irish", 5.0), ("south_asian", 8.0), ("polish", 3.5), ("chinese", 1.5), ("arabic", 3.0), ("west_african", 3.0)];

fn given(random: &mut Random, origin: &str, sex: char, born: Date) -> Option<&'static Form> {
    let years = match born.year() {
        ..1962 => 'o',
        1962..1992 => 'm',
        _ => 'y',
    };
    let fits = |given: &&Given| given.origin == origin && given.sex == sex && (given.years == years || given.years == 'a');
    let groups: Vec<&'static Given> = tables().given.iter().filter(fits).collect();
    random.pick(&groups).and_then(|group| random.pick(&group.forms))
}

fn surname(random: &mut Random, origin: &str) -> Option<&'static Form> {
    let (_, forms) = tables().surnames.iter().find(|(of, _)| *of == origin)?;
    // Common names stand first.
    let at = random.unit().powf(1.4) * forms.len() as f64;
    forms.get(at as usize)
}

/// Somebody of `age` at `today`, in a household.
fn person(random: &mut Random, today: Date, age: i64, sex: char, home: &Home) -> Option<Person> {
    let born = today.saturating_sub((age * 365 + age / 4 + random.between(0, 364)).days());
    let given = given(random, home.origin, sex, born)?;
    let middle = if random.chance(0.35) { self::given(random, home.origin, sex, born) } else { None };
    let mut phones = Vec::new();
    if age >= 12 && random.chance(0.6) {
        phones.push(format!("07700 900{:03}", random.below(1000)));
    }
    phones.extend(home.landline.clone());
    let street_name =
        if sex == 'm' && (14..30).contains(&age) && random.chance(0.18) { random.pick(&tables().street_names).copied() } else { None };
    Some(Person {
        given,
        middle: middle.filter(|middle| middle.name != given.name),
        family: home.family,
        former: None,
        street_name,
        origin: home.origin,
        sex,
        born,
        household: home.number,
        street: home.street,
        house: home.house,
        before: home.before,
        phones,
    })
}

struct Home {
    number: usize,
    origin: &'static str,
    family: &'static Form,
    street: usize,
    house: u16,
    before: Option<(usize, u16, i16)>,
    landline: Option<String>,
}

/// Everybody. `homes` are running totals of how many live on each street.
pub(crate) fn population(seed: u64, today: Date, homes: &[f64]) -> Vec<Person> {
    let mut random = Random::new(seed, "people", 0);
    let mut people = Vec::with_capacity(POPULATION + 6);
    let mut taken = std::collections::HashSet::new();
    let mut number = 0;
    while people.len() < POPULATION && number < POPULATION {
        number += 1;
        let origin = ORIGINS.get(random.weighted(&ORIGINS.map(|(_, weight)| weight))).map_or("british", |(origin, _)| origin);
        let (street, house) = (random.by_totals(homes), random.between(1, HOUSES.into()) as u16);
        let Some(family) = surname(&mut random, origin) else { continue };
        if !taken.insert((street, house)) {
            continue;
        }
        let before = random
            .chance(0.2)
            .then(|| (random.by_totals(homes), random.between(1, HOUSES.into()) as u16, today.year() - random.between(0, 3) as i16));
        let landline = random.chance(0.4).then(|| format!("01632 960{:03}", random.below(1000)));
        household(&mut random, today, &Home { number, origin, family, street, house, before, landline }, &mut people);
    }
    people.truncate(POPULATION);
    people
}

fn household(random: &mut Random, today: Date, home: &Home, people: &mut Vec<Person>) {
    let (youngest, oldest, children) = match random.below(20) {
        0..=4 => (62, 92, 0),
        5..=14 => (27, 50, random.between(1, 3)),
        _ => (18, 40, 0),
    };
    let age = random.between(youngest, oldest);
    let sex = if random.chance(0.55) { 'f' } else { 'm' };
    people.extend(person(random, today, age, sex, home));
    if random.chance(0.6) {
        let other = if sex == 'f' { 'm' } else { 'f' };
        let age = (age + random.between(-4, 4)).max(18);
        people.extend(person(random, today, age, other, home));
    }
    // The wife's name before marriage.
    let adults = people.iter_mut().rev().take_while(|person| person.household == home.number);
    for wife in adults.filter(|person| person.sex == 'f' && person.age(today) > 22) {
        if random.chance(0.4) {
            wife.former = surname(random, home.origin).filter(|former| former.name != wife.family.name);
        }
    }
    for _ in 0..children {
        let sex = if random.chance(0.5) { 'f' } else { 'm' };
        let age = random.between(0, (age - 18).clamp(1, 22));
        people.extend(person(random, today, age, sex, home));
    }
}
