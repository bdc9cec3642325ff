//! The parts of an incident, a file per kind.

pub(crate) mod allegations;
pub(crate) mod involvements;
pub(crate) mod places;
pub(crate) mod reports;

use crate::{
    App,
    http::{ApiError, etag, path_id},
    incidents::{answer, retry},
};
use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{Uuid, audit::Request, redact::IncidentView};
use serde::Serialize;
use service::incidents::{Part, PartKind, key};

/// What adding a part answers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct PartBody {
    /// The part's id.
    id: Uuid,
    /// The incident as it is now.
    incident: IncidentView,
}

async fn add(app: &App, request: &Request, incident: &str, headers: &HeaderMap, part: Part, bytes: &[u8]) -> Result<Response, ApiError> {
    let (incident, id) = app.service.add_part(request, key(incident)?, part, retry(headers, bytes)?).await?;
    let tag = etag::of(incident.version);
    Ok((StatusCode::CREATED, [(header::ETAG, tag)], Json(PartBody { id, incident })).into_response())
}

async fn change(
    app: &App,
    request: &Request,
    incident: &str,
    kind: PartKind,
    id: &str,
    headers: &HeaderMap,
    patch: serde_json::Value,
) -> Result<Response, ApiError> {
    let view = app.service.patch_part(request, key(incident)?, kind, path_id(id)?, etag::if_match(headers)?, patch).await?;
    Ok(answer(StatusCode::OK, view))
}

async fn delete(app: &App, request: &Request, incident: &str, kind: PartKind, id: &str, headers: &HeaderMap) -> Result<Response, ApiError> {
    let view = app.service.delete_part(request, key(incident)?, kind, path_id(id)?, etag::if_match(headers)?).await?;
    Ok(answer(StatusCode::OK, view))
}
