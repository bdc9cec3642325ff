//! `/signed-in`: who one is signed in as.

use crate::{
    Pages,
    page::{cookies, on_to, page, problem},
};
use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use identity::browser;
use service::ServiceError;

#[derive(Template)]
#[template(path = "signed-in.html")]
struct SignedIn {
    name: String,
    agency: String,
    role: String,
}

/// `GET /signed-in`
pub(crate) async fn signed_in(State(pages): State<Pages>, headers: HeaderMap) -> Response {
    let Some(session) = browser::session(&cookies(&headers)) else { return on_to("/sign-in", &[]) };
    match pages.identity.service().signed_in_as(session).await {
        Ok((actor, agency)) => {
            let role = actor.role.as_str().replace('_', " ");
            page(StatusCode::OK, &SignedIn { name: actor.name, agency, role })
        }
        Err(ServiceError::Unauthenticated) => on_to("/sign-in", &[browser::set_cookie(browser::SESSION, None, None)]),
        Err(error) => problem(&error),
    }
}
