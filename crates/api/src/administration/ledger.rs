//! `/v1/audit/…`: the questions of a data protection officer, and the erasure of a payload.

use crate::{
    App,
    http::{ApiError, Caller, Params, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::StatusCode,
};
use model::Timestamp;
use serde::Serialize;
use service::{
    ServiceError,
    audit::{CheckpointView, Disclosure, LookUps, Period, SeenEntry, Viewer},
};

/// Who was shown something.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Viewers {
    /// Newest first.
    viewers: Vec<Viewer>,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// What an officer was shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Seen {
    /// Newest first.
    seen: Vec<SeenEntry>,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// What left the service.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Disclosures {
    /// Newest first.
    disclosures: Vec<Disclosure>,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

const A_TIME: &str = "a time, as 2026-01-31T21:05:00Z";

fn period(params: &mut Params) -> (Period, i64) {
    let period = Period {
        from: params.parsed("from", A_TIME),
        to: params.parsed("to", A_TIME),
        before: params.parsed("cursor", "the cursor of the page before, unchanged"),
    };
    (period, params.number("limit", 1, 500, 100))
}

fn cursor(next: Option<i64>) -> Option<String> {
    next.map(|seq| seq.to_string())
}

/// The last checkpoint of the sealed ledger: keep it elsewhere. Data protection officers only.
#[utoipa::path(get, path = "/v1/audit/checkpoint", tag = "administration",
    responses((status = 200, body = CheckpointView), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn read_checkpoint(
    State(app): State<App>,
    Caller(request): Caller,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<CheckpointView>, ApiError> {
    Params::new(uri.query(), &[]).finish()?;
    Ok(Json(app.service.audit_checkpoint(&request).await?))
}

/// Who saw this record, or any that names this person: everybody for your agency's records, your own officers for others'. Data
/// protection officers only.
#[utoipa::path(get, path = "/v1/audit/viewers", tag = "administration",
    params(("record" = String, Query, description = "Id of an incident or a person"), ("from" = Option<String>, Query, description = "RFC 3339"),
        ("to" = Option<String>, Query, description = "RFC 3339"), ("limit" = Option<i64>, Query, description = "1 to 500; 100 unless given"),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Viewers), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_viewers(
    State(app): State<App>,
    Caller(request): Caller,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Viewers>, ApiError> {
    let mut params = Params::new(uri.query(), &["record", "from", "to", "limit", "cursor"]);
    let record = params.needed("record", "the id of a record");
    let (period, limit) = period(&mut params);
    params.finish()?;
    let (viewers, next) = app.service.audit_viewers(&request, record.unwrap_or_default(), period, limit).await?;
    Ok(Json(Viewers { viewers, next_cursor: cursor(next) }))
}

/// What this officer saw while acting for your agency. Data protection officers only.
#[utoipa::path(get, path = "/v1/audit/seen", tag = "administration",
    params(("officer" = String, Query, description = "By id"), ("from" = Option<String>, Query, description = "RFC 3339"),
        ("to" = Option<String>, Query, description = "RFC 3339"), ("limit" = Option<i64>, Query, description = "1 to 500; 100 unless given"),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Seen), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_seen(
    State(app): State<App>,
    Caller(request): Caller,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Seen>, ApiError> {
    let mut params = Params::new(uri.query(), &["officer", "from", "to", "limit", "cursor"]);
    let officer = params.needed("officer", "the id of an officer");
    let (period, limit) = period(&mut params);
    params.finish()?;
    let (seen, next) = app.service.audit_seen(&request, officer.unwrap_or_default(), period, limit).await?;
    Ok(Json(Seen { seen, next_cursor: cursor(next) }))
}

/// What left the partnership through your agency or the console: disclosures and exports. Data protection officers only.
#[utoipa::path(get, path = "/v1/audit/disclosures", tag = "administration",
    params(("from" = Option<String>, Query, description = "RFC 3339"), ("to" = Option<String>, Query, description = "RFC 3339"),
        ("limit" = Option<i64>, Query, description = "1 to 500; 100 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Disclosures), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_disclosures(
    State(app): State<App>,
    Caller(request): Caller,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Disclosures>, ApiError> {
    let mut params = Params::new(uri.query(), &["from", "to", "limit", "cursor"]);
    let (period, limit) = period(&mut params);
    params.finish()?;
    let (disclosures, next) = app.service.audit_disclosures(&request, period, limit).await?;
    Ok(Json(Disclosures { disclosures, next_cursor: cursor(next) }))
}

/// Who searched and opened nothing, with the team's rate beside. An empty search is no misconduct. Data protection officers only.
#[utoipa::path(get, path = "/v1/audit/look-ups", tag = "administration",
    params(("from" = String, Query, description = "RFC 3339"), ("to" = String, Query, description = "RFC 3339, 93 days later at most")),
    responses((status = 200, body = LookUps), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn count_look_ups(
    State(app): State<App>,
    Caller(request): Caller,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<LookUps>, ApiError> {
    let mut params = Params::new(uri.query(), &["from", "to"]);
    let (from, to) = (params.needed::<Timestamp>("from", A_TIME), params.needed::<Timestamp>("to", A_TIME));
    params.finish()?;
    let (Some(from), Some(to)) = (from, to) else { return Err(ServiceError::NotFound.into()) };
    Ok(Json(app.service.audit_look_ups(&request, from, to).await?))
}

/// Erase what an entry of your agency says was searched for, its free-text reference and request id. The erasure leaves an
/// entry of its own. Data protection officers only.
#[utoipa::path(delete, path = "/v1/audit/{seq}/payload", tag = "administration",
    params(("seq" = String, Path, description = "The entry's number"),
        ("reason" = String, Query, description = "A code of the vocabulary erasure_reasons")),
    responses((status = 204, description = "Erased"), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn erase_payload(
    State(app): State<App>,
    Caller(request): Caller,
    Path(seq): Path<String>,
    OriginalUri(uri): OriginalUri,
) -> Result<StatusCode, ApiError> {
    let mut params = Params::new(uri.query(), &["reason"]);
    let reason = params.needed::<String>("reason", "a code of the vocabulary erasure_reasons");
    params.finish()?;
    let seq = seq.parse().map_err(|_| ServiceError::NotFound)?;
    app.service.erase_audit_payload(&request, seq, &reason.unwrap_or_default()).await?;
    Ok(StatusCode::NO_CONTENT)
}
