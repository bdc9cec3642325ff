//! Bad networks: nothing doubles, nothing is mixed up.

use serde_json::{Value, json};
use tests::{Officer, World, body, incident, on_both, person};

on_both!(a_retry_never_doubles, ids_made_by_clients_are_kept_and_not_taken_twice, retries_at_once_make_one);

fn keyed(officer: &Officer, path: &str, key: &str, body: &Value) -> testkit::http::Answer {
    officer.send("POST", path, &[("idempotency-key", key)], Some(body))
}

fn a_retry_never_doubles(world: &mut World) {
    let (officer, other) = (world.council_officer(), world.police_officer());
    let sent = body("x", &[], &[person("Margaret Ashworth", "person_affected")]);
    let first = keyed(&officer, "/v1/incidents", "k-1", &sent).expect(201).json();
    let again = keyed(&officer, "/v1/incidents", "k-1", &sent).expect(200);
    assert_eq!(again.headers["etag"], "\"1\"");
    let again = again.json();
    assert_eq!((&again["id"], &again["reference"], &again["incident"]), (&first["id"], &first["reference"], &first["incident"]));
    assert_eq!(officer.listed().len(), 1);

    let refused = keyed(&officer, "/v1/incidents", "k-1", &incident("another body")).expect(422).json();
    assert_eq!(refused["type"], "urn:beacon:problem:key-reused");
    let theirs = keyed(&other, "/v1/incidents", "k-1", &sent).expect(201).json();
    assert_ne!(theirs["id"], first["id"], "another officer's key is another key");
    let path = format!("/v1/incidents/{}", first["id"].as_str().unwrap());
    officer.patch(&path, 1, &json!({ "summary": "changed meanwhile" })).expect(200);
    let afresh = keyed(&officer, "/v1/incidents", "k-1", &sent).expect(200).json();
    assert_eq!((afresh["version"].as_i64(), &afresh["incident"]["summary"]), (Some(2), &json!("changed meanwhile")), "rendered afresh");

    // The same key names another thing on another list, and recognises a retry there too.
    let reports = format!("{path}/reports");
    let report = keyed(&officer, &reports, "k-1", &json!({ "channel": "email" })).expect(201).json();
    let again = keyed(&officer, &reports, "k-1", &json!({ "channel": "email" }));
    assert!([200, 201].contains(&again.status), "{}", again.text);
    assert_eq!(again.json()["id"], report["id"]);
    keyed(&officer, &reports, "k-1", &json!({ "channel": "letter" })).expect(422);
    assert_eq!(officer.get(&path).expect(200).json()["reports"].as_array().unwrap().len(), 2);

    // A refused request uses up nothing.
    let mut wrong = incident("x");
    wrong["types"] = json!([999]);
    keyed(&officer, "/v1/incidents", "k-2", &wrong).expect(422);
    keyed(&officer, "/v1/incidents", "k-2", &incident("x")).expect(201);
}

fn ids_made_by_clients_are_kept_and_not_taken_twice(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let id = |number: u8| json!(format!("018f0000-0000-7000-8000-0000000000{number:02x}"));
    let mut sent = body("x", &[], &[person("Margaret Ashworth", "person_affected")]);
    sent["id"] = id(1);
    sent["involvements"][0]["id"] = id(2);
    let made = officer.log(&sent);
    assert_eq!((&made["id"], &made["incident"]["involvements"][0]["id"]), (&id(1), &id(2)));
    officer.post("/v1/incidents", &sent).expect(409);
    police.post("/v1/incidents", &sent).expect(409);
    let mut other = incident("y");
    other["id"] = id(1);
    assert!(police.post("/v1/incidents", &other).expect(409).text.contains("id"));

    // A part's id that another incident has.
    let mut third = body("z", &[], &[person("Somebody Else", "witness")]);
    third["involvements"][0]["id"] = id(2);
    officer.post("/v1/incidents", &third).expect(409);
    let another = officer.log_id(&incident("w"));
    let mut taken = person("Somebody Else", "witness");
    taken["id"] = id(2);
    officer.post(&format!("/v1/incidents/{another}/involvements"), &taken).expect(409);
    assert_eq!(officer.found("Margaret Ashworth"), ["018f0000-0000-7000-8000-000000000001"]);
    assert!(officer.found("Somebody Else").is_empty());
}

fn retries_at_once_make_one(world: &mut World) {
    let officer = world.council_officer();
    let sent = incident("sent by an impatient client");
    let answers: Vec<(u16, Value)> = std::thread::scope(|threads| {
        let tries: Vec<_> = (0..12)
            .map(|_| {
                threads.spawn(|| {
                    let answer = keyed(&officer, "/v1/incidents", "k", &sent);
                    (answer.status, answer.json()["id"].clone())
                })
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|(status, id)| [200, 201].contains(status) && id == &answers[0].1), "{answers:?}");
    assert_eq!(officer.listed().len(), 1);
}
