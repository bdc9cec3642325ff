//! Opening a database: refuse what is not safe, say what to do, bring the schema up to date.

use crate::{Database, StoreError, database::Pools};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    ConnectOptions, Connection, Executor, Row,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Duration};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// The oldest SQLite that does not lose commits (the WAL-reset bug, fixed in 3.51.3).
const SAFE_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// How to open a database.
#[derive(Debug, Clone)]
pub struct Options {
    /// `sqlite:PATH` or `postgres://…`; a password may be in it.
    pub url: SecretString,
    /// Connections that read (SQLite), or connections at all (PostgreSQL).
    pub connections: u32,
}

impl Options {
    /// The usual number of connections.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into().into(), connections: 16 }
    }
}

/// Opens the database and brings its schema up to date.
///
/// # Errors
/// [`StoreError::Unusable`] with the remedy: an unsafe SQLite, a schema newer than this program, a folder that cannot
/// be written, a server out of reach, an address of neither kind.
pub async fn open(options: &Options) -> Result<Database, StoreError> {
    let url = options.url.expose_secret();
    if let Some(path) = url.strip_prefix("sqlite:") {
        open_sqlite(path.trim_start_matches("//"), options.connections).await
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        open_postgres(url, options.connections).await
    } else {
        Err(StoreError::Unusable("the database address must begin with sqlite: or postgres:// (BEACON_DATABASE_URL)".to_owned()))
    }
}

fn refuse(message: impl Into<String>) -> StoreError {
    StoreError::Unusable(message.into())
}

async fn open_sqlite(path: &str, connections: u32) -> Result<Database, StoreError> {
    if path.is_empty() || path == ":memory:" {
        return Err(refuse("an SQLite database needs a file: write sqlite:PATH"));
    }
    let file = Path::new(path);
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    check_writable(folder, file)?;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .pragma("secure_delete", "ON")
        .pragma("cache_size", "-32000")
        // 16 MB of log between checkpoints: a page that many commits touch is copied into the file once for all of them.
        .pragma("wal_autocheckpoint", "4000")
        .pragma("temp_store", "MEMORY")
        .statement_cache_capacity(500)
        .disable_statement_logging();
    let pool = |most: u32| {
        let pool = SqlitePoolOptions::new().max_connections(most).acquire_timeout(Duration::from_secs(10)).test_before_acquire(false);
        pool.before_acquire(|connection, _| {
            Box::pin(async move {
                // On a full disk SQLite itself undoes a transaction; the ROLLBACK that follows fails, and sqlx 0.9.0 takes the
                // connection to be inside a transaction for ever. Once what is queued is done, such a one is thrown away.
                if connection.is_in_transaction() {
                    connection.ping().await?;
                }
                Ok(!connection.is_in_transaction())
            })
        })
    };
    let opened = |error: sqlx::Error| {
        refuse(format!(
            "the SQLite database {path} cannot be opened: {error}. Check that it is a Beacon database and that this user may write it"
        ))
    };
    let writer = pool(1).connect_with(options.clone()).await.map_err(opened)?;
    let version: (String,) = sqlx::query_as("SELECT sqlite_version()").fetch_one(&writer).await?;
    check_version(&version.0)?;
    migrate(&SQLITE, &writer).await?;
    let readers = pool(connections.max(1)).connect_with(options.pragma("query_only", "ON")).await.map_err(opened)?;
    Ok(Database { pools: Pools::Sqlite { writer, readers } })
}

/// Refuses a linked SQLite that can lose commits.
///
/// # Errors
/// [`StoreError::Unusable`] for a version before 3.51.3.
pub fn check_version(version: &str) -> Result<(), StoreError> {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found >= SAFE_SQLITE {
        Ok(())
    } else {
        Err(refuse(format!(
            "the linked SQLite is {version}, which can lose commits (WAL-reset bug): build Beacon with its bundled SQLite, 3.51.3 or later"
        )))
    }
}

fn check_writable(folder: &Path, file: &Path) -> Result<(), StoreError> {
    if !folder.is_dir() {
        return Err(refuse(format!(
            "the folder {} does not exist: create it, or set BEACON_DATABASE_URL to another place",
            folder.display()
        )));
    }
    // SQLite needs to create the log files beside the database, so the folder counts, not the file alone.
    let probe = folder.join(".beacon-writable");
    let written = std::fs::File::create(&probe).and_then(|_| std::fs::remove_file(&probe));
    let writable = written.is_ok() && (!file.exists() || std::fs::OpenOptions::new().append(true).open(file).is_ok());
    if writable {
        Ok(())
    } else {
        Err(refuse(format!(
            "the folder {} or the database in it cannot be written by this user: change its owner, or set BEACON_DATABASE_URL to another place",
            folder.display()
        )))
    }
}

async fn open_postgres(url: &str, connections: u32) -> Result<Database, StoreError> {
    let options: PgConnectOptions = url.parse().map_err(|_| {
        refuse("the PostgreSQL address cannot be read: write postgres://USER:PASSWORD@HOST:PORT/DATABASE (BEACON_DATABASE_URL)")
    })?;
    let options = options
        .application_name("beacon")
        .statement_cache_capacity(500)
        .options([("idle_in_transaction_session_timeout", "30s"), ("lock_timeout", "10s"), ("statement_timeout", "60s")])
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(connections.max(2))
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .before_acquire(|connection, _| {
            Box::pin(async move {
                // sqlx 0.9.0 can hand back a connection whose BEGIN was cancelled in flight; the next statement would
                // then run inside that open transaction and vanish. In the simple protocol the two times are equal
                // unless a transaction is open. Such a connection is thrown away.
                let row = connection.fetch_one(sqlx::raw_sql("SELECT (now() = statement_timestamp())::text")).await?;
                Ok(row.try_get::<String, _>(0)? == "true")
            })
        })
        .connect_with(options)
        .await
        .map_err(|error| {
            refuse(format!("the PostgreSQL server cannot be reached: {error}. Check BEACON_DATABASE_URL and that the server runs"))
        })?;
    migrate(&POSTGRES, &pool).await?;
    Ok(Database { pools: Pools::Postgres(pool) })
}

async fn migrate<'a, A>(migrator: &Migrator, pool: A) -> Result<(), StoreError>
where
    A: sqlx::Acquire<'a>,
    <A::Connection as std::ops::Deref>::Target: sqlx::migrate::Migrate,
{
    migrator.run(pool).await.map_err(|error| match error {
        MigrateError::VersionMissing(version) => refuse(format!(
            "the database has schema version {version}, newer than this program knows: start a newer Beacon, or restore a backup made before the upgrade"
        )),
        MigrateError::VersionMismatch(version) => refuse(format!("schema version {version} of the database differs from this program's: it was made by another build")),
        other => refuse(format!("the schema cannot be brought up to date: {other}")),
    })
}

/// Prepares one statement text on a database, without running it: what a test does with every [`crate::Statement`].
///
/// # Errors
/// When the database does not accept the text.
pub async fn prepare(database: &Database, statement: &'static crate::Statement) -> Result<(), StoreError> {
    use sqlx::SqlSafeStr;
    match &database.pools {
        Pools::Sqlite { writer, .. } => {
            writer.acquire().await?.prepare(statement.sqlite.into_sql_str()).await?;
        }
        Pools::Postgres(pool) => {
            pool.acquire().await?.prepare(statement.postgres.into_sql_str()).await?;
        }
    }
    Ok(())
}
