//! Errors as problem details (RFC 9457): every problem of a request at once, each with its field and its remedy.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::Problem;
use serde::Serialize;
use service::ServiceError;

/// The body of every error.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct ProblemDetails {
    /// Which kind of problem: a fixed name.
    #[serde(rename = "type")]
    #[schema(example = "urn:beacon:problem:invalid")]
    kind: String,
    /// The same in words.
    title: &'static str,
    /// The status code.
    status: u16,
    /// What happened and what to do.
    detail: String,
    /// Every field that is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Problem>,
}

/// An error on its way to the client.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    name: &'static str,
    title: &'static str,
    detail: String,
    errors: Vec<Problem>,
    retry_after: Option<u32>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, name: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, name, title, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    /// One wrong field.
    pub(crate) fn invalid(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        ServiceError::invalid(pointer, code, detail).into()
    }

    /// A header or query parameter that is wrong.
    pub(crate) fn bad_request(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        let errors = vec![Problem { pointer: pointer.into(), code, detail: detail.into() }];
        Self {
            errors,
            ..Self::new(StatusCode::BAD_REQUEST, "bad-request", "The request cannot be read", "see errors for the field and the remedy")
        }
    }

    /// Several query parameters that are wrong.
    pub(crate) fn bad_parameters(errors: Vec<Problem>) -> Self {
        Self {
            errors,
            ..Self::new(StatusCode::BAD_REQUEST, "bad-request", "The request cannot be read", "see errors for each field and its remedy")
        }
    }
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        let detail = error.to_string();
        let new = |status, name, title| Self::new(status, name, title, detail.clone());
        match error {
            ServiceError::Unauthenticated => new(StatusCode::UNAUTHORIZED, "unauthenticated", "Not signed in"),
            ServiceError::Forbidden(_) => new(StatusCode::FORBIDDEN, "forbidden", "Not allowed"),
            ServiceError::NotFound | ServiceError::Blocked(_) => new(StatusCode::NOT_FOUND, "not-found", "Not found"),
            ServiceError::Invalid(errors) => {
                Self { errors, ..new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "The request is not valid") }
            }
            ServiceError::Conflict(_) => new(StatusCode::CONFLICT, "conflict", "There already"),
            ServiceError::LegalHold => new(StatusCode::CONFLICT, "legal-hold", "Under legal hold"),
            ServiceError::Changed => new(StatusCode::PRECONDITION_FAILED, "changed", "The record has changed"),
            ServiceError::VersionNeeded => new(StatusCode::PRECONDITION_REQUIRED, "version-needed", "If-Match is needed"),
            ServiceError::KeyReused => new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused", "The Idempotency-Key was used before"),
            ServiceError::TooMany(seconds) => {
                Self { retry_after: Some(seconds), ..new(StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many attempts") }
            }
            ServiceError::IndexBehind => {
                Self { retry_after: Some(2), ..new(StatusCode::SERVICE_UNAVAILABLE, "index-behind", "The name index is behind") }
            }
            ServiceError::Busy | ServiceError::Unavailable(_) => {
                Self { retry_after: Some(5), ..new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The service cannot answer now") }
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ProblemDetails {
            kind: format!("urn:beacon:problem:{}", self.name),
            title: self.title,
            status: self.status.as_u16(),
            detail: self.detail,
            errors: self.errors,
        };
        let text = serde_json::to_string(&body).unwrap_or_default();
        let mut response = (self.status, text).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"beacon\""));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
