//! What can go wrong with the database, in the words of whoever must act on it.

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be opened safely; the message says what to do.
    #[error("{0}")]
    Unusable(String),
    /// A row with the same unique value is there already.
    #[error("already there: {0}")]
    Conflict(String),
    /// What is stored cannot be read back.
    #[error("stored data cannot be read: {0}")]
    Damaged(String),
    /// Too busy to answer in time; worth trying again.
    #[error("the database is busy")]
    Busy,
    /// Undone by the database in favour of another transaction; worth trying again at once.
    #[error("the database undid it in favour of another")]
    Undone,
    /// The database refused or is out of reach.
    #[error("database: {0}")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(db) if db.is_unique_violation() => Self::Conflict(db.constraint().unwrap_or("unique").to_owned()),
            // SQLITE_BUSY and its kin; PostgreSQL's lock timeout.
            sqlx::Error::Database(db) if matches!(db.code().as_deref(), Some("5" | "261" | "517" | "55P03")) => Self::Busy,
            // PostgreSQL's serialisation failure and deadlock.
            sqlx::Error::Database(db) if matches!(db.code().as_deref(), Some("40001" | "40P01")) => Self::Undone,
            sqlx::Error::PoolTimedOut => Self::Busy,
            _ => Self::Database(error),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}
