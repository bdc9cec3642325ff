//! The ledger: everything that was looked at or changed, by whom, what for; and nothing shown without it.

use rusqlite::Connection;
use serde_json::{Value, json};
use tests::{Officer, World, body, incident, on_both, person, place};

on_both!(everything_done_leaves_its_entry, the_ledger_is_for_the_own_data_protection_officer, no_log_no_look);

const REQUEST: &str = "client-7f3a.1";
const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Method, path and body; the status; the action, operation and record its entry must name.
type Done<'a> = (&'a str, String, Option<Value>, u16, &'a str, &'a str, Option<&'a str>);

fn entries(dpo: &Officer, query: &str) -> Vec<Value> {
    dpo.get(&format!("/v1/audit?limit=500{query}")).expect(200).json()["entries"].as_array().unwrap().clone()
}

fn everything_done_leaves_its_entry(world: &mut World) {
    let officer = world.council_officer();
    let dpo = world.officer(&world.council, "Del Marsh", "data_protection_officer");
    let police = world.police_officer();
    let mut kept = incident("kept by the police");
    kept["sharing"] = json!({ "level": "owner_only" });
    let hidden = police.log_id(&kept);
    let made = officer.log(&body("x", &[place("Mill Lane", "TS18 1QD")], &[person("Margaret Ashworth", "person_affected")]));
    let other = officer.log_id(&incident("the same again"));
    let (id, who) = (made["id"].as_str().unwrap(), made["incident"]["involvements"][0]["id"].as_str().unwrap());
    let path = format!("/v1/incidents/{id}");
    let part = |list: &str| format!("{path}/{list}/{}", made["incident"][list][0]["id"].as_str().unwrap());
    let headers = [
        ("beacon-purpose", "investigation"),
        ("beacon-purpose-reference", "LOG 42/2026"),
        ("x-request-id", REQUEST),
        ("traceparent", TRACE),
    ];
    let unknown = "018f0000-0000-7000-8000-000000000009";
    let done: Vec<Done<'_>> = vec![
        ("GET", path.clone(), None, 200, "incident.read", "consultation", Some(id)),
        ("GET", format!("{path}/history"), None, 200, "incident.history", "consultation", Some(id)),
        ("GET", "/v1/incidents".into(), None, 200, "incident.list", "consultation", Some(id)),
        ("GET", format!("/v1/people/{who}"), None, 200, "person.read", "consultation", Some(id)),
        ("POST", "/v1/name-searches".into(), Some(json!({ "name": "Margaret Ashworth" })), 200, "name.search", "consultation", Some(id)),
        ("POST", "/v1/name-searches".into(), Some(json!({ "name": "Nobody Atall" })), 200, "name.search", "consultation", None),
        ("POST", "/v1/place-searches".into(), Some(json!({ "street": "Mill Lane" })), 200, "place.search", "consultation", Some(id)),
        ("GET", "/v1/hotspots?bbox=-1.40,54.50,-1.20,54.65".into(), None, 200, "hotspot.read", "consultation", None),
        ("POST", "/v1/intakes".into(), Some(json!({})), 201, "intake.open", "collection", None),
        ("POST", format!("{path}/duplicates"), Some(json!({ "incident": other })), 201, "duplicate.link", "combination", Some(id)),
        ("GET", format!("{path}/duplicates"), None, 200, "duplicate.list", "consultation", Some(&other)),
        ("PATCH", path.clone(), Some(json!({ "summary": "y" })), 200, "incident.change", "alteration", Some(id)),
        ("POST", format!("{path}/reports"), Some(json!({})), 201, "report.add", "collection", Some(id)),
        ("PATCH", part("places"), Some(json!({ "usrn": "1" })), 412, "place.change", "alteration", None),
        ("GET", format!("/v1/incidents/{hidden}"), None, 404, "incident.read", "consultation", None),
        ("GET", format!("/v1/incidents/{unknown}"), None, 404, "incident.read", "consultation", None),
        ("GET", format!("/v1/incidents/{hidden}/history"), None, 404, "incident.history", "consultation", None),
        ("GET", format!("/v1/people/{unknown}"), None, 404, "person.read", "consultation", None),
        ("PATCH", format!("/v1/incidents/{hidden}"), Some(json!({ "summary": "y" })), 404, "incident.change", "alteration", None),
        ("GET", "/v1/audit".into(), None, 403, "audit.read", "consultation", None),
        ("POST", "/v1/agencies".into(), Some(json!({ "name": "Mine", "kind": "other" })), 403, "agency.add", "administration", None),
    ];
    for (method, path, body, status, action, operation, record) in &done {
        let before = entries(&dpo, &format!("&officer={}", officer.id)).len();
        let version = [&headers[..], &[("if-match", "\"1\"")]].concat();
        let answer = officer.send(method, path, &version, body.as_ref()).expect(*status);
        assert!(answer.headers["x-request-id"].starts_with(REQUEST));
        let after = entries(&dpo, &format!("&officer={}", officer.id));
        assert_eq!(after.len(), before + 1, "{method} {path}");
        let entry = &after[0];
        let outcome = if *status < 300 { "granted" } else { "denied" };
        for (field, value) in [
            ("action", *action),
            ("operation", operation),
            ("outcome", outcome),
            ("purpose", "investigation"),
            ("purpose_reference", "LOG 42/2026"),
            ("officer", &officer.id),
            ("agency", &world.council.id),
        ] {
            assert_eq!(entry[field], value, "{method} {path} {field}");
        }
        assert_eq!(entry["request_id"], format!("{REQUEST} {TRACE}"), "{method} {path}");
        let named = entry["records"].as_array().unwrap();
        match record {
            Some(record) => assert!(named.contains(&json!(record)), "{method} {path}: {entry}"),
            None if *status >= 400 || *action == "name.search" => assert!(named.is_empty(), "{method} {path}: {entry}"),
            None => {}
        }
    }
    // A denial says what was asked for; a search says what was searched.
    let denied = entries(&dpo, "&action=incident.read").into_iter().find(|entry| entry["outcome"] == "denied").unwrap();
    assert_eq!(denied["detail"]["asked"], json!([unknown]));
    assert_eq!(entries(&dpo, "&action=name.search")[0]["detail"]["name"], "Nobody Atall");
    // A create is one entry for the record, and one for what was told beside it.
    let actions: Vec<Value> = entries(&dpo, &format!("&record={id}")).into_iter().map(|entry| entry["action"].clone()).collect();
    assert!(actions.contains(&json!("incident.create")), "{actions:?}");
    // A request id that could forge something is replaced.
    let answer = officer.send("GET", &path, &[("x-request-id", "a b\"c")], None).expect(200);
    assert!(!answer.headers["x-request-id"].contains('"'));
}

