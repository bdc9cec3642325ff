//! `POST /v1/incidents`

use crate::{
    App,
    http::{ApiError, Body, Caller, etag, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{NewIncident, Uuid, redact::IncidentView};
use serde::Serialize;
use service::incidents::{AlreadyKnown, CreateOptions, CreatedIncident};

/// What a create answers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct CreatedBody {
    /// The id.
    id: Uuid,
    /// The human reference.
    reference: String,
    /// The version; the `ETag` too.
    version: i64,
    /// The record, unless the answer is minimal or your role reads none.
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<IncidentView>,
    /// What is already known of the same place and similar names, as far as you may see.
    #[serde(skip_serializing_if = "Option::is_none")]
    already_known: Option<AlreadyKnown>,
}

/// Log an incident.
///
/// Send an `Idempotency-Key` and repeat the request until it is answered: it never doubles. With
/// `Prefer: return=minimal` the look-up of what is already known is left out.
#[utoipa::path(post, path = "/v1/incidents", tag = "incidents", request_body = NewIncident,
    params(("Idempotency-Key" = Option<String>, Header, description = "Recognises a retry for 30 days"),
        ("Prefer" = Option<String>, Header, description = "return=minimal")),
    responses((status = 201, body = CreatedBody), (status = 200, description = "Made by an earlier try of the same request", body = CreatedBody),
        (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 409, body = ProblemDetails), (status = 413, body = ProblemDetails), (status = 415, body = ProblemDetails),
        (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn create_incident(
    State(app): State<App>,
    Caller(request): Caller,
    headers: HeaderMap,
    body: Body<NewIncident>,
) -> Result<Response, ApiError> {
    let minimal = crate::http::caller::text(&headers, "prefer")?.is_some_and(|prefer| prefer.contains("return=minimal"));
    let options = CreateOptions { minimal, retry: super::retry(&headers, &body.bytes)? };
    let created = app.service.create_incident(&request, body.value, options).await?;
    let CreatedIncident { id, reference, version, incident, already_known, before } = created;
    let status = if before { StatusCode::OK } else { StatusCode::CREATED };
    let location = HeaderValue::from_str(&format!("/v1/incidents/{id}")).unwrap_or(HeaderValue::from_static("/v1/incidents"));
    let body = CreatedBody { id, reference, version, incident, already_known };
    Ok((status, [(header::LOCATION, location), (header::ETAG, etag::of(version))], Json(body)).into_response())
}
