//! Export gives everything back: imported into an empty database it reproduces it, byte for byte.

use crate::place::{Place, files};
use serde_json::{Value, json};
use testkit::{beacon::Server, http};

on_both_databases!(an_export_reproduces_the_database, a_sheet_can_be_read_back);

/// Two agencies, published rows, boundaries, postcodes, and incidents that hold everything an officer can enter.
fn fill(place: &Place) {
    let month = files("police-uk/cleveland", "2024-01");
    place.import("police-uk", &[&month[0]]);
    place.import("boundaries", &[&files("boundaries", "wards_E06000004")[0]]);
    place.import("postcodes", &[&place.file("few.csv", "TS18 1AB,10,444100,518600\nTS18 1AC,50,444123.4,518600\n")]);
    place.deployment.agency("Example Council", "council");
    place.deployment.officer("Bo Example", "Example Council", "officer");
    let server = place.deployment.serve();
    let post = |path: &str, body: serde_json::Value| http::post(&server.url, &place.token, path, &body).expect(201).json();
    let logged = |summary: &str, given: &str| {
        let made = post("/v1/incidents", incident(summary, given));
        (made["id"].clone(), made["incident"]["involvements"][0]["id"].as_str().unwrap().to_owned())
    };
    let (one, ada) = logged("Shouting, banging \"on doors\"\nand more", "Ada");
    let (two, bo) = logged("=cmd|' /C calc'!A0", "-Bo");
    let (one, two) = (one.as_str().unwrap(), two.as_str().unwrap());
    let patch = |version: u32, body: serde_json::Value| {
        http::patch(&server.url, &place.token, &format!("/v1/incidents/{one}"), &format!("\"{version}\""), &body).expect(200)
    };
    patch(1, json!({ "narrative": "First it was quiet.\nThen it was not. \u{1f98a} Ł" }));
    patch(2, json!({ "sharing": { "level": "owner_only" } }));
    post(&format!("/v1/incidents/{one}/reports"), json!({ "channel": "telephone", "wants": "Somebody to come" }));
    let link = || post(&format!("/v1/incidents/{one}/duplicates"), json!({ "incident": two }));
    let undone = format!("/v1/incidents/{one}/duplicates/{}", link()["id"].as_str().unwrap());
    http::send("DELETE", &server.url, &place.token, &undone, &[], None).expect(204);
    link();
    let decide = |decision: &str| json!({ "first": ada, "second": bo, "decision": decision, "grounds": "identity_document" });
    let undone = format!("/v1/person-links/{}", post("/v1/person-links", decide("same"))["id"].as_str().unwrap());
    http::send("DELETE", &server.url, &place.token, &undone, &[], None).expect(200);
    post("/v1/person-links", decide("different"));
    let friend = json!({ "kind": "friend", "associate": bo, "source": "document", "incident": one, "on": "2026-01-31" });
    post(&format!("/v1/people/{ada}/associations"), friend);
    server.stop();
}

fn incident(summary: &str, given: &str) -> serde_json::Value {
    json!({
        "occurred": { "from": "2026-01-31T21:05:00Z", "to": "2026-01-31T22:00:00.123456Z" }, "qualifier": "personal", "types": [202, 211],
        "summary": summary, "next_step": { "action": "Visit", "owner": "The team", "by": "2026-02-10" },
        "places": [{ "address": "1 Example Street", "postcode": "TS18 1AB", "longitude": -1.3131313, "latitude": 54.5656565 }],
        "involvements": [
            { "person": { "name": { "given": given, "family": "Quillfeather" }, "aliases": [{ "name": "Quill" }], "date_of_birth": "1987-04",
                "addresses": [{ "address": "2 Example Street", "postcode": "TS18 1AB", "from": "2020" }], "phones": ["+44 1632 960001"] },
              "roles": ["reporter"], "identity": "confidential", "notes": "Works nights" },
            { "unnamed": { "description": "Three youths", "number": 3 }, "roles": ["person_complained_about"] }
        ]
    })
}

