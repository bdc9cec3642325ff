//! Who erases what, what refuses it, what it leaves, and what is proposed to a person.

use super::{Planted, dpo, erase, logged, redact_all};
use serde_json::json;
use tests::{Backend, World, body, on_both, person, place};

on_both!(
    only_the_owners_data_protection_officer_erases,
    a_person_leaves_state_history_search_and_ledger,
    a_whole_incident_goes_everywhere,
    a_person_decides_what_free_text_says,
    what_was_sent_before_is_never_made_again,
    another_node_builds_its_index_anew,
);

fn sent(people: &[&str]) -> serde_json::Value {
    json!({ "people": people, "basis": "dpa_2018_s47_erasure", "reason": "wrong_person" })
}

fn only_the_owners_data_protection_officer_erases(world: &mut World) {
    let (officer, dpo, police) = (world.council_officer(), dpo(world), world.police_officer());
    let stranger = world.officer(&world.police, "Uma Officer", "data_protection_officer");
    let mut held = body("x", &[], &[person("Kyle Brannigan", "witness")]);
    held["markings"] = json!(["legal_hold"]);
    let held = logged(&officer, &held);
    let theirs = logged(&police, &body("y", &[], &[person("Kyle Brannigan", "witness")]));
    let ours = logged(&officer, &body("z", &[], &[person("Kyle Brannigan", "witness")]));
    let id = |incident: &serde_json::Value| incident["involvements"][0]["id"].as_str().unwrap().to_owned();
    for other in [&officer, &police, &world.council.admin] {
        other.post("/v1/erasures", &sent(&[&id(&ours)])).expect(403);
        other.get("/v1/erasures").expect(403);
    }
    // To another agency's officer it is as if it were not there.
    stranger.post("/v1/erasures", &sent(&[&id(&ours)])).expect(422);
    dpo.post("/v1/erasures", &sent(&[&id(&theirs)])).expect(422);
    stranger.post("/v1/erasures", &json!({ "incident": ours["id"], "basis": "retention_schedule", "reason": "excessive" })).expect(404);
    let refused = dpo.post("/v1/erasures", &sent(&[&id(&held), &id(&ours)])).expect(409).json();
    assert!(refused["type"] == "urn:beacon:problem:legal-hold" && refused["detail"].as_str().unwrap().contains("legal_hold"), "{refused}");
    let told = dpo.post("/v1/erasures", &json!({ "basis": "whim", "reason": "none" })).expect(422).json();
    assert_eq!(told["errors"].as_array().unwrap().len(), 3, "{told}");
    assert_eq!(officer.found("Kyle Brannigan").len(), 3, "nothing was erased, of the one that was free neither");

    // A record that is closed to the officer is as if it were not there.
    let supervisor = world.officer(&world.council, "Sue Per", "supervisor");
    let block = format!("/v1/incidents/{}/blocks/{}", ours["id"].as_str().unwrap(), dpo.id);
    supervisor.send("PUT", &block, &[], Some(&json!({ "reason": "His sister" }))).expect(200);
    let hidden = dpo.post("/v1/erasures", &sent(&[&id(&ours)])).expect(422).text;
    assert_eq!(hidden, dpo.post("/v1/erasures", &sent(&["018f0000-0000-7000-8000-000000000009"])).expect(422).text);
    supervisor.send("DELETE", &block, &[], None).expect(204);

    // Once the hold is off, it goes.
    officer.patch(&format!("/v1/incidents/{}", held["id"].as_str().unwrap()), 1, &json!({ "markings": [] })).expect(200);
    let erasure = erase(&dpo, &[&id(&held), &id(&ours)]);
    assert_eq!((erasure["kind"].as_str(), erasure["incidents"].as_array().unwrap().len()), (Some("person"), 2));
    assert!(!erasure.to_string().contains("Kyle"));
    let listed = dpo.get("/v1/erasures").expect(200).json();
    assert_eq!(listed["erasures"][0]["id"], erasure["id"]);
    assert_eq!(stranger.get("/v1/erasures").expect(200).json()["erasures"], json!([]));
    stranger.get(&format!("/v1/erasures/{}/proposals", erasure["id"].as_str().unwrap())).expect(404);
}

