//! Reading the audit ledger, which has its own access rule and is itself audited; and what is done to it lawfully.

pub(crate) mod erase;
mod export;
mod keys;
mod look_ups;
mod questions;

pub use export::LedgerFigures;
pub use keys::KeyView;
pub use look_ups::{LookUpFigures, LookUps, OfficerLookUps};
pub use questions::{CheckpointView, Disclosure, Period, SeenEntry, Viewer};

use crate::{Service, ServiceError};
use model::{
    Timestamp, Uuid,
    audit::{Operation, Outcome, Request},
};
use serde::Serialize;
pub use store::audit::Filter as LedgerFilter;
use store::audit::{Filter, page};

/// An entry as it is shown.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EntryView {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub officer: Uuid,
    /// For which agency.
    pub agency: Uuid,
    /// The operation.
    pub operation: String,
    /// What exactly.
    pub action: String,
    /// The records touched or shown.
    pub records: Vec<Uuid>,
    /// What for.
    pub purpose: Option<String>,
    /// The reference given for it.
    pub purpose_reference: Option<String>,
    /// Whether that is one of ours, which was checked before anything was shown; another system's is taken as it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose_checked: Option<bool>,
    /// What came of it.
    pub outcome: String,
    /// The request.
    pub request_id: String,
    /// What was asked.
    pub detail: Option<serde_json::Value>,
}

impl Service {
    /// Entries of the caller's own agency, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for any role but the data protection officer.
    pub async fn read_audit(
        &self,
        request: &Request,
        mut filter: Filter,
        limit: i64,
    ) -> Result<(Vec<EntryView>, Option<i64>), ServiceError> {
        const ACTION: &str = "audit.read";
        if !request.actor.audits() {
            self.note(vec![request.entry(Operation::Consultation, ACTION, Outcome::Denied, Vec::new())]).await?;
            return Err(ServiceError::Forbidden("the audit ledger is read by data protection officers"));
        }
        filter.agency = Some(request.actor.agency);
        let mut entry = request.entry(Operation::Consultation, ACTION, Outcome::Granted, filter.record.into_iter().collect());
        entry.detail =
            Some(serde_json::json!({ "officer": filter.officer, "action": filter.action, "from": filter.from, "to": filter.to }));
        let mut rows = self.read(move |tx, _| Box::pin(async move { Ok(page(tx, &filter, limit + 1).await?) })).await?;
        let more = rows.len() as i64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        self.note(vec![entry]).await?;
        let next = if more { rows.last().map(|row| row.seq) } else { None };
        let shown = rows.into_iter().map(|row| {
            let checked = |reference| crate::purpose::was_checked(&row.action, &row.outcome, reference);
            let purpose_checked = row.purpose_reference.as_deref().map(checked);
            Ok(EntryView {
                seq: row.seq,
                at: row.at,
                officer: row.officer,
                agency: row.agency,
                operation: row.operation,
                action: row.action,
                records: serde_json::from_str(&row.records).map_err(store::StoreError::from)?,
                purpose: row.purpose,
                purpose_checked,
                purpose_reference: row.purpose_reference,
                outcome: row.outcome,
                request_id: row.request_id,
                detail: row.detail.as_deref().map(serde_json::from_str).transpose().map_err(store::StoreError::from)?,
            })
        });
        Ok((shown.collect::<Result<_, ServiceError>>()?, next))
    }
}
