//! What sealing the audit ledger reads and keeps: rows in the order of their completion, keys, checkpoints with their
//! leaves. No scope: rows are read to be hashed or exported at the console, not to be shown to an officer.

use crate::{StoreError, Tx, time::At};
use model::{Timestamp, Uuid};

/// The columns of a row as text, whatever somebody has put into them.
const SQLITE_ROW: &str = "0 AS txid, seq, at, officer_id, agency_id, operation, action, records, purpose, purpose_reference, outcome, \
     request_id, detail, salt, payload_commitment FROM audit";
const POSTGRES_ROW: &str = "txid::text::bigint AS txid, seq, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS at, \
     officer_id, agency_id, operation, action, records, purpose, purpose_reference, outcome, request_id, detail, salt, \
     payload_commitment FROM audit";

/// A row exactly as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RawRow {
    /// The transaction (0 on SQLite).
    pub txid: i64,
    /// Its number.
    pub seq: i64,
    /// When, as text.
    pub at: String,
    /// Who.
    pub officer_id: Uuid,
    /// For which agency.
    pub agency_id: Uuid,
    /// The operation.
    pub operation: String,
    /// What exactly.
    pub action: String,
    /// The records, as a JSON list of ids.
    pub records: String,
    /// What for.
    pub purpose: Option<String>,
    /// The reference given for it.
    pub purpose_reference: Option<String>,
    /// What came of it.
    pub outcome: String,
    /// The request.
    pub request_id: String,
    /// What was asked.
    pub detail: Option<String>,
    /// The salt.
    pub salt: Option<Vec<u8>>,
    /// What stands for an erased payload.
    pub payload_commitment: Option<Vec<u8>>,
}

/// How far rows are sealed: (txid, seq), as the change log's cursor; txid is 0 on SQLite.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The transaction.
    pub txid: i64,
    /// The row.
    pub seq: i64,
}

/// A key that signs, or signed.
#[derive(Debug, Clone)]
pub struct Key {
    /// 1, 2, …
    pub number: i64,
    /// The name of the ledger.
    pub origin: String,
    /// The public key.
    pub public_key: Vec<u8>,
    /// It signs checkpoints of more rows than this.
    pub from_size: i64,
    /// When it was entered.
    pub at: Timestamp,
    /// The old key's statement.
    pub statement: Option<String>,
}

/// A checkpoint without its leaves.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    /// How many rows are under it.
    pub size: i64,
    /// When it was signed.
    pub at: Timestamp,
    /// The signed note.
    pub note: String,
    /// How far it goes.
    pub cursor: Place,
}

#[derive(sqlx::FromRow)]
struct RawCheckpoint {
    size: i64,
    at: At,
    note: String,
    cursor_txid: i64,
    cursor_seq: i64,
}

impl From<RawCheckpoint> for Checkpoint {
    fn from(raw: RawCheckpoint) -> Self {
        let cursor = Place { txid: raw.cursor_txid, seq: raw.cursor_seq };
        Self { size: raw.size, at: raw.at.0, note: raw.note, cursor }
    }
}

/// The columns of a row on this database.
fn columns(tx: &Tx) -> &'static str {
    match tx {
        Tx::Sqlite(_) => SQLITE_ROW,
        Tx::Postgres(_) => POSTGRES_ROW,
    }
}

/// What holds for rows after a place, on this database.
pub(crate) fn after(tx: &Tx, place: Place) -> String {
    match tx {
        Tx::Sqlite(_) => format!(" WHERE seq > {}", place.seq),
        Tx::Postgres(_) => format!(" WHERE (txid, seq) > ('{}'::xid8, {})", place.txid, place.seq),
    }
}

/// One sealer at a time: held until the transaction ends. On SQLite the transaction itself is alone.
///
/// # Errors
/// When the database fails, or another holds it for too long.
pub async fn lock(tx: &mut Tx) -> Result<(), StoreError> {
    if let Tx::Postgres(tx) = tx {
        // The number says nothing: it is this lock's.
        sqlx::query("SELECT pg_advisory_xact_lock(3003)").execute(&mut **tx).await?;
    }
    Ok(())
}

/// What tells a row from any other: its place and its salt.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Mark {
    /// The transaction (0 on SQLite).
    pub txid: i64,
    /// Its number.
    pub seq: i64,
    /// The salt.
    pub salt: Option<Vec<u8>>,
}

