//! Short and pet forms, other spellings, and names of the same origin, of given names: our own versioned table, `data/nicknames.tsv`.

use crate::{
    index::Vocabulary,
    sounds::Sounds,
    spelling::{Letters, Pattern},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

const TABLE: &str = include_str!("../data/nicknames.tsv");

/// Another spelling of the same name: Mohammed, Muhammad.
const SPELLING: f32 = 1.7;
/// A short form for the full one, or the other way round: Bill, William.
pub(crate) const SHORT: f32 = 2.7;
/// What each place further on in its line costs beside that, and the most of it: lines begin with what is most usual.
const LESS_USUAL: f32 = 0.1;
const LEAST_USUAL: f32 = 0.8;
/// What the full name costs more where it is spelled in another way than the table has its short form: Abbie, Abbigail.
const SPELLED_OTHERWISE: f32 = 0.8;
/// Two short forms of one name: Bill, Will.
const BOTH_SHORT: f32 = 4.2;
/// Two names that have a short form in common, and may have nothing else: Albert, Robert.
const SHARED_SHORT: f32 = 6.0;

/// A name of the same origin, in another language or grown apart: John, Giovanni; and two such names by way of a third.
const KIN: f32 = 3.5;
const BOTH_KIN: f32 = 4.5;

/// A pet name with another ending than the table has.
const ENDED_OTHERWISE: f32 = 0.5;

/// Another form of a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Form {
    pub(crate) name: &'static str,
    pub(crate) letters: Letters,
    /// What it costs to meet it instead.
    pub(crate) cost: f32,
}

/// Other forms of a name, with the cost of meeting each instead.
pub(crate) type Forms = FxHashMap<&'static str, f32>;

static FORMS: LazyLock<FxHashMap<&'static str, Box<[Form]>>> = LazyLock::new(|| {
    let one = |(name, cost): (&'static str, f32)| Form { name, letters: Letters::of(name), cost };
    read().into_iter().map(|(name, forms)| (name, forms.into_iter().map(one).collect())).collect()
});

/// Version of the table, from its first line.
pub(crate) fn version() -> &'static str {
    TABLE.lines().next().and_then(|line| line.rsplit(' ').next()).unwrap_or_default()
}

/// Other forms of `name`.
pub(crate) fn forms(name: &str) -> &'static [Form] {
    FORMS.get(name).map_or(&[], |forms| forms)
}

/// Whether the table has this as a given name, in lower case.
pub(crate) fn is_given_name(name: &str) -> bool {
    FORMS.contains_key(name)
}

/// Calls `found` with every name in the table that is one edit away from the pattern.
pub(crate) fn each_one_edit_away(pattern: &Pattern, mut found: impl FnMut(&'static str)) {
    let (vocabulary, names) = &*NAMES;
    vocabulary.each_within(pattern, 1, |number, _| found(names[number as usize]));
}

static NAMES: LazyLock<(Vocabulary, Vec<&'static str>)> = LazyLock::new(|| {
    let mut names: Vec<&'static str> = FORMS.keys().copied().collect();
    names.sort_unstable();
    (Vocabulary::of(names.iter().map(|name| (*name, Sounds::default()))), names)
});

/// Lines are `short<TAB>name<TAB>forms…`, `spelling<TAB>name<TAB>spellings…` or `kin<TAB>name<TAB>names of the same origin…`.
fn read() -> FxHashMap<&'static str, Forms> {
    let mut direct = FxHashMap::default();
    let mut short_of = FxHashSet::default();
    let mut kin = Vec::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let (Some(kind), Some(name), Some(others)) = (columns.next(), columns.next(), columns.next()) else { continue };
        let others: Vec<&'static str> = others.split(' ').filter(|other| !other.is_empty()).collect();
        if kind == "kin" {
            kin.push((name, others));
        } else if kind == "spelling" {
            let all: Vec<&'static str> = std::iter::once(name).chain(others.iter().copied()).collect();
            for one in &all {
                for other in &all {
                    insert(&mut direct, one, other, SPELLING);
                }
            }
        } else {
            for (at, other) in others.into_iter().enumerate() {
                let cost = SHORT + LEAST_USUAL.min(LESS_USUAL * at as f32);
                short_of.insert((other, name));
                insert(&mut direct, name, other, cost);
                insert(&mut direct, other, name, cost);
            }
        }
    }
    // One step further: short forms of the same name, names of the same short form, and short forms of other spellings.
    let mut forms = direct.clone();
    for (name, near) in &direct {
        for (middle, first) in near {
            for (far, second) in direct.get(middle).into_iter().flatten() {
                let cost = if *first < SHORT && *second < SHORT {
                    first + second
                } else if *first < SHORT || *second < SHORT {
                    first + second - SPELLING + SPELLED_OTHERWISE
                } else if short_of.contains(&(*middle, *name)) && short_of.contains(&(*middle, *far)) {
                    SHARED_SHORT
                } else {
                    BOTH_SHORT + (first + second - 2.0 * SHORT)
                };
                insert(&mut forms, name, far, cost);
            }
        }
    }
    for (name, others) in kin {
        for (at, one) in others.iter().enumerate() {
            insert(&mut forms, name, one, KIN);
            insert(&mut forms, one, name, KIN);
            for other in others.iter().skip(at + 1) {
                insert(&mut forms, one, other, BOTH_KIN);
                insert(&mut forms, other, one, BOTH_KIN);
            }
        }
    }
    with_other_endings(&mut forms);
    forms
}

