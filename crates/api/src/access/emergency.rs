//! `/v1/emergency-access`

use crate::{
    App,
    http::{ApiError, Body, Caller, FreshCaller, problem::ProblemDetails},
};
use axum::{Json, extract::State, http::StatusCode};
use model::opening::EmergencyAccess;
use serde::Serialize;
use service::emergency::{NewEmergencyAccess, OpenedInEmergency};

/// Emergency accesses.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct EmergencyAccesses {
    /// Latest first.
    emergency_access: Vec<EmergencyAccess>,
}

/// Open the records of one person for 60 minutes, when waiting for their owners would put somebody at risk. Safeguarding leads
/// only; the owners and their data protection officers are told at once. Never police-only records.
#[utoipa::path(post, path = "/v1/emergency-access", tag = "access", request_body = NewEmergencyAccess,
    responses((status = 201, body = OpenedInEmergency), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn open_in_emergency(
    State(app): State<App>,
    Caller(request): Caller,
    body: Body<NewEmergencyAccess>,
) -> Result<(StatusCode, Json<OpenedInEmergency>), ApiError> {
    Ok((StatusCode::CREATED, Json(app.service.open_in_emergency(&request, body.value).await?)))
}

/// Emergency accesses by your agency's officers or to its records. Supervisors, safeguarding leads, data protection officers.
#[utoipa::path(get, path = "/v1/emergency-access", tag = "access",
    responses((status = 200, body = EmergencyAccesses), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_emergency_access(
    State(app): State<App>,
    FreshCaller(request): FreshCaller,
) -> Result<Json<EmergencyAccesses>, ApiError> {
    Ok(Json(EmergencyAccesses { emergency_access: app.service.list_emergency_access(&request).await? }))
}
