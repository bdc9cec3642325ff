//! Finding people and places, at once after they were logged.

use serde_json::json;
use tests::{World, body, on_both, person, place};

on_both!(
    a_person_is_found_under_any_spelling_at_once,
    a_search_narrows_and_weighs,
    a_place_is_found_by_every_key,
    hotspots_count_what_is_there,
);

fn a_person_is_found_under_any_spelling_at_once(world: &mut World) {
    let officer = world.council_officer();
    let mut sent =
        body("threats", &[], &[person("Margaret Ashworth", "person_affected"), person("Kyle Brannigan", "person_complained_about")]);
    sent["involvements"][1]["person"]["aliases"] = json!([{ "name": "Jinx", "kind": "street_name" }]);
    let id = officer.log_id(&sent);
    for (asked, rule) in [
        ("Margaret Ashworth", json!("exact")),
        ("Margret Ashwerth", json!("sounds_alike")),
        ("Mxrgaret Ashworth", json!({ "spelling_distance": { "edits": 1 } })),
        ("Peggy Ashworth", json!("nickname")),
        ("M Ashworth", json!("initial")),
        ("Ashworth Margaret", json!("swapped")),
        ("KYLE BRANNITAN", json!({ "spelling_distance": { "edits": 1 } })),
        ("jinx", json!("exact")),
    ] {
        assert_eq!(officer.found(asked), [id.clone()], "{asked}");
        let answer = officer.search(asked);
        let hit = &answer["people"][0]["hits"][0];
        let reasons = hit["reasons"].as_array().unwrap();
        assert!(reasons.iter().any(|reason| reason["rule"] == rule), "{asked}: {reasons:?}");
        assert!(reasons.iter().all(|reason| !reason["text"].as_str().unwrap().is_empty()));
        assert_eq!(answer["people"][0]["person"], hit["involvement"]);
    }
    assert!(officer.found("Zebedee Quillfeather").is_empty());
    // Each search issued after a 201 finds what was logged, without waiting.
    for number in 0..30 {
        let surname = format!("Quill{}feather", char::from(b'a' + number % 26));
        let id = officer.log_id(&body("x", &[], &[person(&format!("Zebedee {surname}"), "witness")]));
        assert!(officer.found(&format!("Zebedee {surname}")).contains(&id), "{surname}");
    }
    for hostile in ["(((((((((((((", "\"Margaret\" AND NOT *:*", "name:[a TO z]~9", "' OR 1=1 --", "𝕄𝕒𝕣𝕘𝕒𝕣𝕖𝕥", "a", "-", "\u{202e}drow"]
    {
        officer.post("/v1/name-searches", &json!({ "name": hostile })).expect(200);
    }
}

