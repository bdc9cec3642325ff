//! The rejects file, and what an import counts.

use crate::{FileError, Reject, Row, formula};
use std::io::Write;

/// Writes the rejects file: CSV with the columns row, field, code, reason; a line per problem. It never holds the
/// value that was refused: that may be personal.
#[derive(Debug)]
pub struct Writer<W: Write>(csv::Writer<W>);

impl<W: Write> Writer<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// When writing fails.
    pub fn new(writer: W) -> Result<Self, FileError> {
        let mut writer = csv::Writer::from_writer(writer);
        writer.write_record(["row", "field", "code", "reason"]).map_err(FileError::not_written)?;
        Ok(Self(writer))
    }

    /// Writes what is wrong with a row.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write(&mut self, problems: &[Reject]) -> Result<(), FileError> {
        for reject in problems {
            let row = reject.row.to_string();
            let (field, reason) = (formula::guard(&reject.field), formula::guard(&reject.reason));
            self.0.write_record([&row, field.as_ref(), reject.code, reason.as_ref()]).map_err(FileError::not_written)?;
        }
        Ok(())
    }

    /// Writes out what is buffered.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(mut self) -> Result<(), FileError> {
        self.0.flush().map_err(FileError::not_written)
    }
}

/// What was read of a file, or of several added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// All rows: read, skipped and rejected.
    pub rows: u64,
    /// Sound rows.
    pub read: u64,
    /// Rows that were not wanted.
    pub skipped: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
    /// Of the sound rows, those without coordinates.
    pub without_coordinates: u64,
    /// Of the sound rows, those in Northern Ireland, which have no British grid point.
    pub northern_ireland: u64,
}

impl Summary {
    /// Counts a row; one that is refused when it is settled should be made a [`Row::Reject`] first. For police rows use
    /// [`Summary::note_police`].
    pub fn note<T>(&mut self, row: &Row<T>) {
        self.rows += 1;
        match row {
            Row::Ok { .. } => self.read += 1,
            Row::Skip { .. } => self.skipped += 1,
            Row::Reject { .. } => self.rejected += 1,
        }
    }

    /// Counts a police row.
    pub fn note_police(&mut self, row: &Row<crate::police_uk::PoliceUkRow>) {
        self.note(row);
        if let Row::Ok { value, .. } = row {
            self.note_point(value.without_coordinates, value.northern_ireland);
        }
    }

    /// Counts what a police row that is taken lacks of a point.
    pub fn note_point(&mut self, without_coordinates: bool, northern_ireland: bool) {
        self.without_coordinates += u64::from(without_coordinates);
        self.northern_ireland += u64::from(northern_ireland);
    }
}

impl std::ops::AddAssign for Summary {
    fn add_assign(&mut self, other: Self) {
        self.rows += other.rows;
        self.read += other.read;
        self.skipped += other.skipped;
        self.rejected += other.rejected;
        self.without_coordinates += other.without_coordinates;
        self.northern_ireland += other.northern_ireland;
    }
}
