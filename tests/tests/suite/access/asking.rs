//! Purposes, asks, agreements, declarations, unfinished intakes: what a look is for, and whom one asks for more.

use serde_json::{Value, json};
use testkit::http::Answer;
use tests::{Officer, World, body, incident, on_both, person, place};

on_both!(
    a_look_at_people_says_what_it_is_for,
    an_ask_is_tracked_to_its_answer,
    new_records_are_shared_as_agreed,
    a_declared_conflict_is_told,
);

fn put(who: &Officer, path: &str, body: &Value) -> Answer {
    who.send("PUT", path, &[], Some(body))
}

fn notices(who: &Officer, kind: &str) -> Vec<Value> {
    let all = who.get("/v1/notices?unseen=true").expect(200).json();
    all["notices"].as_array().unwrap().iter().filter(|notice| notice["kind"] == kind).cloned().collect()
}

fn a_look_at_people_says_what_it_is_for(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let dpo = world.officer(&world.police, "Dee Cole", "data_protection_officer");
    let made = officer.log(&body("x", &[], &[person("Kyle Brannigan", "person_complained_about")]));
    let who = made["incident"]["involvements"][0]["id"].as_str().unwrap();
    let mut kept = incident("kept");
    kept["sharing"] = json!({ "level": "owner_only" });
    let hidden = officer.log(&kept)["reference"].as_str().unwrap().to_owned();
    let intake = officer.post("/v1/intakes", &json!({})).expect(201).json()["reference"].as_str().unwrap().to_owned();
    let own_intake = police.post("/v1/intakes", &json!({})).expect(201).json()["reference"].as_str().unwrap().to_owned();
    let look = |code: &str, reference: &str| {
        let headers = [("beacon-purpose", code), ("beacon-purpose-reference", reference)];
        let search = police.send("POST", "/v1/name-searches", &headers, Some(&json!({ "name": "Kyle Brannigan" })));
        let person = police.send("GET", &format!("/v1/people/{who}"), &headers, None);
        assert_eq!(search.status, person.status, "{code} {reference}");
        search
    };
    let pointers = |answer: Answer| -> Vec<String> {
        let told = answer.expect(422).json();
        told["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(pointers(look("", "")), ["Beacon-Purpose", "Beacon-Purpose-Reference"]);
    assert_eq!(pointers(look("investigation", "")), ["Beacon-Purpose-Reference"]);
    assert_eq!(pointers(look("", "LOG 7")), ["Beacon-Purpose"]);
    // One of ours must be visible: unknown and invisible are told alike.
    let unknown = "018f0000-0000-7000-8000-000000000009";
    let told = look("investigation", unknown).expect(422).text;
    assert_eq!(look("investigation", &hidden).expect(422).text, told);
    assert_eq!(look("investigation", &intake).expect(422).text, told, "another agency's intake");
    for reference in [made["reference"].as_str().unwrap(), made["id"].as_str().unwrap(), &own_intake, "CRM 4711"] {
        look("investigation", reference).expect(200);
    }
    let ledger = dpo.get("/v1/audit?action=name.search&limit=500").expect(200).json();
    let of = |reference: &str| {
        ledger["entries"].as_array().unwrap().iter().find(|entry| entry["purpose_reference"] == json!(reference)).cloned().unwrap()
    };
    assert_eq!(of("CRM 4711")["purpose_checked"], false, "another system's number is accepted and marked");
    assert_eq!(of(&own_intake)["purpose_checked"], true);
    assert_eq!(of(&hidden)["outcome"], "denied");
}

fn an_ask_is_tracked_to_its_answer(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let (supervisor, analyst) = (world.officer(&world.council, "Sue Per", "supervisor"), world.officer(&world.police, "An Yu", "analyst"));
    let mut held = body("x", &[place("Mill Lane", "TS18 1QD")], &[person("Kyle Brannigan", "person_complained_about")]);
    held["sharing"] = json!({ "level": "owner_only", "beyond": "held_by" });
    let id = officer.log_id(&held);
    held["sharing"] = json!({ "level": "owner_only" });
    let hidden = officer.log_id(&held);
    let ask = |incident: &str| json!({ "incident": incident, "question": "Is he known to be armed?" });
    analyst.post("/v1/asks", &ask(&id)).expect(403);
    let told = police.post("/v1/asks", &ask(&hidden)).expect(422).text;
    assert_eq!(police.post("/v1/asks", &ask("018f0000-0000-7000-8000-000000000009")).expect(422).text, told);
    let headers = [("idempotency-key", "ask-1")];
    let made = police.send("POST", "/v1/asks", &headers, Some(&ask(&id))).expect(201).json();
    assert_eq!(police.send("POST", "/v1/asks", &headers, Some(&ask(&id))).expect(201).json()["id"], made["id"]);
    assert_eq!(made["to_agency"], json!(world.council.id));
    assert_eq!(notices(&supervisor, "ask").len(), 1);
    let answer = format!("/v1/asks/{}/answer", made["id"].as_str().unwrap());
    put(&officer, &answer, &json!({ "answer": "told" })).expect(403);
    put(&police, &answer, &json!({ "answer": "told" })).expect(404);
    put(&supervisor, &answer, &json!({ "answer": "call_us", "note": "01642 000000" })).expect(200);
    put(&supervisor, &answer, &json!({ "answer": "refused" })).expect(409);
    assert_eq!(notices(&police, "ask_answered").len(), 1);
    for who in [&police, &officer] {
        let listed = who.get("/v1/asks").expect(200).json();
        assert_eq!((&listed["asks"][0]["answer"], listed["asks"].as_array().unwrap().len()), (&json!("call_us"), 1));
    }
    // By name, to an agency that was told to hold records.
    let by_name = json!({ "agency": world.council.id, "question": "What do you hold?", "name": "Kyle Brannigan" });
    police.post("/v1/asks", &by_name).expect(201);
    let page = police.get("/v1/asks?limit=1").expect(200).json();
    let rest = police.get(&format!("/v1/asks?limit=1&cursor={}", page["next_cursor"].as_str().unwrap())).expect(200).json();
    assert_eq!((&page["asks"][0]["name"], &rest["asks"][0]["id"]), (&json!("Kyle Brannigan"), &made["id"]));
}

fn new_records_are_shared_as_agreed(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let admin = &world.council.admin;
    let agreed = json!({ "level": "partnership", "grade": "summary", "basis": "cda_1998_s115", "document": "ISA 2026/4",
        "review_at": "2027-06-01T00:00:00Z" });
    let path = "/v1/sharing-agreements/ordinary";
    put(&officer, path, &agreed).expect(403);
    put(admin, "/v1/sharing-agreements/sensitive", &agreed).expect(404);
    for (field, wrong, pointer) in
        [("level", "open", "/level"), ("basis", "because", "/basis"), ("review_at", "2020-01-01T00:00:00Z", "/review_at")]
    {
        let mut wrongly = agreed.clone();
        wrongly[field] = json!(wrong);
        let told = put(admin, path, &wrongly).expect(422).json();
        assert!(told["errors"].as_array().unwrap().iter().any(|error| error["pointer"] == pointer), "{told}");
    }
    let sharing = |sent: &Value| officer.log(sent)["incident"]["sharing"].clone();
    assert_eq!(sharing(&incident("before"))["level"], "partnership");
    put(admin, path, &agreed).expect(200);
    let id = officer.log_id(&incident("after"));
    assert_eq!(police.get(&format!("/v1/incidents/{id}")).expect(200).json()["sight"], "summary");
    // What the officer says holds, and the sensitive classes start owner-only whatever is agreed.
    let mut said = incident("said");
    said["sharing"] = json!({ "level": "owner_only" });
    assert_eq!(sharing(&said)["level"], "owner_only");
    let mut sensitive = incident("sensitive");
    sensitive["additional_qualifiers"] = json!([606]);
    assert_eq!(sharing(&sensitive)["level"], "owner_only");
    // Another takes its place; both are on record, and every signed-in caller may read them.
    let mut closed = agreed;
    (closed["level"], closed["grade"], closed["beyond"]) = (json!("owner_only"), json!("full"), json!("held_by"));
    put(admin, path, &closed).expect(200);
    assert_eq!(sharing(&incident("later"))["beyond"], "held_by");
    let all = police.get("/v1/sharing-agreements").expect(200).json()["sharing_agreements"].clone();
    assert_eq!((all[0]["ended_at"].is_null(), all[1]["ended_at"].is_string()), (true, true), "{all}");
}

fn a_declared_conflict_is_told(world: &mut World) {
    let (officer, supervisor) = (world.council_officer(), world.officer(&world.council, "Sue Per", "supervisor"));
    let mine = officer.log_id(&body("x", &[], &[person("Robin Reed", "person_complained_about")]));
    let home = officer.log_id(&body("x", &[json!({ "address": "12 Mill Lane", "postcode": "TS18 1QD" })], &[]));
    let other = officer.log_id(&body("x", &[], &[person("Kyle Brannigan", "person_complained_about")]));
    officer.post("/v1/me/declarations", &json!({ "kind": "family" })).expect(422);
    let made = officer.post("/v1/me/declarations", &json!({ "kind": "family", "name": "Robin REED" })).expect(201).json();
    officer.post("/v1/me/declarations", &json!({ "kind": "home", "address": "12 Mill Ln." })).expect(201);
    let read = |id: &str| drop(officer.get(&format!("/v1/incidents/{id}")).expect(200));
    read(&other);
    assert!(notices(&supervisor, "declared_conflict").is_empty());
    read(&mine);
    read(&home);
    let told = notices(&supervisor, "declared_conflict");
    let mut records: Vec<&str> = told.iter().map(|notice| notice["record"].as_str().unwrap()).collect();
    records.sort_unstable();
    assert_eq!(records, [&mine, &home].map(String::as_str));
    assert!(told.iter().all(|notice| notice["about"] == json!(officer.id)));
    // Supervisors read what is declared; officers only their own.
    assert_eq!(supervisor.get("/v1/declarations").expect(200).json()["declarations"].as_array().unwrap().len(), 2);
    officer.get("/v1/declarations").expect(403);
    world.police_officer().get("/v1/declarations").expect(403);
    let path = format!("/v1/me/declarations/{}", made["id"].as_str().unwrap());
    supervisor.send("DELETE", &path, &[], None).expect(404);
    officer.send("DELETE", &path, &[], None).expect(204);
    assert_eq!(supervisor.get("/v1/declarations").expect(200).json()["declarations"].as_array().unwrap().len(), 1);
}
