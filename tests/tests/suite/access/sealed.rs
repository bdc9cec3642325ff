//! The sealed ledger as data protection officers and operators meet it.

use model::Clock;
use serde_json::{Value, json};
use std::{os::unix::fs::PermissionsExt, path::PathBuf, time::Duration};
use testkit::beacon::Deployment;
use tests::{Agency, Officer, World, body, incident, on_both, person};

on_both!(
    everything_is_sealed_and_verified_offline,
    a_payload_is_erased_lawfully_and_the_proof_stays,
    questions_of_a_data_protection_officer,
    keys_are_handed_over_or_loudly_replaced,
);

fn dpo(world: &World, agency: &Agency, name: &str) -> Officer {
    world.officer(agency, name, "data_protection_officer")
}

fn file(deployment: &Deployment, name: &str) -> PathBuf {
    deployment.folder.path().join(name)
}

/// Waits until everything committed is sealed.
fn sealed(officer: &Officer) {
    for _ in 0..100 {
        std::thread::sleep(Duration::from_millis(50));
        let ready = testkit::http::get(&officer.url, "", "/readyz").expect(200).json();
        if ready["audit_sealing"]["unsealed_rows"] == 0 {
            return;
        }
    }
    panic!("rows stay unsealed");
}

/// Exports to a new file and verifies; gives whether it fits, and what was told.
fn verified(deployment: &Deployment, name: &str, more: &[&str]) -> (bool, String) {
    let export = file(deployment, name);
    let export = export.to_str().unwrap();
    let _ = std::fs::remove_file(export);
    deployment.ok(&["audit", "export", export]);
    // On a machine that has nothing of the deployment.
    let elsewhere = Deployment::sqlite();
    let output = elsewhere.run(&[&["audit", "verify", export], more].concat());
    assert!(!file(&elsewhere, "beacon.db").exists(), "no database is needed, or made");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn everything_is_sealed_and_verified_offline(world: &mut World) {
    let officer = world.council_officer();
    let dpo = dpo(world, &world.council, "Del Marsh");
    for number in 0..5 {
        let id = officer.log_id(&body("x", &[], &[person(&format!("Wilhelmina Fern{number}castle"), "witness")]));
        officer.get(&format!("/v1/incidents/{id}")).expect(200);
        officer.search("Wilhelmina");
    }
    sealed(&officer);
    let told = dpo.get("/v1/audit/checkpoint").expect(200).json();
    assert!(told["size"].as_i64().unwrap() >= 15 && told["note"].as_str().unwrap().starts_with("beacon-audit/"), "{told}");
    officer.get("/v1/audit/checkpoint").expect(403);
    let held = file(&world.deployment, "held.txt");
    std::fs::write(&held, told["note"].as_str().unwrap()).unwrap();
    std::fs::write(file(&world.deployment, "key.txt"), world.deployment.ok(&["audit", "key", "show"])).unwrap();
    officer.search("Wilhelmina");
    sealed(&officer);
    let more = ["--checkpoint", held.to_str().unwrap(), "--key", held.with_file_name("key.txt").to_str().unwrap()].map(str::to_owned);
    let more = more.each_ref().map(String::as_str);
    let (fits, text) = verified(&world.deployment, "export.jsonl", &more);
    assert!(fits && text.starts_with("OK: ") && text.contains("compared with 1 checkpoints held elsewhere"), "{text}");
    // What reads and denials left is under it, and what the export itself left is not yet.
    assert!(!text.contains(" 0 rows not sealed yet") && !text.contains("WARNING"), "{text}");

    // Somebody changes a row from outside.
    let run = |file: &str, sql: &str| rusqlite::Connection::open(file).unwrap().execute_batch(sql).unwrap();
    world.sql("UPDATE audit SET outcome = 'denied' WHERE seq = 3", run);
    let (fits, text) = verified(&world.deployment, "export.jsonl", &more);
    assert!(!fits && text.starts_with("NOT OK: first bad leaf: position ") && text.contains("row 3: mutated"), "{text}");
    world.sql("UPDATE audit SET outcome = 'granted' WHERE seq = 3", run);
    assert!(verified(&world.deployment, "export.jsonl", &more).0);

    // Started again it goes on from what is stored, and refuses to sign a tree that is not the one it signed.
    world.stop();
    world.start();
    let officer = officer.at(world.url());
    officer.search("Wilhelmina");
    sealed(&officer);
    assert!(verified(&world.deployment, "export.jsonl", &more).0);
    world.stop();
    world.sql(
        "UPDATE audit_checkpoint SET leaves = substr(leaves, 1, length(leaves) - 40) WHERE size = (SELECT max(size) FROM audit_checkpoint)",
        run,
    );
    world.start();
    let officer = officer.at(world.url());
    officer.search("Wilhelmina");
    let refuses = (0..400).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        world.server().log().contains("nothing more is sealed")
    });
    assert!(refuses, "{}", world.server().log());
    // And seals nothing afterwards either.
    std::thread::sleep(Duration::from_millis(1_500));
    let ready = testkit::http::get(world.url(), "", "/readyz").expect(200).json();
    assert!(ready["audit_sealing"]["unsealed_rows"].as_i64().unwrap() > 0, "{ready}");
    let (fits, text) = verified(&world.deployment, "export.jsonl", &more);
    assert!(!fits && text.contains("first bad leaf"), "{text}");
}

