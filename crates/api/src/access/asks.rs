//! `/v1/asks`

use super::{PAGE, next_cursor, page};
use crate::{
    App,
    http::{ApiError, Body, Caller, FreshCaller, Params, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, StatusCode},
};
use model::ask::Ask;
use serde::Serialize;
use service::asks::{NewAnswer, NewAsk};

/// A page of asks.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Asks {
    /// Latest first.
    asks: Vec<Ask>,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Ask the agency that holds a record which is not open to you.
#[utoipa::path(post, path = "/v1/asks", tag = "access", request_body = NewAsk, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Ask), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn add_ask(
    State(app): State<App>,
    Caller(request): Caller,
    headers: HeaderMap,
    body: Body<NewAsk>,
) -> Result<(StatusCode, Json<Ask>), ApiError> {
    let retry = crate::incidents::retry(&headers, &body.bytes)?;
    Ok((StatusCode::CREATED, Json(app.service.add_ask(&request, body.value, retry).await?)))
}

/// The asks from and to your agency, with their answers.
#[utoipa::path(get, path = "/v1/asks", tag = "access",
    params(("limit" = Option<i64>, Query, description = "1 to 500; 100 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Asks), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_asks(
    State(app): State<App>,
    FreshCaller(request): FreshCaller,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Asks>, ApiError> {
    let mut params = Params::new(uri.query(), &PAGE);
    let (limit, before) = page(&mut params);
    params.finish()?;
    let asks = app.service.list_asks(&request, before, limit).await?;
    Ok(Json(Asks { next_cursor: next_cursor(asks.iter().map(|ask| ask.id), limit), asks }))
}

/// Answer an ask to your agency. Supervisors and safeguarding leads.
#[utoipa::path(put, path = "/v1/asks/{id}/answer", tag = "access", request_body = NewAnswer, params(("id" = String, Path)),
    responses((status = 200, body = Ask), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn answer_ask(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
    body: Body<NewAnswer>,
) -> Result<Json<Ask>, ApiError> {
    Ok(Json(app.service.answer_ask(&request, path_id(&id)?, body.value).await?))
}
