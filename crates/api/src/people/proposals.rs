//! `GET /v1/person-proposals`

use crate::{
    App,
    http::{ApiError, Caller, Params, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{OriginalUri, State},
};
use names::Band;
use service::people::{PeopleToReview, ReviewFilter};
use std::str::FromStr;

/// The weakest band to propose.
struct Least(Band);

impl FromStr for Least {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "strong" => Ok(Self(Band::Strong)),
            "possible" => Ok(Self(Band::Possible)),
            "weak" => Ok(Self(Band::Weak)),
            _ => Err(()),
        }
    }
}

/// The review queue of your agency: its people, incident by incident, with whom they may be one, and why.
///
/// Records logged here come the latest first; imported ones stand in no order among them.
///
/// Each page compares up to 200 mentions of your agency with everybody you may see; it may hold few proposals, or none, and still
/// have a next page. Nothing is joined until an officer says so: `POST /v1/person-links`. Whom your agency has linked or keeps apart
/// is not proposed again.
#[utoipa::path(get, path = "/v1/person-proposals", tag = "names and people",
    params(("limit" = Option<i64>, Query, description = "The page ends with the incident that fills it, 1 to 100; 20 unless given"),
        ("cursor" = Option<String>, Query),
        ("least" = Option<String>, Query, description = "The weakest band to propose: strong, possible (unless given) or weak"),
        ("across_agencies" = Option<bool>, Query, description = "true: only people known to another agency too, without a link")),
    responses((status = 200, body = PeopleToReview), (status = 400, body = ProblemDetails), (status = 401, body = ProblemDetails),
        (status = 403, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn people_to_review(
    State(app): State<App>,
    Caller(request): Caller,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<PeopleToReview>, ApiError> {
    let mut params = Params::new(uri.query(), &["limit", "cursor", "least", "across_agencies"]);
    let limit = params.number("limit", 1, 100, 20);
    let before = params.parsed("cursor", "the cursor of the page before, unchanged");
    let least = params.parsed::<Least>("least", "strong, possible or weak").map_or(Band::Possible, |least| least.0);
    let across_agencies = params.parsed("across_agencies", "true or false").unwrap_or(false);
    params.finish()?;
    let filter = ReviewFilter { before, limit: limit as usize, least, across_agencies };
    Ok(Json(app.service.people_to_review(&request, filter).await?))
}
