//! Reads JSON Lines.

use super::{ExportLine, FORMAT, IncidentHistory, NewIncidentLine};
use crate::{
    FileError, Input, Reject, Row,
    boundaries::Area,
    identity::{self, Ordinals, Repeats, Seen},
    json_problem::{self, JsonProblem},
    lines::{Line, Lines},
    open,
    table::not_utf8,
};
use model::{NewIncident, Problems, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::{borrow::Cow, io::Read};

/// The longest line, in bytes: an incident with everything it may hold, or a county's boundary.
const LONGEST_LINE: usize = 1 << 26;

/// Part of the id of every incident that has none of its own.
const NAMESPACE: &str = "beacon new incident 1";

/// Reads JSON Lines, plain or gzipped. A row's number is the number of its line; blank lines are passed over.
#[derive(Debug)]
pub struct JsonLinesReader<R: Read> {
    lines: Lines<Input<R>>,
    now: Timestamp,
    ordinals: Ordinals,
    repeats: Repeats,
    text: Vec<u8>,
    row: u64,
    any: bool,
    ended: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a> {
    #[serde(borrow)]
    format: Cow<'a, str>,
    #[serde(borrow)]
    record: Cow<'a, str>,
    #[serde(default)]
    owning_agency_name: Option<String>,
    #[serde(borrow)]
    value: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AreaValue<'a> {
    kind: String,
    code: String,
    name: String,
    #[serde(borrow)]
    geometry: &'a RawValue,
}

impl<R: Read> JsonLinesReader<R> {
    /// Opens a file. Kept incidents are checked as of `now`; new ones are checked when they are settled.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn new(reader: R, now: Timestamp) -> Result<Self, FileError> {
        Ok(Self {
            lines: Lines::new(open(reader)?, LONGEST_LINE),
            now,
            ordinals: Ordinals::default(),
            repeats: Repeats::default(),
            text: Vec::new(),
            row: 0,
            any: false,
            ended: false,
        })
    }

    fn read(&mut self) -> Result<Option<Row<ExportLine>>, FileError> {
        loop {
            self.text.clear();
            let line = self.lines.read(&mut self.text)?;
            if line == Line::End {
                return if self.any { Ok(None) } else { Err(FileError::empty("a JSON object per line")) };
            }
            self.row += 1;
            let row = self.row;
            if line == Line::TooLong {
                self.any = true;
                return Ok(Some(Row::reject(Reject::whole(row, "too_long", "is longer than 64 MiB"))));
            }
            if self.text.trim_ascii().is_empty() {
                continue;
            }
            self.any = true;
            let text = std::mem::take(&mut self.text);
            let read = match std::str::from_utf8(&text) {
                Ok(text) => self.record(row, text.trim()),
                Err(_) => Err(vec![not_utf8(row, Reject::WHOLE_ROW)]),
            };
            self.text = text;
            return Ok(Some(match read {
                Ok(Some(value)) => Row::Ok { row, value },
                Ok(None) => Row::Skip { row },
                Err(problems) => Row::Reject { row, problems },
            }));
        }
    }

    /// Reads one line's record; none when it repeats an earlier one.
    fn record(&mut self, row: u64, text: &str) -> Result<Option<ExportLine>, Vec<Reject>> {
        let rejected = |problem: JsonProblem| vec![problem.reject(row)];
        // serde would take a list for an object, field after field.
        let object = |field: &str, text: &str| match text.starts_with('{') {
            true => Ok(()),
            false => Err(vec![Reject::new(row, field, "not_an_object", "must be a JSON object, {…}")]),
        };
        object(Reject::WHOLE_ROW, text)?;
        let envelope: Envelope<'_> = json_problem::read(text).map_err(rejected)?;
        if envelope.format != FORMAT {
            return Err(vec![Reject::new(row, "/format", "unknown_format", format!("must be \"{FORMAT}\""))]);
        }
        if envelope.owning_agency_name.is_some() && envelope.record != "new_incident" {
            return Err(vec![Reject::new(row, "/owning_agency_name", "not_used", "goes only with the record new_incident")]);
        }
        let value = envelope.value.get();
        object("/value", value)?;
        Ok(Some(match &*envelope.record {
            "agency" => ExportLine::Agency(json_problem::read(value).map_err(rejected)?),
            "partnership" => ExportLine::Partnership(json_problem::read(value).map_err(rejected)?),
            "membership" => ExportLine::Membership(json_problem::read(value).map_err(rejected)?),
            "officer" => ExportLine::Officer(json_problem::read(value).map_err(rejected)?),
            "postcode" => ExportLine::Postcode(json_problem::read(value).map_err(rejected)?),
            "marker" => ExportLine::Marker(Box::new(json_problem::read(value).map_err(rejected)?)),
            "duplicate" => ExportLine::Duplicate(json_problem::read(value).map_err(rejected)?),
            "person_link" => ExportLine::PersonLink(json_problem::read(value).map_err(rejected)?),
            "association" => ExportLine::Association(json_problem::read(value).map_err(rejected)?),
            "incident" => {
                let history: IncidentHistory = json_problem::read(value).map_err(rejected)?;
                check_history(row, &history, self.now)?;
                ExportLine::Incident(Box::new(history))
            }
            "area" => {
                let area: AreaValue<'_> = json_problem::read(value).map_err(rejected)?;
                let area = Area::new(&area.kind, &area.code, &area.name, area.geometry.get());
                ExportLine::Area(
                    area.map_err(|refusal| vec![Reject::new(row, format!("/{}", refusal.field), refusal.code, refusal.reason)])?,
                )
            }
            "new_incident" => {
                let incident: NewIncident = json_problem::read(value).map_err(rejected)?;
                return Ok(self
                    .new_incident(row, incident, envelope.owning_agency_name)?
                    .map(|line| ExportLine::NewIncident(Box::new(line))));
            }
            _ => {
                let reason = "is not a record: use agency, officer, postcode, area, incident, new_incident, marker or duplicate";
                return Err(vec![Reject::new(row, "/record", "unknown_code", reason)]);
            }
        }))
    }

    /// Gives the incident its id.
    fn new_incident(&mut self, row: u64, mut incident: NewIncident, owner: Option<String>) -> Result<Option<NewIncidentLine>, Vec<Reject>> {
        if owner.is_some() && incident.owning_agency.is_some() {
            let reason = "give either owning_agency_name or owning_agency in value";
            return Err(vec![Reject::new(row, "/owning_agency_name", "one_form", reason)]);
        }
        // Written anew, so that blanks and the order of fields do not matter.
        let content = serde_json::to_vec(&incident).map_err(|_| vec![Reject::whole(row, "invalid", "cannot be written back")])?;
        let owner_bytes = owner.as_deref().unwrap_or_default().as_bytes();
        let fields = [(b"incident".as_slice(), content.as_slice()), (b"owner", owner_bytes)];
        let fingerprint = identity::fingerprint(NAMESPACE, fields);
        match incident.id {
            None => incident.id = Some(identity::id(&fingerprint, self.ordinals.next(&fingerprint))),
            Some(id) => match self.repeats.note(id, &fingerprint) {
                Seen::First => {}
                Seen::Same => return Ok(None),
                Seen::Different => {
                    return Err(vec![Reject::new(row, "/id", "repeated", "is the id of an earlier line with other content")]);
                }
            },
        }
        Ok(Some(NewIncidentLine { incident, owning_agency_name: owner }))
    }
}

/// Checks that a history is one incident's, in order, and sound.
fn check_history(row: u64, whole: &IncidentHistory, now: Timestamp) -> Result<(), Vec<Reject>> {
    let mut problems = Problems::default();
    let Some(first) = whole.history.first() else {
        return Err(vec![Reject::new(row, "/history", "empty", "must hold at least one version")]);
    };
    let mut version = first.incident.version;
    if version < 1 {
        problems.add("history/0/incident/version", "range", "must be 1 or more");
    }
    for (at, made) in whole.history.iter().enumerate() {
        let incident = &made.incident;
        problems.within(format!("history/{at}/incident"), |problems| {
            if incident.id != first.incident.id || incident.reference != first.incident.reference {
                problems.add("id", "another_incident", "must have the id and reference of the first version");
            }
            if incident.version != version {
                problems.add("version", "order", "must be one more than the version before");
            }
            if incident.involvements.iter().any(|involvement| involvement.protected) {
                problems.add(
                    "involvements",
                    "protected",
                    "are as somebody was shown them, without protected people: export as their owner",
                );
            }
            problems.within("details", |problems| incident.details.check(now, problems));
            incident.check_parts(problems);
        });
        version = version.saturating_add(1);
    }
    if whole.versions < version.saturating_sub(1) {
        problems.add("versions", "range", "must be the number of the last version");
    }
    problems.into_result().map_err(|problems| Reject::of_problems(row, &problems, str::to_owned))
}

crate::row::rows_of!(JsonLinesReader, ExportLine);
