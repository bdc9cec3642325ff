//! Use cases: authorise, act, audit, commit. The only door to data.
//!
//! Architecture invariant: only this crate begins a transaction, and nothing personal is returned from it before its
//! audit row is durable.

pub mod accounts;
pub mod agencies;
pub mod agreements;
pub mod areas;
pub mod asks;
pub mod audit;
mod committing;
pub mod conflicts;
pub mod data_protection;
pub mod emergency;
pub mod error;
pub mod export;
mod following;
pub mod held;
pub mod hotspots;
pub mod imports;
pub mod incidents;
pub mod intakes;
pub mod intelligence;
mod label_book;
pub mod markers;
pub mod misfit;
pub mod name_forms;
pub mod name_search;
mod notices;
pub mod openings;
pub mod partnerships;
pub mod people;
pub mod place_search;
mod purpose;
pub mod reference_checks;
mod retry;
pub mod sealing;
pub mod secondments;
mod service;
pub mod sessions;
mod sign_in;
mod standing;
pub mod tokens;
pub mod warnings;

pub use error::ServiceError;
pub use following::Readiness;
pub use model::audit::Request;
pub use retry::Retry;
pub use service::{Service, Settings};
pub use sign_in::Hash;
