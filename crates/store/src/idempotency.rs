//! Idempotency keys: a retry after a time-out finds what the first try made. Kept 30 days, with no stored answer.

use crate::{StoreError, Tx, statement::batches, time::At};
use model::{Timestamp, Uuid};

/// A key with what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The officer who sent it.
    pub officer: Uuid,
    /// The agency acted for.
    pub agency: Uuid,
    /// The operation, as `incident.create`.
    pub operation: String,
    /// The key as sent.
    pub key: String,
    /// SHA-256 of the request's body.
    pub request_hash: [u8; 32],
    /// What the request made.
    pub resource: Uuid,
    /// When.
    pub at: Timestamp,
}

/// Keeps a key. Gives what is kept already when the key was used before: the caller compares the hash.
///
/// # Errors
/// When the database fails.
pub async fn claim(tx: &mut Tx, key: &Key) -> Result<Option<([u8; 32], Uuid)>, StoreError> {
    let made = run!(
        tx,
        execute,
        "INSERT INTO idempotency_key (officer_id, agency_id, operation, key, request_hash, resource_id, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        key.officer,
        key.agency,
        key.operation.as_str(),
        key.key.as_str(),
        key.request_hash.as_slice(),
        key.resource,
        At(key.at)
    )?;
    if made > 0 { Ok(None) } else { find(tx, key).await }
}

/// Keeps several keys in one statement. Gives `false` when any of them was used before: the caller then undoes the
/// transaction and goes one by one.
///
/// # Errors
/// When the database fails.
pub async fn claim_all(tx: &mut Tx, keys: &[&Key]) -> Result<bool, StoreError> {
    for batch in batches(keys, 1_000) {
        if !claim_batch(tx, batch).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn claim_batch(tx: &mut Tx, keys: &[&Key]) -> Result<bool, StoreError> {
    let made = build!(tx, execute, |q| {
        q.push("INSERT INTO idempotency_key (officer_id, agency_id, operation, key, request_hash, resource_id, at) ");
        q.push_values(keys, |mut row, key| {
            row.push_bind(key.officer)
                .push_bind(key.agency)
                .push_bind(key.operation.as_str())
                .push_bind(key.key.as_str())
                .push_bind(key.request_hash.as_slice())
                .push_bind(key.resource)
                .push_bind(At(key.at));
        });
        q.push(" ON CONFLICT DO NOTHING");
    })?;
    Ok(made == keys.len() as u64)
}

/// What is kept under the same officer, agency, operation and key.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, key: &Key) -> Result<Option<([u8; 32], Uuid)>, StoreError> {
    let row = run!(
        tx,
        fetch_optional,
        (Vec<u8>, Uuid),
        "SELECT request_hash, resource_id FROM idempotency_key WHERE officer_id = $1 AND agency_id = $2 AND operation = $3 AND key = $4",
        key.officer,
        key.agency,
        key.operation.as_str(),
        key.key.as_str()
    )?;
    row.map(|(hash, resource)| {
        let hash = <[u8; 32]>::try_from(hash).map_err(|_| StoreError::Damaged("idempotency hash".to_owned()))?;
        Ok((hash, resource))
    })
    .transpose()
}

/// Forgets keys older than `before`.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    Ok(run!(tx, execute, "DELETE FROM idempotency_key WHERE at < $1", At(before))?)
}
