//! What a database's files still hold of rows that were written over: pages, logs, statistics. Taken out here.

use crate::{Database, StoreError, database::Pools};
use sqlx::{AssertSqlSafe, Executor, Row};

/// The tables in which something personal can have stood.
const PERSONAL: [&str; 14] = [
    "incident",
    "incident_version",
    "mention",
    "place_key",
    "marker",
    "intake",
    "ask",
    "block",
    "declaration",
    "emergency_access",
    "record_release",
    "intelligence_source",
    "idempotency_key",
    "audit",
];

/// What a scrub could not see to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remains {
    /// Nothing of this server.
    Nothing,
    /// Segments of the write-ahead log are used again without being emptied (`wal_recycle` is on).
    RecycledLog,
}

impl Database {
    /// After an erasure on SQLite: the log is folded into the file, where what was written over is zeroes already, and
    /// cut to nothing. Gives `false` when somebody still reads from the log: to be tried again. Nothing on PostgreSQL.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn truncate_log(&self) -> Result<bool, StoreError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                let mut one = writer.acquire().await?;
                // Everybody's writes wait for this connection: readers are given a moment, and it is tried again.
                one.execute("PRAGMA busy_timeout = 200").await?;
                let done = one.fetch_one("PRAGMA wal_checkpoint(TRUNCATE)").await;
                one.execute("PRAGMA busy_timeout = 10000").await?;
                Ok(done?.try_get::<i64, _>(0)? == 0)
            }
            Pools::Postgres(_) => Ok(true),
        }
    }

    /// Writes every file anew without what was erased: on SQLite the whole database, on PostgreSQL the tables, their
    /// statistics and the write-ahead log. Takes its time, and locks out everybody else meanwhile.
    ///
    /// # Errors
    /// When the database refuses: on PostgreSQL it takes the database's owner, with the right to checkpoint and to switch
    /// the log (`pg_checkpoint`, `EXECUTE` on `pg_switch_wal`).
    pub async fn scrub(&self) -> Result<Remains, StoreError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                writer.execute("VACUUM").await?;
                if self.truncate_log().await? { Ok(Remains::Nothing) } else { Err(StoreError::Busy) }
            }
            Pools::Postgres(pool) => {
                let mut one = pool.acquire().await?;
                one.execute("SET statement_timeout = 0").await?;
                for table in PERSONAL {
                    one.execute(sqlx::raw_sql(AssertSqlSafe(format!("VACUUM (FULL, ANALYZE) {table}")))).await?;
                }
                // The planner's statistics quote values of the columns; those before this are still in its table.
                one.execute("VACUUM FULL pg_catalog.pg_statistic").await?;
                // The first checkpoint lets go of the old files; after the switch the second lets go of the log that spoke of them.
                for step in ["CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT"] {
                    one.execute(step).await?;
                }
                let recycles: String = one.fetch_one("SHOW wal_recycle").await?.try_get(0)?;
                one.execute("RESET statement_timeout").await?;
                Ok(if recycles == "off" { Remains::Nothing } else { Remains::RecycledLog })
            }
        }
    }
}
