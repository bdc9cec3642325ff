//! What opens and closes single records beside their sharing: releases, blocks, emergency access; what people are told of it.

use serde_json::{Value, json};
use testkit::http::Answer;
use tests::{Agency, Officer, World, body, on_both, person, place};

on_both!(
    a_release_opens_one_record_until_it_ends,
    a_block_beats_everything_and_is_told,
    emergency_access_is_one_person_and_sixty_minutes,
    intelligence_is_police_only_and_in_no_count,
);

const STREET: &str = "Mill Lane";

/// How much of a record somebody meets: by id, by name, and whether it is listed, counted and found by place.
fn met(who: &Officer, id: &str, name: &str) -> (String, bool, [bool; 2]) {
    let read = who.get(&format!("/v1/incidents/{id}"));
    let sight = if read.status == 200 { read.json()["sight"].as_str().unwrap().to_owned() } else { read.status.to_string() };
    let places = who.at_place(&json!({ "street": STREET }));
    (sight, who.found(name).contains(&id.to_owned()), [who.listed().contains(&id.to_owned()), places.contains(&id.to_owned())])
}

const NOTHING: [bool; 2] = [false, false];

fn nothing() -> (String, bool, [bool; 2]) {
    ("404".to_owned(), false, NOTHING)
}

fn full() -> (String, bool, [bool; 2]) {
    ("full".to_owned(), true, [true, true])
}

/// A record of one person, shared at some level.
fn record(name: &str, level: &str) -> Value {
    let mut sent = body("x", &[place(STREET, "TS18 1QD")], &[person(name, "person_complained_about")]);
    sent["involvements"][0]["person"]["date_of_birth"] = json!("1999-09-09");
    sent["sharing"] = json!({ "level": level });
    sent
}

/// An agency in no partnership of the others.
fn stranger(world: &World) -> Agency {
    let id = world.council.admin.post("/v1/agencies", &json!({ "name": "Durham Council", "kind": "council" })).expect(201).json();
    world.administered(id["id"].as_str().unwrap().to_owned())
}

fn notices(who: &Officer) -> Vec<Value> {
    who.get("/v1/notices?unseen=true").expect(200).json()["notices"].as_array().unwrap().clone()
}

fn now() -> model::Timestamp {
    model::Clock::system().now()
}

fn later(seconds: i64) -> String {
    now().plus_seconds(seconds).to_string()
}

fn put(who: &Officer, path: &str, body: &Value) -> Answer {
    who.send("PUT", path, &[], Some(body))
}

