//! Lists, a page at a time.

use serde_json::json;
use tests::{World, body, on_both, place};

on_both!(pages_have_no_gaps_and_no_repeats, a_list_is_narrowed);

fn pages_have_no_gaps_and_no_repeats(world: &mut World) {
    let officer = world.council_officer();
    let mut all = Vec::new();
    for number in 0..23 {
        let mut sent = body(&format!("number {number}"), &[], &[]);
        // Several a day, so that a page ends within a day.
        sent["occurred"] = json!({ "on": format!("2026-03-{:02}", 1 + number / 4) });
        all.push(officer.log_id(&sent));
    }
    let mut by_cursor = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let from = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let page = officer.get(&format!("/v1/incidents?limit=5{from}")).expect(200).json();
        let incidents = page["incidents"].as_array().unwrap();
        assert!(incidents.len() <= 5 && !incidents.is_empty());
        by_cursor.extend(incidents.iter().map(|incident| incident["id"].as_str().unwrap().to_owned()));
        // What is logged meanwhile, newer than everything, moves no page.
        let mut meanwhile = body("meanwhile", &[], &[]);
        meanwhile["occurred"] = json!({ "on": "2026-04-01" });
        officer.log(&meanwhile);
        match page.get("next_cursor") {
            Some(next) => cursor = Some(next.as_str().unwrap().to_owned()),
            None => break,
        }
    }
    let mut sorted = by_cursor.clone();
    sorted.sort();
    all.sort();
    assert_eq!(sorted, all);

    let (mut by_link, mut next) = (Vec::new(), Some("/v1/incidents?limit=4&to=2026-03-03".to_owned()));
    while let Some(path) = next {
        let page = officer.get(&path).expect(200);
        next = page.headers.get("link").map(|link| {
            let (target, relation) = link.split_once(">; ").unwrap();
            assert_eq!(relation, "rel=\"next\"");
            target.trim_start_matches('<').to_owned()
        });
        by_link.extend(
            page.json()["incidents"].as_array().unwrap().iter().map(|incident| incident["occurred"]["on"].as_str().unwrap().to_owned()),
        );
    }
    assert_eq!(by_link.len(), 12);
    assert!(by_link.is_sorted_by(|a, b| a >= b), "newest first: {by_link:?}");
}

fn a_list_is_narrowed(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let log = |by: &tests::Officer, day: &str, kind: u16, longitude: f64| {
        let mut sent = body("x", &[json!({ "longitude": longitude, "latitude": 54.565 })], &[]);
        sent["occurred"] = json!({ "on": day });
        sent["types"] = json!([kind]);
        by.log_id(&sent)
    };
    let early = log(&officer, "2026-01-05", 206, -1.313);
    let late = log(&police, "2026-02-05", 211, -1.313);
    let far = log(&officer, "2026-01-06", 211, -1.20);
    officer.log(&body("placed nowhere, later than all", &[place("x", "TS18 1AB")], &[]));
    let boundary = json!({ "type": "FeatureCollection", "features": [{ "type": "Feature", "properties": { "code": "W1", "name": "West" },
        "geometry": { "type": "Polygon", "coordinates": [[[-1.33, 54.55], [-1.30, 54.55], [-1.30, 54.58], [-1.33, 54.58], [-1.33, 54.55]]] } }] });
    let imported = officer.send("POST", "/v1/imports?kind=boundaries&file=west.geojson&area_kind=ward", &[], Some(&boundary));
    assert_eq!(imported.expect(201).json()["figures"]["added"], 1);
    let listed = |query: &str| {
        let page = officer.get(&format!("/v1/incidents?to=2026-02-28{query}")).expect(200).json();
        page["incidents"].as_array().unwrap().iter().map(|incident| incident["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed(""), [late.clone(), far.clone(), early.clone()]);
    assert_eq!(listed("&from=2026-01-06"), [late.clone(), far.clone()]);
    assert_eq!(listed("&types=211"), [late.clone(), far.clone()]);
    assert_eq!(listed(&format!("&agency={}", world.police.id)), [late.clone()]);
    assert_eq!(listed("&bbox=-1.33,54.55,-1.30,54.58"), [late.clone(), early.clone()]);
    assert_eq!(listed("&area=W1"), [late.clone(), early.clone()]);
    assert_eq!(listed("&area=ward:W1&types=206"), [early]);
    let areas = officer.get("/v1/areas").expect(200).json();
    assert_eq!(areas["areas"], json!([{ "kind": "ward", "code": "W1", "name": "West" }]));
    let inside = officer.get("/v1/hotspots?area=W1&cell_size=250&method=counts&to=2026-02-28").expect(200).json();
    assert_eq!(inside["total"], 2);
}