/// Pet names end as the writer likes: Nicky, Nickie, Nicki.
const ENDINGS: [&str; 5] = ["y", "ie", "i", "ey", "ee"];

/// Adds each pet name in its other endings, as another spelling of it.
fn with_other_endings(forms: &mut FxHashMap<&'static str, Forms>) {
    let mut variants: Vec<(&'static str, &'static str)> = Vec::new();
    for name in forms.keys().filter(|name| name.len() >= 4) {
        let Some(stem) = ENDINGS.iter().rev().find_map(|ending| name.strip_suffix(ending)) else { continue };
        let others = ENDINGS.iter().map(|ending| format!("{stem}{ending}")).filter(|other| !forms.contains_key(other.as_str()));
        variants.extend(others.map(|other| (*name, &*Box::leak(other.into_boxed_str()))));
    }
    variants.sort_unstable();
    for (name, variant) in variants {
        let of_name: Vec<(&'static str, f32)> = forms.get(name).into_iter().flatten().map(|(other, cost)| (*other, *cost)).collect();
        for (other, cost) in of_name.into_iter().chain([(name, SPELLING)]) {
            let cost = if other == name { cost } else { cost + ENDED_OTHERWISE };
            insert(forms, variant, other, cost);
            insert(forms, other, variant, cost);
        }
    }
}

fn insert(forms: &mut FxHashMap<&'static str, Forms>, from: &'static str, to: &'static str, cost: f32) {
    if from != to {
        let known = forms.entry(from).or_default().entry(to).or_insert(cost);
        *known = known.min(cost);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn works_both_ways_and_through_the_full_form() {
        let cost = |a: &str, b: &str| forms(a).iter().find(|form| form.name == b).map(|form| form.cost);
        assert_eq!(cost("bill", "william"), Some(SHORT));
        assert_eq!(cost("william", "bill"), Some(SHORT));
        assert!(cost("bill", "william") < cost("wilkie", "william"), "the less usual, the dearer");
        let two_places_on = BOTH_SHORT + 2.0 * LESS_USUAL;
        assert!(cost("bill", "will").is_some_and(|cost| (cost - two_places_on).abs() < 1e-4), "Will is the third in the line of William");
        assert!(cost("jake", "jakob").is_some_and(|cost| (cost - SHORT - SPELLED_OTHERWISE).abs() < 1e-4), "of Jacob, spelled otherwise");
        assert_eq!(cost("albert", "robert"), Some(SHARED_SHORT));
        assert_eq!(cost("eudora", "pandora"), Some(SHARED_SHORT));
        assert_eq!(cost("mohammed", "muhammad"), Some(SPELLING));
        assert_eq!(cost("ettore", "hector"), Some(KIN));
        assert_eq!(cost("bill", "margaret"), None);
    }

    #[test]
    fn every_pair_stands_both_ways() {
        let table = read();
        for (name, others) in &table {
            for (other, cost) in others {
                assert_eq!(table[other].get(name), Some(cost), "{name} {other}");
            }
        }
    }

    #[test]
    fn table_is_clean_and_large_enough() {
        assert!(TABLE.starts_with('#'));
        assert!(!version().is_empty());
        let mut pairs = 0;
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(columns.len(), 3, "{line}");
            assert!(matches!(columns[0], "short" | "spelling" | "kin"), "{line}");
            assert!(line.bytes().all(|b| b.is_ascii_lowercase() || b == b'\t' || b == b' '), "{line}");
            pairs += columns[2].split(' ').count();
        }
        assert!(pairs >= 400, "{pairs}");
    }
}
