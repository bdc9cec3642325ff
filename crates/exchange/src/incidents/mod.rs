//! Beacon's own formats: JSON Lines, which hold everything, and a flat CSV for spreadsheets.
//!
//! JSON Lines: one object per line, `{"format":"beacon-1","record":KIND,"value":{…}}`; see [`ExportLine`].
//! CSV: one incident per row; see [`columns`].

pub mod columns;
mod csv_read;
mod csv_write;
mod flat;
mod from_cells;
mod json_read;
mod json_write;
mod line;
mod person_cells;
mod to_cells;

pub use csv_read::{CsvIncident, CsvReader};
pub use csv_write::CsvWriter;
pub use json_read::JsonLinesReader;
pub use json_write::JsonLinesWriter;
pub use line::{DuplicateLink, ExportLine, FORMAT, IncidentHistory, NewIncidentLine, Version};
