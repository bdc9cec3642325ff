//! How common a name is in the United Kingdom: our own rough, versioned table, `data/common-names.tsv`.
//!
//! It is a table and not a count over the index, because a count would tell of records the caller may not see.

use crate::{
    index::Vocabulary,
    pairing::{self, Probe},
    sounds::Sounds,
};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

const TABLE: &str = include_str!("../data/common-names.tsv");

/// What a name not in the table tells: about one person in eight thousand bears it.
const UNCOMMON: f32 = 9.0;
/// What a letter in front of a name tells.
const INITIAL: f32 = 2.3;

/// The names of the table, and minus the logarithm of the rate of each.
static COMMON: LazyLock<(Vocabulary, Vec<f32>)> = LazyLock::new(|| {
    let mut told: FxHashMap<&'static str, f32> = FxHashMap::default();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let rate = columns.next().and_then(|rate| rate.parse::<f32>().ok());
        let (Some(rate), Some(names)) = (rate, columns.next()) else { continue };
        for name in names.split(' ') {
            let told_here = -(rate / 10_000.0).ln();
            let known = told.entry(name).or_insert(told_here);
            *known = known.min(told_here);
        }
    }
    let mut names: Vec<(&str, f32)> = told.into_iter().collect();
    names.sort_unstable_by_key(|(name, _)| *name);
    (Vocabulary::of(names.iter().map(|(name, _)| (*name, Sounds::of(name)))), names.iter().map(|(_, told)| *told).collect())
});

/// Version of the table, from its first line.
pub(crate) fn version() -> &'static str {
    TABLE.lines().next().and_then(|line| line.rsplit(' ').next()).unwrap_or_default()
}

/// What it tells that somebody bears a name written like this: minus the logarithm of the chance that anybody else's would be,
/// slips included. Higher for rarer names.
pub(crate) fn told_by(probe: &Probe) -> f32 {
    if probe.is_initial() {
        return INITIAL;
    }
    let (names, told) = &*COMMON;
    let mut chance = (-UNCOMMON).exp();
    // All of them at once, since many names are compared.
    probe.forms();
    names.each_within(&probe.pattern, probe.most_edits, |number, edits| {
        if let Some(pair) = probe.pair_knowing(names.text(number), || false, || Some(edits)) {
            chance += (-told[number as usize] - pair.cost).exp();
        }
    });
    // What stands for other names where the question is asked is as common as they are.
    for form in probe.local_forms() {
        let told = names.number(form).map_or(UNCOMMON, |number| told[number as usize]);
        chance += (-told - pairing::LOCAL_FORM).exp();
    }
    -chance.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rarer_names_tell_more() {
        let told = |name: &str| told_by(&Probe::new(name, &[]));
        assert!(told("smith") < told("wheatley"));
        assert!(told("john") < told("smith") + 2.0);
        assert!(told("smiht") < told("xqzt"), "a common name with a slip");
        assert!((told("xqzt") - UNCOMMON).abs() < 0.1);
        assert!(!version().is_empty());
    }
}
