//! A person's time line: what the person view holds, in the order of its days. Taken from the view alone, so that it tells nothing
//! that the view does not.

use super::{PersonIncident, PersonView, Sourced};
use model::{Uuid, involvement::PersonAddress, place};
use serde::Serialize;
use std::collections::HashMap;

/// What a line of a person's time line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// An incident in which the person suffered, witnessed or reported.
    Affected,
    /// An incident in which the person is complained about.
    ComplainedAbout,
    /// An incident in any other role.
    Other,
    /// An address.
    Address,
    /// Somebody the person went about with, or a vehicle, as an officer recorded it.
    Association,
    /// A marker in force.
    Marker,
}

/// A line of a person's time line.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TimelineEntry {
    /// The first day it can have been so, as far as known: `2026-03-01`, `2026-03` or `2026`. An address recorded without one stands
    /// on the day of the first incident that records it.
    pub day: String,
    /// The last day, where it went on: of an address the day it ended, or the last incident that records it; of a marker the day of
    /// its review.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// What it is.
    pub what: TimelineKind,
    /// The incident, association or marker it is from, to be found in the lists of the person; of an address the first incident that
    /// records it.
    pub id: Uuid,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<PersonAddress>,
    /// Of an incident in which the person is complained about: whether it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<bool>,
}

/// The lines of a view, the earliest first.
pub(super) fn timeline(view: &PersonView) -> Vec<TimelineEntry> {
    let line = |day: String, what: TimelineKind, id: Uuid| TimelineEntry { day, until: None, what, id, address: None, counts: None };
    let of_incident = |what: TimelineKind, one: &PersonIncident| TimelineEntry {
        counts: (what == TimelineKind::ComplainedAbout).then_some(one.counts),
        ..line(one.incident.first_day.clone(), what, one.incident.id)
    };
    let mut lines: Vec<TimelineEntry> = Vec::new();
    lines.extend(view.affected.iter().map(|one| of_incident(TimelineKind::Affected, one)));
    lines.extend(view.complained_about.iter().map(|one| of_incident(TimelineKind::ComplainedAbout, one)));
    lines.extend(view.other.iter().map(|one| of_incident(TimelineKind::Other, one)));
    lines.extend(addresses(view));
    lines.extend(view.associations.iter().map(|one| {
        let association = &one.association;
        line(association.on.to_string(), TimelineKind::Association, association.id)
    }));
    lines.extend(view.markers.iter().map(|marker| TimelineEntry {
        until: Some(marker.marker.review_at.london_day().to_string()),
        ..line(marker.marker.starts_at.unwrap_or(marker.recorded_at).london_day().to_string(), TimelineKind::Marker, marker.id)
    }));
    lines.sort_by(|a, b| (&a.day, a.what, a.id).cmp(&(&b.day, b.what, b.id)));
    lines
}

/// Each address once, from the first day to the last that is known of it.
fn addresses(view: &PersonView) -> Vec<TimelineEntry> {
    let incidents = [&view.affected, &view.complained_about, &view.other].into_iter().flatten();
    let by_reference: HashMap<&str, &PersonIncident> = incidents.map(|one| (one.incident.reference.as_str(), one)).collect();
    let mut lines: Vec<TimelineEntry> = Vec::new();
    for Sourced { value, incident } in &view.addresses {
        let Some(one) = by_reference.get(incident.as_str()) else { continue };
        let recorded = || one.incident.first_day.clone();
        let day = value.from.map_or_else(recorded, |from| from.to_string());
        let until = value.to.map_or_else(recorded, |to| to.to_string());
        let known = lines.iter_mut().find(|line| line.address.as_ref().is_some_and(|address| is_same(address, value)));
        match known {
            Some(line) => {
                if day < line.day {
                    (line.day, line.id) = (day, one.incident.id);
                }
                line.until = line.until.take().max(Some(until));
            }
            None => lines.push(TimelineEntry {
                day,
                until: Some(until),
                what: TimelineKind::Address,
                id: one.incident.id,
                address: Some(PersonAddress { from: None, to: None, ..value.clone() }),
                counts: None,
            }),
        }
    }
    lines
}

/// Whether two addresses are written for the same place: the same property, or the same words and postcode.
fn is_same(one: &PersonAddress, other: &PersonAddress) -> bool {
    let words = |address: &PersonAddress| address.address.as_deref().map(place::street_key);
    match (&one.uprn, &other.uprn) {
        (Some(one), Some(other)) => place::number_key(one) == place::number_key(other),
        _ => words(one) == words(other) && one.postcode == other.postcode,
    }
}
