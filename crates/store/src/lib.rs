//! The database: SQLite (embedded) and PostgreSQL, one SQL text, migrations, change log and audit ledger.
//!
//! Architecture invariant: only this crate names sqlx. Every function that reads records takes a
//! [`model::Scope`] and filters by it, or says in its first line why it need not.

#[macro_use]
mod statement;

pub mod accounts;
pub mod agencies;
pub mod agreements;
pub mod areas;
pub mod asks;
pub mod associations;
pub mod audit;
pub mod audit_questions;
pub mod backup;
pub mod changes;
pub mod conflicts;
pub mod credentials;
pub mod database;
pub mod duplicates;
pub mod erased_rows;
pub mod erasures;
pub mod error;
pub mod idempotency;
pub mod imports;
pub mod incidents;
pub mod intakes;
pub mod intelligence;
pub mod labels;
pub mod markers;
pub mod mentions;
pub mod name_forms;
pub mod notices;
pub mod open;
pub mod partnerships;
pub mod person_links;
pub mod places;
pub mod rectifications;
pub mod reference_checks;
pub mod releases;
pub mod retention;
pub mod scrub;
pub mod sealing;
pub mod subject_requests;
#[cfg(debug_assertions)]
pub mod testing;
pub mod texts_beside;
mod time;

pub use database::{Database, Kind, Tx};
pub use error::StoreError;
pub use open::Options;
pub use statement::Statement;
