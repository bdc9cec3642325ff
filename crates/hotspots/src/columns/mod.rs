//! The points and days of all incidents, in memory, ready to be counted.
//!
//! **Shape.** Three blocks of columns sorted by first day: incidents with short intervals, the few with long ones (which
//! would otherwise widen every search by date), and linked ones (the only ones that need comparing with each other).
//! Changes go to a small unsorted tail, and rows they replace are marked as gone; when tail and gone rows exceed a
//! sixteenth of the whole, all is sorted anew.
//!
//! **Memory.** 38 bytes an incident: 4 for the first day, 2 for the length of the interval, 8 for the point (exact to
//! 0.1 m), 4 for types, agency and label together, 16 for the id and 4 to find it by; 42 when linked. Each distinct
//! combination of types, agency and label takes about 40 bytes once. Sorting anew briefly takes about 80 an incident more.

mod block;
mod count;
mod dictionary;
mod filter;
mod occurrence;

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, RandomState};

use rustc_hash::FxHasher;
use uuid::Uuid;

use block::{Block, Row};
pub use count::{Counts, Hit};
use dictionary::Dictionary;
pub use filter::Filter;
use filter::Kind;
pub use occurrence::{Occurrence, OccurrenceError, decimetres};

/// Days; an incident known by month has 30 at most.
const SHORT: u16 = 31;
/// Changes are always worth keeping in the tail up to this number.
const SMALL_TAIL: usize = 2_048;

/// All incidents that have a point, by incident id. See the [module](self) for shape and memory.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    short: Block,
    long: Block,
    linked: Block,
    tail: Vec<Row>,
    /// Positions in the tail. Ids are made by clients, hence the hasher that cannot be foreseen.
    tail_by_id: HashMap<Uuid, u32>,
    /// Rows of the blocks that are gone.
    gone: usize,
    live: usize,
    kinds: Dictionary<Kind, BuildHasherDefault<FxHasher>>,
    events: Dictionary<Uuid, RandomState>,
}

impl Columns {
    /// Columns of many incidents at once; of several with one id the last counts.
    ///
    /// # Errors
    /// [`OccurrenceError`] of the first occurrence that cannot be kept.
    pub fn build(incidents: impl IntoIterator<Item = (Uuid, Occurrence)>) -> Result<Self, OccurrenceError> {
        let mut columns = Self::default();
        let mut rows = Vec::new();
        for (id, occurrence) in incidents {
            rows.push(columns.row(id, &occurrence)?);
        }
        // Reversed first: a stable sort then puts the last of each id first, which is the one `dedup` keeps.
        rows.reverse();
        rows.sort_by_key(|row| row.id);
        rows.dedup_by_key(|row| row.id);
        columns.settle(rows);
        Ok(columns)
    }

    /// Put an incident in, or in the place of what is known of it.
    ///
    /// # Errors
    /// [`OccurrenceError`]; the columns are then as before.
    pub fn upsert(&mut self, id: Uuid, occurrence: &Occurrence) -> Result<(), OccurrenceError> {
        let row = self.row(id, occurrence)?;
        if let Some(known) = self.tail_by_id.get(&id).and_then(|position| self.tail.get_mut(*position as usize)) {
            *known = row;
            return Ok(());
        }
        if self.remove_from_blocks(id) {
            self.live -= 1;
        }
        self.tail_by_id.insert(id, self.tail.len() as u32);
        self.tail.push(row);
        self.live += 1;
        self.sort_if_worth_it();
        Ok(())
    }

    /// Take an incident out; false if it is not there.
    pub fn remove(&mut self, id: Uuid) -> bool {
        let found = match self.tail_by_id.remove(&id) {
            Some(position) => {
                self.tail.swap_remove(position as usize);
                if let Some(moved) = self.tail.get(position as usize) {
                    self.tail_by_id.insert(moved.id, position);
                }
                true
            }
            None => self.remove_from_blocks(id),
        };
        self.live -= usize::from(found);
        self.sort_if_worth_it();
        found
    }

    /// What is known of an incident.
    #[must_use]
    pub fn get(&self, id: Uuid) -> Option<Occurrence> {
        let in_tail = || self.tail.get(*self.tail_by_id.get(&id)? as usize).copied();
        let in_blocks = || self.blocks().into_iter().find_map(|block| block.find(id));
        let row = in_tail().or_else(in_blocks)?;
        let kind = self.kinds.value(row.kind)?;
        Some(Occurrence {
            first_day: row.first_day,
            last_day: row.last_day(),
            easting_dm: row.easting_dm,
            northing_dm: row.northing_dm,
            types: kind.types,
            agency: kind.agency,
            label: kind.label,
            event: self.events.value(row.event),
        })
    }

    /// Incidents held. Not for showing to anyone: it counts what they may not see.
    #[must_use]
    pub fn len(&self) -> usize {
        self.live
    }

    /// Are there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Memory held, in bytes, to a few percent.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let blocks: usize = self.blocks().into_iter().map(Block::bytes).sum();
        let tail = self.tail.capacity() * size_of::<Row>() + self.tail_by_id.capacity() * size_of::<(Uuid, u32)>();
        blocks + tail + self.kinds.bytes() + self.events.bytes()
    }

    /// Sort the tail into the blocks and forget what is gone. Happens by itself; worth calling after a long import.
    pub fn sort(&mut self) {
        let (kinds, events) = (std::mem::take(&mut self.kinds), std::mem::take(&mut self.events));
        let known = std::mem::take(self);
        *self = Self::default();
        let mut rows = Vec::with_capacity(known.live);
        for row in known.blocks().into_iter().flat_map(Block::rows).chain(known.tail.iter().copied()) {
            // Codes are given anew, so that kinds and events no incident has any more are forgotten too.
            let kind = kinds.value(row.kind).map_or(block::GONE, |kind| self.kinds.code(kind));
            let event = events.value(row.event).map_or(0, |event| self.events.code(event));
            rows.push(Row { kind, event, ..row });
        }
        drop(known);
        self.settle(rows);
    }

    /// Rows of distinct ids into empty blocks.
    fn settle(&mut self, rows: Vec<Row>) {
        self.live = rows.len();
        let (linked, alone): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.event != 0);
        let (short, long) = alone.into_iter().partition(|row| row.length <= SHORT);
        self.linked = Block::of(linked);
        self.short = Block::of(short);
        self.long = Block::of(long);
    }

    fn sort_if_worth_it(&mut self) {
        if self.tail.len() + self.gone > SMALL_TAIL.max(self.live / 16) {
            self.sort();
        }
    }

    fn remove_from_blocks(&mut self, id: Uuid) -> bool {
        let found = [&mut self.short, &mut self.long, &mut self.linked].into_iter().any(|block| block.remove(id));
        self.gone += usize::from(found);
        found
    }

    fn blocks(&self) -> [&Block; 3] {
        [&self.short, &self.long, &self.linked]
    }

    fn row(&mut self, id: Uuid, occurrence: &Occurrence) -> Result<Row, OccurrenceError> {
        let length = occurrence.length()?;
        Ok(Row {
            id,
            first_day: occurrence.first_day,
            length,
            easting_dm: occurrence.easting_dm,
            northing_dm: occurrence.northing_dm,
            kind: self.kinds.code(Kind { types: occurrence.types, agency: occurrence.agency, label: occurrence.label }),
            event: occurrence.event.map_or(0, |event| self.events.code(event)),
        })
    }
}
