//! The data files, read once. A line that cannot be read is left out; a test counts that none is.

use model::{Problems, place};
use std::sync::LazyLock;

const STREETS: &str = include_str!("../data/streets.txt");
const GIVEN: &str = include_str!("../data/given_names.txt");
const SURNAMES: &str = include_str!("../data/surnames.txt");
const UNNAMED: &str = include_str!("../data/unnamed.txt");
const PREMISES: &str = include_str!("../data/premises.txt");
const VEHICLES: &str = include_str!("../data/vehicles.txt");
const STREET_NAMES: &str = include_str!("../data/street_names.txt");

/// A street.
#[derive(Debug)]
pub(crate) struct Street {
    pub(crate) area: &'static str,
    pub(crate) name: &'static str,
    pub(crate) easting: f64,
    pub(crate) northing: f64,
    pub(crate) postcode: &'static str,
    /// `r` homes, `s` shops, `p` park, `i` main road or industry, `x` planted stories only.
    pub(crate) kind: char,
}

/// A name, with other forms of it.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) name: &'static str,
    pub(crate) others: Vec<&'static str>,
}

/// Given names of one origin, sex and time.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) origin: &'static str,
    pub(crate) sex: char,
    /// `o`, `m`, `y` or `a`: see the file.
    pub(crate) years: char,
    pub(crate) forms: Vec<Form>,
}

/// People nobody could name.
#[derive(Debug)]
pub(crate) struct Nameless {
    pub(crate) kind: &'static str,
    pub(crate) fewest: i64,
    pub(crate) most: i64,
    pub(crate) description: &'static str,
}

/// All of them.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) streets: Vec<Street>,
    pub(crate) given: Vec<Given>,
    /// Surnames by origin.
    pub(crate) surnames: Vec<(&'static str, Vec<Form>)>,
    pub(crate) unnamed: Vec<Nameless>,
    /// Kind and name.
    pub(crate) premises: Vec<(&'static str, &'static str)>,
    /// Kind and description.
    pub(crate) vehicles: Vec<(&'static str, &'static str)>,
    pub(crate) street_names: Vec<&'static str>,
}

/// The tables.
pub(crate) fn tables() -> &'static Tables {
    static TABLES: LazyLock<Tables> = LazyLock::new(read);
    &TABLES
}

/// The lines that are not remarks.
pub(crate) fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn letter(text: &str) -> Option<char> {
    let mut letters = text.chars();
    letters.next().filter(|_| letters.next().is_none())
}

fn street(line: &'static str) -> Option<Street> {
    let fields: Vec<&'static str> = line.split('|').collect();
    let &[area, name, easting, northing, postcode, kind] = fields.as_slice() else { return None };
    place::postcode(postcode).filter(|standard| standard == postcode)?;
    Some(Street { area, name, easting: easting.parse().ok()?, northing: northing.parse().ok()?, postcode, kind: letter(kind)? })
}

/// `Margaret=Maggie,Peggy Jean`: names by blanks. A name with a blank in it is written among the other forms only.
fn forms(text: &'static str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let (name, others) = word.split_once('=').unwrap_or((word, ""));
        forms.push(Form { name, others: others.split(',').filter(|other| !other.is_empty() && *other != name).collect() });
    }
    forms
}

fn given(line: &'static str) -> Option<Given> {
    let fields: Vec<&'static str> = line.split('|').collect();
    let &[origin, sex, years, names] = fields.as_slice() else { return None };
    Some(Given { origin, sex: letter(sex)?, years: letter(years)?, forms: forms(names) })
}

fn nameless(line: &'static str) -> Option<Nameless> {
    let fields: Vec<&'static str> = line.split('|').collect();
    let &[kind, fewest, most, description] = fields.as_slice() else { return None };
    let mut problems = Problems::default();
    problems.text("description", description, 500);
    problems.into_result().ok()?;
    Some(Nameless { kind, fewest: fewest.parse().ok()?, most: most.parse().ok()?, description })
}

fn read() -> Tables {
    Tables {
        streets: lines(STREETS).filter_map(street).collect(),
        given: lines(GIVEN).filter_map(given).collect(),
        surnames: lines(SURNAMES).filter_map(|line| line.split_once('|')).map(|(origin, names)| (origin, forms(names))).collect(),
        unnamed: lines(UNNAMED).filter_map(nameless).collect(),
        premises: lines(PREMISES).filter_map(|line| line.split_once('|')).collect(),
        vehicles: lines(VEHICLES).filter_map(|line| line.split_once('|')).collect(),
        street_names: lines(STREET_NAMES).flat_map(|line| line.split(' ')).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_line_is_read() {
        let tables = tables();
        assert_eq!(tables.streets.len(), lines(STREETS).count());
        assert_eq!(tables.given.len(), lines(GIVEN).count());
        assert_eq!(tables.surnames.len(), lines(SURNAMES).count());
        assert_eq!(tables.unnamed.len(), lines(UNNAMED).count());
        assert_eq!(tables.premises.len(), lines(PREMISES).count());
        assert_eq!(tables.vehicles.len(), lines(VEHICLES).count());
    }

    #[test]
    fn each_street_has_a_postcode_of_its_own_in_its_own_town() {
        let mut seen = HashSet::new();
        for street in &tables().streets {
            assert!(seen.insert(street.postcode), "{}", street.postcode);
            let right: &[&str] = match street.area {
                "Middlesbrough West" => &["TS5 "],
                "Yarm" => &["TS15 ", "TS16 "],
                "Eaglescliffe" => &["TS16 ", "TS18 "],
                "Billingham Town Centre" | "Low Grange" | "Billingham South" | "Wolviston Court" => &["TS22 ", "TS23 "],
                "Thornaby" | "Mandale" | "Village Thornaby" | "Ingleby Barwick" => &["TS17 "],
                _ => &["TS17 ", "TS18 ", "TS19 ", "TS20 ", "TS21 "],
            };
            assert!(right.iter().any(|outward| street.postcode.starts_with(outward)), "{street:?}");
            assert!((437_000.0..449_000.0).contains(&street.easting) && (508_000.0..528_000.0).contains(&street.northing), "{street:?}");
            assert!("rspix".contains(street.kind), "{street:?}");
        }
    }
}
