//! The mentions that can be among the best, found list by list, and nothing else looked at.
//!
//! The best are found exactly: a list of mentions is left out only when none of them can reach what is kept already, or what
//! is shown at all (MaxScore, after Turtle and Flood, "Query Evaluation: Strategies and Optimizations", 1995).
//!
//! Architecture Invariant: what is left out depends only on the query, on static tables and on mentions the caller may
//! see. How many others there are changes how long a search takes, and nothing else.

use super::{
    access::Access,
    bits::Bits,
    entry::{Entry, NONE},
    fits::{Fits, STEP, Weight},
    segment::{Segment, Standing},
};
use crate::{
    Query, Rule,
    alignment::Seats,
    analysis::MOST_PARTS,
    evidence::{self, Birth},
    scoring::{self, Circumstances, NameScore, Question},
};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::{cmp::Ordering, collections::BinaryHeap};

/// Of how many mentions it can be noted that a part fits them, in the time of looking at one.
const NOTED: usize = 16;
/// And for how many it can be noted that none does.
const CLEARED: usize = 4_096;
/// Mentions looked at between two looks at what is enough.
const SIFTED: usize = 256;
/// The most mentions near the postcode asked for that are noted beforehand. Whole towns have one outward code: there each mention
/// that is scored is asked where it lives.
const NEIGHBOURS: usize = 4_096;
/// Room for sums taken in another order.
const ROUNDING: f32 = 1e-3;

/// A mention that was scored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    pub(crate) evidence: f32,
    /// The last day of the incident.
    pub(crate) last_day: i32,
    /// The mention's id in two halves.
    pub(crate) mention: (u64, u64),
    /// Which of its names matched best.
    pub(crate) name: u8,
    pub(crate) source: Source,
}

/// Where it was found: document of a segment, or place in the tail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Segment { at: u32, document: u32 },
    Tail(u32),
}

impl PartialEq for Hit {
    fn eq(&self, other: &Hit) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Hit {}
impl PartialOrd for Hit {
    fn partial_cmp(&self, other: &Hit) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Hit {
    /// Better first; among equals the latest incident, and what was recorded last.
    fn cmp(&self, other: &Hit) -> Ordering {
        other.evidence.total_cmp(&self.evidence).then((other.last_day, other.mention).cmp(&(self.last_day, self.mention)))
    }
}

/// The best hits so far; the worst of them is on top of the heap.
pub(crate) struct Best {
    limit: usize,
    /// The least evidence that is kept.
    floor: f32,
    hits: BinaryHeap<Hit>,
}

/// Raises each to the weight less what standing in a place takes away; written for the processor to do all at once.
#[inline(always)]
fn raise(most: &mut Weight, weight: &Weight, misplaced: &Weight) {
    for part in 0..MOST_PARTS {
        most[part] = most[part].max(weight[part].saturating_sub(misplaced[part]));
    }
}

impl Best {
    pub(crate) fn new(limit: usize, floor: f32) -> Best {
        Best { limit, floor, hits: BinaryHeap::new() }
    }

    /// What a hit has to reach to be kept.
    fn threshold(&self) -> f32 {
        match self.hits.peek() {
            Some(worst) if self.hits.len() == self.limit => worst.evidence,
            _ => self.floor,
        }
    }

    pub(crate) fn offer(&mut self, hit: Hit) {
        if hit.evidence < self.floor {
            return;
        }
        if self.hits.len() < self.limit {
            self.hits.push(hit);
        } else if let Some(mut worst) = self.hits.peek_mut()
            && hit < *worst
        {
            *worst = hit;
        }
    }

