//! The HTTP API under `/v1`: thin handlers that parse, call the service, and render.

mod access;
mod administration;
mod data_protection;
mod document;
mod http;
mod incidents;
mod operations;
mod parts;
mod people;
mod router;
mod search;

pub use http::{limits::Limits, params};
pub use router::{App, document, hide_panics, metrics_router, router};
