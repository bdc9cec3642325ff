//! `/v1/name-forms`

use crate::{
    App,
    http::{ApiError, Body, Caller, FreshCaller, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use model::name_form::{NameForm, NewNameForm};
use serde::Serialize;

/// Forms of names.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct NameForms {
    /// Those of the caller's partnerships, in the order of entering.
    name_forms: Vec<NameForm>,
}

/// Other forms of names that your partnerships have entered, beside Beacon's table of nicknames.
#[utoipa::path(get, path = "/v1/name-forms", tag = "names and people",
    responses((status = 200, body = NameForms), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn list_name_forms(State(app): State<App>, FreshCaller(request): FreshCaller) -> Result<Json<NameForms>, ApiError> {
    Ok(Json(NameForms { name_forms: app.service.list_name_forms(&request).await? }))
}

/// Enter another form of a name that is used where you are: Gaz for Gareth. From then on every search in the partnership takes one
/// for the other, and says so among its reasons. One word each; what one person is called is recorded as an alias of that person.
#[utoipa::path(post, path = "/v1/name-forms", tag = "names and people", request_body = NewNameForm,
    responses((status = 201, body = NameForm), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 409, description = "It is there already", body = ProblemDetails),
        (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn add_name_form(
    State(app): State<App>,
    Caller(request): Caller,
    body: Body<NewNameForm>,
) -> Result<(StatusCode, Json<NameForm>), ApiError> {
    Ok((StatusCode::CREATED, Json(app.service.add_name_form(&request, body.value).await?)))
}

/// Withdraw a form of a name that your partnership has entered.
#[utoipa::path(delete, path = "/v1/name-forms/{id}", tag = "names and people", params(("id" = String, Path)),
    responses((status = 204, description = "Withdrawn; searches no longer count it"), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn withdraw_name_form(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    app.service.withdraw_name_form(&request, path_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
