//! `/v1/erasures/{id}/recipients`, `/v1/rectifications/{id}/recipients`

use crate::{
    App,
    http::{ApiError, Caller, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use service::data_protection::{RecipientView, ToBeTold};

/// Who has to be told.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Recipients {
    /// By agency and officer.
    recipients: Vec<RecipientView>,
}

/// Whom the ledger shows to have seen or received what was erased: they have to be told. Data protection officers only.
#[utoipa::path(get, path = "/v1/erasures/{id}/recipients", tag = "data protection", params(("id" = String, Path)),
    responses((status = 200, body = Recipients), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn erasure_recipients(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
) -> Result<Json<Recipients>, ApiError> {
    Ok(Json(Recipients { recipients: app.service.recipients(&request, ToBeTold::Erasure(path_id(&id)?)).await? }))
}

/// Whom the ledger shows to have seen or received what was put right: they have to be told. Data protection officers only.
#[utoipa::path(get, path = "/v1/rectifications/{id}/recipients", tag = "data protection", params(("id" = String, Path)),
    responses((status = 200, body = Recipients), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn rectification_recipients(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
) -> Result<Json<Recipients>, ApiError> {
    Ok(Json(Recipients { recipients: app.service.recipients(&request, ToBeTold::Rectification(path_id(&id)?)).await? }))
}
