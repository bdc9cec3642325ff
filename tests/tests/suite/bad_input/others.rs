//! Searches, markers, intakes, links, administration.

use super::row::{Row, Seed, Who, model_id};
use serde_json::{Value, json};

pub(super) fn rows(seed: &Seed) -> Vec<Row> {
    let name = |body: Value, blamed: &str| {
        let shown: String = body.to_string().chars().take(60).collect();
        Row::post(format!("name search {shown}"), "/v1/name-searches", &body).at(blamed)
    };
    let place = |body: Value, blamed: &str| {
        let shown: String = body.to_string().chars().take(60).collect();
        Row::post(format!("place search {shown}"), "/v1/place-searches", &body).at(blamed)
    };
    let mut rows = vec![
        name(json!({}), "/name"),
        name(json!({ "name": "" }), "/name"),
        name(json!({ "name": "(".repeat(10_000) }), "/name"),
        name(json!({ "name": "Quixotte ".repeat(50) }), "/name"),
        name(json!({ "name": "Peggy\u{0}Quixotte" }), "/name"),
        name(json!({ "name": ["Quixotte"] }), "/name"),
        name(json!({ "name": "x", "date_of_birth": "Quixotte" }), "/date_of_birth"),
        name(json!({ "name": "x", "date_of_birth": 1948 }), "/date_of_birth"),
        name(json!({ "name": "x", "role": "Quixotte" }), "/role"),
        name(json!({ "name": "x", "from": "2026-03-02", "to": "2026-03-01" }), "/to"),
        name(json!({ "name": "x", "from": "2026-02-30" }), "/from"),
        name(json!({ "name": "x", "limit": 0 }), "/limit"),
        name(json!({ "name": "x", "limit": 101 }), "/limit"),
        name(json!({ "name": "x", "limit": -5 }), "/limit"),
        name(json!({ "name": "x", "postcode": "far too long for one" }), "/postcode"),
        name(json!({ "name": "x", "fuzziness": 9 }), "/fuzziness"),
        place(json!({}), ""),
        place(json!({ "uprn": "1", "street": "High Street" }), ""),
        place(json!({ "uprn": "Quixotte" }), "/uprn"),
        place(json!({ "usrn": "" }), "/usrn"),
        place(json!({ "postcode": "Quixotte" }), "/postcode"),
        place(json!({ "street": "!!!" }), "/street"),
        place(json!({ "address": "Quixotte ".repeat(60) }), "/address"),
        place(json!({ "street": "High Street", "limit": 101 }), "/limit"),
        place(json!({ "street": "High Street", "cursor": "Quixotte" }), "/cursor"),
        place(json!({ "street": 7 }), "/street"),
        Row::post("an intake with a note too long", "/v1/intakes", &json!({ "note": "x".repeat(501) })).at("/note"),
        Row::post("an intake that names a field there is not", "/v1/intakes", &json!({ "name": "Quixotte" })).at("/name"),
    ];
    rows.extend(markers(seed));
    rows.extend(links(seed));
    rows.extend(administration(seed));
    rows
}

fn markers(seed: &Seed) -> Vec<Row> {
    let marker = |edit: Value, blamed: &str| {
        let mut body = json!({ "kind": "safety", "facts": "a dog", "source": "the officer", "review_at": "2027-03-01T00:00:00Z" });
        for (name, value) in edit.as_object().unwrap() {
            body[name] = value.clone();
        }
        Row::post(format!("marker {edit}"), "/v1/markers", &body).at(blamed)
    };
    let person = seed.part("involvements");
    vec![
        marker(json!({}), ""),
        marker(json!({ "person": person, "uprn": "100" }), ""),
        marker(json!({ "person": model_id(9) }), "/person"),
        marker(json!({ "person": "Quixotte" }), "/person"),
        marker(json!({ "address": "1 High Street" }), "/address"),
        marker(json!({ "address": "1 High Street", "postcode": "Quixotte" }), "/postcode"),
        marker(json!({ "address": "!!!", "postcode": "TS18 1AB" }), "/address"),
        marker(json!({ "uprn": "Quixotte" }), "/uprn"),
        marker(json!({ "uprn": "1\u{0}" }), "/uprn"),
        marker(json!({ "person": person, "kind": "Quixotte" }), "/kind"),
        marker(json!({ "person": person, "facts": "" }), "/facts"),
        marker(json!({ "person": person, "source": "x".repeat(501) }), "/source"),
        marker(json!({ "person": person, "review_at": "2020-01-01T00:00:00Z" }), "/review_at"),
        marker(json!({ "person": person, "review_at": "2199-01-01T00:00:00Z" }), "/review_at"),
        marker(json!({ "person": person, "review_at": null }), "/review_at"),
    ]
}

