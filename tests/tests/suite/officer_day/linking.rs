//! Who is one person: proposed with reasons, decided by officers, undone, and agreed between agencies.

use serde_json::{Value, json};
use tests::{Officer, World, body, on_both, person, place};

on_both!(
    a_person_is_linked_kept_apart_and_taken_apart_again,
    people_of_two_agencies_are_joined_by_an_officer_of_each,
    the_review_queue_proposes_what_nobody_has_decided,
    what_is_known_is_told_at_logging,
    somebody_else_is_said_to_be_so_while_logging,
    associates_are_recorded_never_inferred,
    a_chronology_names_nobody_else,
    a_reference_check_looks_nobody_up,
);

fn mention(made: &Value, at: usize) -> String {
    made["incident"]["involvements"][at]["id"].as_str().unwrap().to_owned()
}

fn named(officer: &Officer, name: &str, born: &str, role: &str) -> String {
    let mut sent = body("x", &[], &[person(name, role)]);
    sent["involvements"][0]["person"]["date_of_birth"] = json!(born);
    mention(&officer.log(&sent), 0)
}

fn decide(officer: &Officer, first: &str, second: &str, decision: &str) -> testkit::http::Answer {
    let sent = json!({ "first": first, "second": second, "decision": decision, "grounds": "name_and_birth" });
    officer.post("/v1/person-links", &sent)
}

fn person_of(officer: &Officer, id: &str) -> String {
    officer.get(&format!("/v1/people/{id}")).expect(200).json()["id"].as_str().unwrap().to_owned()
}

fn a_person_is_linked_kept_apart_and_taken_apart_again(world: &mut World) {
    let officer = world.council_officer();
    let first = named(&officer, "Kyle Brannigan", "1990-05-04", "person_complained_about");
    let second = named(&officer, "Kile Branigan", "1990-05-04", "witness");
    let third = named(&officer, "Kylie Brannagh", "1971-01-02", "witness");
    let linked = decide(&officer, &second, &first, "same").expect(201).json();
    assert_eq!((&linked["state"], &linked["person"], &linked["other_person"]), (&json!("in_force"), &json!(first), &json!(first)));
    assert_eq!(person_of(&officer, &second), first);
    // Both ends stay as they were recorded: one hit more, no name less.
    assert_eq!(officer.get(&format!("/v1/people/{first}")).expect(200).json()["names"].as_array().unwrap().len(), 2);
    decide(&officer, &first, &second, "same").expect(409);
    decide(&officer, &first, &second, "different").expect(409);

    decide(&officer, &third, &second, "different").expect(201);
    let refused = decide(&officer, &third, &first, "same").expect(409).text;
    assert!(refused.contains("keeps them apart"), "{refused}");

    // Taken apart again, with everything that was decided in the history.
    let id = linked["id"].as_str().unwrap();
    let undone = officer.send("DELETE", &format!("/v1/person-links/{id}"), &[], None).expect(200).json();
    assert_eq!((&undone["state"], &undone["undone"]["officer"]), (&json!("undone"), &json!(officer.id)));
    assert_eq!((person_of(&officer, &first), person_of(&officer, &second)), (first.clone(), second.clone()));
    officer.send("DELETE", &format!("/v1/person-links/{id}"), &[], None).expect(404);
    let history = officer.get(&format!("/v1/people/{second}/links")).expect(200).json();
    let states: Vec<&Value> = history["links"].as_array().unwrap().iter().map(|link| &link["state"]).collect();
    assert_eq!(states, ["undone", "in_force"]);
    decide(&officer, &third, &first, "same").expect(201);

    // Nobody else undoes it, an analyst decides nothing, and what one does not see is not there.
    let police = world.police_officer();
    let other = history["links"][1]["id"].as_str().unwrap();
    police.send("DELETE", &format!("/v1/person-links/{other}"), &[], None).expect(403);
    let analyst = world.officer(&world.council, "Ann Yu", "analyst");
    decide(&analyst, &first, &second, "same").expect(403);
    let mut sent = body("kept", &[], &[person("Kyle Brannigan", "witness")]);
    sent["sharing"] = json!({ "level": "owner_only" });
    let hidden = mention(&officer.log(&sent), 0);
    let unknown = decide(&police, &first, "018f0000-0000-7000-8000-000000000009", "same").expect(422).json();
    let unseen = decide(&police, &first, &hidden, "same").expect(422).json();
    assert_eq!(unknown["errors"], unseen["errors"]);
    let kept = decide(&officer, &first, &hidden, "same").expect(201).json();
    police.send("DELETE", &format!("/v1/person-links/{}", kept["id"].as_str().unwrap()), &[], None).expect(404);
    assert_eq!(police.get(&format!("/v1/people/{first}/links")).expect(200).json()["links"].as_array().unwrap().len(), 3);
}

