//! `GET /v1/people/{id}/chronology`

use crate::{
    App,
    http::{ApiError, Caller, json_or_pdf, path_id, pdf_wanted, problem::ProblemDetails},
};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use service::people::Chronology;

/// A person's incidents in the order of their days, for a case file: what they suffered apart from what they are said to have done.
///
/// It names nobody else, carries no narrative, and leaves out incidents in which the person's own part is confidential. As JSON, or
/// as a PDF with `Accept: application/pdf`. Summaries are as they were written: read them before you hand them on.
#[utoipa::path(get, path = "/v1/people/{id}/chronology", tag = "names and people", params(("id" = String, Path)),
    responses((status = 200, content((Chronology = "application/json"), (Vec<u8> = "application/pdf"))), (status = 401, body = ProblemDetails),
        (status = 404, body = ProblemDetails), (status = 406, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn person_chronology(
    State(app): State<App>,
    Caller(request): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let pdf = pdf_wanted(&headers)?;
    Ok(json_or_pdf(pdf, app.service.chronology(&request, path_id(&id)?).await?, Chronology::pdf))
}
