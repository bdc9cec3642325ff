//! Changing what was logged; every version is kept.

use super::{changes, version};
use serde_json::{Value, json};
use tests::{World, body, on_both, person, place};

on_both!(
    a_change_keeps_what_was_there_before,
    five_neighbours_are_one_incident_with_five_reports,
    parts_are_changed_and_taken_out,
    recorded_in_error_counts_nowhere_and_can_be_undone,
    duplicates_are_counted_once_and_can_be_taken_apart,
);

fn a_change_keeps_what_was_there_before(world: &mut World) {
    let (officer, colleague) = (world.council_officer(), world.officer(&world.council, "Al Byrne", "supervisor"));
    let id = officer.log_id(&body("a dog barks", &[place("Mill Lane", "TS18 1QD")], &[person("Margaret Ashworth", "person_affected")]));
    let path = format!("/v1/incidents/{id}");
    let changed = colleague.patch(
        &path,
        1,
        &json!({ "summary": "two dogs bark", "next_step": { "action": "ring back", "owner": "Al Byrne", "by": "2026-03-09" } }),
    );
    assert_eq!(changed.headers["etag"], "\"2\"");
    assert_eq!(version(&changed.expect(200).json()), 2);
    officer.patch(&path, 1, &json!({ "summary": "three" })).expect(412);
    officer.patch(&path, 2, &json!({ "next_step": { "by": null }, "narrative": "seen from the road" })).expect(200);
    let read = officer.get(&path).expect(200).json();
    assert_eq!(read["next_step"], json!({ "action": "ring back", "owner": "Al Byrne" }), "merged, not replaced");

    let history = officer.get(&format!("{path}/history")).expect(200).json();
    let versions = history["versions"].as_array().unwrap();
    assert_eq!(versions.iter().map(version).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(
        versions.iter().map(|version| &version["officer"]).collect::<Vec<_>>(),
        [&json!(officer.id), &json!(colleague.id), &json!(officer.id)]
    );
    assert!(changes(&versions[0]).is_empty());
    let second = changes(&versions[1]);
    assert!(second.contains(&("/summary".to_owned(), json!("a dog barks"), json!("two dogs bark"))), "{second:?}");
    assert_eq!(second.len(), 2, "{second:?}");
    let third = changes(&versions[2]);
    assert!(third.contains(&("/next_step/by".to_owned(), json!("2026-03-09"), Value::Null)), "{third:?}");
    assert!(third.contains(&("/narrative".to_owned(), Value::Null, json!("seen from the road"))), "{third:?}");

    // The other agency reads it and adds to it, and does not change what is not its own.
    let police = world.police_officer();
    police.get(&path).expect(200);
    police.patch(&path, 3, &json!({ "summary": "mine now" })).expect(403);
    // Moved to the police, it is theirs to change.
    officer.patch(&path, 3, &json!({ "owning_agency": world.police.id })).expect(200);
    police.patch(&path, 4, &json!({ "status": "closed" })).expect(200);
}

fn five_neighbours_are_one_incident_with_five_reports(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let id = officer.log_id(&body("a party", &[place("Mill Lane", "TS18 1QD")], &[person("Neighbour One", "reporter")]));
    let path = format!("/v1/incidents/{id}");
    for (number, who) in [(2, &officer), (3, &police), (4, &officer), (5, &police)] {
        let neighbour = who.post(&format!("{path}/involvements"), &person(&format!("Neighbour {number}"), "reporter")).expect(201).json();
        let report = json!({ "channel": "telephone", "reporter": neighbour["id"], "wants": "sleep",
            "external_references": [{ "system": "police log", "reference": format!("{number}") }] });
        let added = who.post(&format!("{path}/reports"), &report).expect(201);
        let version = added.headers["etag"].clone();
        let added = added.json();
        assert_eq!(version, format!("\"{}\"", added["incident"]["version"]));
        assert!(added["incident"]["reports"].as_array().unwrap().iter().any(|report| report["id"] == added["id"]));
    }
    let read = officer.get(&path).expect(200).json();
    let reports = read["reports"].as_array().unwrap();
    assert_eq!(reports.len(), 5);
    let by = |agency: &str| reports.iter().filter(|report| report["recorded_by"] == agency).count();
    assert_eq!((by(&world.council.id), by(&world.police.id)), (3, 2), "each report says who took it");
    assert_eq!(officer.counted(), 1, "one incident");
    assert_eq!(version(&read), 9);
}

fn parts_are_changed_and_taken_out(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let made = officer.log(&body(
        "x",
        &[place("Mill Lane", "TS18 1QD")],
        &[person("Margaret Ashworth", "person_affected"), person("Jinx Tolliver", "person_complained_about")],
    ));
    let path = format!("/v1/incidents/{}", made["id"].as_str().unwrap());
    let part = |list: &str, at: usize| format!("{path}/{list}/{}", made["incident"][list][at]["id"].as_str().unwrap());

    officer.patch(&part("places", 0), 1, &json!({ "street": "Norton Road", "postcode": "TS18 2BB" })).expect(200);
    assert!(officer.at_place(&json!({ "street": "Mill Lane" })).is_empty());
    assert_eq!(officer.at_place(&json!({ "street": "Norton Road" })).len(), 1);

    officer.patch(&part("involvements", 1), 2, &json!({ "person": { "name": { "full": "Bartholomew Crane" } } })).expect(200);
    assert!(officer.found("Jinx Tolliver").is_empty(), "the old name is history only");
    assert_eq!(officer.found("Bartholomew Crane").len(), 1);

    let about = &made["incident"]["involvements"][1]["id"];
    let alleged =
        officer.post(&format!("{path}/allegations"), &json!({ "about": about, "what": "shouts", "basis": "was_told" })).expect(201).json();
    let allegation = format!("{path}/allegations/{}", alleged["id"].as_str().unwrap());
    officer.delete(&part("involvements", 1), 4).expect(409);
    officer.patch(&allegation, 4, &json!({ "status": "withdrawn", "status_reason": "said so himself" })).expect(200);
    police.delete(&allegation, 5).expect(403);
    officer.delete(&allegation, 4).expect(412);
    officer.delete(&allegation, 5).expect(200);
    let left = officer.delete(&part("involvements", 1), 6).expect(200).json();
    assert_eq!(left["involvements"].as_array().unwrap().len(), 1);
    assert!(officer.found("Bartholomew Crane").is_empty());
    officer.delete(&part("involvements", 1), 7).expect(404);

    // What an agency added it may change; what others recorded it may not.
    let own = police.post(&format!("{path}/places"), &json!({ "role": "came_from", "street": "Yarm Lane" })).expect(201).json();
    police.patch(&format!("{path}/places/{}", own["id"].as_str().unwrap()), 8, &json!({ "usrn": "1" })).expect(200);
    police.patch(&part("places", 0), 9, &json!({ "usrn": "1" })).expect(403);

    let history = officer.get(&format!("{path}/history")).expect(200).json();
    let versions = history["versions"].as_array().unwrap();
    assert_eq!(versions.len(), 9);
    let renamed = changes(&versions[2]);
    let pointer = format!("/involvements/{}/person/name/full", about.as_str().unwrap());
    assert!(renamed.contains(&(pointer, json!("Jinx Tolliver"), json!("Bartholomew Crane"))), "{renamed:?}");
    assert!(
        changes(&versions[6]).iter().any(|(pointer, from, to)| pointer.starts_with("/involvements/") && from.is_object() && to.is_null())
    );
}

fn recorded_in_error_counts_nowhere_and_can_be_undone(world: &mut World) {
    let officer = world.council_officer();
    let id = officer.log_id(&body("x", &[place("Mill Lane", "TS18 1QD")], &[person("Margaret Ashworth", "person_affected")]));
    let path = format!("/v1/incidents/{id}");
    let there = |officer: &tests::Officer| (officer.found("Margaret Ashworth").len(), officer.counted());
    assert_eq!(there(&officer), (1, 1));
    officer.patch(&path, 1, &json!({ "status": "recorded_in_error", "status_reason": "the wrong street" })).expect(200);
    assert_eq!(there(&officer), (0, 0));
    assert_eq!(officer.get(&path).expect(200).json()["status"], "recorded_in_error", "its record stays");
    officer.patch(&path, 2, &json!({ "status": "open", "status_reason": null })).expect(200);
    assert_eq!(there(&officer), (1, 1));
    let history = officer.get(&format!("{path}/history")).expect(200).json();
    assert!(changes(&history["versions"][1]).contains(&("/status".to_owned(), json!("open"), json!("recorded_in_error"))));
}

fn duplicates_are_counted_once_and_can_be_taken_apart(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let ours = officer.log_id(&body("a fight", &[place("High Street", "TS18 1AB")], &[]));
    let theirs = police.log(&body("affray", &[place("High Street", "TS18 1AB")], &[]));
    let third = police.log_id(&body("affray, another call", &[place("High Street", "TS18 1AB")], &[]));
    assert_eq!(officer.counted(), 3);
    let links = format!("/v1/incidents/{ours}/duplicates");
    let link = officer.post(&links, &json!({ "incident": theirs["reference"] })).expect(201).json();
    assert_eq!(link["incident"], theirs["id"]);
    officer.post(&links, &json!({ "incident": theirs["id"] })).expect(409);
    police.post(&format!("/v1/incidents/{third}/duplicates"), &json!({ "incident": ours })).expect(201);
    let counted = officer.hotspots();
    assert_eq!((counted["total"].as_u64(), counted["duplicates_counted_once"].as_u64()), (Some(1), Some(2)));
    assert_eq!(officer.listed().len(), 3, "each keeps its own record");
    let seen = police.get(&format!("/v1/incidents/{}/duplicates", theirs["id"].as_str().unwrap())).expect(200).json();
    assert_eq!(seen["duplicates"][0]["incident"], json!(ours));

    officer.send("DELETE", &format!("{links}/{}", link["id"].as_str().unwrap()), &[], None).expect(204);
    assert_eq!(officer.counted(), 2);
    let history = officer.get(&links).expect(200).json();
    let removed = history["duplicates"].as_array().unwrap().iter().filter(|link| link.get("removed_at").is_some()).count();
    assert_eq!((history["duplicates"].as_array().unwrap().len(), removed), (2, 1), "the link stays in the history");
    officer.send("DELETE", &format!("{links}/{}", link["id"].as_str().unwrap()), &[], None).expect(404);
    officer.post(&links, &json!({ "incident": theirs["id"] })).expect(201);
    assert_eq!(officer.counted(), 1);
}