fn a_release_opens_one_record_until_it_ends(world: &mut World) {
    let durham = stranger(world);
    let (officer, supervisor) = (world.council_officer(), world.officer(&world.council, "Sue Per", "supervisor"));
    let (theirs, their_supervisor) = (world.officer(&durham, "Dot Ham", "officer"), world.officer(&durham, "Di Ham", "supervisor"));
    let their_analyst = world.officer(&durham, "An Alyst", "analyst");
    let id = officer.log_id(&record("Kyle Brannigan", "owner_only"));
    let other = officer.log_id(&record("Kyle Brannigan", "owner_only"));
    assert_eq!(met(&theirs, &id, "Kyle Brannigan"), nothing());
    let path = format!("/v1/incidents/{id}/releases");
    let release =
        json!({ "to_agency": durham.id, "grade": "full", "basis": "cda_1998_s115", "conditions": "Do not copy", "until": later(3_600) });

    // The owning agency approves it, by somebody who answers for a team.
    officer.post(&path, &release).expect(403);
    theirs.post(&path, &release).expect(404);
    their_supervisor.post(&path, &release).expect(404);
    for (field, wrong, pointer) in [
        ("basis", json!("because"), "/basis"),
        ("grade", json!("held_by"), "/grade"),
        ("until", json!(later(-5)), "/until"),
        ("until", json!(later(400 * 86_400)), "/until"),
        ("to_agency", json!(world.council.id), "/to_agency"),
        ("to_agency", json!(theirs.id), "/to_agency"),
        ("to_officer", json!(theirs.id), ""),
    ] {
        let mut wrongly = release.clone();
        wrongly[field] = wrong;
        assert_eq!(supervisor.post(&path, &wrongly).expect(422).json()["errors"][0]["pointer"], pointer, "{wrongly}");
    }
    let before = supervisor.get(&format!("/v1/incidents/{id}")).expect(200);
    let made = supervisor.post(&path, &release).expect(201).json();
    assert_eq!(met(&theirs, &id, "Kyle Brannigan"), full());
    assert_eq!(met(&their_analyst, &id, "Kyle Brannigan").0, "summary_without_people", "a release changes no role");
    assert_eq!(met(&theirs, &other, "Kyle Brannigan"), nothing(), "and opens no other record");
    // Whoever reads it cannot tell that it was handed on.
    let after = supervisor.get(&format!("/v1/incidents/{id}")).expect(200);
    assert_eq!((after.text, &after.headers["etag"]), (before.text, &before.headers["etag"]));
    assert_eq!(supervisor.get(&format!("/v1/incidents/{id}/history")).expect(200).json()["versions"].as_array().unwrap().len(), 1);
    assert_eq!(notices(&their_supervisor)[0]["kind"], "release");
    // A later change of the record leaves the release as it is.
    officer.patch(&format!("/v1/incidents/{id}"), 1, &json!({ "summary": "y" })).expect(200);
    assert_eq!(met(&theirs, &id, "Kyle Brannigan"), full());
    // The register lists it, for those who answer for the data.
    let dpo = world.officer(&world.council, "Del Marsh", "data_protection_officer");
    let register = dpo.get("/v1/releases").expect(200).json();
    assert_eq!((&register["releases"][0]["id"], &register["releases"][0]["basis"]), (&made["id"], &json!("cda_1998_s115")));
    assert_eq!(register["releases"][0]["conditions"], "Do not copy");
    officer.get("/v1/releases").expect(403);
    assert!(their_supervisor.get("/v1/releases").expect(200).json()["releases"].as_array().unwrap().is_empty());
    // Revoked, it opens nothing any more, and stays in the register.
    let release_path = format!("/v1/releases/{}", made["id"].as_str().unwrap());
    their_supervisor.send("DELETE", &release_path, &[], None).expect(404);
    supervisor.send("DELETE", &release_path, &[], None).expect(204);
    supervisor.send("DELETE", &release_path, &[], None).expect(404);
    assert_eq!(met(&theirs, &id, "Kyle Brannigan"), nothing());
    assert!(dpo.get("/v1/releases").expect(200).json()["releases"][0]["revoked_at"].is_string());
    // One that ends by itself ends to the second.
    let short = json!({ "to_officer": theirs.id, "grade": "summary", "basis": "safeguarding", "until": later(3) });
    supervisor.post(&path, &short).expect(201);
    assert_eq!(met(&theirs, &id, "Kyle Brannigan").0, "summary");
    let end: model::Timestamp = short["until"].as_str().unwrap().parse().unwrap();
    while now() <= end {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(met(&theirs, &id, "Kyle Brannigan"), nothing());
}

fn a_block_beats_everything_and_is_told(world: &mut World) {
    let (officer, supervisor) = (world.council_officer(), world.officer(&world.council, "Sue Per", "supervisor"));
    let lead = world.officer(&world.council, "Sal Lead", "safeguarding_lead");
    let dpo = world.officer(&world.council, "Del Marsh", "data_protection_officer");
    let id = officer.log_id(&record("Kyle Brannigan", "partnership"));
    let path = format!("/v1/incidents/{id}");
    let (block, reason) = (format!("{path}/blocks/{}", officer.id), json!({ "reason": "Lives next door" }));
    put(&officer, &block, &reason).expect(403);
    let theirs = world.police_officer();
    put(&theirs, &block, &reason).expect(403);
    put(&supervisor, &format!("{path}/blocks/{}", supervisor.id), &reason).expect(422);
    put(&supervisor, &block, &reason).expect(200);
    put(&supervisor, &format!("{path}/blocks/{}", lead.id), &reason).expect(200);

    assert_eq!(met(&officer, &id, "Kyle Brannigan"), nothing());
    assert_eq!(officer.counted(), 0);
    // As if it did not exist: the same answer as for an id that nothing has.
    let unknown = "018f0000-0000-7000-8000-000000000009";
    for (method, end, sent) in [
        ("GET", "", None),
        ("HEAD", "", None),
        ("GET", "/history", None),
        ("PATCH", "", Some(json!({ "summary": "z" }))),
        ("POST", "/reports", Some(json!({}))),
    ] {
        let [hidden, absent] = [&id, unknown]
            .map(|id| officer.send(method, &format!("/v1/incidents/{id}{end}"), &[("if-match", "\"1\"")], sent.as_ref()).expect(404).text);
        assert_eq!(hidden, absent, "{method} {end}");
    }
    // The supervisor is told, once a day; the officer is not.
    let told: Vec<Value> = notices(&supervisor).into_iter().filter(|notice| notice["kind"] == "blocked_look").collect();
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["about"], &told[0]["record"]), (&json!(officer.id), &json!(id)));
    assert!(notices(&officer).is_empty());
    let seen = format!("/v1/notices/{}/seen", told[0]["id"].as_str().unwrap());
    officer.send("PUT", &seen, &[], None).expect(404);
    supervisor.send("PUT", &seen, &[], None).expect(204);
    assert!(notices(&supervisor).iter().all(|notice| notice["kind"] != "blocked_look"));

    // An attempt to change it is told as well, of somebody who never read it.
    put(&supervisor, &format!("{path}/blocks/{}", theirs.id), &reason).expect(200);
    theirs.patch(&path, 1, &json!({ "summary": "z" })).expect(404);
    let told = notices(&supervisor).into_iter().find(|notice| notice["kind"] == "blocked_look").unwrap();
    assert_eq!((&told["about"], &told["record"]), (&json!(theirs.id), &json!(id)));
    let viewers = dpo.get(&format!("/v1/audit/viewers?record={id}")).expect(200).json();
    let denied = |one: &Value| one["action"] == "incident.change" && one["outcome"] == "denied" && one["agency"] == json!(world.police.id);
    assert!(viewers["viewers"].as_array().unwrap().iter().any(denied), "{viewers}");
    supervisor.send("DELETE", &format!("{path}/blocks/{}", theirs.id), &[], None).expect(204);

    // It beats being named, a release, and emergency access.
    let named = json!({ "sharing": { "level": "named_officers", "officers": [officer.id, lead.id, supervisor.id] } });
    supervisor.patch(&path, 1, &named).expect(200);
    let release = json!({ "to_officer": officer.id, "grade": "full", "basis": "safeguarding", "until": later(3_600) });
    supervisor.post(&format!("{path}/releases"), &release).expect(201);
    assert_eq!(met(&officer, &id, "Kyle Brannigan"), nothing());
    let emergency = json!({ "name": "Kyle Brannigan", "date_of_birth": "1999-09-09", "reason": "At risk now" });
    let opened = lead.post("/v1/emergency-access", &emergency).expect(201).json();
    assert!(opened["incidents"].as_array().unwrap().is_empty(), "{opened}");
    assert_eq!(met(&lead, &id, "Kyle Brannigan"), nothing());

    let listed = supervisor.get(&format!("{path}/blocks")).expect(200).json();
    assert_eq!(listed["blocks"].as_array().unwrap().len(), 3, "one that was lifted stays in the register");
    supervisor.send("DELETE", &block, &[], None).expect(204);
    supervisor.send("DELETE", &block, &[], None).expect(404);
    assert_eq!(met(&officer, &id, "Kyle Brannigan"), full());
}

