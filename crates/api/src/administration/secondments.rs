//! `/v1/me`, `/v1/partnerships`, `/v1/secondments`

use crate::{
    App,
    http::{ApiError, Body, Caller, FreshCaller, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use model::Secondment;
use serde::Serialize;
use service::{
    partnerships::PartnershipView,
    secondments::{NewSecondment, StandingView},
};

/// Partnerships.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Partnerships {
    /// By name.
    partnerships: Vec<PartnershipView>,
}

/// Secondments.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Secondments {
    /// Latest first.
    secondments: Vec<Secondment>,
}

/// Who you are here, and may act as.
#[utoipa::path(get, path = "/v1/me", tag = "administration",
    responses((status = 200, body = StandingView), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails)))]
pub(crate) async fn read_standing(State(app): State<App>, FreshCaller(request): FreshCaller) -> Result<Json<StandingView>, ApiError> {
    Ok(Json(app.service.standing(&request).await?))
}

/// Every partnership and the agencies in it.
#[utoipa::path(get, path = "/v1/partnerships", tag = "administration",
    responses((status = 200, body = Partnerships), (status = 401, body = ProblemDetails)))]
pub(crate) async fn list_partnerships(State(app): State<App>, FreshCaller(_): FreshCaller) -> Result<Json<Partnerships>, ApiError> {
    Ok(Json(Partnerships { partnerships: app.service.list_partnerships().await? }))
}

/// Secondments to and from your agency. Administrators and data protection officers only.
#[utoipa::path(get, path = "/v1/secondments", tag = "administration",
    responses((status = 200, body = Secondments), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails)))]
pub(crate) async fn list_secondments(State(app): State<App>, FreshCaller(request): FreshCaller) -> Result<Json<Secondments>, ApiError> {
    Ok(Json(Secondments { secondments: app.service.list_secondments(&request).await? }))
}

/// Second an officer of another agency to yours. Administrators only.
#[utoipa::path(post, path = "/v1/secondments", tag = "administration", request_body = NewSecondment,
    responses((status = 201, body = Secondment), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn add_secondment(
    State(app): State<App>,
    Caller(request): Caller,
    body: Body<NewSecondment>,
) -> Result<(StatusCode, Json<Secondment>), ApiError> {
    Ok((StatusCode::CREATED, Json(app.service.add_secondment(&request, body.value).await?)))
}

/// End a secondment to or from your agency at once. Administrators only.
#[utoipa::path(delete, path = "/v1/secondments/{id}", tag = "administration", params(("id" = String, Path)),
    responses((status = 204, description = "Ended"), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails)))]
pub(crate) async fn end_secondment(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    app.service.end_secondment(&request, path_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
