//! Secondments: an officer of one agency acts for another, from the second it begins until the second it ends.

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use testkit::http::Answer;
use tests::{Officer, World, body, on_both, person, place};

on_both!(
    a_seconded_officer_sees_and_writes_as_the_host,
    it_opens_nothing_before_it_begins_or_from_the_second_it_ends,
    it_opens_the_sensitive_classes_only_where_it_says_so,
    police_only_records_open_only_when_acting_as_police,
    the_host_approves_it,
    its_end_is_told_before_it_comes,
    nobody_agrees_with_themselves_for_two_agencies,
);

/// A request of somebody who acts for another agency.
fn acting(officer: &Officer, host: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
    officer.send(method, path, &[("beacon-acting-as", host)], body)
}

fn time(after: Duration) -> String {
    let millis = i64::try_from(after.as_millis()).unwrap();
    model::Timestamp::from_micros(model::Clock::system().now().micros() + millis * 1_000).to_string()
}

const YEAR: Duration = Duration::from_secs(365 * 86_400);

/// The officer is seconded to the council, as an officer, for a year.
fn second(world: &World, officer: &Officer, more: &Value) -> String {
    let mut new = json!({ "officer": officer.id, "host": world.council.id, "role": "officer", "until": time(YEAR) });
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.council.admin.post("/v1/secondments", &new).expect(201).json()["id"].as_str().unwrap().to_owned()
}

fn owner_only(name: &str) -> Value {
    let mut sent = body("kept", &[place("Mill Lane", "TS18 1QD")], &[person(name, "person_affected")]);
    sent["sharing"] = json!({ "level": "owner_only" });
    sent
}

fn nobody_agrees_with_themselves_for_two_agencies(world: &mut World) {
    let (council, police) = (world.council_officer(), world.police_officer());
    let host = world.council.id.clone();
    second(world, &police, &json!({}));
    let mention = |who: &Officer| {
        let made = who.log(&body("x", &[], &[person("Margaret Ashworth", "witness")]));
        made["incident"]["involvements"][0]["id"].as_str().unwrap().to_owned()
    };
    let link = |first: &str, second: &str| json!({ "first": first, "second": second, "decision": "same", "grounds": "photograph" });
    let (ours, theirs) = (mention(&council), mention(&police));
    for (who, one) in [(&council, &ours), (&police, &theirs)] {
        who.post("/v1/person-links", &link(one, &mention(who))).expect(201);
    }
    let made = acting(&police, &host, "POST", "/v1/person-links", Some(&link(&ours, &theirs))).expect(201).json();
    assert_eq!((&made["state"], &made["waiting_for"]), (&json!("waiting"), &json!([world.police.id])));
    let path = format!("/v1/person-links/{}/agreement", made["id"].as_str().unwrap());
    police.send("PUT", &path, &[], None).expect(403);
    let colleague = world.officer(&world.police, "Del Marsh", "officer");
    assert_eq!(colleague.send("PUT", &path, &[], None).expect(200).json()["state"], "in_force");
}

