//! Sharing levels and roles, by every way a record can be met.

use serde_json::{Value, json};
use tests::{Officer, World, body, on_both, person, place};

on_both!(
    each_level_reaches_whom_it_names_by_every_way,
    what_is_not_there_and_what_is_hidden_answer_alike,
    a_change_of_sharing_holds_at_once,
    sharing_a_record_out_of_ones_own_sight_stands,
    programs_submit_and_read_nothing,
);

const FULL: &str = "full";
const WITHOUT_PEOPLE: &str = "summary_without_people";
const NOTHING: &str = "nothing";

fn each_level_reaches_whom_it_names_by_every_way(world: &mut World) {
    let housing = world.administered(world.deployment.agency("Thirteen Housing", "housing"));
    let owner = world.council_officer();
    let analyst = world.officer(&world.council, "Ana Lyst", "analyst");
    let dpo = world.officer(&world.council, "Del Marsh", "data_protection_officer");
    let lead = world.officer(&world.council, "Lee Adams", "safeguarding_lead");
    let (police, named) = (world.police_officer(), world.officer(&world.police, "Nia Grant", "officer"));
    let (police_analyst, police_dpo) =
        (world.officer(&world.police, "Ann Yu", "analyst"), world.officer(&world.police, "Dee Cole", "data_protection_officer"));
    let landlord = world.officer(&housing, "Hal Brook", "officer");
    let callers = [&owner, &lead, &analyst, &dpo, &world.council.admin, &police, &named, &police_analyst, &police_dpo, &landlord];
    let levels = [
        (json!({ "level": "partnership" }), [FULL, FULL, WITHOUT_PEOPLE, FULL, NOTHING, FULL, FULL, WITHOUT_PEOPLE, NOTHING, FULL]),
        (
            json!({ "level": "named_agencies", "agencies": [world.police.id] }),
            [FULL, FULL, WITHOUT_PEOPLE, FULL, NOTHING, FULL, FULL, WITHOUT_PEOPLE, NOTHING, NOTHING],
        ),
        (json!({ "level": "owner_only" }), [FULL, FULL, WITHOUT_PEOPLE, FULL, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING]),
        (
            json!({ "level": "named_officers", "officers": [owner.id, named.id] }),
            [FULL, NOTHING, NOTHING, FULL, NOTHING, NOTHING, FULL, NOTHING, NOTHING, NOTHING],
        ),
    ];
    let mut seen = [0; 10];
    let names = ["Rosalind Birtwhistle", "Cuthbert Dunnage", "Philippa Eccleshall", "Ferdinand Grimshaw"];
    for ((sharing, sights), name) in levels.iter().zip(names) {
        let street = format!("{} Street", name.split(' ').next_back().unwrap());
        let mut sent = body("told to some", &[place(&street, "TS18 1AB")], &[person(name, "person_affected")]);
        sent["narrative"] = json!("in full");
        sent["sharing"] = sharing.clone();
        let made = owner.log(&sent);
        let (id, who) = (made["id"].as_str().unwrap(), made["incident"]["involvements"][0]["id"].as_str().unwrap());
        for (at, (caller, sight)) in callers.iter().zip(sights).enumerate() {
            let what = format!("{sharing} by caller {at}");
            let (sees, sees_people) = (*sight != NOTHING, *sight == FULL);
            seen[at] += u64::from(sees);
            let read = caller.get(&format!("/v1/incidents/{id}"));
            assert_eq!(read.status, if sees { 200 } else { 404 }, "{what}");
            if sees {
                let read = read.json();
                assert_eq!(read["sight"], *sight, "{what}");
                assert_eq!(read.get("narrative").is_some(), sees_people, "{what}");
                assert_eq!(read["involvements"].as_array().unwrap().is_empty(), !sees_people, "{what}");
            }
            for below in ["/history", "/duplicates"] {
                assert_eq!(caller.get(&format!("/v1/incidents/{id}{below}")).status, if sees { 200 } else { 404 }, "{what} {below}");
            }
            let history = caller.get(&format!("/v1/incidents/{id}/history"));
            assert!(!sees || sees_people || !history.text.contains(name), "{what}");
            assert_eq!(caller.get(&format!("/v1/people/{who}")).status, if sees_people { 200 } else { 404 }, "{what}");
            assert_eq!(!caller.found(name).is_empty(), sees_people, "{what}");
            assert_eq!(!caller.at_place(&json!({ "street": street })).is_empty(), sees, "{what}");
            assert_eq!(caller.listed().contains(&id.to_owned()), sees, "{what}");
        }
    }
    for (at, caller) in callers.iter().enumerate() {
        assert_eq!(caller.counted(), seen[at], "caller {at}");
    }
}

