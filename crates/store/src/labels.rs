//! Access labels: small numbers that records, indexes and columns keep instead of the whole rule. No scope here: a
//! label names nobody's record.

use crate::{StoreError, Tx};
use model::{AccessLabel, LabelId};

/// The number of a label, made when it is new.
///
/// # Errors
/// When the database fails.
pub async fn ensure(tx: &mut Tx, label: &AccessLabel) -> Result<LabelId, StoreError> {
    let body = serde_json::to_string(label)?;
    run!(tx, execute, "INSERT INTO access_label (body) VALUES ($1) ON CONFLICT (body) DO NOTHING", &body)?;
    let (id,) = run!(tx, fetch_one, (i64,), "SELECT id FROM access_label WHERE body = $1", &body)?;
    number(id)
}

/// Labels with numbers above `after`, in order.
///
/// # Errors
/// When the database fails.
pub async fn after(tx: &mut Tx, after: i64) -> Result<Vec<(LabelId, AccessLabel)>, StoreError> {
    let rows = run!(tx, fetch_all, (i64, String), "SELECT id, body FROM access_label WHERE id > $1 ORDER BY id", after)?;
    rows.into_iter().map(|(id, body)| Ok((number(id)?, serde_json::from_str(&body)?))).collect()
}

pub(crate) fn number(id: i64) -> Result<LabelId, StoreError> {
    LabelId::try_from(id).map_err(|_| StoreError::Damaged(format!("label {id}")))
}
