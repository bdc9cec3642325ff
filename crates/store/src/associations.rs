//! Associations of people with people and vehicles. No scope: the caller shows only those whose people and incident it sees.

use crate::{StoreError, Tx, statement::filled, time::At};
use model::{Timestamp, Uuid, association::Association};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    person_id: Uuid,
    other_id: Uuid,
    kind: String,
    source: String,
    incident_id: Uuid,
    on_day: String,
    agency_id: Uuid,
    officer_id: Uuid,
    recorded_at: At,
    withdrawn_at: Option<At>,
}

impl TryFrom<Row> for Association {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            person: row.person_id,
            other: row.other_id,
            kind: row.kind.parse().map_err(StoreError::Damaged)?,
            source: row.source.parse().map_err(StoreError::Damaged)?,
            incident: row.incident_id,
            on: row.on_day.parse().map_err(|error: jiff::Error| StoreError::Damaged(error.to_string()))?,
            agency: row.agency_id,
            officer: row.officer_id,
            recorded_at: row.recorded_at.0,
            withdrawn_at: row.withdrawn_at.map(|at| at.0),
        })
    }
}

/// Enters an association.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, new: &Association) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO association (id, person_id, other_id, kind, source, incident_id, on_day, agency_id, officer_id, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        new.id,
        new.person,
        new.other,
        new.kind.as_str(),
        new.source.as_str(),
        new.incident,
        new.on.to_string(),
        new.agency,
        new.officer,
        At(new.recorded_at)
    )?;
    Ok(())
}

/// Withdraws an association; it stays in the database and is shown to nobody.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(tx: &mut Tx, id: Uuid, at: Timestamp) -> Result<(), StoreError> {
    run!(tx, execute, "UPDATE association SET withdrawn_at = $1 WHERE id = $2 AND withdrawn_at IS NULL", At(at), id)?;
    Ok(())
}

/// One association.
///
/// # Errors
/// When the database fails.
pub async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<Association>, StoreError> {
    let row = run!(
        tx,
        fetch_optional,
        Row,
        "SELECT id, person_id, other_id, kind, source, incident_id, on_day, agency_id, officer_id, recorded_at, withdrawn_at
         FROM association WHERE id = $1",
        id
    )?;
    row.map(Association::try_from).transpose()
}

/// The associations that stand with an end among `mentions`, in the order they were recorded.
///
/// # Errors
/// When the database fails.
pub async fn around(tx: &mut Tx, mentions: &[Uuid]) -> Result<Vec<Association>, StoreError> {
    let mut found: Vec<Association> = Vec::new();
    for chunk in mentions.chunks(1_000) {
        let chunk = filled(chunk);
        let rows: Vec<Row> = build!(tx, fetch_all, Row, |q| {
            q.push("SELECT id, person_id, other_id, kind, source, incident_id, on_day, agency_id, officer_id, recorded_at, withdrawn_at FROM association WHERE withdrawn_at IS NULL AND (person_id IN (");
            list!(q, id in &chunk => *id);
            q.push(") OR other_id IN (");
            list!(q, id in &chunk => *id);
            q.push("))");
        })?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    found.sort_by_key(|one| one.id);
    found.dedup_by_key(|one| one.id);
    Ok(found)
}

/// Every association, withdrawn ones too, for export by an authorised caller.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<Association>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT id, person_id, other_id, kind, source, incident_id, on_day, agency_id, officer_id, recorded_at, withdrawn_at
         FROM association ORDER BY id"
    )?;
    rows.into_iter().map(Association::try_from).collect()
}

/// Takes away every association of a mention, or of what came to be known in an incident, that is erased.
///
/// # Errors
/// When the database fails.
pub(crate) async fn erase(tx: &mut Tx, erased: Uuid) -> Result<(), StoreError> {
    run!(tx, execute, "DELETE FROM association WHERE person_id = $1 OR other_id = $1 OR incident_id = $1", erased)?;
    Ok(())
}