fn emergency_access_is_one_person_and_sixty_minutes(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let lead = world.officer(&world.police, "Sal Lead", "safeguarding_lead");
    let (dpo, supervisor) =
        (world.officer(&world.council, "Del Marsh", "data_protection_officer"), world.officer(&world.council, "Sue Per", "supervisor"));
    let id = officer.log_id(&record("Kyle Brannigan", "owner_only"));
    let other = officer.log_id(&record("Kyle Branagan", "owner_only"));
    let mut kept = record("Kyle Brannigan", "owner_only");
    kept["involvements"][0]["roles"] = json!(["witness"]);
    kept["involvements"][0]["identity"] = json!("confidential");
    let protected = officer.log_id(&kept);
    let mut marked = record("Kyle Brannigan", "owner_only");
    marked["markings"] = json!(["police_only"]);
    let police_only = police.log_id(&marked);

    let ask = |name: &str, born: &str| json!({ "name": name, "date_of_birth": born, "reason": "A child is with him now" });
    for who in [&officer, &police, &supervisor, &dpo] {
        who.post("/v1/emergency-access", &ask("Kyle Brannigan", "1999-09-09")).expect(403);
    }
    lead.post("/v1/emergency-access", &ask("Kyle Brannigan", "1999")).expect(422);
    assert_eq!(met(&lead, &id, "Kyle Brannigan"), nothing());
    let opened = lead.post("/v1/emergency-access", &ask("KYLE  brannigan", "1999-09-09")).expect(201).json();
    // One person's: not of a name that is only alike, no protected person, nothing police-only of another.
    assert_eq!(opened["incidents"], json!([id]), "{protected} {police_only}");
    assert_eq!(met(&lead, &id, "Kyle Brannigan"), ("full".to_owned(), true, NOTHING), "by id and name, and in no count");
    for closed in [&other, &protected] {
        assert_eq!(met(&lead, closed, "Kyle Brannigan"), nothing());
    }
    let [from, until] = ["opened_at", "until"].map(|field| opened[field].as_str().unwrap().parse::<model::Timestamp>().unwrap());
    assert!((until.seconds_since(from) - 3_600.0).abs() < 1e-6);
    // At once visible to the owner and its data protection officer.
    for told in [&dpo, &supervisor] {
        assert!(notices(told).iter().any(|notice| notice["kind"] == "emergency_access" && notice["about"] == json!(lead.id)));
        let listed = told.get("/v1/emergency-access").expect(200).json();
        let one = &listed["emergency_access"][0];
        assert_eq!((&one["reason"], &one["records"]), (&json!("A child is with him now"), &json!(1)));
    }
    officer.get("/v1/emergency-access").expect(403);
    // What somebody else may see is untouched.
    assert_eq!(met(&police, &id, "Kyle Brannigan"), nothing());
}

