//! `/v1/officers`

use crate::{
    App,
    http::{ApiError, Body, Caller, FreshCaller, body::MergePatch, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use model::{Officer, Role};
use serde::{Deserialize, Serialize};
use service::agencies::NewOfficer;

/// Officers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Officers {
    /// By name.
    officers: Vec<Officer>,
}

/// The officers of your agency. Administrators only.
#[utoipa::path(get, path = "/v1/officers", tag = "administration",
    responses((status = 200, body = Officers), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails)))]
pub(crate) async fn list_officers(State(app): State<App>, FreshCaller(request): FreshCaller) -> Result<Json<Officers>, ApiError> {
    Ok(Json(Officers { officers: app.service.list_officers(&request, None).await? }))
}

/// Enter an officer of your agency. Administrators only.
#[utoipa::path(post, path = "/v1/officers", tag = "administration", request_body = NewOfficer,
    responses((status = 201, body = Officer), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 409, body = ProblemDetails), (status = 415, body = ProblemDetails),
        (status = 422, body = ProblemDetails)))]
pub(crate) async fn add_officer(
    State(app): State<App>,
    Caller(request): Caller,
    body: Body<NewOfficer>,
) -> Result<(StatusCode, Json<Officer>), ApiError> {
    Ok((StatusCode::CREATED, Json(app.service.add_officer(&request, body.value).await?)))
}

/// What may be changed of an officer.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfficerChange {
    /// The new role.
    role: Role,
}

/// Give an officer of your agency, other than yourself, another role, at once. Administrators only.
#[utoipa::path(patch, path = "/v1/officers/{officer}", tag = "administration", request_body(content = OfficerChange, content_type = "application/merge-patch+json"),
    params(("officer" = String, Path)),
    responses((status = 200, body = Officer), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 415, body = ProblemDetails),
        (status = 422, body = ProblemDetails)))]
pub(crate) async fn change_officer(
    State(app): State<App>,
    Caller(request): Caller,
    Path(officer): Path<String>,
    change: MergePatch<OfficerChange>,
) -> Result<Json<Officer>, ApiError> {
    Ok(Json(app.service.change_role(&request, path_id(&officer)?, change.0.role).await?))
}

/// Suspend an officer of your agency, other than yourself, at once. Administrators only.
#[utoipa::path(put, path = "/v1/officers/{officer}/suspension", tag = "administration", params(("officer" = String, Path)),
    responses((status = 200, body = Officer), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails)))]
pub(crate) async fn suspend_officer(
    State(app): State<App>,
    Caller(request): Caller,
    Path(officer): Path<String>,
) -> Result<Json<Officer>, ApiError> {
    Ok(Json(app.service.set_suspended(&request, path_id(&officer)?, true).await?))
}

/// Let a suspended officer of your agency back in. Administrators only.
#[utoipa::path(delete, path = "/v1/officers/{officer}/suspension", tag = "administration", params(("officer" = String, Path)),
    responses((status = 200, body = Officer), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails)))]
pub(crate) async fn reinstate_officer(
    State(app): State<App>,
    Caller(request): Caller,
    Path(officer): Path<String>,
) -> Result<Json<Officer>, ApiError> {
    Ok(Json(app.service.set_suspended(&request, path_id(&officer)?, false).await?))
}
