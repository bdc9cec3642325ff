//! Building the derived indexes from the database: at start, and when the index folder was deleted.

use super::{Follower, Progress, apply};
use crate::{Service, ServiceError};
use hotspots::Columns;
use model::Uuid;
use names::{Mention, NameIndex, Tail};
use std::sync::{Arc, PoisonError, atomic::Ordering::SeqCst};
use store::{
    changes::{self, Change, Cursor},
    erasures, incidents, mentions,
};
use tokio::task::JoinSet;

/// Reads every incident into the columns, from one moment of the database.
pub(super) async fn columns(service: &Service, follower: &Follower) -> Result<(), ServiceError> {
    if follower.columns_ready.load(SeqCst) {
        return Ok(());
    }
    let mut tx = service.inner.database.read().await?;
    let position = changes::position(&mut tx).await?;
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let rows = incidents::columns(&mut tx, after, 20_000).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        all.extend(rows.iter().filter_map(|row| Some((row.id, follower.occurrence(row)?))));
    }
    drop(tx);
    let built = tokio::task::spawn_blocking(move || Columns::build(all)).await?;
    let built = built.map_err(|error| ServiceError::Unavailable(format!("an incident cannot be put into the columns: {error}")))?;
    *follower.columns.write().unwrap_or_else(PoisonError::into_inner) = built;
    follower.progress.lock().await.cursor = position;
    follower.columns_ready.store(true, SeqCst);
    Ok(())
}

/// Takes up the index where its cursor is; without one, or with one of another database, builds it anew. So it does in
/// another folder when something was erased since, and the folder before is deleted. Until it is whole, searches wait and
/// `/readyz` says so.
pub(super) async fn index(service: &Service, follower: &Follower) -> Result<(), ServiceError> {
    if follower.index_ready.load(SeqCst) {
        return Ok(());
    }
    let mut tx = service.inner.database.read().await?;
    let erasures = erasures::epoch(&mut tx).await?;
    let (position, before) = (changes::position(&mut tx).await?, follower.index());
    let anew = follower.generation.load(SeqCst) < erasures;
    let index = if anew {
        let data_dir = follower.data_dir.clone();
        tokio::task::spawn_blocking(move || {
            before.put_away();
            NameIndex::open_generation(&data_dir, erasures).map(Arc::new)
        })
        .await??
    } else {
        before
    };
    let kept = index.cursor().and_then(|text| serde_json::from_str::<Cursor>(&text).ok());
    // A cursor ahead of the database belongs to one that was replaced by an older copy.
    let kept = kept.filter(|cursor| cursor.origin == position.origin && (cursor.txid, cursor.seq) <= (position.txid, position.seq));
    let all = if kept.is_none() { mentions::incidents(&mut tx).await? } else { 0 };
    // A connection held any longer would be missing where the pieces are read.
    drop(tx);
    let cursor = match kept {
        Some(cursor) => cursor,
        None => {
            let began = std::time::Instant::now();
            tracing::info!(incidents = all, "building the name index from the database");
            follower.rebuilt.store(0, SeqCst);
            follower.to_rebuild.store(all, SeqCst);
            fill(service, &index).await?;
            tracing::info!(incidents = all, seconds = began.elapsed().as_secs(), "the name index is filled");
            // The columns are as of an earlier moment: what changed since is carried into both.
            let columns = follower.progress.lock().await.cursor.clone();
            let position = if columns.origin == position.origin { columns.min(position) } else { position };
            let payload = serde_json::to_string(&position).map_err(|error| ServiceError::Unavailable(error.to_string()))?;
            let filled = index.clone();
            tokio::task::spawn_blocking(move || filled.commit(&payload)).await??;
            position
        }
    };
    let mut progress = follower.progress.lock().await;
    // What was held beyond the cursor is read again from there.
    *progress = Progress { looked: progress.looked, seen: cursor.clone(), cursor, ..Progress::default() };
    *follower.tail.write().unwrap_or_else(PoisonError::into_inner) = Tail::new();
    *follower.index.write().unwrap_or_else(PoisonError::into_inner) = index.clone();
    follower.generation.store(erasures, SeqCst);
    drop(progress);
    let data_dir = follower.data_dir.clone();
    tokio::task::spawn_blocking(move || {
        NameIndex::delete_other_generations(&data_dir, erasures)?;
        crate::imports::clear_up(&data_dir)
    })
    .await??;
    follower.index_ready.store(true, SeqCst);
    if anew {
        // Reading all of it kept the log from being cut.
        service.let_go_of_the_log().await;
    }
    tracing::info!(mentions = index.mentions(), "the name index is ready");
    Ok(())
}

/// Incidents read in one piece of a rebuild.
const PIECE: i64 = 2_000;

/// Puts everybody named in the database into an index, several pieces at a time. What changes meanwhile is in it as it was or as it
/// is; the follower carries it again from the position that was asked for before.
async fn fill(service: &Service, index: &Arc<NameIndex>) -> Result<(), ServiceError> {
    let at_once = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut pieces: JoinSet<Result<(), ServiceError>> = JoinSet::new();
    let mut after = Uuid::nil();
    loop {
        let ids = service.read(move |tx, _| Box::pin(async move { Ok(mentions::incidents_after(tx, after, PIECE).await?) })).await?;
        let Some(last) = ids.last() else { break };
        after = *last;
        while pieces.len() >= at_once {
            pieces.join_next().await.transpose()?.transpose()?;
        }
        pieces.spawn(fill_piece(service.clone(), index.clone(), ids));
    }
    while let Some(done) = pieces.join_next().await {
        done??;
    }
    Ok(())
}

async fn fill_piece(service: Service, index: Arc<NameIndex>, ids: Vec<Uuid>) -> Result<(), ServiceError> {
    let changed: Vec<Change> = ids.iter().map(|id| Change { txid: 0, seq: 0, incident_id: *id, version: 1 }).collect();
    let loaded = service.read(move |tx, _| Box::pin(async move { apply::load(tx, &changed).await })).await?;
    let batch: Vec<(Uuid, Vec<Mention>)> = loaded.mentions.into_iter().map(|(id, _, mentions)| (id, mentions)).collect();
    tokio::task::spawn_blocking(move || index.apply(&batch)).await??;
    if let Some(follower) = &service.inner.follower {
        follower.rebuilt.fetch_add(ids.len() as i64, SeqCst);
    }
    Ok(())
}
