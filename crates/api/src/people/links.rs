//! `/v1/person-links` and `/v1/people/{id}/links`

use crate::{
    App,
    access::{PAGE, page},
    http::{ApiError, Body, Caller, Params, path_id, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, StatusCode},
};
use serde::Serialize;
use service::people::{NewPersonLink, PersonLinkView, WaitingLinks};

/// The decisions about a person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct PersonLinks {
    /// Those whose both ends you may see, undone ones too, in the order they were taken.
    links: Vec<PersonLinkView>,
}

/// Say that two mentions are one person, or that they are two.
///
/// A link joins them for whoever sees every mention it rests on. Where it would join two people that officers of several
/// agencies have confirmed, it waits until an officer of each agrees. `different` is remembered: nobody of your agency is asked
/// again, and no chain of links joins them for it.
#[utoipa::path(post, path = "/v1/person-links", tag = "names and people", request_body = NewPersonLink,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = PersonLinkView), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 409, body = ProblemDetails), (status = 415, body = ProblemDetails),
        (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn link_people(
    State(app): State<App>,
    Caller(request): Caller,
    headers: HeaderMap,
    body: Body<NewPersonLink>,
) -> Result<(StatusCode, Json<PersonLinkView>), ApiError> {
    let retry = crate::incidents::retry(&headers, &body.bytes)?;
    Ok((StatusCode::CREATED, Json(app.service.link_people(&request, body.value, retry).await?)))
}

/// The links of other agencies that wait for an officer of yours to agree.
#[utoipa::path(get, path = "/v1/person-links", tag = "names and people",
    params(("limit" = Option<i64>, Query, description = "1 to 500; 100 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = WaitingLinks), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn waiting_links(
    State(app): State<App>,
    Caller(request): Caller,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<WaitingLinks>, ApiError> {
    let mut params = Params::new(uri.query(), &PAGE);
    let (limit, before) = page(&mut params);
    params.finish()?;
    Ok(Json(app.service.waiting_links(&request, before, limit).await?))
}

/// Agree, for your agency, to a link that joins a person it has confirmed to another agency's.
#[utoipa::path(put, path = "/v1/person-links/{id}/agreement", tag = "names and people", params(("id" = String, Path)),
    responses((status = 200, body = PersonLinkView), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn agree_to_link(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
) -> Result<Json<PersonLinkView>, ApiError> {
    Ok(Json(app.service.agree_to_link(&request, path_id(&id)?).await?))
}

/// Undo a decision of your agency, or one it agreed to: those it joined are two people again. It stays in the history.
#[utoipa::path(delete, path = "/v1/person-links/{id}", tag = "names and people", params(("id" = String, Path)),
    responses((status = 200, body = PersonLinkView), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn undo_link(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
) -> Result<Json<PersonLinkView>, ApiError> {
    Ok(Json(app.service.undo_link(&request, path_id(&id)?).await?))
}

/// What officers have decided about a person: links, and whom they keep apart, with who decided and who undid it.
#[utoipa::path(get, path = "/v1/people/{id}/links", tag = "names and people", params(("id" = String, Path)),
    responses((status = 200, body = PersonLinks), (status = 401, body = ProblemDetails), (status = 404, body = ProblemDetails),
        (status = 503, body = ProblemDetails)))]
pub(crate) async fn person_links(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
) -> Result<Json<PersonLinks>, ApiError> {
    Ok(Json(PersonLinks { links: app.service.person_links(&request, path_id(&id)?).await? }))
}
