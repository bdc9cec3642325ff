//! Records are reviewed when their time is over: kept for a reason until another day, or disposed of.

use super::{dpo, logged};
use serde_json::{Value, json};
use tests::{World, body, on_both, person};

on_both!(schedules_are_the_agencys_own, what_is_due_is_kept_or_disposed_of);

/// The day that many days from today.
fn days(ahead: i64) -> String {
    let now = model::Clock::system().now().plus_seconds(ahead * 86_400);
    now.london_day().to_string()
}

fn months(schedules: &Value, class: &str, children: bool) -> (u64, bool) {
    let all = schedules["schedules"].as_array().unwrap();
    let one = all.iter().find(|one| one["class"] == class && one["children"] == children).unwrap();
    (one["months"].as_u64().unwrap(), one["local_default"].as_bool().unwrap())
}

fn schedules_are_the_agencys_own(world: &mut World) {
    let (officer, dpo) = (world.council_officer(), dpo(world));
    let stranger = world.officer(&world.police, "Uma Officer", "data_protection_officer");
    let path = "/v1/retention-schedules";
    let before = dpo.get(path).expect(200).json();
    assert_eq!((before["schedules"].as_array().unwrap().len(), months(&before, "ordinary", true)), (8, (72, true)));
    let set = json!({ "class": "ordinary", "children": true, "months": 120 });
    for other in [&officer, &world.council.admin] {
        other.get(path).expect(403);
        other.send("PUT", path, &[], Some(&set)).expect(403);
    }
    for wrong in [0, 1_201] {
        let told = dpo.send("PUT", path, &[], Some(&json!({ "class": "ordinary", "children": true, "months": wrong }))).expect(422).json();
        assert_eq!(told["errors"][0]["pointer"], "/months");
    }
    let after = dpo.send("PUT", path, &[], Some(&set)).expect(200).json();
    assert_eq!((months(&after, "ordinary", true), months(&after, "ordinary", false)), ((120, false), (72, true)));
    assert_eq!(months(&stranger.get(path).expect(200).json(), "ordinary", true), (72, true), "each agency its own");
}

fn what_is_due_is_kept_or_disposed_of(world: &mut World) {
    let (officer, dpo, police) = (world.council_officer(), dpo(world), world.police_officer());
    let stranger = world.officer(&world.police, "Uma Officer", "data_protection_officer");
    let ordinary = logged(&officer, &body("x", &[], &[person("Kyle Brannigan", "witness")]))["id"].as_str().unwrap().to_owned();
    let mut child = person("Tim Young", "witness");
    child["person"]["date_of_birth"] = json!("2015-05-05");
    let childs = officer.log_id(&body("y", &[], &[child]));
    let mut held = body("z", &[], &[]);
    held["markings"] = json!(["legal_hold"]);
    let held = officer.log_id(&held);
    police.log_id(&body("theirs", &[], &[]));
    let due = |by: &str| -> Vec<(String, bool)> {
        let page = dpo.get(&format!("/v1/retention-reviews?by={by}")).expect(200).json();
        page["reviews"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["incident"].as_str().unwrap().to_owned(), one["children"].as_bool().unwrap()))
            .collect()
    };
    // Six years on, and a child's twelve.
    dpo.send("PUT", "/v1/retention-schedules", &[], Some(&json!({ "class": "ordinary", "children": true, "months": 144 }))).expect(200);
    assert_eq!(due(&days(0)), []);
    assert_eq!(due(&days(72 * 30)), [], "a few weeks before six years");
    assert_eq!(due(&days(6 * 366)), [(ordinary.clone(), false), (held.clone(), false)]);
    assert_eq!(due(&days(12 * 366)).len(), 3);
    let page = dpo.get(&format!("/v1/retention-reviews?by={}&limit=2", days(12 * 366))).expect(200).json();
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = dpo.get(&format!("/v1/retention-reviews?by={}&limit=2&cursor={cursor}", days(12 * 366))).expect(200).json();
    assert!(next["reviews"].as_array().unwrap().len() == 1 && next["next_cursor"].is_null(), "{next}");

    let path = |id: &str| format!("/v1/retention-reviews/{id}");
    let dispose = json!({ "decision": "dispose", "reason": "no_longer_necessary" });
    let retain = |day: &str| json!({ "decision": "retain", "reason": "ongoing_risk", "next_review": day });
    let told = dpo.post(&path(&ordinary), &dispose).expect(409).json();
    assert!(told["detail"].as_str().unwrap().contains("not due"), "{told}");
    // What an earlier database would hold: records that last changed long ago.
    let long_ago = |id: &str| {
        let old = "2019-03-04T10:00:00.000000Z";
        let (bytes, uuid) = (id.replace('-', ""), id);
        world.sql(
            &format!("UPDATE incident SET at = '{old}', body = regexp_replace(body, '\"changed_at\":\"[^\"]*\"', '\"changed_at\":\"{old}\"') WHERE id = '{uuid}'"),
            |file, _| {
                let database = rusqlite::Connection::open(file).unwrap();
                let sql = format!("UPDATE incident SET at = '{old}', body = json_set(body, '$.changed_at', '{old}') WHERE id = x'{bytes}'");
                assert_eq!(database.execute(&sql, []).unwrap(), 1);
            },
        );
    };
    for id in [&ordinary, &childs, &held] {
        long_ago(id);
    }
    assert_eq!(due(&days(0)), [(ordinary.clone(), false), (held.clone(), false)], "the child's is kept longer");
    officer.post(&path(&ordinary), &dispose).expect(403);
    officer.get("/v1/retention-reviews").expect(403);
    stranger.post(&path(&ordinary), &dispose).expect(404);
    for (wrong, at) in [
        (json!({ "decision": "retain", "reason": "ongoing_risk" }), "/next_review"),
        (retain("2020-01-01"), "/next_review"),
        (retain(&days(11 * 366)), "/next_review"),
        (json!({ "decision": "dispose", "reason": "whim" }), "/reason"),
    ] {
        assert_eq!(dpo.post(&path(&ordinary), &wrong).expect(422).json()["errors"][0]["pointer"], at, "{wrong}");
    }
    let refused = dpo.post(&path(&held), &dispose).expect(409).json();
    assert_eq!(refused["type"], "urn:beacon:problem:legal-hold");
    dpo.post(&path(&held), &retain(&days(300))).expect(200);
    let gone = dpo.post(&path(&ordinary), &dispose).expect(200).json();
    assert!(gone["erasure"].is_string());
    officer.get(&format!("/v1/incidents/{ordinary}")).expect(404);
    assert_eq!(due(&days(0)), []);
    assert_eq!(due(&days(301)), [(held.clone(), false)], "again when it was said");
    let kept = dpo.get(&path(&ordinary)).expect(200).json();
    assert_eq!((&kept["decisions"][0]["decision"], kept.to_string().contains("Kyle")), (&json!("dispose"), false));
    assert_eq!(stranger.get(&path(&ordinary)).expect(200).json()["decisions"], json!([]));
    let erasures = dpo.get("/v1/erasures").expect(200).json();
    assert_eq!((&erasures["erasures"][0]["id"], &erasures["erasures"][0]["basis"]), (&gone["erasure"], &json!("retention_schedule")));
}
