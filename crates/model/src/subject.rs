//! What an agency holds on one person, line by line, for a person to check before it is released to the subject.

use crate::{
    Incident, Involvement, InvolvementRole, PlaceRole, Timestamp, Uuid,
    agency::words,
    erasing::{self, Spans, Traces},
    erasure::RecordKind,
};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

words! {
    /// What is decided about a line.
    LineDecision, "a decision" {
        /// It is released as it is.
        Release = "release",
        /// It is released with places in it blanked.
        Redact = "redact",
        /// It is withheld under an exemption.
        Withhold = "withhold",
    }
}

words! {
    /// What a line has to be looked at for.
    LineMark, "a mark" {
        /// It says something of somebody else.
        ThirdParty = "third_party",
        /// It may tell who reported, or whose identity is kept.
        IdentifiesReporter = "identifies_reporter",
    }
}

/// A subject access request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SubjectRequest {
    /// Its id.
    pub id: Uuid,
    /// The agency asked.
    pub agency: Uuid,
    /// The officer who entered it.
    pub officer: Uuid,
    /// When it was entered.
    pub opened_at: Timestamp,
    /// The mentions that are the person.
    pub people: Vec<Uuid>,
    /// The day it was received.
    #[schema(value_type = String, format = Date)]
    pub received: Date,
    /// The day by which it is to be answered: a month later.
    #[schema(value_type = String, format = Date)]
    pub due: Date,
    /// When the answer was released.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Timestamp>,
    /// By which officer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released_by: Option<Uuid>,
}

/// A line of the draft: where it stands, never what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number.
    pub number: i64,
    /// What kind of record it stands in.
    pub kind: RecordKind,
    /// Which one.
    pub record: Uuid,
    /// The latest version in which it says this; 0 for what has no versions.
    pub version: i64,
    /// Where in it.
    pub pointer: String,
    /// What it has to be looked at for.
    pub marks: Vec<LineMark>,
    /// What was decided.
    pub decision: Option<LineDecision>,
    /// What is blanked in it.
    pub spans: Spans,
    /// Under which exemption it is withheld or blanked (vocabulary `subject_access_exemptions`).
    pub exemption: Option<String>,
    /// Who decided.
    pub decided_by: Option<Uuid>,
    /// When.
    pub decided_at: Option<Timestamp>,
}

/// Fields of an involvement that are the service's own.
const OURS: [&str; 6] = ["id", "version", "recorded_by", "recorded_at", "same_person_as", "guardians"];

/// The lines of one version of an incident: pointer, text and marks. `traces` is what the person is called.
pub fn lines(body: &Value, incident: &Incident, people: &[Uuid], traces: &Traces) -> Vec<(String, String, Vec<LineMark>)> {
    let others = Others::of(incident, people);
    let involved = incident.involvements.iter().any(|part| people.contains(&part.id));
    let mut found = Vec::new();
    for part in body.get("involvements").and_then(Value::as_array).into_iter().flatten() {
        let id = part.get("id").and_then(Value::as_str).unwrap_or_default();
        if !people.iter().any(|one| one.to_string() == id) {
            continue;
        }
        for (field, value) in part.as_object().into_iter().flatten().filter(|(field, _)| !OURS.contains(&field.as_str())) {
            leaves(value, format!("/involvements/{id}/{field}"), &mut |pointer, text| {
                found.push((pointer, text.clone(), others.marks(&text)));
            });
        }
    }
    if involved {
        for field in ["occurred", "qualifier", "types"] {
            if let Some(value) = body.pointer(&format!("/details/{field}")) {
                found.push((format!("/details/{field}"), told(value), Vec::new()));
            }
        }
    }
    for one in erasing::free_texts(body) {
        let mine = people.iter().any(|id| one.pointer.starts_with(&format!("/involvements/{id}/")));
        let named = !traces.spans(&one.text, involved).is_empty();
        if mine || !(named || (involved && concerns(incident, people, &one.pointer))) {
            continue;
        }
        let mut marks = others.marks(&one.text);
        for mark in by_place(incident, people, &one.pointer) {
            if !marks.contains(&mark) {
                marks.push(mark);
            }
        }
        found.push((one.pointer, one.text, marks));
    }
    found
}

/// Whether a text of an incident the person is in is about the person: all but what belongs to somebody else in it.
fn concerns(incident: &Incident, people: &[Uuid], pointer: &str) -> bool {
    let mut steps = pointer.split('/').skip(1);
    let (list, id) = (steps.next().unwrap_or_default(), steps.next().unwrap_or_default());
    match list {
        "involvements" => false,
        "allegations" => incident
            .allegations
            .iter()
            .any(|part| part.id.to_string() == id && (people.contains(&part.about) || part.made_by.is_some_and(|by| people.contains(&by)))),
        "reports" => incident.reports.iter().any(|part| part.id.to_string() == id && part.reporter.is_some_and(|by| people.contains(&by))),
        _ => true,
    }
}

/// What follows from where a text stands.
fn by_place(incident: &Incident, people: &[Uuid], pointer: &str) -> Vec<LineMark> {
    let mut steps = pointer.split('/').skip(1);
    let (list, id) = (steps.next().unwrap_or_default(), steps.next().unwrap_or_default());
    let other = |who: Option<Uuid>| who.is_some_and(|who| !people.contains(&who));
    match list {
        "involvements" => vec![LineMark::ThirdParty],
        "allegations" => {
            let by_other = incident.allegations.iter().any(|part| part.id.to_string() == id && other(part.made_by));
            if by_other { vec![LineMark::ThirdParty, LineMark::IdentifiesReporter] } else { Vec::new() }
        }
        "reports" => {
            let by_other = incident.reports.iter().any(|part| part.id.to_string() == id && other(part.reporter));
            if by_other { vec![LineMark::ThirdParty, LineMark::IdentifiesReporter] } else { Vec::new() }
        }
        "places" => {
            let from = incident.places.iter().any(|part| part.id.to_string() == id && part.role == PlaceRole::ReportedFrom);
            if from { vec![LineMark::IdentifiesReporter] } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

/// What everybody else in an incident is called.
struct Others {
    anybody: Traces,
    kept: Traces,
}

impl Others {
    fn of(incident: &Incident, people: &[Uuid]) -> Self {
        let (mut anybody, mut kept) = (Traces::default(), Traces::default());
        let keeps = |part: &Involvement| part.is_confidential() || part.roles.contains(&InvolvementRole::Reporter);
        for part in incident.involvements.iter().filter(|part| !people.contains(&part.id)) {
            anybody.add(part);
            if keeps(part) {
                kept.add(part);
            }
        }
        Self { anybody, kept }
    }

    fn marks(&self, text: &str) -> Vec<LineMark> {
        let says = |traces: &Traces| !traces.spans(text, true).is_empty();
        [(LineMark::ThirdParty, says(&self.anybody)), (LineMark::IdentifiesReporter, says(&self.kept))]
            .into_iter()
            .filter_map(|(mark, is)| is.then_some(mark))
            .collect()
    }
}

/// Every value that is no list or object of its own, with its pointer.
fn leaves(value: &Value, pointer: String, found: &mut dyn FnMut(String, String)) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| leaves(value, format!("{pointer}/{key}"), found)),
        Value::Array(list) => list.iter().enumerate().for_each(|(at, value)| leaves(value, format!("{pointer}/{at}"), found)),
        Value::Null => {}
        other => found(pointer, told(other)),
    }
}

/// A value as a line says it.
pub fn told(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
