//! A row of the CSV file read as an incident to be recorded. Every problem of the row is found, not only the first.

use super::{
    columns::REQUIRED,
    flat::{Cells, Reading},
    person_cells,
};
use crate::{Reject, identity};
use model::{
    NewIncident, NewPlace, NewReport, Occurred, PlaceRole, Reference, Sharing, SharingLevel, Status, Timestamp, Uuid,
    agency::Named,
    grid::{Grid, Wgs84},
    place,
    report::ExternalReference,
    vocabulary,
};

/// What a row holds.
pub(super) struct FromRow {
    pub(super) incident: NewIncident,
    pub(super) owning_agency_name: Option<String>,
    pub(super) reference: Option<Reference>,
    pub(super) people: Vec<usize>,
}

/// The id a row gives itself.
pub(super) fn given_id(reading: &mut Reading<'_>) -> Option<Uuid> {
    reading.parsed("id", "not_an_id", |text| text.parse().map_err(|_| "not an id: leave it empty, or write a UUID"))
}

/// Reads a row whose id has been settled.
pub(super) fn read(cells: &Cells, row: u64, id: Uuid) -> Result<FromRow, Vec<Reject>> {
    let mut reading = Reading::new(cells, row);
    let reading = &mut reading;
    for column in REQUIRED {
        if !reading.has(column) {
            reading.problem(column, "missing", "is empty");
        }
    }
    if reading.has("types") && reading.list("types").is_empty() {
        reading.problem("types", "missing", "holds separators alone: give one type at least");
    }
    let reference = reading.word("reference", "not_a_reference");
    if reading.text("status").is_some_and(|status| status.trim() != Status::Open.as_str()) {
        reading.problem("status", "only_open", "only open incidents can be recorded from CSV: import this one from JSON Lines");
    }
    let occurred = reading.parsed("occurred", "not_a_time", occurred).unwrap_or_default();
    let (owning_agency, owning_agency_name) = match reading.word::<Named>("owning_agency", "not_an_agency") {
        Some(Named::Id(id)) => (Some(id), None),
        Some(Named::Name(name)) => (None, Some(name)),
        None => (None, None),
    };
    let (involvements, people) = person_cells::read(reading, id);
    let reporter = involvements.iter().find(|involvement| involvement.roles.contains(&model::InvolvementRole::Reporter));
    let incident = NewIncident {
        id: Some(id),
        occurred,
        qualifier: reading.word("qualifier", "unknown_code"),
        types: codes(reading, "types", "nsir_types"),
        additional_qualifiers: codes(reading, "additional_qualifiers", "nsir_qualifiers"),
        summary: reading.text("summary").unwrap_or_default(),
        narrative: reading.text("narrative"),
        assessment: reading.text("assessment"),
        immediate_action: reading.text("immediate_action"),
        markings: words(reading, "markings", "markings"),
        owning_agency,
        regime: reading.word("regime", "unknown_code"),
        sharing: sharing(reading),
        reports: report(reading, id, reporter.and_then(|reporter| reporter.id)).into_iter().collect(),
        places: place(reading, id).into_iter().collect(),
        involvements,
        ..NewIncident::default()
    };
    if reading.problems.is_empty() {
        Ok(FromRow { incident, owning_agency_name, reference, people })
    } else {
        Err(std::mem::take(&mut reading.problems))
    }
}

/// An instant, a day, a month, or two instants with a `/` between.
fn occurred(text: &str) -> Result<Occurred, &'static str> {
    const WRONG: &str = "not a time: write 2026-01-31T21:05:00Z, 2026-01-31, 2026-01, or two times with / between";
    if let Some((from, to)) = text.split_once('/') {
        let time = |text: &str| text.trim().parse::<Timestamp>().map_err(|_| WRONG);
        return Ok(Occurred { from: Some(time(from)?), to: Some(time(to)?), ..Occurred::default() });
    }
    match text.len() {
        7 => text.parse().map(Occurred::in_month).map_err(|_| WRONG),
        10 => text.parse().map(|day| Occurred { on: Some(day), ..Occurred::default() }).map_err(|_| WRONG),
        _ => text.parse().map(Occurred::at).map_err(|_| WRONG),
    }
}

