//! `/v1/imports`

use crate::{
    App,
    http::{ApiError, FreshCaller, Params, problem::ProblemDetails},
};
use axum::{
    Json,
    body::Body,
    extract::{OriginalUri, State},
    http::{StatusCode, request::Parts},
};
use http_body_util::BodyExt;
use serde::Serialize;
use service::imports::{ImportFile, ImportKind, ImportView, Progress};
use std::{
    io::{Read, Seek, Write},
    sync::{Arc, Mutex, PoisonError},
};

/// The most bytes of an uploaded file.
const LIMIT: u64 = 1024 * 1024 * 1024;

/// Import runs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Imports {
    /// Newest first.
    imports: Vec<ImportView>,
}

/// What an import answers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct ImportBody {
    /// The run.
    #[serde(flatten)]
    view: ImportView,
    /// The rejects file: CSV with row, field, code, reason.
    rejects: String,
}

/// The import runs of your agency.
#[utoipa::path(get, path = "/v1/imports", tag = "imports", responses((status = 200, body = Imports), (status = 401, body = ProblemDetails)))]
pub(crate) async fn list_imports(State(app): State<App>, FreshCaller(request): FreshCaller) -> Result<Json<Imports>, ApiError> {
    Ok(Json(Imports { imports: app.service.list_imports(&request, 200).await? }))
}

/// Import a file, plain or gzipped, sent as the body. Sending it again adds nothing twice.
#[utoipa::path(post, path = "/v1/imports", tag = "imports",
    params(("kind" = ImportKind, Query), ("file" = String, Query, description = "The file's name; for incidents it ends in .csv or .jsonl, or either with .gz"),
        ("area_kind" = Option<String>, Query, description = "What the areas are, for boundaries that do not say")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = ImportBody), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 413, body = ProblemDetails), (status = 422, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn run_import(
    State(app): State<App>,
    FreshCaller(request): FreshCaller,
    OriginalUri(uri): OriginalUri,
    _parts: Parts,
    body: Body,
) -> Result<(StatusCode, Json<ImportBody>), ApiError> {
    let mut params = Params::new(uri.query(), &["kind", "file", "area_kind"]);
    let kind = params.parsed::<ImportKind>("kind", "one of police-uk, postcodes, boundaries, incidents");
    let name = params.text("file").unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let area_kind = params.text("area_kind").map(str::to_owned);
    params.finish()?;
    let Some(kind) = kind else {
        return Err(ApiError::bad_request("kind", "missing", "say what is imported: police-uk, postcodes, boundaries or incidents"));
    };
    let suffix = name.trim_end_matches(".gz").rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if name.is_empty() || (kind == ImportKind::Incidents && !["csv", "jsonl", "ndjson", "json"].contains(&suffix.as_str())) {
        return Err(ApiError::bad_request(
            "file",
            "name",
            "give the file's name; for incidents it ends in .csv or .jsonl, or either with .gz",
        ));
    }
    let file = receive(body).await?;
    let rejects = Kept::default();
    let import = ImportFile {
        kind,
        name,
        reader: Box::new(file),
        rejects: Box::new(rejects.clone()),
        mapping: service::imports::FlareMapping::default(),
        area_kind,
        progress: Progress::default(),
    };
    let view = app.service.import(&request, import).await?;
    if view.figures.rows == 0
        && let Some(reason) = &view.figures.stopped
    {
        return Err(ApiError::invalid("file", "unreadable", reason.clone()));
    }
    Ok((StatusCode::CREATED, Json(ImportBody { view, rejects: rejects.text() })))
}

/// Puts a body into a nameless temporary file: however large, it takes no memory, and it is gone when it is closed.
async fn receive(mut body: Body) -> Result<impl Read + Send + 'static, ApiError> {
    let failed = |_| ApiError::from(service::ServiceError::Unavailable("the upload could not be kept on disk".to_owned()));
    let mut file = tempfile::tempfile().map_err(failed)?;
    let mut total = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| ApiError::bad_request("", "body", "the upload was cut off: send the file again"))?;
        if let Some(data) = frame.data_ref() {
            total += data.len() as u64;
            if total > LIMIT {
                return Err(ApiError::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "too-large",
                    "The file is too large",
                    "send at most 1 GiB, or use beacon import",
                ));
            }
            file.write_all(data).map_err(failed)?;
        }
    }
    file.rewind().map_err(failed)?;
    Ok(file)
}

/// The rejects file, kept in memory up to a size.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        const MOST: usize = 4 * 1024 * 1024;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MOST {
            kept.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
