//! One incident as the columns see it.

use uuid::Uuid;

/// The longest interval kept, in days (89 years): lengths take two bytes.
pub(super) const MAX_LENGTH: i64 = i16::MAX as i64;

/// When and where an incident happened, and what is needed to choose it. Every incident with a British grid point has
/// one; incidents without a point are not in the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// First day it may have happened on: days since 1970-01-01 of the Europe/London calendar.
    pub first_day: i32,
    /// Last such day; the first for an incident whose day is known, the last of the month for one known by month.
    pub last_day: i32,
    /// British National Grid easting in decimetres (see [`decimetres`]).
    pub easting_dm: u32,
    /// British National Grid northing in decimetres.
    pub northing_dm: u32,
    /// One bit per type of incident; an incident may have several.
    pub types: u32,
    /// The caller's number of the owning agency.
    pub agency: u16,
    /// The caller's number of the access label.
    pub label: u32,
    /// The event that this record and its duplicates at other agencies describe; `None` for an incident not linked.
    /// Every one of the linked incidents carries it, the first too: it is never compared with incident ids.
    pub event: Option<Uuid>,
}

/// Why an occurrence cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OccurrenceError {
    /// The last day is before the first.
    #[error("the last day ({last_day}) is before the first ({first_day})")]
    Reversed {
        /// First day given.
        first_day: i32,
        /// Last day given.
        last_day: i32,
    },
    /// An interval of more than 32,767 days.
    #[error("an interval of {0} days is longer than 32,767")]
    TooLong(i64),
}

impl Occurrence {
    /// Last day less first day.
    pub(super) fn length(&self) -> Result<u16, OccurrenceError> {
        match i64::from(self.last_day) - i64::from(self.first_day) {
            length @ 0..=MAX_LENGTH => u16::try_from(length).map_err(|_| OccurrenceError::TooLong(length)),
            length if length < 0 => Err(OccurrenceError::Reversed { first_day: self.first_day, last_day: self.last_day }),
            length => Err(OccurrenceError::TooLong(length)),
        }
    }
}

/// Metres of easting or northing as the decimetres the columns keep, rounded to the nearest; `None` for what is negative
/// or not on the British National Grid.
#[must_use]
pub fn decimetres(metres: f64) -> Option<u32> {
    let decimetres = (metres * 10.0).round();
    (0.0..=20_000_000.0).contains(&decimetres).then_some(decimetres as u32)
}
