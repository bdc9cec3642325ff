//! `POST /v1/incidents`: the incident itself, its reports and its places.

use super::row::{Row, model_id, whole, with};
use serde_json::{Value, json};

const PATH: &str = "/v1/incidents";

/// One field set to a wrong value; that field, or `blamed`, must be named.
pub(super) fn field(pointer: &str, value: Value, blamed: &str) -> Row {
    let shown: String = value.to_string().chars().take(60).collect();
    Row::post(format!("{pointer} = {shown} ({blamed})"), PATH, &with(whole(), pointer, value)).at(blamed)
}

fn missing(name: &str) -> Row {
    let mut body = whole();
    body.as_object_mut().unwrap().remove(name);
    Row::post(format!("no {name}"), PATH, &body).at(format!("/{name}"))
}

pub(super) fn rows() -> Vec<Row> {
    let long = |length: usize| json!("x".repeat(length));
    let own = |pointer: &str, value: Value| field(pointer, value, pointer);
    let mut rows = vec![
        own("/summary", json!(7)),
        own("/summary", json!("   ")),
        own("/summary", long(501)),
        own("/summary", Value::Null),
        own("/summary", json!("a\u{0}b")),
        own("/summary", json!("a\u{1b}[31m")),
        missing("summary"),
        missing("types"),
        missing("qualifier"),
        missing("occurred"),
        own("/types", json!([])),
        own("/types", json!("206")),
        own("/types", json!({})),
        field("/types", json!([999]), "/types/0"),
        field("/types", json!([206, 206]), "/types/1"),
        field("/types", json!([-1]), "/types/0"),
        field("/types", json!([70_000]), "/types/0"),
        field("/types", json!([202.5]), "/types/0"),
        field("/types", json!(["Quixotte"]), "/types/0"),
        own("/qualifier", json!("Peggy Quixotte")),
        own("/qualifier", json!(1)),
        field("/additional_qualifiers", json!([200]), "/additional_qualifiers/0"),
        own("/narrative", long(50_001)),
        own("/narrative", json!(["Quixotte"])),
        field("/next_step", json!({ "action": "ring back" }), "/next_step/owner"),
        field("/next_step", json!({ "action": "ring back", "owner": "me", "by": "2026-02-30" }), "/next_step/by"),
        field("/safeguarding", json!({ "concern": "" }), "/safeguarding/concern"),
        field("/safeguarding", json!({ "concern": "x", "told_at": "noon, says Quixotte" }), "/safeguarding/told_at"),
        field("/hate", json!([{ "strand": "Quixotte", "perceived_by": "the reporter" }]), "/hate/0/strand"),
        field("/hate", json!([{ "strand": "race", "perceived_by": "" }]), "/hate/0/perceived_by"),
        field("/markings", json!(["secret"]), "/markings/0"),
        own("/owning_agency", json!("Quixotte")),
        own("/owning_agency", json!(model_id(9))),
        own("/regime", json!("martial")),
        field("/sharing", json!({ "level": "everybody" }), "/sharing/level"),
        field("/sharing", json!({ "level": "named_agencies" }), "/sharing/agencies"),
        field("/sharing", json!({ "level": "partnership", "agencies": [model_id(9)] }), "/sharing/agencies"),
        field("/sharing", json!({ "level": "named_officers" }), "/sharing/officers"),
        field("/sharing", json!({ "level": "named_agencies", "agencies": [model_id(9)] }), "/sharing/agencies"),
        field("/sharing", json!({ "level": "named_officers", "officers": [model_id(9)] }), "/sharing/officers"),
        own("/intake", json!("INT-2026-K7Q4M-A")),
        own("/intake", json!("K7Q4M")),
        own("/id", json!("Quixotte")),
        own("/id", json!(42)),
        own("/colour", json!("red")),
        own("/places/0/colour", json!("Quixotte")),
        own("/reports", json!({ "channel": "telephone" })),
        own("/reports", json!(vec![json!({}); 1_001])),
        own("/reports/0/channel", json!("Quixotte")),
        own("/reports/0/reported_at", json!("2199-01-01T00:00:00Z")),
        own("/reports/0/device_time", json!("2026-03-04 21:30")),
        own("/reports/0/reporter", json!(model_id(9))),
        field("/reports/0/external_references", json!([{ "system": "", "reference": "1" }]), "/reports/0/external_references/0/system"),
        field("/reports/0/external_references", json!([{ "system": "log" }]), "/reports/0/external_references/0/reference"),
    ];
    rows.extend(when());
    rows.extend(places());
    rows
}

