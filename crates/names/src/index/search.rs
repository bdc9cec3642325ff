//! A search: the best mentions found, ranked and explained.

use super::{
    access::Access,
    candidates::{Best, Hit, Look, Source, each_name_anew, with_circumstances},
    fits::{Fits, Scratch},
    folder::State,
    segment::Segment,
};
use crate::{
    Band, Match, NamesError, Query, Tail, explanation,
    scoring::{self, Question},
    tail::Entry,
};
use rustc_hash::FxHashMap;
use uuid::Uuid;

/// Most matches of one search.
const MOST_MATCHES: usize = 1_000;

/// Answers a query from a state of the index and a tail.
pub(crate) fn search(
    state: &State,
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
    let mut best = Best::new(limit, question.floor);
    let newest: Vec<&Entry> = tail.admitted(query, visible).collect();
    for (at, entry) in (0..).zip(&newest) {
        if let Some((name, score)) = entry.best_name(&question)
            && let Some(evidence) = scoring::whole(&score, scoring::shifts(&question, entry.circumstances()))
        {
            let (last_day, mention) = (entry.mention.last_day, entry.mention.id.as_u64_pair());
            best.offer(Hit { evidence, last_day, mention, name: name as u8, source: Source::Tail(at) });
        }
    }
    let mut known = FxHashMap::default();
    for (at, live) in (0..).zip(&state.live) {
        let access = Access::of(live, query, visible, &mut known, tail);
        if !access.nothing() {
            let fits = Fits::find(&question, &live.segment, scratch);
            Look::new(at, &question, query, fits, access).run(&mut best);
        }
    }
    let explained = best.into_sorted().into_iter().map(|hit| match hit.source {
        Source::Tail(at) => from_tail(&question, hit, newest[at as usize]),
        Source::Segment { at, document } => from_segment(&question, hit, &state.live[at as usize].segment, document),
    });
    Ok(explained.collect())
}

fn from_tail(question: &Question, hit: Hit, entry: &Entry) -> Match {
    let name = usize::from(hit.name);
    let mut reasons = entry.with_seats(question, name, |seats| explanation::name_reasons(question, &scoring::name(question, seats), seats));
    reasons.extend(explanation::circumstance_reasons(question, entry.circumstances()));
    let (mention, strength) = (&entry.mention, scoring::strength(question, hit.evidence));
    Match {
        mention: mention.id,
        incident: mention.incident,
        person: mention.person,
        label: mention.label,
        roles: mention.roles,
        strength,
        band: Band::of(strength),
        matched_name: entry.record.names[name].written.clone(),
        reasons,
    }
}

fn from_segment(question: &Question, hit: Hit, segment: &Segment, document: u32) -> Match {
    let mut reasons = Vec::new();
    each_name_anew(question, segment, document, |name, seats| {
        if name == usize::from(hit.name) {
            reasons = explanation::name_reasons(question, &scoring::name(question, seats), seats);
        }
    });
    with_circumstances(question, segment, document, |known| reasons.extend(explanation::circumstance_reasons(question, known)));
    let strength = scoring::strength(question, hit.evidence);
    Match {
        mention: Uuid::from_u64_pair(hit.mention.0, hit.mention.1),
        incident: segment.incident(document),
        person: segment.person(document),
        label: segment.label(document),
        roles: segment.roles(document),
        strength,
        band: Band::of(strength),
        matched_name: segment.written(document, usize::from(hit.name)),
        reasons,
    }
}
