//! `/v1/agencies`

use crate::{
    App,
    http::{ApiError, Body, Caller, FreshCaller, problem::ProblemDetails},
};
use axum::{Json, extract::State, http::StatusCode};
use model::Agency;
use serde::Serialize;
use service::agencies::NewAgency;

/// Agencies.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Agencies {
    /// By name.
    agencies: Vec<Agency>,
}

/// Every agency.
#[utoipa::path(get, path = "/v1/agencies", tag = "administration", responses((status = 200, body = Agencies), (status = 401, body = ProblemDetails)))]
pub(crate) async fn list_agencies(State(app): State<App>, FreshCaller(_): FreshCaller) -> Result<Json<Agencies>, ApiError> {
    Ok(Json(Agencies { agencies: app.service.list_agencies().await? }))
}

/// Enter an agency. Administrators only.
#[utoipa::path(post, path = "/v1/agencies", tag = "administration", request_body = NewAgency,
    responses((status = 201, body = Agency), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 409, body = ProblemDetails), (status = 415, body = ProblemDetails),
        (status = 422, body = ProblemDetails)))]
pub(crate) async fn add_agency(
    State(app): State<App>,
    Caller(request): Caller,
    body: Body<NewAgency>,
) -> Result<(StatusCode, Json<Agency>), ApiError> {
    Ok((StatusCode::CREATED, Json(app.service.add_agency(&request, body.value).await?)))
}