/// The rows after a place that no later commit can come before, in the order of their completion.
///
/// # Errors
/// When the database fails.
pub async fn marks_after(tx: &mut Tx, place: Place, limit: i64) -> Result<Vec<Mark>, StoreError> {
    let after = after(tx, place);
    let (columns, safe, order) = match tx {
        Tx::Sqlite(_) => ("SELECT 0 AS txid, seq, salt FROM audit", "", " ORDER BY seq LIMIT "),
        Tx::Postgres(_) => (
            "SELECT txid::text::bigint AS txid, seq, salt FROM audit",
            " AND txid < pg_snapshot_xmin(pg_current_snapshot())",
            " ORDER BY txid, seq LIMIT ",
        ),
    };
    Ok(build!(tx, fetch_all, Mark, |q| {
        // The place is in the text: bound, it would have to be cast from text on one of the two.
        q.push(columns).push(&after).push(safe).push(order).push_bind(limit);
    })?)
}

/// How many committed rows lie after a place, counted up to `most`, and when the oldest of them was asked for.
///
/// # Errors
/// When the database fails.
pub async fn waiting(tx: &mut Tx, place: Place, most: i64) -> Result<(i64, Option<Timestamp>), StoreError> {
    let after = after(tx, place);
    let (count, oldest): (i64, Option<At>) = build!(tx, fetch_one, (i64, Option<At>), |q| {
        q.push("SELECT count(*), min(at) FROM (SELECT at FROM audit").push(&after).push(" LIMIT ").push_bind(most).push(") AS waiting");
    })?;
    Ok((count, oldest.map(|at| at.0)))
}

/// Rows by number, in any order.
///
/// # Errors
/// When the database fails.
pub async fn rows(tx: &mut Tx, seqs: &[i64]) -> Result<Vec<RawRow>, StoreError> {
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    let (columns, seqs) = (columns(tx), crate::statement::filled(seqs));
    Ok(build!(tx, fetch_all, RawRow, |q| {
        q.push("SELECT ").push(columns).push(" WHERE seq IN (");
        list!(q, seq in &seqs => *seq);
        q.push(")");
    })?)
}

/// The numbers of every row above a number, in order.
///
/// # Errors
/// When the database fails.
pub async fn numbers_above(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<i64>, StoreError> {
    let rows = run!(tx, fetch_all, (i64,), "SELECT seq FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2", seq, limit)?;
    Ok(rows.into_iter().map(|(seq,)| seq).collect())
}

/// Erases the payload of a row: the salt is cut, and the commitment put in the payload's place.
///
/// # Errors
/// When the database fails.
pub async fn erase_payload(tx: &mut Tx, seq: i64, salt: &[u8], commitment: &[u8]) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "UPDATE audit SET purpose_reference = NULL, detail = NULL, request_id = '', salt = $1, payload_commitment = $2 WHERE seq = $3",
        salt,
        commitment,
        seq
    )?;
    Ok(())
}

/// The keys, in order.
///
/// # Errors
/// When the database fails.
pub async fn keys(tx: &mut Tx) -> Result<Vec<Key>, StoreError> {
    type Raw = (i64, String, Vec<u8>, i64, At, Option<String>);
    let rows = run!(tx, fetch_all, Raw, "SELECT number, origin, public_key, from_size, at, statement FROM audit_key ORDER BY number")?;
    let key =
        |(number, origin, public_key, from_size, at, statement): Raw| Key { number, origin, public_key, from_size, at: at.0, statement };
    Ok(rows.into_iter().map(key).collect())
}

/// Enters a key.
///
/// # Errors
/// [`StoreError::Conflict`] when another key of this number is there.
pub async fn add_key(tx: &mut Tx, key: &Key) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO audit_key (number, origin, public_key, from_size, at, statement) VALUES ($1, $2, $3, $4, $5, $6)",
        key.number,
        &key.origin,
        &key.public_key,
        key.from_size,
        At(key.at),
        key.statement.as_deref()
    )?;
    Ok(())
}

