//! One request of each operation, and what the tables say it answers.

use super::{
    cell::Cell,
    operations::{Follows, OperationRow},
    record::{BORN, CHILD_BORN, Record},
    table::Answer,
};
use model::{Role, Uuid};
use serde_json::{Value, json};

/// A request, and what must come back.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Option<Value>,
    pub(super) expected: Expected,
}

/// What must come back.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expected {
    /// This status.
    Status(u16),
    /// The record, so much of it, with or without the identities of the confidential witness and the child.
    Record { sight: String, protected: bool, child: bool },
    /// A search that finds the record, or not, or tells its holder.
    Hit(&'static str),
    /// A list, count or map with the record in it, or not.
    Counted(bool),
}

/// A record that nothing has.
pub(super) const UNKNOWN: &str = "018f0000-0000-7000-8000-000000000009";

fn records(role: Role) -> bool {
    matches!(role, Role::Officer | Role::Supervisor | Role::SafeguardingLead | Role::IntegrationClient)
}

/// The requests of one operation in one cell; none where the record has no part it would name.
pub(super) fn requests(operation: &OperationRow, cell: &Cell, record: &Record, answer: &Answer) -> Vec<Asked> {
    let (path, body) = filled(operation, record);
    let refused = answer.by_id == "403";
    let seen = matches!(answer.by_id.as_str(), "full" | "summary" | "summary_without_people");
    let whole = answer.by_id == "full";
    let owns = cell.acts_for().0 == cell.owner();
    let decides = whole && owns && matches!(cell.role, Role::Supervisor | Role::SafeguardingLead) && !cell.seconded();
    let parts = operation.path.contains("/involvements/") || operation.path.contains("/allegations/");
    let one = |expected| vec![Asked { method: operation.method, path: path.clone(), body: body.clone(), expected }];
    // What somebody may do answers `allowed`; what they may not, 403 where they see the record and 404 where not.
    let gate = |may: bool, allowed: u16| {
        Expected::Status(if may {
            allowed
        } else if seen {
            403
        } else {
            404
        })
    };
    match operation.follows {
        Follows::Public | Follows::SignedIn | Follows::Role => Vec::new(),
        _ if refused => one(Expected::Status(403)),
        Follows::ById => {
            let expected = match answer.by_id.as_str() {
                "404" => Expected::Status(404),
                sight => Expected::Record { sight: sight.to_owned(), protected: answer.protected, child: answer.child },
            };
            let head = Asked {
                method: "HEAD",
                path: path.clone(),
                body: None,
                expected: Expected::Status(if answer.by_id == "404" { 404 } else { 200 }),
            };
            let mut both = one(expected);
            both.push(head);
            both
        }
        Follows::SeenById => one(Expected::Status(if seen { 200 } else { 404 })),
        Follows::NameHit if operation.method == "GET" => {
            let yes = |seen: bool| Expected::Status(if seen { 200 } else { 404 });
            let ask = |kind: usize, seen| Asked {
                method: "GET",
                path: operation.path.replace("{id}", &record.person(kind).to_string()),
                body: None,
                expected: yes(seen),
            };
            vec![ask(0, answer.name_hit == "yes"), ask(1, answer.protected), ask(2, answer.child)]
        }
        Follows::NameHit => {
            let hit = |seen: bool| Expected::Hit(if seen { "yes" } else { "no" });
            let adult = Expected::Hit(match answer.name_hit.as_str() {
                "yes" => "yes",
                "held" => "held",
                _ => "no",
            });
            let born = [BORN, BORN, CHILD_BORN];
            let ask = |kind: usize, expected| {
                let body = Some(json!({ "name": record.names[kind], "date_of_birth": born[kind] }));
                Asked { method: "POST", path: path.clone(), body, expected }
            };
            vec![ask(0, adult), ask(1, hit(answer.protected)), ask(2, hit(answer.child))]
        }
        Follows::Counted => one(Expected::Counted(answer.counted)),
        Follows::ChangeByOwner if parts && cell.class == "published" => one(gate(whole && records(cell.role), 404)),
        Follows::Add => one(gate(whole && records(cell.role), 422)),
        Follows::ChangeByOwner => one(gate(whole && records(cell.role) && owns, 412)),
        Follows::Link => one(gate(whole && records(cell.role), 422)),
        Follows::End => one(gate(whole && records(cell.role), 404)),
        Follows::Decide => one(gate(decides, 422)),
        Follows::DecideEnd => one(gate(decides, 404)),
        Follows::DecideList => one(gate(decides, 200)),
    }
}