fn somebody_else_is_said_to_be_so_while_logging(world: &mut World) {
    let (council, police) = (world.council_officer(), world.police_officer());
    let known = named(&council, "Kyle Brannigan", "1990-05-04", "person_complained_about");
    let mut sent = body("x", &[], &[person("Kile Branigan", "witness")]);
    sent["involvements"][0]["different_from"] = json!([{ "person": known, "grounds": "told_by_person" }]);
    let made = council.log(&sent);
    let mut same = body("y", &[], &[person("Kyle Brannigan", "witness")]);
    same["involvements"][0]["same_person_as"] = json!(known);
    let same = mention(&council.log(&same), 0);
    assert_eq!(made["already_known"]["similar_names"], json!([]), "nobody is asked again: {made}");
    assert!(made["incident"]["involvements"][0].get("different_from").is_none(), "it is a decision of its own");
    let new = mention(&made, 0);
    let links = council.get(&format!("/v1/people/{new}/links")).expect(200).json();
    let link = &links["links"][0];
    assert_eq!((&link["decision"], &link["grounds"], &link["state"]), (&json!("different"), &json!("told_by_person"), &json!("in_force")));
    assert_eq!(council.get("/v1/person-proposals").expect(200).json()["proposals"], json!([]));
    let dpo = world.officer(&world.council, "Di Po", "data_protection_officer");
    let ledger = dpo.get("/v1/audit?action=incident.create&limit=500").expect(200).json();
    for said in [&new, &same] {
        let names_both = |entry: &Value| [&known, said].iter().all(|id| entry["records"].as_array().unwrap().contains(&json!(id)));
        assert!(ledger["entries"].as_array().unwrap().iter().any(names_both), "the ledger says of whom it was said: {ledger}");
    }
    // The police have not said so, and are asked; undone, the council is asked too.
    let theirs = police.log(&body("x", &[], &[person("Kile Branigan", "witness")]));
    assert_eq!(theirs["already_known"]["similar_names"].as_array().unwrap().len(), 2, "{theirs}");
    council.send("DELETE", &format!("/v1/person-links/{}", link["id"].as_str().unwrap()), &[], None).expect(200);
    assert!(!council.get("/v1/person-proposals").expect(200).json()["proposals"].as_array().unwrap().is_empty());

    // A part that comes later says it too; names and dates of birth compared is what it rests on unless said.
    let path = format!("/v1/incidents/{}/involvements", made["id"].as_str().unwrap());
    let mut part = person("Kyle Branigan", "witness");
    part["different_from"] = json!([{ "person": known }]);
    let added = council.post(&path, &part).expect(201).json();
    let later = added["id"].as_str().unwrap().to_owned();
    assert_eq!(council.get(&format!("/v1/people/{later}/links")).expect(200).json()["links"][0]["grounds"], "name_and_birth");

    // What cannot be: the person it is, one linked with that person, one that is not seen, no person, the same twice.
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut sent = body("x", &[], &[person("Kile Branigan", "witness")]);
        sent["involvements"][0]["different_from"] = json!([{ "person": known }]);
        change(&mut sent["involvements"][0]);
        council.post("/v1/incidents", &sent).expect(422).json()["errors"].clone()
    };
    let same = refused(&|part| part["same_person_as"] = json!(known));
    assert_eq!((&same[0]["pointer"], &same[0]["code"]), (&json!("/involvements/0/different_from/0/person"), &json!("confirmed_people")));
    let mut kept = body("kept", &[], &[person("Kyle Brannigan", "witness")]);
    kept["sharing"] = json!({ "level": "owner_only" });
    let hidden = mention(&police.log(&kept), 0);
    let unseen = refused(&|part| part["different_from"][0]["person"] = json!(hidden));
    let unknown = refused(&|part| part["different_from"][0]["person"] = json!("018f0000-0000-7000-8000-000000000009"));
    assert_eq!((&unseen, &unseen[0]["code"]), (&unknown, &json!("unknown_id")));
    let twice = refused(&|part| part["different_from"] = json!([{ "person": known }, { "person": known }]));
    assert_eq!(twice[0]["code"], "repeated");
    let nobody = refused(&|part| {
        part.as_object_mut().unwrap().remove("person");
        part["unnamed"] = json!({ "description": "a man in a red coat", "number": 1 });
    });
    assert_eq!(nobody[0]["code"], "not_a_person");
}

