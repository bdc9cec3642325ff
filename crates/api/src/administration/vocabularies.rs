//! `GET /v1/vocabularies`

use crate::{
    App,
    http::{ApiError, FreshCaller, problem::ProblemDetails},
};
use axum::{Json, extract::State};
use model::vocabulary::{self, Vocabularies};

/// Every vocabulary in force, and the tables between them.
#[utoipa::path(get, path = "/v1/vocabularies", tag = "vocabularies", responses((status = 200, body = Vocabularies), (status = 401, body = ProblemDetails)))]
pub(crate) async fn list_vocabularies(State(_): State<App>, FreshCaller(_): FreshCaller) -> Result<Json<&'static Vocabularies>, ApiError> {
    Ok(Json(vocabulary::current()))
}
