//! The lines of a JSON Lines file.

use crate::{boundaries::Area, postcodes::PostcodePoint};
use model::{
    Agency, Incident, Membership, NewIncident, Officer, Partnership, Timestamp, Uuid, association::Association, linking::PersonLink,
    marker::Marker,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The member `format` of every line.
pub const FORMAT: &str = "beacon-1";

/// One line. An export writes them so that whatever a line names by id stands before it: agencies,
/// partnerships, memberships, officers,
/// postcodes, areas, incidents, markers, duplicates, person links, associations.
#[derive(Debug, Clone, PartialEq)]
pub enum ExportLine {
    /// An agency; `"record":"agency"`.
    Agency(Agency),
    /// A partnership; `"record":"partnership"`.
    Partnership(Partnership),
    /// An agency's time in a partnership; `"record":"membership"`.
    Membership(Membership),
    /// An officer; `"record":"officer"`.
    Officer(Officer),
    /// A kept incident with its history; `"record":"incident"`.
    Incident(Box<IncidentHistory>),
    /// An incident to be recorded, as `POST /v1/incidents` takes it; `"record":"new_incident"`.
    NewIncident(Box<NewIncidentLine>),
    /// An area with its boundary; `"record":"area"`, the value `{kind, code, name, geometry}`.
    Area(Area),
    /// Where a postcode lies; `"record":"postcode"`.
    Postcode(PostcodePoint),
    /// A marker; `"record":"marker"`.
    Marker(Box<Marker>),
    /// Two records of one event; `"record":"duplicate"`.
    Duplicate(DuplicateLink),
    /// What officers decided of two mentions; `"record":"person_link"`.
    PersonLink(PersonLink),
    /// Whom a person goes about with, or what they drive; `"record":"association"`.
    Association(Association),
}

/// A kept incident: its versions, oldest first. A history too long for one line goes on in the next, whose first
/// version is one above the last; so an import keeps the versions of each line as they come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentHistory {
    /// How many versions there are in all; the incident is whole when the version of that number is kept.
    pub versions: i64,
    /// The versions on this line, each the whole incident.
    pub history: Vec<Version>,
    /// The names of agencies named by id, for readers of the file; an import needs only the ids.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub agency_names: BTreeMap<Uuid, String>,
}

/// One version of an incident, and who made it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// When it was made.
    pub at: Timestamp,
    /// The officer who made it.
    pub officer: Uuid,
    /// The agency that officer acted for.
    pub agency: Uuid,
    /// The request that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The whole incident at that version.
    pub incident: Incident,
}

/// An incident to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewIncidentLine {
    /// The incident. Its id is always set by the reader: worked out from the content where the line has none.
    pub incident: NewIncident,
    /// The owning agency by name, beside `value` in the line, where the incident does not give its id.
    pub owning_agency_name: Option<String>,
}

/// A link between two incidents that record the same event. Each keeps its own record; removing the link undoes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DuplicateLink {
    /// Its id.
    pub id: Uuid,
    /// One incident.
    pub a: Uuid,
    /// The other.
    pub b: Uuid,
    /// The agency that linked them.
    pub agency: Uuid,
    /// The officer who linked them.
    pub officer: Uuid,
    /// When.
    pub linked_at: Timestamp,
    /// When the link was removed, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<Timestamp>,
    /// The officer who removed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_by: Option<Uuid>,
}

impl ExportLine {
    /// The member `record` of the line.
    pub fn record(&self) -> &'static str {
        match self {
            Self::Agency(_) => "agency",
            Self::Partnership(_) => "partnership",
            Self::Membership(_) => "membership",
            Self::Officer(_) => "officer",
            Self::Incident(_) => "incident",
            Self::NewIncident(_) => "new_incident",
            Self::Area(_) => "area",
            Self::Postcode(_) => "postcode",
            Self::Marker(_) => "marker",
            Self::Duplicate(_) => "duplicate",
            Self::PersonLink(_) => "person_link",
            Self::Association(_) => "association",
        }
    }
}
