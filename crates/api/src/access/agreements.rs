//! `/v1/sharing-agreements`

use crate::{
    App,
    http::{ApiError, Body, Caller, FreshCaller, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
};
use model::agreement::{Agreement, NewAgreement, RecordClass};
use serde::Serialize;
use service::ServiceError;

/// Sharing agreements.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Agreements {
    /// Latest first; those that have ended too.
    sharing_agreements: Vec<Agreement>,
}

/// How each agency's new records are shared by default.
#[utoipa::path(get, path = "/v1/sharing-agreements", tag = "access",
    responses((status = 200, body = Agreements), (status = 401, body = ProblemDetails)))]
pub(crate) async fn list_agreements(State(app): State<App>, FreshCaller(_): FreshCaller) -> Result<Json<Agreements>, ApiError> {
    Ok(Json(Agreements { sharing_agreements: app.service.list_agreements().await? }))
}

/// Record how your agency's new records of a class (`ordinary`, `intelligence`) are shared unless the officer says otherwise.
/// The sensitive classes stay owner-only. Administrators only.
#[utoipa::path(put, path = "/v1/sharing-agreements/{class}", tag = "access", request_body = NewAgreement, params(("class" = RecordClass, Path)),
    responses((status = 200, body = Agreement), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 415, body = ProblemDetails),
        (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn set_agreement(
    State(app): State<App>,
    Caller(request): Caller,
    Path(class): Path<String>,
    body: Body<NewAgreement>,
) -> Result<Json<Agreement>, ApiError> {
    let class = class.parse().map_err(|_| ServiceError::NotFound)?;
    Ok(Json(app.service.set_agreement(&request, class, body.value).await?))
}
