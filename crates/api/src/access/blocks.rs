//! `/v1/incidents/{incident}/blocks`

use crate::{
    App,
    http::{ApiError, Body, Caller, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use model::opening::Block;
use serde::Serialize;
use service::openings::NewBlock;

/// Blocks.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Blocks {
    /// Latest first.
    blocks: Vec<Block>,
}

/// The officers a record of your agency is or was closed to. Supervisors and safeguarding leads.
#[utoipa::path(get, path = "/v1/incidents/{incident}/blocks", tag = "access",
    params(("incident" = String, Path, description = "Id or reference")),
    responses((status = 200, body = Blocks), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_blocks(
    State(app): State<App>,
    Caller(request): Caller,
    Path(incident): Path<String>,
) -> Result<Json<Blocks>, ApiError> {
    Ok(Json(Blocks { blocks: app.service.list_blocks(&request, service::incidents::key(&incident)?).await? }))
}

/// Close a record of your agency to an officer: for them it is as if it did not exist, whatever else opens it, and you are
/// told when they ask for it. Supervisors and safeguarding leads.
#[utoipa::path(put, path = "/v1/incidents/{incident}/blocks/{officer}", tag = "access", request_body = NewBlock,
    params(("incident" = String, Path, description = "Id or reference"), ("officer" = String, Path)),
    responses((status = 200, body = Block), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 415, body = ProblemDetails),
        (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn add_block(
    State(app): State<App>,
    Caller(request): Caller,
    Path((incident, officer)): Path<(String, String)>,
    body: Body<NewBlock>,
) -> Result<Json<Block>, ApiError> {
    let key = service::incidents::key(&incident)?;
    Ok(Json(app.service.add_block(&request, key, path_id(&officer)?, body.value).await?))
}

/// Lift a block. Supervisors and safeguarding leads.
#[utoipa::path(delete, path = "/v1/incidents/{incident}/blocks/{officer}", tag = "access",
    params(("incident" = String, Path, description = "Id or reference"), ("officer" = String, Path)),
    responses((status = 204, description = "Lifted; it stays on record"), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn lift_block(
    State(app): State<App>,
    Caller(request): Caller,
    Path((incident, officer)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    app.service.lift_block(&request, service::incidents::key(&incident)?, path_id(&officer)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
