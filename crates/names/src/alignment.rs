//! Which part of the query stands for which part of a recorded name: the cheapest assignment.

use crate::{
    Rule,
    analysis::{self, MOST_PARTS, Slot},
    pairing::{INITIAL, JOINED, Pair, Probe},
    scoring,
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

/// How much better a given name is than none that has the first letter of the one asked for, or the first two or three.
pub(crate) const BEGINS_ALIKE: [f32; 3] = [1.0, 2.0, 3.0];

/// A row that fits nothing.
pub(crate) const NO_FIT: Row = [None; MOST_PROBES];

/// The query parts that a recorded part is the first or the second half of, a bit each.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Halves {
    pub(crate) first: u8,
    pub(crate) second: u8,
}

/// A recorded part as the assignment sees it.
#[derive(Clone, Copy)]
pub(crate) struct Seat<'a> {
    pub(crate) text: &'a str,
    pub(crate) slot: Slot,
    /// A small word in front of a family name.
    pub(crate) particle: bool,
    pub(crate) halves: Halves,
    row: Row,
}

/// The parts of one recorded name.
#[derive(Default)]
pub(crate) struct Seats<'a> {
    pub(crate) seats: Vec<Seat<'a>>,
    /// Neighbouring parts as one word: where the first stands, and how the word fits each probe.
    joined: Vec<(usize, Row)>,
}

impl<'a> Seats<'a> {
    pub(crate) fn clear(&mut self) {
        self.seats.clear();
        self.joined.clear();
    }

    pub(crate) fn push(&mut self, text: &'a str, slot: Slot, row: Row, halves: Halves) {
        let particle = slot != Slot::Given && analysis::is_particle(text);
        self.seats.push(Seat { text, slot, particle, halves, row });
    }

    pub(crate) fn push_joined(&mut self, at: usize, row: Row) {
        // The O of O Brien is nobody's initial.
        if let Some(seat) = self.seats.get_mut(at).filter(|seat| seat.text.len() == 1) {
            seat.row = NO_FIT;
        }
        self.joined.push((at, row));
    }

    /// Query parts that are two recorded parts run together: neighbours, or given and family name in either order.
    fn run_together(&self, texts: &[Probe]) -> Vec<RunTogether> {
        let mut found = Vec::new();
        for (at, row) in &self.joined {
            for (part, pair) in row.iter().enumerate().take(texts.len()) {
                if let Some(Pair { cost, .. }) = pair
                    && at + 1 < self.seats.len()
                {
                    found.push(RunTogether { part, at: *at, then: at + 1, pair: Pair::of(JOINED + cost, Rule::Joined) });
                }
            }
        }
        for (at, first) in self.seats.iter().enumerate().filter(|(_, seat)| seat.halves.first != 0) {
            for (then, second) in self.seats.iter().enumerate().filter(|(then, _)| *then != at) {
                let whole_name = matches!((first.slot, second.slot), (Slot::Given, Slot::Family) | (Slot::Family, Slot::Given));
                if then != at + 1 && !whole_name {
                    continue;
                }
                let both = first.halves.first & second.halves.second;
                let length = first.text.len() + second.text.len();
                for part in (0..texts.len()).filter(|part| both >> part & 1 != 0 && texts[*part].text().len() == length) {
                    found.push(RunTogether { part, at, then, pair: Pair::of(JOINED, Rule::Joined) });
                }
            }
        }
        found
    }
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
    probes: &'a [Probe],
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
pub(crate) fn align(seats: &Seats<'_>, probes: &[Probe], missing: &[f32], worth: &[f32], initials: &[Option<u8>]) -> Alignment {
    let parts = missing.len();
    let splits = &seats.run_together(&probes[..parts]);
    let seats = &seats.seats;
    let none = [Choice::Missing; MOST_PARTS];
    let best = Alignment { cost: f32::MAX, choices: none, used: 0 };
    let mut search = Search { seats, probes, splits, missing, worth, initials, parts, steps: 0, now: none, best };
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
    /// How it fits a query part. What only begins alike is compared here: no list of parts would hold all that do.
    fn fit(&self, asked: &Asked<'_>) -> Option<Pair> {
        match asked.initial {
            // Only given names are called by their ends.
            None if self.row[asked.part].is_some_and(|pair| pair.rule != Rule::Ending || self.slot != Slot::Family) => {
                // The Al of al Hassan is nobody's given name, and tells no more than a particle.
                let more = if self.particle && asked.is_first { (asked.worth - scoring::PARTICLE).max(0.0) } else { 0.0 };
                self.row[asked.part].map(|pair| pair.in_slot(self.slot).dearer(more))
            }
            None => self.begins_alike(asked),
            Some(letter) if self.text.as_bytes() == [letter] => Some(Pair::of(0.0, Rule::Exact)),
            Some(letter) if self.text.as_bytes().first() == Some(&letter) => Some(Pair::of(INITIAL, Rule::Initial)),
            Some(_) => None,
        }
    }

    /// A given name that begins like the one asked for may be a form of it that no table has.
    fn begins_alike(&self, asked: &Asked<'_>) -> Option<Pair> {
        if self.slot != Slot::Given || self.text.len() < 2 {
            return None;
        }
        let alike = self.text.bytes().zip(asked.text.bytes()).take(BEGINS_ALIKE.len()).take_while(|(a, b)| a == b).count();
        let better = BEGINS_ALIKE[alike.checked_sub(1)?];
        Some(Pair::of(asked.missing + asked.worth - better, Rule::BeginsAlike))
    }
}

/// A query part as the assignment sees it.
struct Asked<'a> {
    part: usize,
    text: &'a str,
    initial: Option<u8>,
    missing: f32,
    worth: f32,
    /// The first of several.
    is_first: bool,
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
        let asked = Asked {
            part,
            text: self.probes[part].text(),
            initial: self.initials[part],
            missing: self.missing[part],
            worth: self.worth[part],
            is_first: part == 0 && self.parts > 1,
        };
        for at in 0..self.seats.len() {
            if used & (1 << at) != 0 {
                continue;
            }
            let seat = &self.seats[at];
            if let Some(pair) = seat.fit(&asked) {
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

/// The least that a recorded part in `slot` costs by where it stands, whether it stands for query part `part` alone or for a
/// neighbour too.
pub(crate) fn misplaced_at_least(part: usize, parts: usize, slot: Slot) -> f32 {
    let alone = misplaced(part, part, parts, slot);
    let with_next = if part + 1 < parts { misplaced(part, part + 1, parts, slot) } else { alone };
    let with_previous = part.checked_sub(1).map_or(alone, |before| misplaced(before, part, parts, slot));
    alone.min(with_next).min(with_previous)
}

/// Cost of query parts `from..=to` of `parts` standing for a recorded part in `slot`.
pub(crate) fn misplaced(from: usize, to: usize, parts: usize, slot: Slot) -> f32 {
    let (first, last) = (from == 0, to + 1 == parts);
    match (slot, first, last) {
        // A lone word is as often the family name as the given name.
        (Slot::Given | Slot::Family, true, true) => 0.0,
        (Slot::Given, true, false) | (Slot::Family, false, true) | (Slot::Middle, false, false) => 0.0,
        (Slot::Given, false, true) | (Slot::Family, true, false) => 1.2,
        (Slot::Given, false, false) => 0.8,
        (Slot::Family, false, false) => 0.3,
        // A middle name used as the first name is common; as a family name it is not.
        (Slot::Middle, true, _) => 2.0,
        (Slot::Middle, false, true) => 3.0,
    }
}
