//! `/healthz` and `/readyz`: no sign-in, nothing personal.

use crate::App;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// Whether the process runs.
#[utoipa::path(get, path = "/healthz", tag = "operations", responses((status = 200, description = "It runs")))]
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// Whether the process can answer: database, name index, incident columns, and how far the index lags.
#[utoipa::path(get, path = "/readyz", tag = "operations", responses((status = 200, description = "It can answer"), (status = 503, description = "Not yet, and why")))]
pub(crate) async fn ready(State(app): State<App>) -> Response {
    let readiness = app.service.readiness().await;
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness)).into_response()
}
