//! Incidents as an officer's client would send them.

use serde_json::{Value, json};

/// An incident with nothing but what is needed.
pub fn incident(summary: &str) -> Value {
    json!({ "occurred": { "at": "2026-03-04T21:30:00Z" }, "qualifier": "nuisance", "types": [206], "summary": summary })
}

/// An incident at a place with people in it.
pub fn body(summary: &str, places: &[Value], people: &[Value]) -> Value {
    let mut incident = incident(summary);
    incident["places"] = json!(places);
    incident["involvements"] = json!(people);
    incident
}

/// A place in Stockton.
pub fn place(street: &str, postcode: &str) -> Value {
    json!({ "street": street, "postcode": postcode, "longitude": -1.313, "latitude": 54.565 })
}

/// A person named in full, in one role.
pub fn person(name: &str, role: &str) -> Value {
    json!({ "person": { "name": { "full": name } }, "roles": [role] })
}