    pub(crate) fn into_sorted(self) -> Vec<Hit> {
        self.hits.into_sorted_vec()
    }
}

/// Mentions that share something with the query, and the most it can add.
enum List<'a> {
    Part(Standing, &'a [u32]),
    Born(&'a [(u32, u32)]),
    Living(&'a [(u64, u32)]),
}

/// Everything that can agree with one part of the query.
struct Evidence<'a> {
    /// Best first.
    lists: Vec<(f32, List<'a>)>,
    /// The most it adds where none of the lists has the mention.
    absent: f32,
    /// Mentions in all lists together, each as often as it is there.
    size: usize,
    is_name: bool,
}

impl List<'_> {
    fn len(&self) -> usize {
        match self {
            List::Part(_, documents) => documents.len(),
            List::Born(pairs) => pairs.len(),
            List::Living(pairs) => pairs.len(),
        }
    }
}

impl<'a> Evidence<'a> {
    fn new(lists: Vec<(f32, List<'a>)>, absent: f32, is_name: bool) -> Evidence<'a> {
        Evidence { size: lists.iter().map(|(_, list)| list.len()).sum(), lists, absent, is_name }
    }

    /// Mentions to look at, by what having none of the lists takes away from the others.
    fn price(&self) -> f32 {
        let less = self.most() - self.absent;
        if less > 0.0 { self.size as f32 / less } else { f32::MAX }
    }

    /// The lists of name parts, as far as what they add is enough.
    fn parts_that(&self, enough: impl Fn(f32) -> bool) -> impl Iterator<Item = &'a [u32]> {
        let enough = self.lists.iter().take_while(move |(adds, _)| enough(*adds));
        enough.filter_map(|(_, list)| if let List::Part(_, documents) = list { Some(*documents) } else { None })
    }

    fn most(&self) -> f32 {
        self.lists.first().map_or(self.absent, |(most, _)| most.max(self.absent))
    }
}

/// Mentions that pass a first look, and those that were scored.
struct Sieve {
    /// The mentions at hand, and the beginnings of their entries.
    documents: Vec<u32>,
    beginnings: [[u32; 4]; SIFTED],
    /// Where only mentions count that another part fits too: which those are.
    fitting: Option<Bits>,
    /// Each with the most it can come to, in steps.
    passed: Vec<(u32, u32)>,
    /// The most that date of birth and postcode can add to the mentions of a list.
    circumstances: f32,
    seen: FxHashSet<u32>,
}

/// Looking through one segment.
pub(crate) struct Look<'a> {
    at: u32,
    question: &'a Question,
    query: &'a Query,
    fits: Fits<'a>,
    access: Access<'a>,
    misplaced: [Weight; 4],
    /// What recorded parts at least take away that nothing fits, by the places of such parts.
    extra: [u32; 16],
    /// What having no family name that fits takes away at least.
    no_family: f32,
    /// What the postcode of each mention adds that lives near the one asked for, where they are few.
    living_near: Option<FxHashMap<u32, f32>>,
}

impl<'a> Look<'a> {
    pub(crate) fn new(at: u32, question: &'a Question, query: &'a Query, fits: Fits<'a>, access: Access<'a>) -> Look<'a> {
        let misplaced = fits.misplaced();
        let extra = fits.extra();
        // Two parts as one word may be the family name too.
        let no_family = extra[4] as f32 * STEP;
        let near = question.postcode.into_iter().flat_map(evidence::postcodes_near);
        let near: Vec<(f32, &[(u64, u32)])> = near.map(|(weight, range)| (weight, fits.segment.living_within(range))).collect();
        let neighbours = near.iter().map(|(_, found)| found.len()).sum::<usize>();
        let living_near = (neighbours <= NEIGHBOURS).then(|| {
            let mut noted = FxHashMap::with_capacity_and_hasher(neighbours, FxBuildHasher);
            for (weight, found) in near {
                for (_, document) in found {
                    // Those that speak most come first.
                    noted.entry(*document).or_insert(weight);
                }
            }
            noted
        });
        Look { at, question, query, fits, access, misplaced, extra, no_family, living_near }
    }

    /// Offers every mention that can be among the best.
    pub(crate) fn run(&self, best: &mut Best) {
        let mut all = self.name_parts();
        all.extend(self.birth());
        all.extend(self.postcode());
        all.extend(self.sex());
        // First what lets most of the rest be left out, for the mentions it takes to look at.
        all.sort_by(|a, b| a.price().total_cmp(&b.price()));
        let mut sieve = Sieve {
            documents: Vec::with_capacity(SIFTED),
            beginnings: [[0; 4]; SIFTED],
            fitting: None,
            passed: Vec::with_capacity(SIFTED),
            circumstances: 0.0,
            seen: FxHashSet::default(),
        };
        self.run_together(&mut sieve, best);
        for now in 0..all.len() {
            // Whatever the lists before have was looked at: what is left has none of it.
            let others = |names: bool| -> f32 {
                let before = all[..now].iter().filter(|evidence| evidence.is_name == names).map(|evidence| evidence.absent);
                let behind = all[now + 1..].iter().filter(|evidence| evidence.is_name == names).map(Evidence::most);
                before.chain(behind).sum()
            };
            let (is_name, name, circumstances) = (all[now].is_name, scoring::BEFORE + others(true), others(false));
            let bound = |gain: f32| match is_name {
                true => scoring::of_name(name + gain) + circumstances + ROUNDING,
                false => scoring::of_name(name) + circumstances + gain + ROUNDING,
            };
            if bound(all[now].most()) < best.threshold() {
                return;
            }
            // No part that is left can be the family name of somebody whose given name this is.
            let alone = if all[now + 1..].iter().any(|evidence| evidence.is_name) { 0.0 } else { self.no_family };
            // What a mention comes to that no part behind fits.
            let behind: f32 = all[now + 1..].iter().filter(|evidence| evidence.is_name).map(|evidence| evidence.absent).sum();
            let most_behind: f32 = all[now + 1..].iter().filter(|evidence| evidence.is_name).map(Evidence::most).sum();
            // Once true of a list, it is true of those after it: they add less, and what is enough only grows.
            let unaided = |gain: f32, enough: f32| is_name && bound(gain + behind - most_behind) < enough;
            let (mut left, cleared) = (all[now].size, self.segment().len() as usize / CLEARED);
            sieve.fitting = None;
            for (gain, list) in &all[now].lists {
                if bound(*gain) < best.threshold() {
                    break;
                }
                if sieve.fitting.is_none() && left > cleared && unaided(*gain, best.threshold()) {
                    // What adds too little to help is left out, for the same reason.
                    let helps = |most: f32, adds: f32| bound(*gain + adds - most) >= best.threshold();
                    let names = || all[now + 1..].iter().filter(|evidence| evidence.is_name);
                    let helping = || names().flat_map(|evidence| evidence.parts_that(|adds| helps(evidence.most(), adds)));
                    // Asked anew of every list: it need not be counted how much too many they are.
                    if helping().try_fold(NOTED * (left - cleared), |room, documents| room.checked_sub(documents.len())).is_some() {
                        sieve.fitting = Some(Bits::of(self.segment().len(), helping().flatten().copied()));
                    }
                }
                left -= list.len();
                if matches!(list, List::Part(Standing::Given | Standing::Middle, _)) && bound(*gain - alone) < best.threshold() {
                    continue;
                }
                sieve.circumstances = circumstances + if is_name { 0.0 } else { *gain };
                match list {
                    List::Part(_, documents) => self.sift(documents, |document| *document, &mut sieve, best),
                    List::Born(pairs) => self.sift(pairs, |(_, document)| *document, &mut sieve, best),
                    List::Living(pairs) => self.sift(pairs, |(_, document)| *document, &mut sieve, best),
                }
            }
        }
    }

    /// Scores the mentions that have both of two words of which a query part is both run together.
    fn run_together(&self, sieve: &mut Sieve, best: &mut Best) {
        let segment = self.segment();
        let mentions = |term: u32| Standing::ALL.into_iter().map(move |standing| segment.postings(term, standing));
        let size = |term: u32| mentions(term).map(<[u32]>::len).sum::<usize>();
        for [first, second] in self.fits.halved() {
            let [rarer, other] = if size(*first) <= size(*second) { [*first, *second] } else { [*second, *first] };
            for document in mentions(rarer).flatten() {
                if segment.entries(*document).any(|entry| entry.term() == other) {
                    self.consider(*document, f32::INFINITY, 0.0, &mut sieve.seen, best);
                }
            }
        }
    }

    /// Scores the mentions of a list that can come to enough.
    fn sift<T>(&self, list: &[T], document: impl Fn(&T) -> u32, sieve: &mut Sieve, best: &mut Best) {
        let (weights, segment) = (self.fits.weights(), self.segment());
        let base = scoring::BEFORE - self.question.missing.iter().sum::<f32>() + ROUNDING;
        let mut rest = list.iter().map(document);
        loop {
            sieve.documents.clear();
            match &sieve.fitting {
                Some(fitting) => sieve.documents.extend(rest.by_ref().filter(|document| fitting.has(*document)).take(SIFTED)),
                None => sieve.documents.extend(rest.by_ref().take(SIFTED)),
            }
            if sieve.documents.is_empty() {
                return;
            }
            let needed = scoring::needed_of_name(best.threshold() - sieve.circumstances);
            let needed = ((needed - base) / STEP).max(0.0) as u32;
            sieve.passed.clear();
            // Fetched one after another first: the memory answers many at a time.
            for (beginning, document) in sieve.beginnings.iter_mut().zip(&sieve.documents) {
                *beginning = segment.beginning(*document);
            }
            for (beginning, document) in sieve.beginnings.iter().zip(&sieve.documents) {
                let (mut most, mut there, mut found, mut names) = ([0u8; MOST_PARTS], 0u8, 0u8, 0);
                for entry in segment.opened(beginning) {
                    if *entry == NONE {
                        break;
                    }
                    let entry = Entry(*entry);
                    let (place, weight) = (entry.place() & 3, &weights[entry.term() as usize]);
                    raise(&mut most, weight, &self.misplaced[usize::from(place)]);
                    there |= u8::from(!entry.is_particle()) << place;
                    found |= u8::from(*weight != [0; MOST_PARTS]) << place;
                    names |= entry.name();
                }
                let sum: u32 = most.iter().map(|steps| u32::from(*steps)).sum();
                // Of somebody with several names another may have nothing to spare.
                let spare = if names == 0 { self.extra[usize::from(there & !found & 7) | usize::from(found & 8)] } else { 0 };
                let sum = sum.saturating_sub(spare);
                if sum >= needed {
                    sieve.passed.push((*document, sum));
                }
            }
            if self.question.date_of_birth != 0 {
                // As with the beginnings: what each of them waits for is asked for at once.
                std::hint::black_box(sieve.passed.iter().fold(0, |all, (document, _)| all ^ segment.born(*document)));
            }
            for (document, sum) in &sieve.passed {
                self.consider(*document, base + *sum as f32 * STEP, sieve.circumstances, &mut sieve.seen, best);
            }
        }
    }

    fn segment(&self) -> &'a Segment {
        self.fits.segment
    }

