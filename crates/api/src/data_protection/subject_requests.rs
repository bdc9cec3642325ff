//! `/v1/subject-requests`

use crate::{
    App,
    http::{ApiError, Body, Caller, json_or_pdf, path_id, pdf_wanted, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Serialize;
use service::data_protection::{LineView, NewLineDecision, NewSubjectRequest, Package, SubjectRequestView};

/// Subject access requests.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct SubjectRequests {
    /// Oldest first.
    subject_requests: Vec<SubjectRequestView>,
}

/// A draft.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Draft {
    /// By number.
    lines: Vec<LineView>,
}

/// Subject access requests to your agency, with the day each is due. Data protection officers only.
#[utoipa::path(get, path = "/v1/subject-requests", tag = "data protection",
    responses((status = 200, body = SubjectRequests), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn list(State(app): State<App>, Caller(request): Caller) -> Result<Json<SubjectRequests>, ApiError> {
    Ok(Json(SubjectRequests { subject_requests: app.service.list_subject_requests(&request).await? }))
}

/// Enter a subject access request: everything your agency holds on the person is drafted, line by line. Data protection
/// officers only.
#[utoipa::path(post, path = "/v1/subject-requests", tag = "data protection", request_body = NewSubjectRequest,
    responses((status = 201, body = SubjectRequestView), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn open(
    State(app): State<App>,
    Caller(request): Caller,
    body: Body<NewSubjectRequest>,
) -> Result<(StatusCode, Json<SubjectRequestView>), ApiError> {
    Ok((StatusCode::CREATED, Json(app.service.open_subject_request(&request, body.value).await?)))
}

/// The draft of an answer: third parties and what may tell who reported are marked. Data protection officers only.
#[utoipa::path(get, path = "/v1/subject-requests/{id}/draft", tag = "data protection", params(("id" = String, Path)),
    responses((status = 200, body = Draft), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn draft(State(app): State<App>, Caller(request): Caller, Path(id): Path<String>) -> Result<Json<Draft>, ApiError> {
    Ok(Json(Draft { lines: app.service.subject_draft(&request, path_id(&id)?).await? }))
}

/// Decide a line: release, redact, or withhold it under an exemption. Data protection officers only.
#[utoipa::path(put, path = "/v1/subject-requests/{id}/lines/{number}", tag = "data protection", request_body = NewLineDecision,
    params(("id" = String, Path), ("number" = i64, Path)),
    responses((status = 200, body = LineView), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn decide_line(
    State(app): State<App>,
    Caller(request): Caller,
    Path((id, number)): Path<(String, String)>,
    body: Body<NewLineDecision>,
) -> Result<Json<LineView>, ApiError> {
    let number = number.parse().map_err(|_| service::ServiceError::NotFound)?;
    Ok(Json(app.service.decide_subject_line(&request, path_id(&id)?, number, body.value).await?))
}

/// Nothing to say: everything is in the path.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Release the answer, once every line is decided. It is not sent: a person gives it to the person. Data protection
/// officers only.
#[utoipa::path(post, path = "/v1/subject-requests/{id}/release", tag = "data protection", request_body = Nothing, params(("id" = String, Path)),
    responses((status = 200, body = SubjectRequestView), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn release(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
    _: Body<Nothing>,
) -> Result<Json<SubjectRequestView>, ApiError> {
    Ok(Json(app.service.release_subject_request(&request, path_id(&id)?).await?))
}

/// The released answer, as JSON or as PDF (`Accept: application/pdf`). Data protection officers only.
#[utoipa::path(get, path = "/v1/subject-requests/{id}/package", tag = "data protection", params(("id" = String, Path)),
    responses((status = 200, content((Package = "application/json"), (Vec<u8> = "application/pdf"))), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 406, body = ProblemDetails),
        (status = 409, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn package(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let pdf = pdf_wanted(&headers)?;
    Ok(json_or_pdf(pdf, app.service.subject_package(&request, path_id(&id)?).await?, Package::pdf))
}
