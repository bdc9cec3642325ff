//! Reference checks for landlords: which one, on what basis, and what was answered. No scope: the agency that asked sees its own.

use crate::{StoreError, Tx, time::At};
use model::{Timestamp, Uuid};

/// A reference check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceCheckRow {
    /// Its id.
    pub id: Uuid,
    /// The agency that asked.
    pub agency: Uuid,
    /// The officer who asked.
    pub officer: Uuid,
    /// When.
    pub asked_at: Timestamp,
    /// The basis, a code of the vocabulary `disclosure_bases`.
    pub basis: String,
    /// The answer, as JSON.
    pub answer: String,
    /// When it was disputed, if so.
    pub disputed_at: Option<Timestamp>,
}

type Row = (Uuid, Uuid, Uuid, At, String, String, Option<At>);

fn check((id, agency, officer, asked, basis, answer, disputed): Row) -> ReferenceCheckRow {
    ReferenceCheckRow { id, agency, officer, asked_at: asked.0, basis, answer, disputed_at: disputed.map(|at| at.0) }
}

/// Enters a check.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, row: &ReferenceCheckRow) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO reference_check (id, agency_id, officer_id, asked_at, basis, answer) VALUES ($1, $2, $3, $4, $5, $6)",
        row.id,
        row.agency,
        row.officer,
        At(row.asked_at),
        row.basis.as_str(),
        row.answer.as_str()
    )?;
    Ok(())
}

/// Notes that a check is disputed. Whether there is one of the agency, not disputed before.
///
/// # Errors
/// When the database fails.
pub async fn dispute(tx: &mut Tx, id: Uuid, agency: Uuid, by: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    let changed = run!(
        tx,
        execute,
        "UPDATE reference_check SET disputed_at = $1, disputed_by = $2 WHERE id = $3 AND agency_id = $4 AND disputed_at IS NULL",
        At(at),
        by,
        id,
        agency
    )?;
    Ok(changed > 0)
}

/// One check of an agency.
///
/// # Errors
/// When the database fails.
pub async fn by_id(tx: &mut Tx, id: Uuid, agency: Uuid) -> Result<Option<ReferenceCheckRow>, StoreError> {
    let row = run!(
        tx,
        fetch_optional,
        Row,
        "SELECT id, agency_id, officer_id, asked_at, basis, answer, disputed_at FROM reference_check WHERE id = $1 AND agency_id = $2",
        id,
        agency
    )?;
    Ok(row.map(check))
}

/// The checks of an agency, the latest first, older than `before`.
///
/// # Errors
/// When the database fails.
pub async fn of_agency(tx: &mut Tx, agency: Uuid, before: Option<Uuid>, limit: i64) -> Result<Vec<ReferenceCheckRow>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT id, agency_id, officer_id, asked_at, basis, answer, disputed_at FROM reference_check
         WHERE agency_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        agency,
        before.unwrap_or(Uuid::max()),
        limit
    )?;
    Ok(rows.into_iter().map(check).collect())
}
