//! A role is given by an administrator, to somebody else, and holds from the next request.

use serde_json::json;
use testkit::beacon::Server;
use tests::{Officer, World, body, on_both, person};

on_both!(a_role_changes_at_once_everywhere, nobody_changes_the_own_role);

fn a_role_changes_at_once_everywhere(world: &mut World) {
    let officer = world.council_officer();
    let admin = world.council.admin.clone();
    let id = officer.log_id(&body("x", &[], &[person("Margaret Ashworth", "person_affected")]));
    let data_dir = world.deployment.folder.path().join("second-data").display().to_string();
    world.deployment.settings.push(("BEACON_DATA_DIR".to_owned(), data_dir));
    let second: Server = world.deployment.serve();
    world.deployment.settings.clear();
    let there = officer.at(&second.url);
    let path = format!("/v1/incidents/{id}");
    let sees_people = |who: &Officer| who.get(&path).expect(200).text.contains("Ashworth");
    let role = |role: &str| {
        let changed = admin.send("PATCH", &format!("/v1/officers/{}", officer.id), &[], Some(&json!({ "role": role }))).expect(200);
        assert_eq!(changed.json()["role"], json!(role));
    };
    for _ in 0..4 {
        // Asked of both processes, so that both remember the role.
        assert!(sees_people(&officer) && sees_people(&there));
        role("analyst");
        assert!(!sees_people(&there) && !sees_people(&officer));
        there.post("/v1/incidents", &tests::incident("too late")).expect(403);
        there.get("/v1/audit").expect(403);
        role("data_protection_officer");
        there.get("/v1/audit").expect(200);
        role("officer");
        there.post("/v1/incidents", &tests::incident("in time")).expect(201);
        there.get("/v1/audit").expect(403);
    }
    second.stop();
}

fn nobody_changes_the_own_role(world: &mut World) {
    let officer = world.council_officer();
    let admin = &world.council.admin;
    let change =
        |by: &Officer, whose: &str| by.send("PATCH", &format!("/v1/officers/{whose}"), &[], Some(&json!({ "role": "supervisor" })));
    change(admin, &admin.id).expect(403);
    change(&officer, &officer.id).expect(403);
    change(&world.police.admin, &officer.id).expect(403);
    change(admin, "018f0000-0000-7000-8000-000000000009").expect(404);
    let path = format!("/v1/officers/{}", officer.id);
    admin.send("PATCH", &path, &[], Some(&json!({ "role": "emperor" }))).expect(422);
    admin.send("PATCH", &path, &[], Some(&json!({ "role": "officer", "name": "x" }))).expect(422);
    // Nor links an identity to themselves.
    let link = |by: &Officer, whose: &str| {
        let body = json!({ "issuer": "https://id.example", "subject": "s" });
        by.send("PUT", &format!("/v1/officers/{whose}/identity"), &[], Some(&body))
    };
    link(admin, &admin.id).expect(403);
    link(&officer, &officer.id).expect(403);
    link(&world.police.admin, &officer.id).expect(403);
    link(admin, &officer.id).expect(204);
    let second = world.officer(&world.council, "Sal Moor", "officer");
    link(admin, &second.id).expect(409);
}