    fn name_parts(&self) -> Vec<Evidence<'a>> {
        let segment = self.segment();
        let whole = (0..self.question.parts).filter(|part| self.question.initials[*part].is_none());
        let part = |part: usize| {
            let mut lists: Vec<(f32, List<'a>)> = Vec::new();
            for (gain, term) in self.fits.of_part(part) {
                for standing in Standing::ALL {
                    let documents = segment.postings(term, standing);
                    let misplaced = self.misplaced.get(standing as usize).map_or(0, |misplaced| misplaced[part]);
                    let gain = gain - f32::from(misplaced) * STEP;
                    if !documents.is_empty() && gain > -self.question.missing[part] {
                        lists.push((gain, List::Part(standing, documents)));
                    }
                }
            }
            lists.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
            Evidence::new(lists, self.question.absent[part], true)
        };
        let mut all: Vec<Evidence<'a>> = whole.map(part).collect();
        // No list is as long as all that begin with a letter: it is taken to agree, and looked at in each mention.
        let initials = (0..self.question.parts).filter(|part| self.question.initials[*part].is_some());
        all.extend(initials.map(|part| Evidence::new(Vec::new(), self.question.most_of_initial(part), true)));
        all
    }

    fn birth(&self) -> Option<Evidence<'a>> {
        let asked = self.question.date_of_birth;
        if asked == 0 {
            return None;
        }
        let lists: Vec<(f32, List<'a>)> = evidence::births_near(asked)
            .into_iter()
            .map(|Birth { weight, range }| (weight, self.segment().born_within(range)))
            .filter(|(_, found)| !found.is_empty())
            .map(|(weight, found)| (weight, List::Born(found)))
            .collect();
        let absent = if self.segment().ages_known() { evidence::BIRTH_OTHERWISE } else { 0.0 };
        Some(Evidence::new(lists, absent, false))
    }

