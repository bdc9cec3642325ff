//! How strongly a recorded name and its circumstances speak for the person asked for.
//!
//! The evidence is a sum of log-likelihood ratios (nats; Fellegi and Sunter, "A Theory for Record Linkage", 1969). A query
//! part that is found adds what it tells that two people share it, less the cost of it being written so; a part that is not
//! found, one in another place and one that only the record has take away. Date of birth and postcode shift the sum. Each
//! part counts for itself, so that the most a mention can come to is known before it is compared.

use crate::{
    NamesError, Query, Rule, Sex,
    alignment::{self, Alignment, Choice, Halves, Row, Seat, Seats},
    analysis::{self, LONGEST_NAME, Slot},
    commonness, evidence, nicknames,
    outline::Outline,
    pairing::{JOINED, Pair, Probe},
    sounds::Sounds,
};

/// Evidence of a name before any part of it is compared: most people are somebody else.
pub(crate) const BEFORE: f32 = -8.0;
/// What a lone small word tells.
pub(crate) const PARTICLE: f32 = 0.5;
/// The share taken away of what two parts tell more than the one word does that they are taken for. Not all of it: the table of
/// common names does not tell how rare a rare word is.
const OVERCOUNTED: f32 = 0.5;
/// Beyond this a name counts less: however rare it is, a family shares it.
const FAMILY_NAMESAKES: f32 = 4.0;
const BEYOND: f32 = 0.2;
/// Log-odds per unit of evidence, and the evidence of even odds; fitted on generated people and queries
/// (`docs/name-matching.md`).
const PER_UNIT: f32 = 0.71;
const EVEN: f32 = 4.5;
/// The people among whom that was fitted, and the log-odds lost among e times as many; fitted among a hundred thousand, three
/// hundred thousand and ten million.
const FITTED_FOR: f32 = 1e6;
const PER_CROWD: f32 = 0.55;
/// The least evidence that is shown, unless the query is so short that nothing could reach it.
const FLOOR: f32 = -5.5;
/// How far below the best that a query could find something is shown at most, if it is below the floor.
const SHOWN_BELOW: f32 = 6.0;

/// Shortest part that is told apart in a word run together.
pub(crate) const SHORTEST_HALF: usize = 2;

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
    /// What each part adds that is not found.
    pub(crate) absent: Vec<f32>,
    /// Packed date of birth, 0 when not asked for.
    pub(crate) date_of_birth: u64,
    pub(crate) postcode: Option<u64>,
    pub(crate) sex: Option<Sex>,
    /// The least evidence that is shown.
    pub(crate) floor: f32,
    /// What the number of people takes away from the log-odds.
    crowd: f32,
}

impl Question {
    pub(crate) fn new(query: &Query) -> Result<Question, NamesError> {
        Self::of(query, false)
    }

    /// For a name that is put beside another: how common it is does not matter.
    pub(crate) fn side_by_side(query: &Query) -> Result<Question, NamesError> {
        Self::of(query, true)
    }

