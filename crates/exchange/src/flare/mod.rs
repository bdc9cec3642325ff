//! An export of the FLARE system: CSV, a row per incident, indexed by address. Names stand in the free text alone; they are found
//! there by whoever imports it, and put in with [`FlareRow::with_people`].

mod mapping;

pub use mapping::{FIELDS, Mapping};

use crate::{
    FileError, Input, Reject, Row,
    identity::{self, Repeats, Seen},
    open,
    table::{Step, Table},
};
use jiff::civil::{Date, Time};
use model::{
    NewIncident, NewInvolvement, NewPlace, NewReport, Occurred, PlaceRole, Qualifier, Sharing, SharingLevel, Timestamp, Uuid,
    incident::Source,
    involvement::{ExtractionRule, Person, PersonName},
    report::ExternalReference,
    vocabulary,
};
use std::io::Read;

/// The name of the source in [`Source::system`].
pub const SYSTEM: &str = "FLARE";

/// The field of [`Source::fields`] with the One Day Count heading's code.
pub const CATEGORY: &str = "one_day_count";

/// Part of every id: changing it would import everything a second time.
const NAMESPACE: &str = "beacon FLARE incident 1";

/// One incident of an export.
#[derive(Debug, Clone, PartialEq)]
pub struct FlareRow {
    /// The incident, with an id worked out from its reference; nobody in it yet.
    pub incident: NewIncident,
    /// The One Day Count heading, a code of the vocabulary `one_day_count`.
    pub category: String,
    /// The year it happened in.
    pub year: i16,
}

impl FlareRow {
    /// The incident with people found in its text: extracted mentions, without a role, whose ids are worked out from the incident's.
    pub fn with_people(self, people: Vec<(PersonName, ExtractionRule)>) -> NewIncident {
        let id = self.incident.id.unwrap_or_default();
        let mention = |(at, (name, rule)): (usize, (PersonName, ExtractionRule))| NewInvolvement {
            id: Some(identity::part(id, &format!("extracted {at}"))),
            person: Some(Person { name, ..Person::default() }),
            extracted: Some(rule),
            ..NewInvolvement::default()
        };
        NewIncident { involvements: people.into_iter().enumerate().map(mention).collect(), ..self.incident }
    }
}

/// Reads an export: a [`Row::Ok`] per incident, a [`Row::Skip`] for a row that is there twice with the same content.
#[derive(Debug)]
pub struct Reader<R: Read> {
    table: Table<Input<R>>,
    mapping: Mapping,
    /// Where each of [`FIELDS`] stands, if it does.
    places: Vec<Option<usize>>,
    namespace: String,
    repeats: Repeats,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Opens a file, plain or gzipped, and reads its header. `agency` is whose export it is: references are unique within one.
    ///
    /// # Errors
    /// When the mapping is wrong, or the file is empty, lacks a column, names one twice, or cannot be read.
    pub fn new(reader: R, mapping: Mapping, agency: Uuid) -> Result<Self, FileError> {
        if let Some(problem) = mapping.problems().into_iter().next() {
            return Err(FileError::new("bad_mapping", format!("the mapping file: {problem}")));
        }
        let needed: Vec<&str> = FIELDS[..mapping::NEEDED].iter().map(|field| mapping.column(field)).collect();
        let table = Table::open(open(reader)?, true, "a FLARE export", &needed)?;
        let places: Vec<Option<usize>> = FIELDS.iter().map(|field| table.column(mapping.column(field))).collect();
        for (field, place) in FIELDS.iter().zip(&places) {
            if place.is_none() && mapping.columns.contains_key(*field) {
                let detail = format!("the mapping file: the header lacks the column {} of {field}", mapping.column(field));
                return Err(FileError::new("missing_column", detail));
            }
        }
        Ok(Self { table, places, namespace: format!("{NAMESPACE} {agency}"), mapping, repeats: Repeats::default(), ended: false })
    }