fn intelligence_is_police_only_and_in_no_count(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let supervisor = world.officer(&world.police, "Pol Super", "supervisor");
    let analyst = world.officer(&world.police, "Pol Lyst", "analyst");
    let mut sent = record("Kyle Brannigan", "owner_only");
    sent.as_object_mut().unwrap().remove("sharing");
    sent["intelligence"] =
        json!({ "source_evaluation": "2", "assessment": "C", "handling": "C", "conditions": "Not to be told to the subject" });
    let refused = officer.post("/v1/incidents", &sent).expect(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "/intelligence");
    for (field, wrong, pointer) in [
        ("source_evaluation", json!("4"), "/intelligence/source_evaluation"),
        ("conditions", Value::Null, "/intelligence/conditions"),
        ("handling", json!("P"), "/intelligence/conditions"),
    ] {
        let mut wrongly = sent.clone();
        wrongly["intelligence"][field] = wrong;
        assert_eq!(police.post("/v1/incidents", &wrongly).expect(422).json()["errors"][0]["pointer"], pointer);
    }
    let id = police.log_id(&sent);
    let read = police.get(&format!("/v1/incidents/{id}")).expect(200).json();
    assert_eq!((&read["intelligence"]["assessment"], &read["sharing"]["level"]), (&json!("C"), &json!("owner_only")));
    assert_eq!(met(&police, &id, "Kyle Brannigan"), ("full".to_owned(), true, NOTHING));
    assert_eq!(met(&analyst, &id, "Kyle Brannigan"), nothing());
    assert_eq!((met(&officer, &id, "Kyle Brannigan"), police.counted()), (nothing(), 0));
    let told = police.log(&record("Kyle Brannigan", "partnership"))["already_known"].clone();
    assert_eq!(told["same_place"].as_array().unwrap().len(), 0, "{told}");
    // Its source stands apart, for the named roles.
    let source = format!("/v1/incidents/{id}/source");
    put(&police, &source, &json!({ "text": "Neighbour at 12" })).expect(403);
    put(&supervisor, &source, &json!({ "text": "Neighbour at 12" })).expect(200);
    assert_eq!(supervisor.get(&source).expect(200).json()["text"], "Neighbour at 12");
    police.get(&source).expect(403);
    officer.get(&source).expect(404);
    // Released, it is open to the agency it was released to, with its conditions; still in no count.
    let release = json!({ "to_agency": world.council.id, "grade": "full", "basis": "cda_1998_s115", "until": later(3_600) });
    let path = format!("/v1/incidents/{id}/releases");
    assert_eq!(supervisor.post(&path, &release).expect(422).json()["errors"][0]["pointer"], "/conditions");
    let mut repeated = release;
    repeated["conditions"] = json!("Not to be told to the subject");
    supervisor.post(&path, &repeated).expect(201);
    assert_eq!(met(&officer, &id, "Kyle Brannigan"), ("full".to_owned(), true, NOTHING));
    assert_eq!(
        officer.get(&format!("/v1/incidents/{id}")).expect(200).json()["intelligence"]["conditions"],
        "Not to be told to the subject"
    );
    officer.get(&source).expect(403);
}
