//! Re-indexing an export of FLARE to names: nothing lost, nothing doubled, nobody linked, nothing told to other agencies.

use serde_json::{Value, json};
use std::path::PathBuf;
use tests::{World, on_both};

on_both!(
    an_export_is_reindexed_to_names,
    what_an_import_that_was_killed_left_is_deleted,
    what_was_found_in_a_text_is_confirmed_by_an_officer,
    other_columns_and_words_are_mapped
);

fn import(world: &World, officer: &str, file: &str, text: &str, more: &[&str]) -> (i32, String, Value) {
    let path: PathBuf = world.deployment.folder.path().join(file);
    std::fs::write(&path, text).unwrap();
    let (report, rejects) = (world.deployment.folder.path().join("report.json"), world.deployment.folder.path().join("rejects.csv"));
    let (path, report, rejects) = (path.display().to_string(), report.display().to_string(), rejects.display().to_string());
    let mut arguments = vec!["import", "flare", &path, "--officer", officer, "--report", &report, "--rejects", &rejects];
    arguments.extend(more);
    let done = world.deployment.run(&arguments);
    let report = std::fs::read_to_string(&report).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    (done.status.code().unwrap(), String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr), report)
}

fn an_export_is_reindexed_to_names(world: &mut World) {
    let officer = world.council_officer();
    let export = demo::flare_export(3, 600);
    let (code, told, first) = import(world, &officer.id, "flare.csv", &export.csv, &[]);
    assert!(code == 2 && told.contains("totals are equal"), "{told}");
    assert_eq!((first["rows"].as_u64().unwrap(), &first["rows"]), (600 - export.bad - export.repeated, &first["incidents"]));
    let reasons = first["rejected_by_reason"].as_object().unwrap();
    assert_eq!(reasons.values().map(|count| count.as_u64().unwrap()).sum::<u64>(), export.bad);
    assert!(reasons.keys().all(|reason| reason == "not_a_day" || reason == "unknown_category"), "{reasons:?}");
    let found = first["names_found"].as_object().unwrap();
    assert!(["titled_name", "relative", "nickname", "whole_name"].iter().all(|rule| found[*rule].as_u64() > Some(10)), "{found:?}");
    assert_eq!(found.values().map(|count| count.as_u64().unwrap()).sum::<u64>(), first["mentions"].as_u64().unwrap());
    assert!(first["people_proposed"].as_u64() > Some(0), "{first}");
    // Again: the same account, and nothing added.
    let (_, told, again) = import(world, &officer.id, "flare.csv", &export.csv, &[]);
    assert_eq!(again, first);
    assert!(told.contains(&format!("0 added, {} there already", first["rows"])), "{told}");
    // Cut off in the middle and run whole: nothing twice.
    let police = world.police_officer();
    let half: String = export.csv.lines().take(300).map(|line| format!("{line}\r\n")).collect();
    import(world, &police.id, "flare.csv", &half, &[]);
    let (_, _, whole) = import(world, &police.id, "flare.csv", &export.csv, &[]);
    assert_eq!((&whole["totals"], &whole["names_found"]), (&first["totals"], &first["names_found"]), "another agency's own export");
}

fn what_an_import_that_was_killed_left_is_deleted(world: &mut World) {
    let left = world.deployment.data_dir.join("reconciling-018f0000-0000-7000-8000-000000000009");
    std::fs::create_dir_all(&left).unwrap();
    std::fs::write(left.join("00000001.segment"), "Zephyrton").unwrap();
    world.stop();
    world.start();
    assert!(!left.exists(), "names are in it");
}

