//! Retries: a request sent again with its idempotency key finds what the first try made.

use crate::ServiceError;
use model::{Uuid, audit::Request};
use store::{Tx, idempotency};

/// An idempotency key with the hash of the body it came with.
#[derive(Debug, Clone)]
pub struct Retry {
    /// The key.
    pub key: String,
    /// SHA-256 of the body.
    pub request_hash: [u8; 32],
}

impl Retry {
    /// The key as it is kept: of this officer, acting for this agency, for this operation.
    pub(crate) fn key(self, request: &Request, operation: impl Into<String>, resource: Uuid) -> idempotency::Key {
        idempotency::Key {
            officer: request.actor.officer,
            agency: request.actor.agency,
            operation: operation.into(),
            key: self.key,
            request_hash: self.request_hash,
            resource,
            at: request.at,
        }
    }
}

/// Claims the key of a request that is about to make `resource`. Gives what an earlier try of the same request made.
///
/// # Errors
/// [`ServiceError::KeyReused`] when the key came with another body.
pub(crate) async fn claim(
    tx: &mut Tx,
    request: &Request,
    operation: impl Into<String>,
    retry: Option<Retry>,
    resource: Uuid,
) -> Result<Option<Uuid>, ServiceError> {
    let Some(retry) = retry else { return Ok(None) };
    let key = retry.key(request, operation, resource);
    match idempotency::claim(tx, &key).await? {
        None => Ok(None),
        Some((hash, before)) if hash == key.request_hash => Ok(Some(before)),
        Some(_) => Err(ServiceError::KeyReused),
    }
}
