//! Intakes: opened when a call comes in, so that looking somebody up while taking it has something to point to.

use crate::{Retry, Service, ServiceError, retry};
use model::{
    Problems, Reference, Timestamp, Uuid,
    audit::{Operation, Request},
    entropy,
};
use serde::{Deserialize, Serialize};
use store::intakes::{self, Intake};

/// How long an intake may be cited.
const OPEN_FOR: i64 = 8 * 3_600;

/// An intake to be opened.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIntake {
    /// What the call is about; no names.
    #[serde(default)]
    pub note: Option<String>,
}

/// An intake.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct IntakeView {
    /// Its id.
    pub id: Uuid,
    /// Its reference, for `Beacon-Purpose-Reference` and the incident's `intake`.
    pub reference: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Until when it may be cited.
    pub expires_at: Timestamp,
}

/// An intake that ended without an incident.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct UnfinishedIntake {
    /// Its id.
    pub id: Uuid,
    /// Its reference.
    pub reference: String,
    /// Who opened it.
    pub officer: Uuid,
    /// What the call was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
}

impl From<Intake> for UnfinishedIntake {
    fn from(intake: Intake) -> Self {
        let Intake { id, reference, officer, note, opened_at, .. } = intake;
        Self { id, reference, officer, note, opened_at }
    }
}

impl Service {
    /// Opens an intake for the caller's agency.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for a role that does not log, [`ServiceError::Invalid`].
    pub async fn open_intake(&self, request: &Request, new: NewIntake, retry: Option<Retry>) -> Result<IntakeView, ServiceError> {
        self.write(request, Operation::Collection, "intake.open", move |tx, _, request| {
            Box::pin(async move {
                if !request.actor.records() {
                    return Err(ServiceError::Forbidden("your role does not log incidents"));
                }
                let mut problems = Problems::default();
                problems.optional_text("note", new.note.as_deref(), 500);
                problems.into_result().map_err(ServiceError::Invalid)?;
                let id = entropy::id(request.at);
                if let Some(before) = retry::claim(tx, request, "intake.open", retry, id).await? {
                    let intake = intakes::by_id(tx, before).await?.ok_or(ServiceError::NotFound)?;
                    return Ok((view(intake), vec![before]));
                }
                let intake = Intake {
                    id,
                    reference: Reference::random(Reference::INTAKE, request.at.year(), 6).to_string(),
                    officer: request.actor.officer,
                    agency: request.actor.agency,
                    note: new.note,
                    opened_at: request.at,
                    expires_at: request.at.plus_seconds(OPEN_FOR),
                };
                intakes::insert(tx, &intake).await?;
                Ok((view(intake), vec![id]))
            })
        })
        .await
    }
}

fn view(intake: Intake) -> IntakeView {
    IntakeView { id: intake.id, reference: intake.reference, opened_at: intake.opened_at, expires_at: intake.expires_at }
}
