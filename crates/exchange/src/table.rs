//! A CSV file with a header: columns are found by name, in any order.

use crate::{
    FileError, Reject,
    records::{Cells, Found, Records},
};
use std::{collections::HashSet, io::BufRead};

/// A CSV file with a header, read row by row.
#[derive(Debug)]
pub(crate) struct Table<R> {
    records: Records<R>,
    header: Vec<String>,
    row: u64,
}

/// What reading a row gave.
pub(crate) enum Step {
    /// A row with the right number of cells, all of them UTF-8 where that was asked for: see [`Table::cells`].
    Cells,
    /// A row that cannot be taken.
    Reject(Reject),
    /// The file's end.
    End,
}

/// What is wrong with a record before its cells are looked at.
pub(crate) fn mishap(found: &Found, row: u64) -> Option<Reject> {
    match found {
        Found::Cells | Found::End => None,
        Found::TooLong => Some(Reject::whole(row, "too_long", "is longer than 1 MiB")),
        Found::OpenQuote => Some(Reject::whole(
            row,
            "open_quote",
            "holds a quote (\") that is never closed, or text after a closing quote: write a quote inside a quoted cell twice (\"\")",
        )),
        Found::StrayReturn => {
            Some(Reject::whole(row, "stray_return", "holds a carriage return that does not end the line: end lines with LF or CR LF"))
        }
    }
}

/// The problem of a cell that is not UTF-8.
pub(crate) fn not_utf8(row: u64, field: &str) -> Reject {
    Reject::new(row, field, "not_utf8", "is not valid UTF-8: save the file as UTF-8")
}

impl<R: BufRead> Table<R> {
    /// Reads the header. `what` names the file for messages.
    pub(crate) fn open(input: R, breaks_in_cells: bool, what: &str, required: &[&str]) -> Result<Self, FileError> {
        let mut records = Records::new(input, breaks_in_cells);
        match records.next()? {
            Found::Cells => {}
            Found::End => return Err(FileError::empty(&format!("a header line and rows of {what}"))),
            _ => return Err(FileError::new("bad_header", format!("the first line is not a CSV header of {what}"))),
        }
        let cells = records.cells();
        let header: Option<Vec<String>> = (0..cells.len()).map(|at| cells.text(at).map(|name| name.trim().to_owned())).collect();
        let header = header.ok_or_else(|| FileError::new("bad_header", "the header line is not valid UTF-8: save the file as UTF-8"))?;
        let mut seen = HashSet::new();
        for name in &header {
            if !seen.insert(name.to_ascii_lowercase()) {
                return Err(FileError::new("duplicate_column", format!("the column \"{}\" stands twice in the header", short(name))));
            }
        }
        let missing: Vec<&str> = required.iter().filter(|name| !seen.contains(&name.to_ascii_lowercase())).copied().collect();
        if !missing.is_empty() {
            let detail = format!("the header lacks the column {}: is this a file of {what}?", missing.join(", "));
            return Err(FileError::new("missing_column", detail));
        }
        records.expect(header.len());
        Ok(Self { records, header, row: 0 })
    }

    /// The names of the columns, as written.
    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// The place of a column, whatever its case.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column.eq_ignore_ascii_case(name))
    }

    /// The number of the row just read.
    pub(crate) fn row(&self) -> u64 {
        self.row
    }

    /// The cells of the row just read.
    pub(crate) fn cells(&self) -> Cells<'_> {
        self.records.cells()
    }

    /// Reads the next row.
    pub(crate) fn step(&mut self) -> Result<Step, FileError> {
        let found = self.records.next()?;
        if found == Found::End {
            return Ok(Step::End);
        }
        self.row += 1;
        if let Some(reject) = mishap(&found, self.row) {
            return Ok(Step::Reject(reject));
        }
        let (has, wanted) = (self.records.cells().len(), self.header.len());
        if has == wanted {
            return Ok(Step::Cells);
        }
        let field = self.header.get(has).map_or(Reject::WHOLE_ROW, String::as_str);
        let reason = format!("the row has {has} cells where the header has {wanted}: check for commas in unquoted cells");
        Ok(Step::Reject(Reject::new(self.row, field, "wrong_number_of_cells", reason)))
    }

    /// The first cell of the row that is not UTF-8, as a reject.
    pub(crate) fn check_utf8(&self) -> Result<(), Reject> {
        let cells = self.cells();
        match (0..cells.len()).find(|at| cells.text(*at).is_none()) {
            Some(at) => Err(not_utf8(self.row, &self.header[at])),
            None => Ok(()),
        }
    }
}

/// A name from the file, cut short for messages.
pub(crate) fn short(name: &str) -> String {
    name.chars().take(60).collect()
}
