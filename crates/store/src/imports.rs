//! Import runs: what was read, by whom, and what came of it.

use crate::{Database, StoreError, Tx, database::Pools, time::At};
use model::{Timestamp, Uuid};
use sqlx::Executor;

/// One run over one file.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its id.
    pub id: Uuid,
    /// Who ran it.
    pub officer: Uuid,
    /// For which agency.
    pub agency: Uuid,
    /// What was imported: `police-uk`, `postcodes`, `boundaries`, `incidents`.
    pub kind: String,
    /// The name of the file, without its folder.
    pub file: String,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended; absent while it runs, or when it was cut off.
    pub finished_at: Option<Timestamp>,
    /// Rows read, added, unchanged, skipped, rejected … as a JSON object.
    pub figures: String,
}

impl Database {
    /// Has PostgreSQL look at its tables after many rows came at once: until it has, it plans as if they were nearly empty and reads
    /// them from end to end. SQLite plans by its indexes alone.
    ///
    /// # Errors
    /// When the database refuses, or takes longer than a statement may.
    pub async fn look_at_tables(&self) -> Result<(), StoreError> {
        if let Pools::Postgres(pool) = &self.pools {
            pool.acquire().await?.execute("ANALYZE").await?;
        }
        Ok(())
    }
}

/// Notes a run, or how far it has come.
///
/// # Errors
/// When the database fails.
pub async fn put(tx: &mut Tx, run: &Run) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO import_run (id, officer_id, agency_id, kind, file, started_at, finished_at, figures)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET finished_at = excluded.finished_at, figures = excluded.figures",
        run.id,
        run.officer,
        run.agency,
        run.kind.as_str(),
        run.file.as_str(),
        At(run.started_at),
        run.finished_at.map(At),
        run.figures.as_str()
    )?;
    Ok(())
}

/// Runs of one agency, or of all, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, agency: Option<Uuid>, limit: i64) -> Result<Vec<Run>, StoreError> {
    type Row = (Uuid, Uuid, Uuid, String, String, At, Option<At>, String);
    let rows: Vec<Row> = build!(tx, fetch_all, Row, |q| {
        q.push("SELECT id, officer_id, agency_id, kind, file, started_at, finished_at, figures FROM import_run");
        if let Some(agency) = agency {
            q.push(" WHERE agency_id = ").push_bind(agency);
        }
        q.push(" ORDER BY started_at DESC, id LIMIT ").push_bind(limit);
    })?;
    Ok(rows
        .into_iter()
        .map(|(id, officer, agency, kind, file, started, finished, figures)| Run {
            id,
            officer,
            agency,
            kind,
            file,
            started_at: started.0,
            finished_at: finished.map(|at| at.0),
            figures,
        })
        .collect())
}
