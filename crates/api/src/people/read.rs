//! `GET /v1/people/{id}`

use crate::{
    App,
    http::{ApiError, Caller, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
};
use service::people::PersonView;

/// A person: what they suffered apart from what they are alleged to have done, as far as you may see.
#[utoipa::path(get, path = "/v1/people/{id}", tag = "names and people", params(("id" = String, Path)),
    responses((status = 200, body = PersonView), (status = 401, body = ProblemDetails), (status = 404, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn read_person(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
) -> Result<Json<PersonView>, ApiError> {
    let id = path_id(&id)?;
    Ok(Json(app.service.read_person(&request, id).await?))
}
