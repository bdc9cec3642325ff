//! Partnerships: what is shared with one reaches its agencies, as they are in it now, and no other.

use serde_json::json;
use tests::{Agency, Officer, World, body, on_both, person, place};

on_both!(
    a_partnership_reaches_its_agencies_and_no_other,
    an_agency_in_none_shares_with_nobody,
    a_summary_tells_no_narrative_no_contacts_and_no_child,
    published_data_names_nobody,
    who_holds_a_record_is_told_on_its_name_and_date_of_birth_alone,
    the_owner_alone_decides_who_sees_it,
    the_history_tells_no_more_than_the_record,
);

/// An agency, with its administrator, that is in another partnership.
fn outside(world: &World, name: &str, kind: &str) -> Agency {
    world.deployment.ok(&["partnership", "add", &format!("{name} Partnership")]);
    let id = world.deployment.ok(&["agency", "add", name, "--kind", kind, "--partnership", &format!("{name} Partnership")]);
    world.administered(id)
}

fn meets(officer: &Officer, id: &str, name: &str) -> [bool; 3] {
    [officer.get(&format!("/v1/incidents/{id}")).status == 200, !officer.found(name).is_empty(), officer.listed().contains(&id.to_owned())]
}

fn a_partnership_reaches_its_agencies_and_no_other(world: &mut World) {
    let darlington = outside(world, "Darlington Council", "council");
    let neighbour = world.officer(&darlington, "Nell Ward", "officer");
    let (officer, police) = (world.council_officer(), world.police_officer());
    let sent = body("x", &[place("Mill Lane", "TS18 1QD")], &[person("Margaret Ashworth", "person_affected")]);
    let id = officer.log_id(&sent);
    assert_eq!(meets(&police, &id, "Margaret Ashworth"), [true; 3]);
    assert_eq!(meets(&neighbour, &id, "Margaret Ashworth"), [false; 3]);

    // The police join the other partnership as well: what they record is for their first unless they name the other.
    world.deployment.ok(&["partnership", "join", "Darlington Council Partnership", "--agency", "Cleveland Police"]);
    let all = police.get("/v1/partnerships").expect(200).json();
    let other = all["partnerships"].as_array().unwrap().iter().find(|one| one["name"] == "Darlington Council Partnership").unwrap();
    assert_eq!(other["agencies"].as_array().unwrap().len(), 2);
    let theirs = police.log_id(&body("y", &[], &[person("Rosalind Birtwhistle", "witness")]));
    assert_eq!(meets(&neighbour, &theirs, "Rosalind Birtwhistle"), [false; 3]);
    let mut there = body("z", &[], &[person("Cuthbert Dunnage", "witness")]);
    there["sharing"] = json!({ "level": "partnership", "partnership": other["id"] });
    let there = police.log_id(&there);
    assert_eq!(meets(&neighbour, &there, "Cuthbert Dunnage"), [true; 3]);
    assert_eq!(meets(&officer, &there, "Cuthbert Dunnage"), [false; 3]);
    assert_eq!(meets(&neighbour, &id, "Margaret Ashworth"), [false; 3]);

    // Nobody shares with a partnership that they are not in.
    let mut sly = body("s", &[], &[]);
    sly["sharing"] = json!({ "level": "partnership", "partnership": other["id"] });
    let refused = officer.post("/v1/incidents", &sly).expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/sharing/partnership", "{}", refused.text);
    let patch = json!({ "sharing": { "partnership": other["id"] } });
    officer.patch(&format!("/v1/incidents/{id}"), 1, &patch).expect(422);

    // Who leaves sees nothing from then on, though another process took them out.
    world.deployment.ok(&["partnership", "leave", "Partnership", "--agency", "Cleveland Police"]);
    assert_eq!(meets(&police, &id, "Margaret Ashworth"), [false; 3]);
    assert_eq!(meets(&officer, &theirs, "Rosalind Birtwhistle"), [true; 3], "what was shared stays shared until its owner says otherwise");
    assert_eq!(meets(&police, &theirs, "Rosalind Birtwhistle"), [true; 3]);
    world.deployment.ok(&["partnership", "join", "Partnership", "--agency", "Cleveland Police"]);
    assert_eq!(meets(&police, &id, "Margaret Ashworth"), [true; 3]);
}

fn an_agency_in_none_shares_with_nobody(world: &mut World) {
    // Entered through the API, an agency is in no partnership: an administrator cannot open others' records to it.
    let made = world.council.admin.post("/v1/agencies", &json!({ "name": "Alone Homes", "kind": "housing" })).expect(201).json();
    let id = made["id"].as_str().unwrap();
    let alone = world.administered(id.to_owned());
    let officer = world.officer(&alone, "Al Gray", "officer");
    let made = officer.log(&body("x", &[], &[person("Margaret Ashworth", "witness")]));
    assert_eq!(made["incident"]["sharing"], json!({ "level": "owner_only" }));
    assert_eq!(meets(&world.council_officer(), made["id"].as_str().unwrap(), "Margaret Ashworth"), [false; 3]);
    let mut shared = body("x", &[], &[]);
    shared["sharing"] = json!({ "level": "partnership" });
    let refused = officer.post("/v1/incidents", &shared).expect(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "/sharing/partnership");
    let joining = json!({ "name": "Sly Homes", "kind": "housing", "partnership": "00000000-0000-7000-8000-000000000001" });
    world.council.admin.post("/v1/agencies", &joining).expect(403);
}

