//! `/sign-out`, by whoever is signed in or by their identity provider.

use crate::{
    Pages,
    page::{cookies, from_our_pages, on_to, page, problem},
};
use askama::Template;
use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use identity::{
    browser::{self, RequestId, SESSION, set_cookie},
    open_id::SIGNED_OUT,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use service::ServiceError;

#[derive(Template)]
#[template(path = "signed-out.html")]
struct SignedOut;

/// What a provider posts.
#[derive(Deserialize)]
pub(crate) struct Logout {
    logout_token: SecretString,
}

/// `GET /signed-out`
pub(crate) async fn signed_out() -> Response {
    page(StatusCode::OK, &SignedOut)
}

/// `POST /sign-out`
pub(crate) async fn sign_out(State(pages): State<Pages>, id: Option<Extension<RequestId>>, headers: HeaderMap) -> Response {
    if let Err(error) = from_our_pages(&headers) {
        return problem(&error);
    }
    let over = set_cookie(SESSION, None, None);
    let Some(session) = browser::session(&cookies(&headers)) else { return on_to(SIGNED_OUT, &[over]) };
    match pages.identity.sign_out(session, id.map(|Extension(id)| id.0).unwrap_or_default()).await {
        Ok(provider) => on_to(provider.as_deref().unwrap_or(SIGNED_OUT), &[over]),
        Err(error) => problem(&error),
    }
}

/// `POST /sign-out/back-channel`: from an identity provider's server, with a token it has signed.
pub(crate) async fn back_channel(
    State(pages): State<Pages>,
    id: Option<Extension<RequestId>>,
    sent: Result<Form<Logout>, FormRejection>,
) -> Response {
    let Ok(Form(sent)) = sent else { return (StatusCode::BAD_REQUEST, "send logout_token as a form\n").into_response() };
    match pages.identity.back_channel(sent.logout_token.expose_secret(), id.map(|Extension(id)| id.0).unwrap_or_default()).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(ServiceError::Invalid(_)) => (StatusCode::BAD_REQUEST, "the logout token is not accepted\n").into_response(),
        Err(error) => problem(&error),
    }
}