/// A row is sealed as the process wrote it, and not as it stands when the sealer comes.
#[test]
fn a_row_changed_before_it_is_sealed_is_found() {
    let world = World::with_agencies(tests::Backend::Sqlite);
    let officer = world.council_officer();
    let id = officer.log_id(&incident("x"));
    sealed(&officer);
    let file = world.deployment.database_url.trim_start_matches("sqlite:");
    let mut database = rusqlite::Connection::open(file).unwrap();
    database.busy_timeout(Duration::from_secs(10)).unwrap();
    // The sealer comes every so often: it is outrun at one attempt or another.
    let changed = (0..50).find_map(|_| {
        officer.get(&format!("/v1/incidents/{id}")).expect(200);
        let tx = database.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
        let last: i64 = tx.query_row("SELECT max(seq) FROM audit", [], |row| row.get(0)).unwrap();
        let sealed: i64 = tx.query_row("SELECT max(cursor_seq) FROM audit_checkpoint", [], |row| row.get(0)).unwrap();
        if last <= sealed {
            return None;
        }
        tx.execute("UPDATE audit SET outcome = 'denied' WHERE seq = ?1", [last]).unwrap();
        tx.commit().unwrap();
        Some(last)
    });
    let changed = changed.expect("the sealer is outrun");
    sealed(&officer);
    let (fits, text) = verified(&world.deployment, "export.jsonl", &[]);
    assert!(!fits && text.contains(&format!("row {changed}: mutated")), "{text}");
}

