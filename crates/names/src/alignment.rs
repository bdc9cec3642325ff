//! Which part of the query stands for which part of a recorded name: the cheapest assignment.

use crate::{
    Rule,
    analysis::{MOST_PARTS, Slot},
    pairing::{INITIAL, JOINED, Pair},
};

/// Query parts, then neighbouring query parts joined.
pub(crate) const MOST_PROBES: usize = 2 * MOST_PARTS - 1;

/// How one recorded part fits each probe.
pub(crate) type Row = [Option<Pair>; MOST_PROBES];

/// A query part that is two recorded parts run together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunTogether {
    pub(crate) part: usize,
    pub(crate) at: usize,
    pub(crate) then: usize,
    pub(crate) pair: Pair,
}

/// A row that fits nothing.
pub(crate) const NO_FIT: Row = [None; MOST_PROBES];

/// A recorded part as the assignment sees it.
#[derive(Clone, Copy)]
pub(crate) struct Seat<'a> {
    pub(crate) text: &'a str,
    pub(crate) slot: Slot,
    pub(crate) row: &'a Row,
}

/// What became of a query part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Choice {
    /// Nothing in the record stands for it.
    Missing,
    /// Recorded part `at`.
    One { at: usize, pair: Pair },
    /// Recorded parts `at` and `then`, written as one word in the query.
    Split { at: usize, then: usize, pair: Pair },
    /// Recorded part `at` stands for this query part and the next.
    Joined { at: usize, pair: Pair },
    /// Taken care of by the query part before.
    WithPrevious,
}

/// The cheapest assignment found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Alignment {
    pub(crate) cost: f32,
    pub(crate) choices: [Choice; MOST_PARTS],
    /// Recorded parts used, a bit each.
    pub(crate) used: u32,
}

/// Steps after which the best assignment so far is taken: names made of one repeated part would take for ever.
const MOST_STEPS: u32 = 4_000;

struct Search<'a> {
    seats: &'a [Seat<'a>],
    splits: &'a [RunTogether],
    missing: &'a [f32],
    worth: &'a [f32],
    initials: &'a [Option<u8>],
    parts: usize,
    steps: u32,
    now: [Choice; MOST_PARTS],
    best: Alignment,
}

/// Assigns `missing.len()` query parts to `seats`. `worth` is what finding a part is worth beside not costing what a
/// missing one does; `initials` has the letter of each query part that is only one.
pub(crate) fn align(seats: &[Seat<'_>], splits: &[RunTogether], missing: &[f32], worth: &[f32], initials: &[Option<u8>]) -> Alignment {
    let parts = missing.len();
    let none = [Choice::Missing; MOST_PARTS];
    let best = Alignment { cost: f32::MAX, choices: none, used: 0 };
    let mut search = Search { seats, splits, missing, worth, initials, parts, steps: 0, now: none, best };
    search.place(0, 0, 0.0);
    let mut best = search.best;
    for (choice, worth) in best.choices.iter().zip(worth) {
        if *choice == Choice::Missing {
            best.cost -= worth;
        }
    }
    best
}

impl Seat<'_> {
    /// How it fits query part `part`. Initials are compared here: no list of parts would hold all that begin with one.
    fn fit(&self, part: usize, initial: Option<u8>) -> Option<Pair> {
        match initial {
            None => self.row[part],
            Some(letter) if self.text.as_bytes() == [letter] => Some(Pair { cost: 0.0, rule: Rule::Exact }),
            Some(letter) if self.text.as_bytes().first() == Some(&letter) => Some(Pair { cost: INITIAL, rule: Rule::Initial }),
            Some(_) => None,
        }
    }
}

impl Search<'_> {
    fn place(&mut self, part: usize, used: u32, cost: f32) {
        self.steps += 1;
        if cost >= self.best.cost || (self.steps > MOST_STEPS && self.best.cost < f32::MAX) {
            return;
        }
        if part >= self.parts {
            self.best = Alignment { cost, choices: self.now, used };
            return;
        }
        for at in 0..self.seats.len() {
            if used & (1 << at) != 0 {
                continue;
            }
            let seat = self.seats[at];
            if let Some(pair) = seat.fit(part, self.initials[part]) {
                self.now[part] = Choice::One { at, pair };
                let cost = cost + pair.cost + misplaced(part, part, self.parts, seat.slot);
                self.place(part + 1, used | (1 << at), cost);
            }
            if part + 1 < self.parts
                && let Some(pair) = seat.row[self.parts + part]
            {
                self.now[part] = Choice::Joined { at, pair };
                self.now[part + 1] = Choice::WithPrevious;
                let cost = cost + JOINED + pair.cost + misplaced(part, part + 1, self.parts, seat.slot);
                self.place(part + 2, used | (1 << at), cost);
            }
        }
        for RunTogether { at, then, pair, .. } in self.splits.iter().filter(|split| split.part == part).copied() {
            let both = 1 << at | 1 << then;
            if used & both == 0 {
                self.now[part] = Choice::Split { at, then, pair };
                let place = |seat: usize| misplaced(part, part, self.parts, self.seats[seat].slot);
                self.place(part + 1, used | both, cost + pair.cost + place(at).min(place(then)));
            }
        }
        self.now[part] = Choice::Missing;
        self.place(part + 1, used, cost + self.missing[part] + self.worth[part]);
    }
}

/// Cost of query parts `from..=to` of `parts` standing for a recorded part in `slot`.
pub(crate) fn misplaced(from: usize, to: usize, parts: usize, slot: Slot) -> f32 {
    let (first, last) = (from == 0, to + 1 == parts);
    match (slot, first, last) {
        // A lone word is as often the family name as the given name.
        (Slot::Given | Slot::Family, true, true) => 0.0,
        (Slot::Given, true, false) | (Slot::Family, false, true) | (Slot::Middle, false, false) => 0.0,
        (Slot::Given, false, true) | (Slot::Family, true, false) => 1.5,
        (Slot::Given, false, false) => 0.8,
        (Slot::Family, false, false) => 0.3,
        // A middle name used as the first name is common; as a family name it is not.
        (Slot::Middle, true, _) => 2.0,
        (Slot::Middle, false, true) => 3.0,
    }
}
