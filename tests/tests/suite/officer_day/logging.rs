//! Logging an incident, and what is told at that moment.

use serde_json::{Value, json};
use tests::{World, body, incident, on_both, person, place};

on_both!(
    a_logged_incident_is_read_by_id_and_reference,
    what_is_known_of_the_place_and_the_names_is_told_when_logging,
    a_busy_place_is_counted_up_to_a_hundred,
    a_call_is_taken_under_an_intake,
    every_precision_of_time_is_kept,
);

fn a_logged_incident_is_read_by_id_and_reference(world: &mut World) {
    let officer = world.council_officer();
    let mut sent = body(
        "loud music",
        &[place("Mill Lane", "TS18 1QD")],
        &[person("Peggy Ashworth", "reporter"), person("Jinx Tolliver", "person_complained_about")],
    );
    sent["involvements"][1]["person"]["aliases"] = json!([{ "name": "Jay T", "kind": "nickname" }]);
    sent["involvements"][1]["person"]["date_of_birth"] = json!("2009-08-14");
    sent["involvements"][1]["id"] = json!("018f0000-0000-7000-8000-0000000000aa");
    sent["allegations"] = json!([{ "about": "018f0000-0000-7000-8000-0000000000aa", "what": "plays it until four", "basis": "saw" }]);
    let answer = officer.post("/v1/incidents", &sent).expect(201);
    let made = answer.json();
    let id = made["id"].as_str().unwrap();
    let reference = made["reference"].as_str().unwrap();
    assert_eq!(answer.headers["location"], format!("/v1/incidents/{id}"));
    assert_eq!(answer.headers["etag"], "\"1\"");
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert!(reference.starts_with("ASB-2026-") && reference.len() == "ASB-2026-K7Q4M-T".len(), "{reference}");

    let read = officer.get(&format!("/v1/incidents/{id}")).expect(200);
    assert_eq!(read.headers["etag"], "\"1\"");
    let read = read.json();
    assert_eq!(read, made["incident"]);
    for path in [reference.to_owned(), reference.to_lowercase(), format!("%20{}%20", reference.to_lowercase())] {
        assert_eq!(officer.get(&format!("/v1/incidents/{path}")).expect(200).json(), read, "{path}");
    }
    assert_eq!(officer.send("GET", &format!("/v1/incidents/{id}"), &[("if-none-match", "\"1\"")], None).expect(304).text, "");

    assert_eq!(read["status"], "open");
    assert_eq!(read["sharing"], json!({ "level": "partnership", "partnership": "00000000-0000-7000-8000-000000000001" }));
    assert_eq!(read["regime"], "general");
    assert_eq!(read["owning_agency"], json!(world.council.id));
    assert_eq!(read["recorded_by"], json!(officer.id));
    assert_eq!(read["reports"].as_array().unwrap().len(), 1, "one by the caller is made");
    let placed = &read["places"][0];
    assert_eq!(placed["precision"], "exact");
    let (easting, northing) = (placed["grid"]["easting"].as_f64().unwrap(), placed["grid"]["northing"].as_f64().unwrap());
    assert!((444_000.0..445_000.0).contains(&easting) && (518_000.0..520_000.0).contains(&northing), "{placed}");
    assert_eq!(read["involvements"][0]["identity"], "confidential", "a reporter is, unless they say otherwise");
    assert_eq!(read["involvements"][1]["age_at_incident"], json!({ "from": 16, "to": 16 }));
    assert_eq!(read["involvements"][1]["treated_as_child"], true);
    assert_eq!(read["involvements"][0]["treated_as_child"], true, "nobody knows how old");
    assert_eq!(read["allegations"][0]["status"], "alleged");
}

fn what_is_known_of_the_place_and_the_names_is_told_when_logging(world: &mut World) {
    let officer = world.council_officer();
    let first = officer.log(&body("shouting", &[place("Mill Lane", "TS18 1QD")], &[person("Margaret Ashworth", "person_affected")]));
    let nothing = json!({ "same_place": [], "possible_duplicates": [], "earlier_at_place": 0, "similar_names": [], "repeat_victims": [], "incomplete": false });
    assert_eq!(first["already_known"], nothing);
    let colleague = world.police_officer();
    let second = colleague.log(&body("shouting again", &[place("mill lane.", "TS18 1QD")], &[person("Peggy Ashwerth", "person_affected")]));
    let known = &second["already_known"];
    assert_eq!(known["same_place"][0]["id"], first["id"]);
    assert_eq!(known["same_place"].as_array().unwrap().len(), 1);
    let similar = &known["similar_names"][0];
    assert_eq!(similar["incident"], first["id"]);
    assert_eq!(similar["person"], first["incident"]["involvements"][0]["id"]);
    assert_eq!(similar["involvement"], second["incident"]["involvements"][0]["id"]);
    let rules: Vec<&Value> = similar["reasons"].as_array().unwrap().iter().map(|reason| &reason["rule"]).collect();
    assert!(rules.contains(&&json!("nickname")), "{rules:?}");

    let minimal = officer.send("POST", "/v1/incidents", &[("prefer", "return=minimal")], Some(&incident("a third")));
    let minimal = minimal.expect(201).json();
    assert!(minimal.get("already_known").is_none() && minimal.get("incident").is_none(), "{minimal}");
    assert_eq!(minimal["version"], 1);
}

