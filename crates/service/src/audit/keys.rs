//! The keys that sign: shown, handed over, replaced when lost. At the console alone.

use crate::{Service, ServiceError, sealing::key_file};
use ledger::{PublicKey, Rotation, SigningKey};
use model::{
    Timestamp,
    audit::{Operation, Request},
};
use std::path::Path;
use store::sealing::{self, Key};

/// A key as it is told.
#[derive(Debug, Clone)]
pub struct KeyView {
    /// The public key as text, for `beacon audit verify --key`.
    pub text: String,
    /// It signs checkpoints of more rows than this.
    pub from_size: i64,
    /// When it was entered.
    pub at: Timestamp,
    /// The key before it has signed that it follows; true of the first.
    pub handed_over: bool,
}

impl Service {
    /// The keys, in order.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database fails.
    pub async fn audit_keys(&self) -> Result<Vec<KeyView>, ServiceError> {
        let keys = self.read(|tx, _| Box::pin(async move { Ok(sealing::keys(tx).await?) })).await?;
        let view = |key: Key| KeyView {
            text: key.public_key.try_into().map(|key_bytes| PublicKey(key_bytes).to_text(&key.origin)).unwrap_or_default(),
            from_size: key.from_size,
            at: key.at,
            handed_over: key.number == 1 || key.statement.is_some(),
        };
        Ok(keys.into_iter().map(view).collect())
    }

    /// Makes a key in `new`, or takes the one there, and lets the key in `old` hand over to it. From the next checkpoint on
    /// only the new one signs: servers go on once their setting names it.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when a file is not right, [`ServiceError::Conflict`] where nothing was ever sealed.
    pub async fn rotate_audit_key(&self, request: &Request, old: &Path, new: &Path) -> Result<(), ServiceError> {
        let old_key = key_file::read(old)?.ok_or_else(|| ServiceError::Unavailable(key_file::missing(old)))?;
        let wrong = key_file::another(old);
        self.follow(request, "audit.key.rotate", new, move |keys_last, rotation| {
            if keys_last.public_key != old_key.public().0 {
                return Err(ServiceError::Unavailable(wrong));
            }
            Ok(Some(rotation.sign(&old_key)))
        })
        .await
    }

    /// Begins with a new key in `new` that the old one has not signed, since it is lost. Every verification tells it.
    ///
    /// # Errors
    /// As [`Service::rotate_audit_key`].
    pub async fn replace_audit_key(&self, request: &Request, new: &Path) -> Result<(), ServiceError> {
        self.follow(request, "audit.key.replace", new, |_, _| Ok(None)).await
    }

    async fn follow<F>(&self, request: &Request, action: &'static str, new: &Path, state: F) -> Result<(), ServiceError>
    where
        F: FnOnce(&Key, &Rotation) -> Result<Option<String>, ServiceError> + Send + 'static,
    {
        let key: SigningKey = match key_file::read(new)? {
            Some(key) => key,
            None => key_file::make(new)?,
        };
        let public = key.public();
        self.write(request, Operation::Administration, action, move |tx, service, _| {
            Box::pin(async move {
                // No checkpoint is signed meanwhile: the new key signs from the next on.
                sealing::lock(tx).await?;
                let keys = sealing::keys(tx).await?;
                let last = keys.last().ok_or_else(|| {
                    ServiceError::Conflict("nothing was ever sealed here: the first start of the server makes a key".to_owned())
                })?;
                if keys.iter().any(|known| known.public_key == public.0) {
                    return Err(ServiceError::Conflict(
                        "that key signs here already, or did: name a file that is not there yet".to_owned(),
                    ));
                }
                let size = sealing::last(tx).await?.map_or(0, |last| last.size);
                let (origin, at) = (last.origin.clone(), service.clock().now());
                let rotation = Rotation { origin: origin.clone(), size: u64::try_from(size).unwrap_or_default(), key: public, time: at };
                let statement = state(last, &rotation)?;
                let (number, public_key) = (last.number + 1, public.0.to_vec());
                sealing::add_key(tx, &Key { number, origin, public_key, from_size: size, at, statement }).await?;
                Ok(((), Vec::new()))
            })
        })
        .await
    }
}
