//! A believable Stockton for the demonstration: agencies, officers and incidents, made from a seed. The same arguments
//! give the same bytes, ids included, so that seeding twice adds nothing. No input or output, no clock, no randomness
//! but the seed's.
//!
//! Everybody in it is invented, telephone numbers are those Ofcom keeps for drama, registration marks hold a letter that
//! is never issued, and the postcodes' last units were not allocated when the street table was written.

mod calendar;
mod calls;
mod compose;
mod corrupt;
mod doers;
mod draft;
mod flare;
mod kinds;
mod mention;
mod partnership;
mod people;
mod phrases;
mod random;
mod scene;
mod stories;
mod stream;
mod streets;
mod tables;
mod tour;
mod town;
mod wording;

use model::{NewIncident, Timestamp};
use uuid::Uuid;

pub use flare::{FlareExport, flare_export};
pub use partnership::{DemoAgency, DemoOfficer, PARTNERSHIPS, SECONDED};
pub use stories::STORIES;
pub use tour::{TourQuery, TourStep, tour};

/// The partnership: agencies and officers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demo {
    /// The agencies; [`DemoIncident::agency`] is an index into them.
    pub agencies: Vec<DemoAgency>,
    /// The officers; [`DemoIncident::officer`] is an index into them.
    pub officers: Vec<DemoOfficer>,
}

/// An incident, with who recorded it and when.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoIncident {
    /// The recording agency, an index into [`Demo::agencies`].
    pub agency: usize,
    /// The recording officer, an index into [`Demo::officers`].
    pub officer: usize,
    /// When it was recorded: before the day called today begins.
    pub recorded_at: Timestamp,
    /// The incident; it and all its parts have ids.
    pub incident: NewIncident,
    /// The planted story it belongs to, one of [`STORIES`].
    pub story: Option<&'static str>,
}

/// The partnership. The list is fixed: the seed changes incidents only.
pub fn demo(_seed: u64) -> Demo {
    Demo { agencies: partnership::AGENCIES.to_vec(), officers: partnership::OFFICERS.to_vec() }
}

/// About three years of incidents before `today`, in the order in which they were recorded. `count` of them, or as many
/// as the planted stories have when that is more. `agency_ids` and `officer_ids` are the ids given to the agencies and
/// officers of [`demo`], in its order.
pub fn incidents(
    seed: u64,
    today: jiff::civil::Date,
    count: usize,
    agency_ids: &[Uuid],
    officer_ids: &[Uuid],
) -> impl Iterator<Item = DemoIncident> + use<> {
    stream::Stream::new(seed, today, count, partnership::Ids::new(agency_ids, officer_ids))
}
