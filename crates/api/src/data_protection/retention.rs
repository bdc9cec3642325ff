//! `/v1/retention-schedules`, `/v1/retention-reviews`

use crate::{
    App,
    http::{ApiError, Body, Caller, Params, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{OriginalUri, Path, State},
};
use model::retention::{RetentionDecision, Schedule};
use serde::Serialize;
use service::data_protection::{NewRetentionDecision, NewSchedule, ReviewPage};

/// How long an agency keeps its records.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Schedules {
    /// One for each class, children and others.
    schedules: Vec<Schedule>,
}

/// What was decided about a record.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct RetentionDecisions {
    /// Oldest first.
    decisions: Vec<RetentionDecision>,
}

/// How long your agency keeps its records, by class, children apart. Data protection officers only.
#[utoipa::path(get, path = "/v1/retention-schedules", tag = "data protection",
    responses((status = 200, body = Schedules), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_schedules(State(app): State<App>, Caller(request): Caller) -> Result<Json<Schedules>, ApiError> {
    Ok(Json(Schedules { schedules: app.service.retention_schedules(&request).await? }))
}

/// Set how long your agency keeps one class of records. Data protection officers only.
#[utoipa::path(put, path = "/v1/retention-schedules", tag = "data protection", request_body = NewSchedule,
    responses((status = 200, body = Schedules), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn set_schedule(
    State(app): State<App>,
    Caller(request): Caller,
    body: Body<NewSchedule>,
) -> Result<Json<Schedules>, ApiError> {
    Ok(Json(Schedules { schedules: app.service.set_retention_schedule(&request, body.value).await? }))
}

/// Records of your agency that are due for review. Data protection officers only.
#[utoipa::path(get, path = "/v1/retention-reviews", tag = "data protection",
    params(("by" = Option<String>, Query, description = "Due by this day; today unless given"),
        ("limit" = Option<i64>, Query, description = "1 to 500; 100 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = ReviewPage), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_reviews(
    State(app): State<App>,
    Caller(request): Caller,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<ReviewPage>, ApiError> {
    let mut params = Params::new(uri.query(), &["by", "limit", "cursor"]);
    let by = params.parsed("by", "a day, as 2026-01-31");
    let after = params.parsed("cursor", "the cursor of the page before, unchanged");
    let limit = params.number("limit", 1, 500, 100);
    params.finish()?;
    Ok(Json(app.service.retention_reviews(&request, by, after, usize::try_from(limit).unwrap_or(1)).await?))
}

/// Every decision about one record of your agency, also once it is disposed of. Data protection officers only.
#[utoipa::path(get, path = "/v1/retention-reviews/{incident}", tag = "data protection",
    params(("incident" = String, Path, description = "By id")),
    responses((status = 200, body = RetentionDecisions), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_decisions(
    State(app): State<App>,
    Caller(request): Caller,
    Path(incident): Path<String>,
) -> Result<Json<RetentionDecisions>, ApiError> {
    Ok(Json(RetentionDecisions { decisions: app.service.retention_decisions(&request, path_id(&incident)?).await? }))
}

/// Decide about a record that is due: keep it until another review, or dispose of it, which erases it whole. A legal hold
/// refuses disposal. Data protection officers only.
#[utoipa::path(post, path = "/v1/retention-reviews/{incident}", tag = "data protection", request_body = NewRetentionDecision,
    params(("incident" = String, Path, description = "By id")),
    responses((status = 200, body = RetentionDecision), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn decide(
    State(app): State<App>,
    Caller(request): Caller,
    Path(incident): Path<String>,
    body: Body<NewRetentionDecision>,
) -> Result<Json<RetentionDecision>, ApiError> {
    Ok(Json(app.service.decide_retention(&request, path_id(&incident)?, body.value).await?))
}
