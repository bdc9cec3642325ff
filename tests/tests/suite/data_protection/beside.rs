//! What stands beside incidents: questions, reasons, conditions, sources. It is looked through when somebody is erased, and
//! keeps nobody from erasing a record.

use super::{Planted, dpo, erase, logged, redact_all};
use serde_json::{Value, json};
use tests::{Officer, World, body, on_both, person};

on_both!(texts_beside_incidents_are_proposed_and_redacted, a_record_that_was_handed_on_is_erased, whoever_stands_elsewhere_stays);

fn put(who: &Officer, path: &str, body: &Value) -> Value {
    who.send("PUT", path, &[], Some(body)).expect(200).json()
}

fn born(mut person: Value) -> Value {
    person["person"]["date_of_birth"] = json!("1999-09-09");
    person
}

/// A record about which something stands in every register, each text naming somebody.
fn registered(world: &World, planted: &Planted) -> (String, Officer) {
    let (officer, supervisor) = (world.council_officer(), world.officer(&world.council, "Sue Per", "supervisor"));
    let (police, lead) = (world.police_officer(), world.officer(&world.police, "Sal Lead", "safeguarding_lead"));
    let whole = planted.whole();
    let mut sent = body("x", &[], &[born(planted.person("person_complained_about"))]);
    sent["sharing"] = json!({ "level": "owner_only", "beyond": "held_by" });
    let id = officer.log_id(&sent);
    let path = format!("/v1/incidents/{id}");
    let conditions = format!("not to be told to {whole}");
    let until = "2026-12-20T00:00:00Z";
    let release =
        json!({ "to_agency": world.police.id, "grade": "summary", "basis": "cda_1998_s115", "conditions": conditions, "until": until });
    supervisor.post(&format!("{path}/releases"), &release).expect(201);
    put(&supervisor, &format!("{path}/blocks/{}", officer.id), &json!({ "reason": format!("sister of {whole}") }));
    let ask = json!({ "agency": world.council.id, "question": format!("Where does {whole} live?"), "name": whole, "date_of_birth": "1999-09-09" });
    let asked = police.post("/v1/asks", &ask).expect(201).json();
    put(
        &supervisor,
        &format!("/v1/asks/{}/answer", asked["id"].as_str().unwrap()),
        &json!({ "answer": "told", "note": format!("{whole} moved") }),
    );
    police.post("/v1/asks", &json!({ "incident": id, "question": "Is it still open?" })).expect(201);
    let emergency = json!({ "name": whole, "date_of_birth": "1999-09-09", "reason": format!("{whole} has a child with him") });
    assert_eq!(lead.post("/v1/emergency-access", &emergency).expect(201).json()["incidents"], json!([id]));
    supervisor.post("/v1/me/declarations", &json!({ "kind": "family", "name": whole, "date_of_birth": "1999-09-09" })).expect(201);
    officer.post("/v1/intakes", &json!({ "note": format!("{whole} rang") })).expect(201);
    (id, supervisor)
}

fn texts_beside_incidents_are_proposed_and_redacted(world: &mut World) {
    let planted = Planted::new();
    let dpo = dpo(world);
    let (id, supervisor) = registered(world, &planted);
    let mention = supervisor.get(&format!("/v1/incidents/{id}")).expect(200).json()["involvements"][0]["id"].as_str().unwrap().to_owned();
    // A subject access request finds them as well.
    let request = dpo.post("/v1/subject-requests", &json!({ "people": [mention], "received": "2026-11-01" })).expect(201).json();
    let draft = dpo.get(&format!("/v1/subject-requests/{}/draft", request["id"].as_str().unwrap())).expect(200).json();
    let drafted: Vec<&str> = draft["lines"].as_array().unwrap().iter().filter_map(|line| line["kind"].as_str()).collect();
    let kinds = ["intake", "ask", "block", "declaration", "emergency_access", "release"];
    assert!(kinds.iter().all(|kind| drafted.contains(kind)), "{drafted:?}");

    let proposals = redact_all(&dpo, &erase(&dpo, &[&mention]));
    let proposed: Vec<(&str, &str)> =
        proposals.iter().map(|one| (one["kind"].as_str().unwrap(), one["pointer"].as_str().unwrap())).collect();
    for place in [
        ("intake", "/note"),
        ("ask", "/question"),
        ("ask", "/name"),
        ("ask", "/note"),
        ("block", "/reason"),
        ("declaration", "/name"),
        ("emergency_access", "/reason"),
        ("release", "/conditions"),
    ] {
        assert!(proposed.contains(&place), "{place:?} in {proposed:?}");
    }
    let registers = ["/v1/asks", "/v1/releases", "/v1/emergency-access", "/v1/declarations"];
    let listed = registers.map(|path| supervisor.get(path).expect(200).text);
    for text in &listed {
        assert!(text.contains("[erased]"), "{text}");
        assert!(planted.words().iter().all(|word| !text.contains(word)), "{text}");
    }
    assert!(!listed[0].contains("1999-09-09") && !listed[3].contains("1999-09-09"), "a date of birth goes with its name: {listed:?}");
}

fn a_record_that_was_handed_on_is_erased(world: &mut World) {
    let planted = Planted::new();
    let (dpo, officer) = (dpo(world), world.officer(&world.council, "Oz Other", "officer"));
    let (id, supervisor) = registered(world, &planted);
    // Said of them in another record, in which they are not involved.
    let mut said = body("y", &[], &[person("Peter Brown", "witness")]);
    said["narrative"] = json!(format!("Mr Brown knows {}.", planted.whole()));
    let said = officer.log_id(&said);
    assert_eq!(officer.found(&planted.whole()), [id.clone()]);

    let erased = json!({ "incident": id, "basis": "retention_schedule", "reason": "retention_period_over" });
    let erasure = dpo.post("/v1/erasures", &erased).expect(201).json();
    officer.get(&format!("/v1/incidents/{id}")).expect(404);
    let proposals = redact_all(&dpo, &erasure);
    assert!(proposals.iter().any(|one| one["record"] == json!(said)), "{proposals:?}");
    let now = officer.get(&format!("/v1/incidents/{said}")).expect(200).json();
    assert_eq!(now["narrative"], "Mr Brown knows [erased].");
    // The registers outlive it: to whom it was disclosed has to be known, by its id.
    let released = supervisor.get("/v1/releases").expect(200).json();
    assert_eq!((&released["releases"][0]["incident"], released.to_string().contains(&planted.family)), (&json!(id), false));
    // Nor does the ledger hold what was searched for.
    let entries = dpo.get("/v1/audit?limit=500").expect(200).text;
    assert!(planted.words().iter().all(|word| !entries.contains(word)), "{entries}");
}

fn whoever_stands_elsewhere_stays(world: &mut World) {
    let (officer, dpo, police, planted) = (world.council_officer(), dpo(world), world.police_officer(), Planted::new());
    let gone = logged(&officer, &body("x", &[], &[planted.person("witness")]));
    // Another agency's record names them too: searches for them are about that one as well.
    police.log_id(&body("y", &[], &[planted.person("witness")]));
    officer.post("/v1/intakes", &json!({ "note": format!("{} rang", planted.whole()) })).expect(201);
    officer.found(&planted.whole());
    let erased = json!({ "incident": gone["id"], "basis": "retention_schedule", "reason": "retention_period_over" });
    let erasure = dpo.post("/v1/erasures", &erased).expect(201).json();
    assert_eq!(erasure["proposals"], 0, "{erasure}");
    let entries = dpo.get("/v1/audit?limit=500").expect(200).text;
    assert!(entries.contains(&planted.whole()), "the search stays");
}