fn people_of_two_agencies_are_joined_by_an_officer_of_each(world: &mut World) {
    let (council, police) = (world.council_officer(), world.police_officer());
    let ours = named(&council, "Margaret Ashworth", "1960-03-01", "person_affected");
    let ours_too = named(&council, "Peggy Ashworth", "1960-03-01", "witness");
    let theirs = named(&police, "Margaret Ashworth", "1960-03-01", "witness");
    let theirs_too = named(&police, "M Ashworth", "1960-03-01", "person_affected");
    decide(&council, &ours, &ours_too, "same").expect(201);
    decide(&police, &theirs, &theirs_too, "same").expect(201);
    let link = decide(&council, &ours, &theirs, "same").expect(201).json();
    assert_eq!((&link["state"], &link["waiting_for"]), (&json!("waiting"), &json!([world.police.id])));
    assert_ne!(person_of(&council, &ours), person_of(&council, &theirs));
    assert_ne!(person_of(&police, &ours), person_of(&police, &theirs));

    let id = link["id"].as_str().unwrap();
    let agree = |officer: &Officer| officer.send("PUT", &format!("/v1/person-links/{id}/agreement"), &[], None);
    agree(&council).expect(409);
    assert_eq!(council.get("/v1/person-links").expect(200).json()["links"], json!([]));
    let waiting = police.get("/v1/person-links").expect(200).json();
    assert_eq!(waiting["links"][0]["id"], json!(id));
    let agreed = agree(&police).expect(200).json();
    assert_eq!((&agreed["state"], agreed["agreed"].as_array().unwrap().len()), (&json!("in_force"), 2));
    for officer in [&council, &police] {
        assert_eq!(person_of(officer, &theirs_too), ours);
    }
    assert_eq!(police.get("/v1/person-links").expect(200).json()["links"], json!([]));
    // Either takes it back.
    police.send("DELETE", &format!("/v1/person-links/{id}"), &[], None).expect(200);
    assert_ne!(person_of(&council, &ours), person_of(&council, &theirs));
    // Nor is it had by the other door: a mention says nothing that joins confirmed people.
    let owner = council.get(&format!("/v1/people/{ours_too}")).expect(200).json();
    let incidents = [&owner["affected"], &owner["complained_about"], &owner["other"]];
    let of = incidents.iter().flat_map(|list| list.as_array().unwrap()).find(|entry| entry["involvement"] == json!(ours_too)).unwrap();
    let path = format!("/v1/incidents/{}/involvements/{ours_too}", of["incident"]["id"].as_str().unwrap());
    let refused = council.patch(&path, 1, &json!({ "same_person_as": theirs })).expect(422).text;
    assert!(refused.contains("/v1/person-links"), "{refused}");
}

