//! `/v1/incidents/{incident}/involvements/{id}/dispute`

use crate::{
    App,
    http::{ApiError, Body, Caller, path_id, problem::ProblemDetails},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use model::redact::IncidentView;
use service::data_protection::NewDispute;

/// Record what a person says against the data about them, or restrict it; with neither, lift both. Data protection
/// officers of the owning agency only.
#[utoipa::path(put, path = "/v1/incidents/{incident}/involvements/{id}/dispute", tag = "data protection", request_body = NewDispute,
    params(("incident" = String, Path, description = "By id or reference"), ("id" = String, Path)),
    responses((status = 200, body = IncidentView), (status = 204, description = "Done; you do not see the record"),
        (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 415, body = ProblemDetails),
        (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn dispute(
    State(app): State<App>,
    Caller(request): Caller,
    Path((incident, id)): Path<(String, String)>,
    body: Body<NewDispute>,
) -> Result<Response, ApiError> {
    let key = service::incidents::key(&incident)?;
    Ok(match app.service.dispute(&request, key, path_id(&id)?, body.value).await? {
        Some(view) => crate::incidents::answer(StatusCode::OK, view),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}
