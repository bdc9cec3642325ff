//! Building the derived indexes from the database: at start, and when the index folder was deleted.

use super::{Follower, apply};
use crate::{Service, ServiceError};
use hotspots::Columns;
use model::Uuid;
use names::Mention;
use std::sync::{PoisonError, atomic::Ordering::SeqCst};
use store::{
    changes::{self, Change, Cursor},
    incidents, mentions,
};

/// Reads every incident into the columns, from one moment of the database.
pub(super) async fn columns(service: &Service, follower: &Follower) -> Result<(), ServiceError> {
    if follower.columns_ready.load(SeqCst) {
        return Ok(());
    }
    let mut tx = service.inner.database.read().await?;
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
    follower.columns_ready.store(true, SeqCst);
    Ok(())
}

/// Takes up the index where its cursor is; without one, or with one of another database, builds it anew. Until it is
/// whole, searches wait and `/readyz` says so.
pub(super) async fn index(service: &Service, follower: &Follower) -> Result<(), ServiceError> {
    if follower.index_ready.load(SeqCst) {
        return Ok(());
    }
    let mut tx = service.inner.database.read().await?;
    let position = changes::position(&mut tx).await?;
    let kept = follower.index.cursor().and_then(|text| serde_json::from_str::<Cursor>(&text).ok());
    // A cursor ahead of the database belongs to one that was replaced by an older copy.
    let kept = kept.filter(|cursor| cursor.origin == position.origin && (cursor.txid, cursor.seq) <= (position.txid, position.seq));
    let cursor = match kept {
        Some(cursor) => cursor,
        None => {
            tracing::info!("building the name index from the database");
            let mut after = Uuid::nil();
            loop {
                let ids = mentions::incidents_after(&mut tx, after, 2_000).await?;
                let Some(last) = ids.last() else { break };
                after = *last;
                let changed: Vec<Change> = ids.iter().map(|id| Change { txid: 0, seq: 0, incident_id: *id, version: 1 }).collect();
                let loaded = apply::load(&mut tx, &changed).await?;
                let batch: Vec<(Uuid, Vec<Mention>)> = loaded.mentions.into_iter().map(|(id, _, mentions)| (id, mentions)).collect();
                let background = service.clone();
                tokio::task::spawn_blocking(move || match &background.inner.follower {
                    Some(follower) => follower.index.apply(&batch),
                    None => Ok(()),
                })
                .await??;
                follower.rebuilt.fetch_add(ids.len() as i64, SeqCst);
            }
            let payload = serde_json::to_string(&position).map_err(|error| ServiceError::Unavailable(error.to_string()))?;
            let background = service.clone();
            tokio::task::spawn_blocking(move || match &background.inner.follower {
                Some(follower) => follower.index.commit(&payload),
                None => Ok(()),
            })
            .await??;
            position
        }
    };
    drop(tx);
    let mut progress = follower.progress.lock().await;
    progress.seen = cursor.clone();
    progress.cursor = cursor;
    drop(progress);
    follower.index_ready.store(true, SeqCst);
    tracing::info!(mentions = follower.index.mentions(), "the name index is ready");
    Ok(())
}
