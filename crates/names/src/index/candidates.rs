//! The mentions worth scoring: those whose parts fit best, found part by part.
//!
//! Architecture Invariant: parts are looked up in the order of their cost, which is the same for every caller; only
//! mentions the caller may see are added up or use the budget, and the budget ends between two parts, never within one,
//! so that what is hidden changes nothing.

use super::{access::Access, document::initial_bit, expansion::Expansion, snapshot::Snapshot};
use crate::{
    NamesError, Query, evidence,
    pairing::{INITIAL, JOINED, Pair},
    scoring::Question,
};
use tantivy::{
    DocSet, TERMINATED,
    postings::{SegmentPostings, TermInfo},
    schema::IndexRecordOption,
};

/// Visible postings after which no further part is looked up.
const BUDGET: u64 = 1_500_000;
/// Mentions scored in full, as far as they are not equally promising.
const MOST_SCORED: usize = 3_000;
/// Steps of promise per unit of cost.
const STEPS: f32 = 16.0;

/// A mention to score.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub(crate) segment: usize,
    pub(crate) document: u32,
}

/// Sums of promise by document, kept between searches to save clearing megabytes.
#[derive(Default)]
pub(crate) struct Scratch {
    /// Per segment and document: query parts found (bits 16 and up) and promise.
    sums: Vec<Vec<u32>>,
    touched: Vec<Vec<u32>>,
}

enum Step<'a> {
    Term {
        found: &'a [(usize, TermInfo)],
    },
    /// One query part that is two recorded parts.
    Split {
        first: &'a str,
        second: &'a str,
    },
}

struct Planned<'a> {
    cost: f32,
    parts: u32,
    promise: u32,
    text: &'a str,
    step: Step<'a>,
}

/// The candidates of a query.
pub(crate) fn candidates(
    snapshot: &Snapshot,
    question: &Question,
    query: &Query,
    expansion: &Expansion,
    access: &[Access<'_>],
    scratch: &mut Scratch,
) -> Result<Vec<Candidate>, NamesError> {
    scratch.prepare(snapshot);
    let mut spent = 0;
    for planned in plan(question, expansion) {
        if spent > BUDGET {
            break;
        }
        match &planned.step {
            Step::Term { found } => {
                for (segment, info) in *found {
                    let terms = &snapshot.segments[*segment].terms;
                    let mut postings = terms.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
                    spent += scratch.add(*segment, &access[*segment], &planned, || {
                        let document = postings.doc();
                        postings.advance();
                        document
                    });
                }
            }
            Step::Split { first, second } => {
                for (segment, parts) in snapshot.segments.iter().enumerate() {
                    let terms = parts.terms.terms();
                    let (Some(first), Some(second)) = (terms.get(first)?, terms.get(second)?) else { continue };
                    let mut first = parts.terms.read_postings_from_terminfo(&first, IndexRecordOption::Basic)?;
                    let mut second = parts.terms.read_postings_from_terminfo(&second, IndexRecordOption::Basic)?;
                    spent += scratch.add(segment, &access[segment], &planned, || common(&mut first, &mut second));
                }
            }
        }
    }
    Ok(scratch.select(snapshot, question, query))
}

/// The next document in both.
fn common(first: &mut SegmentPostings, second: &mut SegmentPostings) -> u32 {
    let mut document = first.doc();
    while document != TERMINATED {
        // Seeking backwards is not allowed, and there is no need to.
        let other = if second.doc() < document { second.seek(document) } else { second.doc() };
        if other == document {
            first.advance();
            return document;
        }
        document = first.seek(other);
    }
    TERMINATED
}

fn plan<'a>(question: &'a Question, expansion: &'a Expansion) -> Vec<Planned<'a>> {
    let promise = |part: usize| question.missing[part] + question.worth[part];
    let mut plan = Vec::new();
    for term in &expansion.terms {
        for (probe, pair) in term.row.iter().enumerate() {
            let Some(Pair { cost, .. }) = pair else { continue };
            let (parts, cost, promise) = match probe.checked_sub(question.parts) {
                None => (1 << probe, *cost, promise(probe)),
                Some(joined) => (0b11 << joined, cost + JOINED, promise(joined) + promise(joined + 1)),
            };
            let step = Step::Term { found: &term.found };
            plan.push(Planned { cost, parts, promise: steps(promise - cost), text: &term.text, step });
        }
    }
    for (part, probe) in question.probes.iter().enumerate().take(question.parts) {
        let text = probe.text.as_str();
        for at in 2..text.len().saturating_sub(1) {
            let (first, second) = text.split_at(at);
            let step = Step::Split { first, second };
            let promise = steps(promise(part) - JOINED);
            plan.push(Planned { cost: JOINED, parts: 1 << part, promise, text: first, step });
        }
    }
    plan.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.parts.cmp(&b.parts)).then(a.text.cmp(b.text)));
    plan
}

