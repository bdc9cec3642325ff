//! An erased name leaves every byte of every file: database, logs, index, what the service keeps.

use super::{Planted, dpo, erase, logged, redact_all};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use testkit::{beacon::Deployment, postgres};
use tests::{Backend, Officer, World, body, place};

/// Every file below a folder in which any of the words stands, in any case.
fn naming(folder: &Path, words: &[&str], found: &mut Vec<PathBuf>) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += naming(&path, words, found);
        } else if let Ok(bytes) = std::fs::read(&path) {
            files += 1;
            let lower = bytes.to_ascii_lowercase();
            let stands = |word: &&str| {
                let word = word.to_ascii_lowercase().into_bytes();
                // A term dictionary shares beginnings between words: the tail of a word says it as well.
                let tail = &word[word.len() - 8..];
                lower.windows(tail.len()).any(|window| window == tail)
            };
            if words.iter().any(stands) {
                found.push(path);
            }
        }
    }
    files
}

/// Plants the name in every way a record can come to hold it; gives the mentions and the incidents.
fn plant(world: &World, officer: &Officer, planted: &Planted) -> (Vec<String>, Vec<String>) {
    let whole = planted.whole();
    let mut mentions = Vec::new();
    let mut incidents = Vec::new();
    for number in 0..12 {
        let mut sent = body(
            &format!("{number}: shouting by {whole}"),
            &[place("Mill Lane", "TS18 1QD")],
            &[planted.person("person_complained_about"), tests::person("Margaret Ashworth", "person_affected")],
        );
        sent["narrative"] = json!(format!("{} shouted; {}'s friends, among them {}, laughed.", whole, planted.given, planted.alias));
        sent["immediate_action"] = json!("spoken to");
        let logged =
            officer.send("POST", "/v1/incidents", &[("idempotency-key", &format!("plant-{number}"))], Some(&sent)).expect(201).json();
        let id = logged["id"].as_str().unwrap().to_owned();
        let read = officer.get(&format!("/v1/incidents/{id}")).expect(200).json();
        let mention = read["involvements"][0]["id"].as_str().unwrap().to_owned();
        officer
            .patch(&format!("/v1/incidents/{id}"), 1, &json!({ "narrative": format!("Later {whole} said sorry."), "summary": "shouting" }))
            .expect(200);
        let changed = json!({ "person": { "aliases": [{ "name": format!("{} the younger", planted.alias) }] } });
        officer.patch(&format!("/v1/incidents/{id}/involvements/{mention}"), 2, &changed).expect(200);
        officer
            .post(
                &format!("/v1/incidents/{id}/allegations"),
                &json!({ "about": mention, "what": format!("that {whole} threw a stone"), "basis": "saw" }),
            )
            .expect(201);
        mentions.push(mention);
        incidents.push(id);
    }
    // Another record of the agency, in which nobody of that name is involved.
    let mut other = body("a talk", &[place("High Street", "TS18 1AB")], &[tests::person("Peter Brown", "witness")]);
    other["narrative"] = json!(format!("Mr Brown mentioned {whole} in passing."));
    incidents.push(officer.log_id(&other));
    officer.post("/v1/markers", &json!({ "kind": "safety", "person": mentions[0], "facts": format!("{whole} keeps a dog"), "source": "visit", "review_at": "2027-03-01T00:00:00Z" })).expect(201);
    officer.post("/v1/markers", &json!({ "kind": "safety", "uprn": "100110", "facts": format!("{whole} visits"), "source": "visit", "review_at": "2027-03-01T00:00:00Z" })).expect(201);
    officer.post("/v1/intakes", &json!({ "note": format!("about {whole}") })).expect(201);
    for asked in [whole.as_str(), &planted.family, &planted.alias] {
        assert!(!officer.found(asked).is_empty());
    }
    world.police_officer().search(&whole);
    (mentions, incidents)
}

fn ready_again(world: &World) {
    world.server().wait_ready();
}

fn assert_gone_from_answers(world: &World, officer: &Officer, planted: &Planted, incidents: &[String]) {
    let mut answers: Vec<String> = Vec::new();
    for id in incidents {
        answers.push(officer.get(&format!("/v1/incidents/{id}")).expect(200).text);
        answers.push(officer.get(&format!("/v1/incidents/{id}/history")).expect(200).text);
    }
    let file = world.deployment.folder.path().join("after.jsonl");
    world.deployment.ok(&["export", file.to_str().unwrap()]);
    answers.push(std::fs::read_to_string(&file).unwrap());
    std::fs::remove_file(&file).unwrap();
    for word in planted.words() {
        for answer in &answers {
            assert!(!answer.to_lowercase().contains(&word.to_lowercase()), "{word} in {answer}");
        }
    }
    for id in incidents {
        assert!(!officer.found(&planted.family).contains(id));
    }
}

