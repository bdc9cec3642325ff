//! The street-level files of data.police.uk: CSV with a row per crime, of which the anti-social behaviour rows are read.
//!
//! These rows carry no id, and identical rows are different incidents. So a row's id is worked out from all its
//! columns and its ordinal among identical rows of the file: the same rows in another file, with the columns in
//! another order, or in a file that also holds other forces, get the same ids.

mod points;
mod write;

pub use write::Writer;

use crate::{
    FileError, Input, Reject, Row,
    identity::{self, Ordinals},
    open,
    records::Cells,
    table::{Step, Table},
};
use model::{
    NewIncident, NewPlace, Occurred, PlaceRole, Qualifier, Sharing, SharingLevel, incident::Source, occurred::Month, place::Precision,
};
use std::io::Read;

/// The name of the source in [`Source::system`].
pub const SYSTEM: &str = "data.police.uk";

/// The columns of a street file, in the order they are published in.
pub const COLUMNS: [&str; 12] = [
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
];

/// The columns a file must have. The others are empty for anti-social behaviour.
const REQUIRED: [&str; 9] =
    ["Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code", "LSOA name", "Crime type"];

/// The crime type that is read.
const ASB: &str = "Anti-social behaviour";

/// NSIR "opening code: nuisance". The published rows carry no NSIR type; this says no more than they do.
const OPENING_CODE_NUISANCE: u16 = 215;

/// Part of every id: changing it would import everything a second time.
const NAMESPACE: &str = "beacon data.police.uk street row 1";

/// One anti-social behaviour row.
#[derive(Debug, Clone, PartialEq)]
pub struct PoliceUkRow {
    /// The incident, with its id, month, place and original columns.
    pub incident: NewIncident,
    /// The row has no coordinates ("No Location").
    pub without_coordinates: bool,
    /// The point lies in Northern Ireland: it has no British grid point.
    pub northern_ireland: bool,
}

/// Reads one street file: a [`Row::Ok`] per anti-social behaviour row, a [`Row::Skip`] per other crime.
#[derive(Debug)]
pub struct Reader<R: Read> {
    table: Table<Input<R>>,
    columns: Columns,
    ordinals: Ordinals,
    ended: bool,
}

/// Where the columns stand.
#[derive(Debug)]
struct Columns {
    month: usize,
    force: usize,
    longitude: usize,
    latitude: usize,
    location: usize,
    crime_type: usize,
    /// Every column by its name in lower case, in the order of the names.
    by_name: Vec<(String, usize)>,
}

impl<R: Read> Reader<R> {
    /// Opens a file, plain or gzipped, and reads its header.
    ///
    /// # Errors
    /// When it is empty, lacks a column, names one twice, or cannot be read.
    pub fn new(reader: R) -> Result<Self, FileError> {
        let table = Table::open(open(reader)?, false, "data.police.uk street crimes", &REQUIRED)?;
        let column = |name: &str| table.column(name).unwrap_or(usize::MAX);
        let mut by_name: Vec<(String, usize)> = table.header().iter().map(|name| name.to_ascii_lowercase()).zip(0..).collect();
        by_name.sort();
        let columns = Columns {
            month: column("Month"),
            force: column("Reported by"),
            longitude: column("Longitude"),
            latitude: column("Latitude"),
            location: column("Location"),
            crime_type: column("Crime type"),
            by_name,
        };
        Ok(Self { table, columns, ordinals: Ordinals::default(), ended: false })
    }

    fn read(&mut self) -> Result<Option<Row<PoliceUkRow>>, FileError> {
        let step = self.table.step()?;
        let row = self.table.row();
        Ok(match step {
            Step::End => None,
            Step::Reject(problem) => Some(Row::reject(problem)),
            Step::Cells if self.table.cells().bytes(self.columns.crime_type).trim_ascii().is_empty() => {
                Some(Row::reject(Reject::new(row, "Crime type", "missing", "is empty")))
            }
            Step::Cells if self.table.cells().bytes(self.columns.crime_type).trim_ascii() != ASB.as_bytes() => Some(Row::Skip { row }),
            Step::Cells => Some(match self.asb_row(row) {
                Ok(value) => Row::Ok { row, value },
                Err(problems) => Row::Reject { row, problems },
            }),
        })
    }

