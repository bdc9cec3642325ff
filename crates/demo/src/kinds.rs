//! What kinds of thing happen, how often, where, when, and to whom.

use crate::calendar::{AFTERNOON, BONFIRE, DAY, EVENING, Hours, LEVEL, Months, NIGHT, SUMMER};

/// Who is complained about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doer {
    /// Young people of the area.
    Youth,
    /// Another household of the street.
    Neighbour,
    /// A few adults known all over town.
    Known,
    /// Any adult of the area.
    Adult,
    /// Nobody was seen.
    Unseen,
}

/// One kind of thing.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Its word in the phrase table.
    pub(crate) key: &'static str,
    /// How common it is.
    pub(crate) weight: f64,
    /// Sets of NSIR types, with weights.
    pub(crate) types: &'static [(&'static [u16], f64)],
    /// Weights of personal, nuisance, environmental.
    pub(crate) qualifiers: [f64; 3],
    pub(crate) months: Months,
    pub(crate) hours: Hours,
    /// How much the weekend matters, 0 to 1.
    pub(crate) weekend: f64,
    /// Weights of streets with homes, shops, parks, main roads.
    pub(crate) where_: [f64; 4],
    /// Areas that have more of it, and how much more.
    pub(crate) areas: &'static [(&'static str, f64)],
    pub(crate) doer: Doer,
    /// How often whoever did it is named.
    pub(crate) named: f64,
    /// How often a person was affected at home.
    pub(crate) at_home: f64,
    /// Weights of the six agencies as recorders.
    pub(crate) agencies: [f64; 6],
}

const ORDINARY: [f64; 6] = [36.0, 40.0, 14.0, 1.0, 1.0, 3.0];

