//! Reports, places, involvements and allegations added to and changed in an incident: fields are named within the part.

use super::row::{Row, Seed, model_id};
use serde_json::{Value, json};

pub(super) fn rows(seed: &Seed) -> Vec<Row> {
    let add = |list: &str, body: Value, blamed: &str| {
        Row::post(format!("add to {list}: {body}"), seed.path(&format!("/{list}")), &body).at(blamed)
    };
    let change = |list: &str, body: Value, blamed: &str| {
        Row::new(format!("change in {list}: {body}"), "PATCH", seed.path(&format!("/{list}/{}", seed.part(list))))
            .body(body.to_string())
            .header("If-Match: \"1\"")
            .at(blamed)
    };
    let unknown = model_id(9);
    vec![
        add("reports", json!({ "channel": "pigeon" }), "/channel"),
        add("reports", json!({ "reporter": unknown }), "/reporter"),
        add("reports", json!({ "reported_at": "2199-01-01T00:00:00Z" }), "/reported_at"),
        add("reports", json!({ "id": seed.part("reports") }), "/id"),
        add("reports", json!({ "colour": "red" }), "/colour"),
        add("reports", json!([]), ""),
        add("places", json!({}), ""),
        add("places", json!({ "longitude": 2.5, "latitude": 54.6 }), "/longitude"),
        add("places", json!({ "postcode": "Quixotte" }), "/postcode"),
        add("involvements", json!({ "roles": ["witness"] }), ""),
        add("involvements", json!({ "person": { "name": { "full": "" } }, "roles": ["witness"] }), "/person/name/full"),
        add(
            "involvements",
            json!({ "person": { "name": { "full": "x" } }, "roles": ["witness"], "same_person_as": unknown }),
            "/same_person_as",
        ),
        add("involvements", json!({ "person": { "name": { "full": "x" } }, "roles": ["witness"], "guardians": [unknown] }), "/guardians/0"),
        add("allegations", json!({ "about": unknown, "what": "x", "basis": "saw" }), "/about"),
        add("allegations", json!({ "what": "x", "basis": "saw" }), "/about"),
        add("allegations", json!({ "about": seed.part("involvements"), "what": "x", "basis": "gossip about Quixotte" }), "/basis"),
        Row::post("add to an unknown incident", format!("/v1/incidents/{unknown}/reports"), &json!({})).is(404).says("no such record"),
        Row::post("add to an unknown list", seed.path("/rumours"), &json!({})).is(404).says("no such record"),
        Row::new("add nothing", "POST", seed.path("/places")).is(400).at(""),
        change("reports", json!({ "channel": "pigeon" }), "/channel"),
        change("reports", json!({ "id": unknown }), "/id"),
        change("reports", json!({ "recorded_at": "2026-03-04T21:30:00Z" }), "/recorded_at"),
        change("reports", json!({ "wants": 7 }), "/wants"),
        change("reports", json!([]), ""),
        change("places", json!({ "easting": 1 }), "/easting"),
        change("places", json!({ "postcode": "Quixotte" }), "/postcode"),
        change("places", json!({ "role": "Quixotte" }), "/role"),
        change("involvements", json!({ "person": null }), ""),
        change("involvements", json!({ "roles": [] }), "/roles"),
        change("involvements", json!({ "roles": null }), "/roles"),
        change("involvements", json!({ "person": { "date_of_birth": "Quixotte" } }), "/person/date_of_birth"),
        change("involvements", json!({ "person": { "name": { "full": 7 } } }), "/person/name/full"),
        change("involvements", json!({ "identity": "anonymous" }), "/identity"),
        change("involvements", json!({ "subject_category": "convicted" }), "/conviction_reference"),
        change("allegations", json!({ "about": unknown }), "/about"),
        change("allegations", json!({ "status": "proven by Quixotte" }), "/status"),
        change("allegations", json!({ "what": null }), "/what"),
        Row::new("delete the last report", "DELETE", seed.path(&format!("/reports/{}", seed.part("reports"))))
            .header("If-Match: \"1\"")
            .is(409)
            .says("one report"),
        Row::new("delete somebody an allegation names", "DELETE", seed.path(&format!("/involvements/{}", seed.part("involvements"))))
            .header("If-Match: \"1\"")
            .is(409)
            .says("names it"),
    ]
}