fn an_export_reproduces_the_database(place: &Place) {
    fill(place);
    place.deployment.ok(&["export", "first.jsonl"]);
    let first = place.read("first.jsonl");
    for record in
        ["agency", "partnership", "membership", "officer", "postcode", "area", "incident", "duplicate", "person_link", "association"]
    {
        assert!(first.contains(&format!(r#""record":"{record}""#)), "no {record} in the export");
    }
    let empty = Place::empty(place.backend);
    let told = empty.console_import("incidents", &[&empty.file("first.jsonl", &first)]);
    let lines = first.lines().count() as u64;
    assert_eq!(told.figures(), (0, lines - 1, 1, 0, 0), "the partnership every database begins with is there: {}", told.text);
    empty.deployment.ok(&["export", "second.jsonl"]);
    same(&first, &empty.read("second.jsonl"));
    // Once more changes nothing.
    let again = empty.console_import("incidents", &[&empty.file("first.jsonl", &first)]);
    assert_eq!(again.figures(), (0, 0, lines, 0, 0), "{}", again.text);
    empty.deployment.ok(&["export", "third.jsonl"]);
    same(&first, &empty.read("third.jsonl"));

    // The new deployment answers as the old one does.
    let token = empty.deployment.ok(&["token", "create", "--officer", "Ada Example"]);
    let (old, new) = (place.deployment.serve(), empty.deployment.serve());
    let ask = |server: &Server, token: &str, path: &str| http::get(&server.url, token, path).expect(200).json();
    for path in ["/v1/incidents?limit=100", "/v1/hotspots?bbox=-1.6,54.3,-0.6,54.9&cell_size=500", "/v1/areas", "/v1/agencies"] {
        assert_eq!(ask(&old, &place.token, path), ask(&new, &token, path), "{path}");
    }
    let search = |server: &Server, token: &str| {
        http::post(&server.url, token, "/v1/name-searches", &json!({ "name": "Ada Quilfeather" })).expect(200).json()
    };
    let found = search(&old, &place.token);
    assert_eq!(likely(&found), ["Ada Quillfeather"], "{found}");
    assert_eq!(found, search(&new, &token));
}

fn same(first: &str, second: &str) {
    if first != second {
        let (mut ours, mut theirs) = (first.lines(), second.lines());
        let different = (1..).find(|_| ours.next() != theirs.next()).unwrap();
        let line = |text: &str| text.lines().nth(different - 1).unwrap_or("(none)").chars().take(2_000).collect::<String>();
        panic!("line {different} differs:\n{}\n{}", line(first), line(second));
    }
}

fn a_sheet_can_be_read_back(place: &Place) {
    fill(place);
    place.deployment.ok(&["export", "first.csv"]);
    let first = place.read("first.csv");
    assert!(first.contains("'=cmd|"), "a formula is guarded");
    let empty = Place::on(place.backend);
    let told = empty.import("incidents", &[&empty.file("first.csv", &first)]);
    assert_eq!((told.code, told.added, told.rejected), (0, 768, 0), "{}", told.text);
    assert_eq!(empty.import("incidents", &[&empty.file("first.csv", &first)]).figures(), (0, 0, 768, 0, 0));
    empty.deployment.ok(&["export", "second.csv"]);
    // A sheet keeps one row an incident: reference, times of recording and what it left out are new, the rest is the same.
    let cells = |text: &str| -> Vec<Vec<String>> {
        let header: Vec<String> = text.lines().next().unwrap().split(',').map(str::to_owned).collect();
        let passed_over = ["reference", "reported_at", "left_out"].map(|name| header.iter().position(|column| column == name).unwrap());
        let rows = text.lines().skip(1).map(|row| {
            let cells = row.split(',').enumerate().filter(|(at, _)| !passed_over.contains(at));
            cells.map(|(_, cell)| cell.to_owned()).collect()
        });
        rows.collect()
    };
    let published = |text: &str| {
        text.lines()
            .filter(|line| !line.contains("Quill") && line.contains(",published,") || line.starts_with("reference,"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(cells(&published(&first)).len(), 766);
    assert_eq!(cells(&published(&first)), cells(&published(&empty.read("second.csv"))));
    let server = empty.deployment.serve();
    let found = http::post(&server.url, &empty.token, "/v1/name-searches", &json!({ "name": "Ada Quillfeather" })).expect(200).json();
    assert_eq!(likely(&found), ["Ada Quillfeather"], "{found}");
}

/// The names of the people found who are not weak matches.
fn likely(found: &Value) -> Vec<&str> {
    let people = found["people"].as_array().unwrap().iter();
    people.filter(|person| person["band"] != "weak").map(|person| person["hits"][0]["name"].as_str().unwrap()).collect()
}