fn a_search_narrows_and_weighs(world: &mut World) {
    let officer = world.council_officer();
    let log = |name: &str, born: &str, role: &str, day: &str| {
        let mut sent = body("x", &[], &[person(name, role)]);
        sent["involvements"][0]["person"]["date_of_birth"] = json!(born);
        sent["involvements"][0]["person"]["addresses"] = json!([{ "postcode": "TS18 1AB" }]);
        sent["occurred"] = json!({ "on": day });
        officer.log_id(&sent)
    };
    let old = log("Thomas Fairweather", "1948-03-17", "person_affected", "2026-01-10");
    let young = log("Thomas Fairweather", "2009-08-14", "person_complained_about", "2026-02-10");
    let search = |body: serde_json::Value| {
        let answer = officer.post("/v1/name-searches", &body).expect(200).json();
        answer["people"]
            .as_array()
            .unwrap()
            .iter()
            .map(|person| person["hits"][0]["incident"]["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let name = "Tom Fairwether";
    assert_eq!(search(json!({ "name": name, "date_of_birth": "2009-08-14" })), [young.clone(), old.clone()], "evidence, never a filter");
    assert_eq!(search(json!({ "name": name, "date_of_birth": "1948-03" })), [old.clone(), young.clone()]);
    assert_eq!(search(json!({ "name": name, "role": "person_complained_about" })), [young.clone()]);
    assert_eq!(search(json!({ "name": name, "to": "2026-01-31" })), [old.clone()]);
    assert_eq!(search(json!({ "name": name, "from": "2026-02-01" })), [young]);
    assert_eq!(search(json!({ "name": name, "postcode": "ts181ab" })).len(), 2);
    let one = officer.post("/v1/name-searches", &json!({ "name": name, "limit": 1 })).expect(200).json();
    assert_eq!((one["people"].as_array().unwrap().len(), one["more"].as_bool()), (1, Some(true)));
}

fn a_place_is_found_by_every_key(world: &mut World) {
    let officer = world.council_officer();
    let placed = |place: serde_json::Value| officer.log_id(&body("x", &[place], &[]));
    let property = placed(
        json!({ "uprn": "000100110", "address": "12 St. Bernard's Rd, Stockton", "street": "St. Bernard's Rd", "postcode": "ts181ab" }),
    );
    let street = placed(json!({ "usrn": "20300001", "street": "Saint Johns Road", "postcode": "TS18 2BB" }));
    for place in [
        json!({ "uprn": "100110" }),
        json!({ "uprn": "0100110" }),
        json!({ "address": "12 st bernards road stockton" }),
        json!({ "postcode": "TS18 1AB" }),
        json!({ "postcode": " ts18  1ab " }),
        json!({ "street": "ST BERNARDS ROAD" }),
    ] {
        assert_eq!(officer.at_place(&place), [property.clone()], "{place}");
    }
    assert_eq!(officer.at_place(&json!({ "usrn": "20300001" })), [street]);
    assert!(officer.at_place(&json!({ "postcode": "TS18 9ZZ" })).is_empty());

    let mut all: Vec<String> = (0..7).map(|_| placed(json!({ "street": "Busy Street" }))).collect();
    let mut paged = Vec::new();
    let mut cursor = serde_json::Value::Null;
    loop {
        let page = officer.post("/v1/place-searches", &json!({ "street": "Busy Street", "limit": 3, "cursor": cursor })).expect(200).json();
        paged.extend(page["incidents"].as_array().unwrap().iter().map(|incident| incident["id"].as_str().unwrap().to_owned()));
        match page.get("next_cursor") {
            Some(next) => cursor = next.clone(),
            None => break,
        }
    }
    all.sort();
    paged.sort();
    assert_eq!(paged, all, "no gap, no repeat");
}

fn hotspots_count_what_is_there(world: &mut World) {
    let officer = world.council_officer();
    assert_eq!(officer.counted(), 0);
    for day in 1..=12 {
        let mut sent = body("x", &[place("High Street", "TS18 1AB")], &[]);
        sent["occurred"] = json!({ "on": format!("2026-03-{day:02}") });
        officer.log(&sent);
    }
    let mut month = body("x", &[place("High Street", "TS18 1AB")], &[]);
    month["occurred"] = json!({ "month": "2026-03" });
    month["types"] = json!([211]);
    officer.log(&month);
    officer.log(&body("no point", &[json!({ "street": "High Street" })], &[]));
    let path = |query: &str| format!("/v1/hotspots?bbox=-1.40,54.50,-1.20,54.65{query}");
    let all = officer.get(&path("")).expect(200);
    assert_eq!(all.headers["content-type"], "application/geo+json");
    let all = all.json();
    assert_eq!((all["total"].as_u64(), all["method"].as_str(), all["cell_size"].as_u64()), (Some(13), Some("gi_star"), Some(250)));
    let hot = all["features"].as_array().unwrap().iter().find(|cell| cell["properties"]["count"] == 13).expect("the cell");
    assert_eq!(hot["properties"]["band"], "hot_99");
    assert!(hot["properties"]["z"].as_f64().unwrap() > 2.58 && hot["properties"]["p_adjusted"].as_f64().unwrap() < 0.01);
    let ring = hot["geometry"]["coordinates"][0].as_array().unwrap();
    assert_eq!((ring.len(), ring.first() == ring.last()), (5, true));
    for (query, total, overlap_only) in [
        ("&from=2026-03-03&to=2026-03-05", 4, 1),
        ("&from=2026-03-01&to=2026-03-31", 13, 0),
        ("&types=211", 1, 0),
        ("&types=206,211&to=2026-02-28", 0, 0),
        (&format!("&agencies={}", world.council.id), 13, 0),
        (&format!("&agencies={}", world.police.id), 0, 0),
        ("&agencies=018f0000-0000-7000-8000-000000000009", 0, 0),
    ] {
        let found = officer.get(&path(query)).expect(200).json();
        assert_eq!((found["total"].as_u64(), found["overlap_only"].as_u64()), (Some(total), Some(overlap_only)), "{query}");
    }
}
