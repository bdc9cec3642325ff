//! Disputed data carries the person's statement; restricted data is shown to few and found by nobody else.

use super::{dpo, logged};
use serde_json::{Value, json};
use tests::{World, body, on_both, person};

on_both!(a_statement_stands_beside_the_data, restricted_data_is_for_few);

fn put(officer: &tests::Officer, incident: &Value, part: &Value, body: &Value) -> testkit::http::Answer {
    let path = format!("/v1/incidents/{}/involvements/{}/dispute", incident["id"].as_str().unwrap(), part.as_str().unwrap());
    officer.send("PUT", &path, &[], Some(body))
}

fn a_statement_stands_beside_the_data(world: &mut World) {
    let (officer, dpo, police) = (world.council_officer(), dpo(world), world.police_officer());
    let read = logged(&officer, &body("x", &[], &[person("Kyle Brannigan", "person_complained_about")]));
    let (path, part) = (format!("/v1/incidents/{}", read["id"].as_str().unwrap()), &read["involvements"][0]["id"]);
    let says = json!({ "statement": "I was in Whitby that day." });
    put(&officer, &read, part, &says).expect(403);
    let stranger = world.officer(&world.police, "Uma Officer", "data_protection_officer");
    put(&stranger, &read, part, &says).expect(404);
    put(&dpo, &read, &read["id"], &says).expect(404);
    assert_eq!(put(&dpo, &read, part, &json!({ "statement": " " })).expect(422).json()["errors"][0]["pointer"], "/statement");
    put(&dpo, &read, part, &says).expect(200);
    for reader in [&officer, &police] {
        let now = reader.get(&path).expect(200).json();
        assert_eq!(now["involvements"][0]["dispute"]["statement"], says["statement"]);
    }
    // It stays when the data is changed, and goes with the person.
    officer.patch(&format!("{path}/involvements/{}", part.as_str().unwrap()), 2, &json!({ "notes": "tall" })).expect(200);
    assert_eq!(officer.get(&path).expect(200).json()["involvements"][0]["dispute"]["statement"], says["statement"]);
    super::erase(&dpo, &[part.as_str().unwrap()]);
    assert!(!officer.get(&path).expect(200).text.contains("Whitby"));
    assert!(!officer.get(&format!("{path}/history")).expect(200).text.contains("Whitby"));
}

fn restricted_data_is_for_few(world: &mut World) {
    let (officer, dpo, police) = (world.council_officer(), dpo(world), world.police_officer());
    let lead = world.officer(&world.council, "Lena Lead", "safeguarding_lead");
    let read = logged(&officer, &body("x", &[], &[person("Kyle Brannigan", "person_complained_about"), person("Ann Other", "witness")]));
    let (path, part) = (format!("/v1/incidents/{}", read["id"].as_str().unwrap()), read["involvements"][0]["id"].clone());
    officer.post(&format!("{path}/allegations"), &json!({ "about": part, "what": "that Kyle threw a stone", "basis": "saw" })).expect(201);
    assert_eq!((officer.found("Kyle Brannigan").len(), police.found("Kyle Brannigan").len()), (1, 1));
    put(&dpo, &read, &part, &json!({ "restricted": true, "statement": "Kyle was in Whitby." })).expect(200);
    let file = world.deployment.folder.path().join("out.jsonl");
    world.deployment.ok(&["export", file.to_str().unwrap(), "--officer", "Pat Reed"]);
    assert!(!std::fs::read_to_string(&file).unwrap().contains("Brannigan"));
    for reader in [&officer, &police] {
        let now = reader.get(&path).expect(200);
        assert!(!now.text.contains("Brannigan") && !now.text.contains("Kyle") && now.text.contains("Ann Other"), "{}", now.text);
        assert!(now.json()["involvements"][0]["protected"] == true && now.json()["involvements"][0]["dispute"]["restricted"] == true);
        assert!(!reader.get(&format!("{path}/history")).expect(200).text.contains("Kyle"));
        assert_eq!(reader.found("Kyle Brannigan"), [] as [String; 0]);
        reader.get(&format!("/v1/people/{}", part.as_str().unwrap())).expect(404);
    }
    // Who does not see it does not change it either.
    let version = officer.get(&path).expect(200).json()["version"].as_i64().unwrap();
    let part_path = format!("{path}/involvements/{}", part.as_str().unwrap());
    officer.patch(&part_path, version, &json!({ "notes": "tall" })).expect(403);
    officer.delete(&part_path, version).expect(403);
    for reader in [&dpo, &lead] {
        assert!(reader.get(&path).expect(200).text.contains("Kyle Brannigan"));
    }
    assert_eq!(lead.found("Kyle Brannigan").len(), 1);
    put(&dpo, &read, &part, &json!({})).expect(200);
    assert!(officer.get(&path).expect(200).text.contains("Kyle Brannigan"));
    assert_eq!(police.found("Kyle Brannigan").len(), 1);
}
