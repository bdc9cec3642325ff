//! Rectifications: where something was put right, and for a while what was wrong. No scope: read by the data protection
//! officers of the own agency alone, whom the caller has authorised.

use crate::{StoreError, Tx, time::At};
use model::{Timestamp, Uuid, rectifying::Rectification};

/// Keeps one.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, one: &Rectification) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO rectification (id, agency_id, officer_id, at, incident_id, pointer, reason, old, kept_until, edits)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        one.id,
        one.agency,
        one.officer,
        At(one.at),
        one.incident,
        one.pointer.as_str(),
        one.reason.as_str(),
        one.old.as_ref().map(serde_json::Value::to_string),
        At(one.kept_until),
        serde_json::to_string(&one.edits)?
    )?;
    Ok(())
}

/// Those of one agency or of all, oldest first; what was wrong only where its time is not over at `now`.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, agency: Option<Uuid>, now: Timestamp) -> Result<Vec<Rectification>, StoreError> {
    type Row = (Uuid, Uuid, Uuid, At, Uuid, String, String, Option<String>, At, String);
    let rows: Vec<Row> = build!(tx, fetch_all, Row, |q| {
        q.push("SELECT id, agency_id, officer_id, at, incident_id, pointer, reason, old, kept_until, edits FROM rectification");
        if let Some(agency) = agency {
            q.push(" WHERE agency_id = ").push_bind(agency);
        }
        q.push(" ORDER BY at, id");
    })?;
    rows.into_iter()
        .map(|(id, agency, officer, at, incident, pointer, reason, old, kept_until, edits)| {
            let old = old.filter(|_| kept_until.0 > now).map(|text| serde_json::from_str(&text)).transpose()?;
            let (at, kept_until, edits) = (at.0, kept_until.0, serde_json::from_str(&edits)?);
            Ok(Rectification { id, agency, officer, at, incident, pointer, reason, old, kept_until, edits })
        })
        .collect()
}

/// Forgets what was wrong in an incident, before its time: somebody or all of it was erased.
///
/// # Errors
/// When the database fails.
pub async fn forget_in(tx: &mut Tx, incident: Uuid) -> Result<(), StoreError> {
    run!(tx, execute, "UPDATE rectification SET old = NULL WHERE incident_id = $1", incident)?;
    Ok(())
}

/// Forgets what was wrong once its time is over. Gives how many.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    Ok(run!(tx, execute, "UPDATE rectification SET old = NULL WHERE old IS NOT NULL AND kept_until <= $1", At(now))?)
}

/// Somebody the ledger shows to have seen or received a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// For which agency.
    pub agency: Uuid,
    /// Which officer.
    pub officer: Uuid,
    /// When last.
    pub last_at: Timestamp,
    /// How many times.
    pub times: i64,
    /// Whether it left the service with them, as in an export.
    pub received: bool,
}

/// Whom the ledger shows to have been shown any of these records before `at`.
///
/// # Errors
/// When the database fails.
pub async fn who_saw(tx: &mut Tx, records: &[Uuid], at: Timestamp) -> Result<Vec<Seen>, StoreError> {
    type Row = (Uuid, Uuid, At, i64, i64);
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = build!(tx, fetch_all, Row, |q| {
        q.push(
            "SELECT agency_id, officer_id, max(at), count(*), sum(CASE WHEN operation = 'disclosure' THEN 1 ELSE 0 END) \
             FROM audit WHERE outcome = 'granted' AND operation IN ('consultation', 'disclosure', 'collection', 'alteration', 'combination') AND at < ",
        );
        q.push_bind(At(at)).push(" AND (1 = 0");
        for record in records {
            q.push(" OR records LIKE ").push_bind(format!("%{record}%"));
        }
        q.push(") GROUP BY agency_id, officer_id ORDER BY agency_id, officer_id");
    })?;
    Ok(rows
        .into_iter()
        .map(|(agency, officer, last, times, received)| Seen { agency, officer, last_at: last.0, times, received: received > 0 })
        .collect())
}
