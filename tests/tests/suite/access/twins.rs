//! Two worlds, one with records a caller may not know of: every answer to that caller is the same, byte for byte.

use serde_json::{Value, json};
use tests::{Officer, World, body, on_both, person, place};

on_both!(records_one_may_not_know_of_change_no_answer);

fn answers(who: &Officer, known: &Value) -> Vec<(String, String)> {
    let (id, person) = (known["id"].as_str().unwrap(), known["incident"]["involvements"][0]["id"].as_str().unwrap());
    let get = |path: &str| (path.to_owned(), who.get(path).text);
    let post = |path: &str, body: Value| (format!("{path} {body}"), who.post(path, &body).text);
    let mut all = vec![
        get(&format!("/v1/incidents/{id}")),
        get(&format!("/v1/incidents/{id}/history")),
        get(&format!("/v1/incidents/{id}/duplicates")),
        get("/v1/incidents?limit=3"),
        get("/v1/incidents?bbox=-1.40,54.50,-1.20,54.65"),
        get("/v1/hotspots?bbox=-1.40,54.50,-1.20,54.65"),
        get("/v1/hotspots?bbox=-1.40,54.50,-1.20,54.65&cell_size=100&from=2026-03-01&to=2026-03-31&types=206"),
        get(&format!("/v1/people/{person}")),
        get(&format!("/v1/people/{person}/links")),
        get("/v1/person-proposals?least=weak"),
        get("/v1/person-proposals?limit=1&across_agencies=true"),
        get("/v1/person-links"),
        post("/v1/place-searches", json!({ "street": "Mill Lane" })),
        post("/v1/place-searches", json!({ "uprn": "100110" })),
    ];
    for name in [
        "Kyle Brannigan",
        "Kile Branigan",
        "K Brannigan",
        "Brannigan",
        "Margaret Ashworth",
        "Peggy Ashwerth",
        "Zephyr",
        "Kylie Brannagh",
        "Ky",
    ] {
        all.push(post("/v1/name-searches", json!({ "name": name, "limit": 2 })));
        all.push(post("/v1/name-searches", json!({ "name": name, "date_of_birth": "1999-09-09", "postcode": "TS18 1QD" })));
    }
    all
}

fn records_one_may_not_know_of_change_no_answer(world: &mut World) {
    let officer = world.council_officer();
    let watchers = [
        world.police_officer(),
        world.officer(&world.police, "Ann Yu", "analyst"),
        world.officer(&world.police, "Dee Cole", "data_protection_officer"),
        world.council.admin.clone(),
    ];
    let log = |sharing: &str, name: &str, role: &str| {
        let mut sent = body("x", &[place("Mill Lane", "TS18 1QD")], &[person(name, role)]);
        sent["places"][0]["uprn"] = json!("100110");
        sent["sharing"] = json!({ "level": sharing });
        sent
    };
    let mut known = Vec::new();
    for name in ["Kyle Brannigan", "Kyle Branagan", "Margaret Ashworth", "Kylie Brannagh"] {
        known.push(officer.log(&log("partnership", name, "person_complained_about")));
    }
    let before: Vec<_> = watchers.iter().map(|who| answers(who, &known[0])).collect();

    let person_of = |made: &Value| made["incident"]["involvements"][0]["id"].as_str().unwrap().to_owned();
    for name in ["Kyle Brannigan", "Kile Branigan", "Zephyr Brannigan", "Peggy Ashworth", "Kyle Brannigan"] {
        for number in 0..6 {
            let mut sent = log("owner_only", name, if number % 2 == 0 { "person_affected" } else { "person_complained_about" });
            sent["involvements"][0]["person"]["date_of_birth"] = json!("1999-09-09");
            sent["involvements"][0]["same_person_as"] = json!(person_of(&known[number % 4]));
            let hidden = officer.log(&sent);
            let id = hidden["id"].as_str().unwrap();
            if number == 0 {
                // The same event as one they know, and as another hidden one between two they know.
                officer.post(&format!("/v1/incidents/{id}/duplicates"), &json!({ "incident": known[0]["id"] })).expect(201);
                officer.post(&format!("/v1/incidents/{id}/duplicates"), &json!({ "incident": known[1]["id"] })).expect(201);
                // Linked with both by an officer: no bridge between the two for who does not see it. And an associate.
                for other in [0, 1] {
                    let link =
                        json!({ "first": person_of(&hidden), "second": person_of(&known[other]), "decision": "same", "grounds": "other" });
                    let status = officer.post("/v1/person-links", &link).status;
                    assert!(status == 201 || status == 409, "{status}");
                }
                let of = format!("/v1/people/{}/associations", person_of(&known[2]));
                let kept =
                    json!({ "kind": "friend", "associate": person_of(&hidden), "source": "document", "incident": id, "on": "2026-03-04" });
                officer.post(&of, &kept).expect(201);
                // A marker for safety would warn: of that it tells everybody who may meet them.
                let marker = json!({ "kind": "vulnerability", "person": person_of(&hidden), "facts": "x", "source": "y", "review_at": "2027-02-01T00:00:00Z" });
                officer.post("/v1/markers", &marker).expect(201);
            }
        }
    }
    // An associate they know, known from an incident they do not.
    let hidden = officer.log_id(&log("owner_only", "Ottoline Farquhar", "witness"));
    let of = format!("/v1/people/{}/associations", person_of(&known[2]));
    let kept = json!({ "kind": "friend", "associate": person_of(&known[3]), "source": "document", "incident": hidden, "on": "2026-03-04" });
    officer.post(&of, &kept).expect(201);
    // A hidden reporter and where they called from, in a record of its own that was there before and has since gone.
    let gone = officer.log_id(&log("owner_only", "Kyle Brannigan", "reporter"));
    officer.patch(&format!("/v1/incidents/{gone}"), 1, &json!({ "status": "recorded_in_error", "status_reason": "x" })).expect(200);

    for (who, before) in watchers.iter().zip(before) {
        for ((asked, before), (_, after)) in before.into_iter().zip(answers(who, &known[0])) {
            assert_eq!(after, before, "{asked}");
        }
    }
    // And what is told at logging.
    let logged = watchers[0].log(&log("partnership", "Zephyr Brannigan", "person_affected"));
    let (zephyr, zephyr_id) = (&logged["already_known"], logged["id"].clone());
    assert_eq!((&zephyr["repeat_victims"], &zephyr["earlier_at_place"]), (&json!([]), &json!(4)));
    let told = watchers[0].log(&log("partnership", "Kyle Brannigan", "witness"))["already_known"].clone();
    assert_eq!(told["same_place"].as_array().unwrap().len(), 5);
    let ids: Vec<&Value> = known.iter().map(|made| &made["id"]).chain([&zephyr_id]).collect();
    assert!(told["similar_names"].as_array().unwrap().iter().all(|similar| ids.contains(&&similar["incident"])), "{told}");
}
