//! `POST /v1/place-searches`

use crate::{
    App,
    http::{ApiError, Body, Caller, params, problem::ProblemDetails},
};
use axum::{Json, extract::State};
use model::{marker::Marker, redact::IncidentView};
use serde::Serialize;
use service::{place_search::PlaceSearch, warnings::Warning};

/// What is at a place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct PlaceBody {
    /// Incidents, newest occurrence first.
    incidents: Vec<IncidentView>,
    /// Markers in force on the premises.
    markers: Vec<Marker>,
    /// Agencies that have a safety marker in force there which is closed to the caller: ask them before anybody goes there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Warning>,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Everything at one property, address, postcode or street.
#[utoipa::path(post, path = "/v1/place-searches", tag = "places", request_body = PlaceSearch,
    responses((status = 200, body = PlaceBody), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn search_places(
    State(app): State<App>,
    Caller(request): Caller,
    body: Body<PlaceSearch>,
) -> Result<Json<PlaceBody>, ApiError> {
    let after = match &body.value.cursor {
        Some(text) => {
            let wrong = || ApiError::invalid("/cursor", "form", "must be the cursor of the page before, unchanged");
            Some(params::read_cursor(text).ok_or_else(wrong)?)
        }
        None => None,
    };
    let found = app.service.search_places(&request, body.value, after).await?;
    Ok(Json(PlaceBody {
        incidents: found.page.items,
        markers: found.markers,
        warnings: found.warnings,
        next_cursor: found.page.next.map(params::cursor),
    }))
}