fn the_review_queue_proposes_what_nobody_has_decided(world: &mut World) {
    let (council, police) = (world.council_officer(), world.police_officer());
    let theirs = named(&police, "Kyle Brannigan", "1990-05-04", "person_complained_about");
    let ours = named(&council, "Kile Branigan", "1990-05-04", "witness");
    let ours_too = named(&council, "Kyle Branigan", "1990-05-04", "person_affected");
    named(&council, "Ottoline Farquhar", "1944-01-01", "witness");
    let queue = |officer: &Officer, query: &str| officer.get(&format!("/v1/person-proposals{query}")).expect(200).json();
    let pairs = |page: &Value| -> Vec<(String, String)> {
        let list = page["proposals"].as_array().unwrap().iter();
        list.map(|one| ["first", "second"].map(|end| one[end]["mention"].as_str().unwrap().to_owned()).into()).collect()
    };
    let page = queue(&council, "");
    assert_eq!((&page["compared"], page.get("next_cursor")), (&json!(3), None));
    let found = pairs(&page);
    assert!(found.contains(&(ours_too.clone(), ours.clone())) && found.contains(&(ours_too.clone(), theirs.clone())), "{page}");
    assert!(found.contains(&(ours.clone(), theirs.clone())) && found.len() == 3, "{page}");
    let reasons = page["proposals"][0]["reasons"].as_array().unwrap();
    assert!(!reasons.is_empty(), "a proposal says why");
    assert!(pairs(&queue(&council, "?across_agencies=true")).iter().all(|(_, other)| *other == theirs));
    // A page ends with the incident that fills it, and the next goes on from there.
    let first = queue(&council, "?limit=1");
    let next = queue(&council, &format!("?limit=1&cursor={}", first["next_cursor"].as_str().unwrap()));
    let sorted = |mut pairs: Vec<(String, String)>| {
        pairs.sort();
        pairs
    };
    assert_eq!(sorted([pairs(&first), pairs(&next)].concat()), sorted(found));
    let strengths: Vec<f64> = page["proposals"].as_array().unwrap().iter().map(|one| one["strength"].as_f64().unwrap()).collect();
    assert!(strengths.is_sorted_by(|a, b| a >= b), "the strongest of a page first: {strengths:?}");

    // Linked, or kept apart: neither is proposed again.
    decide(&council, &ours, &ours_too, "same").expect(201);
    assert_eq!(queue(&council, "")["proposals"].as_array().unwrap().len(), 1, "one person, one proposal");
    decide(&council, &ours, &theirs, "different").expect(201);
    assert_eq!(queue(&council, "")["proposals"], json!([]));
    // The police have decided nothing.
    assert_eq!(queue(&police, "")["proposals"].as_array().unwrap().len(), 1);
    council.get("/v1/person-proposals?least=certain").expect(400);
}

