//! Disputed data: the person's statement beside it, or a restriction until it is settled.

use super::{officer_of, own};
use crate::{Service, ServiceError};
use model::{
    Problems, Uuid,
    audit::{Operation, Request},
    involvement::Dispute,
    redact::IncidentView,
};
use serde::Deserialize;
use store::incidents::Key;

/// What is disputed. With neither, nothing is any more.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDispute {
    /// The person's statement, shown beside the data to whoever sees the data.
    #[serde(default)]
    pub statement: Option<String>,
    /// Whether the data is restricted: shown to nobody but data protection officers and safeguarding leads of your agency.
    #[serde(default)]
    pub restricted: bool,
}

impl Service {
    /// Records what a person says against the data about them in an incident of the own agency, or restricts it.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but the agency's data protection officers, [`ServiceError::NotFound`],
    /// [`ServiceError::Invalid`].
    pub async fn dispute(&self, request: &Request, key: Key, part: Uuid, new: NewDispute) -> Result<Option<IncidentView>, ServiceError> {
        self.write(request, Operation::Alteration, "involvement.dispute", move |tx, service, request| {
            Box::pin(async move {
                officer_of(request)?;
                let scope = service.scope(request);
                let mut incident = service.to_change(tx, &key, &scope).await?.incident()?;
                own(&incident, request)?;
                let mut problems = Problems::default();
                problems.optional_text("statement", new.statement.as_deref(), 4_000);
                problems.into_result().map_err(ServiceError::Invalid)?;
                let version = incident.version + 1;
                let involvement = incident.involvements.iter_mut().find(|one| one.id == part).ok_or(ServiceError::NotFound)?;
                let says = new.statement.is_some() || new.restricted;
                involvement.dispute = says.then_some(Dispute {
                    statement: new.statement,
                    restricted: new.restricted,
                    officer: request.actor.officer,
                    at: request.at,
                });
                involvement.version = version;
                let records = vec![incident.id, part];
                Ok((service.write_next(tx, incident, request).await?, records))
            })
        })
        .await
    }
}
