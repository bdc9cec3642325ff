//! Incidents, people, places, agencies, vocabularies and access rules. No input or output: nothing here reads a
//! file, a socket or a database, and only [`clock`] and [`entropy`] ask the machine for anything.

pub mod access;
pub mod age;
pub mod agency;
pub mod allegation;
pub mod audit;
pub mod clock;
pub mod diff;
pub mod entropy;
pub mod grid;
pub mod incident;
pub mod involvement;
pub mod marker;
pub mod occurred;
pub mod partial_date;
pub mod partnership;
pub mod place;
pub mod problem;
pub mod redact;
pub mod reference;
pub mod report;
pub mod strict;
pub mod timestamp;
pub mod vocabulary;

pub use access::{AccessLabel, Actor, LabelId, Scope, Sharing, SharingLevel, Sight};
pub use agency::{Agency, AgencyKind, CredentialKind, Officer, Role};
pub use allegation::{Allegation, NewAllegation};
pub use clock::Clock;
pub use incident::{Incident, IncidentDetails, NewIncident, Qualifier, Status};
pub use involvement::{Involvement, InvolvementRole, NewInvolvement};
pub use occurred::Occurred;
pub use partial_date::PartialDate;
pub use partnership::{Membership, Partnership, Secondment};
pub use place::{NewPlace, Place, PlaceRole};
pub use problem::{Problem, Problems};
pub use reference::Reference;
pub use report::{NewReport, Report};
pub use timestamp::Timestamp;
pub use uuid::Uuid;
