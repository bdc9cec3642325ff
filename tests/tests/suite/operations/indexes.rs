//! The derived indexes: deleted, they come back with the same answers.

use serde_json::{Value, json};
use std::{
    fmt::Write,
    time::{Duration, Instant},
};
use testkit::http;
use tests::{Officer, World, on_both};

on_both!(a_deleted_index_folder_costs_time_and_no_data);

const GIVEN: [&str; 12] =
    ["Margaret", "Kyle", "Thomas", "Aisha", "Siobhan", "Mohammed", "Li", "Oluwaseun", "Zofia", "Gareth", "Priya", "Ewan"];
const FAMILY: [&str; 10] =
    ["Ashworth", "Brannigan", "Fairweather", "Khan", "O'Neill", "Wei", "Adeyemi", "Kowalska", "Pritchard", "MacLeod"];

/// As `beacon import incidents` takes them.
fn lines(count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        let name = format!("{} {}", GIVEN[number % 12], FAMILY[number / 12 % 10]);
        let incident = json!({ "occurred": { "on": format!("2026-0{}-{:02}", 1 + number % 9, 1 + number % 28) }, "qualifier": "nuisance", "types": [206],
            "summary": format!("number {number}"), "places": [{ "longitude": -1.32 + (number % 50) as f64 * 0.001, "latitude": 54.565 }],
            "involvements": [{ "person": { "name": { "full": name }, "date_of_birth": format!("{}", 1940 + number % 60) }, "roles": ["person_affected"] }] });
        writeln!(text, "{}", json!({ "format": "beacon-1", "record": "new_incident", "value": incident })).unwrap();
    }
    text
}

fn questions() -> Vec<(&'static str, String, Option<Value>)> {
    let mut all: Vec<(&str, String, Option<Value>)> = vec![
        ("GET", "/v1/hotspots?bbox=-1.40,54.50,-1.20,54.65".into(), None),
        ("GET", "/v1/hotspots?bbox=-1.40,54.50,-1.20,54.65&cell_size=100&from=2026-02-01&to=2026-04-30".into(), None),
    ];
    for name in ["Margret Ashwerth", "Peggy Ashworth", "Kile Branigan", "Moahmed Khan", "Shevaun Oneil", "M MacLeod"] {
        all.push(("POST", "/v1/name-searches".into(), Some(json!({ "name": name, "limit": 30 }))));
        all.push(("POST", "/v1/name-searches".into(), Some(json!({ "name": name, "date_of_birth": "1948" }))));
    }
    all
}

fn ask(officer: &Officer) -> Vec<String> {
    questions().iter().map(|(method, path, body)| officer.send(method, path, &[], body.as_ref()).expect(200).text).collect()
}

fn a_deleted_index_folder_costs_time_and_no_data(world: &mut World) {
    let officer = world.council_officer();
    let file = world.deployment.folder.path().join("many.jsonl");
    std::fs::write(&file, lines(3_000)).unwrap();
    let told = world.deployment.ok(&["import", "incidents", file.to_str().unwrap(), "--officer", &officer.id]);
    assert!(told.contains("3000 added"), "{told}");
    // Changed since, undone, and taken out: not what was first indexed.
    let changed = officer.listed()[0].clone();
    officer.patch(&format!("/v1/incidents/{changed}"), 1, &json!({ "status": "recorded_in_error", "status_reason": "x" })).expect(200);
    let before = ask(&officer);
    // A busy machine may ask only after a quick rebuild has ended: that start shows nothing, and another is made.
    let seen = (0..5).any(|_| answers_whole_or_refuses(world, &officer, &before[2]));
    assert!(seen, "of five starts without an index none said that it was not ready");
    let officer = officer.at(world.url());
    assert_eq!(ask(&officer), before);

    // The command does the same while nothing runs.
    world.stop();
    assert!(world.deployment.ok(&["index", "rebuild"]).contains("built"));
    world.start();
    let officer = officer.at(world.url());
    assert_eq!(ask(&officer), before);

    // Damaged, it is built anew rather than believed.
    world.stop();
    damage(&world.deployment.data_dir);
    world.start();
    assert_eq!(ask(&officer.at(world.url())), before);
}

/// Starts without an index and asks until the program is ready; gives whether it had ever said that it was not.
fn answers_whole_or_refuses(world: &mut World, officer: &Officer, whole: &str) -> bool {
    world.stop();
    assert!(world.deployment.data_dir.is_dir());
    std::fs::remove_dir_all(&world.deployment.data_dir).unwrap();
    world.start_at_once();
    let officer = officer.at(world.url());
    let (began, mut refused) = (Instant::now(), false);
    loop {
        let ready = http::get(world.url(), "", "/readyz");
        let state = ready.json();
        if ready.status == 200 {
            assert_eq!((&state["ready"], &state["name_index"], &state["incident_columns"]), (&json!(true), &json!(true), &json!(true)));
            return refused;
        }
        assert_eq!((ready.status, &state["ready"]), (503, &json!(false)), "{state}");
        refused = true;
        // Never a part of the answer: the whole, or a refusal that says when to come back.
        let search = officer.post("/v1/name-searches", &json!({ "name": "Margret Ashwerth", "limit": 30 }));
        match search.status {
            200 => assert_eq!(search.text, whole),
            503 => {
                assert_eq!(search.json()["type"], "urn:beacon:problem:index-behind");
                assert!(search.headers.contains_key("retry-after"));
            }
            other => panic!("{other}: {}", search.text),
        }
        assert!(began.elapsed() < Duration::from_secs(60));
    }
}

/// Cuts every file of the index in half.
fn damage(folder: &std::path::Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            damage(&path);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        }
    }
}