fn what_is_known_is_told_at_logging(world: &mut World) {
    let (council, police) = (world.council_officer(), world.police_officer());
    let log = |officer: &Officer, day: u8, name: &str, types: &[u16]| {
        let mut sent = body("x", &[place("Mill Lane", "TS18 1QD")], &[person(name, "person_affected")]);
        sent["involvements"][0]["person"]["date_of_birth"] = json!("1960-03-01");
        sent["occurred"] = json!({ "at": format!("2026-03-{day:02}T21:30:00Z") });
        sent["types"] = json!(types);
        officer.log(&sent)
    };
    let first = log(&police, 4, "Margaret Ashworth", &[211]);
    let earlier = log(&council, 20, "Margaret Ashworth", &[211]);
    let known = &earlier["already_known"];
    assert_eq!((&known["possible_duplicates"], &known["earlier_at_place"]), (&json!([]), &json!(1)));
    assert_eq!(
        known["repeat_victims"][0],
        json!({ "involvement": mention(&earlier, 0), "person": mention(&first, 0), "earlier": 1, "linked": false })
    );
    // The day after, noise again: perhaps the same event; the other types are another.
    let again = log(&council, 5, "Margaret Ashworth", &[211, 202]);
    let duplicates = again["already_known"]["possible_duplicates"].as_array().unwrap();
    assert_eq!((duplicates.len(), &duplicates[0]["id"]), (1, &first["id"]));
    assert_eq!(log(&council, 5, "Margaret Ashworth", &[205])["already_known"]["possible_duplicates"], json!([]));
    // Linked as one person: proposed once, and repeat by an officer's word.
    decide(&council, &mention(&earlier, 0), &mention(&first, 0), "same").expect(201);
    let later = log(&council, 25, "Margaret Ashworth", &[200]);
    let similar = later["already_known"]["similar_names"].as_array().unwrap();
    assert_eq!(similar.iter().filter(|one| one["person"] == json!(mention(&first, 0))).count(), 1);
    decide(&council, &mention(&later, 0), &mention(&first, 0), "same").expect(201);
}

fn associates_are_recorded_never_inferred(world: &mut World) {
    let (council, police) = (world.council_officer(), world.police_officer());
    let mut sent = body("x", &[], &[person("Kyle Brannigan", "person_complained_about"), person("Margaret Ashworth", "person_affected")]);
    sent["involvements"].as_array_mut().unwrap().push(json!({ "vehicle": { "registration": "AB12 CDE" }, "roles": ["other"] }));
    let made = council.log(&sent);
    let (kyle, incident) = (mention(&made, 0), made["reference"].as_str().unwrap());
    let of = |officer: &Officer, id: &str| officer.get(&format!("/v1/people/{id}")).expect(200).json()["associations"].clone();
    assert_eq!(of(&council, &kyle), json!([]), "named together is no association");
    let friend = mention(&council.log(&body("y", &[], &[person("Jo Turpin", "person_complained_about")])), 0);
    let path = format!("/v1/people/{kyle}/associations");
    let recorded = json!({ "kind": "friend", "associate": friend, "source": "seen_by_officer", "incident": incident, "on": "2026-03-04" });
    let kept = council.post(&path, &recorded).expect(201).json();
    let drives =
        json!({ "kind": "driver", "vehicle": mention(&made, 2), "source": "told_by_other", "incident": incident, "on": "2026-03-04" });
    council.post(&path, &drives).expect(201);
    let shown = of(&police, &kyle);
    assert_eq!(
        (&shown[0]["name"]["full"], &shown[0]["person_id"], &shown[0]["source"]),
        (&json!("Jo Turpin"), &json!(friend), &json!("seen_by_officer"))
    );
    assert_eq!(shown[1]["vehicle"]["registration"], "AB12 CDE");
    assert_eq!(of(&police, &friend)[0]["person_id"], json!(kyle), "seen from either end");
    for (wrong, pointer) in [
        (json!({ "kind": "driver" }), "/kind"),
        (json!({ "associate": kyle }), "/associate"),
        (json!({ "incident": "ASB-2026-22222-2" }), "/incident"),
        (json!({ "on": "2199-01-01" }), "/on"),
    ] {
        let mut bad = recorded.clone();
        bad.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let told = council.post(&path, &bad).expect(422).json();
        assert_eq!(told["errors"][0]["pointer"], pointer, "{told}");
    }
    // Closed with the incident that it comes from.
    let at = council.get(&format!("/v1/incidents/{incident}")).expect(200).json()["version"].as_i64().unwrap();
    let other = format!("/v1/incidents/{incident}");
    council.patch(&other, at, &json!({ "sharing": { "level": "owner_only" } })).expect(200);
    assert_eq!(of(&police, &friend), json!([]));
    assert_eq!(of(&council, &friend).as_array().unwrap().len(), 1);
    council.send("DELETE", &format!("{path}/{}", kept["id"].as_str().unwrap()), &[], None).expect(204);
    assert_eq!(of(&council, &friend), json!([]));
}