fn what_is_not_there_and_what_is_hidden_answer_alike(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let mut sent = body("kept", &[place("Mill Lane", "TS18 1QD")], &[person("Margaret Ashworth", "person_affected")]);
    sent["sharing"] = json!({ "level": "owner_only" });
    let hidden = officer.log(&sent);
    let visible = officer.log_id(&body("shown", &[], &[]));
    let (id, reference) = (hidden["id"].as_str().unwrap(), hidden["reference"].as_str().unwrap());
    let part = |list: &str| hidden["incident"][list][0]["id"].as_str().unwrap();
    let unknown = "018f0000-0000-7000-8000-000000000009";
    let patch = json!({ "summary": "mine" });
    let version = [("if-match", "\"1\"")];
    let pairs: Vec<(&str, String, String, Option<Value>)> = vec![
        ("GET", format!("/v1/incidents/{id}"), format!("/v1/incidents/{unknown}"), None),
        ("GET", format!("/v1/incidents/{reference}"), format!("/v1/incidents/{unknown}"), None),
        ("GET", format!("/v1/incidents/{id}/history"), format!("/v1/incidents/{unknown}/history"), None),
        ("GET", format!("/v1/incidents/{id}/duplicates"), format!("/v1/incidents/{unknown}/duplicates"), None),
        ("PATCH", format!("/v1/incidents/{id}"), format!("/v1/incidents/{unknown}"), Some(patch.clone())),
        ("POST", format!("/v1/incidents/{id}/reports"), format!("/v1/incidents/{unknown}/reports"), Some(json!({}))),
        (
            "POST",
            format!("/v1/incidents/{id}/duplicates"),
            format!("/v1/incidents/{unknown}/duplicates"),
            Some(json!({ "incident": visible })),
        ),
        (
            "PATCH",
            format!("/v1/incidents/{id}/places/{}", part("places")),
            format!("/v1/incidents/{unknown}/places/{unknown}"),
            Some(json!({})),
        ),
        ("DELETE", format!("/v1/incidents/{id}/places/{}", part("places")), format!("/v1/incidents/{unknown}/places/{unknown}"), None),
        ("GET", format!("/v1/people/{}", part("involvements")), format!("/v1/people/{unknown}"), None),
    ];
    for (method, hidden, unknown, body) in &pairs {
        let answers = [hidden, unknown].map(|path| police.send(method, path, &version, body.as_ref()).expect(404));
        assert_eq!(answers[0].text, answers[1].text, "{method} {hidden}");
        let heads = answers.map(|mut answer| {
            answer.headers.retain(|name, _| !["x-request-id", "date"].contains(&name.as_str()));
            answer.headers
        });
        assert_eq!(heads[0], heads[1], "{method} {hidden}");
    }
    // Named in a body, they are alike as well.
    let named = |id: &str| {
        let mut sent = body("x", &[], &[person("A B", "witness")]);
        sent["involvements"][0]["same_person_as"] = json!(id);
        police.post("/v1/incidents", &sent).expect(422).text
    };
    assert_eq!(named(part("involvements")), named(unknown));
    let linked = |id: &str| police.post(&format!("/v1/incidents/{visible}/duplicates"), &json!({ "incident": id })).expect(422).text;
    assert_eq!(linked(id), linked(unknown));
    let marked = |id: &str| {
        let body = json!({ "kind": "safety", "person": id, "facts": "x", "source": "y", "review_at": "2027-02-01T00:00:00Z" });
        police.post("/v1/markers", &body).expect(422).text
    };
    assert_eq!(marked(part("involvements")), marked(unknown));
}

fn a_change_of_sharing_holds_at_once(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let id = officer.log_id(&body("x", &[place("Mill Lane", "TS18 1QD")], &[person("Margaret Ashworth", "person_affected")]));
    let path = format!("/v1/incidents/{id}");
    let meets = |officer: &Officer| {
        [
            officer.get(&path).status == 200,
            !officer.found("Margaret Ashworth").is_empty(),
            officer.counted() == 1,
            !officer.listed().is_empty(),
        ]
    };
    for round in 0..5 {
        assert_eq!(meets(&police), [true; 4]);
        officer.patch(&path, 1 + 2 * round, &json!({ "sharing": { "level": "owner_only" } })).expect(200);
        assert_eq!((meets(&police), meets(&officer)), ([false; 4], [true; 4]));
        officer.patch(&path, 2 + 2 * round, &json!({ "sharing": { "level": "partnership" } })).expect(200);
    }
}

fn sharing_a_record_out_of_ones_own_sight_stands(world: &mut World) {
    let officer = world.council_officer();
    let colleague = world.officer(&world.council, "Al Byrne", "supervisor");
    let id = officer.log_id(&body("about somebody I know", &[], &[]));
    let path = format!("/v1/incidents/{id}");
    let sharing = json!({ "sharing": { "level": "named_officers", "officers": [colleague.id] } });
    let answer = officer.patch(&path, 1, &sharing);
    assert_eq!(answer.status, 204, "done, and nothing of it is shown any more: {}", answer.text);
    officer.get(&path).expect(404);
    assert_eq!(colleague.get(&path).expect(200).json()["version"], 2);
}

fn programs_submit_and_read_nothing(world: &mut World) {
    let client = world.officer(&world.council, "Web form", "integration_client");
    let officer = world.council_officer();
    let sent = body("from the web form", &[place("Mill Lane", "TS18 1QD")], &[person("Margaret Ashworth", "reporter")]);
    let made = client.send("POST", "/v1/incidents", &[("idempotency-key", "k")], Some(&sent)).expect(201);
    assert!(!made.text.contains("Margaret"), "{}", made.text);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let again = client.send("POST", "/v1/incidents", &[("idempotency-key", "k")], Some(&sent)).expect(200);
    assert_eq!(again.json()["id"], json!(id));
    assert!(!again.text.contains("Margaret"), "{}", again.text);
    client.get(&format!("/v1/incidents/{id}")).expect(404);
    client.patch(&format!("/v1/incidents/{id}"), 1, &json!({ "summary": "x" })).expect(404);
    assert!(client.found("Margaret Ashworth").is_empty() && client.listed().is_empty() && client.counted() == 0);
    assert_eq!(officer.get(&format!("/v1/incidents/{id}")).expect(200).json()["recorded_by"], json!(client.id));
}
