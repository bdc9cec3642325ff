//! Where a piece of intelligence comes from: kept apart from it, for the named roles of the force that owns it.

use crate::{Service, ServiceError};
use model::{
    Problems, Timestamp, Uuid,
    audit::{Operation, Request},
};
use serde::{Deserialize, Serialize};
use store::{incidents::Key, intelligence};

/// What is known of a source.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSource {
    /// Who or what it is, and how it may be reached.
    pub text: String,
}

/// A source as it is shown.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SourceView {
    /// What is known of it.
    pub text: String,
    /// Who recorded it.
    pub recorded_by: Uuid,
    /// When.
    pub recorded_at: Timestamp,
}

impl Service {
    /// Keeps the source of a piece of intelligence. Supervisors and safeguarding leads of the force that owns it only.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Invalid`].
    pub async fn set_source(&self, request: &Request, key: Key, new: NewSource) -> Result<SourceView, ServiceError> {
        self.write(request, Operation::Collection, "intelligence.source.set", move |tx, service, request| {
            Box::pin(async move {
                let incident = service.open_owned(tx, &key, request).await?;
                let mut problems = Problems::default();
                problems.text("text", &new.text, 5_000);
                if incident.intelligence.is_none() {
                    problems.add("", "not_intelligence", "only intelligence keeps its source apart: name a reporter instead");
                }
                problems.into_result().map_err(ServiceError::Invalid)?;
                let source = intelligence::Source { text: new.text, officer: request.actor.officer, recorded_at: request.at };
                intelligence::put_source(tx, incident.id, &source).await?;
                Ok((view(source), vec![incident.id]))
            })
        })
        .await
    }

    /// The source of a piece of intelligence, for the same.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`].
    pub async fn read_source(&self, request: &Request, key: Key) -> Result<SourceView, ServiceError> {
        self.write(request, Operation::Consultation, "intelligence.source.read", move |tx, service, request| {
            Box::pin(async move {
                let incident = service.open_owned(tx, &key, request).await?;
                let source = intelligence::source(tx, incident.id).await?.ok_or(ServiceError::NotFound)?;
                Ok((view(source), vec![incident.id]))
            })
        })
        .await
    }
}

fn view(source: intelligence::Source) -> SourceView {
    SourceView { text: source.text, recorded_by: source.officer, recorded_at: source.recorded_at }
}
