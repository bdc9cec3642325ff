//! Copies: a backup of a running service, put back elsewhere, answers as it did.

use serde_json::json;
use testkit::{beacon::Deployment, postgres};
use tests::{Backend, Officer, World, body, on_both, person, place};

on_both!(a_backup_put_back_gives_the_same_answers, what_is_there_is_never_overwritten);

fn answers(officer: &Officer, ids: &[String]) -> Vec<String> {
    let mut all = vec![
        officer.get("/v1/incidents?limit=200").expect(200).text,
        officer.get("/v1/hotspots?bbox=-1.40,54.50,-1.20,54.65").expect(200).text,
        officer.post("/v1/place-searches", &json!({ "street": "Mill Lane" })).expect(200).text,
    ];
    for name in ["Margret Ashwerth", "Peggy Ashworth", "Jinx"] {
        all.push(officer.post("/v1/name-searches", &json!({ "name": name })).expect(200).text);
    }
    for id in ids {
        all.push(officer.get(&format!("/v1/incidents/{id}/history")).expect(200).text);
        all.push(officer.get(&format!("/v1/incidents/{id}/duplicates")).expect(200).text);
    }
    all
}

fn a_backup_put_back_gives_the_same_answers(world: &mut World) {
    let (officer, police) = (world.council_officer(), world.police_officer());
    let mut ids = Vec::new();
    for number in 0..20 {
        let mut sent =
            body(&format!("number {number}"), &[place("Mill Lane", "TS18 1QD")], &[person("Margaret Ashworth", "person_affected")]);
        sent["involvements"][0]["person"]["aliases"] = json!([{ "name": "Jinx" }]);
        if number % 5 == 0 {
            sent["sharing"] = json!({ "level": "owner_only" });
        }
        ids.push(officer.log_id(&sent));
    }
    officer.patch(&format!("/v1/incidents/{}", ids[3]), 1, &json!({ "summary": "changed" })).expect(200);
    officer.post(&format!("/v1/incidents/{}/duplicates", ids[1]), &json!({ "incident": ids[2] })).expect(201);
    let seen_by_police: Vec<String> = ids.iter().enumerate().filter(|(at, _)| at % 5 != 0).map(|(_, id)| id.clone()).collect();
    let before = (answers(&officer, &ids), answers(&police, &seen_by_police));

    let copy = world.deployment.folder.path().join("copy");
    let copy = copy.to_str().unwrap();
    assert!(world.deployment.ok(&["backup", copy]).contains("backed up"), "while the service runs");
    let later = officer.log_id(&body("after the backup", &[], &[]));
    assert!(!world.deployment.run(&["backup", copy]).status.success(), "a backup is not overwritten");

    // Put back into an empty database; on PostgreSQL into another server, whose transactions count from elsewhere.
    let elsewhere = (world.backend == Backend::Postgres).then(|| postgres::private(false));
    let mut restored = elsewhere.as_ref().map_or_else(Deployment::sqlite, |server| Deployment::on(server.url.clone()));
    assert!(restored.ok(&["restore", copy]).contains("restored"));
    // A backup holds no signing key: it is put back from its own.
    restored.key_file = world.deployment.key_file.clone();
    let server = restored.serve();
    let (officer, police) = (officer.at(&server.url), police.at(&server.url));
    assert_eq!((answers(&officer, &ids), answers(&police, &seen_by_police)), before);
    officer.get(&format!("/v1/incidents/{later}")).expect(404);

    // And it goes on from there: what is logged now is found, and the index catches up.
    for number in 0..5 {
        let id = officer.log_id(&body(
            "since",
            &[place("High Street", "TS18 1AB")],
            &[person(&format!("Wilhelmina Fern{number}castle"), "witness")],
        ));
        assert!(officer.found(&format!("Wilhelmina Fern{number}castle")).contains(&id));
    }
    let caught_up = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        testkit::http::get(&server.url, "", "/readyz").json()["index_lag"] == 0
    });
    assert!(caught_up, "{}", testkit::http::get(&server.url, "", "/readyz").text);
    // The ledger is sealed on from where the copy was, whatever the numbers of the other server's transactions.
    let sealed = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        testkit::http::get(&server.url, "", "/readyz").json()["audit_sealing"]["unsealed_rows"] == 0
    });
    assert!(sealed, "{}", testkit::http::get(&server.url, "", "/readyz").text);
    let export = restored.folder.path().join("ledger.jsonl");
    restored.ok(&["audit", "export", export.to_str().unwrap()]);
    let told = restored.ok(&["audit", "verify", export.to_str().unwrap()]);
    assert!(told.starts_with("OK: ") && told.contains("1 keys"), "{told}");
    server.stop();
    let server = restored.serve();
    assert_eq!(officer.at(&server.url).found("Wilhelmina Fern4castle").len(), 5, "and those of a similar name");
}

fn what_is_there_is_never_overwritten(world: &mut World) {
    let officer = world.council_officer();
    let id = officer.log_id(&body("x", &[], &[]));
    let copy = world.deployment.folder.path().join("copy");
    let copy = copy.to_str().unwrap();
    world.deployment.ok(&["backup", copy]);
    let second = officer.log_id(&body("y", &[], &[]));
    world.stop();
    for from in [copy, "/nowhere/copy"] {
        let output = world.deployment.run(&["restore", from]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && told.contains("beacon: "), "{from}: {told}");
    }
    if world.backend == Backend::Sqlite {
        // The log of a database that is gone would be taken for that of the copy.
        let file = world.deployment.folder.path().join("elsewhere.db");
        std::fs::write(file.with_extension("db-wal"), "left behind").unwrap();
        let mut command = world.deployment.command(&["restore", copy]);
        let output = command.env("BEACON_DATABASE_URL", format!("sqlite:{}", file.display())).output().unwrap();
        assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("elsewhere.db-wal"));
        assert!(!file.exists());
    }
    world.start();
    let officer = officer.at(world.url());
    assert_eq!(officer.listed().len(), 2, "{id} and {second}");
}
