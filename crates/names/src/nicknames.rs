//! Short and pet forms, and other spellings, of given names: our own versioned table, `data/nicknames.tsv`.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

const TABLE: &str = include_str!("../data/nicknames.tsv");

/// Another spelling of the same name: Mohammed, Muhammad.
const SPELLING: f32 = 1.4;
/// A short form for the full one, or the other way round: Bill, William.
const SHORT: f32 = 2.2;
/// Two short forms of one name: Bill, Will.
const BOTH_SHORT: f32 = 3.4;

type Forms = FxHashMap<&'static str, Vec<(&'static str, f32)>>;

static FORMS: LazyLock<Forms> = LazyLock::new(read);

/// Version of the table, from its first line.
pub(crate) fn version() -> &'static str {
    TABLE.lines().next().and_then(|line| line.rsplit(' ').next()).unwrap_or_default()
}

/// Other forms of `name`, each once, with the cost of meeting it instead.
pub(crate) fn forms(name: &str) -> &'static [(&'static str, f32)] {
    FORMS.get(name).map(Vec::as_slice).unwrap_or_default()
}

/// Every name in the table.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FORMS.keys().copied()
}

/// Lines are `short<TAB>name<TAB>forms…` or `spelling<TAB>name<TAB>spellings…`.
fn read() -> Forms {
    let mut direct = Forms::default();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let (Some(kind), Some(name), Some(others)) = (columns.next(), columns.next(), columns.next()) else { continue };
        let others: Vec<&'static str> = others.split(' ').filter(|other| !other.is_empty()).collect();
        if kind == "spelling" {
            let all: Vec<&'static str> = std::iter::once(name).chain(others.iter().copied()).collect();
            for one in &all {
                for other in &all {
                    insert(&mut direct, one, other, SPELLING);
                }
            }
        } else {
            for other in others {
                insert(&mut direct, name, other, SHORT);
                insert(&mut direct, other, name, SHORT);
            }
        }
    }
    // One step further: short forms of the same name, and short forms of its other spellings.
    let mut forms = direct.clone();
    for (name, near) in &direct {
        for (middle, first) in near {
            for (far, second) in direct.get(middle).map(Vec::as_slice).unwrap_or_default() {
                let cost = if *first == SHORT && *second == SHORT { BOTH_SHORT } else { first + second };
                insert(&mut forms, name, far, cost);
            }
        }
    }
    for list in forms.values_mut() {
        list.sort_unstable_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(b.0)));
    }
    forms
}

fn insert(forms: &mut Forms, from: &'static str, to: &'static str, cost: f32) {
    if from == to {
        return;
    }
    let list = forms.entry(from).or_default();
    match list.iter_mut().find(|(name, _)| *name == to) {
        Some((_, known)) => *known = known.min(cost),
        None => list.push((to, cost)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn works_both_ways_and_through_the_full_form() {
        let cost = |a: &str, b: &str| forms(a).iter().find(|(name, _)| *name == b).map(|(_, cost)| *cost);
        assert_eq!(cost("bill", "william"), Some(SHORT));
        assert_eq!(cost("william", "bill"), Some(SHORT));
        assert_eq!(cost("bill", "will"), Some(BOTH_SHORT));
        assert_eq!(cost("mohammed", "muhammad"), Some(SPELLING));
        assert_eq!(cost("bill", "margaret"), None);
    }

    #[test]
    fn table_is_clean_and_large_enough() {
        assert!(TABLE.starts_with('#'));
        assert!(!version().is_empty());
        let mut pairs = 0;
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(columns.len(), 3, "{line}");
            assert!(matches!(columns[0], "short" | "spelling"), "{line}");
            assert!(line.bytes().all(|b| b.is_ascii_lowercase() || b == b'\t' || b == b' '), "{line}");
            pairs += columns[2].split(' ').count();
        }
        assert!(pairs >= 400, "{pairs}");
    }
}
