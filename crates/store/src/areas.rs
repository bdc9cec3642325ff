//! Areas: imported boundaries. Open data: no scope.

use crate::{StoreError, Tx};
use model::Uuid;

/// An area.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct AreaRow {
    /// Its id.
    pub id: Uuid,
    /// What it is: `ward`, `lsoa`, `district` …
    pub kind: String,
    /// Its code, unique within the kind.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its geometry: GeoJSON in WGS 84.
    pub polygon: String,
}

/// Keeps an area, replacing the one with the same kind and code. Gives whether it was new.
///
/// # Errors
/// When the database fails.
pub async fn put(tx: &mut Tx, area: &AreaRow) -> Result<bool, StoreError> {
    let known = find(tx, Some(&area.kind), &area.code).await?.into_iter().any(|known| known.code == area.code);
    run!(
        tx,
        execute,
        "INSERT INTO area (id, kind, code, name, polygon) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (kind, code) DO UPDATE SET name = excluded.name, polygon = excluded.polygon",
        area.id,
        area.kind.as_str(),
        area.code.as_str(),
        area.name.as_str(),
        area.polygon.as_str()
    )?;
    Ok(!known)
}

/// The areas with that code, of one kind or of any.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, kind: Option<&str>, code: &str) -> Result<Vec<AreaRow>, StoreError> {
    let mut rows = run!(tx, fetch_all, AreaRow, "SELECT id, kind, code, name, polygon FROM area WHERE code = $1 ORDER BY kind", code)?;
    rows.retain(|row| kind.is_none_or(|kind| row.kind == kind));
    Ok(rows)
}

/// Kind, code and name of every area.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx) -> Result<Vec<(String, String, String)>, StoreError> {
    Ok(run!(tx, fetch_all, (String, String, String), "SELECT kind, code, name FROM area ORDER BY kind, code")?)
}

/// Every area whole.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<AreaRow>, StoreError> {
    Ok(run!(tx, fetch_all, AreaRow, "SELECT id, kind, code, name, polygon FROM area ORDER BY kind, code")?)
}
