//! `docs/benchmarks.md`: prose by hand, each table written by its benchmark between two markers.

use crate::machine::Machine;
use std::{fs, path::PathBuf};

/// A table under way.
#[derive(Debug)]
pub(crate) struct Table {
    name: &'static str,
    lines: Vec<String>,
}

impl Table {
    /// A table for the section of this name.
    pub(crate) fn new(name: &'static str, columns: &[&str]) -> Self {
        let ruler = format!("|{}", "---|".repeat(columns.len()));
        Self { name, lines: vec![format!("| {} |", columns.join(" | ")), ruler] }
    }

    /// Adds a row, told at once.
    pub(crate) fn row(&mut self, cells: &[String]) {
        let line = format!("| {} |", cells.join(" | "));
        println!("{line}");
        self.lines.push(line);
    }

    /// Writes the table into its section, with the machine below it.
    pub(crate) fn write(self, machine: &Machine) {
        let path = docs().join("benchmarks.md");
        let text = fs::read_to_string(&path).expect("docs/benchmarks.md can be read");
        let (begin, end) = (format!("<!-- {} -->", self.name), format!("<!-- end of {} -->", self.name));
        let (head, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("docs/benchmarks.md has no {begin}"));
        let (_, tail) = rest.split_once(&end).unwrap_or_else(|| panic!("docs/benchmarks.md has no {end}"));
        let table = self.lines.join("\n");
        let text = format!("{head}{begin}\n{table}\n\n{}\n{end}{tail}", machine.line());
        fs::write(&path, text).expect("docs/benchmarks.md can be written");
    }
}

/// The folder of documents.
pub(crate) fn docs() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs"))
}

/// A rate with its thousands apart.
pub(crate) fn count(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
