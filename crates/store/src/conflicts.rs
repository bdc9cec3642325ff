//! What officers have declared about themselves, family and homes. No scope: callers see their own, supervisors those of
//! the own agency's officers.

use crate::{StoreError, Tx, time::At};
use model::{Timestamp, Uuid, conflict::Declaration};

type Row = (Uuid, Uuid, String, At, Option<At>);

fn declaration((id, officer, body, declared, withdrawn): Row) -> Result<Declaration, StoreError> {
    let withdrawn_at = withdrawn.map(|at| at.0);
    Ok(Declaration { id, officer, declared: serde_json::from_str(&body)?, declared_at: declared.0, withdrawn_at })
}

/// Enters a declaration of an officer of that agency.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, declaration: &Declaration, agency: Uuid) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO declaration (id, officer_id, agency_id, body, declared_at) VALUES ($1, $2, $3, $4, $5)",
        declaration.id,
        declaration.officer,
        agency,
        serde_json::to_string(&declaration.declared)?,
        At(declaration.declared_at)
    )?;
    Ok(())
}

/// The declarations of an officer, latest first.
///
/// # Errors
/// When the database fails.
pub async fn of_officer(tx: &mut Tx, officer: Uuid) -> Result<Vec<Declaration>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT id, officer_id, body, declared_at, withdrawn_at FROM declaration WHERE officer_id = $1 ORDER BY id DESC",
        officer
    )?;
    rows.into_iter().map(declaration).collect()
}

/// The declarations of an agency's officers that stand, latest first.
///
/// # Errors
/// When the database fails.
pub async fn of_agency(tx: &mut Tx, agency: Uuid) -> Result<Vec<Declaration>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT id, officer_id, body, declared_at, withdrawn_at FROM declaration
         WHERE agency_id = $1 AND withdrawn_at IS NULL ORDER BY id DESC",
        agency
    )?;
    rows.into_iter().map(declaration).collect()
}

/// Every declaration that stands, earliest first: few officers have any.
///
/// # Errors
/// When the database fails.
pub async fn standing(tx: &mut Tx) -> Result<Vec<Declaration>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT id, officer_id, body, declared_at, withdrawn_at FROM declaration WHERE withdrawn_at IS NULL ORDER BY id"
    )?;
    rows.into_iter().map(declaration).collect()
}

/// Withdraws a declaration. Gives `false` when the officer has none of that id that stands.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(tx: &mut Tx, id: Uuid, officer: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    let withdrawn = run!(
        tx,
        execute,
        "UPDATE declaration SET withdrawn_at = $1 WHERE id = $2 AND officer_id = $3 AND withdrawn_at IS NULL",
        At(at),
        id,
        officer
    )?;
    Ok(withdrawn > 0)
}
