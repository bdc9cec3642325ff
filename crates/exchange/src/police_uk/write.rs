//! Writes incidents that came from data.police.uk back as a street file.

use super::{COLUMNS, SYSTEM};
use crate::FileError;
use model::incident::Source;
use std::io::Write;

/// Writes a street file. Importing it into an empty database gives the same ids.
#[derive(Debug)]
pub struct Writer<W: Write> {
    writer: csv::Writer<W>,
    columns: Vec<String>,
}

impl<W: Write> Writer<W> {
    /// Writes the header: the twelve published columns, then `more`. A column that some incident has and that is in
    /// neither is not written, and that row's id would change: name them all in `more`.
    ///
    /// # Errors
    /// When writing fails.
    pub fn new(writer: W, more: &[String]) -> Result<Self, FileError> {
        let columns: Vec<String> = COLUMNS.iter().map(|name| (*name).to_owned()).chain(more.iter().cloned()).collect();
        let mut writer = csv::Writer::from_writer(writer);
        writer.write_record(&columns).map_err(FileError::not_written)?;
        Ok(Self { writer, columns })
    }

    /// Writes one row, as it was published; `false` when the incident came from elsewhere.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write(&mut self, source: &Source) -> Result<bool, FileError> {
        if source.system != SYSTEM {
            return Ok(false);
        }
        let cell = |name: &String| {
            let exact = source.fields.get(name);
            exact.or_else(|| source.fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value))
        };
        let cells = self.columns.iter().map(|name| cell(name).map_or("", String::as_str));
        self.writer.write_record(cells).map_err(FileError::not_written)?;
        Ok(true)
    }

    /// Writes out what is buffered.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(mut self) -> Result<(), FileError> {
        self.writer.flush().map_err(FileError::not_written)
    }
}
