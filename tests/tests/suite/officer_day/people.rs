//! People over several incidents, and warnings about them.

use serde_json::json;
use tests::{World, body, on_both, person, place};

on_both!(a_person_is_what_officers_have_linked, markers_warn_until_they_lapse);

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

    let soon = jiff::Timestamp::from_second(wall_clock() + 2).unwrap().to_string();
    let lapsing = json!({ "kind": "safety", "person": kyle, "facts": "x", "source": "y", "review_at": soon });
    officer.post("/v1/markers", &lapsing).expect(201);
    assert_eq!(officer.get(&format!("/v1/people/{kyle}")).expect(200).json()["markers"].as_array().unwrap().len(), 1);
    std::thread::sleep(std::time::Duration::from_millis(2_600));
    assert!(
        officer.get(&format!("/v1/people/{kyle}")).expect(200).json()["markers"].as_array().unwrap().is_empty(),
        "past its review it warns no more"
    );
}

/// Seconds since 1970, by the clock the program goes by.
fn wall_clock() -> i64 {
    model::Clock::system().now().micros() / 1_000_000
}