fn a_person_leaves_state_history_search_and_ledger(world: &mut World) {
    let (officer, dpo, planted) = (world.council_officer(), dpo(world), Planted::new());
    let logged = logged(
        &officer,
        &body("x", &[place("Mill Lane", "TS18 1QD")], &[planted.person("witness"), person("Ann Other", "person_affected")]),
    );
    let (path, mention) = (format!("/v1/incidents/{}", logged["id"].as_str().unwrap()), logged["involvements"][0]["id"].as_str().unwrap());
    officer.patch(&format!("{path}/involvements/{mention}"), 1, &json!({ "notes": format!("also {}", planted.family) })).expect(200);
    assert_eq!(officer.found(&planted.whole()).len(), 1);
    officer.get(&format!("/v1/people/{mention}")).expect(200);

    erase(&dpo, &[mention]);
    let now = officer.get(&path).expect(200).json();
    assert_eq!(now["version"], 3, "whoever read it before must read it again");
    let part = &now["involvements"][0];
    assert!(part["id"] == mention && part["roles"] == json!(["witness"]) && part["unnamed"]["description"] == "[erased]", "{part}");
    assert_eq!(now["involvements"][1]["person"]["name"]["full"], "Ann Other");
    world.server().wait_ready();
    assert_eq!(officer.found(&planted.whole()), [] as [String; 0]);
    officer.get(&format!("/v1/people/{mention}")).expect(404);
    officer.patch(&path, 2, &json!({ "summary": "stale" })).expect(412);
    officer.patch(&path, 3, &json!({ "summary": "goes on" })).expect(200);
    let history = officer.get(&format!("{path}/history")).expect(200).text;
    let entries = dpo.get("/v1/audit?limit=500").expect(200).json();
    // The search after the erasure is in the ledger with what was asked; the one before is without.
    let searches: Vec<&serde_json::Value> =
        entries["entries"].as_array().unwrap().iter().filter(|entry| entry["action"] == "name.search").collect();
    assert_eq!(searches.iter().filter(|entry| entry["detail"].is_null()).count(), 1, "{searches:?}");
    assert!(searches.iter().any(|entry| entry["records"].as_array().unwrap().contains(&logged["id"])), "who saw what stays");
    for word in planted.words() {
        assert!(!history.contains(word), "{history}");
    }
}