fn the_ledger_is_for_the_own_data_protection_officer(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let dpo = world.officer(&world.council, "Del Marsh", "data_protection_officer");
    let police_dpo = world.officer(&world.police, "Dee Cole", "data_protection_officer");
    let id = officer.log_id(&incident("x"));
    police.get(&format!("/v1/incidents/{id}")).expect(200);
    for role in ["officer", "supervisor", "analyst", "safeguarding_lead", "integration_client"] {
        let who = world.officer(&world.council, role, role);
        who.get("/v1/audit").expect(403);
    }
    world.council.admin.get("/v1/audit").expect(403);
    let own = entries(&dpo, "");
    assert!(own.iter().all(|entry| entry["agency"] == json!(world.council.id)));
    assert!(own.iter().any(|entry| entry["action"] == "audit.read" && entry["outcome"] == "denied"));
    let theirs = entries(&police_dpo, "");
    assert!(
        theirs.iter().all(|entry| entry["agency"] == json!(world.police.id))
            && theirs.iter().any(|entry| entry["action"] == "incident.read")
    );
    // Reading the ledger is in the ledger.
    assert!(entries(&dpo, "&action=audit.read").iter().any(|entry| entry["officer"] == json!(dpo.id) && entry["outcome"] == "granted"));
    // Pages of it have no gaps, though each adds an entry.
    let whole: Vec<i64> = entries(&dpo, "").iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = dpo.get(&format!("/v1/audit?limit=4{cursor}")).expect(200).json();
        paged.extend(page["entries"].as_array().unwrap().iter().map(|entry| entry["seq"].as_i64().unwrap()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(paged.ends_with(&whole), "{paged:?} {whole:?}");
    // Nobody is told whose token does not work.
    let stranger = Officer { token: format!("beacon_{}", "0".repeat(64)), ..officer };
    stranger.get("/v1/audit").expect(401);
}

fn no_log_no_look(world: &mut World) {
    let officer = world.council_officer();
    let made = officer.log(&body("x", &[place("Mill Lane", "TS18 1QD")], &[person("Margaret Ashworth", "person_affected")]));
    let (id, who) = (made["id"].as_str().unwrap(), made["incident"]["involvements"][0]["id"].as_str().unwrap());
    let path = format!("/v1/incidents/{id}");
    let run = |file: &str, sql: &str| Connection::open(file).unwrap().execute_batch(sql).unwrap();
    world.sql("ALTER TABLE audit RENAME TO audit_away", run);
    let asked: Vec<(&str, String, Option<Value>)> = vec![
        ("GET", path.clone(), None),
        ("GET", format!("{path}/history"), None),
        ("GET", "/v1/incidents".into(), None),
        ("GET", format!("/v1/people/{who}"), None),
        ("GET", "/v1/hotspots?bbox=-1.40,54.50,-1.20,54.65".into(), None),
        ("POST", "/v1/name-searches".into(), Some(json!({ "name": "Margaret Ashworth" }))),
        ("POST", "/v1/place-searches".into(), Some(json!({ "street": "Mill Lane" }))),
        ("POST", "/v1/incidents".into(), Some(incident("lost"))),
        ("PATCH", path.clone(), Some(json!({ "summary": "lost" }))),
        ("POST", format!("{path}/reports"), Some(json!({}))),
        ("GET", "/v1/incidents/018f0000-0000-7000-8000-000000000009".into(), None),
    ];
    for (method, path, body) in &asked {
        let answer = officer.send(method, path, &[("if-match", "\"1\"")], body.as_ref());
        assert_eq!(answer.status, 503, "{method} {path}: {}", answer.text);
        assert!(answer.headers.contains_key("retry-after"));
        assert!(
            !answer.text.contains("Ashworth") && !answer.text.contains("Mill") && !answer.text.contains(id),
            "{method} {path}: {}",
            answer.text
        );
    }
    world.sql("ALTER TABLE audit_away RENAME TO audit", run);
    assert_eq!(officer.get(&path).expect(200).json(), made["incident"], "nothing was written either");
    assert_eq!(officer.listed().len(), 1);
}
