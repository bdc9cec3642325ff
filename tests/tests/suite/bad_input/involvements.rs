//! `POST /v1/incidents`: who is involved, and who says what about whom.

use super::{
    incidents::field,
    row::{Row, model_id},
};
use serde_json::{Value, json};

pub(super) fn rows() -> Vec<Row> {
    let one = |involvement: Value, blamed: &str| field("/involvements/0", involvement, &format!("/involvements/0{blamed}"));
    let roles = json!(["person_affected"]);
    let person = |person: Value| json!({ "id": model_id(1), "person": person, "roles": ["person_affected"] });
    let named = |name: &str, value: Value, blamed: &str| {
        let mut body = json!({ "name": { "full": "Peggy Quixotte" } });
        body[name] = value;
        one(person(body), &format!("/person/{blamed}"))
    };
    let kind = |name: &str, value: Value, blamed: &str| {
        let mut body = json!({ "id": model_id(1), "roles": ["witness"] });
        body[name] = value;
        one(body, blamed)
    };
    let mut rows = vec![
        one(json!({ "id": model_id(1), "roles": roles }), ""),
        one(json!({ "id": model_id(1), "roles": roles, "person": { "name": { "full": "x" } }, "vehicle": { "registration": "x" } }), ""),
        one(json!({ "id": model_id(1), "person": { "name": { "full": "x" } }, "roles": [] }), "/roles"),
        one(json!({ "id": model_id(1), "person": { "name": { "full": "x" } } }), "/roles"),
        one(json!({ "id": model_id(1), "person": { "name": { "full": "x" } }, "roles": ["Quixotte"] }), "/roles/0"),
        one(person(json!({})), "/person/name"),
        one(person(json!({ "name": {} })), "/person/name"),
        one(person(json!({ "name": "Peggy Quixotte" })), "/person/name"),
        one(person(json!({ "name": { "full": " " } })), "/person/name/full"),
        one(person(json!({ "name": { "full": "Quixotte ".repeat(30) } })), "/person/name/full"),
        one(person(json!({ "name": { "family": "Quixotte\u{0}" } })), "/person/name/family"),
        one(person(json!({ "name": { "full": "Quixotte ".repeat(100_000) } })), "/person/name/full"),
        one(person(json!({ "name": { "full": ["Quixotte"] } })), "/person/name/full"),
        named("date_of_birth", json!("1948-02-30"), "date_of_birth"),
        named("date_of_birth", json!("17/03/1948"), "date_of_birth"),
        named("date_of_birth", json!("2199-01-01"), "date_of_birth"),
        named("date_of_birth", json!(19_480_317), "date_of_birth"),
        named("age_band", json!({ "from": 30, "to": 20 }), "age_band"),
        named("age_band", json!({ "from": 30, "to": 200 }), "age_band"),
        named("age_band", json!({ "from": 30, "to": 300 }), "age_band/to"),
        named("age_band", json!({ "from": -1, "to": 20 }), "age_band/from"),
        named("sex", json!("Quixotte"), "sex"),
        named("phones", json!(["call Quixotte"]), "phones/0"),
        named("phones", json!([7_700_900_123_u64]), "phones/0"),
        named("phones", json!(vec!["01642 555555"; 21]), "phones"),
        named("aliases", json!([{ "name": "Jinx", "kind": "pen_name" }]), "aliases/0/kind"),
        named("aliases", json!([{ "name": "" }]), "aliases/0/name"),
        named("aliases", json!(["Quixotte"]), "aliases/0"),
        named("addresses", json!([{ "postcode": "Quixotte" }]), "addresses/0/postcode"),
        named("addresses", json!([{ "uprn": "Quixotte" }]), "addresses/0/uprn"),
        named("addresses", json!([{ "from": "2020", "to": "2019" }]), "addresses/0/to"),
        named("interpreter", json!("yes"), "interpreter"),
        named("safe_contact", json!("Quixotte\u{7}"), "safe_contact"),
        named("shoe_size", json!(9), "shoe_size"),
        kind("unnamed", json!({ "description": "two youths", "number": 0 }), "/unnamed/number"),
        kind("unnamed", json!({ "description": "two youths", "number": -3 }), "/unnamed/number"),
        kind("unnamed", json!({ "description": "two youths", "number": 70_000 }), "/unnamed/number"),
        kind("unnamed", json!({ "description": "" }), "/unnamed/description"),
        kind("organisation", json!({ "name": "" }), "/organisation/name"),
        kind("premises", json!({ "description": "" }), "/premises/description"),
        kind("premises", json!({ "description": "a shop", "uprn": "Quixotte" }), "/premises/uprn"),
        kind("premises", json!({ "description": "a shop", "postcode": "Quixotte" }), "/premises/postcode"),
        kind("vehicle", json!({}), "/vehicle"),
        kind("vehicle", json!({ "registration": "x".repeat(21) }), "/vehicle/registration"),
    ];
    rows.extend(rules());
    rows.extend(allegations());
    rows
}

/// What a single field does not tell: rules of the domain.
fn rules() -> Vec<Row> {
    let involvement = |edit: Value, blamed: &str| {
        let mut body = json!({ "id": model_id(1), "person": { "name": { "full": "Peggy Quixotte" } }, "roles": ["person_affected"] });
        for (name, value) in edit.as_object().unwrap() {
            body[name] = value.clone();
        }
        field("/involvements/0", body, &format!("/involvements/0/{blamed}"))
    };
    let child = json!({ "name": { "full": "Peggy Quixotte" }, "date_of_birth": "2018-06-01" });
    vec![
        involvement(json!({ "identity": "anonymous" }), "identity"),
        involvement(json!({ "identity": "confidential", "roles": ["person_complained_about"] }), "identity"),
        involvement(json!({ "identity": "secret" }), "identity"),
        involvement(json!({ "subject_category": "convicted" }), "conviction_reference"),
        involvement(json!({ "subject_category": "suspect", "person": child }), "subject_category"),
        involvement(json!({ "subject_category": "villain" }), "subject_category"),
        involvement(json!({ "same_person_as": model_id(9) }), "same_person_as"),
        involvement(json!({ "guardians": [model_id(9)] }), "guardians/0"),
        involvement(json!({ "notes": "x".repeat(4_001) }), "notes"),
        involvement(json!({ "adult_because": "" }), "adult_because"),
        field("/involvements/1/id", json!(model_id(1)), "/involvements/1/id"),
    ]
}

fn allegations() -> Vec<Row> {
    let own = |name: &str, value: Value| field(&format!("/allegations/0/{name}"), value, &format!("/allegations/0/{name}"));
    vec![
        own("about", json!(model_id(9))),
        own("about", Value::Null),
        own("about", json!(model_id(1))),
        own("made_by", json!(model_id(9))),
        own("basis", json!("a dream")),
        own("what", json!("")),
        own("status", json!("guilty")),
        own("counter_to", json!(model_id(9))),
        field("/allegations/0", json!({ "what": "shouts", "basis": "saw" }), "/allegations/0/about"),
    ]
}
