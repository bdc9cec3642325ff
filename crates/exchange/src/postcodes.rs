//! Code-Point Open: CSV without a header; postcode, positional quality, easting, northing. The full product's ten
//! columns read as well; the other six are passed over.

use crate::{
    FileError, Input, Reject, Row, open,
    records::{Cells, Found, Records},
    table::{mishap, not_utf8},
};
use model::{grid::Grid, place};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};

/// Where a postcode lies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostcodePoint {
    /// The postcode, as `TS18 1AB`.
    pub postcode: String,
    /// Code-Point Open's positional quality: 10 (best) to 60.
    pub quality: u8,
    /// Metres on the British National Grid.
    pub easting: f64,
    /// Metres on the British National Grid.
    pub northing: f64,
}

/// The positional qualities that Code-Point Open knows; 90 means no location.
const QUALITIES: [u8; 7] = [10, 20, 30, 40, 50, 60, 90];

/// Reads a Code-Point Open file.
#[derive(Debug)]
pub struct Reader<R: Read> {
    records: Records<Input<R>>,
    row: u64,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Opens a file, plain or gzipped.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn new(reader: R) -> Result<Self, FileError> {
        Ok(Self { records: Records::new(open(reader)?, false), row: 0, ended: false })
    }

    fn read(&mut self) -> Result<Option<Row<PostcodePoint>>, FileError> {
        let found = self.records.next()?;
        if found == Found::End {
            return if self.row == 0 { Err(FileError::empty("rows of postcode, quality, easting, northing")) } else { Ok(None) };
        }
        self.row += 1;
        let row = self.row;
        Ok(Some(match mishap(&found, row) {
            Some(problem) => Row::reject(problem),
            None => match point(row, self.records.cells()) {
                Ok(value) => Row::Ok { row, value },
                Err(problem) => Row::reject(problem),
            },
        }))
    }
}

fn point(row: u64, cells: Cells<'_>) -> Result<PostcodePoint, Reject> {
    if !matches!(cells.len(), 4 | 10) {
        let field = ["postcode", "quality", "easting", "northing"].get(cells.len()).copied().unwrap_or(Reject::WHOLE_ROW);
        let reason = format!("the row has {} cells: Code-Point Open has 10, of which the first 4 will do", cells.len());
        return Err(Reject::new(row, field, "wrong_number_of_cells", reason));
    }
    let text = |at: usize, field: &str| cells.text(at).map(str::trim).ok_or_else(|| not_utf8(row, field));
    let postcode = place::postcode(text(0, "postcode")?)
        .ok_or_else(|| Reject::new(row, "postcode", "postcode", "is not a United Kingdom postcode: write it as TS18 1AB"))?;
    let quality: Option<u8> = text(1, "quality")?.parse().ok();
    let quality = quality
        .filter(|quality| QUALITIES.contains(quality))
        .ok_or_else(|| Reject::new(row, "quality", "not_a_quality", "is not a positional quality: 10, 20, 30, 40, 50, 60 or 90"))?;
    let metres = |at: usize, field: &str| {
        let metres: Option<f64> = text(at, field)?.parse().ok();
        metres.filter(|metres| metres.is_finite()).ok_or_else(|| Reject::new(row, field, "not_a_number", "is not a number of metres"))
    };
    let (easting, northing) = (metres(2, "easting")?, metres(3, "northing")?);
    if quality == 90 || (easting == 0.0 && northing == 0.0) {
        return Err(Reject::new(row, "easting", "no_location", "no location: Code-Point Open knows the postcode and not where it is"));
    }
    if !(Grid { easting, northing }).near_land() {
        return Err(Reject::new(
            row,
            "easting",
            "not_on_land",
            "is at sea or outside Great Britain: check easting and northing, in metres",
        ));
    }
    Ok(PostcodePoint { postcode, quality, easting, northing })
}

crate::row::rows_of!(Reader, PostcodePoint);

/// Writes postcodes in the same four columns, without a header.
///
/// # Errors
/// When writing fails.
pub fn write<'a>(writer: impl Write, points: impl IntoIterator<Item = &'a PostcodePoint>) -> Result<(), FileError> {
    let mut writer = csv::Writer::from_writer(writer);
    for point in points {
        let numbers = [point.quality.to_string(), point.easting.to_string(), point.northing.to_string()];
        writer.write_record([&point.postcode, &numbers[0], &numbers[1], &numbers[2]]).map_err(FileError::not_written)?;
    }
    writer.flush().map_err(FileError::not_written)
}
