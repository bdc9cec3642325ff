//! `/v1/officers/{officer}/password`, `/v1/officers/{officer}/identity`, `/v1/me/password`

use crate::{
    App,
    http::{ApiError, Body, Caller, path_id, problem::ProblemDetails},
};
use axum::{
    Extension, Json,
    extract::{ConnectInfo, Path, State},
    http::StatusCode,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use service::accounts::NewPassword;
use std::net::SocketAddr;

/// A local account.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordRequest {
    /// What is typed to sign in; the one there is, or one made of the officer's name, unless given.
    #[serde(default)]
    user_name: Option<String>,
    /// The password: 12 to 256 characters.
    #[schema(value_type = String)]
    password: SecretString,
}

/// What is typed to sign in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct LocalAccount {
    /// The user name.
    user_name: String,
}

/// A change of the own password.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    /// The password now.
    #[schema(value_type = String)]
    old: SecretString,
    /// The new one: 12 to 256 characters.
    #[schema(value_type = String)]
    new: SecretString,
}

/// Somebody at an identity provider.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityRequest {
    /// The provider's issuer, exactly as it is set.
    issuer: String,
    /// The value of the claim that says who it is there.
    subject: String,
}

/// Give an officer of your agency, other than yourself, a local account or a new password; their sessions end.
/// Administrators only.
#[utoipa::path(put, path = "/v1/officers/{officer}/password", tag = "administration", request_body = PasswordRequest, params(("officer" = String, Path)),
    responses((status = 200, body = LocalAccount), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn set_password(
    State(app): State<App>,
    Caller(request): Caller,
    Path(officer): Path<String>,
    body: Body<PasswordRequest>,
) -> Result<Json<LocalAccount>, ApiError> {
    let officer = path_id(&officer)?;
    identity::password::fit("/password", &body.value.password)?;
    let password_hash = app.identity.passwords().hash(body.value.password).await?;
    let user_name = app.service.set_password(&request, officer, NewPassword { user_name: body.value.user_name, password_hash }).await?;
    Ok(Json(LocalAccount { user_name }))
}

/// Link an officer of your agency, other than yourself, to somebody at an identity provider. Administrators only.
#[utoipa::path(put, path = "/v1/officers/{officer}/identity", tag = "administration", request_body = IdentityRequest, params(("officer" = String, Path)),
    responses((status = 204, description = "Linked"), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn link_identity(
    State(app): State<App>,
    Caller(request): Caller,
    Path(officer): Path<String>,
    body: Body<IdentityRequest>,
) -> Result<StatusCode, ApiError> {
    app.service.link_identity(&request, path_id(&officer)?, body.value.issuer, body.value.subject).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change your own password; all your other sessions end.
#[utoipa::path(put, path = "/v1/me/password", tag = "administration", request_body = PasswordChange,
    responses((status = 204, description = "Changed"), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 429, body = ProblemDetails)))]
pub(crate) async fn change_password(
    State(app): State<App>,
    Caller(request): Caller,
    address: Option<Extension<ConnectInfo<SocketAddr>>>,
    body: Body<PasswordChange>,
) -> Result<StatusCode, ApiError> {
    let address = address.map(|Extension(ConnectInfo(address))| address.ip());
    app.identity.change_password(&request, body.value.old, body.value.new, address).await?;
    Ok(StatusCode::NO_CONTENT)
}
