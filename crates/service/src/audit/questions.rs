//! The questions of a data protection officer, one call each, each an entry of its own.

use crate::{Service, ServiceError, sealing};
use model::{
    Timestamp, Uuid,
    audit::{Operation, Outcome, Request},
};
use serde::Serialize;
pub use store::audit_questions::Period;
use store::audit_questions::{Bare, disclosures, incidents_of, naming, seen};

/// The last checkpoint.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CheckpointView {
    /// The signed note, to be kept elsewhere; absent before anything is sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How many rows are under it.
    pub size: i64,
    /// When it was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Rows that no checkpoint holds yet, counted up to 10,000.
    pub unsealed_rows: i64,
    /// How old the oldest of them is.
    pub seconds_behind: f64,
}

/// Somebody who was shown a record, or changed it, or was refused it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Viewer {
    /// The entry's number.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// For which agency.
    pub agency: Uuid,
    /// Who: told of officers of your own agency; ask the other for theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub officer: Option<Uuid>,
    /// What exactly.
    pub action: String,
    /// The purpose code.
    pub purpose: Option<String>,
    /// What came of it.
    pub outcome: String,
}

/// What an officer was shown.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SeenEntry {
    /// The entry's number.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What exactly.
    pub action: String,
    /// The purpose code.
    pub purpose: Option<String>,
    /// The records shown.
    pub records: Vec<Uuid>,
}

/// Something that left the service.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Disclosure {
    /// The entry's number.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who; all zeros is whoever runs the console.
    pub officer: Uuid,
    /// What exactly.
    pub action: String,
    /// The purpose code.
    pub purpose: Option<String>,
    /// How many records.
    pub count: usize,
    /// Which: told of what left through your own agency.
    pub records: Vec<Uuid>,
}

/// One page, and where the next starts.
type Page<T> = (Vec<T>, Option<i64>);

fn ids(entry: &Bare) -> Vec<Uuid> {
    serde_json::from_str(&entry.records).unwrap_or_default()
}

fn page(mut entries: Vec<Bare>, limit: i64) -> Page<Bare> {
    let more = entries.len() as i64 > limit;
    entries.truncate(usize::try_from(limit).unwrap_or_default());
    let next = if more { entries.last().map(|entry| entry.seq) } else { None };
    (entries, next)
}

impl Service {
    /// Refuses everybody but data protection officers.
    pub(super) async fn check_audits(&self, request: &Request, action: &'static str) -> Result<(), ServiceError> {
        if request.actor.audits() {
            return Ok(());
        }
        self.note(vec![request.entry(Operation::Consultation, action, Outcome::Denied, Vec::new())]).await?;
        Err(ServiceError::Forbidden("the audit ledger is read by data protection officers"))
    }

    /// Notes what is about to be told.
    pub(super) async fn note_question(
        &self,
        request: &Request,
        action: &'static str,
        record: Option<Uuid>,
        detail: serde_json::Value,
    ) -> Result<(), ServiceError> {
        let mut entry = request.entry(Operation::Consultation, action, Outcome::Granted, record.into_iter().collect());
        entry.detail = Some(detail);
        self.note(vec![entry]).await
    }

    /// The last checkpoint, and what is not under it yet.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for any role but the data protection officer.
    pub async fn audit_checkpoint(&self, request: &Request) -> Result<CheckpointView, ServiceError> {
        const ACTION: &str = "audit.checkpoint";
        self.check_audits(request, ACTION).await?;
        let view = self.last_checkpoint().await?;
        self.note_question(request, ACTION, None, serde_json::json!({})).await?;
        Ok(view)
    }

    /// The same for the console: it names nobody.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database fails.
    pub async fn last_checkpoint(&self) -> Result<CheckpointView, ServiceError> {
        self.read(|tx, service| {
            Box::pin(async move {
                let last = store::sealing::last(tx).await?;
                let lag = sealing::lag(tx, service.clock().now()).await?;
                Ok(CheckpointView {
                    size: last.as_ref().map_or(0, |last| last.size),
                    at: last.as_ref().map(|last| last.at),
                    note: last.map(|last| last.note),
                    unsealed_rows: lag.unsealed_rows,
                    seconds_behind: lag.seconds_behind,
                })
            })
        })
        .await
    }

