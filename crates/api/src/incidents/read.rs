//! `GET /v1/incidents/{incident}`

use crate::{
    App,
    http::{ApiError, Caller, etag, problem::ProblemDetails},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::redact::IncidentView;

/// Read an incident by id or reference.
#[utoipa::path(get, path = "/v1/incidents/{incident}", tag = "incidents",
    params(("incident" = String, Path, description = "Id or reference"), ("If-None-Match" = Option<String>, Header)),
    responses((status = 200, body = IncidentView), (status = 304, description = "You have this version"), (status = 401, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn read_incident(
    State(app): State<App>,
    Caller(request): Caller,
    Path(incident): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let view = app.service.read_incident(&request, service::incidents::key(&incident)?).await?;
    if etag::unchanged(&headers, view.version) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag::of(view.version))]).into_response());
    }
    Ok(super::answer(StatusCode::OK, view))
}
