//! Who a token speaks for. Remembered for a while; that it is still in force is asked in the very transaction that
//! shows or writes something, so that access ends when it ends, whatever is remembered.

use crate::{Service, ServiceError};
use model::{Actor, Timestamp, audit::Request};
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};
use store::{Tx, tokens};

/// How long an officer's role and agency are remembered, in seconds.
const REMEMBERED: i64 = 30;

/// Actors by the hash of their token, and when they were read.
#[derive(Debug, Default)]
pub(crate) struct Remembered(RwLock<HashMap<[u8; 32], (Actor, Timestamp)>>);

impl Remembered {
    fn get(&self, hash: &[u8; 32], now: Timestamp) -> Option<Actor> {
        let remembered = self.0.read().unwrap_or_else(PoisonError::into_inner);
        remembered.get(hash).filter(|(_, read)| now < read.plus_seconds(REMEMBERED) && *read <= now).map(|(actor, _)| actor.clone())
    }

    fn put(&self, hash: [u8; 32], actor: Actor, now: Timestamp) {
        let mut remembered = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() > 10_000 {
            remembered.clear();
        }
        remembered.insert(hash, (actor, now));
    }

    pub(crate) fn forget(&self, hash: &[u8; 32]) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }
}

impl Service {
    /// Whom a token speaks for. What the caller then asks for checks once more that the token is in force.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`].
    pub async fn authenticate(&self, hash: [u8; 32]) -> Result<Actor, ServiceError> {
        let now = self.inner.clock.now();
        match self.inner.remembered.get(&hash, now).and_then(|actor| self.inner.standing.of(&actor, now)) {
            Some(actor) => Ok(actor),
            None => self.authenticate_now(hash).await,
        }
    }

    /// The same, asked of the database now: for what is answered without a transaction of its own.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`].
    pub async fn authenticate_now(&self, hash: [u8; 32]) -> Result<Actor, ServiceError> {
        let now = self.inner.clock.now();
        let holder = self.read(move |tx, _| Box::pin(async move { Ok(tokens::holder(tx, &hash).await?) })).await?;
        let actor = holder.and_then(|holder| holder.at(now).cloned()).ok_or(ServiceError::Unauthenticated)?;
        self.inner.remembered.put(hash, actor.clone(), now);
        self.inner.standing.of(&actor, now).ok_or(ServiceError::Unauthenticated)
    }

    /// Checks in the transaction that answers that the request's token is in force.
    pub(crate) async fn still_signed_in(&self, tx: &mut Tx, request: &Request) -> Result<(), ServiceError> {
        let Some(hash) = request.token else { return Ok(()) };
        if tokens::in_force(tx, &[hash], self.inner.clock.now()).await?.is_empty() {
            self.inner.remembered.forget(&hash);
            return Err(ServiceError::Unauthenticated);
        }
        Ok(())
    }
}
