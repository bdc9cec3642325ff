//! Carrying changes into the index, the tail and the columns.

use super::{Follower, Held, Progress, mention};
use crate::{Service, ServiceError};
use hotspots::{Columns, Occurrence, decimetres};
use model::{LabelId, Uuid};
use names::Mention;
use std::{
    collections::{HashMap, HashSet},
    sync::{PoisonError, atomic::Ordering::SeqCst},
};
use store::{
    Tx,
    changes::{self, Change},
    erasures,
    incidents::{self, ColumnRow, Key},
    mentions,
};

/// The most changes carried in one commit of the index.
const BATCH: i64 = 5_000;

/// Whether changes were there to be carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// None.
    Nothing,
    /// All there were.
    Some,
    /// As many as one commit takes: there may be more.
    More,
    /// Something was erased: the index is to be built anew.
    Erasure,
}

/// The present state of changed incidents.
pub(super) struct Loaded {
    pub(super) columns: Vec<ColumnRow>,
    pub(super) mentions: Vec<(Uuid, i64, Vec<Mention>)>,
    /// What is no more: erased whole, with the version that was.
    pub(super) gone: Vec<(Uuid, i64)>,
}

/// Reads the present state of changed incidents: columns of all, mentions of those that name or named anybody.
pub(super) async fn load(tx: &mut Tx, changed: &[Change]) -> Result<Loaded, ServiceError> {
    let ids: HashSet<Uuid> = changed.iter().map(|change| change.incident_id).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let columns = incidents::columns_of(tx, &ids).await?;
    let mut labels: HashMap<Uuid, HashMap<Uuid, LabelId>> = HashMap::new();
    for row in mentions::of_incidents(tx, &ids).await? {
        labels.entry(row.incident).or_default().insert(row.id, row.label);
    }
    let keys: Vec<Key> = labels.keys().map(|id| Key::Id(*id)).collect();
    let mut found = Vec::with_capacity(keys.len());
    for stored in incidents::load(tx, &keys).await? {
        let people = labels.get(&stored.id).map(|labels| Ok::<_, ServiceError>(mention::of(&stored.incident()?, labels))).transpose()?;
        found.push((stored.id, stored.version, people.unwrap_or_default()));
    }
    // An incident that named somebody before and nobody now has to leave the index; one never changed has not been in it.
    for row in columns.iter().filter(|row| row.version > 1 && !labels.contains_key(&row.id)) {
        found.push((row.id, row.version, Vec::new()));
    }
    let there: HashSet<Uuid> = columns.iter().map(|row| row.id).collect();
    let gone: HashMap<Uuid, i64> =
        changed.iter().filter(|change| !there.contains(&change.incident_id)).map(|change| (change.incident_id, change.version)).collect();
    let gone: Vec<(Uuid, i64)> = gone.into_iter().collect();
    found.extend(gone.iter().map(|(id, version)| (*id, *version, Vec::new())));
    Ok(Loaded { columns, mentions: found, gone })
}

/// Carries the next changes that nothing can come before.
pub(super) async fn follow(service: &Service, follower: &Follower) -> Result<Found, ServiceError> {
    let cursor = follower.progress.lock().await.cursor.clone();
    let mut tx = service.inner.database.read().await?;
    if follower.is_outdated(erasures::epoch(&mut tx).await?) {
        return Ok(Found::Erasure);
    }
    let changed = changes::safe_after(&mut tx, &cursor, BATCH).await?;
    let Some(last) = changed.last() else {
        follower.lag.store(changes::lag(&mut tx, &cursor, BATCH).await?, SeqCst);
        return Ok(Found::Nothing);
    };
    let next = changes::Cursor { txid: last.txid, seq: last.seq, ..cursor };
    let loaded = load(&mut tx, &changed).await?;
    let lag = changes::lag(&mut tx, &next, BATCH).await?;
    drop(tx);
    // Told before it is tried: an index that cannot be written must not look as if it had caught up.
    follower.lag.store(lag + changed.len() as i64, SeqCst);
    follower.hold_columns(&mut *follower.progress.lock().await, &loaded);

    let mut versions: Vec<(Uuid, i64)> = loaded.columns.iter().map(|row| (row.id, row.version)).collect();
    versions.extend(&loaded.gone);
    let batch: Vec<(Uuid, Vec<Mention>)> = loaded.mentions.into_iter().map(|(id, _, mentions)| (id, mentions)).collect();
    let payload = serde_json::to_string(&next).map_err(|error| ServiceError::Unavailable(error.to_string()))?;
    let background = service.clone();
    tokio::task::spawn_blocking(move || -> Result<(), ServiceError> {
        let Some(follower) = &background.inner.follower else { return Ok(()) };
        let index = follower.index();
        index.apply(&batch)?;
        Ok(index.commit(&payload)?)
    })
    .await??;

    let mut progress = follower.progress.lock().await;
    let mut tail = follower.tail.write().unwrap_or_else(PoisonError::into_inner);
    for (id, version) in versions {
        let done = progress.held.get(&id).is_some_and(|held| held.version <= version && held.change <= (next.txid, next.seq));
        if done {
            progress.held.remove(&id);
            tail.remove(&id);
        }
    }
    progress.seen = progress.seen.clone().max(next.clone());
    progress.cursor = next;
    follower.lag.store(lag, SeqCst);
    metrics::gauge!("beacon_index_lag_changes").set(lag as f64);
    Ok(if changed.len() as i64 == BATCH { Found::More } else { Found::Some })
}

impl Follower {
    /// Holds the present state of changed incidents in memory, above the cursor.
    pub(super) fn hold(&self, progress: &mut Progress, changed: &[Change], loaded: Loaded) {
        self.hold_columns(progress, &loaded);
        let mut tail = self.tail.write().unwrap_or_else(PoisonError::into_inner);
        for (id, _, mentions) in loaded.mentions {
            tail.insert(id, mentions);
        }
        let versions: HashMap<Uuid, i64> = loaded.columns.iter().map(|row| (row.id, row.version)).collect();
        for change in changed {
            let version = versions.get(&change.incident_id).copied().unwrap_or(change.version);
            progress.held.insert(change.incident_id, Held { change: (change.txid, change.seq), version });
        }
    }

    /// Puts incidents into the columns, unless a later version is there.
    fn hold_columns(&self, progress: &mut Progress, loaded: &Loaded) {
        let mut columns = self.columns.write().unwrap_or_else(PoisonError::into_inner);
        let newest = |id: &Uuid, version: i64| progress.held.get(id).is_none_or(|held| held.version <= version);
        for row in loaded.columns.iter().filter(|row| newest(&row.id, row.version)) {
            self.put(&mut columns, row);
        }
        for (id, _) in loaded.gone.iter().filter(|(id, version)| newest(id, *version)) {
            columns.remove(*id);
        }
    }

    fn put(&self, columns: &mut Columns, row: &ColumnRow) {
        match self.occurrence(row) {
            Some(occurrence) if columns.upsert(row.id, &occurrence).is_ok() => {}
            _ => {
                columns.remove(row.id);
            }
        }
    }

    /// What the columns keep of an incident; nothing for one that counts nowhere or has no point.
    pub(super) fn occurrence(&self, row: &ColumnRow) -> Option<Occurrence> {
        let (first_day, last_day) = row.days();
        if !row.counts() {
            return None;
        }
        Some(Occurrence {
            first_day,
            last_day,
            easting_dm: decimetres(row.easting?)?,
            northing_dm: decimetres(row.northing?)?,
            types: row.types(),
            agency: self.agency_number(row.owning_agency_id),
            label: row.label().ok()?,
            event: row.event_id,
        })
    }
}
