//! `GET /v1/areas`

use crate::{
    App,
    http::{ApiError, FreshCaller, problem::ProblemDetails},
};
use axum::{Json, extract::State};
use serde::Serialize;
use service::areas::AreaView;

/// Imported areas.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Areas {
    /// By kind and code.
    areas: Vec<AreaView>,
}

/// The areas a list or an analysis can be narrowed to.
#[utoipa::path(get, path = "/v1/areas", tag = "places", responses((status = 200, body = Areas), (status = 401, body = ProblemDetails)))]
pub(crate) async fn list_areas(State(app): State<App>, FreshCaller(_): FreshCaller) -> Result<Json<Areas>, ApiError> {
    Ok(Json(Areas { areas: app.service.list_areas().await? }))
}