fn a_payload_is_erased_lawfully_and_the_proof_stays(world: &mut World) {
    let officer = world.council_officer();
    let (own, other) = (dpo(world, &world.council, "Del Marsh"), dpo(world, &world.police, "Dee Cole"));
    let headers = [("beacon-purpose", "investigation"), ("beacon-purpose-reference", "about Quixotte"), ("x-request-id", "Quixotte-1")];
    officer.send("POST", "/v1/name-searches", &headers, Some(&json!({ "name": "Peggy Quixotte" }))).expect(200);
    sealed(&officer);
    let find = |query: &str| own.get(&format!("/v1/audit?{query}")).expect(200).json()["entries"][0].clone();
    let entry = find("action=name.search");
    assert_eq!(entry["detail"]["name"], "Peggy Quixotte");
    let path = format!("/v1/audit/{}/payload", entry["seq"]);
    let erase = |who: &Officer, query: &str| who.send("DELETE", &format!("{path}{query}"), &[], None);
    erase(&officer, "?reason=recorded_in_error").expect(403);
    erase(&other, "?reason=recorded_in_error").expect(404);
    erase(&own, "").expect(400);
    erase(&own, "?reason=because").expect(422);
    own.send("DELETE", "/v1/audit/Quixotte/payload?reason=recorded_in_error", &[], None).expect(404);
    erase(&own, "?reason=recorded_in_error").expect(204);
    erase(&own, "?reason=recorded_in_error").expect(409);

    let bare = find("action=name.search");
    for field in ["seq", "at", "officer", "agency", "operation", "action", "records", "purpose", "outcome"] {
        assert_eq!(bare[field], entry[field], "{field} is never erased");
    }
    assert_eq!((&bare["detail"], &bare["purpose_reference"], &bare["request_id"]), (&Value::Null, &Value::Null, &json!("")));
    // The erasure has an entry of its own, by which the row is named, and which is not erased.
    let said = find("action=audit.erase_payload");
    let denied = own.get("/v1/audit?action=audit.erase_payload").expect(200).json()["entries"].clone();
    let granted = denied.as_array().unwrap().iter().find(|entry| entry["outcome"] == "granted").unwrap_or(&said);
    let named = format!("61756469-7400-8000-8000-{:012x}", entry["seq"].as_i64().unwrap());
    assert_eq!(
        (&granted["records"], &granted["purpose"], &granted["operation"]),
        (&json!([named]), &json!("recorded_in_error"), &json!("erasure"))
    );
    own.send("DELETE", &format!("/v1/audit/{}/payload?reason=recorded_in_error", granted["seq"]), &[], None).expect(409);
    sealed(&officer);
    let (fits, text) = verified(&world.deployment, "export.jsonl", &[]);
    assert!(fits && text.contains("1 payloads erased lawfully") && !text.contains("WARNING"), "{text}");
    assert!(!std::fs::read_to_string(file(&world.deployment, "export.jsonl")).unwrap().contains("Quixotte"));

    // At the console, in the name of an officer or not.
    let again = officer.search("Peggy Quixotte");
    assert!(again["people"].is_array());
    let seq = find("action=name.search")["seq"].to_string();
    assert!(
        !world
            .deployment
            .run(&["audit", "erase-payload", &seq, "--reason", "court_or_regulator", "--officer", "Pat Reed"])
            .status
            .success()
    );
    assert_eq!(
        world.deployment.ok(&["audit", "erase-payload", &seq, "--reason", "court_or_regulator", "--officer", "Del Marsh"]),
        "erased"
    );
    sealed(&officer);
    let (fits, text) = verified(&world.deployment, "export.jsonl", &[]);
    assert!(fits && text.contains("2 payloads erased lawfully"), "{text}");
}