    fn of(query: &Query, side_by_side: bool) -> Result<Question, NamesError> {
        // Looking at the length first keeps ten megabytes from being taken apart.
        if query.name.len() > 4 * LONGEST_NAME || query.name.chars().count() > LONGEST_NAME {
            return Err(NamesError::QueryTooLong { length: query.name.len(), limit: LONGEST_NAME });
        }
        let texts = analysis::parts(&query.name);
        let (parts, last) = (texts.len(), texts.len().saturating_sub(1));
        let mut probes: Vec<Probe> = Vec::with_capacity(2 * parts);
        probes.extend(texts.into_iter().map(|text| Probe::new(text, &query.local_forms)));
        for at in 0..last {
            probes.push(Probe::joined([probes[at].text(), probes[at + 1].text()].concat()));
        }
        let initials: Vec<Option<u8>> = probes.iter().take(parts).map(Probe::initial).collect();
        // Al, Di and Del are given names too, where they come first.
        let particle = |at: usize| {
            let text = probes[at].text();
            at < last && analysis::is_particle(text) && (at > 0 || !nicknames::is_given_name(text))
        };
        let missing: Vec<f32> = (0..parts).map(|at| missing(probes[at].text(), at > 0 && at < last, particle(at))).collect();
        let told = |at: usize| if side_by_side { 2.0 * CLASH } else { commonness::told_by(&probes[at]) };
        let worth: Vec<f32> = (0..parts).map(|at| if particle(at) { PARTICLE } else { told(at) }).collect();
        if !side_by_side {
            for at in 0..last {
                let word = &mut probes[parts + at];
                word.overcounted = OVERCOUNTED * (worth[at] + worth[at + 1] - commonness::told_by(word)).max(0.0);
            }
        }
        let date_of_birth = query.date_of_birth.map(evidence::pack_date).unwrap_or(0);
        let postcode = query.postcode.as_deref().and_then(evidence::pack_postcode);
        let floor = FLOOR.min(of_name(BEFORE + worth.iter().sum::<f32>()) - SHOWN_BELOW);
        Ok(Question {
            floor,
            probes,
            parts,
            absent: missing.iter().map(|cost| begins_alike_or_missing(*cost)).collect(),
            missing,
            worth,
            initials,
            date_of_birth,
            postcode,
            sex: query.sex,
            crowd: query.people.map_or(0.0, |people| PER_CROWD * (people.max(1) as f32 / FITTED_FOR).ln()),
        })
    }

    /// Whether anything but the name is asked for.
    pub(crate) fn has_circumstances(&self) -> bool {
        self.date_of_birth != 0 || self.postcode.is_some() || self.sex.is_some()
    }

    /// The least that is taken away where nothing fits the given name, or the family name, that is recorded.
    pub(crate) fn extra_at_least(&self, given: bool, family: bool) -> f32 {
        let given = if given { EXTRA_GIVEN[0] } else { 0.0 };
        given + if family { EXTRA_FAMILY[1] } else { 0.0 }
    }

    /// What a part that fits in this way adds.
    pub(crate) fn gain(&self, part: usize, pair: Pair) -> f32 {
        self.worth[part] - pair.cost
    }

    /// Raises the most that each part can add by a recorded part that fits a probe.
    pub(crate) fn raise(&self, most: &mut [f32], probe: usize, pair: Pair) {
        match probe.checked_sub(self.parts) {
            None => most[probe] = most[probe].max(self.gain(probe, pair)),
            // One recorded part for two of the query: the first bears the cost.
            Some(first) => {
                most[first] = most[first].max(self.gain(first, pair) - JOINED);
                most[first + 1] = most[first + 1].max(self.worth[first + 1]);
            }
        }
    }

    /// The most a part adds that is only an initial.
    pub(crate) fn most_of_initial(&self, part: usize) -> f32 {
        self.worth[part]
    }

    /// How a recorded part fits every probe.
    pub(crate) fn row(&self, recorded: &str) -> Row {
        self.row_of(recorded, &Outline::of(recorded))
    }

    /// The same where its sounds are known.
    pub(crate) fn row_knowing(&self, recorded: &str, sounds: Sounds) -> Row {
        self.row_of(recorded, &Outline::knowing(recorded, sounds))
    }

    fn row_of(&self, recorded: &str, outline: &Outline) -> Row {
        let mut row = alignment::NO_FIT;
        for (cell, probe) in row.iter_mut().zip(&self.probes) {
            let sounds_alike = || probe.outline.sounds_like(probe.text(), outline, recorded);
            let near = || probe.outline.letters.may_be_within(outline.letters, probe.most_edits);
            *cell = probe.pair_knowing(recorded, sounds_alike, || near().then(|| probe.edits(recorded)).flatten());
        }
        row
    }

    /// The query parts that a recorded part is half of.
    pub(crate) fn halves(&self, recorded: &str) -> Halves {
        let mut halves = Halves::default();
        for (part, probe) in self.probes.iter().enumerate().take(self.parts) {
            let (asked, length) = (probe.text(), recorded.len());
            if length < SHORTEST_HALF || asked.len() < length + SHORTEST_HALF {
                continue;
            }
            halves.first |= u8::from(asked.starts_with(recorded)) << part;
            halves.second |= u8::from(asked.ends_with(recorded)) << part;
        }
        halves
    }

