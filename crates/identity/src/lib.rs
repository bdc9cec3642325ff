//! Credentials into an [`Actor`]: API tokens for now; sign-in, sessions and JWTs come with the next issue.

use model::{Actor, entropy};
use service::{Service, ServiceError};
use sha2::{Digest, Sha256};

/// What every token begins with, so that a leaked one is recognised by scanners.
const PREFIX: &str = "beacon_";

/// A new API token: the text to show once, and the hash to keep.
pub struct NewApiToken {
    /// The token itself.
    pub text: String,
    /// SHA-256 of it.
    pub hash: [u8; 32],
}

impl std::fmt::Debug for NewApiToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewApiToken(…)")
    }
}

/// Makes a token of 256 random bits.
pub fn new_token() -> NewApiToken {
    let random: String = entropy::bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!("{PREFIX}{random}");
    NewApiToken { hash: hash(&text), text }
}

/// The hash a token is kept under. A random token of 256 bits needs no slow hash.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The hash of the bearer token in an `Authorization` header.
///
/// # Errors
/// [`ServiceError::Unauthenticated`] for anything but a bearer token of ours.
pub fn bearer(authorization: Option<&str>) -> Result<[u8; 32], ServiceError> {
    authorization
        .and_then(|header| header.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .filter(|token| token.len() == PREFIX.len() + 64 && token.starts_with(PREFIX))
        .map(hash)
        .ok_or(ServiceError::Unauthenticated)
}

/// Whom a token speaks for: from memory where the answer is checked again in its own transaction (`fresh` false), from
/// the database now where it is not.
///
/// # Errors
/// [`ServiceError::Unauthenticated`] for a token that is not in force.
pub async fn authenticate(service: &Service, token: [u8; 32], fresh: bool) -> Result<Actor, ServiceError> {
    if fresh { service.authenticate_now(token).await } else { service.authenticate(token).await }
}

/// SHA-256 of a request's body, to tell a retry from another request.
pub fn digest(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}
