//! Reading one incident.

use crate::{Service, ServiceError, committing::Look};
use model::{
    audit::{Operation, Request},
    redact::IncidentView,
};
use store::incidents::Key;

impl Service {
    /// One incident, as far as the caller sees it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] alike for what is not there and what the caller may not know of.
    pub async fn read_incident(&self, request: &Request, key: Key) -> Result<IncidentView, ServiceError> {
        let seen = self.look(Look::one(request, Operation::Consultation, "incident.read", key)).await?;
        match (seen.records.first(), &seen.scope) {
            (Some(stored), Some(scope)) => self.show(stored, scope),
            _ => Err(ServiceError::NotFound),
        }
    }
}
