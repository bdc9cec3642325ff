//! Subject access: drafted by the program, decided line by line by a person, released by a person.

use super::{Planted, dpo, logged};
use serde_json::{Value, json};
use tests::{Officer, World, body, on_both, person, place};

on_both!(everything_is_drafted_and_marked, an_answer_is_released_when_every_line_is_decided);

fn today() -> String {
    model::Clock::system().now().london_day().to_string()
}

fn open(dpo: &Officer, people: &[&Value]) -> Value {
    dpo.post("/v1/subject-requests", &json!({ "people": people, "received": today() })).expect(201).json()
}

fn draft(dpo: &Officer, opened: &Value) -> Vec<Value> {
    let path = format!("/v1/subject-requests/{}/draft", opened["id"].as_str().unwrap());
    dpo.get(&path).expect(200).json()["lines"].as_array().unwrap().clone()
}

fn said<'a>(lines: &'a [Value], text: &str) -> Option<&'a Value> {
    lines.iter().find(|line| line["text"].as_str().is_some_and(|said| said.contains(text)))
}

fn everything_is_drafted_and_marked(world: &mut World) {
    let (officer, dpo, planted) = (world.council_officer(), dpo(world), Planted::new());
    let stranger = world.officer(&world.police, "Uma Officer", "data_protection_officer");
    let mut reporter = person("Wilhelmina Ferncastle", "reporter");
    reporter["person"]["phones"] = json!(["01642 555 777"]);
    let from = json!({ "street": "Reporter Row", "postcode": "TS19 8ZA", "role": "reported_from" });
    let mut sent = body(
        "x",
        &[place("Mill Lane", "TS18 1QD"), from],
        &[planted.person("person_complained_about"), reporter, person("Ann Other", "witness")],
    );
    sent["narrative"] = json!("Shouted in the street at noon.");
    sent["assessment"] = json!("Ann Other was frightened; Mrs Ferncastle rang.");
    let read = logged(&officer, &sent);
    let (id, part) = (read["id"].as_str().unwrap(), &read["involvements"][0]["id"]);
    officer.patch(&format!("/v1/incidents/{id}"), 1, &json!({ "narrative": "Shouted in the street at one." })).expect(200);
    let who = &read["involvements"][1]["id"];
    officer
        .post(
            &format!("/v1/incidents/{id}/allegations"),
            &json!({ "about": part, "made_by": who, "what": "threw a stone", "basis": "saw" }),
        )
        .expect(201);
    let other = &read["involvements"][2]["id"];
    officer
        .post(&format!("/v1/incidents/{id}/allegations"), &json!({ "about": other, "what": "laughed aloud", "basis": "saw" }))
        .expect(201);
    let mut elsewhere = body("y", &[], &[]);
    elsewhere["narrative"] = json!(format!("{} was spoken of.", planted.whole()));
    officer.log_id(&elsewhere);
    let mut nothing = body("z", &[], &[]);
    nothing["narrative"] = json!("Nobody in particular.");
    officer.log_id(&nothing);
    officer
        .post(
            "/v1/markers",
            &json!({ "kind": "safety", "person": part, "facts": "keeps a dog", "source": "visit", "review_at": "2027-03-01T00:00:00Z" }),
        )
        .expect(201);

    officer.post("/v1/subject-requests", &json!({ "people": [part], "received": today() })).expect(403);
    stranger.post("/v1/subject-requests", &json!({ "people": [part], "received": today() })).expect(422);
    for (wrong, at) in
        [(json!({ "people": [], "received": today() }), "/people"), (json!({ "people": [part], "received": "2019-01-01" }), "/received")]
    {
        assert_eq!(dpo.post("/v1/subject-requests", &wrong).expect(422).json()["errors"][0]["pointer"], at);
    }
    let opened = open(&dpo, &[part]);
    let due: jiff::civil::Date = opened["due"].as_str().unwrap().parse().unwrap();
    assert_eq!(due, today().parse::<jiff::civil::Date>().unwrap().saturating_add(jiff::Span::new().months(1)));
    let lines = draft(&dpo, &opened);
    for text in [
        &planted.given,
        &planted.family,
        &planted.alias,
        "01642 555 198",
        "at noon",
        "at one",
        "threw a stone",
        "keeps a dog",
        "was spoken of",
        "person_complained_about",
    ] {
        assert!(said(&lines, text).is_some(), "{text}: {lines:?}");
    }
    for text in ["01642 555 777", "laughed aloud", "Nobody in particular"] {
        assert!(said(&lines, text).is_none(), "{text} is about somebody else");
    }
    let marks = |text: &str| said(&lines, text).unwrap()["marks"].clone();
    assert_eq!(marks("at noon"), json!([]));
    assert_eq!(marks("frightened"), json!(["third_party", "identifies_reporter"]));
    assert_eq!(marks("threw a stone"), json!(["third_party", "identifies_reporter"]));
    assert_eq!(marks("Reporter Row"), json!(["identifies_reporter"]));
    stranger.get(&format!("/v1/subject-requests/{}/draft", opened["id"].as_str().unwrap())).expect(404);
    officer.get("/v1/subject-requests").expect(403);
    assert_eq!(dpo.get("/v1/subject-requests").expect(200).json()["subject_requests"][0]["undecided"], lines.len());
    assert_eq!(stranger.get("/v1/subject-requests").expect(200).json()["subject_requests"], json!([]));

    // What is erased meanwhile is in no draft: it keeps places, not texts.
    super::erase(&dpo, &[part.as_str().unwrap()]);
    assert!(
        said(&draft(&dpo, &opened), &planted.family)
            .is_none_or(|line| line["kind"] == "incident" && line["text"].as_str().unwrap().contains("spoken of"))
    );
}

