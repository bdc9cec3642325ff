//! `POST /v1/name-searches`

use crate::{
    App,
    http::{ApiError, Body, Caller, problem::ProblemDetails},
};
use axum::{Json, extract::State};
use service::name_search::{NameSearch, NameSearchResult};

/// Search by name: every incident a person appears in, under any spelling, and why each hit matched.
///
/// A search after a write finds it. Names travel in the body, never in a URL.
#[utoipa::path(post, path = "/v1/name-searches", tag = "names and people", request_body = NameSearch,
    params(("Beacon-Purpose" = Option<String>, Header, description = "Code of the vocabulary purposes"),
        ("Beacon-Purpose-Reference" = Option<String>, Header, description = "Incident, intake or outside reference")),
    responses((status = 200, body = NameSearchResult), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails),
        (status = 503, description = "Also `index-behind`: never a part of the answer", body = ProblemDetails)))]
pub(crate) async fn search_names(
    State(app): State<App>,
    Caller(request): Caller,
    body: Body<NameSearch>,
) -> Result<Json<NameSearchResult>, ApiError> {
    Ok(Json(app.service.search_names(&request, body.value).await?))
}
