//! The audit ledger: plain inserts, no lock. What is written here is durable before anything personal leaves.

pub use crate::erased_rows::details_naming;
use crate::{StoreError, Tx, sealing::RawRow, time::At};
use model::{Timestamp, Uuid, audit::Entry, entropy};

/// Writes entries. They count once the transaction is committed. Gives the rows as they are stored, but for their numbers:
/// whoever seals need not read them again.
///
/// # Errors
/// When the database fails: then nothing may be shown.
pub async fn append(tx: &mut Tx, entries: &[Entry]) -> Result<Vec<RawRow>, StoreError> {
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        rows.push(RawRow {
            txid: 0,
            seq: 0,
            at: entry.at.to_string(),
            officer_id: entry.officer,
            agency_id: entry.agency,
            operation: entry.operation.as_str().to_owned(),
            action: entry.action.to_owned(),
            records: serde_json::to_string(&entry.records)?,
            purpose: entry.purpose.code.clone(),
            purpose_reference: entry.purpose.reference.clone(),
            outcome: entry.outcome.as_str().to_owned(),
            request_id: entry.request_id.clone(),
            detail: entry.detail.as_ref().map(serde_json::to_string).transpose()?,
            // Hashed later, by whoever seals: here nobody waits for it.
            salt: Some(entropy::bytes::<32>().to_vec()),
            payload_commitment: None,
        });
    }
    let timed: Vec<(Timestamp, &RawRow)> = entries.iter().map(|entry| entry.at).zip(&rows).collect();
    insert!(tx, (), &timed, 512, |q, batch| {
        q.push(
            "INSERT INTO audit (at, officer_id, agency_id, operation, action, records, purpose, purpose_reference, outcome, \
             request_id, detail, salt) ",
        );
        q.push_values(batch, |mut bound, (at, row)| {
            bound
                .push_bind(At(*at))
                .push_bind(row.officer_id)
                .push_bind(row.agency_id)
                .push_bind(row.operation.as_str())
                .push_bind(row.action.as_str())
                .push_bind(row.records.as_str())
                .push_bind(row.purpose.as_deref())
                .push_bind(row.purpose_reference.as_deref())
                .push_bind(row.outcome.as_str())
                .push_bind(row.request_id.as_str())
                .push_bind(row.detail.as_deref())
                .push_bind(row.salt.as_deref());
        });
    })?;
    Ok(rows)
}

/// An entry as read.
#[derive(Debug, Clone)]
pub struct Row {
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
    /// The records, as a JSON list of ids.
    pub records: String,
    /// What for.
    pub purpose: Option<String>,
    /// The reference given for it.
    pub purpose_reference: Option<String>,
    /// What came of it.
    pub outcome: String,
    /// The request.
    pub request_id: String,
    /// What was asked.
    pub detail: Option<String>,
}

/// What a look into the ledger is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this agency's officers.
    pub agency: Option<Uuid>,
    /// Only this officer.
    pub officer: Option<Uuid>,
    /// Only entries that name this record.
    pub record: Option<Uuid>,
    /// Only this action.
    pub action: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Not after.
    pub to: Option<Timestamp>,
    /// Below this number.
    pub before: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Raw {
    seq: i64,
    at: At,
    officer_id: Uuid,
    agency_id: Uuid,
    operation: String,
    action: String,
    records: String,
    purpose: Option<String>,
    purpose_reference: Option<String>,
    outcome: String,
    request_id: String,
    detail: Option<String>,
}

/// Entries, newest first. The ledger has its own access rule, applied by the caller through `filter.agency`.
///
/// # Errors
/// When the database fails.
pub async fn page(tx: &mut Tx, filter: &Filter, limit: i64) -> Result<Vec<Row>, StoreError> {
    let rows: Vec<Raw> = build!(tx, fetch_all, Raw, |q| {
        q.push(
            "SELECT seq, at, officer_id, agency_id, operation, action, records, purpose, purpose_reference, outcome, request_id, detail \
             FROM audit WHERE 1 = 1",
        );
        if let Some(agency) = filter.agency {
            q.push(" AND agency_id = ").push_bind(agency);
        }
        if let Some(officer) = filter.officer {
            q.push(" AND officer_id = ").push_bind(officer);
        }
        if let Some(record) = filter.record {
            q.push(" AND records LIKE ").push_bind(format!("%{record}%"));
        }
        if let Some(action) = &filter.action {
            q.push(" AND action = ").push_bind(action.clone());
        }
        if let Some(from) = filter.from {
            q.push(" AND at >= ").push_bind(At(from));
        }
        if let Some(to) = filter.to {
            q.push(" AND at <= ").push_bind(At(to));
        }
        if let Some(before) = filter.before {
            q.push(" AND seq < ").push_bind(before);
        }
        q.push(" ORDER BY seq DESC LIMIT ").push_bind(limit);
    })?;
    Ok(rows
        .into_iter()
        .map(|raw| Row {
            seq: raw.seq,
            at: raw.at.0,
            officer: raw.officer_id,
            agency: raw.agency_id,
            operation: raw.operation,
            action: raw.action,
            records: raw.records,
            purpose: raw.purpose,
            purpose_reference: raw.purpose_reference,
            outcome: raw.outcome,
            request_id: raw.request_id,
            detail: raw.detail,
        })
        .collect())
}