    /// Whether there is anything to look up: initials alone fit too many.
    pub(crate) fn is_searchable(&self) -> bool {
        self.probes.iter().take(self.parts).any(|probe| !probe.is_initial())
    }
}

/// The most that a part adds which nothing fits, or at most the first letters.
fn begins_alike_or_missing(missing: f32) -> f32 {
    alignment::BEGINS_ALIKE[alignment::BEGINS_ALIKE.len() - 1] - missing
}

fn missing(part: &str, inside: bool, particle: bool) -> f32 {
    match (particle, part.len()) {
        (true, _) => 0.3,
        (_, 1) => 1.5,
        _ if inside => 2.5,
        _ => 3.2,
    }
}

/// A recorded name compared with the query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameScore {
    pub(crate) evidence: f32,
    pub(crate) alignment: Alignment,
}

/// Compares one recorded name.
pub(crate) fn name(question: &Question, seats: &Seats<'_>) -> NameScore {
    let alignment = alignment::align(seats, &question.probes, &question.missing, &question.worth, &question.initials);
    let seats = &seats.seats;
    let mut evidence = BEFORE - alignment.cost - extra_cost(question, &alignment, seats);
    for part in 0..question.parts {
        if alignment.choices[part] != Choice::Missing {
            evidence += question.worth[part];
        }
    }
    NameScore { evidence, alignment }
}

/// What a name counts in the whole.
pub(crate) fn of_name(evidence: f32) -> f32 {
    if evidence > FAMILY_NAMESAKES { FAMILY_NAMESAKES + BEYOND * (evidence - FAMILY_NAMESAKES) } else { evidence }
}

/// The reverse of [`of_name`]: what has to be known of a name for it to count so much.
pub(crate) fn needed_of_name(counted: f32) -> f32 {
    if counted > FAMILY_NAMESAKES { FAMILY_NAMESAKES + (counted - FAMILY_NAMESAKES) / BEYOND } else { counted }
}

/// The evidence of a whole mention, where any of its name agrees: nothing of the name agreeing is no match, whatever else does.
pub(crate) fn whole(score: &NameScore, shifts: f32) -> Option<f32> {
    (score.alignment.used != 0).then_some(of_name(score.evidence) + shifts)
}

/// A family name that only the record has, beside one that was found; and the only one.
const EXTRA_FAMILY: [f32; 2] = [1.2, 3.5];
/// The same for a given name; one that a query of one word lacks is no more than extra.
const EXTRA_GIVEN: [f32; 2] = [0.6, 1.4];
const EXTRA_MIDDLE: f32 = 0.1;
const EXTRA_PARTICLE: f32 = 0.2;

