//! `/v1/erasures`

use crate::{
    App,
    http::{ApiError, Body, Caller, problem::ProblemDetails},
};
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use service::data_protection::{ErasureView, NewErasure};

/// Erasures.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Erasures {
    /// Oldest first.
    erasures: Vec<ErasureView>,
}

/// What your agency has erased: kinds and ids, never the content. Data protection officers only.
#[utoipa::path(get, path = "/v1/erasures", tag = "data protection",
    responses((status = 200, body = Erasures), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_erasures(State(app): State<App>, Caller(request): Caller) -> Result<Json<Erasures>, ApiError> {
    Ok(Json(Erasures { erasures: app.service.list_erasures(&request).await? }))
}

/// Erase people, or a whole incident, of your agency's records: from the state, every version, the search and the ledger's
/// search texts. Free text that may still name them is proposed for redaction. Data protection officers only; a legal
/// hold refuses it.
#[utoipa::path(post, path = "/v1/erasures", tag = "data protection", request_body = NewErasure,
    responses((status = 201, body = ErasureView), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn erase(
    State(app): State<App>,
    Caller(request): Caller,
    body: Body<NewErasure>,
) -> Result<(StatusCode, Json<ErasureView>), ApiError> {
    Ok((StatusCode::CREATED, Json(app.service.erase(&request, body.value).await?)))
}
