//! `/v1/incidents/{incident}/source`

use crate::{
    App,
    http::{ApiError, Body, Caller, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
};
use service::intelligence::{NewSource, SourceView};

/// Keep the source of a piece of intelligence, apart from it. Supervisors and safeguarding leads of the force that owns it.
#[utoipa::path(put, path = "/v1/incidents/{incident}/source", tag = "access", request_body = NewSource,
    params(("incident" = String, Path, description = "Id or reference")),
    responses((status = 200, body = SourceView), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 415, body = ProblemDetails),
        (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn set_source(
    State(app): State<App>,
    Caller(request): Caller,
    Path(incident): Path<String>,
    body: Body<NewSource>,
) -> Result<Json<SourceView>, ApiError> {
    Ok(Json(app.service.set_source(&request, service::incidents::key(&incident)?, body.value).await?))
}

/// The source of a piece of intelligence. Supervisors and safeguarding leads of the force that owns it.
#[utoipa::path(get, path = "/v1/incidents/{incident}/source", tag = "access",
    params(("incident" = String, Path, description = "Id or reference")),
    responses((status = 200, body = SourceView), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn read_source(
    State(app): State<App>,
    Caller(request): Caller,
    Path(incident): Path<String>,
) -> Result<Json<SourceView>, ApiError> {
    Ok(Json(app.service.read_source(&request, service::incidents::key(&incident)?).await?))
}
