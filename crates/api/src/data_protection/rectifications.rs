//! `/v1/incidents/{incident}/rectifications`, `/v1/rectifications`

use crate::{
    App,
    http::{ApiError, Body, Caller, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use model::rectifying::Rectification;
use serde::Serialize;
use service::data_protection::NewRectification;

/// Rectifications.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Rectifications {
    /// Oldest first.
    rectifications: Vec<Rectification>,
}

/// Put right what an incident of your agency says wrongly of somebody: in its state and every version. The wrong value
/// stays with your agency's data protection officers until a day. For them only.
#[utoipa::path(post, path = "/v1/incidents/{incident}/rectifications", tag = "data protection", request_body = NewRectification,
    params(("incident" = String, Path, description = "By id or reference")),
    responses((status = 201, body = Rectification), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 415, body = ProblemDetails),
        (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn rectify(
    State(app): State<App>,
    Caller(request): Caller,
    Path(incident): Path<String>,
    body: Body<NewRectification>,
) -> Result<(StatusCode, Json<Rectification>), ApiError> {
    let key = service::incidents::key(&incident)?;
    Ok((StatusCode::CREATED, Json(app.service.rectify(&request, key, body.value).await?)))
}

/// What your agency has put right, with what was wrong as long as it is kept. Data protection officers only.
#[utoipa::path(get, path = "/v1/rectifications", tag = "data protection",
    responses((status = 200, body = Rectifications), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_rectifications(State(app): State<App>, Caller(request): Caller) -> Result<Json<Rectifications>, ApiError> {
    Ok(Json(Rectifications { rectifications: app.service.list_rectifications(&request).await? }))
}
