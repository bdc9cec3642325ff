//! `/v1/officers/{officer}/tokens`

use crate::{
    App,
    http::{ApiError, Body, Caller, FreshCaller, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use model::Timestamp;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use service::tokens::{NewToken, TokenView};

/// A token to be made.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    /// When it ends; never unless given.
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

/// A token, shown this once.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct TokenBody {
    /// The token: keep it, it is not shown again.
    token: String,
    /// What is kept of it.
    #[serde(flatten)]
    view: TokenView,
}

/// Tokens.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Tokens {
    /// Newest first.
    tokens: Vec<TokenView>,
}

/// Make an API token for an officer of your agency, other than yourself. Administrators only.
#[utoipa::path(post, path = "/v1/officers/{officer}/tokens", tag = "administration", request_body = TokenRequest, params(("officer" = String, Path)),
    responses((status = 201, body = TokenBody), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 415, body = ProblemDetails),
        (status = 422, body = ProblemDetails)))]
pub(crate) async fn add_token(
    State(app): State<App>,
    Caller(request): Caller,
    Path(officer): Path<String>,
    body: Body<TokenRequest>,
) -> Result<(StatusCode, Json<TokenBody>), ApiError> {
    let token = identity::new_token();
    let new = NewToken { officer: path_id(&officer)?, expires_at: body.value.expires_at };
    let view = app.service.add_token(&request, new, token.hash).await?;
    Ok((StatusCode::CREATED, Json(TokenBody { token: token.text.expose_secret().to_owned(), view })))
}

/// The tokens of an officer of your agency. Administrators only.
#[utoipa::path(get, path = "/v1/officers/{officer}/tokens", tag = "administration", params(("officer" = String, Path)),
    responses((status = 200, body = Tokens), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails)))]
pub(crate) async fn list_tokens(
    State(app): State<App>,
    FreshCaller(request): FreshCaller,
    Path(officer): Path<String>,
) -> Result<Json<Tokens>, ApiError> {
    Ok(Json(Tokens { tokens: app.service.list_tokens(&request, path_id(&officer)?).await? }))
}

/// Revoke a token at once. Administrators only.
#[utoipa::path(delete, path = "/v1/officers/{officer}/tokens/{token}", tag = "administration",
    params(("officer" = String, Path), ("token" = String, Path)),
    responses((status = 204, description = "Revoked"), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails)))]
pub(crate) async fn revoke_token(
    State(app): State<App>,
    Caller(request): Caller,
    Path((officer, token)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    app.service.revoke_token(&request, path_id(&officer)?, path_id(&token)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
