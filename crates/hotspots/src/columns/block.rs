//! Rows as columns, sorted by first day.

use uuid::Uuid;

use super::filter::Selection;

/// The kind of a row that has been taken out; no filter admits it.
pub(super) const GONE: u32 = 0;

/// One row in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) first_day: i32,
    pub(super) length: u16,
    pub(super) easting_dm: u32,
    pub(super) northing_dm: u32,
    /// Code of types, agency and label together.
    pub(super) kind: u32,
    /// Code of the event, 0 for none.
    pub(super) event: u32,
}

impl Row {
    pub(super) fn last_day(&self) -> i32 {
        self.first_day.saturating_add(i32::from(self.length))
    }
}

/// 38 bytes a row, 42 with events: 4 first day, 2 length, 8 point, 4 kind, 16 id, 4 order by id (, 4 event).
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    first_day: Vec<i32>,
    length: Vec<u16>,
    easting_dm: Vec<u32>,
    northing_dm: Vec<u32>,
    kind: Vec<u32>,
    id: Vec<Uuid>,
    /// Empty in a block of rows without events.
    event: Vec<u32>,
    /// Positions of the rows in the order of their ids.
    by_id: Vec<u32>,
    longest: u16,
}

impl Block {
    /// Rows of distinct ids, in any order.
    pub(super) fn of(mut rows: Vec<Row>) -> Self {
        rows.sort_unstable_by_key(|row| (row.first_day, row.id));
        let id: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut by_id: Vec<u32> = (0..rows.len() as u32).collect();
        by_id.sort_unstable_by_key(|position| id.get(*position as usize));
        let any_event = rows.iter().any(|row| row.event != 0);
        Self {
            first_day: rows.iter().map(|row| row.first_day).collect(),
            length: rows.iter().map(|row| row.length).collect(),
            easting_dm: rows.iter().map(|row| row.easting_dm).collect(),
            northing_dm: rows.iter().map(|row| row.northing_dm).collect(),
            kind: rows.iter().map(|row| row.kind).collect(),
            event: rows.iter().filter(|_| any_event).map(|row| row.event).collect(),
            longest: rows.iter().map(|row| row.length).max().unwrap_or(0),
            id,
            by_id,
        }
    }

    /// Call `f` with every row of a selection. Rows that begin after the window, or so long before it that even the
    /// longest would have ended, are not looked at.
    #[inline]
    pub(super) fn for_each(&self, selection: &Selection<'_>, mut f: impl FnMut(Row)) {
        let earliest = selection.from_day - i64::from(self.longest);
        let start = self.first_day.partition_point(|day| i64::from(*day) < earliest);
        let end = self.first_day.partition_point(|day| i64::from(*day) <= selection.to_day);
        let kinds = self.kind.get(start..end).unwrap_or(&[]);
        for (position, kind) in (start..).zip(kinds) {
            if selection.admits_kind(*kind)
                && let Some(row) = self.row(position)
                && selection.admits_day_and_place(&row)
            {
                f(row);
            }
        }
    }

    /// The rows not taken out.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        (0..self.kind.len()).filter_map(|position| self.row(position)).filter(|row| row.kind != GONE)
    }

    pub(super) fn find(&self, id: Uuid) -> Option<Row> {
        self.row(self.position(id)?).filter(|row| row.kind != GONE)
    }

    /// Take a row out; false if it is not there.
    pub(super) fn remove(&mut self, id: Uuid) -> bool {
        let kind = self.position(id).and_then(|position| self.kind.get_mut(position));
        kind.is_some_and(|kind| std::mem::replace(kind, GONE) != GONE)
    }

    pub(super) fn bytes(&self) -> usize {
        self.kind.len() * 38 + self.event.len() * 4
    }

    fn position(&self, id: Uuid) -> Option<usize> {
        let found = self.by_id.binary_search_by(|position| self.id.get(*position as usize).cmp(&Some(&id)));
        self.by_id.get(found.ok()?).map(|position| *position as usize)
    }

    #[inline]
    fn row(&self, position: usize) -> Option<Row> {
        Some(Row {
            id: *self.id.get(position)?,
            first_day: *self.first_day.get(position)?,
            length: *self.length.get(position)?,
            easting_dm: *self.easting_dm.get(position)?,
            northing_dm: *self.northing_dm.get(position)?,
            kind: *self.kind.get(position)?,
            event: self.event.get(position).copied().unwrap_or(0),
        })
    }
}