/// When it occurred.
fn when() -> Vec<Row> {
    let occurred = |value: Value, blamed: &str| field("/occurred", value, blamed);
    vec![
        occurred(json!({}), "/occurred"),
        occurred(json!("2026-03-04"), "/occurred"),
        occurred(json!({ "at": "2026-03-04T21:30:00Z", "on": "2026-03-04" }), "/occurred"),
        occurred(json!({ "at": "2026-03-04T21:30:00Z", "month": "2026-03" }), "/occurred"),
        occurred(json!({ "from": "2026-03-04T21:30:00Z", "to": "2026-03-04T21:29:59Z" }), "/occurred/to"),
        occurred(json!({ "from": "2026-03-04T21:30:00Z" }), "/occurred/to"),
        occurred(json!({ "to": "2026-03-04T21:30:00Z" }), "/occurred/from"),
        occurred(json!({ "on": "2026-02-30" }), "/occurred/on"),
        occurred(json!({ "on": "30/02/2026" }), "/occurred/on"),
        occurred(json!({ "month": "2026-13" }), "/occurred/month"),
        occurred(json!({ "month": "March" }), "/occurred/month"),
        occurred(json!({ "at": "2026-03-04T21:30:00" }), "/occurred/at"),
        occurred(json!({ "at": "when Quixotte came home" }), "/occurred/at"),
        occurred(json!({ "at": 1_772_659_800 }), "/occurred/at"),
        occurred(json!({ "at": "2026-03-04T25:00:00Z" }), "/occurred/at"),
        occurred(json!({ "at": "9999-12-31T00:00:00Z" }), "/occurred/at"),
        occurred(json!({ "on": "1066-10-14" }), "/occurred"),
        occurred(json!({ "on": "2199-01-01" }), "/occurred"),
        occurred(json!({ "month": "2199-01" }), "/occurred"),
    ]
}

/// Where it happened.
fn places() -> Vec<Row> {
    let point = |longitude: Value, latitude: Value, blamed: &str| {
        field("/places", json!([{ "longitude": longitude, "latitude": latitude }]), &format!("/places/0/{blamed}"))
    };
    let grid = |easting: Value, northing: Value, blamed: &str| {
        field("/places", json!([{ "easting": easting, "northing": northing }]), &format!("/places/0/{blamed}"))
    };
    let own = |name: &str, value: Value| field(&format!("/places/0/{name}"), value, &format!("/places/0/{name}"));
    vec![
        point(json!(-1.313), Value::Null, "latitude"),
        point(Value::Null, json!(54.565), "longitude"),
        point(json!("-1.313"), json!(54.565), "longitude"),
        point(json!(54.565), json!(-1.313), "longitude"),
        point(json!(2.5), json!(54.6), "longitude"),
        point(json!(0.0), json!(0.0), "longitude"),
        point(json!(2.35), json!(48.85), "longitude"),
        point(json!(-1.313), json!(1e300), "longitude"),
        grid(json!(444_500), Value::Null, "northing"),
        grid(json!(640_000), json!(900_000), "easting"),
        grid(json!(-1), json!(519_000), "easting"),
        grid(json!(1e308), json!(1e308), "easting"),
        field(
            "/places",
            json!([{ "easting": 444_500, "northing": 519_000, "longitude": -0.127, "latitude": 51.507 }]),
            "/places/0/easting",
        ),
        own("postcode", json!("TS18")),
        own("postcode", json!("Quixotte House")),
        own("uprn", json!("1000x")),
        own("uprn", json!("1234567890123")),
        own("uprn", json!(100_110)),
        own("usrn", json!("")),
        own("role", json!("nearby")),
        own("precision", json!("roughly")),
        own("address", json!("x".repeat(501))),
        own("street", json!("High\u{0}Street")),
        field("/places", json!([{}]), "/places/0"),
        field("/places", json!([[]]), "/places/0"),
        field("/places/0/id", json!(model_id(1)), "/involvements/0/id"),
    ]
}