/// The path and body of an operation on a record: sound to whoever is let in, and changing nothing.
fn filled(operation: &OperationRow, record: &Record) -> (String, Option<Value>) {
    let incident = &record.incident;
    let part = |list: &str| -> Option<Uuid> {
        match list {
            "reports" => incident.reports.first().map(|part| part.id),
            "places" => incident.places.first().map(|part| part.id),
            "involvements" => incident.involvements.first().map(|part| part.id),
            "allegations" => incident.allegations.first().map(|part| part.id),
            _ => None,
        }
    };
    let list = operation.path.split('/').nth(4).unwrap_or_default();
    let mut path = operation.path.replace("{incident}", &incident.id.to_string());
    path = path.replace("{id}", &part(list).map_or_else(|| UNKNOWN.to_owned(), |id| id.to_string()));
    path = path.replace("{officer}", UNKNOWN).replace("{link}", UNKNOWN);
    let day = &record.day;
    let body = match (operation.method, operation.path) {
        ("PATCH", _) => Some(json!({})),
        ("POST", "/v1/place-searches") => Some(json!({ "uprn": record.uprn })),
        ("POST", "/v1/incidents/{incident}/reports") => Some(json!({ "channel": "x" })),
        ("POST", "/v1/incidents/{incident}/places") => Some(json!({ "uprn": "x" })),
        ("POST", "/v1/incidents/{incident}/involvements") => Some(json!({ "unnamed": { "description": "A man" }, "roles": [] })),
        ("POST", "/v1/incidents/{incident}/allegations") => Some(json!({ "about": UNKNOWN, "what": "x", "basis": "was_told" })),
        ("POST", "/v1/incidents/{incident}/duplicates") => Some(json!({ "incident": UNKNOWN })),
        ("POST", "/v1/incidents/{incident}/releases") => {
            Some(json!({ "to_agency": UNKNOWN, "grade": "full", "basis": "cda_1998_s115", "until": "2030-01-01T00:00:00Z" }))
        }
        ("PUT", "/v1/incidents/{incident}/blocks/{officer}") => Some(json!({ "reason": "x" })),
        // Too long: whoever is let in is told so, and nothing is kept.
        ("PUT", "/v1/incidents/{incident}/source") => Some(json!({ "text": "x".repeat(6_000) })),
        _ => None,
    };
    match operation.path {
        "/v1/incidents" => path.push_str(&format!("?from={day}&to={day}")),
        "/v1/hotspots" => path.push_str(&format!("?bbox=-1.40,54.50,-1.20,54.65&method=counts&from={day}&to={day}")),
        _ => {}
    }
    (path, body)
}

