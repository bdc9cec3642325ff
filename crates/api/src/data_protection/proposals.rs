//! `/v1/erasures/{id}/proposals`

use crate::{
    App,
    http::{ApiError, Body, Caller, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use service::data_protection::{NewDecision, ProposalView};

/// Proposals.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Proposals {
    /// By number.
    proposals: Vec<ProposalView>,
}

/// Where free text of your agency's records may still name somebody erased. Data protection officers only.
#[utoipa::path(get, path = "/v1/erasures/{id}/proposals", tag = "data protection", params(("id" = String, Path)),
    responses((status = 200, body = Proposals), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_proposals(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
) -> Result<Json<Proposals>, ApiError> {
    Ok(Json(Proposals { proposals: app.service.erasure_proposals(&request, path_id(&id)?).await? }))
}

/// Decide a proposal: redact it in the state and every version, or keep it for a reason. Data protection officers only.
#[utoipa::path(post, path = "/v1/erasures/{id}/proposals/{number}", tag = "data protection", request_body = NewDecision,
    params(("id" = String, Path), ("number" = i64, Path)),
    responses((status = 200, body = ProposalView), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn decide_proposal(
    State(app): State<App>,
    Caller(request): Caller,
    Path((id, number)): Path<(String, String)>,
    body: Body<NewDecision>,
) -> Result<Json<ProposalView>, ApiError> {
    let number = number.parse().map_err(|_| service::ServiceError::NotFound)?;
    Ok(Json(app.service.decide_proposal(&request, path_id(&id)?, number, body.value).await?))
}
