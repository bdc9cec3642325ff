//! Which mentions of a segment a caller may see. Nothing else ever counts.

use super::folder::Live;
use crate::{Query, Tail};
use rustc_hash::{FxHashMap, FxHashSet};

/// The mentions of one segment that count for one search.
pub(crate) struct Access<'a> {
    live: &'a Live,
    /// For each label of the segment, whether the caller may see it.
    allowed: Vec<bool>,
    /// Mentions of incidents that the tail has anew.
    superseded: FxHashSet<u32>,
    filtered: bool,
}

impl Access<'_> {
    /// What the caller may see of a segment; each label is asked about once, `known` keeps the answers.
    pub(crate) fn of<'a>(
        live: &'a Live,
        query: &Query,
        visible: &dyn Fn(u32) -> bool,
        known: &mut FxHashMap<u32, bool>,
        tail: &Tail,
    ) -> Access<'a> {
        let allowed = live.segment.labels.iter().map(|label| *known.entry(*label).or_insert_with(|| visible(*label))).collect();
        let superseded = tail.incidents().flat_map(|incident| live.segment.of_incident(*incident)).collect();
        let filtered = query.roles != 0 || query.from_day.is_some() || query.to_day.is_some();
        Access { live, allowed, superseded, filtered }
    }

    /// Whether nothing of the segment can be seen.
    pub(crate) fn nothing(&self) -> bool {
        !self.allowed.contains(&true)
    }

    /// Whether the mention counts, and passes the query's filters.
    pub(crate) fn counts(&self, query: &Query, document: u32) -> bool {
        let segment = &self.live.segment;
        self.allowed[segment.label_at(document)]
            && (self.live.dead.is_empty() || !self.live.dead.has(document))
            && (self.superseded.is_empty() || !self.superseded.contains(&document))
            && (!self.filtered || {
                let (first_day, last_day) = segment.days(document);
                query.admits(segment.roles(document), first_day, last_day)
            })
    }
}
