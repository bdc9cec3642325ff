//! `GET /v1/audit`

use crate::{
    App,
    http::{ApiError, FreshCaller, Params, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{OriginalUri, State},
};
use model::Timestamp;
use serde::Serialize;
use service::audit::EntryView;

/// A page of the ledger.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct AuditPage {
    /// Newest first.
    entries: Vec<EntryView>,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Who did what, when, what for: of your agency's officers. Data protection officers only; the look is audited too.
#[utoipa::path(get, path = "/v1/audit", tag = "administration",
    params(("officer" = Option<String>, Query, description = "By id"), ("record" = Option<String>, Query, description = "By id"),
        ("action" = Option<String>, Query, description = "As incident.read"), ("from" = Option<String>, Query, description = "RFC 3339"),
        ("to" = Option<String>, Query, description = "RFC 3339"), ("limit" = Option<i64>, Query, description = "1 to 500; 100 unless given"),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, body = AuditPage), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn read_audit(
    State(app): State<App>,
    FreshCaller(request): FreshCaller,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<AuditPage>, ApiError> {
    let mut params = Params::new(uri.query(), &["officer", "record", "action", "from", "to", "limit", "cursor"]);
    let filter = service::audit::LedgerFilter {
        agency: None,
        officer: params.parsed("officer", "the id of an officer"),
        record: params.parsed("record", "the id of a record"),
        action: params.text("action").map(str::to_owned),
        from: params.parsed::<Timestamp>("from", "a time, as 2026-01-31T21:05:00Z"),
        to: params.parsed::<Timestamp>("to", "a time, as 2026-01-31T21:05:00Z"),
        before: params.parsed("cursor", "the cursor of the page before, unchanged"),
    };
    let limit = params.number("limit", 1, 500, 100);
    params.finish()?;
    let (entries, next) = app.service.read_audit(&request, filter, limit).await?;
    Ok(Json(AuditPage { entries, next_cursor: next.map(|seq| seq.to_string()) }))
}
