//! `/v1/markers`

use crate::{
    App,
    http::{ApiError, Body, Caller, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use model::marker::{Marker, NewMarker};

/// Set a safety or vulnerability marker on a person or premises; it shows with them until its review date.
#[utoipa::path(post, path = "/v1/markers", tag = "names and people", request_body = NewMarker,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Marker), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn set_marker(
    State(app): State<App>,
    Caller(request): Caller,
    headers: HeaderMap,
    body: Body<NewMarker>,
) -> Result<(StatusCode, Json<Marker>), ApiError> {
    let retry = crate::incidents::retry(&headers, &body.bytes)?;
    Ok((StatusCode::CREATED, Json(app.service.set_marker(&request, body.value, retry).await?)))
}

/// End a marker of your agency.
#[utoipa::path(delete, path = "/v1/markers/{id}", tag = "names and people", params(("id" = String, Path)),
    responses((status = 204, description = "Ended; it stays in the history"), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn end_marker(State(app): State<App>, Caller(request): Caller, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    let id = path_id(&id)?;
    app.service.end_marker(&request, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
