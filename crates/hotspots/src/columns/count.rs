//! Counting what a filter selects.

use uuid::Uuid;

use super::Columns;
use super::block::Row;
use super::filter::{Filter, Selection};
use crate::area::StudyArea;

/// One event selected: an incident, or the first of several linked ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The incident; of linked ones that match, the one with the smallest id.
    pub id: Uuid,
    /// First day it may have happened on.
    pub first_day: i32,
    /// Last such day.
    pub last_day: i32,
    /// Easting, decimetres.
    pub easting_dm: u32,
    /// Northing, decimetres.
    pub northing_dm: u32,
    /// Its interval overlaps the window without lying wholly inside it.
    pub overlap_only: bool,
    /// Linked incidents that match too and are the same event.
    pub duplicates: u32,
}

/// Events per cell of a study area. Every figure rests only on incidents that match and may be seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// One entry per cell of the lattice, row by row; cells beyond the area have 0.
    pub per_cell: Vec<u32>,
    /// Events in the area: the sum of `per_cell`.
    pub matched: u64,
    /// Of `matched`, those whose interval overlaps the window without lying wholly inside it.
    pub overlap_only: u64,
    /// Events that match but lie outside the area.
    pub outside: u64,
    /// Incidents that match but are not counted because their event is, in the area, by another incident.
    pub duplicates_counted_once: u64,
}

impl Columns {
    /// Call `f` with each event a filter selects, in no particular order.
    ///
    /// Linked incidents are one event: of those that match and may be seen the one with the smallest id speaks for all,
    /// with its own days and point. Which one that is therefore depends on the caller's sight, never the reverse.
    #[inline]
    pub fn for_each(&self, filter: &Filter<'_>, mut f: impl FnMut(Hit)) {
        let selection = Selection::new(filter, self.kinds.values());
        let hit = |row: Row| Hit {
            id: row.id,
            first_day: row.first_day,
            last_day: row.last_day(),
            easting_dm: row.easting_dm,
            northing_dm: row.northing_dm,
            overlap_only: selection.overlaps_only(&row),
            duplicates: 0,
        };
        self.short.for_each(&selection, |row| f(hit(row)));
        self.long.for_each(&selection, |row| f(hit(row)));
        let mut linked: Vec<(u128, Hit)> = Vec::new();
        let mut sort_out = |row: Row| {
            let event = match filter.events {
                _ if row.event == 0 => None,
                Some(events) => events.get(&row.id).map(Uuid::as_u128),
                None => Some(u128::from(row.event)),
            };
            match event {
                Some(event) => linked.push((event, hit(row))),
                None => f(hit(row)),
            }
        };
        self.linked.for_each(&selection, &mut sort_out);
        for row in &self.tail {
            if selection.admits_kind(row.kind) && selection.admits_day_and_place(row) {
                sort_out(*row);
            }
        }
        linked.sort_unstable_by_key(|(event, hit)| (*event, hit.id));
        for event in linked.chunk_by(|a, b| a.0 == b.0) {
            if let Some(((_, first), others)) = event.split_first() {
                f(Hit { duplicates: others.len() as u32, ..*first });
            }
        }
    }

    /// The events a filter selects, by cell of a study area.
    #[must_use]
    pub fn count_into(&self, area: &StudyArea, filter: &Filter<'_>) -> Counts {
        let mut counts = Counts { per_cell: vec![0; area.lattice().len()], ..Counts::default() };
        self.for_each(filter, |hit| {
            let index = area.cell_at(hit.easting_dm, hit.northing_dm);
            match index.and_then(|index| counts.per_cell.get_mut(index)) {
                Some(cell) => {
                    *cell += 1;
                    counts.matched += 1;
                    counts.overlap_only += u64::from(hit.overlap_only);
                    counts.duplicates_counted_once += u64::from(hit.duplicates);
                }
                None => counts.outside += 1,
            }
        });
        counts
    }
}
