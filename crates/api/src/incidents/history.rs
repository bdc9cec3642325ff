//! `GET /v1/incidents/{incident}/history`

use crate::{
    App,
    http::{ApiError, Caller, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use service::incidents::VersionView;

/// Every version of an incident.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct History {
    /// Oldest first.
    versions: Vec<VersionView>,
}

/// Who changed what, from which value, when.
#[utoipa::path(get, path = "/v1/incidents/{incident}/history", tag = "incidents",
    params(("incident" = String, Path, description = "Id or reference")),
    responses((status = 200, body = History), (status = 401, body = ProblemDetails), (status = 404, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn incident_history(
    State(app): State<App>,
    Caller(request): Caller,
    Path(incident): Path<String>,
) -> Result<Json<History>, ApiError> {
    let versions = app.service.incident_history(&request, service::incidents::key(&incident)?).await?;
    Ok(Json(History { versions }))
}
