//! How strongly a recorded name and its circumstances speak for the person asked for.
//!
//! Evidence is a sum of log-odds: each query part that is found adds, each error, misplaced, missing or extra part takes
//! away, date of birth and postcode shift it. The strength is its logistic.

use crate::{
    NamesError, Query,
    alignment::{self, Alignment, Choice, Row, RunTogether, Seat},
    analysis::{self, LONGEST_NAME, Slot},
    commonness, evidence,
    pairing::{Pair, Probe},
};

/// Evidence of a name before any part of it is compared.
const BEFORE: f32 = -1.4;
/// What the first two parts that agree add, each; an initial adds less.
const AGREES: f32 = 2.2;
const AGREES_INITIAL: f32 = 0.4;
/// What a third or later part adds.
const AGREES_FURTHER: f32 = 0.3;
/// Log-odds per unit of comparison cost.
const PER_COST: f32 = 0.35;
/// Log-odds per unit of rarity, around the middle.
const PER_RARITY: f32 = 0.1;
const MIDDLING: f32 = 6.5;

/// A query made ready for comparing.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// Query parts, then neighbouring ones joined.
    pub(crate) probes: Vec<Probe>,
    /// Number of query parts.
    pub(crate) parts: usize,
    /// Cost of each part not being found.
    pub(crate) missing: Vec<f32>,
    /// What finding each part is worth beside that, in the same units.
    pub(crate) worth: Vec<f32>,
    /// The letter of each part that is only an initial.
    pub(crate) initials: Vec<Option<u8>>,
    /// Packed date of birth, 0 when not asked for.
    pub(crate) date_of_birth: u64,
    pub(crate) postcode: Option<u64>,
}

impl Question {
    pub(crate) fn new(query: &Query) -> Result<Question, NamesError> {
        // Looking at the length first keeps ten megabytes from being taken apart.
        if query.name.len() > 4 * LONGEST_NAME || query.name.chars().count() > LONGEST_NAME {
            return Err(NamesError::QueryTooLong { length: query.name.len(), limit: LONGEST_NAME });
        }
        let parts = analysis::parts(&query.name);
        let joined = parts.windows(2).map(|pair| Probe::joined(&format!("{}{}", pair[0], pair[1])));
        let probes: Vec<Probe> = parts.iter().map(|part| Probe::new(part)).chain(joined).collect();
        let initials: Vec<Option<u8>> = probes.iter().take(parts.len()).map(Probe::initial).collect();
        let inside = |at: usize| at > 0 && at + 1 < parts.len();
        let missing = parts.iter().enumerate().map(|(at, part)| missing(part, inside(at))).collect();
        let worth = initials.iter().map(|letter| AGREES / PER_COST * letter.map_or(1.0, |_| AGREES_INITIAL)).collect();
        Ok(Question {
            probes,
            parts: parts.len(),
            missing,
            worth,
            initials,
            date_of_birth: query.date_of_birth.map(evidence::pack_date).unwrap_or(0),
            postcode: query.postcode.as_deref().and_then(evidence::pack_postcode),
        })
    }

    /// How a recorded part fits every probe.
    pub(crate) fn row(&self, recorded: &str) -> Row {
        let mut row = alignment::NO_FIT;
        for (cell, probe) in row.iter_mut().zip(&self.probes) {
            *cell = probe.pair(recorded);
        }
        row
    }

    /// Whether there is anything to look up: initials alone fit too many.
    pub(crate) fn is_searchable(&self) -> bool {
        self.probes.iter().take(self.parts).any(|probe| !probe.is_initial())
    }
}

fn missing(part: &str, inside: bool) -> f32 {
    if inside && analysis::is_particle(part) {
        0.8
    } else if part.len() == 1 {
        3.5
    } else {
        4.0 + 0.5 * commonness::told_by(part)
    }
}

/// A recorded name compared with the query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameScore {
    pub(crate) evidence: f32,
    pub(crate) alignment: Alignment,
}

