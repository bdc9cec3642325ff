//! Which documents of a segment a caller may see. Nothing else is ever counted.

use super::snapshot::Snapshot;
use crate::{NamesError, Tail};
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::{DocSet, TERMINATED, fastfield::AliveBitSet, schema::IndexRecordOption};

/// The documents of one segment that count for one search.
pub(crate) struct Access<'a> {
    /// For each label of the segment, whether the caller may see it.
    allowed: Vec<bool>,
    label_of: &'a [u32],
    alive: Option<&'a AliveBitSet>,
    /// Documents of incidents that the tail has anew.
    superseded: FxHashSet<u32>,
    /// Whether every document counts, so that none needs a look.
    all: bool,
}

impl Access<'_> {
    /// For every segment what the caller may see of it; each label is asked about once.
    pub(crate) fn of<'a>(snapshot: &'a Snapshot, visible: &dyn Fn(u32) -> bool, tail: &Tail) -> Result<Vec<Access<'a>>, NamesError> {
        let mut known: FxHashMap<u32, bool> = FxHashMap::default();
        let mut all = Vec::new();
        for (at, segment) in snapshot.segments.iter().enumerate() {
            let labels = &segment.columns.labels;
            let allowed: Vec<bool> = labels.iter().map(|label| *known.entry(*label).or_insert_with(|| visible(*label))).collect();
            let mut superseded = FxHashSet::default();
            for incident in tail.incidents() {
                if let Some(info) = segment.incidents.terms().get(incident.as_bytes())? {
                    let mut postings = segment.incidents.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
                    while postings.doc() != TERMINATED {
                        superseded.insert(postings.doc());
                        postings.advance();
                    }
                }
            }
            let alive = snapshot.reader(at).alive_bitset();
            let nothing_hidden = alive.is_none() && superseded.is_empty() && allowed.iter().all(|allowed| *allowed);
            all.push(Access { allowed, label_of: &segment.columns.label_of, alive, superseded, all: nothing_hidden });
        }
        Ok(all)
    }

    /// Whether nothing of the segment can be seen.
    pub(crate) fn nothing(&self) -> bool {
        !self.allowed.contains(&true)
    }

    /// Whether the document counts.
    pub(crate) fn counts(&self, document: u32) -> bool {
        self.all
            || (self.allowed[self.label_of[document as usize] as usize]
                && self.alive.is_none_or(|alive| alive.is_alive(document))
                && (self.superseded.is_empty() || !self.superseded.contains(&document)))
    }
}
