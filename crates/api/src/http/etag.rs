//! Versions as entity tags.

use super::{ApiError, caller};
use axum::http::{HeaderMap, HeaderValue};

/// The `ETag` of a version.
pub(crate) fn of(version: i64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

/// The version named in `If-Match`.
pub(crate) fn if_match(headers: &HeaderMap) -> Result<Option<i64>, ApiError> {
    let Some(text) = caller::text(headers, "if-match")? else { return Ok(None) };
    let version = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(|digits| digits.parse().ok());
    version.map(Some).ok_or_else(|| ApiError::bad_request("If-Match", "etag", "must be the ETag of the version you have read, as \"3\""))
}

/// Whether the client has this version already.
pub(crate) fn unchanged(headers: &HeaderMap, version: i64) -> bool {
    let tag = of(version);
    headers.get_all("if-none-match").iter().any(|value| value == tag || value == "*")
}
