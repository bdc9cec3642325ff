//! Segments of about one size are merged into one, in the background: a search walks the vocabulary of each.

use super::{
    building::Builder,
    folder::{Live, State},
    segment::Segment,
};
use rustc_hash::FxHashSet;
use uuid::Uuid;

/// Segments of about one size that are merged.
const MERGED_AT: usize = 4;
/// How much larger a segment may be than another of about the same size.
const SIZE: u32 = 8;
/// Below this all are of one size.
const SMALL: u32 = 512;
/// A segment with more than one in so many dead is written anew.
const DEAD: u32 = 3;
/// Name parts of one segment at most, well below what its entries can tell apart.
const MOST_PARTS: usize = super::entry::MOST_TERMS / 2;

/// Segments to be merged, as they were.
pub(super) struct Merge {
    sources: Vec<Live>,
}

/// What came of them.
pub(super) struct Merged {
    sources: Vec<Live>,
    segment: Option<Segment>,
}

impl Merge {
    /// The next merge that is worth it.
    pub(super) fn of(state: &State) -> Option<Merge> {
        let mut by_size: Vec<&Live> = state.live.iter().collect();
        by_size.sort_by_key(|live| live.living());
        let mut group: Vec<&Live> = Vec::new();
        for live in by_size {
            let alike = group.first().is_none_or(|first| live.living() <= first.living().max(SMALL).saturating_mul(SIZE));
            if !alike {
                if group.len() >= MERGED_AT {
                    break;
                }
                group.clear();
            }
            group.push(live);
        }
        while group.iter().map(|live| live.segment.vocabulary.len()).sum::<usize>() > MOST_PARTS {
            group.pop();
        }
        if group.len() < MERGED_AT {
            group = state.live.iter().filter(|live| live.dead.count() > live.segment.len() / DEAD).take(1).collect();
        }
        (!group.is_empty()).then(|| Merge { sources: group.into_iter().cloned().collect() })
    }

    pub(super) fn run(self, number: u64) -> Merged {
        let mut builder = Builder::default();
        for live in &self.sources {
            builder.copy(&live.segment, &live.dead);
        }
        Merged { segment: builder.finish(number), sources: self.sources }
    }
}

impl Merged {
    /// The merged segment; nothing when none of the mentions lived.
    pub(super) fn live(&mut self) -> Option<Live> {
        self.segment.take().map(Live::new)
    }

    /// Puts the merged segment in the place of what it was merged from. What died meanwhile is dead in it too.
    pub(super) fn replace(&self, state: &mut State, merged: Option<&Live>) {
        let mut merged = merged.cloned();
        for source in &self.sources {
            let Some(at) = state.live.iter().position(|live| live.segment.number == source.segment.number) else { continue };
            let now = state.live.remove(at);
            if let Some(merged) = &mut merged {
                let died: FxHashSet<Uuid> =
                    now.dead.iter().filter(|document| !source.dead.has(*document)).map(|document| now.segment.incident(document)).collect();
                for incident in died {
                    merged.segment.of_incident(incident).for_each(|document| merged.kill(document));
                }
            }
        }
        if let Some(merged) = merged.filter(|merged| merged.living() > 0) {
            state.live.insert(0, merged);
        }
    }
}
