//! A JSON body: the right content type, within its size, read strictly, its first misfit named by field.

use super::ApiError;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use service::{ServiceError, misfit};

/// The most bytes of a body.
pub(crate) const LIMIT: usize = 2 * 1024 * 1024;

/// A body read as `T`, with its bytes.
pub(crate) struct Body<T> {
    /// What it says.
    pub(crate) value: T,
    /// As it came.
    pub(crate) bytes: Bytes,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = bytes(request, state, &["application/json"]).await?;
        Ok(Self { value: read(&bytes)?, bytes })
    }
}

/// A merge patch.
pub(crate) struct Patch(pub(crate) Value);

impl<S: Send + Sync> FromRequest<S> for Patch {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = bytes(request, state, &["application/merge-patch+json", "application/json"]).await?;
        let patch: model::strict::NoRepeats = read(&bytes)?;
        Ok(Self(patch.0))
    }
}

/// A merge patch whose every field is known beforehand.
pub(crate) struct MergePatch<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for MergePatch<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = bytes(request, state, &["application/merge-patch+json", "application/json"]).await?;
        Ok(Self(read(&bytes)?))
    }
}

async fn bytes<S: Send + Sync>(request: Request, state: &S, types: &[&str]) -> Result<Bytes, ApiError> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !types.contains(&essence.as_str()) {
        let detail = format!("send the body as Content-Type: {}", types.join(" or "));
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-type", "The Content-Type is not accepted", detail));
    }
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "content-encoding",
            "The Content-Encoding is not accepted",
            "send the body as it is, without Content-Encoding",
        ));
    }
    Bytes::from_request(request, state).await.map_err(|error| {
        let too_large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
        if too_large {
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large", format!("send at most {LIMIT} bytes"))
        } else {
            ApiError::bad_request("", "body", "the body could not be read to its end: send it again")
        }
    })
}

/// Reads JSON strictly. What does not fit is told by its field; the value itself never is.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    if bytes.is_empty() {
        return Err(ApiError::bad_request("", "empty", "the body is empty: send a JSON object"));
    }
    if std::str::from_utf8(bytes).is_err() {
        return Err(ApiError::bad_request("", "utf8", "the body is not UTF-8"));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(model::strict::Strict::new(&mut reader)).map_err(|error| {
        // Some misfits read like bad syntax, as a number where a code belongs.
        if error.inner().is_data() || serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok() {
            ServiceError::Invalid(vec![misfit::problem(&error)]).into()
        } else {
            // A message about syntax holds no values.
            ApiError::bad_request(misfit::problem(&error).pointer, "json", format!("is not JSON: {}", error.inner()))
        }
    })?;
    reader.end().map_err(|error| ApiError::bad_request("", "json", format!("has more after its end: {error}")))?;
    Ok(value)
}
