//! Areas with a boundary (wards, LSOAs, districts …): GeoJSON FeatureCollections of polygons in WGS 84.
//!
//! Features are read one at a time; a bad one is a reject. Other coordinate systems are refused for the whole file.

mod area;
mod features;
mod names;

pub use area::{Area, Refusal};
pub use names::AreaOptions;

use crate::{FileError, Input, Reject, Row, lines::Line, open, table::not_utf8};
use features::Features;
use std::io::{Read, Write};

/// Reads a boundary file.
#[derive(Debug)]
pub struct Reader<R: Read> {
    features: Features<Input<R>>,
    options: AreaOptions,
    text: Vec<u8>,
    row: u64,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Opens a file, plain or gzipped.
    ///
    /// # Errors
    /// When it is empty or cannot be read.
    pub fn new(reader: R, options: AreaOptions) -> Result<Self, FileError> {
        Ok(Self { features: Features::new(open(reader)?), options, text: Vec::new(), row: 0, ended: false })
    }

    fn read(&mut self) -> Result<Option<Row<Area>>, FileError> {
        self.text.clear();
        let line = self.features.next(&mut self.text)?;
        if line == Line::End {
            return Ok(None);
        }
        self.row += 1;
        let row = self.row;
        if line == Line::TooLong {
            return Ok(Some(Row::reject(Reject::whole(row, "too_long", "is longer than 64 MiB: simplify the boundary"))));
        }
        let area = match std::str::from_utf8(&self.text) {
            Ok(text) => names::area(row, text, &self.options),
            Err(_) => Err(not_utf8(row, Reject::WHOLE_ROW)),
        };
        Ok(Some(match area {
            Ok(value) => Row::Ok { row, value },
            Err(problem) => Row::reject(problem),
        }))
    }
}

crate::row::rows_of!(Reader, Area);

/// Writes areas as one FeatureCollection, with the properties kind, code and name, that [`Reader`] reads back.
#[derive(Debug)]
pub struct Writer<W: Write> {
    writer: W,
    any: bool,
}

impl<W: Write> Writer<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// When writing fails.
    pub fn new(mut writer: W) -> Result<Self, FileError> {
        writer.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[").map_err(FileError::not_written)?;
        Ok(Self { writer, any: false })
    }

    /// Writes one area.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write(&mut self, area: &Area) -> Result<(), FileError> {
        let properties = serde_json::json!({ "kind": area.kind, "code": area.code, "name": area.name });
        let comma = if std::mem::replace(&mut self.any, true) { ",\n" } else { "\n" };
        write!(self.writer, "{comma}{{\"type\":\"Feature\",\"properties\":{properties},\"geometry\":{}}}", area.geometry)
            .map_err(FileError::not_written)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(mut self) -> Result<(), FileError> {
        self.writer.write_all(b"\n]}\n").and_then(|()| self.writer.flush()).map_err(FileError::not_written)
    }
}
