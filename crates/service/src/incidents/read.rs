//! Reading one incident.

use super::show;
use crate::{Service, ServiceError, committing::Look, held::Holder};
use model::{
    Reference, Sight, Uuid,
    audit::{Operation, Request},
    redact::IncidentView,
};
use serde::Serialize;
use store::incidents::Key;

/// What is told of a record that is not open to the caller, but whose holder may be asked.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct HeldIncident {
    /// Its id.
    pub id: Uuid,
    /// Its reference, to be quoted.
    pub reference: Reference,
    /// How much this is.
    pub sight: Sight,
    /// Who holds it.
    pub held_by: Vec<Holder>,
}

/// An incident as far as the caller sees it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum IncidentRead {
    /// The record.
    Seen(Box<IncidentView>),
    /// Who holds it, and nothing else.
    Held(HeldIncident),
}

impl IncidentRead {
    /// The record, where it is open.
    pub fn seen(self) -> Option<IncidentView> {
        match self {
            Self::Seen(view) => Some(*view),
            Self::Held(_) => None,
        }
    }
}

impl Service {
    /// One incident, as far as the caller sees it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] alike for what is not there and what the caller may not know of.
    pub async fn read_incident(&self, request: &Request, key: Key) -> Result<IncidentRead, ServiceError> {
        let mut look = Look::one(request, Operation::Consultation, "incident.read", key);
        look.least = Sight::Held;
        let seen = self.look(look).await?;
        let (Some(stored), Some(scope)) = (seen.records.first(), &seen.scope) else { return Err(ServiceError::NotFound) };
        let incident = stored.incident()?;
        if scope.sight(stored.label()) == Sight::Held {
            let held_by = self.as_holders([incident.details.owning_agency].into()).await?;
            return Ok(IncidentRead::Held(HeldIncident { id: incident.id, reference: incident.reference, sight: Sight::Held, held_by }));
        }
        Ok(IncidentRead::Seen(Box::new(show(incident, stored.label(), scope)?)))
    }
}