/// Compares one recorded name.
pub(crate) fn name(question: &Question, seats: &[Seat<'_>]) -> NameScore {
    let splits = run_together(question, seats);
    let alignment = alignment::align(seats, &splits, &question.missing, &question.worth, &question.initials);
    let mut evidence = BEFORE - PER_COST * (alignment.cost + extra_cost(question, &alignment, seats));
    let mut found = Found::default();
    for part in 0..question.parts {
        evidence += found.gain(question, &alignment, seats, part);
    }
    NameScore { evidence, alignment }
}

/// Query parts that are two recorded parts run together: neighbours, or given and family name in either order.
fn run_together(question: &Question, seats: &[Seat<'_>]) -> Vec<RunTogether> {
    let mut splits = Vec::new();
    for (part, probe) in question.probes.iter().enumerate().take(question.parts) {
        for (at, first) in seats.iter().enumerate() {
            for (then, second) in seats.iter().enumerate() {
                let whole_name = matches!((first.slot, second.slot), (Slot::Given, Slot::Family) | (Slot::Family, Slot::Given));
                if (then == at + 1 || (whole_name && then != at))
                    && let Some(pair) = probe.pair_joined(first.text, second.text)
                {
                    splits.push(RunTogether { part, at, then, pair });
                }
            }
        }
    }
    splits
}

/// Query parts found so far.
#[derive(Debug, Default)]
pub(crate) struct Found {
    whole: u32,
    initials: u32,
}

impl Found {
    /// What query part `part` adds by being found; to be asked in the order of the query's parts.
    pub(crate) fn gain(&mut self, question: &Question, alignment: &Alignment, seats: &[Seat<'_>], part: usize) -> f32 {
        match alignment.choices[part] {
            Choice::Missing | Choice::WithPrevious => 0.0,
            Choice::One { at, pair } => {
                let initial = question.initials[part].is_some() || seats[at].text.len() == 1;
                self.agreed(&seats[at], pair, initial)
            }
            Choice::Joined { at, pair } => self.agreed(&seats[at], pair, false),
            Choice::Split { at, then, pair } => {
                let first = self.agreed(&seats[at], pair, false);
                // "Johnsmith" is a given and a family name; "Maryann" is only one of them.
                let both = (seats[at].slot == Slot::Family) != (seats[then].slot == Slot::Family);
                if both { first + self.agreed(&seats[then], pair, false) } else { first }
            }
        }
    }

    fn agreed(&mut self, seat: &Seat<'_>, pair: Pair, initial: bool) -> f32 {
        if is_particle(seat) {
            return 0.0;
        }
        let counted = if initial { &mut self.initials } else { &mut self.whole };
        *counted += 1;
        if initial {
            return if self.initials == 1 { AGREES * AGREES_INITIAL } else { AGREES_FURTHER };
        }
        let base = if self.whole <= 2 { AGREES } else { AGREES_FURTHER };
        // The worse the fit, the less the name's rarity is worth.
        let trust = (1.0 - pair.cost / 8.0).max(0.0);
        base + PER_RARITY * (commonness::told_by(seat.text) - MIDDLING) * trust
    }
}

fn is_particle(seat: &Seat<'_>) -> bool {
    seat.slot != Slot::Given && analysis::is_particle(seat.text)
}

/// Cost of recorded part `at`, which no query part stands for.
pub(crate) fn extra(question: &Question, alignment: &Alignment, seats: &[Seat<'_>], at: usize) -> f32 {
    let family_found = seats.iter().enumerate().any(|(other, seat)| alignment.used >> other & 1 != 0 && seat.slot == Slot::Family);
    let given_found = seats.iter().enumerate().any(|(other, seat)| alignment.used >> other & 1 != 0 && seat.slot != Slot::Family);
    match seats[at].slot {
        _ if is_particle(&seats[at]) => 0.2,
        Slot::Middle => 0.1,
        Slot::Given if given_found || question.parts == 1 => 0.6,
        Slot::Given => 1.4,
        Slot::Family if family_found => 1.0,
        Slot::Family => 3.5,
    }
}

fn extra_cost(question: &Question, alignment: &Alignment, seats: &[Seat<'_>]) -> f32 {
    (0..seats.len()).filter(|at| alignment.used >> at & 1 == 0).map(|at| extra(question, alignment, seats, at)).sum()
}

/// Log-odds taken away by a cost.
pub(crate) fn against(cost: f32) -> f32 {
    -PER_COST * cost
}

/// What a mention says beside its names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circumstances<'a> {
    /// Packed date of birth, 0 when unknown.
    pub(crate) date_of_birth: u64,
    pub(crate) age_band: Option<(u8, u8)>,
    pub(crate) first_day: i32,
    pub(crate) postcodes: &'a [u64],
}

/// The evidence of date of birth or age, and of the postcode, with the rule that applied.
pub(crate) fn circumstances(question: &Question, known: Circumstances<'_>) -> [Option<(crate::Rule, f32)>; 2] {
    let birth = match (question.date_of_birth, known.date_of_birth, known.age_band) {
        (0, ..) => None,
        (asked, 0, Some(band)) => Some(evidence::age_band(asked, band, known.first_day)),
        (_, 0, None) => None,
        (asked, recorded, _) => Some(evidence::date_of_birth(asked, recorded)),
    };
    let postcode = question.postcode.and_then(|asked| evidence::postcode(asked, known.postcodes.iter().copied()));
    [birth, postcode]
}

/// The strength, 0 to 1, of a sum of log-odds.
pub(crate) fn strength(evidence: f32) -> f32 {
    1.0 / (1.0 + (-evidence).exp())
}