    fn postcode(&self) -> Option<Evidence<'a>> {
        let asked = self.question.postcode?;
        let lists: Vec<(f32, List<'a>)> = evidence::postcodes_near(asked)
            .into_iter()
            .map(|(weight, range)| (weight, List::Living(self.segment().living_within(range))))
            .collect();
        Some(Evidence::new(lists, 0.0, false))
    }

    /// Half of all have the sex asked for: it is taken to agree, and looked at in each mention.
    fn sex(&self) -> Option<Evidence<'a>> {
        self.question.sex.map(|_| Evidence::new(Vec::new(), evidence::SAME_SEX, false))
    }

    /// Scores a mention in full, if the most it can come to is enough.
    fn consider(&self, document: u32, name: f32, circumstances: f32, seen: &mut FxHashSet<u32>, best: &mut Best) {
        let name = scoring::of_name(name);
        if name + circumstances < best.threshold() {
            return;
        }
        if self.question.has_circumstances() && name + self.shifts(document) < best.threshold() {
            return;
        }
        if !self.access.counts(self.query, document) || !seen.insert(document) {
            return;
        }
        if let Some(hit) = self.score(document, best.threshold()) {
            best.offer(hit);
        }
    }

    /// As [`scoring::shifts`] has it.
    fn shifts(&self, document: u32) -> f32 {
        let [birth, _, sex] = scoring::circumstances(self.question, known(self.question, self.segment(), document, &[]));
        let weight = |told: Option<(Rule, f32)>| told.map_or(0.0, |(_, weight)| weight);
        let postcode = match (self.question.postcode, &self.living_near) {
            (Some(_), _) if !self.segment().is_at_home(document) => 0.0,
            (Some(_), Some(noted)) => noted.get(&document).copied().unwrap_or(evidence::OTHER_POSTCODE),
            (Some(asked), None) => weight(evidence::postcode(asked, self.segment().postcodes(document))),
            (None, _) => 0.0,
        };
        weight(birth) + postcode + weight(sex)
    }