fn codes(reading: &mut Reading<'_>, column: &str, vocabulary: &str) -> Vec<u16> {
    words(reading, column, vocabulary).iter().filter_map(|code| code.parse().ok()).collect()
}

/// Words of a vocabulary.
pub(super) fn words(reading: &mut Reading<'_>, column: &str, vocabulary: &str) -> Vec<String> {
    let known = vocabulary::current();
    let words = reading.list(column);
    if words.iter().any(|word| !known.has(vocabulary, word)) {
        reading.problem(column, "unknown_code", known.remedy(vocabulary));
    }
    words.into_iter().map(str::to_owned).collect()
}

fn sharing(reading: &mut Reading<'_>) -> Option<Sharing> {
    let level: SharingLevel = reading.word("sharing_level", "unknown_code")?;
    if matches!(level, SharingLevel::NamedAgencies | SharingLevel::NamedOfficers) {
        reading.problem("sharing_level", "names_nobody", "a CSV row cannot name whom it is shared with: import this one from JSON Lines");
    }
    Some(Sharing::of(level))
}

fn report(reading: &mut Reading<'_>, id: Uuid, reporter: Option<Uuid>) -> Option<NewReport> {
    let channel = reading.text("channel").map(|channel| channel.trim().to_owned());
    if channel.as_ref().is_some_and(|channel| !vocabulary::current().has("channels", channel)) {
        reading.problem("channel", "unknown_code", vocabulary::current().remedy("channels"));
    }
    let external = match (reading.text("external_system"), reading.text("external_reference")) {
        (Some(system), Some(reference)) => Some(ExternalReference { system, reference }),
        (Some(_), None) => {
            reading.problem("external_reference", "missing", "is needed beside external_system");
            None
        }
        (None, Some(_)) => {
            reading.problem("external_system", "missing", "is needed beside external_reference");
            None
        }
        (None, None) => None,
    };
    let report = NewReport {
        id: None,
        reporter,
        channel,
        reported_at: reading.word("reported_at", "not_a_time"),
        device_time: None,
        wants: reading.text("wants"),
        external_references: external.into_iter().collect(),
    };
    (report != NewReport::default()).then(|| NewReport { id: Some(identity::part(id, "report")), ..report })
}

fn place(reading: &mut Reading<'_>, id: Uuid) -> Option<NewPlace> {
    let mut pair = |first: &str, second: &str| {
        let pair = (reading.number(first), reading.number(second));
        for (given, missing) in [(first, second), (second, first)] {
            if reading.has(given) && !reading.has(missing) {
                reading.problem(missing, "missing", format!("is needed beside {given}"));
            }
        }
        pair
    };
    let ((easting, northing), (longitude, latitude)) = (pair("easting", "northing"), pair("longitude", "latitude"));
    if let (Some(easting), Some(northing)) = (easting, northing)
        && !(Grid { easting, northing }).near_land()
    {
        reading.problem("easting", "not_on_land", "is at sea or outside the United Kingdom: check easting and northing, in metres");
    }
    if let (Some(longitude), Some(latitude)) = (longitude, latitude)
        && !(Wgs84 { longitude, latitude }).near_land()
    {
        let reason = "is at sea or outside the United Kingdom: check longitude and latitude, in degrees, and that they are not swapped";
        reading.problem("longitude", "not_on_land", reason);
    }
    let trimmed = |text: Option<String>| text.map(|text| text.trim().to_owned());
    let place = NewPlace {
        uprn: trimmed(reading.text("uprn")),
        usrn: trimmed(reading.text("usrn")),
        address: reading.text("address"),
        street: reading.text("street"),
        postcode: postcode(reading, "postcode"),
        easting,
        northing,
        longitude,
        latitude,
        precision: reading.word("precision", "unknown_code"),
        ..NewPlace::default()
    };
    let empty = NewPlace { precision: place.precision, ..NewPlace::default() } == place;
    (!empty).then(|| NewPlace { id: Some(identity::part(id, "place")), role: Some(PlaceRole::HappenedAt), ..place })
}

/// A postcode in its standard form.
pub(super) fn postcode(reading: &mut Reading<'_>, column: &str) -> Option<String> {
    reading.parsed(column, "postcode", |text| place::postcode(text).ok_or("not a United Kingdom postcode: write it as TS18 1AB"))
}
