//! The follower: keeps the name index and the incident columns equal to the database, by its change log.
//!
//! The index holds a cursor, committed with its data. What is committed in the database above the cursor is held in
//! memory (the tail) and read with the index, so that a search issued after a write finds it; the cursor moves only
//! over changes that nothing can come before any more.

mod apply;
mod mention;
mod rebuild;

pub(crate) use mention::of as mentions_of;

use crate::{
    Service, ServiceError,
    sealing::{self, SealingLag},
};
use hotspots::Columns;
use model::Uuid;
use names::{NameIndex, Tail};
use serde::Serialize;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};
use store::changes::{self, Cursor};
use tokio::sync::{Mutex, Notify};

/// How long a search waits for the index at most; past it the answer is `index-behind`, never a part.
const PATIENCE: Duration = Duration::from_secs(2);
/// The most changes held in the tail; with more, a search waits for the follower.
const TAIL: usize = 4_000;
/// How often the follower looks when nothing wakes it: other nodes and commands write too.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long the index is left alone after a commit: each syncs several files on the disk the database's log is on, and a
/// search finds in the tail what is not in it yet.
const REST: Duration = Duration::from_millis(500);

/// The derived indexes of this process, and how far they have come.
pub(crate) struct Follower {
    index: RwLock<Arc<NameIndex>>,
    /// The erasures its folder is later than.
    generation: AtomicI64,
    data_dir: PathBuf,
    pub(crate) columns: RwLock<Columns>,
    pub(crate) tail: RwLock<Tail>,
    agencies: RwLock<HashMap<Uuid, u16>>,
    progress: Mutex<Progress>,
    looks_begun: AtomicU64,
    wake: Notify,
    stopping: Notify,
    stopped: AtomicBool,
    index_ready: AtomicBool,
    columns_ready: AtomicBool,
    rebuilt: AtomicI64,
    to_rebuild: AtomicI64,
    lag: AtomicI64,
}

/// How far the follower has come, and what the tail holds beyond.
#[derive(Debug, Default)]
struct Progress {
    cursor: Cursor,
    /// Every change up to here is in the index or in the tail: a look reads only what is committed above it.
    seen: Cursor,
    /// Of each incident in the tail: the last change seen and the version held.
    held: HashMap<Uuid, Held>,
    /// The look into the change log that last finished.
    looked: u64,
}

#[derive(Debug, Clone, Copy)]
struct Held {
    change: (i64, i64),
    version: i64,
}

/// Whether this process can answer, and if not, why.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Readiness {
    /// Everything below is well.
    pub ready: bool,
    /// The database answers.
    pub database: bool,
    /// The name index is whole.
    pub name_index: bool,
    /// The incident columns are whole.
    pub incident_columns: bool,
    /// Incidents put into an index that is being rebuilt, or was since the start.
    pub rebuilt: i64,
    /// How many there are to be put into it: those that name somebody.
    pub to_rebuild: i64,
    /// Committed changes the name index does not hold on disk yet (they are searched in memory).
    pub index_lag: i64,
    /// How far the audit ledger is sealed: information, no reason not to be ready.
    pub audit_sealing: SealingLag,
}

impl std::fmt::Debug for Follower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Follower").field("lag", &self.lag).finish_non_exhaustive()
    }
}

impl Follower {
    /// Opens the index of `generation`, the number of erasures the database has seen; those before it are deleted.
    pub(crate) fn open(data_dir: &Path, generation: i64) -> Result<Self, ServiceError> {
        std::fs::create_dir_all(data_dir).map_err(|error| {
            ServiceError::Unavailable(format!(
                "the data folder {} cannot be written ({error}): change its owner, or set BEACON_DATA_DIR",
                data_dir.display()
            ))
        })?;
        let told = |error: names::NamesError| ServiceError::Unavailable(error.to_string());
        let index = NameIndex::open_generation(data_dir, generation).map_err(told)?;
        NameIndex::delete_other_generations(data_dir, generation).map_err(told)?;
        crate::imports::clear_up(data_dir)?;
        Ok(Self {
            index: RwLock::new(Arc::new(index)),
            generation: AtomicI64::new(generation),
            data_dir: data_dir.to_owned(),
            columns: RwLock::default(),
            tail: RwLock::new(Tail::new()),
            agencies: RwLock::default(),
            progress: Mutex::default(),
            looks_begun: AtomicU64::new(0),
            wake: Notify::new(),
            stopping: Notify::new(),
            stopped: AtomicBool::new(false),
            index_ready: AtomicBool::new(false),
            columns_ready: AtomicBool::new(false),
            rebuilt: AtomicI64::new(0),
            to_rebuild: AtomicI64::new(0),
            lag: AtomicI64::new(0),
        })
    }

