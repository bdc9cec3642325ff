//! The cells of one row, by column; empty cells are left out. And the problems found while they are read.

use crate::Reject;
use std::{collections::BTreeMap, fmt::Display, str::FromStr};

/// Cells by column.
pub(super) type Cells = BTreeMap<String, String>;

/// Reads cells and collects what is wrong with them.
pub(super) struct Reading<'a> {
    cells: &'a Cells,
    row: u64,
    pub(super) problems: Vec<Reject>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(cells: &'a Cells, row: u64) -> Self {
        Self { cells, row, problems: Vec::new() }
    }

    /// A cell's text as it stands.
    pub(super) fn text(&self, column: &str) -> Option<String> {
        self.cells.get(column).cloned()
    }

    /// Whether a cell is filled.
    pub(super) fn has(&self, column: &str) -> bool {
        self.cells.contains_key(column)
    }

    /// Notes a problem.
    pub(super) fn problem(&mut self, column: &str, code: &'static str, reason: impl Into<String>) {
        self.problems.push(Reject::new(self.row, column, code, reason));
    }

    /// A cell's value as `parse` reads it; an error's text must not repeat the value.
    pub(super) fn parsed<T, E: Display>(
        &mut self,
        column: &str,
        code: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match parse(self.cells.get(column)?.trim()) {
            Ok(value) => Some(value),
            Err(error) => {
                self.problem(column, code, format!("is {error}"));
                None
            }
        }
    }

    /// A word of one of the model's enumerations, a date, a time.
    pub(super) fn word<T: FromStr>(&mut self, column: &str, code: &'static str) -> Option<T>
    where
        T::Err: Display,
    {
        self.parsed(column, code, T::from_str)
    }

    /// The entries of a cell, separated by `;`.
    pub(super) fn list(&self, column: &str) -> Vec<&'a str> {
        let cell = self.cells.get(column).map_or("", String::as_str);
        cell.split(';').map(str::trim).filter(|entry| !entry.is_empty()).collect()
    }

    /// A finite number.
    pub(super) fn number(&mut self, column: &str) -> Option<f64> {
        self.parsed(column, "not_a_number", |text| match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err("not a number: write it with a point, as 444100.5"),
        })
    }
}
