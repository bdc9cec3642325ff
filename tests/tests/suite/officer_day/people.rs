//! People over several incidents, and warnings about them.

use serde_json::json;
use tests::{World, body, on_both, person, place};

on_both!(a_person_is_what_officers_have_linked, a_time_line_has_everything_in_the_order_of_its_days, markers_warn_until_they_lapse);

fn a_person_is_what_officers_have_linked(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let first = officer.log(&body("x", &[], &[person("Kyle Brannigan", "person_complained_about")]));
    let kyle = first["incident"]["involvements"][0]["id"].as_str().unwrap().to_owned();
    // The same name is not the same person until somebody says so.
    let namesake = officer.log(&body("y", &[], &[person("Kyle Brannigan", "person_complained_about")]));
    let namesake = namesake["incident"]["involvements"][0]["id"].as_str().unwrap().to_owned();
    let mut linked = body("z", &[], &[person("K Branigan", "person_affected")]);
    linked["involvements"][0]["same_person_as"] = json!(kyle);
    linked["involvements"][0]["person"]["aliases"] = json!([{ "name": "Jinx" }]);
    linked["involvements"][0]["person"]["date_of_birth"] = json!("2004-05");
    let linked = police.log(&linked);
    let later = linked["incident"]["involvements"][0]["id"].as_str().unwrap().to_owned();

    let view = officer.get(&format!("/v1/people/{kyle}")).expect(200).json();
    assert_eq!(view["id"], json!(kyle), "the earliest mention's own id");
    assert_eq!(officer.get(&format!("/v1/people/{later}")).expect(200).json(), view, "any mention leads there");
    assert_eq!(view["names"].as_array().unwrap().len(), 2);
    assert_eq!((&view["names"][0]["value"]["full"], &view["names"][0]["incident"]), (&json!("Kyle Brannigan"), &first["reference"]));
    assert_eq!(view["aliases"][0]["value"]["name"], "Jinx");
    assert_eq!(view["dates_of_birth"][0]["value"], "2004-05");
    assert_eq!(view["complained_about"][0]["incident"]["id"], first["id"]);
    assert_eq!(view["complained_about"][0]["counts"], true);
    assert_eq!(view["affected"][0]["incident"]["id"], linked["id"], "what was suffered is apart from what is alleged");
    assert_eq!((view["complained_about"].as_array().unwrap().len(), view["affected"].as_array().unwrap().len()), (1, 1));
    let alone = officer.get(&format!("/v1/people/{namesake}")).expect(200).json();
    assert_eq!(alone["complained_about"].as_array().unwrap().len(), 1);

    let search = officer.search("Kyle Brannigan");
    let found: Vec<(&str, usize)> = search["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|person| (person["person"].as_str().unwrap(), person["hits"].as_array().unwrap().len()))
        .collect();
    assert!(found.contains(&(kyle.as_str(), 2)) && found.contains(&(namesake.as_str(), 1)), "{found:?}");

    // A withdrawn allegation counts against nobody.
    let path = format!("/v1/incidents/{}", first["id"].as_str().unwrap());
    let alleged =
        officer.post(&format!("{path}/allegations"), &json!({ "about": kyle, "what": "x", "basis": "inferred" })).expect(201).json();
    let allegation = format!("{path}/allegations/{}", alleged["id"].as_str().unwrap());
    officer.patch(&allegation, 2, &json!({ "status": "mistaken_identity" })).expect(200);
    let view = officer.get(&format!("/v1/people/{kyle}")).expect(200).json();
    assert_eq!(
        (&view["complained_about"][0]["counts"], &view["complained_about"][0]["allegations"]),
        (&json!(false), &json!(["mistaken_identity"]))
    );

    // Taken apart again.
    let path = format!("/v1/incidents/{}/involvements/{later}", linked["id"].as_str().unwrap());
    police.patch(&path, 1, &json!({ "same_person_as": null })).expect(200);
    assert_eq!(officer.get(&format!("/v1/people/{kyle}")).expect(200).json()["names"].as_array().unwrap().len(), 1);
    assert_eq!(officer.get(&format!("/v1/people/{later}")).expect(200).json()["id"], json!(later));
}

fn a_time_line_has_everything_in_the_order_of_its_days(world: &mut World) {
    let officer = world.council_officer();
    let log = |day: &str, role: &str, addresses: serde_json::Value, same: Option<&str>| {
        let mut sent = body("x", &[], &[person("Kyle Brannigan", role)]);
        sent["occurred"] = json!({ "on": day });
        sent["involvements"][0]["person"]["addresses"] = addresses;
        if let Some(same) = same {
            sent["involvements"][0]["same_person_as"] = json!(same);
        }
        officer.log(&sent)
    };
    let mill_lane = |written: &str| json!({ "address": written, "postcode": "TS18 1QD" });
    let second = log("2026-02-10", "person_complained_about", json!([mill_lane("4 Mill Ln")]), None);
    let kyle = second["incident"]["involvements"][0]["id"].as_str().unwrap().to_owned();
    let first = log("2026-01-05", "person_affected", json!([mill_lane("4 Mill Lane")]), Some(&kyle));
    let moved = json!({ "address": "9 Church Road", "postcode": "TS18 2AA", "from": "2026-03", "to": "2026-05-01" });
    let third = log("2026-03-20", "person_complained_about", json!([moved]), Some(&kyle));
    let marker = json!({ "kind": "safety", "person": kyle, "facts": "threw a bottle", "source": "attending officer",
        "starts_at": "2026-02-11T12:00:00Z", "review_at": "2027-02-01T00:00:00Z" });
    let marker = officer.post("/v1/markers", &marker).expect(201).json();

    let view = officer.get(&format!("/v1/people/{kyle}")).expect(200).json();
    let lines: Vec<[&serde_json::Value; 4]> =
        view["timeline"].as_array().unwrap().iter().map(|line| ["day", "until", "what", "id"].map(|field| &line[field])).collect();
    let none = &serde_json::Value::Null;
    assert_eq!(
        lines,
        [
            [&json!("2026-01-05"), none, &json!("affected"), &first["id"]],
            // Written in two ways, and one address from the first incident that records it to the last.
            [&json!("2026-01-05"), &json!("2026-02-10"), &json!("address"), &first["id"]],
            [&json!("2026-02-10"), none, &json!("complained_about"), &second["id"]],
            [&json!("2026-02-11"), &json!("2027-02-01"), &json!("marker"), &marker["id"]],
            [&json!("2026-03"), &json!("2026-05-01"), &json!("address"), &third["id"]],
            [&json!("2026-03-20"), none, &json!("complained_about"), &third["id"]],
        ]
    );
    assert_eq!(view["timeline"][5]["counts"], true);
    assert_eq!(view["timeline"][4]["address"]["address"], "9 Church Road");
}

fn markers_warn_until_they_lapse(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let mut sent = body("x", &[place("Mill Lane", "TS18 1QD")], &[person("Kyle Brannigan", "person_complained_about")]);
    sent["places"][0]["uprn"] = json!("100110");
    let made = officer.log(&sent);
    let kyle = made["incident"]["involvements"][0]["id"].as_str().unwrap().to_owned();
    let marker = |about: (&str, &str), kind: &str| {
        let mut body =
            json!({ "kind": kind, "facts": "threw a bottle", "source": "attending officer", "review_at": "2027-02-01T00:00:00Z" });
        body[about.0] = json!(about.1);
        officer.post("/v1/markers", &body).expect(201).json()
    };
    let about_person = marker(("person", &kyle), "safety");
    let about_premises = marker(("uprn", "0100110"), "vulnerability");
    assert_eq!((&about_person["agency"], &about_person["officer"]), (&json!(world.council.id), &json!(officer.id)));

    // It follows the person to the next incident; the premises' stays with the premises.
    let mut again = body("y", &[], &[person("Kyle Brannigan", "person_affected")]);
    again["involvements"][0]["same_person_as"] = json!(kyle);
    let later = police.log(&again)["incident"]["involvements"][0]["id"].as_str().unwrap().to_owned();
    let view = police.get(&format!("/v1/people/{later}")).expect(200).json();
    assert_eq!(view["markers"].as_array().unwrap().len(), 1);
    assert_eq!(view["markers"][0]["id"], about_person["id"]);
    let at = police.post("/v1/place-searches", &json!({ "uprn": "100110" })).expect(200).json();
    assert_eq!(at["markers"][0]["id"], about_premises["id"]);

    let path = format!("/v1/markers/{}", about_person["id"].as_str().unwrap());
    police.send("DELETE", &path, &[], None).expect(403);
    officer.send("DELETE", &path, &[], None).expect(204);
    officer.send("DELETE", &path, &[], None).expect(404);
    assert!(police.get(&format!("/v1/people/{kyle}")).expect(200).json()["markers"].as_array().unwrap().is_empty());

    let soon = jiff::Timestamp::from_second(wall_clock() + 4).unwrap().to_string();
    let lapsing = json!({ "kind": "safety", "person": kyle, "facts": "x", "source": "y", "review_at": soon });
    officer.post("/v1/markers", &lapsing).expect(201);
    assert_eq!(officer.get(&format!("/v1/people/{kyle}")).expect(200).json()["markers"].as_array().unwrap().len(), 1);
    std::thread::sleep(std::time::Duration::from_millis(4_600));
    assert!(
        officer.get(&format!("/v1/people/{kyle}")).expect(200).json()["markers"].as_array().unwrap().is_empty(),
        "past its review it warns no more"
    );
}

/// Seconds since 1970, by the clock the program goes by.
fn wall_clock() -> i64 {
    model::Clock::system().now().micros() / 1_000_000
}
