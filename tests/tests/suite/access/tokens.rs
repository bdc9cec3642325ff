//! Access ends when it ends.

use serde_json::{Value, json};
use tests::{Officer, World, body, incident, on_both, person};

on_both!(
    a_token_that_ended_opens_nothing_from_that_moment,
    a_suspended_officer_sees_nothing_from_that_moment,
    nobody_grants_themselves_anything,
);

/// Every operation, with what it would answer to somebody signed in.
fn operations(id: &str) -> Vec<(&'static str, String, Option<Value>)> {
    vec![
        ("GET", format!("/v1/incidents/{id}"), None),
        ("GET", format!("/v1/incidents/{id}/history"), None),
        ("GET", format!("/v1/incidents/{id}/duplicates"), None),
        ("GET", "/v1/incidents".to_owned(), None),
        ("GET", "/v1/hotspots?bbox=-1.40,54.50,-1.20,54.65".to_owned(), None),
        ("GET", "/v1/areas".to_owned(), None),
        ("GET", "/v1/vocabularies".to_owned(), None),
        ("GET", "/v1/imports".to_owned(), None),
        ("GET", "/v1/agencies".to_owned(), None),
        ("GET", "/v1/officers".to_owned(), None),
        ("GET", "/v1/me".to_owned(), None),
        ("GET", "/v1/partnerships".to_owned(), None),
        ("GET", "/v1/secondments".to_owned(), None),
        ("GET", "/v1/audit".to_owned(), None),
        ("GET", "/v1/people/018f0000-0000-7000-8000-000000000009".to_owned(), None),
        ("POST", "/v1/name-searches".to_owned(), Some(json!({ "name": "Margaret Ashworth" }))),
        ("POST", "/v1/place-searches".to_owned(), Some(json!({ "street": "Mill Lane" }))),
        ("POST", "/v1/incidents".to_owned(), Some(incident("too late"))),
        ("POST", "/v1/intakes".to_owned(), Some(json!({}))),
        ("POST", format!("/v1/incidents/{id}/reports"), Some(json!({}))),
        ("PATCH", format!("/v1/incidents/{id}"), Some(json!({ "summary": "too late" }))),
        ("DELETE", "/v1/markers/018f0000-0000-7000-8000-000000000009".to_owned(), None),
    ]
}

fn all_closed(who: &Officer, id: &str) {
    for (method, path, body) in operations(id) {
        let answer = who.send(method, &path, &[("if-match", "\"1\"")], body.as_ref());
        assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text);
        assert_eq!(answer.headers["www-authenticate"], "Bearer realm=\"beacon\"");
        assert!(!answer.text.contains("Ashworth"));
    }
}

fn a_suspended_officer_sees_nothing_from_that_moment(world: &mut World) {
    let (officer, admin) = (world.council_officer(), world.council.admin.clone());
    let id = officer.log_id(&body("x", &[], &[person("Margaret Ashworth", "person_affected")]));
    let path = format!("/v1/officers/{}/suspension", officer.id);
    for _ in 0..5 {
        officer.get(&format!("/v1/incidents/{id}")).expect(200);
        let suspended = admin.send("PUT", &path, &[], None).expect(200).json();
        assert!(suspended["suspended_at"].is_string(), "{suspended}");
        all_closed(&officer, &id);
        admin.send("DELETE", &path, &[], None).expect(200);
        assert_eq!(officer.get(&format!("/v1/incidents/{id}")).expect(200).json()["recorded_by"], json!(officer.id));
    }
    for (who, status) in [(&officer, 403), (&world.police.admin, 403)] {
        who.send("PUT", &path, &[], None).expect(status);
    }
    admin.send("PUT", &format!("/v1/officers/{}/suspension", admin.id), &[], None).expect(403);
    admin.send("PUT", "/v1/officers/018f0000-0000-7000-8000-000000000009/suspension", &[], None).expect(404);
}

fn a_token_that_ended_opens_nothing_from_that_moment(world: &mut World) {
    let officer = world.council_officer();
    let admin = &world.council.admin;
    let id = officer.log_id(&body("x", &[], &[person("Margaret Ashworth", "person_affected")]));
    let tokens = format!("/v1/officers/{}/tokens", officer.id);
    let path = format!("/v1/incidents/{id}");

    // Used until the moment before, so that anything remembered is remembered.
    for _ in 0..5 {
        let second = admin.post(&tokens, &json!({})).expect(201).json();
        let holder = Officer { token: second["token"].as_str().unwrap().to_owned(), ..officer.clone() };
        holder.get(&path).expect(200);
        assert!(!holder.found("Margaret Ashworth").is_empty());
        admin.send("DELETE", &format!("{tokens}/{}", second["id"].as_str().unwrap()), &[], None).expect(204);
        all_closed(&holder, &id);
        admin.send("DELETE", &format!("{tokens}/{}", second["id"].as_str().unwrap()), &[], None).expect(404);
    }
    officer.get(&path).expect(200);

    // One that was revoked by another process, at the console.
    let third = admin.post(&tokens, &json!({})).expect(201).json();
    let holder = Officer { token: third["token"].as_str().unwrap().to_owned(), ..officer.clone() };
    holder.get(&path).expect(200);
    world.deployment.ok(&["token", "revoke", "--officer", &officer.id, third["id"].as_str().unwrap()]);
    all_closed(&holder, &id);

    // One that ends by itself.
    let end = model::Clock::system().now().plus_seconds(2);
    let fourth = admin.post(&tokens, &json!({ "expires_at": end })).expect(201).json();
    let holder = Officer { token: fourth["token"].as_str().unwrap().to_owned(), ..officer.clone() };
    let mut opened = 0;
    loop {
        let asked = model::Clock::system().now();
        let answer = holder.get(&path);
        if asked > end {
            assert_eq!(answer.status, 401, "past its end");
            break;
        }
        opened += u32::from(answer.status == 200);
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(opened > 10, "{opened}");
    all_closed(&holder, &id);
    assert_eq!(officer.listed().len(), 1, "nothing was written");

    // Lists show when each ends and never the token.
    let listed = admin.get(&tokens).expect(200);
    assert!(!listed.text.contains("beacon_") && listed.json()["tokens"].as_array().unwrap().len() == 8, "{}", listed.text);
}

fn nobody_grants_themselves_anything(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let admin = &world.council.admin;
    let own = format!("/v1/officers/{}/tokens", admin.id);
    assert!(admin.post(&own, &json!({})).expect(403).text.contains("themselves"));
    let theirs = format!("/v1/officers/{}/tokens", police.id);
    admin.post(&theirs, &json!({})).expect(403);
    admin.get(&theirs).expect(403);
    admin.post("/v1/officers", &json!({ "name": "Mole", "agency": world.police.id, "role": "officer" })).expect(403);
    let names = admin.get("/v1/officers").expect(200).text;
    assert!(names.contains("Pat Reed") && !names.contains("Sam Okafor"), "an administrator sees the own agency's");
    for who in [
        &officer,
        &world.officer(&world.council, "Ana Lyst", "analyst"),
        &world.officer(&world.council, "Del Marsh", "data_protection_officer"),
    ] {
        who.post(&format!("/v1/officers/{}/tokens", officer.id), &json!({})).expect(403);
        who.post("/v1/officers", &json!({ "name": "Mole", "agency": world.council.id, "role": "administrator" })).expect(403);
        who.post("/v1/agencies", &json!({ "name": "Mine", "kind": "other" })).expect(403);
        who.get("/v1/officers").expect(403);
        who.get(&format!("/v1/officers/{}/tokens", officer.id)).expect(403);
    }
}
