//! Writes the flat CSV file.

use super::{columns, flat::Cells, to_cells::Row};
use crate::{FileError, formula};
use model::{NewIncident, NewPlace, redact::IncidentView};
use std::io::Write;

/// Columns that hold numbers and are not guarded against formulas: a longitude may begin with a minus.
const NUMBERS: [&str; 4] = ["easting", "northing", "longitude", "latitude"];

/// Writes one row per incident. What a row cannot hold is counted in its column `left_out`; JSON Lines hold it all.
#[derive(Debug)]
pub struct CsvWriter<W: Write> {
    writer: csv::Writer<W>,
    columns: Vec<String>,
}

impl<W: Write> CsvWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// When writing fails.
    pub fn new(writer: W) -> Result<Self, FileError> {
        let columns = columns::all();
        let mut writer = csv::Writer::from_writer(writer);
        writer.write_record(&columns).map_err(FileError::not_written)?;
        Ok(Self { writer, columns })
    }

    /// Writes an incident to be recorded.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write_new(&mut self, incident: &NewIncident, owning_agency_name: Option<&str>) -> Result<(), FileError> {
        let mut row = Row::default();
        row.incident(incident);
        if incident.owning_agency.is_none() {
            row.set("owning_agency", owning_agency_name);
        }
        self.cells(&row.finish())
    }

    /// Writes a kept incident as its reader sees it. The owning agency is named, where its name is given.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write_view(&mut self, view: &IncidentView, owning_agency_name: Option<&str>) -> Result<(), FileError> {
        let mut row = Row::default();
        row.incident(&as_new(view));
        row.set("reference", Some(&view.reference));
        row.set("status", Some(view.details.status));
        row.set("owning_agency", owning_agency_name);
        let status_reason = usize::from(view.details.status_reason.is_some());
        row.leave_out(status_reason, "reason of the status");
        self.cells(&row.finish())
    }

    fn cells(&mut self, cells: &Cells) -> Result<(), FileError> {
        let cell = |column: &String| {
            let text = cells.get(column).map_or("", String::as_str);
            if NUMBERS.contains(&column.as_str()) { text.into() } else { formula::guard(text) }
        };
        let row: Vec<_> = self.columns.iter().map(cell).collect();
        self.writer.write_record(row.iter().map(|cell| cell.as_bytes())).map_err(FileError::not_written)
    }

    /// Writes out what is buffered.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(mut self) -> Result<(), FileError> {
        self.writer.flush().map_err(FileError::not_written)
    }
}

/// The incident as it would be sent in, with the ids that links within it need.
fn as_new(view: &IncidentView) -> NewIncident {
    let details = view.details.clone();
    let involvements = view.involvements.iter().map(|part| {
        let mut new = part.involvement.as_new();
        new.id = Some(part.involvement.id);
        new
    });
    let places = view.places.iter().map(|place| NewPlace {
        longitude: place.wgs84.map(|point| point.longitude),
        latitude: place.wgs84.map(|point| point.latitude),
        ..place.as_new()
    });
    NewIncident {
        id: Some(view.id),
        occurred: details.occurred,
        qualifier: Some(details.qualifier),
        types: details.types,
        additional_qualifiers: details.additional_qualifiers,
        summary: details.summary,
        narrative: details.narrative,
        assessment: details.assessment,
        immediate_action: details.immediate_action,
        next_step: details.next_step,
        safeguarding: details.safeguarding,
        hate: details.hate,
        markings: details.markings,
        owning_agency: Some(details.owning_agency),
        regime: Some(details.regime),
        sharing: Some(details.sharing),
        reports: view.reports.iter().map(model::Report::as_new).collect(),
        places: places.collect(),
        involvements: involvements.collect(),
        allegations: view.allegations.iter().map(model::Allegation::as_new).collect(),
        intake: view.intake.clone(),
        source: view.source.clone(),
        intelligence: view.intelligence.clone(),
    }
}
