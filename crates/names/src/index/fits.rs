//! The recorded parts that a query's parts may stand for: a segment's vocabulary searched, not its mentions.

use super::{segment::Segment, vocabulary::Vocabulary};
use crate::{
    alignment::{self, BEGINS_ALIKE, Halves, NO_FIT, Row},
    analysis::{MOST_PARTS, Slot},
    pairing::{Pair, Probe, SHORTEST_ENDING},
    scoring::{Question, SHORTEST_HALF},
};
use std::ops::Range;

/// Space that searches use one after another.
#[derive(Default)]
pub(crate) struct Scratch {
    /// For each part of the vocabulary its place among the fits plus one; 0 for the others.
    places: Vec<u32>,
    fits: Vec<Fit>,
    pairs: Vec<Fitting>,
    /// For each fit and query part, the most it can add.
    gains: Vec<f32>,
    /// For each part of the vocabulary the most it can add to each query part, see [`Weight`].
    weights: Vec<Weight>,
    /// The parts whose weights are not nothing, beside those of the fits.
    weighed: Vec<Range<u32>>,
    /// Two words that are a query part run together.
    halved: Vec<[u32; 2]>,
}

/// What a recorded part can add to each query part beyond what a missing one takes away: in steps, rounded up.
pub(crate) type Weight = [u8; MOST_PARTS];

/// Evidence per step.
pub(crate) const STEP: f32 = 1.0 / 16.0;

fn steps(gain: f32) -> u8 {
    (gain / STEP).ceil().clamp(0.0, 255.0) as u8
}

/// A recorded part that fits at least one probe, or is half of a query part. What half of one adds is in no list and no weight: those
/// who have both are looked at each for themselves.
#[derive(Debug, Clone, Copy)]
struct Fit {
    term: u32,
    halves: Halves,
    /// The first of its pairs, plus one.
    first: u32,
}

#[derive(Debug, Clone, Copy)]
struct Fitting {
    probe: u8,
    pair: Pair,
    next: u32,
}

/// All recorded parts of one segment that fit a query.
pub(crate) struct Fits<'a> {
    question: &'a Question,
    pub(crate) segment: &'a Segment,
    scratch: &'a mut Scratch,
}