fn a_summary_tells_no_narrative_no_contacts_and_no_child(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let mut adult = person("Rosalind Birtwhistle", "person_affected");
    adult["person"]["date_of_birth"] = json!("1970-01-02");
    adult["person"]["phones"] = json!(["01642 000111"]);
    let mut child = person("Philippa Eccleshall", "person_complained_about");
    child["person"]["date_of_birth"] = json!("2012-01-02");
    let mut sent = body("in short", &[place("Mill Lane", "TS18 1QD")], &[adult, child]);
    sent["narrative"] = json!("at length");
    sent["sharing"] = json!({ "level": "partnership", "grade": "summary" });
    let id = officer.log_id(&sent);
    let path = format!("/v1/incidents/{id}");
    let (whole, short) = (officer.get(&path).expect(200), police.get(&path).expect(200));
    assert!(["at length", "000111", "Eccleshall", "Birtwhistle"].iter().all(|told| whole.text.contains(told)), "{}", whole.text);
    assert_eq!(short.json()["sight"], "summary");
    for way in [short.text, police.get(&format!("{path}/history")).expect(200).text] {
        assert!(!["at length", "000111", "Eccleshall", "2012-01-02"].iter().any(|told| way.contains(told)), "{way}");
        assert!(!way.contains("narrative"), "{way}");
    }
    assert_eq!((police.found("Rosalind Birtwhistle").len(), police.found("Philippa Eccleshall").len()), (1, 0));
    assert_eq!((officer.found("Rosalind Birtwhistle").len(), officer.found("Philippa Eccleshall").len()), (1, 1));
    assert!(police.listed().contains(&id) && police.counted() == 1);
    police.patch(&path, 1, &json!({ "summary": "mine" })).expect(403);
}

fn published_data_names_nobody(world: &mut World) {
    let officer = world.council_officer();
    let mut sent = body("x", &[], &[person("Margaret Ashworth", "witness")]);
    sent["sharing"] = json!({ "level": "open" });
    let refused = officer.post("/v1/incidents", &sent).expect(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "/sharing/level");
    // Nor does it come to name somebody later.
    let named = officer.log_id(&body("x", &[], &[person("Margaret Ashworth", "witness")]));
    officer.patch(&format!("/v1/incidents/{named}"), 1, &json!({ "sharing": { "level": "open", "partnership": null } })).expect(422);
    sent["involvements"] = json!([]);
    let open = officer.log_id(&sent);
    let analyst = world.officer(&world.police, "Ann Yu", "analyst");
    for who in [&officer, &analyst, &world.police.admin] {
        assert_eq!(who.get(&format!("/v1/incidents/{open}")).expect(200).json()["sight"], "full");
        assert!(who.listed().contains(&open));
    }
    officer.post(&format!("/v1/incidents/{open}/involvements"), &person("Margaret Ashworth", "witness")).expect(422);
}

