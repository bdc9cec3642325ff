//! The service: what every use case shares.

use crate::{
    ServiceError,
    committing::{Committer, Look, Seen},
    following::Follower,
    label_book::LabelBook,
    sealing::{Sealer, Sealing},
};
use model::{
    Clock, LabelId, Scope, Uuid,
    audit::{Entry, Operation, Outcome, Request},
    entropy,
    incident::Incident,
    linking::{LinkDecision, PersonLink},
};
use std::{future::Future, path::PathBuf, pin::Pin, sync::Arc};
use store::{
    Database, Tx, audit,
    incidents::{Key, Written},
};

/// What the service needs to know to start.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of the derived indexes.
    pub data_dir: PathBuf,
    /// Keep the derived indexes here. Commands that only write, as imports, go without.
    pub indexes: bool,
    /// Seal the audit ledger here. Commands, whose rows the server seals, go without.
    pub sealing: Option<Sealing>,
    /// The file beside the backups in which every erasure is listed, so that a copy put back is erased again.
    pub erasure_list: Option<PathBuf>,
    /// How long sessions last.
    pub sessions: crate::sessions::Lifetime,
    /// About how many people the records name: what the strength of a match is calibrated for.
    pub people: u32,
}

/// Every use case of Beacon. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Service {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) database: Database,
    pub(crate) clock: Clock,
    pub(crate) labels: LabelBook,
    pub(crate) committer: Committer,
    pub(crate) follower: Option<Follower>,
    pub(crate) sealer: Option<Sealer>,
    pub(crate) areas: crate::areas::AreaCache,
    pub(crate) remembered: crate::sign_in::Remembered,
    pub(crate) standing: crate::standing::Standing,
    pub(crate) settings: Settings,
}

/// A future that borrows a transaction.
pub(crate) type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, ServiceError>> + Send + 'a>>;

impl Inner {
    /// Learns what has changed since: labels, partnerships, secondments.
    pub(crate) async fn refresh(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        self.standing.refresh(tx).await?;
        self.labels.refresh(tx).await
    }
}

impl Service {
    /// Starts the service: the committer, and the follower that keeps the derived indexes.
    ///
    /// # Errors
    /// When the database fails, the signing key is not the right one, or the index folder cannot be used.
    pub async fn start(database: Database, clock: Clock, settings: Settings) -> Result<Self, ServiceError> {
        let sealer = match settings.sealing.clone() {
            Some(sealing) => Some(Sealer::open(&database, &clock, sealing).await?),
            None => None,
        };
        let follower = if settings.indexes {
            let mut tx = database.read().await?;
            let erasures = store::erasures::epoch(&mut tx).await?;
            drop(tx);
            Some(Follower::open(&settings.data_dir, erasures)?)
        } else {
            None
        };
        let inner = Arc::new_cyclic(|inner| Inner {
            committer: Committer::start(&database, inner.clone()),
            database,
            clock,
            labels: LabelBook::default(),
            follower,
            sealer,
            areas: crate::areas::AreaCache::default(),
            remembered: crate::sign_in::Remembered::default(),
            standing: crate::standing::Standing::default(),
            settings,
        });
        let service = Self { inner };
        let mut tx = service.inner.database.read().await?;
        service.inner.refresh(&mut tx).await?;
        drop(tx);
        if service.inner.follower.is_some() {
            crate::following::start(&service);
            crate::following::start_upkeep(&service);
            crate::sign_in::start_writing_uses(&service);
        }
        crate::sealing::start(&service);
        Ok(service)
    }

    /// The clock every use case takes its time from.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The database, for commands of the console that are not use cases (backup).
    pub fn database(&self) -> &Database {
        &self.inner.database
    }

    /// The folder of the derived indexes.
    pub fn data_dir(&self) -> &std::path::Path {
        &self.inner.settings.data_dir
    }

    /// Ends what runs in the background, then closes the database.
    pub async fn stop(&self) {
        if let Some(follower) = &self.inner.follower {
            follower.stop();
        }
        if let Err(error) = self.inner.write_uses().await {
            tracing::warn!(error = %error, "the last use of credentials could not be written down");
        }
        self.inner.committer.stop();
        if let Some(sealer) = &self.inner.sealer {
            sealer.finish(self).await;
        }
        self.inner.database.close().await;
    }

    /// What the caller may see now, by the labels this process knows.
    pub(crate) fn scope(&self, request: &Request) -> Scope {
        self.inner.scope(request)
    }

    /// Shows records: authorised, audited and read in one transaction, durable before anything is returned.
    pub(crate) async fn look(&self, look: Look) -> Result<Seen, ServiceError> {
        self.inner.committer.look(look).await
    }

    /// Reads what is not personal, or what is authorised again before it is shown. A task of its own, so that a client
    /// that goes away cannot leave a connection inside a transaction.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, ServiceError>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx, &'a Self) -> Work<'a, T> + Send + 'static,
    {
        let service = self.clone();
        tokio::spawn(async move {
            let mut tx = service.inner.database.read().await?;
            service.inner.refresh(&mut tx).await?;
            let result = work(&mut tx, &service).await;
            tx.rollback().await?;
            result
        })
        .await?
    }