fn a_seconded_officer_sees_and_writes_as_the_host(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let dpo = world.officer(&world.council, "Del Marsh", "data_protection_officer");
    let host = world.council.id.clone();
    let kept = officer.log_id(&owner_only("Margaret Ashworth"));
    let own = police.log_id(&owner_only("Rosalind Birtwhistle"));
    let (kept, own) = (format!("/v1/incidents/{kept}"), format!("/v1/incidents/{own}"));
    let refused = acting(&police, &host, "GET", &kept, None).expect(403);
    assert!(!refused.text.contains("Ashworth"));
    let secondment = second(world, &police, &json!({}));

    // With the header they are an officer of the council, without it one of the police.
    acting(&police, &host, "GET", &kept, None).expect(200);
    police.get(&kept).expect(404);
    acting(&police, &host, "GET", &own, None).expect(404);
    police.get(&own).expect(200);
    let search = |name: &str| {
        let found = acting(&police, &host, "POST", "/v1/name-searches", Some(&json!({ "name": name }))).expect(200).json();
        found["people"].as_array().unwrap().len()
    };
    assert_eq!((search("Margaret Ashworth"), search("Rosalind Birtwhistle")), (1, 0));
    let me = acting(&police, &host, "GET", "/v1/me", None).expect(200).json();
    assert_eq!((&me["agency"], &me["secondments"][0]["ends_soon"]), (&json!(host), &json!(false)));
    acting(&police, &world.police.id, "GET", &own, None).expect(200);

    // What they write belongs to the council, and stays attributed to them.
    let made = acting(&police, &host, "POST", "/v1/incidents", Some(&owner_only("Cuthbert Dunnage"))).expect(201).json();
    assert_eq!((&made["incident"]["owning_agency"], &made["incident"]["recorded_by"]), (&json!(host), &json!(police.id)));
    let made = format!("/v1/incidents/{}", made["id"].as_str().unwrap());
    let entries = dpo.get(&format!("/v1/audit?limit=500&officer={}", police.id)).expect(200).json();
    let entries = entries["entries"].as_array().unwrap();
    for action in ["incident.read", "name.search", "incident.create"] {
        assert!(entries.iter().any(|entry| entry["action"] == action && entry["agency"] == json!(host)), "{action}");
    }

    world.council.admin.send("DELETE", &format!("/v1/secondments/{secondment}"), &[], None).expect(204);
    for (method, path, body) in [
        ("GET", kept.as_str(), None),
        ("GET", made.as_str(), None),
        ("GET", "/v1/incidents", None),
        ("POST", "/v1/name-searches", Some(json!({ "name": "Margaret Ashworth" }))),
        ("POST", "/v1/incidents", Some(owner_only("Philippa Eccleshall"))),
        ("GET", "/v1/me", None),
    ] {
        acting(&police, &host, method, path, body.as_ref()).expect(403);
    }
    police.get(&made).expect(404);
    assert_eq!(officer.get(&made).expect(200).json()["recorded_by"], json!(police.id));
    // Each refusal is in a ledger: of the officer's own agency, or of the host where they were let in and it ended since.
    let police_dpo = world.officer(&world.police, "Dee Cole", "data_protection_officer");
    let denied = |who: &Officer| {
        let entries = who.get(&format!("/v1/audit?limit=500&officer={}", police.id)).expect(200).json();
        let refused = |entry: &&Value| entry["outcome"] == "denied" && entry["records"] == json!([]);
        entries["entries"].as_array().unwrap().iter().filter(refused).map(|entry| entry["action"].clone()).collect::<Vec<_>>()
    };
    let (own, hosts) = (denied(&police_dpo), denied(&dpo));
    assert_eq!(own.iter().filter(|action| *action == "acting_as").count() + hosts.len(), 7 + 1, "{own:?} {hosts:?}");
    let unknown = acting(&police, "not an id", "GET", "/v1/me", None).expect(422);
    assert_eq!(unknown.json()["errors"][0]["pointer"], "Beacon-Acting-As");
}

fn it_opens_nothing_before_it_begins_or_from_the_second_it_ends(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let host = world.council.id.clone();
    let kept = format!("/v1/incidents/{}", officer.log_id(&owner_only("Margaret Ashworth")));
    let began = Instant::now();
    let (from, until) = (Duration::from_millis(1_500), Duration::from_millis(4_000));
    second(world, &police, &json!({ "from": time(from), "until": time(until) }));
    let (mut opened, mut closed) = (0, 0);
    while began.elapsed() < until + Duration::from_millis(1_500) {
        // The times were taken a little after `began`, so that only what is surely outside must be closed.
        let asked = began.elapsed();
        let status = acting(&police, &host, "GET", &kept, None).status;
        let answered = began.elapsed();
        match status {
            200 => {
                assert!(answered > from, "open after {answered:?}, before it begins");
                assert!(asked < until + Duration::from_millis(500), "open at {asked:?}, after it ended");
                opened += 1;
            }
            403 => closed += 1,
            other => panic!("{other}"),
        }
    }
    assert!(opened > 10 && closed > 10, "{opened} {closed}");
    acting(&police, &host, "GET", &kept, None).expect(403);
}

fn it_opens_the_sensitive_classes_only_where_it_says_so(world: &mut World) {
    let (officer, lead) = (world.council_officer(), world.officer(&world.police, "Lee Adams", "safeguarding_lead"));
    let (plain, trusted) = (world.police_officer(), world.officer(&world.police, "Nia Grant", "officer"));
    let mut sent = body("at home", &[], &[person("Margaret Ashworth", "person_affected")]);
    sent["additional_qualifiers"] = json!([606]);
    let made = officer.log(&sent);
    assert_eq!(made["incident"]["sharing"]["level"], "owner_only");
    let path = format!("/v1/incidents/{}", made["id"].as_str().unwrap());
    second(world, &plain, &json!({}));
    second(world, &trusted, &json!({ "sensitive": true }));
    let host = world.council.id.clone();
    acting(&plain, &host, "GET", &path, None).expect(404);
    acting(&trusted, &host, "GET", &path, None).expect(200);
    plain.get(&path).expect(404);
    // The safeguarding leads of the partnership see it.
    lead.get(&path).expect(200);
    assert_eq!((lead.found("Margaret Ashworth").len(), plain.found("Margaret Ashworth").len()), (1, 0));
}

