//! The sealer: puts audit rows, in the order of their completion, into a Merkle tree and signs its root, at most a second
//! behind. Nobody waits for it. Several processes may try: one checkpoint is written, the others see it and go on from there.

pub(crate) mod key_file;
mod recent;
mod step;

pub use step::row;

use crate::{Service, ServiceError};
use ledger::{Frontier, SigningKey};
use model::{Clock, Timestamp, entropy};
use recent::Recent;
use serde::Serialize;
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering::SeqCst},
    },
    time::Duration,
};
use store::{
    Database, Tx,
    sealing::{self, Place},
};
use tokio::sync::{Mutex, Notify};

/// How long the sealer rests between two checkpoints.
const REST: Duration = Duration::from_millis(300);
/// How long it waits when it could not seal.
const AFTER_FAILURE: Duration = Duration::from_secs(2);
/// How long a process that stops goes on sealing what is left.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// Rows waiting are counted up to this number.
const MOST_COUNTED: i64 = 10_000;

/// What a process needs to seal.
#[derive(Debug, Clone)]
pub struct Sealing {
    /// The signing key; made at the first start.
    pub key_file: PathBuf,
    /// A file elsewhere that every checkpoint is added to.
    pub checkpoints: Option<PathBuf>,
}

/// How far the ledger is sealed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct SealingLag {
    /// Committed rows that no checkpoint holds yet, counted up to 10,000.
    pub unsealed_rows: i64,
    /// How old the oldest of them is, in seconds.
    pub seconds_behind: f64,
}

/// The sealer of this process.
pub(crate) struct Sealer {
    settings: Sealing,
    work: Mutex<Work>,
    pub(crate) recent: Recent,
    stopping: Arc<Notify>,
    stopped: AtomicBool,
    /// When everything was last sealed, in microseconds.
    whole_at: AtomicI64,
}

/// What the sealer has at hand.
struct Work {
    key: SigningKey,
    origin: String,
    /// The tree so far; none before it was built from the leaves that are stored.
    frontier: Option<Frontier>,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Sealer {
    /// Takes the key, which must be the one in force; makes one where nothing was ever sealed.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] with the remedy: no key, another one, or one that others can read.
    pub(crate) async fn open(database: &Database, clock: &Clock, settings: Sealing) -> Result<Self, ServiceError> {
        let mut tx = database.read().await?;
        let (keys, last) = (sealing::keys(&mut tx).await?, sealing::last(&mut tx).await?);
        tx.rollback().await?;
        let path = &settings.key_file;
        let key = match key_file::read(path)? {
            Some(key) => key,
            None if keys.is_empty() && last.is_none() => key_file::make(path)?,
            None => return Err(ServiceError::Unavailable(key_file::missing(path))),
        };
        let origin = match keys.last() {
            Some(known) if known.public_key == key.public().0 => known.origin.clone(),
            Some(_) => return Err(ServiceError::Unavailable(key_file::another(path))),
            None => first_key(database, clock.now(), &key).await?,
        };
        Ok(Self {
            settings,
            work: Mutex::new(Work { key, origin, frontier: None }),
            recent: Recent::default(),
            stopping: Arc::default(),
            stopped: AtomicBool::new(false),
            whole_at: AtomicI64::new(clock.now().micros()),
        })
    }

    /// Ends the sealer once everything that can be sealed is, or a few seconds later.
    pub(crate) async fn finish(&self, service: &Service) {
        self.stopped.store(true, SeqCst);
        self.stopping.notify_one();
        let rest = async { while matches!(self.step(service).await, Ok(step::Done::More)) {} };
        if tokio::time::timeout(LAST_WORDS, rest).await.is_err() {
            tracing::warn!("stopping with audit rows that are not sealed yet: the next start seals them");
        }
    }

    async fn step(&self, service: &Service) -> Result<step::Done, ServiceError> {
        let mut work = self.work.lock().await;
        let done = step::seal(service, self, &mut work).await;
        if let Ok(step::Done::Nothing | step::Done::Some) = done {
            self.whole_at.store(service.clock().now().micros(), SeqCst);
        }
        done
    }
}

/// Enters the first key; its ledger gets a name that no other has.
async fn first_key(database: &Database, now: Timestamp, key: &SigningKey) -> Result<String, ServiceError> {
    let origin = format!("beacon-audit/{}", entropy::id(now).simple());
    let public_key = key.public().0.to_vec();
    let first = sealing::Key { number: 1, origin: origin.clone(), public_key, from_size: 0, at: now, statement: None };
    let mut tx = database.begin().await?;
    sealing::lock(&mut tx).await?;
    let origin = match sealing::keys(&mut tx).await?.first() {
        // Another process was faster. Its key is compared before anything is signed.
        Some(known) => known.origin.clone(),
        None => {
            sealing::add_key(&mut tx, &first).await?;
            origin
        }
    };
    tx.commit().await?;
    Ok(origin)
}

/// How far the ledger is sealed now.
pub(crate) async fn lag(tx: &mut Tx, now: Timestamp) -> Result<SealingLag, ServiceError> {
    let cursor = sealing::last(tx).await?.map_or(Place::default(), |last| last.cursor);
    let (unsealed_rows, oldest) = sealing::waiting(tx, cursor, MOST_COUNTED).await?;
    Ok(SealingLag { unsealed_rows, seconds_behind: oldest.map_or(0.0, |oldest| now.seconds_since(oldest).max(0.0)) })
}

/// Starts sealing in the background.
pub(crate) fn start(service: &Service) {
    // Not held while it rests: what the service holds is let go of when the service is.
    let weak = Arc::downgrade(&service.inner);
    tokio::spawn(async move {
        loop {
            let Some(inner) = weak.upgrade() else { return };
            let service = Service { inner };
            let Some(sealer) = &service.inner.sealer else { return };
            if sealer.stopped.load(SeqCst) {
                return;
            }
            let rest = match sealer.step(&service).await {
                Ok(step::Done::More) => continue,
                Ok(_) => REST,
                Err(error) => {
                    tracing::error!(error = %error, "audit rows could not be sealed; trying again");
                    AFTER_FAILURE
                }
            };
            tell(&service, sealer).await;
            let stopping = sealer.stopping.clone();
            drop(service);
            let _ = tokio::time::timeout(rest, stopping.notified()).await;
        }
    });
}

/// The lag as metrics. Where it cannot be asked for, it is at least the time since all was sealed.
async fn tell(service: &Service, sealer: &Sealer) {
    let now = service.clock().now();
    let asked = async {
        let mut tx = service.inner.database.read().await?;
        lag(&mut tx, now).await
    };
    let unknown = now.seconds_since(Timestamp::from_micros(sealer.whole_at.load(SeqCst)));
    let behind = match asked.await {
        Ok(lag) => {
            metrics::gauge!("beacon_audit_unsealed_rows").set(lag.unsealed_rows as f64);
            lag.seconds_behind
        }
        Err(_) => unknown,
    };
    metrics::gauge!("beacon_audit_seconds_behind").set(behind);
}