fn an_answer_is_released_when_every_line_is_decided(world: &mut World) {
    let (officer, dpo) = (world.council_officer(), dpo(world));
    let mut sent = body("x", &[], &[person("Zoë Łukaszewicz", "witness"), person("Ann Other", "witness")]);
    sent["narrative"] = json!("Zoë and Ann ran.");
    sent["assessment"] = json!("An informant says more.");
    let read = logged(&officer, &sent);
    let opened = open(&dpo, &[&read["involvements"][0]["id"]]);
    let path = format!("/v1/subject-requests/{}", opened["id"].as_str().unwrap());
    let lines = draft(&dpo, &opened);
    let number = |text: &str| said(&lines, text).unwrap()["number"].as_i64().unwrap();
    let decide = |number: i64, decision: &Value| dpo.send("PUT", &format!("{path}/lines/{number}"), &[], Some(decision));
    for wrong in [
        json!({ "decision": "withhold" }),
        json!({ "decision": "withhold", "exemption": "whim" }),
        json!({ "decision": "redact", "exemption": "sch2_para16_third_party" }),
        json!({ "decision": "release", "exemption": "sch2_para16_third_party" }),
        json!({ "decision": "release", "spans": [[0, 1]] }),
    ] {
        decide(1, &wrong).expect(422);
    }
    dpo.post(&format!("{path}/release"), &json!({})).expect(409);
    dpo.get(&format!("{path}/package")).expect(409);
    for line in &lines {
        decide(line["number"].as_i64().unwrap(), &json!({ "decision": "release" })).expect(200);
    }
    decide(number("Ann ran"), &json!({ "decision": "redact", "spans": [[8, 3]], "exemption": "sch2_para16_third_party" })).expect(200);
    decide(number("informant"), &json!({ "decision": "withhold", "exemption": "sch2_para2_crime" })).expect(200);
    decide(99, &json!({ "decision": "release" })).expect(404);
    officer.post(&format!("{path}/release"), &json!({})).expect(403);
    let released = dpo.post(&format!("{path}/release"), &json!({})).expect(200).json();
    assert!(released["released_at"].is_string() && released["released_by"] == dpo.id);
    dpo.post(&format!("{path}/release"), &json!({})).expect(409);
    decide(1, &json!({ "decision": "release" })).expect(409);

    let package = dpo.get(&format!("{path}/package")).expect(200);
    let told = package.json();
    assert_eq!(
        (&told["agency"], &told["exemptions"]),
        (&json!("Stockton Council"), &json!({ "sch2_para16_third_party": 1, "sch2_para2_crime": 1 }))
    );
    assert!(
        told["records"][0]["reference"] == read["reference"]
            && package.text.contains("Zoë and [withheld] ran.")
            && package.text.contains("Zoë Łukaszewicz")
    );
    assert!(!package.text.contains("Ann") && !package.text.contains("informant"), "{}", package.text);
    let pdf = dpo.send("GET", &format!("{path}/package"), &[("accept", "application/pdf")], None).expect(200);
    assert_eq!(pdf.headers["content-type"], "application/pdf");
    assert!(
        pdf.text.starts_with("%PDF-1.4") && pdf.text.contains(r"Zo\353 and [withheld] ran.") && pdf.text.contains("[U+0141]ukaszewicz"),
        "{}",
        pdf.text
    );
    assert!(!pdf.text.contains("Ann") && !pdf.text.contains("informant"));
    dpo.send("GET", &format!("{path}/package"), &[("accept", "text/html")], None).expect(406);
    // What is blanked by its place in a text is decided again when the text is another.
    let wrong = json!({ "pointer": "/narrative", "from": "Zoë", "to": "Zoe", "reason": "wrong_value" });
    dpo.post(&format!("/v1/incidents/{}/rectifications", read["id"].as_str().unwrap()), &wrong).expect(201);
    let package = dpo.get(&format!("{path}/package")).expect(200).text;
    assert!(!package.contains("Ann") && !package.contains("ran."), "{package}");
    decide(number("Ann ran"), &json!({ "decision": "redact", "spans": [[8, 3]], "exemption": "sch2_para16_third_party" })).expect(200);
    assert!(dpo.get(&format!("{path}/package")).expect(200).text.contains("Zoe and [withheld] ran."));
    // Each time it is taken out is a disclosure in the ledger.
    let entries = dpo.get("/v1/audit?action=subject_request.package&limit=500").expect(200).json();
    let disclosed =
        entries["entries"].as_array().unwrap().iter().filter(|entry| entry["operation"] == "disclosure" && entry["outcome"] == "granted");
    assert!(disclosed.count() >= 2);
}