    /// Who was shown a record, or any record that names a person: everybody for the caller's agency's own records, the own
    /// officers for others'. Newest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for any role but the data protection officer.
    pub async fn audit_viewers(&self, request: &Request, record: Uuid, period: Period, limit: i64) -> Result<Page<Viewer>, ServiceError> {
        const ACTION: &str = "audit.viewers";
        self.check_audits(request, ACTION).await?;
        let agency = request.actor.agency;
        let found = self.read(move |tx, _| {
            Box::pin(async move {
                let (own, others): (Vec<_>, Vec<_>) = incidents_of(tx, record).await?.into_iter().partition(|(_, owner)| *owner == agency);
                let own: Vec<Uuid> = own.into_iter().map(|(id, _)| id).collect();
                let others: Vec<Uuid> = std::iter::once(record).chain(others.into_iter().map(|(id, _)| id)).collect();
                let mut entries = naming(tx, &own, None, period, limit + 1).await?;
                entries.extend(naming(tx, &others, Some(agency), period, limit + 1).await?);
                entries.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.seq));
                entries.dedup_by_key(|entry| entry.seq);
                Ok(page(entries, limit))
            })
        });
        let (entries, next) = found.await?;
        self.note_question(request, ACTION, Some(record), serde_json::json!({ "from": period.from, "to": period.to })).await?;
        let viewer = |entry: Bare| Viewer {
            seq: entry.seq,
            at: entry.at,
            agency: entry.agency,
            officer: (entry.agency == agency).then_some(entry.officer),
            action: entry.action,
            purpose: entry.purpose,
            outcome: entry.outcome,
        };
        Ok((entries.into_iter().map(viewer).collect(), next))
    }

    /// What an officer was shown while acting for the caller's agency, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for any role but the data protection officer.
    pub async fn audit_seen(&self, request: &Request, officer: Uuid, period: Period, limit: i64) -> Result<Page<SeenEntry>, ServiceError> {
        const ACTION: &str = "audit.seen";
        self.check_audits(request, ACTION).await?;
        let agency = request.actor.agency;
        let found = self.read(move |tx, _| Box::pin(async move { Ok(page(seen(tx, agency, officer, period, limit + 1).await?, limit)) }));
        let (entries, next) = found.await?;
        let detail = serde_json::json!({ "officer": officer, "from": period.from, "to": period.to });
        self.note_question(request, ACTION, None, detail).await?;
        let entry =
            |entry: Bare| SeenEntry { records: ids(&entry), seq: entry.seq, at: entry.at, action: entry.action, purpose: entry.purpose };
        Ok((entries.into_iter().map(entry).collect(), next))
    }

    /// What left the service through the caller's agency or the console, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for any role but the data protection officer.
    pub async fn audit_disclosures(&self, request: &Request, period: Period, limit: i64) -> Result<Page<Disclosure>, ServiceError> {
        const ACTION: &str = "audit.disclosures";
        self.check_audits(request, ACTION).await?;
        let agency = request.actor.agency;
        let found = self
            .read(move |tx, _| Box::pin(async move { Ok(page(disclosures(tx, &[agency, Uuid::nil()], period, limit + 1).await?, limit)) }));
        let (entries, next) = found.await?;
        self.note_question(request, ACTION, None, serde_json::json!({ "from": period.from, "to": period.to })).await?;
        let disclosure = |entry: Bare| {
            let records = ids(&entry);
            Disclosure {
                seq: entry.seq,
                at: entry.at,
                officer: entry.officer,
                count: records.len(),
                records: if entry.agency == agency { records } else { Vec::new() },
                action: entry.action,
                purpose: entry.purpose,
            }
        };
        Ok((entries.into_iter().map(disclosure).collect(), next))
    }
}