fn a_whole_incident_goes_everywhere(world: &mut World) {
    let (officer, dpo) = (world.council_officer(), dpo(world));
    let gone = officer.log_id(&body("x", &[place("Mill Lane", "TS18 1QD")], &[person("Kyle Brannigan", "witness")]));
    let stays = officer.log_id(&body("y", &[place("Mill Lane", "TS18 1QD")], &[person("Kyle Brannigan", "witness")]));
    officer.post(&format!("/v1/incidents/{gone}/duplicates"), &json!({ "incident": stays })).expect(201);
    // Linked, kept as associates, and an association of others that came to be known in it.
    let mention =
        |id: &str| officer.get(&format!("/v1/incidents/{id}")).expect(200).json()["involvements"][0]["id"].as_str().unwrap().to_owned();
    let (lost, kept) = (mention(&gone), mention(&stays));
    let third = officer.log_id(&body("z", &[], &[person("Jo Turpin", "witness")]));
    let jo = mention(&third);
    let link = json!({ "first": lost, "second": kept, "decision": "same", "grounds": "photograph" });
    officer.post("/v1/person-links", &link).expect(201);
    for (one, other) in [(&lost, &jo), (&kept, &jo)] {
        let friend = json!({ "kind": "friend", "associate": other, "source": "document", "incident": gone, "on": "2026-01-31" });
        officer.post(&format!("/v1/people/{one}/associations"), &friend).expect(201);
    }
    officer.patch(&format!("/v1/incidents/{third}"), 1, &json!({ "status": "recorded_in_error", "status_reason": "x" })).expect(200);
    assert_eq!((officer.counted(), officer.found("Kyle Brannigan").len()), (1, 2));
    let erasure = dpo
        .post("/v1/erasures", &json!({ "incident": gone, "basis": "retention_schedule", "reason": "retention_period_over" }))
        .expect(201)
        .json();
    assert_eq!((&erasure["kind"], &erasure["incidents"]), (&json!("incident"), &json!([gone])));
    for path in ["", "/history", "/duplicates"] {
        officer.get(&format!("/v1/incidents/{gone}{path}")).expect(404);
    }
    world.server().wait_ready();
    assert_eq!(officer.found("Kyle Brannigan"), [stays.clone()]);
    assert_eq!(officer.at_place(&json!({ "street": "Mill Lane" })), [stays.clone()]);
    let left = officer.get(&format!("/v1/people/{kept}")).expect(200).json();
    assert_eq!((&left["id"], &left["associations"]), (&json!(kept), &json!([])));
    assert_eq!(officer.get(&format!("/v1/people/{kept}/links")).expect(200).json()["links"], json!([]));
    assert_eq!(officer.counted(), 1);
    assert!(officer.listed().contains(&stays) && !officer.listed().contains(&gone));
    // The ledger says that it was, by id.
    let entries = dpo.get(&format!("/v1/audit?record={gone}&limit=500")).expect(200).json();
    let erased = |entry: &&serde_json::Value| entry["action"] == "erasure.erase" && entry["operation"] == "erasure";
    assert_eq!(entries["entries"].as_array().unwrap().iter().filter(erased).count(), 1);
}

fn a_person_decides_what_free_text_says(world: &mut World) {
    let (officer, dpo, planted) = (world.council_officer(), dpo(world), Planted::new());
    let mut sent = body("x", &[], &[planted.person("witness"), person("Ann Other", "witness")]);
    sent["narrative"] = json!(format!("{} ran. Then {} and Ann Other ran.", planted.whole(), planted.given));
    let logged = logged(&officer, &sent);
    let (path, mention) = (format!("/v1/incidents/{}", logged["id"].as_str().unwrap()), logged["involvements"][0]["id"].as_str().unwrap());
    let mut namesake = body("y", &[], &[]);
    namesake["narrative"] = json!(format!("A Mrs {} rang, and so did {}.", planted.family, planted.whole()));
    let other = officer.log_id(&namesake);
    let mut namesake = body("z", &[], &[]);
    namesake["narrative"] = json!(format!("A Mrs {} rang.", planted.family));
    officer.log_id(&namesake);

    let erasure = erase(&dpo, &[mention]);
    let proposals_path = format!("/v1/erasures/{}/proposals", erasure["id"].as_str().unwrap());
    let proposals = dpo.get(&proposals_path).expect(200).json()["proposals"].as_array().unwrap().clone();
    let places: Vec<(&str, &str)> =
        proposals.iter().map(|one| (one["record"].as_str().unwrap(), one["pointer"].as_str().unwrap())).collect();
    assert_eq!(places.len(), 2, "another of that family, in another record, is not taken for them: {places:?}");
    assert!(
        places.contains(&(logged["id"].as_str().unwrap(), "/details/narrative"))
            && places.contains(&(other.as_str(), "/details/narrative"))
    );
    let of = |record: &str| proposals.iter().find(|one| one["record"] == record).unwrap().clone();
    let (ours, theirs) = (of(logged["id"].as_str().unwrap()), of(&other));
    assert!(ours["text"].as_str().unwrap().contains(&planted.whole()) && ours["spans"].as_array().unwrap().len() == 2);

    // What is written before the decision carries the name on; it goes as well.
    let later = format!("Added: {} is back. {}", planted.given, ours["text"].as_str().unwrap());
    officer.patch(&path, 2, &json!({ "narrative": later })).expect(200);
    for (decision, status) in [
        (json!({ "decision": "keep" }), 422),
        (json!({ "decision": "keep", "reason": "because" }), 422),
        (json!({ "decision": "redact", "reason": "another_person" }), 422),
        (json!({ "decision": "perhaps" }), 422),
    ] {
        dpo.post(&format!("{proposals_path}/{}", ours["number"]), &decision).expect(status);
    }
    officer.post(&format!("{proposals_path}/{}", ours["number"]), &json!({ "decision": "redact" })).expect(403);
    dpo.post(&format!("{proposals_path}/99"), &json!({ "decision": "redact" })).expect(404);
    dpo.post(&format!("{proposals_path}/{}", ours["number"]), &json!({ "decision": "redact" })).expect(200);
    dpo.post(&format!("{proposals_path}/{}", ours["number"]), &json!({ "decision": "redact" })).expect(409);
    dpo.post(&format!("{proposals_path}/{}", theirs["number"]), &json!({ "decision": "keep", "reason": "another_person" })).expect(200);

    let now = officer.get(&path).expect(200).json();
    assert_eq!(now["narrative"], "Added: [erased] is back. [erased] ran. Then [erased] and Ann Other ran.");
    let history = officer.get(&format!("{path}/history")).expect(200).text;
    assert!(!history.contains(&planted.given) && history.contains("[erased] ran. Then [erased] and Ann Other ran."), "{history}");
    assert!(officer.get(&format!("/v1/incidents/{other}")).expect(200).text.contains(&planted.whole()), "what is kept stays");
    let told = dpo.get(&proposals_path).expect(200).json();
    assert!(told["proposals"].as_array().unwrap().iter().all(|one| one["text"].is_null() && one["decision"].is_string()), "{told}");
    assert_eq!(dpo.get("/v1/erasures").expect(200).json()["erasures"][0]["undecided"], 0);
}