impl<'a> Fits<'a> {
    pub(crate) fn find(question: &'a Question, segment: &'a Segment, scratch: &'a mut Scratch) -> Fits<'a> {
        let vocabulary = &segment.vocabulary;
        scratch.clear(vocabulary.len());
        let mut fits = Fits { question, segment, scratch };
        for (at, probe) in question.probes.iter().enumerate() {
            if !probe.is_initial() {
                fits.probe(at as u8, probe, vocabulary);
            }
        }
        for part in 0..question.parts {
            fits.halves(part, vocabulary);
        }
        fits.weigh();
        fits
    }

    fn probe(&mut self, at: u8, probe: &Probe, vocabulary: &Vocabulary) {
        if probe.most_edits == 0 {
            if let Some(term) = vocabulary.number(probe.text()) {
                self.add(at, probe, term, None);
            }
        } else {
            vocabulary.each_within(&probe.pattern, probe.most_edits, |term, edits| self.add(at, probe, term, Some(edits)));
        }
        for code in probe.sounds().codes() {
            for term in vocabulary.sounding(code) {
                self.add(at, probe, term, None);
            }
        }
        // Other forms, a recorded initial, a recorded name cut short.
        let cut_short = (4..probe.text().len()).chain([1]).map(|length| &probe.text()[..length]);
        let local = probe.local_forms().iter().map(String::as_str);
        for text in probe.forms().keys().copied().chain(local).chain(cut_short) {
            if let Some(term) = vocabulary.number(text) {
                self.add(at, probe, term, None);
            }
        }
        if !probe.is_joined() && probe.text().len() >= SHORTEST_ENDING {
            let text = probe.text();
            for from in 2..(text.len() + 1).saturating_sub(SHORTEST_ENDING) {
                if let Some(term) = vocabulary.number(&text[from..]) {
                    self.add(at, probe, term, None);
                }
            }
            for term in vocabulary.ending_with(text) {
                self.add(at, probe, *term, None);
            }
        }
        let longest = probe.longest_completion();
        if longest > 0 {
            for term in vocabulary.beginning_with(probe.text()) {
                if vocabulary.text(term).len() <= longest {
                    self.add(at, probe, term, None);
                }
            }
        }
    }

    /// Words of which a query part is two.
    fn halves(&mut self, part: usize, vocabulary: &Vocabulary) {
        let text = self.question.probes[part].text();
        for at in SHORTEST_HALF..(text.len() + 1).saturating_sub(SHORTEST_HALF) {
            let (first, second) = text.split_at(at);
            if let (Some(first), Some(second)) = (vocabulary.number(first), vocabulary.number(second)) {
                self.scratch.halved.push([first, second]);
                let first = self.place(first);
                self.scratch.fits[first].halves.first |= 1 << part;
                let second = self.place(second);
                self.scratch.fits[second].halves.second |= 1 << part;
            }
        }
    }

    fn place(&mut self, term: u32) -> usize {
        let place = &mut self.scratch.places[term as usize];
        if *place == 0 {
            self.scratch.fits.push(Fit { term, halves: Halves::default(), first: 0 });
            *place = self.scratch.fits.len() as u32;
        }
        *place as usize - 1
    }

    fn add(&mut self, at: u8, probe: &Probe, term: u32, edits: Option<u8>) {
        let vocabulary = &self.segment.vocabulary;
        // A part that was found in one way is compared in all ways, so that it need not be found again.
        let place = self.place(term);
        let fit = self.scratch.fits[place];
        if fit.first != 0 && self.scratch.pairs[fit.first as usize - 1].probe == at {
            return;
        }
        let text = vocabulary.text(term);
        let sounds_alike = || probe.sounds_like(text, vocabulary.sounds(term));
        let Some(pair) = probe.pair_knowing(text, sounds_alike, || edits.or_else(|| probe.edits(text))) else { return };
        self.scratch.pairs.push(Fitting { probe: at, pair, next: fit.first });
        self.scratch.fits[place].first = self.scratch.pairs.len() as u32;
    }

    /// Works out what each fit can add to each query part.
    fn weigh(&mut self) {
        let question = self.question;
        self.begin_alike();
        let Scratch { fits, pairs, gains, weights, .. } = &mut *self.scratch;
        for Fit { term, first, .. } in fits {
            let from = gains.len();
            gains.extend(question.missing.iter().map(|cost| -cost));
            let of_fit = &mut gains[from..];
            for Fitting { probe, pair, .. } in chain(pairs, *first) {
                question.raise(of_fit, usize::from(probe), pair);
            }
            let weight = &mut weights[*term as usize];
            for (part, gain) in of_fit.iter_mut().enumerate() {
                weight[part] = weight[part].max(steps(*gain + question.missing[part]));
            }
        }
    }

    /// Parts that only begin like a query part.
    fn begin_alike(&mut self) {
        let vocabulary = &self.segment.vocabulary;
        for (part, probe) in self.question.probes.iter().enumerate().take(self.question.parts) {
            let initial = self.question.initials[part].map(|_| self.question.worth[part] + self.question.missing[part]);
            for (length, alike) in (1..).zip(BEGINS_ALIKE) {
                let Some(beginning) = probe.text().get(..length) else { continue };
                let range = vocabulary.beginning_with(beginning);
                let weight = steps(initial.unwrap_or(alike));
                for weights in &mut self.scratch.weights[range.start as usize..range.end as usize] {
                    weights[part] = weights[part].max(weight);
                }
                self.scratch.weighed.push(range);
            }
        }
    }

    /// What standing in a place at least takes away from each query part.
    pub(crate) fn misplaced(&self) -> [Weight; 4] {
        let mut least = [[0; MOST_PARTS]; 4];
        for (costs, slot) in least.iter_mut().zip([Slot::Given, Slot::Middle, Slot::Family]) {
            for (part, cost) in costs.iter_mut().enumerate().take(self.question.parts) {
                *cost = (alignment::misplaced_at_least(part, self.question.parts, slot) / STEP) as u8;
            }
        }
        least
    }

    /// Two words each that are a query part run together.
    pub(crate) fn halved(&self) -> &[[u32; 2]] {
        &self.scratch.halved
    }

    /// What recorded parts that fit nothing at least take away, by their places, a bit each: given, middle, family; the
    /// fourth bit says that two parts as one word fit.
    pub(crate) fn extra(&self) -> [u32; 16] {
        let mut least = [0; 16];
        for (places, least) in least.iter_mut().enumerate().take(8) {
            *least = (self.question.extra_at_least(places & 1 != 0, places & 4 != 0) / STEP) as u32;
        }
        least
    }

    /// What the part can add to each query part.
    pub(crate) fn weights(&self) -> &[Weight] {
        &self.scratch.weights
    }

    /// How the part fits each probe.
    pub(crate) fn row(&self, term: u32) -> Row {
        let mut row = NO_FIT;
        if let Some(fit) = self.fit(term) {
            for Fitting { probe, pair, .. } in chain(&self.scratch.pairs, self.scratch.fits[fit].first) {
                row[usize::from(probe)] = Some(pair);
            }
        }
        row
    }

    pub(crate) fn halves_of(&self, term: u32) -> Halves {
        self.fit(term).map_or(Halves::default(), |fit| self.scratch.fits[fit].halves)
    }

    fn fit(&self, term: u32) -> Option<usize> {
        (self.scratch.places[term as usize] as usize).checked_sub(1)
    }

    /// The recorded parts that fit query part `part`, with the most they can add to it.
    pub(crate) fn of_part(&self, part: usize) -> Vec<(f32, u32)> {
        let parts = self.question.parts;
        let gains = self.scratch.gains.iter().skip(part).step_by(parts);
        let missing = -self.question.missing[part];
        self.scratch.fits.iter().zip(gains).filter(|(_, gain)| **gain > missing).map(|(fit, gain)| (*gain, fit.term)).collect()
    }
}

impl Scratch {
    /// Forgets what the last search found, and makes room for a vocabulary.
    fn clear(&mut self, parts: usize) {
        for Fit { term, .. } in self.fits.drain(..) {
            self.places[term as usize] = 0;
            self.weights[term as usize] = [0; MOST_PARTS];
        }
        for range in self.weighed.drain(..) {
            self.weights[range.start as usize..range.end as usize].fill([0; MOST_PARTS]);
        }
        self.pairs.clear();
        self.gains.clear();
        self.halved.clear();
        if self.places.len() < parts {
            self.places.resize(parts, 0);
            self.weights.resize(parts, [0; MOST_PARTS]);
        }
    }
}

fn chain(pairs: &[Fitting], first: u32) -> impl Iterator<Item = Fitting> + '_ {
    let mut at = first;
    std::iter::from_fn(move || {
        let pair = *pairs.get((at as usize).checked_sub(1)?)?;
        at = pair.next;
        Some(pair)
    })
}
