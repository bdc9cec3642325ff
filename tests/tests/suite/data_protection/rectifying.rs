//! What is wrong about somebody leaves everything at once, and stays with the data protection officer for a while.

use super::{Planted, dpo, logged};
use serde_json::json;
use tests::{World, body, on_both, person, place};

on_both!(a_wrong_value_leaves_state_history_search_and_export, what_cannot_be_put_right_is_told, those_who_saw_it_are_named);

fn a_wrong_value_leaves_state_history_search_and_export(world: &mut World) {
    let (officer, dpo, wrong) = (world.council_officer(), dpo(world), Planted::new());
    let mut sent = body("x", &[place("Mill Lane", "TS18 1QD")], &[person("Ann Other", "witness")]);
    sent["involvements"][0]["person"] = json!({ "name": { "given": "Ann", "family": wrong.family }, "aliases": [{ "name": wrong.alias }] });
    sent["narrative"] = json!(format!("Ann {} ran; {} fell.", wrong.family, wrong.family));
    let read = logged(&officer, &sent);
    let (path, part) = (format!("/v1/incidents/{}", read["id"].as_str().unwrap()), read["involvements"][0]["id"].as_str().unwrap());
    let changed = json!({ "person": { "aliases": [{ "name": "Annie" }, { "name": wrong.alias }] } });
    officer.patch(&format!("{path}/involvements/{part}"), 1, &changed).expect(200);
    assert_eq!(officer.found(&format!("Ann {}", wrong.family)).len(), 1);

    let put_right = |pointer: &str, from: serde_json::Value, to: serde_json::Value| {
        let sent = json!({ "pointer": pointer, "from": from, "to": to, "reason": "wrong_value", "kept_until": "2027-06-01T00:00:00Z" });
        dpo.post(&format!("{path}/rectifications"), &sent).expect(201).json()
    };
    let first = put_right(&format!("/involvements/{part}/person/name/family"), json!(wrong.family), json!("Otherby"));
    assert_eq!(first["edits"].as_array().unwrap().len(), 2, "in both versions: {first}");
    put_right(&format!("/involvements/{part}/person/aliases/0"), json!({ "name": wrong.alias, "kind": "alias" }), json!(null));
    put_right("/narrative", json!(wrong.family.to_uppercase()), json!("Otherby"));

    let now = officer.get(&path).expect(200).json();
    assert_eq!((&now["narrative"], &now["version"]), (&json!("Ann Otherby ran; Otherby fell."), &json!(5)));
    assert_eq!(
        now["involvements"][0]["person"],
        json!({ "name": { "given": "Ann", "family": "Otherby" }, "aliases": [{ "name": "Annie", "kind": "alias" }] })
    );
    world.server().wait_ready();
    assert_eq!(officer.found(&wrong.family), [] as [String; 0]);
    assert_eq!(officer.found("Ann Otherby"), [read["id"].as_str().unwrap().to_owned()]);
    let file = world.deployment.folder.path().join("after.jsonl");
    world.deployment.ok(&["export", file.to_str().unwrap()]);
    let everything = std::fs::read_to_string(&file).unwrap() + &officer.get(&format!("{path}/history")).expect(200).text;
    for word in [&wrong.family, &wrong.alias] {
        assert!(!everything.to_lowercase().contains(&word.to_lowercase()), "{everything}");
    }
    let kept = dpo.get("/v1/rectifications").expect(200).json();
    let old: Vec<&serde_json::Value> = kept["rectifications"].as_array().unwrap().iter().map(|one| &one["old"]).collect();
    assert_eq!(old, [&json!(wrong.family), &json!({ "name": wrong.alias, "kind": "alias" }), &json!(wrong.family.to_uppercase())]);
    officer.get("/v1/rectifications").expect(403);
    let stranger = world.officer(&world.police, "Uma Officer", "data_protection_officer");
    assert_eq!(stranger.get("/v1/rectifications").expect(200).json()["rectifications"], json!([]));
    // The list beside the backups says where, not what.
    let list = world.deployment.ok(&["erasure", "list"]);
    assert!(list.lines().count() == 3 && !list.contains(&wrong.family) && !list.contains("Otherby"), "{list}");
}

