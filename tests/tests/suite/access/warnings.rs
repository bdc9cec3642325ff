//! The minimal warning of a safety marker: told on recorded name and date of birth even where the record is closed, never to
//! somebody who is blocked from it, and none of the marker's facts.

use serde_json::{Value, json};
use tests::{Officer, World, body, on_both, person, place};

on_both!(a_safety_marker_warns_where_its_record_is_closed, premises_warn_everybody_who_asks_for_them);

const FACTS: &str = "keeps a machete behind the door";

fn somebody(name: &str, born: &str) -> Value {
    let mut sent = body("x", &[place("Mill Lane", "TS18 1QD")], &[person(name, "person_complained_about")]);
    sent["involvements"][0]["person"]["date_of_birth"] = json!(born);
    sent
}

fn asked(who: &Officer, name: &str, born: &str) -> Value {
    let answer = who.post("/v1/name-searches", &json!({ "name": name, "date_of_birth": born })).expect(200);
    assert!(!answer.text.contains("machete"), "{}", answer.text);
    answer.json()
}

/// The agencies that warn of somebody.
fn warned(who: &Officer, name: &str, born: &str) -> Vec<String> {
    let told = asked(who, name, born);
    let names = told["warnings"].as_array().into_iter().flatten().map(|one| {
        assert_eq!((&one["kind"], one.as_object().unwrap().len() <= 4), (&json!("safety"), true), "{one}");
        one["name"].as_str().unwrap().to_owned()
    });
    names.collect()
}

fn a_safety_marker_warns_where_its_record_is_closed(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let supervisor = world.officer(&world.council, "Sue Per", "supervisor");
    let mut closed = somebody("Kyle Brannigan", "1999-09-09");
    // Of a class of which nobody else is even told who holds it.
    closed["sharing"] = json!({ "level": "owner_only" });
    closed["additional_qualifiers"] = json!([606]);
    let id = officer.log_id(&closed);
    let read = officer.get(&format!("/v1/incidents/{id}")).expect(200).json();
    let mention = read["involvements"][0]["id"].as_str().unwrap();
    let marker =
        |kind: &str| json!({ "kind": kind, "person": mention, "facts": FACTS, "source": "a visit", "review_at": "2027-03-01T00:00:00Z" });
    officer.post("/v1/markers", &marker("vulnerability")).expect(201);
    assert_eq!(warned(&police, "Kyle Brannigan", "1999-09-09"), [] as [String; 0], "only safety warns");
    let made = officer.post("/v1/markers", &marker("safety")).expect(201).json();

    let told = asked(&police, "kyle BRANNIGAN", "1999-09-09");
    assert_eq!((&told["people"], told.get("held_by")), (&json!([]), None), "{told}");
    assert_eq!(warned(&police, "kyle BRANNIGAN", "1999-09-09"), ["Stockton Council"]);
    assert_eq!(warned(&officer, "Kyle Brannigan", "1999-09-09"), ["Stockton Council"], "where it is open as well");
    for (name, born) in [("Kyle Branigan", "1999-09-09"), ("Kyle Brannigan", "1999-09-08"), ("Kyle Brannigan", "1999")] {
        assert_eq!(warned(&police, name, born), [] as [String; 0], "{name} {born}");
    }
    police.get(&format!("/v1/incidents/{id}")).expect(404);
    // Only those are warned who go to people's doors, or send who does.
    let (analyst, form) =
        (world.officer(&world.police, "Ann Yu", "analyst"), world.officer(&world.police, "Web form", "integration_client"));
    assert_eq!(warned(&analyst, "Kyle Brannigan", "1999-09-09"), [] as [String; 0]);
    let known = form.log(&somebody("Kyle Brannigan", "1999-09-09"))["already_known"].clone();
    assert!(known.get("warnings").is_none(), "{known}");
    // Whoever logs an incident about them is told at once.
    let mut logged = somebody("Kyle Brannigan", "1999-09-09");
    logged["places"] = json!([]);
    let known = police.log(&logged)["already_known"].clone();
    assert_eq!(known["warnings"][0]["name"], "Stockton Council", "{known}");
    assert!(!known.to_string().contains("machete"));
    // The owner can tell from the ledger to whom its record gave a warning.
    let dpo = world.officer(&world.council, "Del Marsh", "data_protection_officer");
    let viewers = dpo.get(&format!("/v1/audit/viewers?record={id}")).expect(200).json();
    let by_police = |one: &Value| one["action"] == "marker.warn" && one["agency"] == json!(world.police.id);
    assert!(viewers["viewers"].as_array().unwrap().iter().any(by_police), "{viewers}");

    // A block closes this as well.
    let block = format!("/v1/incidents/{id}/blocks/{}", police.id);
    supervisor.send("PUT", &block, &[], Some(&json!({ "reason": "His brother" }))).expect(200);
    assert_eq!(warned(&police, "Kyle Brannigan", "1999-09-09"), [] as [String; 0]);
    supervisor.send("DELETE", &block, &[], None).expect(204);
    assert_eq!(warned(&police, "Kyle Brannigan", "1999-09-09"), ["Stockton Council"]);
    // Ended, it warns of nothing.
    officer.send("DELETE", &format!("/v1/markers/{}", made["id"].as_str().unwrap()), &[], None).expect(204);
    assert_eq!(warned(&police, "Kyle Brannigan", "1999-09-09"), [] as [String; 0]);
}

fn premises_warn_everybody_who_asks_for_them(world: &mut World) {
    let officer = world.council_officer();
    // An agency in no partnership of the others: the council's marker itself is closed to it.
    let durham = world.council.admin.post("/v1/agencies", &json!({ "name": "Durham Council", "kind": "council" })).expect(201).json();
    let durham = world.administered(durham["id"].as_str().unwrap().to_owned());
    let theirs = world.officer(&durham, "Dot Ham", "officer");
    let marker = json!({ "kind": "safety", "uprn": "100110", "facts": FACTS, "source": "a visit", "review_at": "2027-03-01T00:00:00Z" });
    officer.post("/v1/markers", &marker).expect(201);
    let there = |who: &Officer| who.post("/v1/place-searches", &json!({ "uprn": "0100110" })).expect(200).json();
    let told = there(&theirs);
    assert_eq!((&told["markers"], &told["warnings"][0]["name"]), (&json!([]), &json!("Stockton Council")), "{told}");
    assert!(!told.to_string().contains("machete"));
    let ours = there(&officer);
    assert_eq!((&ours["markers"][0]["facts"], ours.get("warnings")), (&json!(FACTS), None), "{ours}");
    let mut sent = body("x", &[], &[]);
    sent["places"] = json!([{ "uprn": "100110" }]);
    assert_eq!(theirs.log(&sent)["already_known"]["warnings"][0]["name"], "Stockton Council");
}
