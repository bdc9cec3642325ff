//! `/v1/releases`, `/v1/incidents/{incident}/releases`

use super::{PAGE, next_cursor, page};
use crate::{
    App,
    http::{ApiError, Body, Caller, FreshCaller, Params, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::StatusCode,
};
use model::opening::Release;
use serde::Serialize;
use service::openings::NewRelease;

/// A page of the register of disclosures.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Releases {
    /// Latest first.
    releases: Vec<Release>,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Give a record of your agency to another agency or officer, with its basis, until a day. Supervisors and safeguarding leads.
#[utoipa::path(post, path = "/v1/incidents/{incident}/releases", tag = "access", request_body = NewRelease,
    params(("incident" = String, Path, description = "Id or reference")),
    responses((status = 201, body = Release), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 415, body = ProblemDetails),
        (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn add_release(
    State(app): State<App>,
    Caller(request): Caller,
    Path(incident): Path<String>,
    body: Body<NewRelease>,
) -> Result<(StatusCode, Json<Release>), ApiError> {
    let key = service::incidents::key(&incident)?;
    Ok((StatusCode::CREATED, Json(app.service.add_release(&request, key, body.value).await?)))
}

/// The register of disclosures: what your agency has released, to whom, on what basis. Supervisors, safeguarding leads, data
/// protection officers.
#[utoipa::path(get, path = "/v1/releases", tag = "access",
    params(("limit" = Option<i64>, Query, description = "1 to 500; 100 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Releases), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_releases(
    State(app): State<App>,
    FreshCaller(request): FreshCaller,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Releases>, ApiError> {
    let mut params = Params::new(uri.query(), &PAGE);
    let (limit, before) = page(&mut params);
    params.finish()?;
    let releases = app.service.list_releases(&request, before, limit).await?;
    Ok(Json(Releases { next_cursor: next_cursor(releases.iter().map(|release| release.id), limit), releases }))
}

/// Revoke a release of your agency at once. Supervisors and safeguarding leads.
#[utoipa::path(delete, path = "/v1/releases/{id}", tag = "access", params(("id" = String, Path)),
    responses((status = 204, description = "Revoked; it stays in the register"), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn revoke_release(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    app.service.revoke_release(&request, path_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