/// One request of an operation that the role or signing in decides, with a body that is sound; ids in it are unknown.
pub(super) fn by_role(operation: &OperationRow, cell: &Cell) -> (String, Option<Value>) {
    let mut path = operation.path.replace("{class}", "ordinary");
    for place in ["{officer}", "{token}", "{id}", "{incident}", "{identity}", "{account}", "{association}"] {
        path = path.replace(place, UNKNOWN);
    }
    path = path.replace("{seq}", "999999999").replace("{number}", "1");
    path.push_str(match (operation.method, operation.path) {
        ("POST", "/v1/imports") => "?kind=postcodes&file=x.csv",
        ("GET", "/v1/audit/viewers") => "?record=018f0000-0000-7000-8000-000000000009",
        ("GET", "/v1/audit/seen") => "?officer=018f0000-0000-7000-8000-000000000009",
        ("GET", "/v1/audit/look-ups") => "?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z",
        ("DELETE", "/v1/audit/{seq}/payload") => "?reason=recorded_in_error",
        _ => "",
    });
    let body = match (operation.method, operation.path) {
        ("POST", "/v1/agencies") => Some(json!({ "name": " ", "kind": "other" })),
        ("POST", "/v1/officers") => Some(json!({ "name": " ", "agency": cell.owner(), "role": "officer" })),
        ("POST", "/v1/secondments") => {
            Some(json!({ "officer": UNKNOWN, "host": cell.owner(), "role": "officer", "until": "2030-01-01T00:00:00Z" }))
        }
        ("PUT", "/v1/sharing-agreements/{class}") => Some(json!({ "level": "open", "basis": "x", "review_at": "2030-01-01T00:00:00Z" })),
        ("POST", "/v1/emergency-access") => Some(json!({ "name": "Nobody Atall", "date_of_birth": "1970", "reason": "x" })),
        ("POST", "/v1/me/declarations") => Some(json!({ "kind": "home" })),
        ("POST", "/v1/asks") => Some(json!({ "question": "x" })),
        ("PUT", "/v1/asks/{id}/answer") => Some(json!({ "answer": "told" })),
        ("POST", "/v1/person-links") => Some(json!({ "first": UNKNOWN, "second": UNKNOWN, "decision": "same", "grounds": "other" })),
        ("POST", "/v1/people/{id}/associations") => {
            Some(json!({ "kind": "friend", "associate": UNKNOWN, "source": "document", "incident": UNKNOWN, "on": "2026-01-01" }))
        }
        ("POST", "/v1/name-forms") => Some(json!({ "name": "two words", "form": "x" })),
        ("POST", "/v1/reference-checks") => Some(json!({ "basis": "x" })),
        ("POST", "/v1/incidents") => Some(json!({ "occurred": {}, "types": [], "summary": "" })),
        ("POST", "/v1/markers") => {
            Some(json!({ "kind": "safety", "uprn": "x", "facts": "", "source": "", "review_at": "2030-01-01T00:00:00Z" }))
        }
        ("PUT", "/v1/me/password") => Some(json!({ "old": "x", "new": "y" })),
        ("PATCH", "/v1/officers/{officer}") => Some(json!({ "role": "officer" })),
        ("PUT", "/v1/officers/{officer}/identity") => Some(json!({ "issuer": "https://id.example", "subject": "x" })),
        ("PUT", "/v1/officers/{officer}/password") => Some(json!({ "password": "correct horse battery" })),
        ("POST" | "PUT" | "PATCH", _) => Some(data_protection(operation)),
        _ => None,
    };
    (path, body)
}

/// Bodies that a data protection officer is told are about nothing that is there.
fn data_protection(operation: &OperationRow) -> Value {
    match operation.path {
        "/v1/erasures" => json!({ "people": [UNKNOWN], "basis": "x", "reason": "x" }),
        "/v1/erasures/{id}/proposals/{number}" => json!({ "decision": "redact" }),
        "/v1/incidents/{incident}/rectifications" => json!({ "pointer": "/summary", "from": "x", "reason": "x" }),
        "/v1/retention-reviews/{incident}" => json!({ "decision": "retain", "reason": "x" }),
        "/v1/retention-schedules" => json!({ "class": "ordinary", "children": false, "months": 0 }),
        "/v1/subject-requests" => json!({ "people": [UNKNOWN], "received": "2026-01-01" }),
        "/v1/subject-requests/{id}/lines/{number}" => json!({ "decision": "release" }),
        _ => json!({}),
    }
}
