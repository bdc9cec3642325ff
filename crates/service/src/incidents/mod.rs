//! Logging, reading and changing incidents.

mod change;
mod create;
mod duplicates;
mod history;
mod known;
mod list;
mod parts;
mod read;
mod references;

pub(crate) use change::recheck_people;
pub use create::{CreateOptions, CreatedIncident};
pub use duplicates::DuplicateView;
pub use history::VersionView;
pub(crate) use known::short;
pub use known::{AlreadyKnown, KnownIncident, SimilarName};
pub use list::{IncidentFilter, Page};
pub use parts::{Part, PartKind};
pub use read::{HeldIncident, IncidentRead};
pub use store::incidents::Filter as ListFilter;

use crate::ServiceError;
use model::{Incident, LabelId, Reference, Scope, Uuid, redact::IncidentView};
use store::incidents::{Key, Stored};

/// An incident named in a path: by id or by reference.
///
/// # Errors
/// [`ServiceError::NotFound`] for a text that is neither: nothing has that name.
pub fn key(text: &str) -> Result<Key, ServiceError> {
    if let Ok(id) = text.parse::<Uuid>() {
        return Ok(Key::Id(id));
    }
    text.parse::<Reference>().map(Key::Reference).map_err(|_| ServiceError::NotFound)
}

impl crate::Service {
    /// What of a stored incident is shown to the holder of `scope`.
    pub(crate) fn show(&self, stored: &Stored, scope: &Scope) -> Result<IncidentView, ServiceError> {
        show(stored.incident()?, stored.label(), scope)
    }
}

/// The same for an incident at hand. The identity of a hidden person is decided here: it may have no mention, and so no
/// label in the database, when nobody could name the person.
pub(crate) fn show(mut incident: Incident, label: LabelId, scope: &Scope) -> Result<IncidentView, ServiceError> {
    if !sees_restricted(&incident, scope) {
        model::redact::restrict(&mut incident);
    }
    let sees = |kind| model::access::decide(scope.actor(), &incident.label().on(kind), scope.at()) > model::Sight::Nothing;
    let sees_protected = !incident.has_hidden_reporter() || sees(model::access::LabelKind::ProtectedPerson);
    model::redact::view(incident, scope.sight(label), sees_protected).ok_or(ServiceError::NotFound)
}

/// Whether the caller sees data of this incident that is restricted.
pub(crate) fn sees_restricted(incident: &Incident, scope: &Scope) -> bool {
    model::access::decide(scope.actor(), &incident.label().on(model::access::LabelKind::Restricted), scope.at()) > model::Sight::Nothing
}
