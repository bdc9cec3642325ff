//! Retention: an agency's schedules, and what was decided about records that were due. No scope: the own agency's alone,
//! read and written by its data protection officers, whom the caller has authorised.

use crate::{StoreError, Tx, incidents::Stored, time::At};
use model::{
    Timestamp, Uuid,
    retention::{RetentionDecision, Schedule},
};

/// The schedules an agency has set, in place of the defaults.
///
/// # Errors
/// When the database fails.
pub async fn schedules(tx: &mut Tx, agency: Uuid) -> Result<Vec<Schedule>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        (String, i64, i64),
        "SELECT class, children, months FROM retention_schedule WHERE agency_id = $1 ORDER BY class, children",
        agency
    )?;
    let mut all = Schedule::defaults();
    for (class, children, months) in rows {
        let class = class.parse().map_err(StoreError::Damaged)?;
        let months = u16::try_from(months).map_err(|_| StoreError::Damaged(format!("{months} months")))?;
        if let Some(one) = all.iter_mut().find(|one| one.class == class && one.children == (children != 0)) {
            (one.months, one.local_default) = (months, false);
        }
    }
    Ok(all)
}

/// Sets one schedule of an agency.
///
/// # Errors
/// When the database fails.
pub async fn set_schedule(tx: &mut Tx, agency: Uuid, officer: Uuid, at: Timestamp, one: &Schedule) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO retention_schedule (agency_id, class, children, months, officer_id, at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (agency_id, class, children) DO UPDATE SET months = excluded.months, officer_id = excluded.officer_id, at = excluded.at",
        agency,
        one.class.as_str(),
        i64::from(one.children),
        i64::from(one.months),
        officer,
        At(at)
    )?;
    Ok(())
}

/// The agency's next incidents by id that have not changed since `at`.
///
/// # Errors
/// When the database fails.
pub async fn unchanged_since(tx: &mut Tx, agency: Uuid, at: Timestamp, after: Uuid, limit: i64) -> Result<Vec<Stored>, StoreError> {
    Ok(run!(
        tx,
        fetch_all,
        Stored,
        "SELECT id, reference, label_id, version, body, openings FROM incident WHERE owning_agency_id = $1 AND at < $2 AND id > $3 ORDER BY id LIMIT $4",
        agency,
        At(at),
        after,
        limit
    )?)
}

/// Keeps a decision.
///
/// # Errors
/// When the database fails.
pub async fn decide(tx: &mut Tx, one: &RetentionDecision) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO retention_decision (id, agency_id, officer_id, at, incident_id, decision, reason, next_review, erasure_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        one.id,
        one.agency,
        one.officer,
        At(one.at),
        one.incident,
        one.decision.as_str(),
        one.reason.as_str(),
        one.next_review.map(|day| day.to_string()),
        one.erasure
    )?;
    Ok(())
}

/// Every decision about an incident, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn decisions(tx: &mut Tx, incident: Uuid) -> Result<Vec<RetentionDecision>, StoreError> {
    type Row = (Uuid, Uuid, Uuid, At, Uuid, String, String, Option<String>, Option<Uuid>);
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT id, agency_id, officer_id, at, incident_id, decision, reason, next_review, erasure_id
         FROM retention_decision WHERE incident_id = $1 ORDER BY at, id",
        incident
    )?;
    rows.into_iter()
        .map(|(id, agency, officer, at, incident, decision, reason, next_review, erasure)| {
            let decision = decision.parse().map_err(StoreError::Damaged)?;
            let next_review = next_review.map(|day| day.parse().map_err(|_| StoreError::Damaged(day.clone()))).transpose()?;
            Ok(RetentionDecision { id, agency, officer, at: at.0, incident, decision, reason, next_review, erasure })
        })
        .collect()
}
