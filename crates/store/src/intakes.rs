//! Intakes: a short-lived reference opened before the first search of a call. No scope: only the opener's agency asks.

use crate::{StoreError, Tx, incidents::Written, time::At};
use model::{Timestamp, Uuid};

/// An intake.
#[derive(Debug, Clone)]
pub struct Intake {
    /// Its id.
    pub id: Uuid,
    /// Its reference.
    pub reference: String,
    /// Who opened it.
    pub officer: Uuid,
    /// For which agency.
    pub agency: Uuid,
    /// What the call is about.
    pub note: Option<String>,
    /// When.
    pub opened_at: Timestamp,
    /// Until when it may be cited.
    pub expires_at: Timestamp,
}

/// Opens one.
///
/// # Errors
/// [`StoreError::Conflict`] when the reference is taken.
pub async fn insert(tx: &mut Tx, intake: &Intake) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO intake (id, reference, officer_id, agency_id, note, opened_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        intake.id,
        intake.reference.as_str(),
        intake.officer,
        intake.agency,
        intake.note.as_deref(),
        At(intake.opened_at),
        At(intake.expires_at)
    )?;
    Ok(())
}

type Row = (Uuid, String, Uuid, Uuid, Option<String>, At, At);

fn intake((id, reference, officer, agency, note, opened, expires): Row) -> Intake {
    Intake { id, reference, officer, agency, note, opened_at: opened.0, expires_at: expires.0 }
}

/// The intake with that reference.
///
/// # Errors
/// When the database fails.
pub async fn by_reference(tx: &mut Tx, reference: &str) -> Result<Option<Intake>, StoreError> {
    let row = run!(
        tx,
        fetch_optional,
        Row,
        "SELECT id, reference, officer_id, agency_id, note, opened_at, expires_at FROM intake WHERE reference = $1",
        reference
    )?;
    Ok(row.map(intake))
}

/// The intake with that id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<Intake>, StoreError> {
    let row = run!(
        tx,
        fetch_optional,
        Row,
        "SELECT id, reference, officer_id, agency_id, note, opened_at, expires_at FROM intake WHERE id = $1",
        id
    )?;
    Ok(row.map(intake))
}

/// Notes which incident an intake led to.
pub(crate) async fn finish(tx: &mut Tx, rows: &[&Written]) -> Result<(), StoreError> {
    for incident in rows.iter().map(|written| &written.incident) {
        if let Some(intake) = &incident.intake {
            run!(
                tx,
                execute,
                "UPDATE intake SET incident_id = $1 WHERE reference = $2 AND incident_id IS NULL",
                incident.id,
                intake.as_str()
            )?;
        }
    }
    Ok(())
}

/// The intakes of an agency that have ended without an incident, latest first.
///
/// # Errors
/// When the database fails.
pub async fn unfinished(tx: &mut Tx, agency: Uuid, now: Timestamp, limit: i64) -> Result<Vec<Intake>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT id, reference, officer_id, agency_id, note, opened_at, expires_at FROM intake
         WHERE agency_id = $1 AND incident_id IS NULL AND expires_at <= $2 ORDER BY opened_at DESC, id LIMIT $3",
        agency,
        At(now),
        limit
    )?;
    Ok(rows.into_iter().map(intake).collect())
}
