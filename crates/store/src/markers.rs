//! Markers on people and premises.

use crate::{StoreError, Tx, labels::number, time::At};
use model::{
    LabelId, Scope, Timestamp, Uuid,
    marker::{Marker, MarkerKind},
};

/// Keeps a marker under a label.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, marker: &Marker, label: LabelId) -> Result<(), StoreError> {
    let (kind, value) = marker.marker.subject_key();
    run!(
        tx,
        execute,
        "INSERT INTO marker (id, agency_id, label_id, subject_kind, subject_value, ended_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        marker.id,
        marker.agency,
        i64::from(label),
        kind,
        value,
        marker.ended_at.map(At),
        serde_json::to_string(marker)?
    )?;
    Ok(())
}

/// The marker with that id, where the caller sees it.
///
/// # Errors
/// When the database fails.
pub async fn by_id(tx: &mut Tx, scope: &Scope, id: Uuid) -> Result<Option<Marker>, StoreError> {
    let row = run!(tx, fetch_optional, (i64, String), "SELECT label_id, body FROM marker WHERE id = $1", id)?;
    match row {
        Some((label, body)) if scope.sees_people(number(label)?) => Ok(Some(serde_json::from_str(&body)?)),
        _ => Ok(None),
    }
}

/// Ends a marker.
///
/// # Errors
/// When the database fails.
pub async fn end(tx: &mut Tx, marker: &Marker, at: Timestamp) -> Result<(), StoreError> {
    let ended = Marker { ended_at: Some(at), ..marker.clone() };
    run!(tx, execute, "UPDATE marker SET ended_at = $1, body = $2 WHERE id = $3", At(at), serde_json::to_string(&ended)?, marker.id)?;
    Ok(())
}

/// The markers on any of these subjects (kind of key and value) that the caller sees.
///
/// # Errors
/// When the database fails.
pub async fn on(tx: &mut Tx, scope: &Scope, subjects: &[(&str, String)]) -> Result<Vec<Marker>, StoreError> {
    let mut found = Vec::new();
    for (kind, value) in subjects.iter().take(500) {
        let rows = run!(
            tx,
            fetch_all,
            (i64, String),
            "SELECT label_id, body FROM marker WHERE subject_kind = $1 AND subject_value = $2 ORDER BY id",
            *kind,
            value.as_str()
        )?;
        for (label, body) in rows {
            if scope.sees_people(number(label)?) {
                found.push(serde_json::from_str(&body)?);
            }
        }
    }
    Ok(found)
}

/// The safety markers on people that have not been ended, whatever their label: for the minimal warning alone.
///
/// # Errors
/// When the database fails.
pub async fn warning_of_people(tx: &mut Tx) -> Result<Vec<Marker>, StoreError> {
    let rows = run!(tx, fetch_all, (String,), "SELECT body FROM marker WHERE subject_kind = 'person' AND ended_at IS NULL ORDER BY id")?;
    safety(rows)
}

/// The same on these premises (kind of key and value).
///
/// # Errors
/// When the database fails.
pub async fn warning_at(tx: &mut Tx, subjects: &[(&str, String)]) -> Result<Vec<Marker>, StoreError> {
    let mut found = Vec::new();
    for (kind, value) in subjects.iter().take(500) {
        let rows = run!(
            tx,
            fetch_all,
            (String,),
            "SELECT body FROM marker WHERE subject_kind = $1 AND subject_value = $2 AND ended_at IS NULL ORDER BY id",
            *kind,
            value.as_str()
        )?;
        found.extend(safety(rows)?);
    }
    Ok(found)
}

fn safety(rows: Vec<(String,)>) -> Result<Vec<Marker>, StoreError> {
    let mut found = Vec::new();
    for (body,) in rows {
        let marker: Marker = serde_json::from_str(&body)?;
        if marker.marker.kind == MarkerKind::Safety {
            found.push(marker);
        }
    }
    Ok(found)
}

/// Every marker, for export by an authorised caller.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx, scope: &Scope) -> Result<Vec<Marker>, StoreError> {
    let rows = run!(tx, fetch_all, (i64, String), "SELECT label_id, body FROM marker ORDER BY id")?;
    let mut found = Vec::new();
    for (label, body) in rows {
        if scope.sees_people(number(label)?) {
            found.push(serde_json::from_str(&body)?);
        }
    }
    Ok(found)
}

/// Every marker whatever its label, for the console's export and for telling what an import holds already.
///
/// # Errors
/// When the database fails.
pub async fn every(tx: &mut Tx) -> Result<Vec<Marker>, StoreError> {
    let rows = run!(tx, fetch_all, (String,), "SELECT body FROM marker ORDER BY id")?;
    rows.into_iter().map(|(body,)| Ok(serde_json::from_str(&body)?)).collect()
}

/// Whether a marker with that id is kept.
///
/// # Errors
/// When the database fails.
pub async fn exists(tx: &mut Tx, id: Uuid) -> Result<bool, StoreError> {
    Ok(run!(tx, fetch_optional, (Uuid,), "SELECT id FROM marker WHERE id = $1", id)?.is_some())
}
