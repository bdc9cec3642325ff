//! `POST /v1/intakes`

use crate::{
    App,
    http::{ApiError, Body, Caller, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use service::intakes::{IntakeView, NewIntake};

/// Open an intake before the first search of a call: searches cite its reference, and then the incident does.
#[utoipa::path(post, path = "/v1/intakes", tag = "incidents", request_body = NewIntake,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = IntakeView), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn open_intake(
    State(app): State<App>,
    Caller(request): Caller,
    headers: HeaderMap,
    body: Body<NewIntake>,
) -> Result<(StatusCode, Json<IntakeView>), ApiError> {
    let retry = crate::incidents::retry(&headers, &body.bytes)?;
    Ok((StatusCode::CREATED, Json(app.service.open_intake(&request, body.value, retry).await?)))
}
