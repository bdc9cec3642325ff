//! `/v1/incidents/{incident}/duplicates`

use crate::{
    App,
    http::{ApiError, Body, Caller, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};
use service::incidents::DuplicateView;

/// Which incident is the same event.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDuplicate {
    /// Its id or reference.
    incident: String,
}

/// The links of an incident.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Duplicates {
    /// Those whose other end you may see, undone ones too.
    duplicates: Vec<DuplicateView>,
}

/// Say that another incident is the same event: it is counted once, and each agency keeps its own record.
#[utoipa::path(post, path = "/v1/incidents/{incident}/duplicates", tag = "incidents", request_body = NewDuplicate,
    params(("Idempotency-Key" = Option<String>, Header), ("incident" = String, Path, description = "Id or reference")),
    responses((status = 201, body = DuplicateView), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn link_duplicate(
    State(app): State<App>,
    Caller(request): Caller,
    Path(incident): Path<String>,
    headers: HeaderMap,
    body: Body<NewDuplicate>,
) -> Result<(StatusCode, Json<DuplicateView>), ApiError> {
    let retry = crate::incidents::retry(&headers, &body.bytes)?;
    let other = service::incidents::key(&body.value.incident)
        .map_err(|_| ApiError::invalid("/incident", "unknown_id", "is not an incident you may see"))?;
    let link = app.service.link_duplicate(&request, service::incidents::key(&incident)?, other, retry).await?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// The incidents linked with this one.
#[utoipa::path(get, path = "/v1/incidents/{incident}/duplicates", tag = "incidents",
    params(("incident" = String, Path, description = "Id or reference")),
    responses((status = 200, body = Duplicates), (status = 401, body = ProblemDetails), (status = 404, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_duplicates(
    State(app): State<App>,
    Caller(request): Caller,
    Path(incident): Path<String>,
) -> Result<Json<Duplicates>, ApiError> {
    let duplicates = app.service.duplicates(&request, service::incidents::key(&incident)?).await?;
    Ok(Json(Duplicates { duplicates }))
}

/// Undo a link.
#[utoipa::path(delete, path = "/v1/incidents/{incident}/duplicates/{link}", tag = "incidents",
    params(("incident" = String, Path, description = "Id or reference"), ("link" = String, Path)),
    responses((status = 204, description = "Undone; the link stays in the history"), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn unlink_duplicate(
    State(app): State<App>,
    Caller(request): Caller,
    Path((incident, link)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let link = path_id(&link)?;
    app.service.unlink_duplicate(&request, service::incidents::key(&incident)?, link).await?;
    Ok(StatusCode::NO_CONTENT)
}
