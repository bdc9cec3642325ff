//! Which incidents a question is about, and which the asker may see.

use std::collections::HashMap;

use uuid::Uuid;

use super::block::Row;
use crate::area::GridBox;

/// A question's choice of incidents. Whatever is `None` does not restrict.
#[derive(Clone, Copy)]
pub struct Filter<'a> {
    /// First day of the window, inclusive: days since 1970-01-01 of the Europe/London calendar.
    pub from_day: Option<i32>,
    /// Last day of the window, inclusive. An occurrence matches when its interval overlaps the window.
    pub to_day: Option<i32>,
    /// Types wanted, one bit each: an incident matches with any one of them.
    pub types: Option<u32>,
    /// Agencies wanted.
    pub agencies: Option<&'a [u16]>,
    /// May the caller see incidents of this access label? Asked once per label at the start of each question.
    pub visible: &'a dyn Fn(u32) -> bool,
    /// The event of each linked incident as this caller knows it: a link joins nothing for somebody who may not see both
    /// its ends. An incident that is not in here is an event of its own. `None`: the events the occurrences name.
    pub events: Option<&'a HashMap<Uuid, Uuid>>,
    /// Points in this box only (metres, edges included). Counting by cell needs none: a study area has its own bounds.
    pub bounds: Option<GridBox>,
}

impl<'a> Filter<'a> {
    /// Every incident whose access label the caller may see.
    #[must_use]
    pub fn seen_by(visible: &'a dyn Fn(u32) -> bool) -> Self {
        Self { from_day: None, to_day: None, types: None, agencies: None, visible, events: None, bounds: None }
    }
}

/// What all rows of one kind have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    pub(super) types: u32,
    pub(super) agency: u16,
    pub(super) label: u32,
}

/// A filter made ready: types, agency and visibility are settled per kind, before any row is looked at.
pub(super) struct Selection<'a> {
    pub(super) from_day: i64,
    pub(super) to_day: i64,
    admitted: Vec<bool>,
    bounds: Option<&'a GridBox>,
}

impl<'a> Selection<'a> {
    pub(super) fn new(filter: &'a Filter<'_>, kinds: &[Kind]) -> Self {
        let mut labels: HashMap<u32, bool> = HashMap::new();
        let mut visible = |label: u32| *labels.entry(label).or_insert_with(|| (filter.visible)(label));
        let admitted = kinds.iter().map(|kind| {
            visible(kind.label)
                && filter.types.is_none_or(|types| types & kind.types != 0)
                && filter.agencies.is_none_or(|agencies| agencies.contains(&kind.agency))
        });
        Self {
            // Halved so that a subtraction cannot overflow; still far beyond any day.
            from_day: filter.from_day.map_or(i64::MIN / 2, i64::from),
            to_day: filter.to_day.map_or(i64::MAX / 2, i64::from),
            // Code 0 is the kind of rows taken out.
            admitted: std::iter::once(false).chain(admitted).collect(),
            bounds: filter.bounds.as_ref(),
        }
    }

    #[inline]
    pub(super) fn admits_kind(&self, kind: u32) -> bool {
        self.admitted.get(kind as usize).copied().unwrap_or(false)
    }

    #[inline]
    pub(super) fn admits_day_and_place(&self, row: &Row) -> bool {
        i64::from(row.first_day) <= self.to_day
            && i64::from(row.last_day()) >= self.from_day
            && self.bounds.is_none_or(|bounds| bounds.holds(row.easting_dm, row.northing_dm))
    }

    /// Does the row's interval overlap the window without lying wholly inside it?
    #[inline]
    pub(super) fn overlaps_only(&self, row: &Row) -> bool {
        i64::from(row.first_day) < self.from_day || i64::from(row.last_day()) > self.to_day
    }
}