fn police_only_records_open_only_when_acting_as_police(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let mut sent = body("for the police", &[place("Mill Lane", "TS18 1QD")], &[person("Margaret Ashworth", "witness")]);
    sent["markings"] = json!(["police_only"]);
    sent["sharing"] = json!({ "level": "named_agencies", "agencies": [world.council.id] });
    let id = police.log_id(&sent);
    let path = format!("/v1/incidents/{id}");
    second(world, &police, &json!({}));
    let host = world.council.id.clone();
    police.get(&path).expect(200);
    acting(&police, &host, "GET", &path, None).expect(404);
    officer.get(&path).expect(404);
    assert!(officer.found("Margaret Ashworth").is_empty() && officer.counted() == 0 && police.counted() == 1);
    // A council officer seconded to the police opens it, as police.
    let new = json!({ "officer": officer.id, "host": world.police.id, "role": "officer", "until": time(YEAR) });
    world.police.admin.post("/v1/secondments", &new).expect(201);
    acting(&officer, &world.police.id, "GET", &path, None).expect(200);
}

fn the_host_approves_it(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let new = |more: &Value| {
        let mut new = json!({ "officer": police.id, "host": world.council.id, "role": "officer", "until": time(YEAR) });
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        new
    };
    for who in [&officer, &police, &world.police.admin] {
        who.post("/v1/secondments", &new(&json!({}))).expect(403);
    }
    let admin = &world.council.admin;
    for (more, pointer) in [
        (json!({ "officer": officer.id }), "/officer"),
        (json!({ "officer": "018f0000-0000-7000-8000-000000000009" }), "/officer"),
        (json!({ "role": "administrator" }), "/role"),
        (json!({ "role": "data_protection_officer" }), "/role"),
        (json!({ "until": "2020-01-01T00:00:00Z" }), "/until"),
        (json!({ "until": "2090-01-01T00:00:00Z" }), "/until"),
    ] {
        let refused = admin.post("/v1/secondments", &new(&more)).expect(422).json();
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    let id = second(world, &police, &json!({ "role": "supervisor" }));
    let listed = |who: &Officer| who.get("/v1/secondments").expect(200).json()["secondments"].as_array().unwrap().len();
    assert_eq!((listed(admin), listed(&world.police.admin)), (1, 1));
    officer.get("/v1/secondments").expect(403);
    // The officer's own agency can call them back; nobody else can.
    officer.send("DELETE", &format!("/v1/secondments/{id}"), &[], None).expect(403);
    world.police.admin.send("DELETE", &format!("/v1/secondments/{id}"), &[], None).expect(204);
    acting(&police, &world.council.id, "GET", "/v1/me", None).expect(403);
    admin.send("DELETE", &format!("/v1/secondments/{id}"), &[], None).expect(404);
}

fn its_end_is_told_before_it_comes(world: &mut World) {
    let police = world.police_officer();
    let second = |until: u64| {
        let body = json!({ "officer": police.id, "host": world.council.id, "role": "officer", "until": time(Duration::from_secs(until)) });
        world.council.admin.post("/v1/secondments", &body).expect(201).json()["id"].as_str().unwrap().to_owned()
    };
    let (soon, _) = (second(13 * 86_400), second(15 * 86_400));
    // What is due is looked at when the program starts, and every hour.
    let told = |who: &Officer| -> Vec<String> {
        let all = who.get("/v1/notices").expect(200).json();
        let ends =
            all["notices"].as_array().unwrap().iter().filter(|notice| notice["kind"] == "secondment_ends").cloned().collect::<Vec<_>>();
        ends.iter().map(|notice| notice["record"].as_str().unwrap().to_owned()).collect()
    };
    for _ in 0..2 {
        world.stop();
        world.start();
        let url = world.url().to_owned();
        let began = Instant::now();
        while told(&police.at(&url)).is_empty() && began.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(told(&police.at(&url)), [soon.clone()], "once, to the officer");
        assert_eq!(told(&world.council.admin.at(&url)), [soon.clone()], "and to those who approved it");
        assert!(told(&world.police.admin.at(&url)).is_empty());
    }
}