    /// The hit of a mention that comes to enough.
    fn score(&self, document: u32, enough: f32) -> Option<Hit> {
        let mut best: Option<(usize, NameScore)> = None;
        each_name(&self.fits, document, |name, seats| {
            let score = scoring::name(self.question, seats);
            if best.is_none_or(|(_, known)| score.evidence > known.evidence) {
                best = Some((name, score));
            }
        });
        let (name, score) = best?;
        let evidence = scoring::whole(&score, self.shifts(document)).filter(|evidence| *evidence >= enough)?;
        let source = Source::Segment { at: self.at, document };
        let (last_day, mention) = (self.segment().days(document).1, self.segment().mention(document));
        Some(Hit { evidence, last_day, mention, name: name as u8, source })
    }
}

/// Runs `body` on each name of a mention.
fn each_name(fits: &Fits<'_>, document: u32, body: impl FnMut(usize, &Seats<'_>)) {
    names_of(fits.segment, document, |entry| (fits.row(entry.term()), fits.halves_of(entry.term())), body);
}

/// The same where the fits of another segment have been found since.
pub(crate) fn each_name_anew(question: &Question, segment: &Segment, document: u32, body: impl FnMut(usize, &Seats<'_>)) {
    let vocabulary = &segment.vocabulary;
    let fit = |entry: Entry| {
        let text = vocabulary.text(entry.term());
        (question.row_knowing(text, vocabulary.sounds(entry.term())), question.halves(text))
    };
    names_of(segment, document, fit, body);
}

fn names_of(
    segment: &Segment,
    document: u32,
    fit: impl Fn(Entry) -> (crate::alignment::Row, crate::alignment::Halves),
    mut body: impl FnMut(usize, &Seats<'_>),
) {
    let mut seats = Seats::default();
    let mut current = 0;
    for entry in segment.entries(document) {
        if entry.name() != current {
            body(current, &seats);
            seats.clear();
            current = entry.name();
        }
        let (row, halves) = fit(entry);
        match entry.slot() {
            Some(slot) => seats.push(segment.vocabulary.text(entry.term()), slot, row, halves),
            None => seats.push_joined(seats.seats.len().saturating_sub(2), row),
        }
    }
    if !seats.seats.is_empty() {
        body(current, &seats);
    }
}

/// Runs `body` on what a mention says beside its names; what nobody asks about is not read.
pub(crate) fn with_circumstances<T>(question: &Question, segment: &Segment, document: u32, body: impl FnOnce(Circumstances<'_>) -> T) -> T {
    let postcodes: Vec<u64> = match question.postcode {
        Some(_) => segment.postcodes(document).collect(),
        None => Vec::new(),
    };
    body(known(question, segment, document, &postcodes))
}

/// What a mention says beside its names and these postcodes, as far as it is asked for.
fn known<'a>(question: &Question, segment: &Segment, document: u32, postcodes: &'a [u64]) -> Circumstances<'a> {
    let birth = question.date_of_birth != 0;
    let date_of_birth = if birth { segment.born(document) } else { 0 };
    // An age counts only where no date of birth is known; and the day only with an age.
    let age_band = if birth && date_of_birth == 0 { segment.age_band(document) } else { None };
    let first_day = if age_band.is_some() { segment.days(document).0 } else { 0 };
    let sex = question.sex.and_then(|_| segment.sex(document));
    Circumstances { date_of_birth, age_band, first_day, postcodes, sex }
}