    /// Carries out one writing use case in a transaction of its own. What `work` gives is kept only when its audit
    /// entries are too; when it refuses, its writes are undone and the refusal is audited.
    pub(crate) async fn write<T, F>(
        &self,
        request: &Request,
        operation: Operation,
        action: &'static str,
        work: F,
    ) -> Result<T, ServiceError>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx, &'a Self, &'a Request) -> Work<'a, (T, Vec<Uuid>)> + Send + 'static,
    {
        let (service, request) = (self.clone(), request.clone());
        tokio::spawn(async move {
            let mut tx = service.inner.database.begin().await?;
            service.still_signed_in(&mut tx, &request).await?;
            service.inner.refresh(&mut tx).await?;
            let result = match service.inner.stands(&request) {
                Some((actor, _)) => work(&mut tx, &service, &Request { actor, ..request.clone() }).await,
                None => Err(crate::standing::NOT_SECONDED),
            };
            match result {
                Ok((value, records)) => {
                    audit::append(&mut tx, &[request.entry(operation, action, Outcome::Granted, records)]).await?;
                    tx.commit().await?;
                    service.changed();
                    Ok(value)
                }
                Err(error) => {
                    tx.rollback().await?;
                    let mut tx = service.inner.database.begin().await?;
                    let mut entry = request.entry(operation, action, Outcome::Denied, Vec::new());
                    let mut error = error;
                    if let ServiceError::Blocked(record) = error {
                        entry.records.push(record);
                        if let Some(stored) = store::incidents::find(&mut tx, &Key::Id(record), false).await? {
                            crate::conflicts::tell_blocked(&mut tx, &request, &stored.incident()?).await?;
                        }
                        error = ServiceError::NotFound;
                    }
                    entry.detail = Some(serde_json::json!({ "error": error.to_string() }));
                    audit::append(&mut tx, &[entry]).await?;
                    tx.commit().await?;
                    Err(error)
                }
            }
        })
        .await?
    }

    /// Writes audit entries durably.
    pub(crate) async fn note(&self, entries: Vec<Entry>) -> Result<(), ServiceError> {
        self.inner.committer.look(Look::note(entries)).await.map(drop)
    }

    /// Audits a look at what is no incident, by somebody who is still signed in and stands where they did.
    pub(crate) async fn note_look(&self, request: &Request, action: &'static str, records: Vec<Uuid>) -> Result<(), ServiceError> {
        let look = Look { records, ..Look::search(request, Operation::Consultation, action, Vec::new(), None) };
        self.look(look).await.map(drop)
    }

    /// Audits a look that was refused; gives the refusal, or why even that cannot be said.
    pub(crate) async fn note_refusal(&self, request: &Request, action: &'static str, refusal: ServiceError) -> ServiceError {
        let denied = request.entry(Operation::Consultation, action, Outcome::Denied, Vec::new());
        self.note(vec![denied]).await.err().unwrap_or(refusal)
    }

    /// Audits something the console does outside the use cases, as a backup, before it does it.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the entry cannot be made durable.
    pub async fn note_operation(&self, request: &Request, operation: Operation, action: &'static str) -> Result<(), ServiceError> {
        self.note(vec![request.entry(operation, action, Outcome::Granted, Vec::new())]).await
    }

    /// Wakes the follower: something was committed.
    pub(crate) fn changed(&self) {
        if let Some(follower) = &self.inner.follower {
            follower.wake();
        }
    }

    /// An incident ready to be written, its labels made where they are new.
    pub(crate) async fn written(&self, tx: &mut Tx, incident: Incident, request: &Request) -> Result<Written, ServiceError> {
        let label = self.inner.labels.ensure(tx, &incident.label()).await?;
        let mut people = Vec::new();
        for involvement in incident.involvements.iter().filter(|involvement| involvement.person.is_some()) {
            let label = self.inner.labels.ensure(tx, &incident.person_label(involvement)).await?;
            people.push((involvement.id, label, involvement.same_person_as));
        }
        written_with(incident, label, people, request)
    }

    /// The same without a transaction, where every label is known; otherwise gives the incident back.
    pub(crate) fn written_now(&self, incident: Incident, request: &Request) -> Result<Result<Written, Incident>, ServiceError> {
        let labels = || {
            let people = incident.involvements.iter().filter(|involvement| involvement.person.is_some());
            let people = people.map(|involvement| {
                Some((involvement.id, self.inner.labels.id(&incident.person_label(involvement))?, involvement.same_person_as))
            });
            Some((self.inner.labels.id(&incident.label())?, people.collect::<Option<Vec<_>>>()?))
        };
        match labels() {
            Some((label, people)) => written_with(incident, label, people, request).map(Ok),
            None => Ok(Err(incident)),
        }
    }
}

fn written_with(
    incident: Incident,
    label: LabelId,
    people: Vec<(Uuid, LabelId, Option<Uuid>)>,
    request: &Request,
) -> Result<Written, ServiceError> {
    let body = serde_json::to_string(&incident).map_err(|error| ServiceError::Unavailable(error.to_string()))?;
    let by = (request.actor.officer, request.actor.agency);
    let said =
        incident.involvements.iter().flat_map(|part| part.different_from.iter().map(|other| ([part.id, other.person], other.grounds)));
    let apart =
        said.map(|(ends, grounds)| PersonLink::decided(entropy::id(request.at), ends, LinkDecision::Different, grounds, request)).collect();
    Ok(Written { incident, body, label, people, apart, by, request_id: request.id.clone() })
}
