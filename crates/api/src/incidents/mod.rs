//! `/v1/incidents`: one file per action.

pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod duplicates;
pub(crate) mod history;
pub(crate) mod list;
pub(crate) mod read;

use crate::http::{ApiError, etag};
use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::redact::IncidentView;

/// An incident with its `ETag`.
pub(crate) fn answer(status: StatusCode, view: IncidentView) -> Response {
    let tag = etag::of(view.version);
    (status, [(header::ETAG, tag)], Json(view)).into_response()
}

/// The key of a retry, checked.
pub(crate) fn retry(headers: &HeaderMap, bytes: &[u8]) -> Result<Option<service::Retry>, ApiError> {
    let Some(key) = crate::http::caller::text(headers, "idempotency-key")? else { return Ok(None) };
    if key.is_empty() || key.len() > 100 {
        return Err(ApiError::bad_request("Idempotency-Key", "length", "must be 1 to 100 characters"));
    }
    Ok(Some(service::Retry { key, request_hash: identity::digest(bytes) }))
}
