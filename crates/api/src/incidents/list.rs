//! `GET /v1/incidents`

use crate::{
    App,
    http::{ApiError, Caller, Params, params, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use model::redact::IncidentView;
use serde::Serialize;
use service::incidents::IncidentFilter;

/// A page of incidents.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct IncidentPage {
    /// The incidents, newest occurrence first.
    pub(crate) incidents: Vec<IncidentView>,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_cursor: Option<String>,
}

/// List incidents, newest occurrence first.
#[utoipa::path(get, path = "/v1/incidents", tag = "incidents",
    params(("from" = Option<String>, Query, description = "First day, 2026-01-31"), ("to" = Option<String>, Query, description = "Last day"),
        ("types" = Option<String>, Query, description = "NSIR types with commas between: any of them"),
        ("agency" = Option<String>, Query, description = "Owning agency, by id"),
        ("bbox" = Option<String>, Query, description = "west,south,east,north in degrees"),
        ("area" = Option<String>, Query, description = "Codes of imported areas with commas between"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = IncidentPage), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_incidents(
    State(app): State<App>,
    Caller(request): Caller,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, ApiError> {
    let mut params = Params::new(uri.query(), &["from", "to", "types", "agency", "bbox", "area", "limit", "cursor"]);
    let (from_day, to_day) = params.days();
    let filter = store_filter(&mut params, from_day, to_day);
    let limit = params.number("limit", 1, 200, 50) as usize;
    let codes = params.list("area");
    params.finish()?;
    let areas = if codes.is_empty() { None } else { Some(app.service.choose_areas(&codes).await?) };
    let page = app.service.list_incidents(&request, IncidentFilter { filter, areas }, limit).await?;
    let next_cursor = page.next.map(params::cursor);
    let link = next_cursor.as_ref().map(|cursor| next_link(&uri, cursor));
    let mut response = Json(IncidentPage { incidents: page.items, next_cursor }).into_response();
    if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

fn store_filter(params: &mut Params, from_day: Option<i32>, to_day: Option<i32>) -> service::incidents::ListFilter {
    service::incidents::ListFilter {
        from_day,
        to_day,
        types: params.types(),
        agency: params.parsed("agency", "the id of an agency"),
        bounds: params.bounds(),
        after: params.cursor(),
    }
}

/// `Link: <…>; rel="next"` with the same parameters and another cursor.
fn next_link(uri: &axum::http::Uri, cursor: &str) -> String {
    let kept: Vec<&str> =
        uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor=")).collect();
    let query = kept.into_iter().chain([format!("cursor={cursor}").as_str()]).collect::<Vec<_>>().join("&");
    format!("<{}?{query}>; rel=\"next\"", uri.path())
}
