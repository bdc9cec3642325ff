//! One malformed request, and what must be answered.

use super::PERSONAL;
use serde_json::{Value, json};
use std::hash::Hash;
use tests::{Officer, World, exchange, request};

/// Who sends it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Who {
    Officer,
    Dpo,
    Administrator,
    Nobody,
}

/// What must be told.
#[derive(Debug, Clone)]
enum Told {
    /// A problem of this field.
    Field(String),
    /// These words, in the detail.
    Words(&'static str),
    /// Only the status: the method has no body, or the request never reached us.
    Status,
}

pub(super) struct Row {
    name: String,
    method: &'static str,
    path: Vec<u8>,
    who: Who,
    headers: Vec<Vec<u8>>,
    content_type: Option<&'static str>,
    body: Vec<u8>,
    status: u16,
    told: Told,
}

impl Row {
    /// Any request; a 422 unless [`Row::is`] says otherwise.
    pub(super) fn new(name: impl Into<String>, method: &'static str, path: impl AsRef<[u8]>) -> Self {
        let content_type = match method {
            "POST" => Some("application/json"),
            "PATCH" => Some("application/merge-patch+json"),
            _ => None,
        };
        let (path, headers) = (path.as_ref().to_vec(), Vec::new());
        Self {
            name: name.into(),
            method,
            path,
            who: Who::Officer,
            headers,
            content_type,
            body: Vec::new(),
            status: 422,
            told: Told::Status,
        }
    }

    /// `POST` of a JSON body.
    pub(super) fn post(name: impl Into<String>, path: impl AsRef<[u8]>, body: &Value) -> Self {
        Self::new(name, "POST", path).body(body.to_string())
    }

    pub(super) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(super) fn by(mut self, who: Who) -> Self {
        self.who = who;
        self
    }

    pub(super) fn header(mut self, line: impl AsRef<[u8]>) -> Self {
        self.headers.push(line.as_ref().to_vec());
        self
    }

    pub(super) fn content_type(mut self, content_type: Option<&'static str>) -> Self {
        self.content_type = content_type;
        self
    }

    /// The status it must have.
    pub(super) fn is(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The field that must be named.
    pub(super) fn at(mut self, pointer: impl Into<String>) -> Self {
        self.told = Told::Field(pointer.into());
        self
    }

    /// The words that must be told.
    pub(super) fn says(mut self, words: &'static str) -> Self {
        self.told = Told::Words(words);
        self
    }

    /// What makes it another request than the others.
    pub(super) fn sent(&self) -> impl Eq + Hash {
        (self.method, &self.path, &self.headers, self.content_type, &self.body)
    }

    /// What is wrong with the answer, if anything.
    pub(super) fn misbehaves(&self, url: &str, seed: &Seed) -> Option<String> {
        let mut headers = self.headers.clone();
        let token = match self.who {
            Who::Officer => Some(&seed.officer.token),
            Who::Dpo => Some(&seed.dpo.token),
            Who::Administrator => Some(&seed.administrator.token),
            Who::Nobody => None,
        };
        headers.extend(token.map(|token| format!("Authorization: Bearer {token}").into_bytes()));
        headers.extend(self.content_type.map(|kind| format!("Content-Type: {kind}").into_bytes()));
        let answer = exchange(url, &request(self.method, &self.path, &headers, &self.body));
        self.judge(&answer).map(|reason| {
            let shown: String = answer.chars().take(900).collect();
            format!("* {}: {reason}\n  {}", self.name, shown.replace('\n', "\n  "))
        })
    }

    fn judge(&self, answer: &str) -> Option<String> {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
        let head = head.to_ascii_lowercase();
        let status: u16 = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        if status != self.status {
            return Some(format!("status {status}, not {}", self.status));
        }
        if answer.contains(PERSONAL) {
            return Some("the answer repeats a personal value".to_owned());
        }
        if matches!(self.told, Told::Status) {
            return None;
        }
        if !head.contains("content-type: application/problem+json") {
            return Some("not a problem document".to_owned());
        }
        let problem: Value = serde_json::from_str(body).unwrap_or(Value::Null);
        if problem["status"] != json!(status) || !problem["type"].as_str().is_some_and(|kind| kind.starts_with("urn:beacon:problem:")) {
            return Some("not a whole problem document".to_owned());
        }
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        if errors.iter().any(|error| error["code"].as_str().is_none_or(str::is_empty) || error["detail"].as_str().is_none_or(str::is_empty))
        {
            return Some("an error without code or detail".to_owned());
        }
        match &self.told {
            Told::Field(pointer) if errors.iter().any(|error| error["pointer"] == json!(pointer)) => None,
            Told::Field(pointer) => Some(format!("does not name {pointer}")),
            Told::Words(words) if body.contains(words) => None,
            Told::Words(words) => Some(format!("does not say {words:?}")),
            Told::Status => None,
        }
    }
}

/// What is there before: people who ask, and an incident with a part of every kind.
pub(super) struct Seed {
    pub(super) officer: Officer,
    pub(super) dpo: Officer,
    pub(super) administrator: Officer,
    pub(super) incident: Value,
}

impl Seed {
    pub(super) fn plant(world: &World) -> Self {
        let officer = world.council_officer();
        let dpo = world.officer(&world.council, "Del Marsh", "data_protection_officer");
        let administrator = world.council.admin.clone();
        let incident = officer.log(&whole())["incident"].clone();
        Self { officer, dpo, administrator, incident }
    }

    /// A path below the incident.
    pub(super) fn path(&self, below: &str) -> String {
        format!("/v1/incidents/{}{below}", self.incident["id"].as_str().unwrap())
    }

    /// The id of the first part of a list.
    pub(super) fn part(&self, list: &str) -> &str {
        self.incident[list][0]["id"].as_str().unwrap()
    }
}

/// A sound incident with a part of every kind.
pub(super) fn whole() -> Value {
    let (affected, complained_about) = (model_id(1), model_id(2));
    json!({
        "occurred": { "at": "2026-03-04T21:30:00Z" },
        "qualifier": "nuisance",
        "types": [206],
        "summary": "a dog barks through the night",
        "reports": [{ "channel": "telephone" }],
        "places": [{ "longitude": -1.313, "latitude": 54.565, "street": "High Street", "postcode": "TS18 1AB" }],
        "involvements": [
            { "id": affected, "person": { "name": { "full": "Margaret Ashworth" } }, "roles": ["person_affected"] },
            { "id": complained_about, "person": { "name": { "full": "Jinx Tolliver" } }, "roles": ["person_complained_about"] },
        ],
        "allegations": [{ "made_by": affected, "about": complained_about, "what": "keeps the dog in the yard", "basis": "saw" }],
    })
}

/// An id a client made.
pub(super) fn model_id(number: u8) -> String {
    format!("018f0000-0000-7000-8000-0000000000{number:02x}")
}

/// The body with the value at a pointer replaced or added.
pub(super) fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    match body.pointer_mut(parent).unwrap() {
        Value::Array(list) => list[field.parse::<usize>().unwrap()] = value,
        object => object[field] = value,
    }
    body
}