fn questions_of_a_data_protection_officer(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let (own, other) = (dpo(world, &world.council, "Del Marsh"), dpo(world, &world.police, "Dee Cole"));
    let made = officer.log(&body("x", &[], &[person("Margaret Ashworth", "person_affected")]));
    let (id, who) = (made["id"].as_str().unwrap(), made["incident"]["involvements"][0]["id"].as_str().unwrap());
    police.get(&format!("/v1/incidents/{id}")).expect(200);
    sealed(&officer);
    // Sealed rows and those that are not are told alike.
    officer.get(&format!("/v1/people/{who}")).expect(200);
    for record in [id, who] {
        let told = own.get(&format!("/v1/audit/viewers?record={record}")).expect(200).json();
        let viewers = told["viewers"].as_array().unwrap();
        let did = |action: &str, agency: &Agency, officer: Value| {
            viewers.iter().any(|one| one["action"] == action && one["agency"] == json!(agency.id) && one["officer"] == officer)
        };
        assert!(
            did("incident.create", &world.council, json!(officer.id)) && did("person.read", &world.council, json!(officer.id)),
            "{told}"
        );
        assert!(did("incident.read", &world.police, Value::Null), "partners' officers are the partner's to name: {told}");
    }
    // Of another agency's record only the own officers are told.
    let told = other.get(&format!("/v1/audit/viewers?record={id}")).expect(200).json();
    let viewers = told["viewers"].as_array().unwrap();
    assert!(!viewers.is_empty() && viewers.iter().all(|one| one["officer"] == json!(police.id)), "{told}");
    let first = own.get(&format!("/v1/audit/viewers?record={id}&limit=1")).expect(200).json();
    let next = first["next_cursor"].as_str().unwrap();
    let second = own.get(&format!("/v1/audit/viewers?record={id}&limit=1&cursor={next}")).expect(200).json();
    assert!(second["viewers"][0]["seq"].as_i64() < first["viewers"][0]["seq"].as_i64());

    let hour = |hours: i64| Clock::system().now().plus_seconds(3_600 * hours);
    let seen = own.get(&format!("/v1/audit/seen?officer={}&from={}&to={}", officer.id, hour(-1), hour(1))).expect(200).json();
    assert!(
        seen["seen"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["action"] == "person.read" && one["records"].as_array().unwrap().contains(&json!(id)))
    );
    let seen = own.get(&format!("/v1/audit/seen?officer={}&from={}", officer.id, hour(1))).expect(200).json();
    assert_eq!(seen["seen"], json!([]));
    let seen = own.get(&format!("/v1/audit/seen?officer={}", police.id)).expect(200).json();
    assert_eq!(seen["seen"], json!([]), "another agency's officer");

    // What left.
    assert_eq!(own.get("/v1/audit/disclosures").expect(200).json()["disclosures"], json!([]));
    let target = file(&world.deployment, "out.jsonl");
    world.deployment.ok(&["export", target.to_str().unwrap(), "--officer", "Pat Reed"]);
    let left = own.get("/v1/audit/disclosures").expect(200).json();
    assert_eq!((&left["disclosures"][0]["action"], &left["disclosures"][0]["records"]), (&json!("export.batch"), &json!([id])), "{left}");
    assert_eq!(other.get("/v1/audit/disclosures").expect(200).json()["disclosures"], json!([]));
    let target = file(&world.deployment, "all.jsonl");
    world.deployment.ok(&["export", target.to_str().unwrap()]);
    let left = other.get("/v1/audit/disclosures").expect(200).json();
    assert_eq!((&left["disclosures"][0]["count"], &left["disclosures"][0]["records"]), (&json!(1), &json!([])), "{left}");

    // Searches that led to nothing.
    officer.search("Nobody Atall");
    officer.search("Margaret Ashworth");
    officer.get(&format!("/v1/incidents/{id}")).expect(200);
    let colleague = world.officer(&world.council, "Kim Vale", "officer");
    colleague.search("Nobody Atall");
    let told = own.get(&format!("/v1/audit/look-ups?from={}&to={}", hour(-1), hour(1))).expect(200).json();
    let of = |who: &Officer| told["officers"].as_array().unwrap().iter().find(|one| one["officer"] == json!(who.id)).unwrap().clone();
    assert_eq!((&of(&officer)["searches"], &of(&officer)["opened_nothing"], &of(&officer)["rate"]), (&json!(2), &json!(1), &json!(0.5)));
    assert_eq!((&of(&colleague)["rate"], &told["team"]["searches"], &told["team"]["opened_nothing"]), (&json!(1.0), &json!(3), &json!(2)));
    own.get(&format!("/v1/audit/look-ups?from={}&to={}", hour(-24 * 94), hour(0))).expect(422);

    // Each question is for data protection officers, and is itself in the ledger.
    let questions = [
        ("audit.checkpoint", "checkpoint".to_owned()),
        ("audit.viewers", format!("viewers?record={id}")),
        ("audit.seen", format!("seen?officer={}", officer.id)),
        ("audit.disclosures", "disclosures".to_owned()),
        ("audit.look_ups", format!("look-ups?from={}&to={}", hour(-1), hour(1))),
    ];
    for (action, question) in &questions {
        for who in [&officer, &world.council.admin] {
            who.get(&format!("/v1/audit/{question}")).expect(403);
        }
        own.get(&format!("/v1/audit/{question}")).expect(200);
        let entries = own.get(&format!("/v1/audit?action={action}")).expect(200).json();
        let outcomes: Vec<&Value> = entries["entries"].as_array().unwrap().iter().map(|entry| &entry["outcome"]).collect();
        assert!(outcomes.contains(&&json!("granted")) && outcomes.contains(&&json!("denied")), "{action}: {outcomes:?}");
    }
    let run = |file: &str, sql: &str| rusqlite::Connection::open(file).unwrap().execute_batch(sql).unwrap();
    world.sql("ALTER TABLE audit RENAME TO audit_away", run);
    for (action, question) in &questions {
        let answer = own.get(&format!("/v1/audit/{question}"));
        assert_eq!(answer.status, 503, "{action}: {}", answer.text);
    }
    world.sql("ALTER TABLE audit_away RENAME TO audit", run);
}