    fn asb_row(&mut self, row: u64) -> Result<PoliceUkRow, Vec<Reject>> {
        self.table.check_utf8().map_err(|problem| vec![problem])?;
        let cells = self.table.cells();
        let text = |at| cells.text(at).unwrap_or_default();
        let mut problems = Vec::new();
        let month: Option<Month> = text(self.columns.month).trim().parse().ok();
        if month.is_none() {
            problems.push(Reject::new(row, "Month", "not_a_month", "is not a month: write YYYY-MM"));
        }
        let point = points::read(row, text(self.columns.longitude).trim(), text(self.columns.latitude).trim())
            .and_then(|point| point.map(|point| points::in_northern_ireland(row, point).map(|ni| (point, ni))).transpose());
        let point = point.unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        let (Some(month), true) = (month, problems.is_empty()) else { return Err(problems) };
        let location = text(self.columns.location).trim();
        let street = street_of(location);
        let place = NewPlace {
            role: Some(PlaceRole::HappenedAt),
            street: street.map(str::to_owned),
            longitude: point.map(|(point, _)| point.longitude),
            latitude: point.map(|(point, _)| point.latitude),
            precision: Some(if point.is_some() { Precision::SnapPoint } else { Precision::Unplaced }),
            ..NewPlace::default()
        };
        let fingerprint = fingerprint(&self.columns, cells);
        let ordinal = self.ordinals.next(&fingerprint);
        let incident = NewIncident {
            id: Some(identity::id_beside(group(month, text(self.columns.force)), &fingerprint, ordinal)),
            occurred: Occurred::in_month(month),
            qualifier: Some(Qualifier::Nuisance),
            types: vec![OPENING_CODE_NUISANCE],
            summary: street.map_or_else(|| format!("{ASB}, no location published"), |street| format!("{ASB} on or near {street}")),
            sharing: Some(Sharing::of(SharingLevel::Open)),
            places: if point.is_some() || street.is_some() { vec![place] } else { Vec::new() },
            source: Some(Source {
                system: SYSTEM.to_owned(),
                fields: self.table.header().iter().enumerate().map(|(at, name)| (name.clone(), text(at).to_owned())).collect(),
            }),
            ..NewIncident::default()
        };
        Ok(PoliceUkRow { incident, without_coordinates: point.is_none(), northern_ireland: point.is_some_and(|(_, ni)| ni) })
    }
}

/// What the ids of one month of one force begin with.
fn group(month: Month, force: &str) -> [u8; 4] {
    let first = month.first();
    let [_, _, high, low] = (i32::from(first.year()) * 12 + i32::from(first.month())).to_be_bytes();
    let force = identity::fingerprint(NAMESPACE, [(b"Reported by".as_slice(), force.as_bytes())]);
    [high, low, force[0], force[1]]
}

fn fingerprint(columns: &Columns, cells: Cells<'_>) -> identity::Fingerprint {
    identity::fingerprint(NAMESPACE, columns.by_name.iter().map(|(name, at)| (name.as_bytes(), cells.bytes(*at))))
}

/// The street that a location names: "On or near Marshall Close" is "Marshall Close", "No Location" none.
fn street_of(location: &str) -> Option<&str> {
    let street = location.strip_prefix("On or near").unwrap_or(location).trim();
    (!street.is_empty() && location != "No Location").then_some(street)
}

/// The column a problem's JSON pointer came from, for [`Reject::of_problems`].
pub fn column_of(pointer: &str) -> String {
    let column = match pointer.trim_start_matches("/places/0").trim_start_matches('/') {
        "longitude" => "Longitude",
        "latitude" => "Latitude",
        "street" | "summary" => "Location",
        other if other.starts_with("occurred") => "Month",
        other => other,
    };
    column.to_owned()
}

crate::row::rows_of!(Reader, PoliceUkRow);
