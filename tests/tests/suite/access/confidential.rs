//! Reporters and others whose identity is kept.

use serde_json::{Value, json};
use tests::{Officer, World, body, on_both, person, place};

on_both!(a_confidential_reporter_is_hidden_everywhere, an_alias_of_a_hidden_incident_neither_matches_nor_shows);

fn a_confidential_reporter_is_hidden_everywhere(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let mut sent = body(
        "drug dealing",
        &[place("Norton Road", "TS18 2BB"), place("Secret Lane", "TS18 1QD")],
        &[person("Ursula Winterbourne", "reporter"), person("Kyle Brannigan", "person_complained_about")],
    );
    sent["places"][1]["role"] = json!("reported_from");
    sent["involvements"][0]["person"]["phones"] = json!(["01642 000111"]);
    sent["involvements"][0]["notes"] = json!("the aunt of Winterbourne's neighbour");
    sent["reports"] = json!([{ "channel": "telephone", "wants": "Winterbourne wants to move" }]);
    let made = officer.log(&sent);
    let id = made["id"].as_str().unwrap();
    let path = format!("/v1/incidents/{id}");
    let reporter = made["incident"]["involvements"][0]["id"].as_str().unwrap();

    let tells = |text: &str| text.contains("Winterbourne") || text.contains("Secret Lane") || text.contains("000111");
    let ways = |who: &Officer| -> Vec<(&'static str, bool)> {
        vec![
            ("incident", tells(&who.get(&path).expect(200).text)),
            ("history", tells(&who.get(&format!("{path}/history")).expect(200).text)),
            ("list", tells(&who.get("/v1/incidents").expect(200).text)),
            ("name search", who.search("Ursula Winterbourne").to_string().contains("Ursula")),
            ("person", who.get(&format!("/v1/people/{reporter}")).status == 200),
            ("place search", !who.at_place(&json!({ "street": "Secret Lane" })).is_empty()),
            ("place search by postcode", !who.at_place(&json!({ "postcode": "TS18 1QD" })).is_empty()),
            ("place search elsewhere", tells(&who.post("/v1/place-searches", &json!({ "street": "Norton Road" })).expect(200).text)),
        ]
    };
    // A report added by the police, so that there is a history to be read.
    police.post(&format!("{path}/reports"), &json!({ "channel": "officer_saw" })).expect(201);
    for (way, told) in ways(&police) {
        assert!(!told, "{way}");
    }
    let shown = police.get(&path).expect(200).json();
    let hidden = &shown["involvements"][0];
    assert_eq!((&hidden["protected"], &hidden["roles"]), (&json!(true), &json!(["reporter"])));
    assert!(hidden.get("person").is_none() && shown["involvements"][1]["person"]["name"]["full"] == "Kyle Brannigan");
    let own = ways(&officer);
    assert!(own.iter().filter(|(way, _)| *way != "history").all(|(_, told)| *told), "{own:?}");

    // What cannot be read cannot be changed or used.
    let involvement = format!("{path}/involvements/{reporter}");
    police.patch(&involvement, 2, &json!({ "identity": "open" })).expect(403);
    police.delete(&involvement, 2).expect(403);
    let mut sly = body("x", &[place("Secret Lane", "TS18 1QD")], &[person("Ursula Winterbourne", "witness")]);
    let known = police.log(&sly)["already_known"].clone();
    assert_eq!((&known["similar_names"], &known["same_place"]), (&json!([]), &json!([])));
    sly["involvements"][0]["same_person_as"] = json!(reporter);
    police.post("/v1/incidents", &sly).expect(422);

    // Somebody known until now, whose identity is kept from now on, is hidden in the versions before too.
    let kyle = made["incident"]["involvements"][1]["id"].as_str().unwrap();
    let affected = officer.post(&format!("{path}/involvements"), &person("Ottoline Farquhar", "person_affected")).expect(201).json();
    let (added, at) = (affected["id"].as_str().unwrap(), affected["incident"]["version"].as_i64().unwrap());
    assert!(police.get(&path).expect(200).text.contains("Farquhar"));
    officer.patch(&format!("{path}/involvements/{added}"), at, &json!({ "identity": "confidential" })).expect(200);
    for text in [police.get(&path).expect(200).text, police.get(&format!("{path}/history")).expect(200).text] {
        assert!(!text.contains("Farquhar"), "{text}");
    }
    assert!(police.found("Ottoline Farquhar").is_empty() && police.get(&format!("/v1/people/{added}")).status == 404);
    assert!(police.get(&format!("/v1/people/{kyle}")).status == 200);
    assert!(officer.get(&format!("{path}/history")).expect(200).text.contains("Farquhar"));
}

fn an_alias_of_a_hidden_incident_neither_matches_nor_shows(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let first = officer.log(&body("shown", &[], &[person("Kyle Brannigan", "person_complained_about")]));
    let kyle = first["incident"]["involvements"][0]["id"].as_str().unwrap();
    let mut sent = body("kept", &[], &[person("Kyle Brannigan", "person_complained_about")]);
    sent["sharing"] = json!({ "level": "owner_only" });
    sent["involvements"][0]["same_person_as"] = json!(kyle);
    sent["involvements"][0]["person"]["aliases"] = json!([{ "name": "Zephyr", "kind": "street_name" }]);
    sent["involvements"][0]["person"]["date_of_birth"] = json!("1999-09-09");
    let hidden = officer.log(&sent);
    let between = hidden["incident"]["involvements"][0]["id"].as_str().unwrap();
    // A third mention, linked with the first through the hidden one only.
    let mut third = body("shown too", &[], &[person("K Brannigan", "witness")]);
    third["involvements"][0]["same_person_as"] = json!(between);
    let third = officer.log(&third)["incident"]["involvements"][0]["id"].as_str().unwrap().to_owned();

    assert_eq!(officer.found("Zephyr").len(), 1);
    assert!(police.found("Zephyr").is_empty());
    let person = |who: &Officer, id: &str| who.get(&format!("/v1/people/{id}")).expect(200).json();
    let (ours, theirs) = (person(&officer, kyle), person(&police, kyle));
    let names = |view: &Value| view["names"].as_array().unwrap().len();
    assert_eq!((names(&ours), names(&theirs)), (3, 1));
    assert_eq!((ours["aliases"].as_array().unwrap().len(), &theirs["aliases"]), (1, &json!([])));
    assert_eq!(theirs["dates_of_birth"], json!([]));
    assert_eq!(person(&police, &third)["id"], json!(third), "linked through what they do not see: two people for them");
    assert_eq!(person(&officer, &third)["id"], json!(kyle));
    police.get(&format!("/v1/people/{between}")).expect(404);
    let search = police.post("/v1/name-searches", &json!({ "name": "Kyle Brannigan", "date_of_birth": "1999-09-09" })).expect(200).text;
    assert!(
        !search.contains("\"1999") && !search.contains("1999-09") && !search.contains(between) && !search.contains("Zephyr"),
        "{search}"
    );
}
