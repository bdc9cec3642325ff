//! `/v1/people/{id}/associations`

use crate::{
    App,
    http::{ApiError, Body, Caller, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use model::association::{Association, NewAssociation};

/// Record whom a person goes about with, or what they drive, with its source and date. Shown to whoever sees both, and the
/// incident in which it came to be known.
#[utoipa::path(post, path = "/v1/people/{id}/associations", tag = "names and people", request_body = NewAssociation,
    params(("id" = String, Path)),
    responses((status = 201, body = Association), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 415, body = ProblemDetails),
        (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn add_association(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
    body: Body<NewAssociation>,
) -> Result<(StatusCode, Json<Association>), ApiError> {
    Ok((StatusCode::CREATED, Json(app.service.add_association(&request, path_id(&id)?, body.value).await?)))
}

/// Withdraw an association your agency recorded: it was wrong.
#[utoipa::path(delete, path = "/v1/people/{id}/associations/{association}", tag = "names and people",
    params(("id" = String, Path), ("association" = String, Path)),
    responses((status = 204, description = "Withdrawn: it is shown no more"), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn withdraw_association(
    State(app): State<App>,
    Caller(request): Caller,
    Path((id, association)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    app.service.withdraw_association(&request, path_id(&id)?, path_id(&association)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
