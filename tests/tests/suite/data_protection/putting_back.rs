//! A copy made before an erasure is erased again when it is put back, before anybody is answered.

use super::{Planted, dpo, erase, logged, redact_all};
use serde_json::json;
use testkit::{beacon::Deployment, postgres};
use tests::{Backend, Officer, World, body, on_both, person, place};

on_both!(a_copy_put_back_is_erased_again);

fn a_copy_put_back_is_erased_again(world: &mut World) {
    let (officer, dpo, planted) = (world.council_officer(), dpo(world), Planted::new());
    let mut sent = body("x", &[place("Mill Lane", "TS18 1QD")], &[planted.person("witness"), person("Ann Other", "witness")]);
    sent["narrative"] = json!(format!("{} ran.", planted.whole()));
    let first = logged(&officer, &sent);
    let id = first["id"].as_str().unwrap().to_owned();
    let whole = officer.log_id(&body("to be disposed of", &[], &[person("Kyle Brannigan", "witness")]));
    officer.search(&planted.whole());
    let inside = |name: &str| world.deployment.folder.path().join(name).to_str().unwrap().to_owned();
    let (copy, list) = (inside("copy"), inside("erasures.jsonl"));
    let second = logged(&officer, &sent);
    let second_path = format!("/v1/incidents/{}", second["id"].as_str().unwrap());
    let between = format!("First. {} ran. Then {} fell.", planted.whole(), planted.given);
    let erased = erase(&dpo, &[second["involvements"][0]["id"].as_str().unwrap()]);
    officer.patch(&second_path, 2, &json!({ "narrative": between })).expect(200);
    world.deployment.ok(&["backup", &copy]);
    // Decided after the copy, of a text in it and of a later one in it: two lines, each carried out once.
    redact_all(&dpo, &erased);
    let redacted = officer.get(&second_path).expect(200).json()["narrative"].clone();
    assert_eq!(redacted, "First. [erased] ran. Then [erased] fell.");

    // A version that the copy does not have, then the erasures.
    let version = officer.get(&format!("/v1/incidents/{id}")).expect(200).json()["version"].as_i64().unwrap();
    officer
        .patch(
            &format!("/v1/incidents/{id}"),
            version,
            &json!({ "narrative": format!("{} ran. {} fell.", planted.whole(), planted.given) }),
        )
        .expect(200);
    redact_all(&dpo, &erase(&dpo, &[first["involvements"][0]["id"].as_str().unwrap()]));
    dpo.post("/v1/erasures", &json!({ "incident": whole, "basis": "retention_schedule", "reason": "retention_period_over" })).expect(201);
    let printed = world.deployment.ok(&["erasure", "list"]);
    std::fs::write(&list, &printed).unwrap();
    assert!(printed.lines().count() >= 4, "{printed}");
    for word in planted.words().into_iter().chain(["Kyle"]) {
        assert!(!printed.contains(word), "{printed}");
    }

    let elsewhere = (world.backend == Backend::Postgres).then(|| postgres::private(false));
    let key_file = world.deployment.key_file.clone();
    let fresh = || {
        let deployment = elsewhere.as_ref().map_or_else(Deployment::sqlite, |server| Deployment::on(server.url.clone()));
        // The key is put back from a copy of its own.
        Deployment { key_file: key_file.clone(), ..deployment }
    };
    let restored = fresh();
    let told = restored.ok(&["restore", &copy]);
    assert!(told.contains("no list of erasures"), "{told}");
    // A deployment that knows of the erasures does not serve a database that has not seen them.
    let mut behind = restored.command(&["serve"]);
    let refused = behind.env("BEACON_ERASURE_LIST", &list).output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("beacon erasure replay"), "{said}");
    assert!(restored.ok(&["erasure", "replay", &list]).contains("erasures and redactions carried out"));
    assert!(restored.ok(&["erasure", "replay", &list]).starts_with("0 "), "twice is once");
    check(&restored, &officer, &planted, &id, &whole);
    let server = restored.serve();
    let again = officer.at(&server.url);
    assert_eq!(again.get(&second_path).expect(200).json()["narrative"], redacted);
    assert!(planted.words().iter().all(|word| !again.get(&format!("{second_path}/history")).expect(200).text.contains(word)));
    server.stop();

    if world.backend == Backend::Sqlite {
        // In one go; and nothing of it is in the files, though the copy held it.
        let restored = fresh();
        let told = restored.ok(&["restore", &copy, "--erasures", &list]);
        assert!(told.contains("carried out again"), "{told}");
        check(&restored, &officer, &planted, &id, &whole);
        let bytes = std::fs::read(restored.database_url.trim_start_matches("sqlite:")).unwrap().to_ascii_lowercase();
        let family = planted.family.to_lowercase();
        assert!(!bytes.windows(family.len()).any(|window| window == family.as_bytes()));
    }
}

fn check(restored: &Deployment, officer: &Officer, planted: &Planted, id: &str, whole: &str) {
    let server = restored.serve();
    let officer = officer.at(&server.url);
    let now = officer.get(&format!("/v1/incidents/{id}")).expect(200).json();
    assert_eq!((&now["narrative"], &now["involvements"][0]["unnamed"]["description"]), (&json!("[erased] ran."), &json!("[erased]")));
    let history = officer.get(&format!("/v1/incidents/{id}/history")).expect(200).text;
    assert!(planted.words().iter().all(|word| !history.contains(word) && !now.to_string().contains(word)));
    officer.get(&format!("/v1/incidents/{whole}")).expect(404);
    assert!(!officer.found("Kyle Brannigan").contains(&whole.to_owned()));
    assert!(officer.found("Ann Other").contains(&id.to_owned()), "the rest is as it was");
    server.stop();
}
