//! Writes JSON Lines.

use super::{ExportLine, FORMAT, IncidentHistory, line::Version};
use crate::{FileError, boundaries::Area};
use model::Uuid;
use serde::Serialize;
use serde_json::value::RawValue;
use std::{collections::BTreeMap, io::Write};

/// From this many bytes on, a history goes on in the next line.
const LONG_HISTORY: usize = 1 << 23;

/// Writes JSON Lines. Give the lines in the order of [`ExportLine`]'s documentation.
#[derive(Debug)]
pub struct JsonLinesWriter<W: Write>(W);

#[derive(Serialize)]
struct Envelope<'a, T: ?Sized> {
    format: &'a str,
    record: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owning_agency_name: Option<&'a str>,
    value: &'a T,
}

#[derive(Serialize)]
struct AreaValue<'a> {
    kind: &'a str,
    code: &'a str,
    name: &'a str,
    geometry: &'a RawValue,
}

#[derive(Serialize)]
struct HistoryValue<'a> {
    versions: i64,
    history: &'a [Box<RawValue>],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    agency_names: &'a BTreeMap<Uuid, String>,
}

impl<W: Write> JsonLinesWriter<W> {
    /// Writes to `writer`, which should be buffered.
    pub fn new(writer: W) -> Self {
        Self(writer)
    }

    /// Writes one record.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write(&mut self, line: &ExportLine) -> Result<(), FileError> {
        let record = line.record();
        match line {
            ExportLine::Agency(value) => self.line(record, None, value),
            ExportLine::Partnership(value) => self.line(record, None, value),
            ExportLine::Membership(value) => self.line(record, None, value),
            ExportLine::Officer(value) => self.line(record, None, value),
            ExportLine::Incident(value) => self.history(record, value),
            ExportLine::NewIncident(value) => self.line(record, value.owning_agency_name.as_deref(), &value.incident),
            ExportLine::Area(value) => self.area(record, value),
            ExportLine::Postcode(value) => self.line(record, None, value),
            ExportLine::Marker(value) => self.line(record, None, value),
            ExportLine::Duplicate(value) => self.line(record, None, value),
            ExportLine::PersonLink(value) => self.line(record, None, value),
            ExportLine::Association(value) => self.line(record, None, value),
        }
    }

    fn line<T: Serialize + ?Sized>(&mut self, record: &str, owning_agency_name: Option<&str>, value: &T) -> Result<(), FileError> {
        let envelope = Envelope { format: FORMAT, record, owning_agency_name, value };
        serde_json::to_writer(&mut self.0, &envelope).map_err(FileError::not_written)?;
        self.0.write_all(b"\n").map_err(FileError::not_written)
    }

    fn area(&mut self, record: &str, area: &Area) -> Result<(), FileError> {
        let geometry: &RawValue = serde_json::from_str(&area.geometry).map_err(FileError::not_written)?;
        self.line(record, None, &AreaValue { kind: &area.kind, code: &area.code, name: &area.name, geometry })
    }

    fn history(&mut self, record: &str, whole: &IncidentHistory) -> Result<(), FileError> {
        let mut history: Vec<Box<RawValue>> = Vec::new();
        let mut length = 0;
        let raw = |version: &Version| serde_json::value::to_raw_value(version).map_err(FileError::not_written);
        for version in &whole.history {
            let version = raw(version)?;
            if !history.is_empty() && length + version.get().len() > LONG_HISTORY {
                let value = HistoryValue { versions: whole.versions, history: &history, agency_names: &whole.agency_names };
                self.line(record, None, &value)?;
                history.clear();
                length = 0;
            }
            length += version.get().len();
            history.push(version);
        }
        self.line(record, None, &HistoryValue { versions: whole.versions, history: &history, agency_names: &whole.agency_names })
    }

    /// Writes out what is buffered.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(mut self) -> Result<(), FileError> {
        self.0.flush().map_err(FileError::not_written)
    }
}
