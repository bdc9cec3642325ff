//! Local accounts and sessions.

use super::{SESSION, actions, cookie, fill_in, raw, sign_in, with};
use serde_json::json;
use testkit::http;
use tests::{World, body, on_both, person};

on_both!(
    somebody_signs_in_and_out_with_a_password,
    a_session_is_new_at_each_sign_in_and_ends_at_once,
    a_session_is_used_from_our_own_pages_alone,
    too_many_attempts_must_wait_whoever_they_name,
    a_password_is_changed_with_the_old_one,
    who_gets_a_password_and_from_whom,
    a_token_says_when_it_was_last_used,
);

fn somebody_signs_in_and_out_with_a_password(world: &mut World) {
    let officer = world.council_officer();
    let password = world.password(&officer, "pat.reed");
    let url = world.url();
    let session = sign_in(url, "  Pat.REED ", &password);
    assert!(session.starts_with(&format!("{SESSION}=")) && session.len() == SESSION.len() + 44, "{session}");
    let me = with(url, &session, "GET", "/v1/me", None).expect(200).json();
    assert_eq!(me["officer"], json!(officer.id), "{me}");
    let id = officer.log_id(&body("x", &[], &[person("Margaret Ashworth", "person_affected")]));
    with(url, &session, "GET", &format!("/v1/incidents/{id}"), None).expect(200);
    let page = raw(url, "GET", "/signed-in", &[("cookie", &session)], None).expect(200);
    assert!(page.text.contains("Pat Reed") && page.text.contains("Stockton Council"), "{}", page.text);
    assert!(page.headers["content-security-policy"].contains("default-src 'none'"));
    assert_eq!(page.headers["cache-control"], "no-store");
    let out = with(url, &session, "POST", "/sign-out", None);
    assert_eq!((out.status, out.headers["location"].as_str()), (303, "/signed-out"));
    assert!(out.headers["set-cookie"].contains("Max-Age=0"));
    for path in ["/v1/me".to_owned(), format!("/v1/incidents/{id}"), "/v1/incidents".to_owned()] {
        with(url, &session, "GET", &path, None).expect(401);
    }
    let unknown = fill_in(url, "nobody.here", &password, None).expect(401);
    let wrong = fill_in(url, "pat.reed", "not the password", None).expect(401);
    assert_eq!(unknown.text.replace("nobody.here", "pat.reed"), wrong.text, "whether there is such a user is not told");
    assert!(!unknown.headers.contains_key("set-cookie"));
    let seen = actions(world, &officer);
    for action in ["sign_in", "sign_out", "sign_in.refused"] {
        assert!(seen.iter().any(|known| known == action), "{action}: {seen:?}");
    }
    assert!(!world.server().log().contains("nobody.here") && !world.server().log().contains(&password));
}

fn a_session_is_new_at_each_sign_in_and_ends_at_once(world: &mut World) {
    let officer = world.council_officer();
    let password = world.password(&officer, "pat.reed");
    let url = world.url();
    let planted = format!("{SESSION}={}", "A".repeat(43));
    let first = cookie(&fill_in(url, "pat.reed", &password, Some(&planted)).expect(303));
    assert_ne!(first, planted);
    with(url, &planted, "GET", "/v1/me", None).expect(401);
    let second = cookie(&fill_in(url, "pat.reed", &password, Some(&first)).expect(303));
    assert_ne!(second, first);
    with(url, &first, "GET", "/v1/me", None).expect(401);
    with(url, &second, "GET", "/v1/me", None).expect(200);
    // A session is no token, and a token no session.
    let (_, secret) = second.split_once('=').unwrap();
    for token in [secret.to_owned(), format!("beacon_{secret}")] {
        http::get(url, &token, "/v1/me").expect(401);
    }
    with(url, &format!("{SESSION}={}", officer.token), "GET", "/v1/me", None).expect(401);
    with(url, &format!("{second}; {second}"), "GET", "/v1/me", None).expect(401);
    // Suspension ends it at once; being let back in opens it again, as it does a token.
    let path = format!("/v1/officers/{}/suspension", officer.id);
    world.council.admin.send("PUT", &path, &[], None).expect(200);
    with(url, &second, "GET", "/v1/me", None).expect(401);
    fill_in(url, "pat.reed", &password, None).expect(401);
    world.council.admin.send("DELETE", &path, &[], None).expect(200);
    with(url, &second, "GET", "/v1/me", None).expect(200);
    // A new password ends every session, from another process too.
    world.password(&officer, "pat.reed");
    with(url, &second, "GET", "/v1/me", None).expect(401);
    // It is kept as a hash.
    let (_, secret) = second.split_once('=').unwrap();
    for file in std::fs::read_dir(world.deployment.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = if path.is_file() { std::fs::read(&path).unwrap() } else { Vec::new() };
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!holds(secret) && !holds(&password), "{}", path.display());
    }
}

