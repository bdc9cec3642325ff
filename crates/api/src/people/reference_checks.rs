//! `/v1/reference-checks`

use crate::{
    App,
    access::{PAGE, next_cursor, page},
    http::{ApiError, Body, Caller, FreshCaller, Params, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::StatusCode,
};
use serde::Serialize;
use service::reference_checks::{NewReferenceCheck, ReferenceCheck};

/// A page of reference checks.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct ReferenceChecks {
    /// Latest first.
    reference_checks: Vec<ReferenceCheck>,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Ask for a reference before a tenancy is offered.
///
/// A reference rests on nothing but an order, a conviction or an admission of an adult, released by an officer. Beacon keeps none of
/// these yet: nobody is looked up, and the answer is which agencies to ask. It is the same whatever is recorded about anybody.
#[utoipa::path(post, path = "/v1/reference-checks", tag = "names and people", request_body = NewReferenceCheck,
    params(("Beacon-Purpose" = Option<String>, Header, description = "Code of the vocabulary purposes"),
        ("Beacon-Purpose-Reference" = Option<String>, Header, description = "The number of the application")),
    responses((status = 201, body = ReferenceCheck), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn check_reference(
    State(app): State<App>,
    Caller(request): Caller,
    body: Body<NewReferenceCheck>,
) -> Result<(StatusCode, Json<ReferenceCheck>), ApiError> {
    Ok((StatusCode::CREATED, Json(app.service.check_reference(&request, body.value).await?)))
}

/// The reference checks of your agency.
#[utoipa::path(get, path = "/v1/reference-checks", tag = "names and people",
    params(("limit" = Option<i64>, Query, description = "1 to 500; 100 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = ReferenceChecks), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_reference_checks(
    State(app): State<App>,
    FreshCaller(request): FreshCaller,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<ReferenceChecks>, ApiError> {
    let mut params = Params::new(uri.query(), &PAGE);
    let (limit, before) = page(&mut params);
    params.finish()?;
    let checks = app.service.list_reference_checks(&request, before, limit).await?;
    Ok(Json(ReferenceChecks { next_cursor: next_cursor(checks.iter().map(|check| check.id), limit), reference_checks: checks }))
}

/// Note that the person it was about disputes a reference check of your agency; its data protection officers are told.
#[utoipa::path(put, path = "/v1/reference-checks/{id}/dispute", tag = "names and people", params(("id" = String, Path)),
    responses((status = 200, body = ReferenceCheck), (status = 401, body = ProblemDetails), (status = 404, body = ProblemDetails),
        (status = 409, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn dispute_reference(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
) -> Result<Json<ReferenceCheck>, ApiError> {
    Ok(Json(app.service.dispute_reference(&request, path_id(&id)?).await?))
}
