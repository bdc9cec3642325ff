//! `PATCH /v1/incidents/{incident}`

use crate::{
    App,
    http::{ApiError, Caller, body::Patch, etag, problem::ProblemDetails},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use model::{IncidentDetails, redact::IncidentView};

/// Change an incident by JSON merge patch.
///
/// Send `If-Match` with the `ETag` you have read. Reports, places, involvements and allegations have their own operations.
#[utoipa::path(patch, path = "/v1/incidents/{incident}", tag = "incidents",
    request_body(content = IncidentDetails, content_type = "application/merge-patch+json", description = "Any of these fields; null removes one"),
    params(("incident" = String, Path, description = "Id or reference"), ("If-Match" = String, Header)),
    responses((status = 200, body = IncidentView), (status = 204, description = "Done; the record is out of your sight now"), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 412, body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 428, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn change_incident(
    State(app): State<App>,
    Caller(request): Caller,
    Path(incident): Path<String>,
    headers: HeaderMap,
    Patch(patch): Patch,
) -> Result<Response, ApiError> {
    let version = etag::if_match(&headers)?;
    let view = app.service.patch_incident(&request, service::incidents::key(&incident)?, version, patch).await?;
    Ok(view.map_or_else(|| StatusCode::NO_CONTENT.into_response(), |view| super::answer(StatusCode::OK, view)))
}
