//! Imports: streaming, restartable, and adding nothing twice. A bad row never stops the rest.

mod keep;
mod read;
mod reconcile;

pub use exchange::flare::Mapping as FlareMapping;
pub(crate) use reconcile::clear_up;
pub use reconcile::{CategoryYear, Reconciliation};

use crate::{Service, ServiceError};
use exchange::{Reject, Summary};
use model::{
    Actor, Timestamp, Uuid,
    audit::{Operation, Outcome, Request},
    entropy,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    io::{Read, Write},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};
use store::imports::Run;

/// What is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImportKind {
    /// Street-level CSV of data.police.uk.
    PoliceUk,
    /// Code-Point Open.
    Postcodes,
    /// GeoJSON boundaries.
    Boundaries,
    /// Beacon's own CSV or JSON Lines.
    Incidents,
    /// An export of FLARE, indexed by address.
    Flare,
}

impl ImportKind {
    /// The word on the command line and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PoliceUk => "police-uk",
            Self::Postcodes => "postcodes",
            Self::Boundaries => "boundaries",
            Self::Incidents => "incidents",
            Self::Flare => "flare",
        }
    }
}

impl std::str::FromStr for ImportKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::PoliceUk, Self::Postcodes, Self::Boundaries, Self::Incidents, Self::Flare]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| "not a kind of import: use one of police-uk, postcodes, boundaries, incidents, flare".to_owned())
    }
}

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Figures {
    /// All rows read.
    pub rows: u64,
    /// Rows that added a record.
    pub added: u64,
    /// Rows whose record was there already.
    pub unchanged: u64,
    /// Rows that were not wanted, as other crime types.
    pub skipped: u64,
    /// Rows that could not be taken: see the rejects file.
    pub rejected: u64,
    /// Of the rows taken, those without coordinates.
    pub without_coordinates: u64,
    /// Of the rows taken, those in Northern Ireland, without a British grid point.
    pub northern_ireland: u64,
    /// The account of a migration, for an export of FLARE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconciliation: Option<Reconciliation>,
    /// Why the file could not be read to its end, if so. What was read until then is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
}

impl Figures {
    fn count(&mut self, summary: Summary) {
        self.rows = summary.rows;
        self.skipped = summary.skipped;
        self.rejected = summary.rejected;
        self.without_coordinates = summary.without_coordinates;
        self.northern_ireland = summary.northern_ireland;
    }
}

/// How far an import has come, for a progress bar. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<(AtomicU64, AtomicU64)>);

impl Progress {
    /// Rows read so far.
    pub fn rows(&self) -> u64 {
        self.0.0.load(Relaxed)
    }
    pub(crate) fn advance(&self, rows: u64) {
        self.0.0.fetch_add(rows, Relaxed);
    }
    /// Bytes of the file read so far.
    pub fn bytes(&self) -> u64 {
        self.0.1.load(Relaxed)
    }
}

/// A reader that counts what passes.
struct Counted(Box<dyn Read + Send>, Progress);

impl Read for Counted {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let read = self.0.read(buf)?;
        self.1.0.1.fetch_add(read as u64, Relaxed);
        Ok(read)
    }
}

/// One file to be imported.
pub struct ImportFile {
    /// What it holds.
    pub kind: ImportKind,
    /// Its name without the folder; says CSV or JSON Lines for incidents.
    pub name: String,
    /// The file.
    pub reader: Box<dyn Read + Send>,
    /// Where rejected rows are told.
    pub rejects: Box<dyn Write + Send>,
    /// Which column is which, for an export of FLARE.
    pub mapping: exchange::flare::Mapping,
    /// What its areas are, for boundaries that do not say.
    pub area_kind: Option<String>,
    /// Told how far it has come.
    pub progress: Progress,
}

/// A run in a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ImportView {
    /// Its id.
    pub id: Uuid,
    /// Who ran it.
    pub officer: Uuid,
    /// For which agency.
    pub agency: Uuid,
    /// What was imported.
    pub kind: String,
    /// The name of the file.
    pub file: String,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended; absent while it runs, or when it was cut off: run it again, it adds nothing twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// What came of it.
    pub figures: Figures,
}

impl Service {
    /// Imports one file.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for a role that does not import this; [`ServiceError::Unavailable`]. A file that
    /// cannot be read to its end is no error: [`Figures::stopped`] says so.
    pub async fn import(&self, request: &Request, file: ImportFile) -> Result<ImportView, ServiceError> {
        let allowed = match file.kind {
            ImportKind::Incidents => request.actor.records() || request.actor == Actor::console(),
            ImportKind::PoliceUk | ImportKind::Flare => request.actor.records(),
            ImportKind::Postcodes | ImportKind::Boundaries => request.actor.records() || request.actor.administers(),
        };
        if !allowed {
            self.note(vec![request.entry(Operation::Collection, "import.refused", Outcome::Denied, Vec::new())]).await?;
            return Err(ServiceError::Forbidden("say which officer imports this; the role must be one that logs incidents"));
        }
        let mut run = Run {
            id: entropy::id(request.at),
            officer: request.actor.officer,
            agency: request.actor.agency,
            kind: file.kind.as_str().to_owned(),
            file: file.name.clone(),
            started_at: self.clock().now(),
            finished_at: None,
            figures: "{}".to_owned(),
        };
        self.put_run(&run).await?;
        let figures = self.carry(request, run.id, file).await?;
        if figures.added > 0 {
            self.many_came().await;
        }
        run.finished_at = Some(self.clock().now());
        run.figures = serde_json::to_string(&figures).map_err(store::StoreError::from)?;
        self.put_run(&run).await?;
        self.changed();
        view(run)
    }