    fn read(&mut self) -> Result<Option<Row<FlareRow>>, FileError> {
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

    /// The text of a field, without blanks around it; nothing where it is empty.
    fn text(&self, field: &str) -> Option<&str> {
        let place = FIELDS.iter().position(|name| *name == field).and_then(|at| self.places[at])?;
        self.table.cells().text(place).map(str::trim).filter(|text| !text.is_empty())
    }

    fn incident(&mut self, row: u64) -> Result<Option<FlareRow>, Vec<Reject>> {
        self.table.check_utf8().map_err(|problem| vec![problem])?;
        let mut problems = Vec::new();
        let mut wrong =
            |field: &str, code: &'static str, reason: String| problems.push(Reject::new(row, self.mapping.column(field), code, reason));
        let reference = self.text("reference");
        if reference.is_none_or(|reference| reference.chars().count() > 100) {
            wrong("reference", "missing", "must be FLARE's own number of the incident, at most 100 characters".to_owned());
        }
        let day = self.text("date").and_then(day);
        if day.is_none() {
            wrong("date", "not_a_day", "is not a day: write 30/06/2004 or 2004-06-30".to_owned());
        }
        let time = self.text("time").map(time);
        if time == Some(None) {
            wrong("time", "not_a_time", "is not a time: write 21:30, or leave it empty".to_owned());
        }
        let category = self.text("category").and_then(|word| self.mapping.category(word));
        if category.is_none() {
            let remedy = vocabulary::current().remedy("one_day_count");
            wrong("category", "unknown_category", format!("{remedy}; or name it under categories in a mapping file"));
        }
        let mut number = |field: &str| {
            let text = self.text(field)?;
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            if number.is_none() {
                wrong(field, "not_a_number", "is not a number of metres on the National Grid, or empty".to_owned());
            }
            number
        };
        let (easting, northing) = (number("easting"), number("northing"));
        let (Some(reference), Some(day), Some(category), true) = (reference, day, category, problems.is_empty()) else {
            return Err(problems);
        };
        let id = identity::id(&identity::fingerprint(&self.namespace, [(b"reference".as_slice(), reference.as_bytes())]), 0);
        let cells = self.table.cells();
        let all = self.table.header().iter().enumerate();
        let content = identity::fingerprint(NAMESPACE, all.map(|(at, name)| (name.as_bytes(), cells.bytes(at))));
        let occurred = match time.flatten().and_then(|time| Timestamp::of_london(day, time)) {
            Some(at) => Occurred { at: Some(at), ..Occurred::default() },
            None => Occurred { on: Some(day), ..Occurred::default() },
        };
        let text = |field: &str| self.text(field).map(str::to_owned);
        let place = NewPlace {
            role: Some(PlaceRole::HappenedAt),
            address: text("address"),
            street: text("street"),
            postcode: text("postcode"),
            uprn: text("uprn"),
            easting,
            northing,
            ..NewPlace::default()
        };
        let known = vocabulary::current();
        let label = known.label("one_day_count", &category);
        let codes = |to: &str| known.mapped("one_day_count", to, &category);
        let details = FIELDS.iter().position(|field| *field == "details").and_then(|at| self.places[at]);
        // The text itself is the narrative, and not kept a second time.
        let columns = self.table.header().iter().enumerate().filter(|(at, _)| Some(*at) != details);
        let mut fields: std::collections::BTreeMap<String, String> =
            columns.map(|(at, name)| (name.clone(), cells.text(at).unwrap_or_default().to_owned())).collect();
        fields.insert(CATEGORY.to_owned(), category.clone());
        let level = if self.mapping.sharing.as_deref() == Some("partnership") { None } else { Some(Sharing::of(SharingLevel::OwnerOnly)) };
        let incident = NewIncident {
            id: Some(id),
            occurred,
            qualifier: codes("qualifiers").iter().find_map(|code| code.parse().ok()).or(Some(Qualifier::Nuisance)),
            types: codes("nsir_types").iter().filter_map(|code| code.parse().ok()).collect(),
            summary: place.street.as_ref().map_or_else(|| label.clone(), |street| format!("{label} in {street}")),
            narrative: text("details"),
            sharing: level,
            reports: vec![NewReport {
                id: Some(identity::part(id, "report")),
                external_references: vec![ExternalReference { system: SYSTEM.to_owned(), reference: reference.to_owned() }],
                ..NewReport::default()
            }],
            places: if place == (NewPlace { role: place.role, ..NewPlace::default() }) {
                Vec::new()
            } else {
                vec![NewPlace { id: Some(identity::part(id, "place")), ..place }]
            },
            source: Some(Source { system: SYSTEM.to_owned(), fields }),
            ..NewIncident::default()
        };
        match self.repeats.note(id, &content) {
            Seen::First => Ok(Some(FlareRow { incident, category, year: day.year() })),
            Seen::Same => Ok(None),
            Seen::Different => {
                let reason = "stands in the file before with other content: give each incident a number of its own";
                Err(vec![Reject::new(row, self.mapping.column("reference"), "repeated", reason)])
            }
        }
    }
}

fn day(text: &str) -> Option<Date> {
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    let parts: Vec<&str> = text.split(['/', '.', '-']).collect();
    let [day, month, year] = parts[..] else { return None };
    let year = year.parse().ok().filter(|_| year.len() == 4)?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

fn time(text: &str) -> Option<Time> {
    let parts: Vec<i8> = text.split([':', '.']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match parts[..] {
        [hour, minute] | [hour, minute, _] => Time::new(hour, minute, 0, 0).ok(),
        _ => None,
    }
}

/// The field of the profile that a problem's JSON pointer came from.
fn field_of(pointer: &str) -> &str {
    match pointer.trim_start_matches('/') {
        "narrative" => "details",
        other if other.starts_with("occurred") => "date",
        other if other.starts_with("reports/") => "reference",
        other => other.strip_prefix("places/0/").unwrap_or(other),
    }
}

crate::row::rows_of!(Reader, FlareRow);
