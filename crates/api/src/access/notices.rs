//! `/v1/notices`, `/v1/intakes/unfinished`

use crate::{
    App,
    http::{ApiError, Caller, FreshCaller, Params, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::StatusCode,
};
use model::notice::Notice;
use serde::Serialize;
use service::intakes::UnfinishedIntake;

/// Notices.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Notices {
    /// Latest first.
    notices: Vec<Notice>,
}

/// Intakes that ended without an incident.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct UnfinishedIntakes {
    /// Latest first.
    intakes: Vec<UnfinishedIntake>,
}

/// What you have to be told, by your role or in person.
#[utoipa::path(get, path = "/v1/notices", tag = "access",
    params(("unseen" = Option<bool>, Query, description = "true leaves out what somebody has seen"),
        ("limit" = Option<i64>, Query, description = "1 to 500; 100 unless given")),
    responses((status = 200, body = Notices), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_notices(
    State(app): State<App>,
    FreshCaller(request): FreshCaller,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Notices>, ApiError> {
    let mut params = Params::new(uri.query(), &["unseen", "limit"]);
    let unseen = params.parsed("unseen", "true or false").unwrap_or(false);
    let limit = params.number("limit", 1, 500, 100);
    params.finish()?;
    Ok(Json(Notices { notices: app.service.list_notices(&request, unseen, limit).await? }))
}

/// Note that you have seen a notice.
#[utoipa::path(put, path = "/v1/notices/{id}/seen", tag = "access", params(("id" = String, Path)),
    responses((status = 204, description = "Noted"), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn see_notice(State(app): State<App>, Caller(request): Caller, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    app.service.see_notice(&request, path_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Intakes of your agency that ended without an incident. Supervisors only.
#[utoipa::path(get, path = "/v1/intakes/unfinished", tag = "access",
    responses((status = 200, body = UnfinishedIntakes), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn unfinished_intakes(
    State(app): State<App>,
    FreshCaller(request): FreshCaller,
) -> Result<Json<UnfinishedIntakes>, ApiError> {
    Ok(Json(UnfinishedIntakes { intakes: app.service.unfinished_intakes(&request).await? }))
}
