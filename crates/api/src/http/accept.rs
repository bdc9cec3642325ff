//! In which form an answer is wanted.

use super::{ApiError, caller};
use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// Whether a PDF is wanted, of what there is as JSON and as PDF.
///
/// # Errors
/// Not acceptable when neither is.
pub(crate) fn pdf_wanted(headers: &HeaderMap) -> Result<bool, ApiError> {
    let accept = caller::text(headers, "accept")?.unwrap_or_default();
    let wants = |kind: &str| accept.split(',').any(|one| one.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(kind));
    let pdf = wants("application/pdf");
    if !pdf && !accept.is_empty() && !["application/json", "application/*", "*/*"].into_iter().any(wants) {
        let detail = "send Accept: application/json or application/pdf";
        return Err(ApiError::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable", "There is no such form of it", detail));
    }
    Ok(pdf)
}

/// An answer there is as JSON and as PDF, in the form that is wanted.
pub(crate) fn json_or_pdf<T: Serialize>(pdf_wanted: bool, answer: T, pdf: impl FnOnce(&T) -> Vec<u8>) -> Response {
    if pdf_wanted {
        return ([(header::CONTENT_TYPE, "application/pdf")], pdf(&answer)).into_response();
    }
    Json(answer).into_response()
}
