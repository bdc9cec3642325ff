//! What the pages share: rendering, forms, going on to another page.

use askama::Template;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use identity::browser::Origin;
use service::ServiceError;

/// A page that tells what went wrong.
#[derive(Template)]
#[template(path = "problem.html")]
struct Problem {
    title: &'static str,
    detail: String,
}

/// A page, rendered.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!(error = %error, "a page could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// An error as a page.
pub(crate) fn problem(error: &ServiceError) -> Response {
    let (status, title) = match error {
        ServiceError::Unauthenticated => (StatusCode::UNAUTHORIZED, "You are not signed in"),
        ServiceError::Forbidden(_) => (StatusCode::FORBIDDEN, "This is not allowed"),
        ServiceError::NotFound => (StatusCode::NOT_FOUND, "There is no such page"),
        ServiceError::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "Too many attempts"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "Beacon cannot answer now"),
    };
    let mut response = page(status, &Problem { title, detail: error.to_string() });
    if let ServiceError::TooMany(seconds) = error {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

/// Goes on to another page, setting cookies.
pub(crate) fn on_to(place: &str, cookies: &[String]) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let Ok(place) = HeaderValue::from_str(place) else { return problem(&ServiceError::NotFound) };
    response.headers_mut().insert(header::LOCATION, place);
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// The `Cookie` headers.
pub(crate) fn cookies(headers: &HeaderMap) -> Vec<&str> {
    headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).collect()
}

/// Refuses a form that was not sent from one of our pages.
pub(crate) fn from_our_pages(headers: &HeaderMap) -> Result<(), ServiceError> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    Origin { site: header("sec-fetch-site"), origin: header("origin"), host: header("host") }.check(true)
}