    /// Has the database look at its tables after many records came at once, so that it plans by what is there. They are safe without,
    /// and PostgreSQL looks by itself a little later.
    pub async fn many_came(&self) {
        if let Err(error) = self.inner.database.look_at_tables().await {
            tracing::warn!(error = %error, "PostgreSQL did not look at its tables: searches may be slow for a minute");
        }
    }

    async fn put_run(&self, run: &Run) -> Result<(), ServiceError> {
        let (service, run) = (self.clone(), run.clone());
        tokio::spawn(async move {
            let mut tx = service.inner.database.begin().await?;
            store::imports::put(&mut tx, &run).await?;
            Ok(tx.commit().await?)
        })
        .await?
    }

    /// Reads in one thread, writes in another, a bounded number of batches between them.
    async fn carry(&self, request: &Request, run: Uuid, file: ImportFile) -> Result<Figures, ServiceError> {
        let (batches, mut coming) = tokio::sync::mpsc::channel::<read::Batch>(1);
        let agencies = self.list_agencies().await?;
        let (service, asking) = (self.clone(), request.clone());
        let progress = file.progress.clone();
        let told = |error: exchange::FileError| ServiceError::Unavailable(error.detail);
        let ImportFile { rejects, .. } = file;
        let rejects = Arc::new(Mutex::new(exchange::rejects::Writer::new(rejects).map_err(told)?));
        let telling = rejects.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let file =
                ImportFile { reader: Box::new(Counted(file.reader, file.progress.clone())), rejects: Box::new(std::io::sink()), ..file };
            read::file(&service, &asking, &agencies, file, telling, &batches)
        });
        let mut figures = Figures::default();
        let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
        let mut failed = None;
        while let Some(batch) = coming.recv().await {
            if failed.is_none() {
                match self.keep(request, run, batch).await {
                    Ok(kept) => {
                        figures.added += kept.added;
                        figures.unchanged += kept.unchanged;
                        figures.rejected += kept.refused.len() as u64;
                        for refused in &kept.refused {
                            *reasons.entry(refused.code.to_owned()).or_default() += 1;
                        }
                        rejects.lock().unwrap_or_else(PoisonError::into_inner).write(&kept.refused).map_err(told)?;
                    }
                    Err(error) => {
                        failed = Some(error);
                        coming.close();
                    }
                }
            }
        }
        let read::Outcome { summary, stopped, reasons: unread, flare } = reading.await??;
        if let Some(error) = failed {
            return Err(error);
        }
        if let Some(rejects) = Arc::into_inner(rejects) {
            rejects.into_inner().unwrap_or_else(PoisonError::into_inner).finish().map_err(told)?;
        }
        let refused = figures.rejected;
        figures.count(summary);
        figures.rejected += refused;
        figures.stopped = stopped;
        progress.0.0.store(figures.rows, Relaxed);
        if let Some(read) = flare {
            for (reason, count) in unread {
                *reasons.entry(reason.to_owned()).or_default() += count;
            }
            figures.reconciliation = Some(self.reconcile(request, run, read, reasons).await?);
        }
        Ok(figures)
    }

    /// The runs of the caller's agency, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn list_imports(&self, request: &Request, limit: i64) -> Result<Vec<ImportView>, ServiceError> {
        let agency = request.actor.agency;
        let runs = self.register(
            request,
            "import.list",
            Ok(()),
            |run: &Run| Some(run.id),
            move |tx| Box::pin(async move { Ok(store::imports::list(tx, Some(agency), limit).await?) }),
        );
        let runs = runs.await?;
        runs.into_iter().map(view).collect()
    }
}

fn view(run: Run) -> Result<ImportView, ServiceError> {
    let figures = serde_json::from_str(&run.figures).map_err(store::StoreError::from)?;
    let Run { id, officer, agency, kind, file, started_at, finished_at, .. } = run;
    Ok(ImportView { id, officer, agency, kind, file, started_at, finished_at, figures })
}

/// A reject made here: the row is sound by itself but does not fit what is kept.
pub(crate) fn reject(row: u64, field: &str, code: &'static str, reason: impl Into<String>) -> Reject {
    Reject { row, field: field.to_owned(), code, reason: reason.into() }
}