fn keys_are_handed_over_or_loudly_replaced(world: &mut World) {
    let officer = world.council_officer();
    sealed(&officer);
    let key = world.deployment.key_file.clone();
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let first = file(&world.deployment, "first.txt");
    std::fs::write(&first, world.deployment.ok(&["audit", "key", "show"])).unwrap();
    let trusting = ["--key", first.to_str().unwrap()];

    // Handed over: the server goes on once it has the new key.
    let new = file(&world.deployment, "new.key");
    world.deployment.ok(&["audit", "key", "rotate", new.to_str().unwrap()]);
    assert!(!world.deployment.run(&["audit", "key", "rotate", new.to_str().unwrap()]).status.success(), "it signs already");
    world.stop();
    let refused = world.deployment.run(&["serve"]);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && told.contains("BEACON_KEY_FILE") && told.contains("key rotate"), "{told}");
    world.deployment.key_file = new.clone();
    world.start();
    let officer = officer.at(world.url());
    officer.search("Wilhelmina");
    sealed(&officer);
    let (fits, text) = verified(&world.deployment, "export.jsonl", &trusting);
    assert!(fits && text.contains("2 keys") && !text.contains("WARNING"), "{text}");
    world.stop();

    // Others may read it: no start, and the remedy.
    std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o640)).unwrap();
    let told = String::from_utf8_lossy(&world.deployment.run(&["serve"]).stderr).into_owned();
    assert!(told.contains("0640") && told.contains("chmod 600"), "{told}");
    std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o600)).unwrap();
    // Something else in its place.
    std::fs::write(&new, "not a key").unwrap();
    let told = String::from_utf8_lossy(&world.deployment.run(&["serve"]).stderr).into_owned();
    assert!(told.contains("no signing key"), "{told}");
    // Lost: no start, and the remedy; a new one begins, and is told of for ever.
    std::fs::remove_file(&new).unwrap();
    let told = String::from_utf8_lossy(&world.deployment.run(&["serve"]).stderr).into_owned();
    assert!(told.contains("is not there") && told.contains("backup") && told.contains("key replace"), "{told}");
    assert!(!new.exists(), "none is made in its place");
    world.deployment.ok(&["audit", "key", "replace"]);
    world.start();
    let officer = officer.at(world.url());
    officer.search("Wilhelmina");
    sealed(&officer);
    let (fits, text) = verified(&world.deployment, "export.jsonl", &[]);
    assert!(fits && text.contains("WARNING: key 3 was NOT handed over"), "{text}");
    let (fits, text) = verified(&world.deployment, "export.jsonl", &trusting);
    assert!(!fits && text.contains("key wrong"), "{text}");
}

#[test]
fn every_checkpoint_is_kept_elsewhere_and_the_key_stays_out_of_backups() {
    let deployment = Deployment::sqlite();
    let agency = deployment.agency("Stockton Council", "council");
    let token = deployment.officer("Pat Reed", &agency, "officer");
    let elsewhere = tempfile::tempdir().unwrap();
    let kept = elsewhere.path().join("checkpoints.txt");
    let serve = || tests::Running::start(deployment.command(&["serve"]).env("BEACON_AUDIT_CHECKPOINTS", &kept));
    for _ in 0..2 {
        let mut running = serve();
        let officer = Officer { id: String::new(), token: token.clone(), url: running.url.clone() };
        officer.log_id(&incident("x"));
        sealed(&officer);
        running.terminate();
        assert!(running.child.wait().unwrap().success());
    }
    let text = std::fs::read_to_string(&kept).unwrap();
    let count = text.matches('\u{2014}').count();
    assert!(count >= 2, "{text}");
    let (fits, told) = verified(&deployment, "export.jsonl", &["--checkpoint", kept.to_str().unwrap()]);
    assert!(fits && told.contains(&format!("compared with {count} checkpoints held elsewhere")), "{told}");
    let copy = file(&deployment, "copy");
    deployment.ok(&["backup", copy.to_str().unwrap()]);
    let pem = std::fs::read_to_string(&deployment.key_file).unwrap();
    let seed = pem.lines().nth(1).unwrap();
    let bytes = std::fs::read(&copy).unwrap();
    assert!(!bytes.windows(seed.len()).any(|window| window == seed.as_bytes()));
    // A torn file of checkpoints is told, not passed over.
    std::fs::write(&kept, &text[..text.len() - 20]).unwrap();
    let output =
        deployment.run(&["audit", "verify", file(&deployment, "export.jsonl").to_str().unwrap(), "--checkpoint", kept.to_str().unwrap()]);
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("holds no checkpoints"));
}
