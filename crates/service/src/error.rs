//! What a use case answers when it does not do what was asked.

use model::Problem;
use store::StoreError;

/// Why a use case was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Nobody, or nobody any more.
    #[error("sign in with a token that is in force")]
    Unauthenticated,
    /// The caller may know of it but not do this.
    #[error("{0}")]
    Forbidden(&'static str),
    /// Not there, or not for this caller: the two are not told apart.
    #[error("there is no such record, or it is not open to you")]
    NotFound,
    /// The same of a record that is closed to this officer: nobody is told which of the two it is.
    #[error("there is no such record, or it is not open to you")]
    Blocked(model::Uuid),
    /// The input is wrong.
    #[error("the request is not valid")]
    Invalid(Vec<Problem>),
    /// Something of that id or name is there already.
    #[error("{0}")]
    Conflict(String),
    /// A legal hold keeps it from being erased.
    #[error("it is under legal hold: nothing of it is erased or disposed of until the marking legal_hold is taken off")]
    LegalHold,
    /// The record changed since the caller read it.
    #[error("the record has changed: read it again")]
    Changed,
    /// A change without the version it is based on.
    #[error("send If-Match with the ETag of the version you have read")]
    VersionNeeded,
    /// The idempotency key was used for another body.
    #[error("this Idempotency-Key was used with another request")]
    KeyReused,
    /// Too many attempts; how many seconds to wait.
    #[error("too many attempts: wait before the next")]
    TooMany(u32),
    /// The index has not caught up within its time.
    #[error("the name index is behind the database: try again shortly")]
    IndexBehind,
    /// Somebody holds the database for longer than anybody waits: nothing is shown.
    #[error("the service cannot answer now: the database is busy")]
    Busy,
    /// The ledger, the database or an index cannot be reached: nothing is shown.
    #[error("the service cannot answer now: {0}")]
    Unavailable(String),
}

impl ServiceError {
    /// One problem of one field.
    pub fn invalid(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem { pointer: pointer.into(), code, detail: detail.into() }])
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy,
            StoreError::Undone => Self::Unavailable("the database undid it in favour of another".to_owned()),
            other => {
                tracing::error!(error = %other, "the store failed");
                Self::Unavailable("the database cannot be reached or refuses".to_owned())
            }
        }
    }
}

impl From<names::NamesError> for ServiceError {
    fn from(error: names::NamesError) -> Self {
        match error {
            names::NamesError::QueryTooLong { limit, .. } => {
                Self::invalid("/name", "too_long", format!("must be at most {limit} characters"))
            }
            other => {
                tracing::error!(error = %other, "the name index failed");
                Self::Unavailable("the name index cannot be read".to_owned())
            }
        }
    }
}

impl From<tokio::task::JoinError> for ServiceError {
    fn from(error: tokio::task::JoinError) -> Self {
        // Never the error itself: it quotes what a panic said, and that may quote a record.
        tracing::error!(panicked = error.is_panic(), "a task failed");
        Self::Unavailable("the request could not be carried out".to_owned())
    }
}
