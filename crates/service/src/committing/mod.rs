//! Group commit: requests that arrive together share one transaction, and with it one wait for the disk.
//!
//! A group is data, not code: the records its looks read and the rows its creates insert are put together into a few
//! statements. When any part of a group fails, the group is undone and each request goes alone, so that the failure of
//! one never undoes a neighbour.

mod group;

use crate::{ServiceError, service::Inner};
use model::{
    Scope, Sight, Uuid,
    audit::{Entry, Operation, Outcome, Request},
};
use std::sync::Weak;
use store::{
    Database, Kind, idempotency,
    incidents::{Key, Stored, Written},
};
use tokio::sync::{mpsc, oneshot};

/// Records to be shown to one caller, under one audit entry.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    /// Who asks; none for entries alone.
    pub(crate) asks: Option<(Request, Operation, &'static str)>,
    /// The records.
    pub(crate) keys: Vec<Key>,
    /// What was asked, for the ledger.
    pub(crate) detail: Option<serde_json::Value>,
    /// What the caller must see of a record for it to be given.
    pub(crate) least: Sight,
    /// A look-up of one named record: seeing nothing is a denial. A search that finds nothing is none.
    pub(crate) exact: bool,
    /// Further entries.
    pub(crate) entries: Vec<Entry>,
    /// Further record ids for the entry, as areas of a count or people.
    pub(crate) records: Vec<Uuid>,
}

impl Look {
    /// A look-up of one record.
    pub(crate) fn one(request: &Request, operation: Operation, action: &'static str, key: Key) -> Self {
        Self { exact: true, ..Self::search(request, operation, action, vec![key], None) }
    }

    /// Records a search has found.
    pub(crate) fn search(
        request: &Request,
        operation: Operation,
        action: &'static str,
        keys: Vec<Key>,
        detail: Option<serde_json::Value>,
    ) -> Self {
        Self {
            asks: Some((request.clone(), operation, action)),
            keys,
            detail,
            least: Sight::SummaryWithoutPeople,
            exact: false,
            entries: Vec::new(),
            records: Vec::new(),
        }
    }

    /// Entries alone.
    pub(crate) fn note(entries: Vec<Entry>) -> Self {
        Self { asks: None, keys: Vec::new(), detail: None, least: Sight::SummaryWithoutPeople, exact: false, entries, records: Vec::new() }
    }
}

/// What a look shows: the records the caller sees, as they are in the transaction that audited it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// The records.
    pub(crate) records: Vec<Stored>,
    /// What the caller could see at that moment.
    pub(crate) scope: Option<Scope>,
}

/// A new incident to be written.
#[derive(Debug, Clone)]
pub(crate) struct Create {
    /// The rows.
    pub(crate) written: Written,
    /// The retry key.
    pub(crate) key: Option<idempotency::Key>,
    /// Its audit entry.
    pub(crate) entry: Entry,
    /// The request.
    pub(crate) request: Request,
    /// Where it is shared by default: the number of the standing that the default was taken from.
    pub(crate) defaulted: Option<i64>,
}

/// What became of a create.
#[derive(Debug, Clone)]
pub(crate) enum Created {
    /// Written, under this final reference.
    New(Box<Written>),
    /// The same request made this before.
    Before(Uuid),
}

/// A request in the queue.
pub(crate) enum Job {
    Look(Box<Look>, oneshot::Sender<Result<Seen, ServiceError>>),
    Create(Box<Create>, oneshot::Sender<Result<Created, ServiceError>>),
}

/// The queue in front of the workers.
#[derive(Debug)]
pub(crate) struct Committer {
    queue: mpsc::Sender<Job>,
    workers: Vec<tokio::task::AbortHandle>,
}

/// The most requests one group holds.
const GROUP: usize = 256;

impl Committer {
    /// Starts the workers: one where there is one writer (SQLite), a few on PostgreSQL.
    pub(crate) fn start(database: &Database, inner: Weak<Inner>) -> Self {
        let (queue, jobs) = mpsc::channel::<Job>(4 * GROUP);
        let jobs = std::sync::Arc::new(tokio::sync::Mutex::new(jobs));
        let count = if database.kind() == Kind::Sqlite { 1 } else { 4 };
        let workers = (0..count)
            .map(|_| {
                let (jobs, inner, database) = (jobs.clone(), inner.clone(), database.clone());
                let worker = async move {
                    let mut group = Vec::with_capacity(GROUP);
                    loop {
                        if jobs.lock().await.recv_many(&mut group, GROUP).await == 0 {
                            return;
                        }
                        let Some(inner) = inner.upgrade() else { return };
                        group::commit(&database, &inner, std::mem::take(&mut group)).await;
                    }
                };
                tokio::spawn(worker).abort_handle()
            })
            .collect();
        Self { queue, workers }
    }

    /// Stops taking requests; those under way are undone.
    pub(crate) fn stop(&self) {
        self.workers.iter().for_each(tokio::task::AbortHandle::abort);
    }

    pub(crate) async fn look(&self, look: Look) -> Result<Seen, ServiceError> {
        let (reply, answer) = oneshot::channel();
        self.send(Job::Look(Box::new(look), reply)).await?;
        answer.await.map_err(|_| stopped())?
    }

    pub(crate) async fn create(&self, create: Create) -> Result<Created, ServiceError> {
        let (reply, answer) = oneshot::channel();
        self.send(Job::Create(Box::new(create), reply)).await?;
        answer.await.map_err(|_| stopped())?
    }

    async fn send(&self, job: Job) -> Result<(), ServiceError> {
        self.queue.send(job).await.map_err(|_| stopped())
    }
}

fn stopped() -> ServiceError {
    ServiceError::Unavailable("the service is stopping".to_owned())
}

impl Look {
    /// The entry this look leaves when it is refused whole.
    pub(crate) fn denial(&self) -> Option<Entry> {
        self.entry_of(Outcome::Denied, Vec::new())
    }

    /// The entry this look leaves, given what the caller sees.
    pub(crate) fn entry(&self, seen: &[Stored]) -> Option<Entry> {
        let outcome = if self.exact && seen.is_empty() { Outcome::Denied } else { Outcome::Granted };
        let mut records: Vec<Uuid> = seen.iter().map(|stored| stored.id).collect();
        records.extend(&self.records);
        self.entry_of(outcome, records)
    }

    fn entry_of(&self, outcome: Outcome, records: Vec<Uuid>) -> Option<Entry> {
        let (request, operation, action) = self.asks.as_ref()?;
        let mut entry = request.entry(*operation, action, outcome, records);
        entry.detail = self.detail.clone();
        if outcome == Outcome::Denied && entry.detail.is_none() {
            let asked: Vec<String> = self
                .keys
                .iter()
                .map(|key| match key {
                    Key::Id(id) => id.to_string(),
                    Key::Reference(reference) => reference.to_string(),
                })
                .collect();
            entry.detail = Some(serde_json::json!({ "asked": asked }));
        }
        Some(entry)
    }
}
