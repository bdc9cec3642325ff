//! `/v1/me/declarations`, `/v1/declarations`

use crate::{
    App,
    http::{ApiError, Body, Caller, FreshCaller, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use model::conflict::{Declaration, NewDeclaration};
use serde::Serialize;

/// Declarations.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Declarations {
    /// Latest first.
    declarations: Vec<Declaration>,
}

/// Declare yourself, somebody close to you, or a home: your supervisor is told when you read a record that fits.
#[utoipa::path(post, path = "/v1/me/declarations", tag = "access", request_body = NewDeclaration,
    responses((status = 201, body = Declaration), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn declare(
    State(app): State<App>,
    Caller(request): Caller,
    body: Body<NewDeclaration>,
) -> Result<(StatusCode, Json<Declaration>), ApiError> {
    Ok((StatusCode::CREATED, Json(app.service.declare(&request, body.value).await?)))
}

/// What you have declared.
#[utoipa::path(get, path = "/v1/me/declarations", tag = "access",
    responses((status = 200, body = Declarations), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn own_declarations(State(app): State<App>, FreshCaller(request): FreshCaller) -> Result<Json<Declarations>, ApiError> {
    Ok(Json(Declarations { declarations: app.service.own_declarations(&request).await? }))
}

/// Withdraw a declaration of yours.
#[utoipa::path(delete, path = "/v1/me/declarations/{id}", tag = "access", params(("id" = String, Path)),
    responses((status = 204, description = "Withdrawn; it stays on record"), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn withdraw_declaration(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    app.service.withdraw_declaration(&request, path_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the officers of your agency have declared. Supervisors only.
#[utoipa::path(get, path = "/v1/declarations", tag = "access",
    responses((status = 200, body = Declarations), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_declarations(State(app): State<App>, FreshCaller(request): FreshCaller) -> Result<Json<Declarations>, ApiError> {
    Ok(Json(Declarations { declarations: app.service.list_declarations(&request).await? }))
}
