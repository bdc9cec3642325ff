//! `/v1/incidents/{incident}/involvements`

use super::PartBody;
use crate::{
    App,
    http::{ApiError, Body, Caller, body::Patch, problem::ProblemDetails},
};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use model::{NewInvolvement, redact::IncidentView};
use service::incidents::{Part, PartKind};

/// Add a person, organisation, premises or vehicle.
#[utoipa::path(post, path = "/v1/incidents/{incident}/involvements", tag = "involvements", request_body = NewInvolvement,
    params(("incident" = String, Path, description = "Id or reference"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = PartBody), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn add_involvement(
    State(app): State<App>,
    Caller(request): Caller,
    Path(incident): Path<String>,
    headers: HeaderMap,
    body: Body<NewInvolvement>,
) -> Result<Response, ApiError> {
    super::add(&app, &request, &incident, &headers, Part::Involvement(Box::new(body.value)), &body.bytes).await
}

/// Change it by JSON merge patch. Send `If-Match` with the incident's `ETag`.
#[utoipa::path(patch, path = "/v1/incidents/{incident}/involvements/{id}", tag = "involvements",
    request_body(content = NewInvolvement, content_type = "application/merge-patch+json", description = "Any of these fields; null removes one"),
    params(("incident" = String, Path, description = "Id or reference"), ("id" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = IncidentView), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 412, body = ProblemDetails), (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails),
        (status = 428, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn change_involvement(
    State(app): State<App>,
    Caller(request): Caller,
    Path((incident, id)): Path<(String, String)>,
    headers: HeaderMap,
    Patch(patch): Patch,
) -> Result<Response, ApiError> {
    super::change(&app, &request, &incident, PartKind::Involvement, &id, &headers, patch).await
}

/// Take it out; the versions before keep it. Send `If-Match` with the incident's `ETag`.
#[utoipa::path(delete, path = "/v1/incidents/{incident}/involvements/{id}", tag = "involvements",
    params(("incident" = String, Path, description = "Id or reference"), ("id" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = IncidentView), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails), (status = 412, body = ProblemDetails),
        (status = 428, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn delete_involvement(
    State(app): State<App>,
    Caller(request): Caller,
    Path((incident, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    super::delete(&app, &request, &incident, PartKind::Involvement, &id, &headers).await
}
