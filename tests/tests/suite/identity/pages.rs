//! The pages, in a real browser, and signing in at a real identity provider.

use super::{SESSION, actions, raw};
use serde_json::{Value, json};
use testkit::http;
use tests::{Backend, Node, Officer, World, free_port, in_browser, on_both};

on_both!(people_and_programs_come_from_a_real_provider);

/// An officer with a local account, and what a scenario needs to know.
fn with_account(world: &World) -> (Officer, Value) {
    let officer = world.council_officer();
    let password = world.password(&officer, "pat.reed");
    let settings = json!({ "url": world.url(), "user": "pat.reed", "password": password, "officer": "Pat Reed",
        "agency": "Stockton Council", "role": "officer", "token": officer.token });
    (officer, settings)
}

#[test]
fn the_pages_work_with_and_without_scripts_and_are_accessible() {
    let world = World::with_agencies(Backend::Sqlite);
    in_browser("pages", &with_account(&world).1);
}

#[test]
fn a_planted_or_stolen_cookie_is_worth_nothing() {
    let world = World::with_agencies(Backend::Sqlite);
    in_browser("fixation", &with_account(&world).1);
}

#[test]
fn other_pages_cannot_use_a_session() {
    let world = World::with_agencies(Backend::Sqlite);
    let (officer, settings) = with_account(&world);
    in_browser("forgery", &settings);
    let opened = actions(&world, &officer).iter().filter(|action| *action == "intake.open").count();
    assert_eq!(opened, 1, "by our own page alone");
}

#[test]
fn a_token_in_an_address_is_refused_and_not_logged() {
    let world = World::with_agencies(Backend::Sqlite);
    let (officer, settings) = with_account(&world);
    in_browser("address", &settings);
    assert!(!world.server().log().contains(&officer.token));
}

fn people_and_programs_come_from_a_real_provider(world: &mut World) {
    let officer = world.council_officer();
    let program = world.officer(&world.council, "Feed", "integration_client");
    let port = free_port();
    let beacon = format!("http://127.0.0.1:{port}");
    let provider = Node::start("provider.mjs", &json!({ "beacon": beacon }));
    let issuer = provider.said["issuer"].as_str().unwrap();
    std::fs::write(world.deployment.folder.path().join("secret"), "a secret with spaces & signs\n").unwrap();
    let settings = format!(
        "public_url = \"{beacon}\"\nlocal_accounts = false\n[[identity_provider]]\nname = \"real\"\nlabel = \"the real one\"\nissuer = \"{issuer}\"\n\
         client_id = \"beacon\"\nclient_secret_file = \"secret\"\naudiences = [\"urn:beacon:api\"]\nscopes = [\"openid\"]\n"
    );
    for (who, subject) in [(&officer, "pat@council"), (&program, "robot")] {
        world.deployment.ok(&["officer", "link", &who.id, "--issuer", issuer, "--subject", subject]);
    }
    let url = world.restart_with(&settings, port);
    let page = raw(&url, "GET", "/sign-in", &[], None).expect(200);
    assert!(page.text.contains("the real one") && !page.text.contains("Password"));

    // Where one is sent, and what one keeps meanwhile.
    let sent = raw(&url, "GET", "/sign-in/real", &[], None).expect(303);
    let place = &sent.headers["location"];
    for part in ["response_type=code", "code_challenge_method=S256", "code_challenge=", "state=", "nonce=", "client_id=beacon"] {
        assert!(place.starts_with(issuer) && place.contains(part), "{place}");
    }
    assert!(sent.headers["set-cookie"].starts_with("__Host-beacon-sign-in=") && sent.headers["set-cookie"].contains("HttpOnly"));
    let kept = sent.headers["set-cookie"].split(';').next().unwrap();
    let state = place.split("state=").nth(1).unwrap().split('&').next().unwrap();
    for query in
        [format!("code=x&state={state}"), format!("code=x&state={state}&iss=https%3A%2F%2Fevil.example"), "code=x&state=other".to_owned()]
    {
        let answer = raw(&url, "GET", &format!("/sign-in/real/return?{query}"), &[("cookie", kept)], None).expect(401);
        assert!(!answer.headers["set-cookie"].starts_with(&format!("{SESSION}=")), "{query}");
    }
    raw(&url, "GET", "/sign-in/other", &[], None).expect(404);

    in_browser("provider", &json!({ "url": url, "issuer": issuer, "subject": "pat@council", "officer": "Pat Reed" }));
    let seen = actions(world, &officer);
    for action in ["sign_in", "sign_out", "sign_out.back_channel"] {
        assert!(seen.iter().any(|known| known == action), "{action}: {seen:?}");
    }

    // Programs, by the provider's own access tokens.
    let token = |client: &str, secret: &str| {
        let form = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}&resource=urn%3Abeacon%3Aapi&scope=api");
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let answer = raw(issuer, "POST", "/token", &headers, Some(form.as_bytes()));
        answer.json()["access_token"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
    };
    let robot = token("robot", "robot-secret");
    assert_eq!(http::get(&url, &robot, "/v1/me").expect(200).json()["officer"], json!(program.id));
    http::post(&url, &robot, "/v1/incidents", &tests::incident("from a program")).expect(201);
    http::get(&url, &token("stranger", "stranger-secret"), "/v1/me").expect(401);
    let path = format!("/v1/officers/{}/suspension", program.id);
    world.council.admin.send("PUT", &path, &[], None).expect(200);
    http::get(&url, &robot, "/v1/incidents").expect(401);
}