fn what_was_found_in_a_text_is_confirmed_by_an_officer(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let text = "reference,date,category,street,details\r\nFL1,30/06/2004,noise,Mill Lane,\"Mr Q Zephyrton plays music, his son Kyle shouts\"\r\nFL2,1/7/2004,noise,Mill Lane,Mr Q Zephyrton again\r\n";
    let mapping = world.deployment.folder.path().join("mapping.toml");
    std::fs::write(&mapping, "sharing = \"partnership\"\n").unwrap();
    let (code, told, _) = import(world, &officer.id, "flare.csv", text, &["--mapping", &mapping.display().to_string()]);
    assert_eq!(code, 0, "{told}");
    // The migrating agency finds them by name; the police see the record, and that nobody is in it.
    let hits = officer.search("Zephyrton")["people"].as_array().unwrap().clone();
    assert_eq!(hits.len(), 2, "linked with nobody, though they are alike");
    assert_eq!((&hits[0]["hits"][0]["extracted"], &hits[0]["hits"][0]["roles"]), (&json!("titled_name"), &json!([])));
    assert!(police.found("Zephyrton").is_empty());
    let incident = police.listed().into_iter().map(|id| police.get(&format!("/v1/incidents/{id}")).expect(200).json());
    let incident: Vec<Value> = incident.filter(|incident| incident["involvements"].as_array().unwrap().is_empty()).collect();
    assert_eq!(incident.len(), 2, "nobody in either of them");
    assert_eq!((&incident[0]["types"], &incident[0]["qualifier"]), (&json!([211]), &json!("nuisance")));
    // Linked with nobody until it is confirmed: not even by an officer, nor by a new record.
    let of = |at: usize, field: &str| hits[at]["hits"][0][field].as_str().unwrap().to_owned();
    let (first, second) = (of(0, "involvement"), of(1, "involvement"));
    let link = json!({ "first": first, "second": second, "decision": "same", "grounds": "name_and_address" });
    let refused = officer.post("/v1/person-links", &link).expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "not_confirmed");
    let mut sent = tests::body("x", &[], &[tests::person("Q Zephyrton", "witness")]);
    sent["involvements"][0]["same_person_as"] = json!(first);
    assert_eq!(officer.post("/v1/incidents", &sent).expect(422).json()["errors"][0]["code"], "not_confirmed");
    // A role without a word on the extraction is none.
    let path = |at: usize, id: &str| format!("/v1/incidents/{}/involvements/{id}", hits[at]["hits"][0]["incident"]["id"].as_str().unwrap());
    officer.patch(&path(0, &first), 1, &json!({ "roles": ["person_complained_about"] })).expect(422);
    for (at, id) in [(0, &first), (1, &second)] {
        officer.patch(&path(at, id), 1, &json!({ "roles": ["person_complained_about"], "extracted": null })).expect(200);
    }
    officer.post("/v1/person-links", &link).expect(201);
    assert_eq!(police.found("Zephyrton").len(), 2, "confirmed, it is a mention like any other");
}

fn other_columns_and_words_are_mapped(world: &mut World) {
    let officer = world.council_officer();
    let text = "Ref No;Incident Date".replace(';', ",") + ",Type,Where\nA1,2004-06-30,Yobs,High Street\n";
    let (code, told, _) = import(world, &officer.id, "other.csv", &text, &[]);
    assert!(code != 0 && told.contains("lacks the column reference"), "{told}");
    let mapping = world.deployment.folder.path().join("mapping.toml");
    let write = |text: &str| std::fs::write(&mapping, text).unwrap();
    let mapped = ["--mapping", &mapping.display().to_string()];
    write("[columns]\nrefrence = \"Ref No\"\n");
    let (code, told, _) = import(world, &officer.id, "other.csv", &text, &mapped);
    assert!(code != 0 && told.contains("columns.refrence is no field of the profile"), "{told}");
    write(
        "[columns]\nreference = \"Ref No\"\ndate = \"Incident Date\"\ncategory = \"Type\"\nstreet = \"Where\"\n[categories]\n\"Yobs\" = \"rowdy_behaviour\"\n",
    );
    let (code, told, report) = import(world, &officer.id, "other.csv", &text, &mapped);
    assert_eq!(code, 0, "{told}");
    assert_eq!(report["totals"], json!([{ "category": "rowdy_behaviour", "year": 2004, "in_file": 1, "in_beacon": 1 }]));
}