/// Cost of recorded part `at`, which no query part stands for.
pub(crate) fn extra(question: &Question, alignment: &Alignment, seats: &[Seat<'_>], at: usize) -> f32 {
    let found = |family: bool| {
        let mut used = seats.iter().enumerate().filter(|(other, _)| alignment.used >> other & 1 != 0);
        used.any(|(_, seat)| (seat.slot == Slot::Family) == family)
    };
    match seats[at].slot {
        _ if seats[at].particle => EXTRA_PARTICLE,
        Slot::Middle => EXTRA_MIDDLE,
        Slot::Given => EXTRA_GIVEN[usize::from(!found(false) && question.parts > 1)],
        Slot::Family => EXTRA_FAMILY[usize::from(!found(true))],
    }
}

fn extra_cost(question: &Question, alignment: &Alignment, seats: &[Seat<'_>]) -> f32 {
    (0..seats.len()).filter(|at| alignment.used >> at & 1 == 0).map(|at| extra(question, alignment, seats, at)).sum()
}

/// Log-odds of a gain.
pub(crate) fn for_it(gain: f32) -> f32 {
    PER_UNIT * gain
}

/// Log-odds taken away by a cost.
pub(crate) fn against(cost: f32) -> f32 {
    -for_it(cost)
}

/// What a mention says beside its names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circumstances<'a> {
    /// Packed date of birth, 0 when unknown.
    pub(crate) date_of_birth: u64,
    pub(crate) age_band: Option<(u8, u8)>,
    pub(crate) first_day: i32,
    pub(crate) postcodes: &'a [u64],
    pub(crate) sex: Option<Sex>,
}

/// The evidence of date of birth or age, of the postcode and of the sex, with the rule that applied.
pub(crate) fn circumstances(question: &Question, known: Circumstances<'_>) -> [Option<(Rule, f32)>; 3] {
    let birth = match (question.date_of_birth, known.date_of_birth, known.age_band) {
        (0, ..) => None,
        (asked, 0, Some(band)) => Some(evidence::age_band(asked, band, known.first_day)),
        (_, 0, None) => None,
        (asked, recorded, _) => Some(evidence::date_of_birth(asked, recorded)),
    };
    let postcode = question.postcode.and_then(|asked| evidence::postcode(asked, known.postcodes.iter().copied()));
    let sex = question.sex.zip(known.sex).map(|(asked, recorded)| evidence::sex(asked, recorded));
    [birth, postcode, sex]
}

/// What date of birth or age, the postcode and the sex add to the evidence.
pub(crate) fn shifts(question: &Question, known: Circumstances<'_>) -> f32 {
    circumstances(question, known).iter().flatten().map(|(_, weight)| weight).sum()
}

/// The strength, 0 to 1, of two names put side by side: what counts is only what keeps them apart.
pub(crate) fn strength_side_by_side(apart: f32) -> f32 {
    logistic(for_it(APART - apart))
}

/// What keeps two names apart at even odds.
const APART: f32 = 6.5;
/// A name on each side where the other has another one.
const CLASH: f32 = 9.0;
/// A name that only one side has.
const ONE_SIDED: f32 = 4.0;
const ONE_SIDED_MIDDLE: f32 = 0.6;

/// What keeps two names apart that are put side by side, as costs. Names that tell two people apart in a search, where most are
/// somebody else, weigh more here: nothing else can.
pub(crate) fn apart(question: &Question, alignment: &Alignment, seats: &[Seat<'_>]) -> f32 {
    let mut cost = 0.0;
    // Names without one on the other side: given or family names of the one and the other side, and middle names.
    let (mut outer, mut middle) = ([0u8; 2], [0u8; 2]);
    for part in 0..question.parts {
        let inside = part > 0 && part + 1 < question.parts;
        let misplaced = |to: usize, at: usize| 0.7 * alignment::misplaced(part, to, question.parts, seats[at].slot);
        match alignment.choices[part] {
            Choice::WithPrevious => {}
            Choice::Missing if question.worth[part] <= PARTICLE => cost += question.missing[part],
            Choice::Missing if inside => middle[0] += 1,
            Choice::Missing => outer[0] += 1,
            // Nothing is known to connect them.
            Choice::One { pair, .. } if matches!(pair.rule, Rule::BeginsAlike | Rule::Ending) => cost += CLASH,
            Choice::One { at, pair } => cost += pair.cost + misplaced(part, at),
            Choice::Joined { at, pair } => cost += JOINED + pair.cost + misplaced(part + 1, at),
            Choice::Split { at, then, pair } => cost += pair.cost + misplaced(part, at).min(misplaced(part, then)),
        }
    }
    for (at, seat) in seats.iter().enumerate().filter(|(at, _)| alignment.used >> at & 1 == 0) {
        match seat.slot {
            _ if seat.particle => cost += EXTRA_PARTICLE,
            Slot::Middle => middle[1] += 1,
            _ if at > 0 && at + 1 < seats.len() => middle[1] += 1,
            _ => outer[1] += 1,
        }
    }
    let kept_apart = |[a, b]: [u8; 2], alone: f32| f32::from(a.min(b)) * CLASH + f32::from(a.abs_diff(b)) * alone;
    cost + kept_apart(outer, ONE_SIDED) + kept_apart(middle, ONE_SIDED_MIDDLE)
}

/// The strength, 0 to 1, of the evidence.
pub(crate) fn strength(question: &Question, evidence: f32) -> f32 {
    logistic(for_it(evidence - EVEN) - question.crowd)
}

fn logistic(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}
