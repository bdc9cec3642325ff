//! Forms of names that one partnership uses: entered by a supervisor, counted at once, by its own searches only.

use serde_json::{Value, json};
use tests::{Officer, World, body, on_both, person};

on_both!(a_partnership_s_own_forms_of_names_count_at_once_and_for_it_alone, sex_is_evidence_and_hides_nobody);

fn first(officer: &Officer, name: &str) -> (Value, Vec<Value>) {
    let answer = officer.search(name);
    let hit = &answer["people"][0]["hits"][0];
    (hit["name"].clone(), hit["reasons"].as_array().into_iter().flatten().map(|reason| reason["rule"].clone()).collect())
}

fn a_partnership_s_own_forms_of_names_count_at_once_and_for_it_alone(world: &mut World) {
    world.deployment.ok(&["partnership", "add", "Darlington Partnership"]);
    let elsewhere =
        world.deployment.ok(&["agency", "add", "Darlington Council", "--kind", "council", "--partnership", "Darlington Partnership"]);
    let elsewhere = world.administered(elsewhere);
    let (officer, police) = (world.council_officer(), world.police_officer());
    let supervisor = world.officer(&world.council, "Sue Pervis", "supervisor");
    let (stranger, their_supervisor) =
        (world.officer(&elsewhere, "Nell Ward", "officer"), world.officer(&elsewhere, "Una Lee", "supervisor"));
    for one in [&officer, &stranger] {
        one.log(&body("x", &[], &[person("Gareth Wheatley", "witness")]));
    }
    let counts = |officer: &Officer| first(officer, "Zippo Wheatley").1.contains(&json!("local_form"));
    assert!(!counts(&officer));

    let new = json!({ "name": "Gareth", "form": "ZIPPÓ" });
    officer.post("/v1/name-forms", &new).expect(403);
    let entered = supervisor.post("/v1/name-forms", &new).expect(201).json();
    assert_eq!((&entered["name"], &entered["form"]), (&json!("gareth"), &json!("zippo")));
    // At once, for every officer of the partnership, and for nobody of another.
    assert!(counts(&officer) && counts(&police) && !counts(&stranger));
    assert_eq!(first(&officer, "Zippo Wheatley").0, "Gareth Wheatley");
    let theirs = officer.log(&body("y", &[], &[person("Zippo Wheatley", "witness")]));
    let known = &theirs["already_known"]["similar_names"];
    assert_eq!(known[0]["name"], "Gareth Wheatley", "and at logging: {known}");

    for (wrong, field) in [
        (json!({ "name": "Gareth", "form": "Big Gaz" }), "/form"),
        (json!({ "name": "", "form": "Gaz" }), "/name"),
        (json!({ "name": "Gareth", "form": "gareth" }), "/form"),
        (json!({ "name": "Gareth", "form": "Gaz", "partnership": "018f0000-0000-7000-8000-000000000009" }), "/partnership"),
    ] {
        let refused = supervisor.post("/v1/name-forms", &wrong).expect(422);
        assert_eq!(refused.json()["errors"][0]["pointer"], field, "{}", refused.text);
    }
    supervisor.post("/v1/name-forms", &json!({ "name": "zippo", "form": "Gareth" })).expect(409);

    let list = |officer: &Officer| officer.get("/v1/name-forms").expect(200).json()["name_forms"].as_array().unwrap().len();
    assert_eq!((list(&police), list(&stranger)), (1, 0));
    let path = format!("/v1/name-forms/{}", entered["id"].as_str().unwrap());
    their_supervisor.send("DELETE", &path, &[], None).expect(404);
    officer.send("DELETE", &path, &[], None).expect(403);
    supervisor.send("DELETE", &path, &[], None).expect(204);
    supervisor.send("DELETE", &path, &[], None).expect(404);
    assert!(!counts(&officer) && list(&officer) == 0);
}

fn sex_is_evidence_and_hides_nobody(world: &mut World) {
    let officer = world.council_officer();
    for (name, sex) in [("Sam Carrington", "female"), ("Samuel Carrington", "male"), ("Sam Carringtan", "not_known")] {
        let mut sent = body("x", &[], &[person(name, "witness")]);
        sent["involvements"][0]["person"]["sex"] = json!(sex);
        officer.log(&sent);
    }
    let asked = |sex: Value| officer.post("/v1/name-searches", &json!({ "name": "Sam Carrington", "sex": sex }));
    let order = |sex: &str| {
        let answer = asked(json!(sex)).expect(200).json();
        answer["people"].as_array().unwrap().iter().map(|found| found["hits"][0]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(order("female"), ["Sam Carrington", "Sam Carringtan", "Samuel Carrington"]);
    assert_eq!(order("male").len(), 3);
    let reasons = asked(json!("male")).expect(200).json();
    assert!(reasons.to_string().contains("Another sex is recorded"), "{reasons}");
    let refused = asked(json!("f")).expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/sex", "{}", refused.text);
}
