//! The file formats that `beacon import` reads and `beacon export` writes. `docs/import-formats.md` describes
//! them for whoever makes such a file.
//!
//! Every reader is an iterator of `Result<Row<T>, FileError>`: a bad row is a [`Row::Reject`] and reading goes on; a
//! [`FileError`] ends the file, and every row before it stands. Memory is bounded whatever the file holds: a row longer
//! than its format allows is rejected, not kept. Nothing here knows a database; plain and gzipped files read alike.

pub mod boundaries;
mod file_error;
pub mod flare;
mod formula;
mod identity;
pub mod incidents;
mod input;
mod json_problem;
mod lines;
pub mod pdf;
pub mod police_uk;
pub mod postcodes;
mod records;
pub mod rejects;
mod row;
mod table;

pub use file_error::FileError;
pub use input::{Input, open};
pub use rejects::Summary;
pub use row::{Reject, Row};