fn links(seed: &Seed) -> Vec<Row> {
    let link = |body: Value, blamed: &str| Row::post(format!("link {body}"), seed.path("/duplicates"), &body).at(blamed);
    vec![
        link(json!({ "incident": seed.incident["id"] }), "/incident"),
        link(json!({ "incident": model_id(9) }), "/incident"),
        link(json!({ "incident": "Quixotte" }), "/incident"),
        link(json!({ "incident": 7 }), "/incident"),
        link(json!({}), "/incident"),
        Row::post(
            "link from an unknown incident",
            format!("/v1/incidents/{}/duplicates", model_id(9)),
            &json!({ "incident": seed.incident["id"] }),
        )
        .is(404)
        .says("no such record"),
    ]
}

fn administration(seed: &Seed) -> Vec<Row> {
    let post = |path: &str, body: Value, blamed: &str| Row::post(format!("{path} {body}"), path, &body).by(Who::Administrator).at(blamed);
    let tokens = format!("/v1/officers/{}/tokens", seed.officer.id);
    let agency = seed.incident["owning_agency"].as_str().unwrap();
    vec![
        post("/v1/agencies", json!({ "name": "", "kind": "council" }), "/name"),
        post("/v1/agencies", json!({ "name": "A", "kind": "militia" }), "/kind"),
        post("/v1/agencies", json!({ "name": "A\u{0}", "kind": "council" }), "/name"),
        post("/v1/agencies", json!({ "name": "A" }), "/kind"),
        post("/v1/agencies", json!({ "name": "stockton COUNCIL", "kind": "council" }), "").is(409).says("there already"),
        post("/v1/officers", json!({ "name": "", "agency": agency, "role": "officer" }), "/name"),
        post("/v1/officers", json!({ "name": "Al", "agency": agency, "role": "chief" }), "/role"),
        post("/v1/officers", json!({ "name": "Al", "agency": "Quixotte", "role": "officer" }), "/agency"),
        post("/v1/officers", json!({ "name": "pat reed", "agency": agency, "role": "officer" }), "").is(409).says("there already"),
        post(&tokens, json!({ "expires_at": "2020-01-01T00:00:00Z" }), "/expires_at"),
        post(&tokens, json!({ "expires_at": "soon" }), "/expires_at"),
        post(&tokens, json!({ "for": "Quixotte" }), "/for"),
        post("/v1/officers/Quixotte/tokens", json!({}), "").is(404).says("no such record"),
        post(&format!("/v1/officers/{}/tokens", seed.administrator.id), json!({}), "").is(403).says("themselves"),
        Row::post("an agency, by an officer", "/v1/agencies", &json!({ "name": "Mine", "kind": "other" })).is(403).says("administrators"),
        Row::post("a token, by an officer", &tokens, &json!({})).is(403).says("administrators"),
        Row::post("an incident, by an administrator", "/v1/incidents", &tests::incident("x"))
            .by(Who::Administrator)
            .is(403)
            .says("does not log"),
        Row::post("an intake, by a data protection officer", "/v1/intakes", &json!({})).by(Who::Dpo).is(403).says("does not log"),
    ]
}