fn what_was_sent_before_is_never_made_again(world: &mut World) {
    let (officer, dpo) = (world.council_officer(), dpo(world));
    let sent = body("x", &[], &[person("Kyle Brannigan", "witness")]);
    let send = || officer.send("POST", "/v1/incidents", &[("idempotency-key", "once")], Some(&sent));
    let logged = send().expect(201).json();
    dpo.post("/v1/erasures", &json!({ "incident": logged["id"], "basis": "retention_schedule", "reason": "retention_period_over" }))
        .expect(201);
    send().expect(422);
    assert_eq!(officer.listed(), [] as [String; 0]);
}

fn another_node_builds_its_index_anew(world: &mut World) {
    let (officer, dpo, planted) = (world.council_officer(), dpo(world), Planted::new());
    let folder = tempfile::tempdir().unwrap();
    let mut command = world.deployment.command(&["serve"]);
    let other = tests::Running::start(command.env("BEACON_DATA_DIR", folder.path()));
    let elsewhere = officer.at(&other.url);
    let logged = logged(&officer, &body("x", &[], &[planted.person("witness")]));
    let kept = officer.log_id(&body("y", &[], &[person("Ann Other", "witness")]));
    assert_eq!(elsewhere.found(&planted.whole()).len(), 1);
    let folders = || -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(folders(), ["names-v4"]);
    redact_all(&dpo, &erase(&dpo, &[logged["involvements"][0]["id"].as_str().unwrap()]));
    // The first search after it, on the other node, does not find it; and the folder that held the name goes.
    assert_eq!(elsewhere.found(&planted.whole()), [] as [String; 0]);
    assert_eq!(elsewhere.found("Ann Other"), [kept]);
    assert_eq!(folders(), ["names-v4-1"]);
    world.server().wait_ready();
    if world.backend == Backend::Sqlite {
        assert!(world.deployment.data_dir.join("names-v4-1").is_dir());
    }
}