fn a_busy_place_is_counted_up_to_a_hundred(world: &mut World) {
    let officer = world.council_officer();
    let on = |day: jiff::civil::Date| {
        let mut sent = body("shouting", &[place("Mill Lane", "TS18 1QD")], &[]);
        sent["occurred"] = json!({ "on": day });
        sent
    };
    let first = jiff::civil::date(2025, 10, 1);
    for day in first.series(jiff::Span::new().days(1)).take(101) {
        officer.send("POST", "/v1/incidents", &[("prefer", "return=minimal")], Some(&on(day))).expect(201);
    }
    let known = |day: jiff::civil::Date| officer.log(&on(day))["already_known"].clone();
    let last = known(jiff::civil::date(2026, 3, 1));
    assert_eq!((&last["earlier_at_place"], last["same_place"].as_array().unwrap().len()), (&json!(100), 10));
    // Of the day itself, the one before and the one after, however much happened later.
    let third = known(jiff::civil::date(2025, 10, 3));
    assert_eq!((&third["earlier_at_place"], third["possible_duplicates"].as_array().unwrap().len()), (&json!(3), 3));
}

fn a_call_is_taken_under_an_intake(world: &mut World) {
    let (officer, other) = (world.council_officer(), world.police_officer());
    let dpo = world.officer(&world.council, "Del Marsh", "data_protection_officer");
    let intake = officer.post("/v1/intakes", &json!({ "note": "noise, caller still on the line" })).expect(201).json();
    let reference = intake["reference"].as_str().unwrap();
    assert!(reference.starts_with("INT-2026-"), "{reference}");
    let headers = [("beacon-purpose", "incident_recording"), ("beacon-purpose-reference", reference)];
    officer.send("POST", "/v1/name-searches", &headers, Some(&json!({ "name": "Peggy Ashworth" }))).expect(200);
    let ledger = dpo.get("/v1/audit?action=name.search").expect(200).json();
    assert_eq!(ledger["entries"][0]["purpose"], "incident_recording");
    assert_eq!(ledger["entries"][0]["purpose_reference"], json!(reference));

    let mut sent = incident("noise");
    sent["intake"] = json!(reference.to_lowercase());
    let logged = officer.log(&sent);
    assert_eq!(logged["incident"]["intake"], json!(reference));
    let refused = other.post("/v1/incidents", &sent).expect(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "/intake", "another agency's intake");

    // The intake is cited, and later neighbours of any agency still add their reports.
    let path = format!("/v1/incidents/{}/reports", logged["id"].as_str().unwrap());
    let added = other.post(&path, &json!({ "channel": "telephone" })).expect(201).json();
    assert_eq!(added["incident"]["reports"].as_array().unwrap().len(), 2);
}

fn every_precision_of_time_is_kept(world: &mut World) {
    let officer = world.council_officer();
    for (occurred, kept) in [
        (json!({ "at": "2026-03-04T21:30:00+01:00" }), json!({ "at": "2026-03-04T20:30:00.000000Z" })),
        (
            json!({ "from": "2026-03-01T00:00:00Z", "to": "2026-03-03T00:00:00Z" }),
            json!({ "from": "2026-03-01T00:00:00.000000Z", "to": "2026-03-03T00:00:00.000000Z" }),
        ),
        (json!({ "on": "2024-02-29" }), json!({ "on": "2024-02-29" })),
        (json!({ "month": "2026-03" }), json!({ "month": "2026-03" })),
    ] {
        let mut sent = incident("some time");
        sent["occurred"] = occurred;
        let id = officer.log_id(&sent);
        assert_eq!(officer.get(&format!("/v1/incidents/{id}")).expect(200).json()["occurred"], kept);
    }
}
