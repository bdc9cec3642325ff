//! A person as somebody named them that day: misspelt, shortened, half known.

use crate::{
    corrupt::{familiar, heard, mistyped, plain},
    people::Person as Someone,
    random::Random,
    streets::{address, street, uprn},
};
use jiff::civil::Date;
use model::{
    PartialDate,
    age::AgeBand,
    involvement::{Alias, Person, PersonAddress, PersonName},
};

/// How much is known of whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Knowledge {
    /// Told by the person: address and telephone more often.
    Own,
    /// Told by somebody else.
    Hearsay,
}

/// The person as named on a day; `by_ear` when it was by telephone.
pub(crate) fn named(random: &mut Random, someone: &Someone, day: Date, knowledge: Knowledge, by_ear: bool) -> Person {
    let mut person = Person { name: name(random, someone, knowledge, by_ear), ..Person::default() };
    aliases(random, someone, &mut person);
    birth(random, someone, day, &mut person);
    let (often, phone) = if knowledge == Knowledge::Own { (0.8, 0.55) } else { (0.45, 0.06) };
    if random.chance(0.75) {
        person.sex = Some(if someone.sex == 'f' { "female" } else { "male" }.to_owned());
    }
    if random.chance(often) {
        let (at, house) = someone.home(day);
        person.addresses.push(PersonAddress {
            address: Some(address(at, house)),
            postcode: street(at).map(|street| street.postcode.to_owned()),
            uprn: random.chance(0.4).then(|| uprn(at, house)),
            ..PersonAddress::default()
        });
    }
    if random.chance(phone) {
        person.phones.extend(random.pick(&someone.phones).cloned());
    }
    if knowledge == Knowledge::Own && random.chance(0.04) {
        person.safe_contact = Some(crate::phrases::any(random, "safe").to_owned());
    }
    let language = match someone.origin {
        "polish" => "Polish",
        "arabic" => "Arabic",
        "chinese" => "Cantonese",
        "south_asian" => "Urdu",
        _ => "",
    };
    if !language.is_empty() && random.chance(0.12) {
        person.language = Some(language.to_owned());
        person.interpreter = random.chance(0.4);
    }
    person
}

fn title(someone: &Someone) -> &'static str {
    match (someone.sex, someone.former) {
        ('m', _) => "Mr",
        (_, Some(_)) => "Mrs",
        _ => "Ms",
    }
}

fn name(random: &mut Random, someone: &Someone, knowledge: Knowledge, by_ear: bool) -> PersonName {
    let mut given = someone.given.name.to_owned();
    let mut family = someone.family.name.to_owned();
    let mut name = PersonName::default();
    if knowledge == Knowledge::Hearsay
        && let Some(street_name) = someone.street_name
        && random.chance(0.12)
    {
        return PersonName { full: Some(street_name.to_owned()), ..name };
    }
    let ear = if by_ear { 16.0 } else { 4.0 };
    match random.weighted(&[46.0, 14.0, ear, ear / 2.0, 8.0, 4.0, 5.0, 4.0, 4.0, 5.0, 2.0, 4.0]) {
        1 => given = familiar(random, someone.given).to_owned(),
        2 => family = heard(random, &family, &someone.family.others),
        3 => given = heard(random, &given, &someone.given.others),
        4 => family = mistyped(random, &family),
        5 => given = mistyped(random, &given),
        6 => given = given.chars().take(1).collect(),
        7 => {
            name.title = Some(title(someone).to_owned());
            given.clear();
        }
        8 => std::mem::swap(&mut given, &mut family),
        9 => name.middle = someone.middle.map(|middle| middle.name.to_owned()),
        10 => given = someone.middle.map_or(given, |middle| middle.name.to_owned()),
        11 => family = someone.former.map_or(family, |former| former.name.to_owned()),
        _ => {}
    }
    // Two slips at once happen.
    if random.chance(0.03) {
        family = mistyped(random, &family);
    }
    if random.chance(0.75) {
        (given, family) = (plain(&given), plain(&family));
    }
    if random.chance(0.1) && !given.is_empty() {
        let full = if random.chance(0.5) { format!("{}, {given}", family.to_uppercase()) } else { format!("{given} {family}") };
        return PersonName { full: Some(full), ..name };
    }
    name.given = Some(given).filter(|given| !given.is_empty());
    name.family = Some(family);
    name
}

fn aliases(random: &mut Random, someone: &Someone, person: &mut Person) {
    let mut add = |name: &str, kind: &str| {
        if person.name.full.as_deref() != Some(name) {
            person.aliases.push(Alias { name: name.to_owned(), kind: kind.to_owned() });
        }
    };
    if let Some(street_name) = someone.street_name
        && random.chance(0.18)
    {
        add(street_name, "street_name");
    }
    if let Some(former) = someone.former
        && random.chance(0.06)
    {
        add(&format!("{} {}", someone.given.name, former.name), "maiden_name");
    }
    if random.chance(0.04) {
        add(familiar(random, someone.given), "nickname");
    }
}

fn birth(random: &mut Random, someone: &Someone, day: Date, person: &mut Person) {
    let (year, month, date) = (someone.born.year(), someone.born.month(), someone.born.day());
    let recorded = match random.weighted(&[52.0, 26.0, 8.0, 4.0, 3.0, 2.0, 5.0]) {
        0 => PartialDate::new(year, Some(month), Some(date)),
        2 => PartialDate::new(year, None, None),
        // A wrong digit: of the day, the month or the year.
        3 => match random.below(3) {
            0 => PartialDate::new(year, Some(month), Some((date + 9) % 28 + 1)),
            1 => PartialDate::new(year, Some(month % 12 + 1), Some(date.min(28))),
            _ => PartialDate::new(year - 10 + random.below(2) as i16 * 9, Some(month), Some(date.min(28))),
        },
        4 => PartialDate::new(year, Some(date), Some(month)),
        5 => PartialDate::new(year, Some(month), None),
        6 => {
            let age = u8::try_from(someone.age(day)).unwrap_or(30);
            let from = age / 5 * 5;
            person.age_band = Some(AgeBand { from, to: from + 5 });
            return;
        }
        _ => return,
    };
    person.date_of_birth = recorded.ok().filter(|born| born.latest() < day && born.year() > 1910);
}
