//! The access matrix: every operation of the OpenAPI document, for every kind of record, sharing, relation, role and moment,
//! against `docs/access.csv` and `docs/access-operations.csv`. Both were written from the requirements: where a table and the
//! program differ, the program is wrong until somebody changes the table on purpose.

pub mod cell;
pub mod operations;
pub mod planted;
mod record;
pub mod requests;
pub mod run;
pub mod table;
mod world;

pub use cell::{Cell, cells};
pub use run::{Report, run};