fn who_holds_a_record_is_told_on_its_name_and_date_of_birth_alone(world: &mut World) {
    let darlington = outside(world, "Darlington Council", "council");
    let (officer, police) = (world.council_officer(), world.police_officer());
    let (analyst, neighbour) = (world.officer(&world.police, "Ann Yu", "analyst"), world.officer(&darlington, "Nell Ward", "officer"));
    let dpo = world.officer(&world.police, "Dee Cole", "data_protection_officer");
    let named = |name: &str, born: &str, role: &str| {
        let mut part = person(name, role);
        part["person"]["date_of_birth"] = json!(born);
        part
    };
    let mut hidden = named("Cuthbert Dunnage", "1950-03-04", "witness");
    hidden["identity"] = json!("confidential");
    let child = named("Philippa Eccleshall", "2012-01-02", "person_complained_about");
    let mut sent =
        body("kept", &[place("Mill Lane", "TS18 1QD")], &[named("Rosalind Birtwhistle", "1970-01-02", "witness"), hidden, child]);
    sent["sharing"] = json!({ "level": "owner_only", "beyond": "held_by" });
    let id = officer.log_id(&sent);
    let mut sensitive = body("kept more", &[], &[named("Ferdinand Grimshaw", "1960-05-06", "person_affected")]);
    sensitive["sharing"] = sent["sharing"].clone();
    sensitive["additional_qualifiers"] = json!([606]);
    officer.log_id(&sensitive);

    let search = |who: &Officer, name: &str, born: &str| {
        let asked = if born.is_empty() { json!({ "name": name }) } else { json!({ "name": name, "date_of_birth": born }) };
        who.post("/v1/name-searches", &asked).expect(200)
    };
    let told = search(&police, "rosalind  BIRTWHISTLE", "1970-01-02");
    let holder = json!([{ "agency": world.council.id, "name": "Stockton Council" }]);
    assert_eq!((&told.json()["people"], &told.json()["held_by"]), (&json!([]), &holder));
    assert!(!told.text.contains("kept") && !told.text.contains(&id), "{}", told.text);
    for (who, name, born) in [
        (&police, "Rosalind Birtwhistle", ""),
        (&police, "Rosalind Birtwhistle", "1970"),
        (&police, "Rosalind Birtwhistle", "1970-01-03"),
        (&police, "Rosalind Birtwhistl", "1970-01-02"),
        (&police, "Cuthbert Dunnage", "1950-03-04"),
        (&police, "Philippa Eccleshall", "2012-01-02"),
        (&police, "Ferdinand Grimshaw", "1960-05-06"),
        (&analyst, "Rosalind Birtwhistle", "1970-01-02"),
        (&neighbour, "Rosalind Birtwhistle", "1970-01-02"),
        (&officer, "Rosalind Birtwhistle", "1970-01-02"),
    ] {
        let told = search(who, name, born).json();
        assert!(told.get("held_by").is_none(), "{name} {born}: {told}");
    }
    // By id too: the agency, and nothing else; and it is in no list, place or count.
    let path = format!("/v1/incidents/{id}");
    let read = police.get(&path).expect(200).json();
    assert_eq!((&read["sight"], &read["held_by"], read.as_object().unwrap().len()), (&json!("held"), &holder, 4));
    for who in [&analyst, &neighbour] {
        who.get(&path).expect(404);
    }
    for below in ["/history", "/duplicates"] {
        police.get(&format!("{path}{below}")).expect(404);
    }
    police.patch(&path, 1, &json!({ "summary": "mine" })).expect(404);
    assert!(police.listed().is_empty() && police.counted() == 0 && police.at_place(&json!({ "street": "Mill Lane" })).is_empty());
    // That it was told is in the ledger, with the record.
    let entries = dpo.get("/v1/audit?action=name.search.held&limit=50").expect(200).json();
    assert!(entries["entries"].as_array().unwrap().iter().any(|entry| entry["records"] == json!([id])), "{entries}");
}

fn the_owner_alone_decides_who_sees_it(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    // Recorded by the council for the police.
    let mut sent = body("x", &[], &[person("Rosalind Birtwhistle", "person_complained_about")]);
    sent["owning_agency"] = json!(world.police.id);
    let id = officer.log_id(&sent);
    let path = format!("/v1/incidents/{id}");
    let mut hidden = person("Cuthbert Dunnage", "witness");
    hidden["identity"] = json!("confidential");
    police.post(&format!("{path}/involvements"), &hidden).expect(201);
    officer.patch(&path, 2, &json!({ "summary": "y" })).expect(200);
    for change in [
        json!({ "owning_agency": world.council.id }),
        json!({ "sharing": { "level": "owner_only" } }),
        json!({ "sharing": { "grade": "summary" } }),
        json!({ "additional_qualifiers": [606] }),
        json!({ "markings": ["police_only"] }),
    ] {
        let refused = officer.patch(&path, 3, &change).expect(403);
        assert!(!refused.text.contains("Dunnage"), "{}", refused.text);
    }
    police.patch(&path, 3, &json!({ "sharing": { "grade": "summary" } })).expect(200);
}

fn the_history_tells_no_more_than_the_record(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    // Treated as an adult at first, known to be a child later.
    let mut child = person("Philippa Eccleshall", "person_complained_about");
    child["person"]["date_of_birth"] = json!("1990-01-02");
    let mut sent = body("x", &[], &[child]);
    sent["sharing"] = json!({ "level": "partnership", "grade": "summary" });
    let made = officer.log(&sent);
    let path = format!("/v1/incidents/{}", made["id"].as_str().unwrap());
    assert!(police.get(&path).expect(200).text.contains("Eccleshall"));
    let part = format!("{path}/involvements/{}", made["incident"]["involvements"][0]["id"].as_str().unwrap());
    officer.patch(&part, 1, &json!({ "person": { "date_of_birth": "2012-01-02" } })).expect(200);
    for way in [police.get(&path).expect(200).text, police.get(&format!("{path}/history")).expect(200).text] {
        assert!(!way.contains("Eccleshall") && !way.contains("\"1990") && !way.contains("1990-01") && !way.contains("2012-01-02"), "{way}");
    }
    assert!(officer.get(&format!("{path}/history")).expect(200).text.contains("2012-01-02"));
    // Published once it names nobody: who it named before is not published with it.
    officer.delete(&part, 2).expect(200);
    officer.patch(&path, 3, &json!({ "sharing": { "level": "open", "grade": "full", "partnership": null } })).expect(200);
    let history = police.get(&format!("{path}/history")).expect(200);
    assert!(!history.text.contains("Eccleshall"), "{}", history.text);
    assert_eq!(history.json()["versions"].as_array().unwrap().len(), 1);
    assert!(officer.get(&format!("{path}/history")).expect(200).text.contains("Eccleshall"));
}
