//! Whom a credential speaks for. Remembered for a while; that it is still in force is asked in the very transaction that
//! shows or writes something, so that access ends when it ends, whatever is remembered.

use crate::{Service, ServiceError, service::Inner};
use model::{Actor, CredentialKind, Timestamp, audit::Request};
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::Duration,
};
use store::{Tx, credentials};

/// How long an officer's name and agency are remembered, in seconds. The role is kept by [`crate::standing`].
const REMEMBERED: i64 = 30;
/// How often the last use of credentials is written down.
const WRITTEN: Duration = Duration::from_secs(60);
/// A token's last use is written down to the hour, in seconds.
const TO_THE_HOUR: i64 = 3_600;

/// The hash of a credential.
pub type Hash = [u8; 32];

/// Actors by the hash of their credential, and when they were read.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    actors: RwLock<HashMap<Hash, (Actor, CredentialKind, Timestamp)>>,
    uses: RwLock<HashMap<Hash, Use>>,
}

/// When a credential was last used here.
#[derive(Debug, Clone, Copy)]
struct Use {
    at: Timestamp,
    kind: CredentialKind,
    written: Option<Timestamp>,
}

impl Remembered {
    fn get(&self, hash: &Hash, now: Timestamp) -> Option<(Actor, CredentialKind)> {
        let actors = self.actors.read().unwrap_or_else(PoisonError::into_inner);
        let known = actors.get(hash).filter(|(_, _, read)| now < read.plus_seconds(REMEMBERED) && *read <= now);
        known.map(|(actor, kind, _)| (actor.clone(), *kind))
    }

    fn put(&self, hash: Hash, actor: Actor, kind: CredentialKind, now: Timestamp) {
        let mut actors = self.actors.write().unwrap_or_else(PoisonError::into_inner);
        if actors.len() > 10_000 {
            actors.clear();
        }
        actors.insert(hash, (actor, kind, now));
    }

    pub(crate) fn forget(&self, hash: &Hash) {
        self.actors.write().unwrap_or_else(PoisonError::into_inner).remove(hash);
        self.uses.write().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }

    /// When this process last saw the credential used.
    pub(crate) fn used(&self, hash: &Hash) -> Option<Timestamp> {
        self.uses.read().unwrap_or_else(PoisonError::into_inner).get(hash).map(|used| used.at)
    }

    /// Notes a use of a credential that is in force.
    fn note(&self, hash: Hash, kind: CredentialKind, at: Timestamp) {
        let mut uses = self.uses.write().unwrap_or_else(PoisonError::into_inner);
        let used = uses.entry(hash).or_insert(Use { at, kind, written: None });
        used.at = used.at.max(at);
    }

    /// Which uses are to be written down now: tokens once an hour, sessions whenever they were used again.
    fn unwritten(&self) -> Vec<(Hash, Timestamp)> {
        let uses = self.uses.read().unwrap_or_else(PoisonError::into_inner);
        let due = |used: &Use| match (used.kind, used.written) {
            (_, None) => true,
            (CredentialKind::Session, Some(written)) => used.at > written,
            (_, Some(written)) => used.at >= written.plus_seconds(TO_THE_HOUR),
        };
        uses.iter().filter(|(_, used)| due(used)).map(|(hash, used)| (*hash, used.at)).collect()
    }

    /// These are written down. What has rested for a day is forgotten here.
    fn written(&self, written: &[(Hash, Timestamp)], now: Timestamp) {
        let mut uses = self.uses.write().unwrap_or_else(PoisonError::into_inner);
        for (hash, at) in written {
            if let Some(used) = uses.get_mut(hash) {
                used.written = Some(*at);
            }
        }
        uses.retain(|_, used| used.at > now.plus_seconds(-86_400));
    }
}

impl Service {
    /// Whom a credential of one of these kinds speaks for. What the caller then asks for checks once more that it is in
    /// force.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`].
    pub async fn authenticate(&self, hash: Hash, kinds: &[CredentialKind]) -> Result<Actor, ServiceError> {
        let now = self.inner.clock.now();
        let remembered = self.inner.remembered.get(&hash, now).filter(|(_, kind)| kinds.contains(kind));
        match remembered.and_then(|(actor, _)| self.inner.standing.of(&actor, now)) {
            Some(actor) => Ok(actor),
            None => self.authenticate_now(hash, kinds).await,
        }
    }

    /// The same, asked of the database now: for what is answered without a transaction of its own.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`].
    pub async fn authenticate_now(&self, hash: Hash, kinds: &[CredentialKind]) -> Result<Actor, ServiceError> {
        let now = self.inner.clock.now();
        let holder = self.read(move |tx, _| Box::pin(async move { Ok(credentials::holder(tx, &hash).await?) })).await?;
        let used = self.inner.remembered.used(&hash);
        let holder = holder.filter(|holder| kinds.contains(&holder.kind) && holder.ends.in_force(now, used));
        let holder = holder.ok_or(ServiceError::Unauthenticated)?;
        self.inner.remembered.note(hash, holder.kind, now);
        self.inner.remembered.put(hash, holder.actor.clone(), holder.kind, now);
        self.inner.standing.of(&holder.actor, now).ok_or(ServiceError::Unauthenticated)
    }

    /// Checks in the transaction that answers that the request's credential is in force.
    pub(crate) async fn still_signed_in(&self, tx: &mut Tx, request: &Request) -> Result<(), ServiceError> {
        match request.token {
            None => Ok(()),
            Some(hash) => self.inner.in_force(tx, &[hash]).await,
        }
    }
}

impl Inner {
    /// Checks that every one of these credentials is in force, in the transaction that answers.
    pub(crate) async fn in_force(&self, tx: &mut Tx, hashes: &[Hash]) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let ends: HashMap<Hash, credentials::Ends> = credentials::ends(tx, hashes).await?.into_iter().collect();
        let fine = |hash: &Hash| ends.get(hash).is_some_and(|ends| ends.in_force(now, self.remembered.used(hash)));
        let (standing, over): (Vec<&Hash>, Vec<&Hash>) = hashes.iter().partition(|hash| fine(hash));
        for hash in standing {
            if let Some((_, kind)) = self.remembered.get(hash, now) {
                self.remembered.note(*hash, kind, now);
            }
        }
        over.iter().for_each(|hash| self.remembered.forget(hash));
        if over.is_empty() { Ok(()) } else { Err(ServiceError::Unauthenticated) }
    }

    /// Writes down when credentials were last used.
    pub(crate) async fn write_uses(&self) -> Result<(), ServiceError> {
        let uses = self.remembered.unwritten();
        if !uses.is_empty() {
            let mut tx = self.database.begin().await?;
            credentials::used(&mut tx, &uses).await?;
            tx.commit().await?;
        }
        self.remembered.written(&uses, self.clock.now());
        Ok(())
    }
}

/// Writes down, once a minute, when credentials were last used; ends with the service.
pub(crate) fn start_writing_uses(service: &Service) {
    let inner = std::sync::Arc::downgrade(&service.inner);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(WRITTEN).await;
            let Some(inner) = inner.upgrade() else { return };
            if let Err(error) = inner.write_uses().await {
                tracing::warn!(error = %error, "the last use of credentials could not be written down");
            }
        }
    });
}