/// The last checkpoint.
///
/// # Errors
/// When the database fails.
pub async fn last(tx: &mut Tx) -> Result<Option<Checkpoint>, StoreError> {
    let last = run!(
        tx,
        fetch_optional,
        RawCheckpoint,
        "SELECT size, at, note, cursor_txid, cursor_seq FROM audit_checkpoint ORDER BY size DESC LIMIT 1"
    )?;
    Ok(last.map(Checkpoint::from))
}

/// The checkpoints of more than so many rows, in order.
///
/// # Errors
/// When the database fails.
pub async fn checkpoints_after(tx: &mut Tx, size: i64, limit: i64) -> Result<Vec<Checkpoint>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        RawCheckpoint,
        "SELECT size, at, note, cursor_txid, cursor_seq FROM audit_checkpoint WHERE size > $1 ORDER BY size LIMIT $2",
        size,
        limit
    )?;
    Ok(rows.into_iter().map(Checkpoint::from).collect())
}

/// The leaves that a checkpoint added.
///
/// # Errors
/// When the database fails.
pub async fn leaves(tx: &mut Tx, size: i64) -> Result<Vec<u8>, StoreError> {
    let (leaves,) = run!(tx, fetch_one, (Vec<u8>,), "SELECT leaves FROM audit_checkpoint WHERE size = $1", size)?;
    Ok(leaves)
}

/// The leaves of the checkpoints of more than so many rows, each with its size, in order.
///
/// # Errors
/// When the database fails.
pub async fn leaves_after(tx: &mut Tx, size: i64, limit: i64) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    Ok(run!(
        tx,
        fetch_all,
        (i64, Vec<u8>),
        "SELECT size, leaves FROM audit_checkpoint WHERE size > $1 ORDER BY size LIMIT $2",
        size,
        limit
    )?)
}

/// Enters a checkpoint with its leaves, the lowest number among them, and which rows name which records.
///
/// # Errors
/// [`StoreError::Conflict`] when another sealer was faster.
pub async fn add_checkpoint(
    tx: &mut Tx,
    checkpoint: &Checkpoint,
    first_seq: i64,
    leaves: &[u8],
    records: &[(Uuid, i64)],
) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO audit_checkpoint (size, at, note, cursor_txid, cursor_seq, first_seq, leaves) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        checkpoint.size,
        At(checkpoint.at),
        &checkpoint.note,
        checkpoint.cursor.txid,
        checkpoint.cursor.seq,
        first_seq,
        leaves
    )?;
    // A row that was numbered anew from outside may have been here before: hence the conflicts.
    if let Tx::Postgres(tx) = tx {
        let (ids, seqs): (Vec<Uuid>, Vec<i64>) = records.iter().copied().unzip();
        sqlx::query("INSERT INTO audit_record (record_id, seq) SELECT * FROM UNNEST($1::uuid[], $2::bigint[]) ON CONFLICT DO NOTHING")
            .bind(ids)
            .bind(seqs)
            .execute(&mut **tx)
            .await?;
        return Ok(());
    }
    insert!(tx, (), records, 1_024, |q, batch| {
        q.push("INSERT INTO audit_record (record_id, seq) ");
        q.push_values(batch, |mut row, (record, seq)| {
            row.push_bind(*record).push_bind(*seq);
        });
        q.push(" ON CONFLICT DO NOTHING");
    })?;
    Ok(())
}

/// A copy that was put back on another server: its transaction numbers mean nothing there. What is sealed stays behind the
/// cursor, what is not comes after it and before whatever is written from now on.
pub(crate) async fn settle_after_restore(tx: &mut Tx) -> Result<(), StoreError> {
    let Some(last) = last(tx).await? else {
        if let Tx::Postgres(tx) = tx {
            sqlx::query("UPDATE audit SET txid = '3'").execute(&mut **tx).await?;
        }
        return Ok(());
    };
    if let Tx::Postgres(tx) = tx {
        // 3 is the first number of an ordinary transaction: every server has passed it.
        sqlx::query("UPDATE audit SET txid = CASE WHEN (txid, seq) > ($1::bigint::text::xid8, $2) THEN '3'::xid8 ELSE '1'::xid8 END")
            .bind(last.cursor.txid)
            .bind(last.cursor.seq)
            .execute(&mut **tx)
            .await?;
        sqlx::query("UPDATE audit_checkpoint SET cursor_txid = 1, cursor_seq = 9223372036854775807 WHERE size = $1")
            .bind(last.size)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}
