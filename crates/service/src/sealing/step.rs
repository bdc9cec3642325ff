//! One step of the sealer: read closed rows, hash them, sign, write one checkpoint.

use super::{Sealer, Work, key_file};
use crate::{Service, ServiceError};
use ledger::{Checkpoint, Frontier, Hash, Row, export::Leaf, note::Note, tree};
use model::Uuid;
use std::{collections::HashMap, fs::OpenOptions, io::Write, path::Path};
use store::{
    StoreError, Tx,
    sealing::{self, Mark, Place, RawRow},
};

/// The most rows under one checkpoint.
const MOST: i64 = 10_000;
/// The most records of one row that are found by their id: those of an import are found by the import.
const MOST_RECORDS: usize = 1_000;

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// There was nothing to seal.
    Nothing,
    /// Everything that can be sealed is.
    Some,
    /// There is more, or another process was faster.
    More,
}

/// A row as the ledger reads it.
pub fn row(raw: RawRow) -> Row {
    Row {
        seq: raw.seq,
        at: raw.at,
        officer: raw.officer_id,
        agency: raw.agency_id,
        operation: raw.operation,
        action: raw.action,
        records: raw.records,
        purpose: raw.purpose,
        outcome: raw.outcome,
        purpose_reference: raw.purpose_reference,
        request_id: raw.request_id,
        detail: raw.detail,
        salt: raw.salt.unwrap_or_default(),
        payload_commitment: raw.payload_commitment,
    }
}

/// The leaf of a row. One that the program did not write has none, and must not hold up the others: it gets a leaf that no
/// row has, and the verifier names it.
fn leaf(row: &Row) -> Hash {
    row.leaf().unwrap_or_else(|| tree::leaf(format!("not a row of ours: {}", row.seq).as_bytes()))
}

pub(super) async fn seal(service: &Service, sealer: &Sealer, work: &mut Work) -> Result<Done, ServiceError> {
    let database = &service.inner.database;
    let mut tx = database.read().await?;
    let last = sealing::last(&mut tx).await?;
    let size = last.as_ref().map_or(0, |last| last.size);
    if work.frontier.as_ref().is_none_or(|frontier| i64::try_from(frontier.size()) != Ok(size)) {
        let known = work.frontier.clone().unwrap_or_default();
        work.frontier = Some(grown(&mut tx, known, last.as_ref().map(|last| last.note.as_str())).await?);
    }
    let marks = sealing::marks_after(&mut tx, last.map_or(Place::default(), |last| last.cursor), MOST).await?;
    let Some(end) = marks.last().map(|mark| Place { txid: mark.txid, seq: mark.seq }) else {
        tx.rollback().await?;
        return Ok(Done::Nothing);
    };
    let whole = (marks.len() as i64) < MOST;
    let rows = rows_of(&mut tx, sealer, &marks).await?;
    tx.rollback().await?;

    let mut frontier = work.frontier.clone().unwrap_or_default();
    let (mut leaves, mut records) = (Vec::with_capacity(rows.len()), Vec::new());
    for raw in rows {
        let row = row(raw);
        let ids: Vec<Uuid> = serde_json::from_str(&row.records).unwrap_or_default();
        records.extend(ids.into_iter().take(MOST_RECORDS).map(|id| (id, row.seq)));
        let hash = leaf(&row);
        leaves.push(Leaf { seq: row.seq, hash });
        frontier.push(hash);
    }
    records.sort_unstable();
    records.dedup();
    let first = leaves.iter().map(|leaf| leaf.seq).min().unwrap_or_default();
    let now = service.clock().now();

    let mut tx = database.begin().await?;
    sealing::lock(&mut tx).await?;
    if sealing::last(&mut tx).await?.map_or(0, |last| last.size) != size {
        tx.rollback().await?;
        return Ok(Done::More);
    }
    if let Err(error) = take_key_in_force(&mut tx, &sealer.settings.key_file, work).await {
        tx.rollback().await?;
        return Err(error);
    }
    let checkpoint = Checkpoint { origin: work.origin.clone(), size: frontier.size(), root: frontier.root(), time: now };
    let note = checkpoint.sign(&work.key);
    let size = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
    let row = sealing::Checkpoint { size, at: now, note, cursor: end };
    match sealing::add_checkpoint(&mut tx, &row, first, &Leaf::pack(&leaves), &records).await {
        Ok(()) => tx.commit().await?,
        Err(StoreError::Conflict(_)) => {
            tx.rollback().await?;
            return Ok(Done::More);
        }
        Err(error) => return Err(error.into()),
    }
    work.frontier = Some(frontier);
    if let Some(path) = &sealer.settings.checkpoints
        && let Err(error) = keep_elsewhere(path, &row.note)
    {
        tracing::error!(error = %error, "a checkpoint could not be added to the file of BEACON_AUDIT_CHECKPOINTS");
    }
    Ok(if whole { Done::Some } else { Done::More })
}