    /// The name index as it is now.
    pub(crate) fn index(&self) -> Arc<NameIndex> {
        self.index.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether something was erased since the index was begun. Then nothing is answered from it any more: a term
    /// dictionary keeps what was erased.
    fn is_outdated(&self, erasures: i64) -> bool {
        let outdated = self.generation.load(SeqCst) < erasures;
        if outdated {
            self.index_ready.store(false, SeqCst);
        }
        outdated
    }

    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    pub(crate) fn stop(&self) {
        self.stopped.store(true, SeqCst);
        self.stopping.notify_one();
        self.wake();
    }

    /// Leaves the index alone for a while, unless the process stops.
    async fn rest(&self) {
        let _ = tokio::time::timeout(REST, self.stopping.notified()).await;
    }

    /// The small number a column keeps for an agency.
    pub(crate) fn agency_number(&self, agency: Uuid) -> u16 {
        if let Some(number) = self.agencies.read().unwrap_or_else(PoisonError::into_inner).get(&agency) {
            return *number;
        }
        let mut agencies = self.agencies.write().unwrap_or_else(PoisonError::into_inner);
        let next = u16::try_from(agencies.len()).unwrap_or(u16::MAX);
        *agencies.entry(agency).or_insert(next)
    }

    /// The same for a question: an agency that has no incident gets no number, or questions could use them up.
    pub(crate) fn known_agency_number(&self, agency: Uuid) -> Option<u16> {
        self.agencies.read().unwrap_or_else(PoisonError::into_inner).get(&agency).copied()
    }

    /// Waits until everything committed before this call is in the index, the tail and the columns.
    ///
    /// # Errors
    /// [`ServiceError::IndexBehind`] after two seconds.
    pub(crate) async fn catch_up(&self, service: &Service) -> Result<(), ServiceError> {
        let arrived = self.looks_begun.load(SeqCst);
        tokio::time::timeout(PATIENCE, async {
            loop {
                if self.index_ready.load(SeqCst) && self.columns_ready.load(SeqCst) && self.look(service, arrived).await? {
                    return Ok(());
                }
                self.wake();
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await
        .unwrap_or(Err(ServiceError::IndexBehind))
    }

    /// One look into the change log; `false` when more lies there than the tail may hold.
    async fn look(&self, service: &Service, arrived: u64) -> Result<bool, ServiceError> {
        let mut progress = self.progress.lock().await;
        if progress.looked > arrived {
            // A look that began after this caller arrived has finished: what it saw is enough.
            return Ok(true);
        }
        let this = self.looks_begun.fetch_add(1, SeqCst) + 1;
        let mut tx = service.inner.database.read().await?;
        service.inner.refresh(&mut tx).await?;
        if self.is_outdated(store::erasures::epoch(&mut tx).await?) {
            return Ok(false);
        }
        let found = changes::all_after(&mut tx, &progress.seen, TAIL as i64 + 1).await?;
        let horizon = changes::horizon(&mut tx, progress.seen.origin.clone()).await?;
        let whole = found.len() <= TAIL;
        let fresh: Vec<changes::Change> = found
            .into_iter()
            .filter(|change| progress.held.get(&change.incident_id).is_none_or(|held| held.change < (change.txid, change.seq)))
            .collect();
        if !whole || progress.held.len() + fresh.len() > TAIL {
            return Ok(false);
        }
        if !fresh.is_empty() {
            let loaded = apply::load(&mut tx, &fresh).await?;
            self.hold(&mut progress, &fresh, loaded);
        }
        drop(tx);
        if horizon > progress.seen {
            progress.seen = horizon;
        }
        progress.looked = this;
        Ok(true)
    }

    /// What a probe asks.
    pub(crate) async fn readiness(&self, service: &Service) -> Readiness {
        let asked = service.read(|tx, service| {
            Box::pin(async move {
                let erasures = store::erasures::epoch(tx).await?;
                // The database answers also where its ledger does not.
                Ok((erasures, sealing::lag(tx, service.clock().now()).await.unwrap_or_default()))
            })
        });
        let asked = asked.await.ok();
        // An erasure counts from its commit on, not from the follower's next look.
        let outdated = asked.as_ref().is_some_and(|(erasures, _)| self.is_outdated(*erasures));
        let (database, audit_sealing) = asked.map_or((false, SealingLag::default()), |(_, lag)| (true, lag));
        let (name_index, incident_columns) = (self.index_ready.load(SeqCst) && !outdated, self.columns_ready.load(SeqCst));
        Readiness {
            ready: database && name_index && incident_columns,
            database,
            name_index,
            incident_columns,
            rebuilt: self.rebuilt.load(SeqCst),
            to_rebuild: self.to_rebuild.load(SeqCst),
            index_lag: self.lag.load(SeqCst),
            audit_sealing,
        }
    }
}

impl Service {
    /// Whether this process can answer, and if not, why.
    pub async fn readiness(&self) -> Readiness {
        match &self.inner.follower {
            Some(follower) => follower.readiness(self).await,
            None => Readiness { database: true, ..Readiness::default() },
        }
    }

    /// The follower, caught up with everything committed before this call.
    pub(crate) async fn caught_up(&self) -> Result<&Follower, ServiceError> {
        let follower = self.inner.follower.as_ref().ok_or(ServiceError::IndexBehind)?;
        follower.catch_up(self).await?;
        Ok(follower)
    }
}

/// Starts following in the background.
pub(crate) fn start(service: &Service) {
    let service = service.clone();
    tokio::spawn(async move {
        let Some(follower) = &service.inner.follower else { return };
        while !follower.stopped.load(SeqCst) {
            let step = async {
                rebuild::columns(&service, follower).await?;
                rebuild::index(&service, follower).await?;
                loop {
                    match apply::follow(&service, follower).await? {
                        apply::Found::More => {}
                        apply::Found::Erasure => rebuild::index(&service, follower).await?,
                        apply::Found::Some => follower.rest().await,
                        apply::Found::Nothing => {
                            let _ = tokio::time::timeout(LOOK_EVERY, follower.wake.notified()).await;
                        }
                    }
                    if follower.stopped.load(SeqCst) {
                        return Ok::<(), ServiceError>(());
                    }
                }
            };
            if let Err(error) = step.await {
                tracing::warn!(error = %error, "following the change log failed; trying again");
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
    });
}

/// Once an hour: forgets idempotency keys after 30 days, ended sessions after 90, failed attempts to sign in after one, wrong
/// values once their time is over; and warns of secondments that end.
pub(crate) fn start_upkeep(service: &Service) {
    // Not held while it sleeps: the index folder is let go of when the service is.
    let inner = std::sync::Arc::downgrade(&service.inner);
    tokio::spawn(async move {
        loop {
            let Some(inner) = inner.upgrade() else { return };
            if inner.follower.as_ref().is_none_or(|follower| follower.stopped.load(SeqCst)) {
                return;
            }
            let now = inner.clock.now();
            let before = now.plus_seconds(-30 * 86_400);
            let forgotten = async {
                let mut tx = inner.database.begin().await?;
                let count = store::idempotency::forget(&mut tx, before).await?;
                store::rectifications::forget(&mut tx, inner.clock.now()).await?;
                store::credentials::forget(&mut tx, before.plus_seconds(-60 * 86_400)).await?;
                store::accounts::forget(&mut tx, now.plus_seconds(-86_400), now).await?;
                tx.commit().await?;
                Ok::<u64, store::StoreError>(count)
            };
            if let Err(error) = forgotten.await {
                tracing::warn!(error = %error, "what is over could not be forgotten");
            }
            let service = Service { inner };
            if let Err(error) = service.warn_of_ends().await {
                tracing::warn!(error = %error, "the warnings of secondments that end could not be written");
            }
            drop(service);
            tokio::time::sleep(Duration::from_secs(3_600)).await;
        }
    });
}