fn steps(promise: f32) -> u32 {
    (promise.max(0.0) * STEPS) as u32
}

impl Scratch {
    fn prepare(&mut self, snapshot: &Snapshot) {
        let segments = snapshot.segments.len();
        self.sums.resize_with(segments, Vec::new);
        self.touched.resize_with(segments, Vec::new);
        for (segment, (sums, touched)) in self.sums.iter_mut().zip(&mut self.touched).enumerate() {
            for document in touched.drain(..) {
                sums[document as usize] = 0;
            }
            sums.resize(snapshot.segments[segment].columns.label_of.len(), 0);
        }
    }

    /// Adds the promise of a part to the documents that have it; tells how many the caller may see.
    fn add(&mut self, segment: usize, access: &Access<'_>, planned: &Planned<'_>, mut next: impl FnMut() -> u32) -> u64 {
        if access.nothing() {
            return 0;
        }
        let (sums, touched) = (&mut self.sums[segment], &mut self.touched[segment]);
        let mut seen = 0;
        loop {
            let document = next();
            if document == TERMINATED {
                return seen;
            }
            if !access.counts(document) {
                continue;
            }
            seen += 1;
            let sum = &mut sums[document as usize];
            // The cheapest fit came first: a part counts once.
            if *sum >> 16 & planned.parts == 0 {
                if *sum == 0 {
                    touched.push(document);
                }
                *sum = (*sum | planned.parts << 16) + planned.promise;
            }
        }
    }

    /// The most promising documents that pass the filters. Documents of equal promise are taken or left together, because
    /// their order in the index depends on what else it holds.
    fn select(&self, snapshot: &Snapshot, question: &Question, query: &Query) -> Vec<Candidate> {
        let mut promising: Vec<(u32, Candidate)> = Vec::new();
        let initials: Vec<(u32, u64)> = (0..question.parts)
            .filter(|part| question.initials[*part].is_some())
            .map(|part| {
                let promise = question.missing[part] + question.worth[part] - INITIAL;
                (steps(promise), initial_bit(&question.probes[part].text))
            })
            .collect();
        let filtered = query.roles != 0 || query.from_day.is_some() || query.to_day.is_some();
        for (segment, touched) in self.touched.iter().enumerate() {
            let columns = &snapshot.segments[segment].columns;
            for document in touched.iter().copied() {
                if filtered {
                    let (first, last) = columns.days(document);
                    if !query.admits(columns.roles(document), first, last) {
                        continue;
                    }
                }
                let mut promise = self.sums[segment][document as usize] & 0xffff;
                if !initials.is_empty() {
                    let has = columns.initials.first(document).unwrap_or_default();
                    promise += initials.iter().filter(|(_, bit)| has & bit != 0).map(|(gain, _)| gain).sum::<u32>();
                }
                promising.push((promise, Candidate { segment, document }));
            }
        }
        let least = least_promise(&promising);
        let born_alike = |candidate: &Candidate| {
            let born = snapshot.segments[candidate.segment].columns.born(candidate.document);
            born != 0 && evidence::date_of_birth(question.date_of_birth, born).1 > 1.5
        };
        promising
            .into_iter()
            // A date of birth that agrees speaks for a name that fits less well.
            .filter(|(promise, candidate)| *promise >= least || (question.date_of_birth != 0 && born_alike(candidate)))
            .map(|(_, candidate)| candidate)
            .collect()
    }
}

/// The least promise that is scored in full.
fn least_promise(promising: &[(u32, Candidate)]) -> u32 {
    if promising.len() <= MOST_SCORED {
        return 0;
    }
    let best = promising.iter().map(|(promise, _)| *promise).max().unwrap_or_default();
    let mut counts = vec![0usize; best as usize + 1];
    for (promise, _) in promising {
        counts[*promise as usize] += 1;
    }
    let mut taken = 0;
    for promise in (0..=best).rev() {
        taken += counts[promise as usize];
        if taken > MOST_SCORED {
            // Whoever is best is scored, however many they are.
            return if taken == counts[promise as usize] { promise } else { promise + 1 };
        }
    }
    0
}