/// The rows of these marks, in their order: those this process wrote from memory, the others from the database.
async fn rows_of(tx: &mut Tx, sealer: &Sealer, marks: &[Mark]) -> Result<Vec<RawRow>, ServiceError> {
    let mut known: HashMap<i64, RawRow> = HashMap::with_capacity(marks.len());
    known.extend(marks.iter().filter_map(|mark| Some((mark.seq, sealer.recent.take(mark)?))));
    sealer.recent.forget_old();
    let missing: Vec<i64> = marks.iter().map(|mark| mark.seq).filter(|seq| !known.contains_key(seq)).collect();
    for some in missing.chunks(1_024) {
        known.extend(sealing::rows(tx, some).await?.into_iter().map(|row| (row.seq, row)));
    }
    // All from one moment: a row whose mark was read is there.
    Ok(marks.iter().filter_map(|mark| known.remove(&mark.seq)).collect())
}

/// The tree with the leaves that are stored beyond it: all of them at the start, another process's later. It must be the one
/// that was signed last: on a tree that somebody has changed, or taken checkpoints from, nothing more is signed.
async fn grown(tx: &mut Tx, mut frontier: Frontier, note: Option<&str>) -> Result<Frontier, ServiceError> {
    let damaged = || {
        ServiceError::Unavailable(
            "the stored leaves of the audit ledger do not give the root that was signed: nothing more is sealed. Keep the database as it \
             is, and run `beacon audit export` and `beacon audit verify`"
                .to_owned(),
        )
    };
    let mut size = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
    loop {
        // A few at a time: each may hold ten thousand.
        let stored = sealing::leaves_after(tx, size, 64).await?;
        let Some((last, _)) = stored.last() else { break };
        size = *last;
        for (_, packed) in stored {
            let leaves = Leaf::unpack(&packed).ok_or_else(damaged)?;
            leaves.iter().for_each(|leaf| frontier.push(leaf.hash));
        }
    }
    let signed = note.map(|note| Note::parse(note).and_then(|note| Checkpoint::of(&note)));
    match signed {
        None if frontier.size() == 0 => Ok(frontier),
        Some(Some(signed)) if signed.size == frontier.size() && signed.root == frontier.root() => Ok(frontier),
        _ => Err(damaged()),
    }
}

/// The key that signs must be the one in force; after a rotation the file may hold the new one already.
async fn take_key_in_force(tx: &mut Tx, path: &Path, work: &mut Work) -> Result<(), ServiceError> {
    let keys = sealing::keys(tx).await?;
    let in_force = keys.last().map(|key| key.public_key.as_slice());
    if in_force == Some(&work.key.public().0[..]) {
        return Ok(());
    }
    match key_file::read(path)? {
        Some(key) if in_force == Some(&key.public().0[..]) => {
            work.key = key;
            Ok(())
        }
        _ => Err(ServiceError::Unavailable(key_file::another(path))),
    }
}

/// Adds a checkpoint to a file that is meant to be out of reach of whoever can change the database.
fn keep_elsewhere(path: &Path, note: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(format!("{note}\n").as_bytes())?;
    file.sync_data()
}