fn a_session_is_used_from_our_own_pages_alone(world: &mut World) {
    let officer = world.council_officer();
    let password = world.password(&officer, "pat.reed");
    let url = world.url();
    let session = sign_in(url, "pat.reed", &password);
    let host = url.trim_start_matches("http://");
    let own = format!("http://{host}");
    for (headers, reads, changes) in [
        (vec![("sec-fetch-site", "same-origin")], 200, 201),
        (vec![("sec-fetch-site", "none")], 200, 403),
        (vec![("sec-fetch-site", "same-site"), ("origin", own.as_str())], 403, 403),
        (vec![("sec-fetch-site", "cross-site")], 403, 403),
        (vec![("origin", own.as_str())], 200, 201),
        (vec![("origin", "https://evil.example")], 403, 403),
        (vec![("origin", "null")], 403, 403),
        (vec![], 200, 403),
    ] {
        let mut headers = headers.clone();
        headers.push(("cookie", &session));
        assert_eq!(raw(url, "GET", "/v1/me", &headers, None).status, reads, "{headers:?}");
        assert_eq!(raw(url, "POST", "/v1/intakes", &headers, Some(b"{}")).status, changes, "{headers:?}");
    }
    // With a token the request is a program's, wherever it comes from.
    officer.send("POST", "/v1/intakes", &[("origin", "https://evil.example")], Some(&json!({}))).expect(201);
    for (path, origin) in [("/sign-in", "https://evil.example"), ("/sign-out", "null")] {
        let headers = [("cookie", session.as_str()), ("origin", origin), ("content-type", "application/x-www-form-urlencoded")];
        raw(url, "POST", path, &headers, Some(b"user_name=a&password=b")).expect(403);
    }
    with(url, &session, "GET", "/v1/me", None).expect(200);
    // A token in an address is not read, and told of.
    raw(url, "GET", &format!("/v1/me?access_token={}", officer.token), &[], None).expect(401);
    assert!(officer.get(&format!("/v1/me?access_token={}", officer.token)).expect(400).text.contains("token_in_url"));
    assert!(!world.server().log().contains(&officer.token));
}

fn too_many_attempts_must_wait_whoever_they_name(world: &mut World) {
    let officer = world.council_officer();
    let password = world.password(&officer, "pat.reed");
    let url = world.url();
    for name in ["pat.reed", "nobody.here"] {
        for attempt in 0..5 {
            assert_eq!(fill_in(url, name, "wrong wrong wrong", None).status, 401, "{name} {attempt}");
        }
        let told = fill_in(url, name, &password, None).expect(429);
        let wait: u32 = told.headers["retry-after"].parse().unwrap();
        assert!((1..=30).contains(&wait), "{wait}");
    }
    // Signing in puts the count back: another officer may mistype now and then for ever.
    let second = world.officer(&world.council, "Sal Moor", "officer");
    let password = world.password(&second, "sal.moor");
    for _ in 0..4 {
        fill_in(url, "sal.moor", "wrong wrong wrong", None).expect(401);
    }
    sign_in(url, "sal.moor", &password);
    for _ in 0..4 {
        fill_in(url, "sal.moor", "wrong wrong wrong", None).expect(401);
    }
    sign_in(url, "sal.moor", &password);
    // One address, many names.
    let mut refused = 0;
    for name in 0..40 {
        refused += u32::from(fill_in(url, &format!("name.{name}"), "wrong wrong wrong", None).status == 429);
    }
    assert!(refused > 10, "{refused}");
    fill_in(url, "sal.moor", &password, None).expect(429);
}

