//! Reads the flat CSV file.

use super::{
    columns::{self, AFTER_PEOPLE, REQUIRED},
    flat::{Cells, Reading},
    from_cells,
};
use crate::{
    FileError, Input, Reject, Row, formula,
    identity::{self, Fingerprint, Ordinals, Repeats, Seen},
    open,
    table::{Step, Table, short},
};
use model::{NewIncident, Problem, Reference, Uuid};
use std::{collections::HashSet, io::Read};

/// Part of the id of rows that have none of their own.
const NAMESPACE: &str = "beacon incident row 1";
/// Part of the id of rows that have none of their own and an external reference.
const EXTERNAL_NAMESPACE: &str = "beacon external reference 1";

/// The column that is written for people and passed over when it is read.
const LEFT_OUT: &str = AFTER_PEOPLE[3];

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct CsvIncident {
    /// The incident. Its id is always set: worked out from the external reference, or else from the content, where
    /// the row has none.
    pub incident: NewIncident,
    /// The owning agency by name, where the row does not give its id.
    pub owning_agency_name: Option<String>,
    /// The reference the incident had where it was exported.
    pub reference: Option<Reference>,
    /// The numbers of the persons of the row: involvement 0 comes from `person_N_…`, N the first of these.
    pub people: Vec<usize>,
}

impl CsvIncident {
    /// What settling the incident found wrong, by column.
    pub fn rejects(row: u64, problems: &[Problem], people: &[usize]) -> Vec<Reject> {
        Reject::of_problems(row, problems, |pointer| columns::column_of(pointer, people))
    }
}

/// Reads a CSV file of incidents, plain or gzipped.
#[derive(Debug)]
pub struct CsvReader<R: Read> {
    table: Table<Input<R>>,
    /// Each column's name in lower case.
    names: Vec<String>,
    ordinals: Ordinals,
    repeats: Repeats,
    ended: bool,
}

impl<R: Read> CsvReader<R> {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// When it is empty, lacks a column, has one that is not known or one twice, or cannot be read.
    pub fn new(reader: R) -> Result<Self, FileError> {
        let table = Table::open(open(reader)?, true, "incidents", &REQUIRED)?;
        let names: Vec<String> = table.header().iter().map(|name| name.to_ascii_lowercase()).collect();
        let known: HashSet<String> = columns::all().into_iter().collect();
        let unknown: Vec<String> = names.iter().filter(|name| !known.contains(*name)).map(|name| short(name)).take(5).collect();
        if !unknown.is_empty() {
            let detail =
                format!("the header has columns that are not known: {}. Rename or remove them; nothing was read", unknown.join(", "));
            return Err(FileError::new("unknown_column", detail));
        }
        Ok(Self { table, names, ordinals: Ordinals::default(), repeats: Repeats::default(), ended: false })
    }

    fn read(&mut self) -> Result<Option<Row<CsvIncident>>, FileError> {
        let step = self.table.step()?;
        let row = self.table.row();
        Ok(match step {
            Step::End => None,
            Step::Reject(problem) => Some(Row::reject(problem)),
            Step::Cells => Some(match self.incident(row) {
                Ok(Some(value)) => Row::Ok { row, value },
                Ok(None) => Row::Skip { row },
                Err(problems) => Row::Reject { row, problems },
            }),
        })
    }

    /// Reads the row; none when it repeats an earlier one.
    fn incident(&mut self, row: u64) -> Result<Option<CsvIncident>, Vec<Reject>> {
        self.table.check_utf8().map_err(|problem| vec![problem])?;
        let cells = self.table.cells();
        let cell = |at| formula::unguard(cells.text(at).unwrap_or_default());
        let named = self.names.iter().enumerate().map(|(at, name)| (name, cell(at)));
        let mut filled: Cells =
            named.filter(|(_, cell)| !cell.trim().is_empty()).map(|(name, cell)| (name.clone(), cell.to_owned())).collect();
        filled.remove(LEFT_OUT);
        let content = identity::fingerprint(NAMESPACE, filled.iter().map(|(name, cell)| (name.as_bytes(), cell.as_bytes())));
        let mut reading = Reading::new(&filled, row);
        let own = from_cells::given_id(&mut reading);
        if !reading.problems.is_empty() {
            return Err(reading.problems);
        }
        let (id, field) = match own.map(|id| (id, "id")).or_else(|| external_id(&filled)) {
            Some(own) => own,
            None => (self.nth(&content), ""),
        };
        let read = from_cells::read(&filled, row, id)?;
        match self.repeats.note(id, &content) {
            Seen::Same if !field.is_empty() => return Ok(None),
            Seen::Different => {
                return Err(vec![Reject::new(row, field, "repeated", "stands in an earlier row with other content")]);
            }
            Seen::First | Seen::Same => {}
        }
        let from_cells::FromRow { incident, owning_agency_name, reference, people } = read;
        Ok(Some(CsvIncident { incident, owning_agency_name, reference, people }))
    }

    fn nth(&mut self, content: &Fingerprint) -> Uuid {
        identity::id(content, self.ordinals.next(content))
    }
}

/// The id by the reference in another system, and the column it rests on.
fn external_id(cells: &Cells) -> Option<(Uuid, &'static str)> {
    let (system, reference) = (cells.get("external_system")?, cells.get("external_reference")?);
    let fields = [(b"system".as_slice(), system.trim().as_bytes()), (b"reference", reference.trim().as_bytes())];
    Some((identity::id(&identity::fingerprint(EXTERNAL_NAMESPACE, fields), 0), "external_reference"))
}

crate::row::rows_of!(CsvReader, CsvIncident);
