//! The change log, which every derived index follows. No scope: it names records by id, to the follower alone.
//!
//! On PostgreSQL a row may become visible after one with a higher number, so a cursor over `seq` alone loses changes.
//! The cursor is (txid, seq), and moves only over transactions below every one still running
//! (`pg_snapshot_xmin`); what is committed above it is read apart, as the tail.

use crate::{StoreError, Tx};
use model::Uuid;
use serde::{Deserialize, Serialize};

/// How far a follower has come.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Cursor {
    /// Which database and timeline the numbers belong to: numbers of another one mean nothing.
    pub origin: String,
    /// The transaction (0 on SQLite, whose `seq` alone is in order of commit).
    pub txid: i64,
    /// The row.
    pub seq: i64,
}

/// One change: an incident has a new version.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Change {
    /// The transaction (0 on SQLite).
    pub txid: i64,
    /// The row.
    pub seq: i64,
    /// The incident.
    pub incident_id: Uuid,
    /// The version it now has.
    pub version: i64,
}

pub(crate) async fn append(tx: &mut Tx, changed: &[(Uuid, i64)]) -> Result<(), StoreError> {
    insert!(tx, (), changed, 2_048, |q, batch| {
        q.push("INSERT INTO change_log (incident_id, version) ");
        q.push_values(batch, |mut row, (incident, version)| {
            row.push_bind(*incident).push_bind(*version);
        });
    })?;
    Ok(())
}

/// Notes that something about an incident other than its version changed, as a duplicate link.
///
/// # Errors
/// When the database fails.
pub async fn touch(tx: &mut Tx, incidents: &[(Uuid, i64)]) -> Result<(), StoreError> {
    append(tx, incidents).await
}

/// Which database the cursor's numbers belong to; after a failover the timeline differs and numbers may be reused.
///
/// # Errors
/// When the database fails.
pub async fn origin(tx: &mut Tx) -> Result<String, StoreError> {
    let (origin,) = run!(
        tx,
        fetch_one,
        (String,),
        {
            sqlite: "SELECT id FROM database_identity",
            // The identity is copied with a dump; transaction numbers are the server's, so the server and its timeline count too.
            postgres: "SELECT system_identifier::text || ':' || timeline_id::text || ':' || d.oid::text || ':' || id
                FROM pg_control_system(), pg_control_checkpoint(), pg_database d, database_identity WHERE d.datname = current_database()",
        }
    )?;
    Ok(origin)
}

/// Changes after the cursor that no later commit can come before, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn safe_after(tx: &mut Tx, cursor: &Cursor, limit: i64) -> Result<Vec<Change>, StoreError> {
    Ok(run!(
        tx,
        fetch_all,
        Change,
        {
            sqlite: "SELECT $1 * 0 AS txid, seq, incident_id, version FROM change_log WHERE seq > $2 ORDER BY seq LIMIT $3",
            postgres: "SELECT txid::text::bigint AS txid, seq, incident_id, version FROM change_log
                WHERE (txid, seq) > ($1::bigint::text::xid8, $2) AND txid < pg_snapshot_xmin(pg_current_snapshot())
                ORDER BY txid, seq LIMIT $3",
        },
        cursor.txid,
        cursor.seq,
        limit
    )?)
}

/// Every committed change after the cursor, safe or not: what the index does not hold yet.
///
/// # Errors
/// When the database fails.
pub async fn all_after(tx: &mut Tx, cursor: &Cursor, limit: i64) -> Result<Vec<Change>, StoreError> {
    Ok(run!(
        tx,
        fetch_all,
        Change,
        {
            sqlite: "SELECT $1 * 0 AS txid, seq, incident_id, version FROM change_log WHERE seq > $2 ORDER BY seq LIMIT $3",
            postgres: "SELECT txid::text::bigint AS txid, seq, incident_id, version FROM change_log
                WHERE (txid, seq) > ($1::bigint::text::xid8, $2) ORDER BY txid, seq LIMIT $3",
        },
        cursor.txid,
        cursor.seq,
        limit
    )?)
}

/// The cursor from which nothing already committed is missed by a reader that starts with this transaction's snapshot.
///
/// # Errors
/// When the database fails.
pub async fn position(tx: &mut Tx) -> Result<Cursor, StoreError> {
    let origin = origin(tx).await?;
    horizon(tx, origin).await
}

/// The same for a reader that knows the origin.
///
/// # Errors
/// When the database fails.
pub async fn horizon(tx: &mut Tx, origin: String) -> Result<Cursor, StoreError> {
    let (txid, seq) = run!(
        tx,
        fetch_one,
        (i64, i64),
        {
            sqlite: "SELECT 0, coalesce(max(seq), 0) FROM change_log",
            postgres: "SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1), 9223372036854775807",
        }
    )?;
    Ok(Cursor { origin, txid, seq })
}

/// How many committed changes lie after the cursor, counted up to `most`.
///
/// # Errors
/// When the database fails.
pub async fn lag(tx: &mut Tx, cursor: &Cursor, most: i64) -> Result<i64, StoreError> {
    Ok(all_after(tx, cursor, most).await?.len() as i64)
}