fn what_cannot_be_put_right_is_told(world: &mut World) {
    let (officer, dpo) = (world.council_officer(), dpo(world));
    let read = logged(&officer, &body("x", &[], &[person("Kyle Brannigan", "witness")]));
    let (path, part) =
        (format!("/v1/incidents/{}/rectifications", read["id"].as_str().unwrap()), read["involvements"][0]["id"].as_str().unwrap());
    let name = format!("/involvements/{part}/person/name/full");
    let sent =
        |pointer: &str, from: &str, to: serde_json::Value| json!({ "pointer": pointer, "from": from, "to": to, "reason": "wrong_value" });
    for (body, at) in [
        (sent("/version", "1", json!("2")), "/pointer"),
        (sent(&name, "Somebody Else", json!("Kyle")), "/from"),
        (sent(&name, "Kyle Brannigan", json!("Kyle Brannigan")), "/to"),
        (sent(&name, "Kyle Brannigan", json!(7)), "/to"),
        (sent(&name, "Kyle Brannigan", json!(null)), "/involvements/0/person/name"),
        (sent(&name, "", json!("x")), "/from"),
        (json!({ "pointer": name, "from": "Kyle Brannigan", "to": "x", "reason": "whim" }), "/reason"),
        (
            json!({ "pointer": name, "from": "Kyle Brannigan", "to": "x", "reason": "wrong_value", "kept_until": "2020-01-01T00:00:00Z" }),
            "/kept_until",
        ),
    ] {
        let told = dpo.post(&path, &body).expect(422).json();
        assert_eq!(told["errors"][0]["pointer"], at, "{body}: {told}");
    }
    let right = sent(&name, "Kyle Brannigan", json!("Kyle Branagh"));
    officer.post(&path, &right).expect(403);
    let stranger = world.officer(&world.police, "Uma Officer", "data_protection_officer");
    stranger.post(&path, &right).expect(404);
    assert_eq!(officer.get(path.trim_end_matches("/rectifications")).expect(200).json(), read, "nothing was changed");
}

fn those_who_saw_it_are_named(world: &mut World) {
    let (officer, dpo, police) = (world.council_officer(), dpo(world), world.police_officer());
    let read = logged(&officer, &body("x", &[], &[person("Kyle Brannigan", "witness")]));
    let unread = logged(&officer, &body("y", &[], &[person("Peter Brown", "witness")]));
    police.get(&format!("/v1/incidents/{}", read["id"].as_str().unwrap())).expect(200);
    let file = world.deployment.folder.path().join("out.jsonl");
    world.deployment.ok(&["export", file.to_str().unwrap(), "--officer", "Sam Okafor"]);
    let put_right = |incident: &serde_json::Value, from: &str| {
        let pointer = format!("/involvements/{}/person/name/full", incident["involvements"][0]["id"].as_str().unwrap());
        let sent = json!({ "pointer": pointer, "from": from, "to": "Somebody", "reason": "wrong_person" });
        let made = dpo.post(&format!("/v1/incidents/{}/rectifications", incident["id"].as_str().unwrap()), &sent).expect(201).json();
        format!("/v1/rectifications/{}/recipients", made["id"].as_str().unwrap())
    };
    let told = put_right(&read, "Kyle Brannigan");
    // Who sees it afterwards sees what is right, and need not be told.
    let late = world.officer(&world.police, "Late Officer", "officer");
    late.get(&format!("/v1/incidents/{}", read["id"].as_str().unwrap())).expect(200);
    let names = |path: &str| -> Vec<(String, bool)> {
        let told = dpo.get(path).expect(200).json();
        let all = told["recipients"].as_array().unwrap().iter();
        let mut names: Vec<_> =
            all.map(|one| (one["officer_name"].as_str().unwrap_or("console").to_owned(), one["received"].as_bool().unwrap())).collect();
        names.sort();
        names
    };
    assert_eq!(names(&told), [("Pat Reed".to_owned(), false), ("Sam Okafor".to_owned(), true)]);
    assert_eq!(
        names(&put_right(&unread, "Peter Brown")),
        [("Pat Reed".to_owned(), false), ("Sam Okafor".to_owned(), true)],
        "by the export"
    );
    officer.get(&told).expect(403);
    let stranger = world.officer(&world.police, "Uma Officer", "data_protection_officer");
    stranger.get(&told).expect(404);
    let erasure = super::erase(&dpo, &[read["involvements"][0]["id"].as_str().unwrap()]);
    assert!(names(&format!("/v1/erasures/{}/recipients", erasure["id"].as_str().unwrap())).iter().any(|(name, _)| name == "Late Officer"));
}
