//! One incident while it is being made.

use crate::{kinds::Kind, people::Person as Someone, phrases::Event, random::Random, scene::Scene, town::Town};
use jiff::civil::Date;
use model::{InvolvementRole, NewIncident, NewInvolvement, NewReport, Timestamp, involvement::Person};
use uuid::Uuid;

/// One incident while it is being made.
pub(crate) struct Draft<'a> {
    pub(crate) town: &'a Town,
    pub(crate) random: Random,
    pub(crate) kind: &'static Kind,
    /// The day it happened.
    pub(crate) day: Date,
    /// When it happened, in microseconds.
    pub(crate) occurred: i64,
    /// When it was recorded.
    pub(crate) recorded: i64,
    pub(crate) agency: usize,
    /// The street, by its place in the table.
    pub(crate) street: usize,
    pub(crate) scene: Scene,
    pub(crate) event: Event,
    /// Everybody in it so far: nobody is in it twice.
    pub(crate) seen: Vec<&'a Someone>,
    pub(crate) incident: NewIncident,
}

impl Draft<'_> {
    /// An id of the time of recording.
    pub(crate) fn id(&mut self) -> Uuid {
        self.random.id(self.recorded)
    }

    /// Adds an involvement and gives its id.
    pub(crate) fn involve(&mut self, involvement: NewInvolvement) -> Uuid {
        let id = self.id();
        self.incident.involvements.push(NewInvolvement { id: Some(id), ..involvement });
        id
    }

    /// Adds a person with their roles.
    pub(crate) fn involve_person(&mut self, person: Person, roles: &[InvolvementRole]) -> Uuid {
        self.involve(NewInvolvement { person: Some(person), roles: roles.to_vec(), ..NewInvolvement::default() })
    }

    /// The involvement with that id.
    pub(crate) fn involvement(&mut self, id: Uuid) -> Option<&mut NewInvolvement> {
        self.incident.involvements.iter_mut().find(|involvement| involvement.id == Some(id))
    }

    /// Adds a report.
    pub(crate) fn report(&mut self, report: NewReport) {
        let id = self.id();
        self.incident.reports.push(NewReport { id: Some(id), ..report });
    }

    /// Whether that person is in it already.
    pub(crate) fn has(&self, someone: &Someone) -> bool {
        self.seen.iter().any(|seen| std::ptr::eq(*seen, someone))
    }

    /// Whether anybody of that household is in it already.
    pub(crate) fn has_household(&self, someone: &Someone) -> bool {
        self.seen.iter().any(|seen| seen.household == someone.household)
    }

    /// A moment between what happened and its recording.
    pub(crate) fn told_at(&mut self) -> Timestamp {
        let share = self.random.unit();
        let after = (self.recorded - self.occurred).max(0) as f64 * (0.6 + 0.38 * share);
        let whole_second = (self.occurred + after as i64) / 1_000_000 * 1_000_000;
        Timestamp::from_micros(whole_second)
    }
}
