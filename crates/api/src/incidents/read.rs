//! `GET /v1/incidents/{incident}`

use crate::{
    App,
    http::{ApiError, Caller, etag, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use service::incidents::IncidentRead;

/// Read an incident by id or reference; of one that is not open to you, at most which agency holds it.
#[utoipa::path(get, path = "/v1/incidents/{incident}", tag = "incidents",
    params(("incident" = String, Path, description = "Id or reference"), ("If-None-Match" = Option<String>, Header)),
    responses((status = 200, body = IncidentRead), (status = 304, description = "You have this version"), (status = 401, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn read_incident(
    State(app): State<App>,
    Caller(request): Caller,
    Path(incident): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let view = match app.service.read_incident(&request, service::incidents::key(&incident)?).await? {
        IncidentRead::Seen(view) => *view,
        held @ IncidentRead::Held(_) => return Ok(Json(held).into_response()),
    };
    if etag::unchanged(&headers, view.version) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag::of(view.version))]).into_response());
    }
    Ok(super::answer(StatusCode::OK, view))
}
