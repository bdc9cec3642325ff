//! A search: candidates found, scored, ranked and explained.

use super::{
    access::Access,
    candidates::{Candidate, Scratch, candidates},
    expansion::Expansion,
    segment::SegmentColumns,
    snapshot::Snapshot,
};
use crate::{
    Band, Match, NamesError, Query, Reason, Tail,
    alignment::Seat,
    explanation,
    scoring::{self, Circumstances, NameScore, Question},
    tail::Entry,
};
use uuid::Uuid;

/// Most matches of one search.
const MOST_MATCHES: usize = 1_000;

/// Where a hit was found.
enum Source<'a> {
    Index(Candidate),
    Tail(&'a Entry),
}

struct Hit<'a> {
    strength: f32,
    mention: (u64, u64),
    name: usize,
    source: Source<'a>,
}

/// Answers a query from a snapshot and a tail.
pub(crate) fn search(
    snapshot: &Snapshot,
    query: &Query,
    visible: &dyn Fn(u32) -> bool,
    tail: &Tail,
    scratch: &mut Scratch,
) -> Result<Vec<Match>, NamesError> {
    let question = Question::new(query)?;
    let limit = query.limit.min(MOST_MATCHES);
    if limit == 0 || !question.is_searchable() {
        return Ok(Vec::new());
    }
    let access = Access::of(snapshot, visible, tail)?;
    let expansion = Expansion::of(&question, snapshot)?;
    let found = candidates(snapshot, &question, query, &expansion, &access, scratch)?;
    let numbers: Vec<Vec<u32>> = (0..snapshot.segments.len()).map(|segment| expansion.by_number(snapshot, segment)).collect();
    let scored = Scored { question: &question, snapshot, expansion: &expansion, numbers: &numbers };
    let mut hits: Vec<Hit<'_>> = Vec::new();
    for candidate in found {
        hits.extend(scored.hit(candidate));
    }
    for entry in tail.admitted(query, visible) {
        hits.extend(tail_hit(&question, entry));
    }
    hits.sort_unstable_by(|a, b| b.strength.total_cmp(&a.strength).then(a.mention.cmp(&b.mention)));
    hits.truncate(limit);
    hits.into_iter().map(|hit| scored.explained(hit)).collect()
}

fn tail_hit<'a>(question: &Question, entry: &'a Entry) -> Option<Hit<'a>> {
    let (name, score) = entry.best_name(question)?;
    let strength = strength(question, &score, entry.circumstances())?;
    Some(Hit { strength, mention: entry.mention.id.as_u64_pair(), name, source: Source::Tail(entry) })
}

/// The strength of a name with its circumstances, where it is worth returning.
fn strength(question: &Question, score: &NameScore, known: Circumstances<'_>) -> Option<f32> {
    let shifts: f32 = scoring::circumstances(question, known).iter().flatten().map(|(_, weight)| weight).sum();
    let strength = scoring::strength(score.evidence + shifts);
    // Nothing of the name agreeing is no match, whatever else does.
    let named = score.alignment.used != 0;
    (named && strength >= Band::FLOOR).then_some(strength)
}

/// What scoring a candidate takes.
struct Scored<'a> {
    question: &'a Question,
    snapshot: &'a Snapshot,
    expansion: &'a Expansion,
    /// For each segment, for each part of its vocabulary, its place in the expansion.
    numbers: &'a [Vec<u32>],
}

impl Scored<'_> {
    fn hit(&self, candidate: Candidate) -> Option<Hit<'static>> {
        let columns = self.columns(candidate);
        let mut best: Option<(usize, NameScore)> = None;
        self.each_name(candidate, |name, seats| {
            let score = scoring::name(self.question, seats);
            if best.is_none_or(|(_, known)| score.evidence > known.evidence) {
                best = Some((name, score));
            }
        });
        let (name, score) = best?;
        let strength = self.with_circumstances(candidate, |known| strength(self.question, &score, known))?;
        Some(Hit { strength, mention: columns.mention(candidate.document), name, source: Source::Index(candidate) })
    }

    fn columns(&self, candidate: Candidate) -> &SegmentColumns {
        &self.snapshot.segments[candidate.segment].columns
    }

    /// Runs `body` on each name of a mention.
    fn each_name(&self, candidate: Candidate, mut body: impl FnMut(usize, &[Seat<'_>])) {
        let columns = self.columns(candidate);
        let mut seats: Vec<Seat<'_>> = Vec::with_capacity(8);
        let mut current = 0;
        for (number, name, slot) in columns.parts(candidate.document) {
            if name != current {
                body(current, &seats);
                seats.clear();
                current = name;
            }
            let place = self.numbers[candidate.segment].get(number as usize).copied().unwrap_or_default();
            seats.push(Seat { text: columns.vocabulary.part(number), slot, row: self.expansion.row(place) });
        }
        if !seats.is_empty() {
            body(current, &seats);
        }
    }

    fn with_circumstances<T>(&self, candidate: Candidate, body: impl FnOnce(Circumstances<'_>) -> T) -> T {
        let (columns, document) = (self.columns(candidate), candidate.document);
        // Columns nobody asks about are not read: this runs for every candidate.
        let birth = self.question.date_of_birth != 0;
        let postcodes: Vec<u64> = match self.question.postcode {
            Some(_) => columns.postcodes(document).collect(),
            None => Vec::new(),
        };
        body(Circumstances {
            date_of_birth: if birth { columns.born(document) } else { 0 },
            age_band: if birth { columns.age_band(document) } else { None },
            first_day: if birth { columns.days(document).0 } else { 0 },
            postcodes: &postcodes,
        })
    }

    fn explained(&self, hit: Hit<'_>) -> Result<Match, NamesError> {
        match hit.source {
            Source::Tail(entry) => {
                let mut reasons = entry.with_seats(self.question, hit.name, |seats| self.name_reasons(seats));
                reasons.extend(explanation::circumstance_reasons(self.question, entry.circumstances()));
                let mention = &entry.mention;
                Ok(Match {
                    mention: mention.id,
                    incident: mention.incident,
                    person: mention.person,
                    label: mention.label,
                    roles: mention.roles,
                    strength: hit.strength,
                    band: Band::of(hit.strength),
                    matched_name: entry.record.names[hit.name].1.clone(),
                    reasons,
                })
            }
            Source::Index(candidate) => {
                let columns = self.columns(candidate);
                let (incident, person, written) = self.snapshot.stored(candidate.segment, candidate.document)?;
                let mut reasons = Vec::new();
                self.each_name(candidate, |name, seats| {
                    if name == hit.name {
                        reasons = self.name_reasons(seats);
                    }
                });
                self.with_circumstances(candidate, |known| {
                    reasons.extend(explanation::circumstance_reasons(self.question, known));
                });
                Ok(Match {
                    mention: Uuid::from_u64_pair(hit.mention.0, hit.mention.1),
                    incident,
                    person,
                    label: columns.label(candidate.document).ok_or(NamesError::Damaged("a mention without a label"))?,
                    roles: columns.roles(candidate.document),
                    strength: hit.strength,
                    band: Band::of(hit.strength),
                    matched_name: written.split('\n').nth(hit.name).unwrap_or_default().to_owned(),
                    reasons,
                })
            }
        }
    }

    fn name_reasons(&self, seats: &[Seat<'_>]) -> Vec<Reason> {
        let score = scoring::name(self.question, seats);
        explanation::name_reasons(self.question, &score, seats)
    }
}
