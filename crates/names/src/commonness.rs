//! How common a name is in the United Kingdom: our own rough, versioned table, `data/common-names.tsv`.
//!
//! It is a table and not a count over the index, because a count would tell of records the caller may not see.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

const TABLE: &str = include_str!("../data/common-names.tsv");

/// What a name not in the table tells: about one person in eight thousand bears it.
const UNCOMMON: f32 = 9.0;

static TOLD: LazyLock<FxHashMap<&'static str, f32>> = LazyLock::new(|| {
    let mut told = FxHashMap::default();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let rate = columns.next().and_then(|rate| rate.parse::<f32>().ok());
        let (Some(rate), Some(names)) = (rate, columns.next()) else { continue };
        let told_here = -(rate / 10_000.0).ln();
        for name in names.split(' ') {
            let known = told.entry(name).or_insert(told_here);
            *known = known.min(told_here);
        }
    }
    told
});

/// Version of the table, from its first line.
pub(crate) fn version() -> &'static str {
    TABLE.lines().next().and_then(|line| line.rsplit(' ').next()).unwrap_or_default()
}

/// What it tells that two people share this name part: minus the logarithm of its rate, higher for rarer names.
pub(crate) fn told_by(part: &str) -> f32 {
    TOLD.get(part).copied().unwrap_or(UNCOMMON).clamp(3.0, UNCOMMON)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rarer_names_tell_more() {
        assert!(told_by("smith") < told_by("wheatley"));
        assert!(told_by("john") < told_by("smith") + 2.0);
        assert_eq!(told_by("xqzt"), UNCOMMON);
        assert!(!version().is_empty());
    }
}