fn a_chronology_names_nobody_else(world: &mut World) {
    let council = world.council_officer();
    let mut sent = body(
        "Shouting in the street",
        &[place("Mill Lane", "TS18 1QD")],
        &[person("Kyle Brannigan", "person_complained_about"), person("Margaret Ashworth", "person_affected")],
    );
    sent["narrative"] = json!("Ursula Winterbourne saw it");
    let first = council.log(&sent);
    let kyle = mention(&first, 0);
    let mut again = body("Glass broken", &[], &[person("Kyle Brannigan", "person_affected")]);
    again["involvements"][0]["same_person_as"] = json!(kyle);
    again["occurred"] = json!({ "at": "2026-02-01T10:00:00Z" });
    council.log(&again);
    let mut told = body("Rang in", &[], &[person("Kyle Brannigan", "reporter")]);
    told["involvements"][0]["same_person_as"] = json!(kyle);
    council.log(&told);
    let path = format!("/v1/people/{kyle}/chronology");
    let answer = council.get(&path).expect(200);
    let chronology = answer.json();
    let sides: Vec<&Value> = chronology["entries"].as_array().unwrap().iter().map(|entry| &entry["side"]).collect();
    assert_eq!(sides, ["suffered", "alleged"]);
    assert_eq!(chronology["left_out"], 1, "what was told in confidence");
    assert_eq!(chronology["entries"][1]["streets"], json!(["Mill Lane"]));
    assert!(!answer.text.contains("Ashworth") && !answer.text.contains("Winterbourne") && !answer.text.contains("TS18"), "{}", answer.text);
    let pdf = council.send("GET", &path, &[("accept", "application/pdf")], None).expect(200);
    assert!(pdf.text.starts_with("%PDF") && pdf.text.contains("Glass broken") && !pdf.text.contains("Ashworth"));
    council.send("GET", &path, &[("accept", "text/csv")], None).expect(406);
}

fn a_reference_check_looks_nobody_up(world: &mut World) {
    let (council, police) = (world.council_officer(), world.police_officer());
    let answer = |officer: &Officer| officer.post("/v1/reference-checks", &json!({ "basis": "consent" })).expect(201).json();
    let before = answer(&council);
    assert_eq!(before["answer"]["kind"], "ask_agencies");
    assert_eq!(before["answer"]["agencies"][0]["name"], "Cleveland Police");
    named(&police, "Kyle Brannigan", "1990-05-04", "person_complained_about");
    assert_eq!(answer(&council)["answer"], before["answer"], "the same whatever is recorded");
    council.post("/v1/reference-checks", &json!({ "basis": "curiosity" })).expect(422);
    council.post("/v1/reference-checks", &json!({ "basis": "consent", "name": "Kyle Brannigan" })).expect(422);
    let path = format!("/v1/reference-checks/{}/dispute", before["id"].as_str().unwrap());
    police.send("PUT", &path, &[], None).expect(404);
    assert!(council.send("PUT", &path, &[], None).expect(200).json()["disputed_at"].is_string());
    council.send("PUT", &path, &[], None).expect(409);
    let dpo = world.officer(&world.council, "Dee Cole", "data_protection_officer");
    let notices = dpo.get("/v1/notices").expect(200).text;
    assert!(notices.contains("reference_disputed"), "{notices}");
    let listed = dpo.get("/v1/reference-checks").expect(200).json();
    assert_eq!(listed["reference_checks"].as_array().unwrap().len(), 2);
}