fn a_password_is_changed_with_the_old_one(world: &mut World) {
    let officer = world.council_officer();
    let old = world.password(&officer, "pat.reed");
    let url = world.url();
    let (mine, elsewhere) = (sign_in(url, "pat.reed", &old), sign_in(url, "pat.reed", &old));
    let change = |old: &str, new: &str| with(url, &mine, "PUT", "/v1/me/password", Some(&json!({ "old": old, "new": new })));
    change("not the old one", "a new one, long enough").expect(403);
    for bad in ["short", "aaaaaaaaaaaaaaaaaaaa", &"long".repeat(100)] {
        change(&old, bad).expect(422);
    }
    change(&old, "a new one, long enough").expect(204);
    with(url, &mine, "GET", "/v1/me", None).expect(200);
    with(url, &elsewhere, "GET", "/v1/me", None).expect(401);
    fill_in(url, "pat.reed", &old, None).expect(401);
    sign_in(url, "pat.reed", "a new one, long enough");
    let stranger = world.police_officer();
    stranger.send("PUT", "/v1/me/password", &[], Some(&json!({ "old": "x", "new": "a new one, long enough" }))).expect(404);
}

fn who_gets_a_password_and_from_whom(world: &mut World) {
    let (officer, admin) = (world.council_officer(), &world.council.admin);
    let set = |by: &tests::Officer, whose: &str, user_name: &str| {
        let body = json!({ "user_name": user_name, "password": "long enough for anybody" });
        by.send("PUT", &format!("/v1/officers/{whose}/password"), &[], Some(&body))
    };
    assert_eq!(set(admin, &officer.id, "pat.reed").expect(200).json(), json!({ "user_name": "pat.reed" }));
    sign_in(world.url(), "pat.reed", "long enough for anybody");
    set(admin, &admin.id, "admin").expect(403);
    set(&world.police.admin, &officer.id, "pat").expect(403);
    set(&officer, &officer.id, "pat").expect(403);
    set(admin, "018f0000-0000-7000-8000-000000000009", "pat").expect(404);
    let second = world.officer(&world.council, "Sal Moor", "officer");
    set(admin, &second.id, "PAT.reed").expect(409);
    // A program has none, and one that became a program signs in no more.
    let program = world.officer(&world.council, "Feed", "integration_client");
    set(admin, &program.id, "feed").expect(403);
    let session = sign_in(world.url(), "pat.reed", "long enough for anybody");
    admin.send("PATCH", &format!("/v1/officers/{}", officer.id), &[], Some(&json!({ "role": "integration_client" }))).expect(200);
    with(world.url(), &session, "GET", "/v1/me", None).expect(401);
    fill_in(world.url(), "pat.reed", "long enough for anybody", None).expect(401);
    let command = world.deployment.run(&["officer", "password", &program.id]);
    assert!(!command.status.success());
}

fn a_token_says_when_it_was_last_used(world: &mut World) {
    let officer = world.council_officer();
    let admin = world.council.admin.clone();
    let path = format!("/v1/officers/{}/tokens", officer.id);
    let spare = admin.post(&path, &json!({})).expect(201).json();
    assert_eq!(spare["last_used_at"], json!(null));
    let before = model::Clock::system().now();
    officer.get("/v1/me").expect(200);
    let listed = admin.get(&path).expect(200).json();
    let used = |spared: bool| {
        let known = listed["tokens"].as_array().unwrap();
        known.iter().find(|token| (token["id"] == spare["id"]) == spared).map(|token| token["last_used_at"].clone()).unwrap()
    };
    let at: model::Timestamp = used(false).as_str().unwrap().parse().unwrap();
    assert!(at >= before);
    assert_eq!(used(true), json!(null));
    // Kept when the server ends.
    world.stop();
    let told = world.deployment.ok(&["token", "list", "--officer", &officer.id]);
    assert!(told.contains("last used 20") && told.contains("never used"), "{told}");
    world.start();
}