fn erase_everything(dpo: &Officer, mentions: &[String]) -> Value {
    let people: Vec<&str> = mentions.iter().map(String::as_str).collect();
    let erasure = erase(dpo, &people);
    let proposals = redact_all(dpo, &erasure);
    assert!(proposals.len() >= 12 * 4, "{}", proposals.len());
    let kinds: Vec<&str> = proposals.iter().filter_map(|one| one["kind"].as_str()).collect();
    assert!(["incident", "marker", "intake"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    erasure
}

#[test]
fn nothing_of_it_is_in_any_file_on_sqlite() {
    let world = World::with_agencies(Backend::Sqlite);
    let (officer, dpo, planted) = (world.council_officer(), dpo(&world), Planted::new());
    // Rows around, so that pages split and cells move.
    for number in 0..200 {
        officer.log_id(&body(
            &format!("around {number}"),
            &[place("Mill Lane", "TS18 1QD")],
            &[tests::person(&format!("Ann Other{number}"), "witness")],
        ));
    }
    let (mentions, incidents) = plant(&world, &officer, &planted);
    let folder = world.deployment.folder.path();
    let index_holds = |words: &[&str]| {
        let mut found = Vec::new();
        naming(&world.deployment.data_dir, words, &mut found);
        !found.is_empty()
    };
    // The index takes changes up by and by: it must hold the name before it is worth anything that it does not.
    assert!((0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        index_holds(&planted.words())
    }));

    let mut before = Vec::new();
    naming(folder, &planted.words(), &mut before);
    assert!(before.iter().any(|path| path.extension().is_some_and(|end| end == "db-wal" || end == "db")), "{before:?}");
    erase_everything(&dpo, &mentions);
    ready_again(&world);
    let names = planted.words();
    let mut found = Vec::new();
    assert!(naming(folder, &names, &mut found) > 5);
    let searched: Vec<&PathBuf> = found.iter().collect();
    assert!(searched.is_empty(), "{searched:?}");
    // Last, since looking for it is in the ledger anew.
    assert_gone_from_answers(&world, &officer, &planted, &incidents);
    let again = json!({ "people": [mentions[0]], "basis": "retention_schedule", "reason": "excessive" });
    dpo.post("/v1/erasures", &again).expect(422);
}

#[test]
fn nothing_of_it_is_in_any_file_of_the_postgres_server_after_a_scrub() {
    let server = postgres::private(false);
    server.psql("alter system set wal_recycle = off");
    server.psql("select pg_reload_conf()");
    let deployment = Deployment::on(server.url.clone());
    let council = deployment.agency("Stockton Council", "council");
    let (officer, dpo) =
        (deployment.officer("Pat Reed", &council, "officer"), deployment.officer("Dara", &council, "data_protection_officer"));
    let serving = deployment.serve();
    let as_officer = |token: &str| Officer { id: String::new(), token: token.to_owned(), url: serving.url.clone() };
    let (officer, dpo, planted) = (as_officer(&officer), as_officer(&dpo), Planted::new());
    let sent = |number: usize| {
        let mut sent =
            body(&format!("{number}: {} again", planted.whole()), &[place(&planted.family, "TS18 1QD")], &[planted.person("witness")]);
        sent["narrative"] = json!(format!("Said by {}.", planted.whole()));
        sent
    };
    let mut mentions = Vec::new();
    for number in 0..30 {
        let logged = logged(&officer, &sent(number));
        mentions.push(logged["involvements"][0]["id"].as_str().unwrap().to_owned());
    }
    officer.search(&planted.whole());
    // The planner's statistics quote what tables hold.
    server.psql("analyze");
    server.psql("checkpoint");
    let mut before = Vec::new();
    naming(server.folder(), &planted.words(), &mut before);
    assert!(!before.is_empty());

    let people: Vec<&str> = mentions.iter().map(String::as_str).collect();
    redact_all(&dpo, &erase(&dpo, &people));
    serving.wait_ready();
    assert!(deployment.ok(&["erasure", "scrub"]).contains("written anew"));
    for folder in [server.folder(), deployment.folder.path()] {
        let mut found = Vec::new();
        assert!(naming(folder, &planted.words(), &mut found) > 2);
        assert_eq!(found, [] as [PathBuf; 0]);
    }
}