/// Every kind.
pub(crate) const KINDS: [Kind; 14] = [
    Kind {
        key: "rowdy",
        weight: 27.0,
        types: &[(&[202], 80.0), (&[202, 211], 8.0), (&[202, 209], 5.0), (&[202, 205], 5.0), (&[215], 2.0)],
        qualifiers: [22.0, 73.0, 5.0],
        months: SUMMER,
        hours: EVENING,
        weekend: 0.6,
        where_: [1.0, 1.6, 1.8, 0.4],
        areas: &[("Stockton Town Centre", 1.6), ("Hardwick", 1.4), ("Mandale", 1.3), ("Low Grange", 1.3), ("Yarm", 1.3)],
        doer: Doer::Youth,
        named: 0.30,
        at_home: 0.25,
        agencies: ORDINARY,
    },
    Kind {
        key: "targeted",
        weight: 7.0,
        types: &[(&[202], 60.0), (&[202, 204], 15.0), (&[214], 15.0), (&[217, 202], 2.0)],
        qualifiers: [96.0, 4.0, 0.0],
        months: LEVEL,
        hours: EVENING,
        weekend: 0.3,
        where_: [1.0, 0.2, 0.1, 0.1],
        areas: &[("Hardwick", 1.5), ("Parkfield", 1.6), ("Newtown", 1.5), ("Roseworth", 1.3)],
        doer: Doer::Youth,
        named: 0.55,
        at_home: 0.95,
        agencies: [34.0, 40.0, 22.0, 0.0, 2.0, 2.0],
    },
    Kind {
        key: "neighbours",
        weight: 15.0,
        types: &[(&[204], 78.0), (&[204, 211], 17.0), (&[204, 206], 3.0), (&[204, 205], 2.0)],
        qualifiers: [66.0, 32.0, 2.0],
        months: SUMMER,
        hours: NIGHT,
        weekend: 0.4,
        where_: [1.0, 0.15, 0.0, 0.1],
        areas: &[("Newtown", 1.4), ("Tilery", 1.3), ("Mandale", 1.3), ("Roseworth", 1.3)],
        doer: Doer::Neighbour,
        named: 0.80,
        at_home: 0.97,
        agencies: [32.0, 26.0, 38.0, 0.0, 1.0, 3.0],
    },
    Kind {
        key: "noise",
        weight: 10.0,
        types: &[(&[211], 80.0), (&[211, 204], 20.0)],
        qualifiers: [30.0, 68.0, 2.0],
        months: SUMMER,
        hours: NIGHT,
        weekend: 0.9,
        where_: [1.0, 0.6, 0.1, 0.1],
        areas: &[("Parkfield", 1.4), ("Stockton Town Centre", 1.2), ("Portrack", 1.3)],
        doer: Doer::Neighbour,
        named: 0.55,
        at_home: 0.85,
        agencies: [48.0, 18.0, 30.0, 0.0, 0.0, 4.0],
    },
    Kind {
        key: "vehicle",
        weight: 13.0,
        types: &[(&[201], 88.0), (&[201, 211], 8.0), (&[201, 202], 4.0)],
        qualifiers: [6.0, 88.0, 6.0],
        months: SUMMER,
        hours: EVENING,
        weekend: 0.4,
        where_: [0.9, 0.8, 2.2, 2.4],
        areas: &[
            ("Low Grange", 1.6),
            ("Ingleby Barwick", 1.9),
            ("Hardwick", 1.3),
            ("Mandale", 1.3),
            ("Eaglescliffe", 1.6),
            ("Portrack", 1.4),
        ],
        doer: Doer::Youth,
        named: 0.22,
        at_home: 0.05,
        agencies: [26.0, 60.0, 8.0, 2.0, 0.0, 4.0],
    },
    Kind {
        key: "abandoned",
        weight: 3.5,
        types: &[(&[200], 92.0), (&[200, 205], 8.0)],
        qualifiers: [0.0, 14.0, 86.0],
        months: LEVEL,
        hours: DAY,
        weekend: -0.3,
        where_: [1.0, 0.4, 0.8, 1.4],
        areas: &[("Portrack", 2.0), ("Newtown", 1.4)],
        doer: Doer::Unseen,
        named: 0.0,
        at_home: 0.02,
        agencies: [50.0, 18.0, 10.0, 20.0, 0.0, 2.0],
    },
    Kind {
        key: "litter",
        weight: 7.5,
        types: &[(&[205], 94.0), (&[205, 216], 2.0), (&[205, 202], 4.0)],
        qualifiers: [1.0, 18.0, 81.0],
        months: LEVEL,
        hours: DAY,
        weekend: -0.2,
        where_: [1.0, 1.0, 1.8, 0.9],
        areas: &[("Parkfield", 2.0), ("Newtown", 1.8), ("Mandale", 1.5), ("Tilery", 1.5)],
        doer: Doer::Youth,
        named: 0.12,
        at_home: 0.03,
        agencies: [58.0, 12.0, 20.0, 6.0, 0.0, 4.0],
    },
    Kind {
        key: "animal",
        weight: 3.5,
        types: &[(&[206], 90.0), (&[206, 211], 10.0)],
        qualifiers: [14.0, 78.0, 8.0],
        months: LEVEL,
        hours: DAY,
        weekend: 0.1,
        where_: [1.0, 0.2, 1.8, 0.5],
        areas: &[("Portrack", 1.5), ("Wolviston Court", 1.3)],
        doer: Doer::Neighbour,
        named: 0.4,
        at_home: 0.2,
        agencies: [62.0, 14.0, 20.0, 0.0, 0.0, 4.0],
    },
    Kind {
        key: "trespass",
        weight: 2.5,
        types: &[(&[207], 88.0), (&[207, 202], 12.0)],
        qualifiers: [18.0, 68.0, 14.0],
        months: SUMMER,
        hours: EVENING,
        weekend: 0.4,
        where_: [1.0, 0.8, 0.6, 1.5],
        areas: &[("Portrack", 1.6), ("Stockton Town Centre", 1.3)],
        doer: Doer::Youth,
        named: 0.25,
        at_home: 0.25,
        agencies: [26.0, 52.0, 12.0, 8.0, 0.0, 2.0],
    },
    Kind {
        key: "drinking",
        weight: 4.0,
        types: &[(&[209], 74.0), (&[209, 202], 22.0), (&[209, 212], 4.0)],
        qualifiers: [5.0, 90.0, 5.0],
        months: SUMMER,
        hours: AFTERNOON,
        weekend: 0.4,
        where_: [0.35, 4.0, 2.0, 0.3],
        areas: &[("Stockton Town Centre", 5.0), ("Parkfield", 2.0), ("Norton", 1.2)],
        doer: Doer::Known,
        named: 0.45,
        at_home: 0.0,
        agencies: [48.0, 46.0, 1.0, 0.0, 3.0, 2.0],
    },
    Kind {
        key: "soliciting",
        weight: 0.6,
        types: &[(&[210], 100.0)],
        qualifiers: [2.0, 68.0, 30.0],
        months: LEVEL,
        hours: NIGHT,
        weekend: 0.1,
        where_: [1.0, 0.5, 0.2, 0.8],
        areas: &[("Parkfield", 6.0), ("Newtown", 2.0)],
        doer: Doer::Unseen,
        named: 0.0,
        at_home: 0.0,
        agencies: [40.0, 56.0, 2.0, 0.0, 2.0, 0.0],
    },
    Kind {
        key: "begging",
        weight: 2.2,
        types: &[(&[212], 92.0), (&[212, 209], 8.0)],
        qualifiers: [14.0, 84.0, 2.0],
        months: LEVEL,
        hours: AFTERNOON,
        weekend: 0.0,
        where_: [0.3, 5.0, 0.2, 0.3],
        areas: &[("Stockton Town Centre", 6.0), ("Yarm", 1.4)],
        doer: Doer::Known,
        named: 0.45,
        at_home: 0.0,
        agencies: [54.0, 40.0, 0.0, 0.0, 4.0, 2.0],
    },
    Kind {
        key: "fireworks",
        weight: 3.2,
        types: &[(&[213], 72.0), (&[213, 202], 28.0)],
        qualifiers: [14.0, 80.0, 6.0],
        months: BONFIRE,
        hours: EVENING,
        weekend: 0.3,
        where_: [1.0, 0.8, 1.8, 0.4],
        areas: &[("Hardwick", 1.8), ("Roseworth", 1.6), ("Mandale", 1.5), ("Low Grange", 1.4)],
        doer: Doer::Youth,
        named: 0.16,
        at_home: 0.15,
        agencies: [28.0, 42.0, 8.0, 20.0, 0.0, 2.0],
    },
    Kind {
        key: "calls",
        weight: 1.2,
        types: &[(&[217], 100.0)],
        qualifiers: [74.0, 26.0, 0.0],
        months: LEVEL,
        hours: AFTERNOON,
        weekend: 0.0,
        where_: [1.0, 0.8, 0.0, 0.1],
        areas: &[],
        doer: Doer::Adult,
        named: 0.2,
        at_home: 0.5,
        agencies: [24.0, 56.0, 10.0, 10.0, 0.0, 0.0],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use model::vocabulary;

    #[test]
    fn every_nsir_type_happens_and_none_is_unknown() {
        let used: Vec<String> = KINDS.iter().flat_map(|kind| kind.types).flat_map(|(types, _)| types.iter()).map(u16::to_string).collect();
        assert!(used.iter().all(|code| vocabulary::current().has("nsir_types", code)), "{used:?}");
        for term in vocabulary::current().terms("nsir_types") {
            assert!(used.contains(&term.code), "{}", term.code);
        }
    }
}
