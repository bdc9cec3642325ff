//! The known attacks on JWTs: none opens anything, and none makes the service fetch anything.

use super::{actions, raw};
use serde_json::json;
use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use testkit::http;
use tests::{Node, World, exchange, free_port, on_both, request};

on_both!(no_known_attack_on_a_token_opens_anything);

/// Listens, and counts who comes.
fn trap() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, caught) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let count = caught.clone();
    std::thread::spawn(move || {
        for _ in listener.incoming() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    (format!("http://{address}"), caught)
}

fn no_known_attack_on_a_token_opens_anything(world: &mut World) {
    let program = world.officer(&world.council, "Feed", "officer");
    let revoked = world.officer(&world.council, "Other feed", "officer");
    let (trap, caught) = trap();
    let attacker = Node::start("attacks.mjs", &json!({ "trap": trap, "audience": "urn:beacon:api", "client": "beacon" }));
    let issuer = attacker.said["issuer"].as_str().unwrap();
    world.deployment.ok(&["officer", "link", &program.id, "--issuer", issuer, "--subject", "client-1"]);
    let port = free_port();
    let settings = format!(
        "public_url = \"http://127.0.0.1:{port}\"\n[[identity_provider]]\nname = \"own\"\nissuer = \"{issuer}\"\nclient_id = \"beacon\"\n\
         audiences = [\"urn:beacon:api\"]\nalgorithms = [\"RS256\", \"ES256\"]\n"
    );
    let url = world.restart_with(&settings, port);
    let tokens = |kind: &str| -> Vec<(String, String)> {
        let known = attacker.said[kind].as_object().unwrap();
        known.iter().map(|(name, token)| (name.clone(), token.as_str().unwrap().to_owned())).collect()
    };
    for (name, token) in tokens("valid") {
        let me = http::get(&url, &token, "/v1/me").expect(200).json();
        assert_eq!(me["officer"], json!(program.id), "{name}");
        http::get(&url, &token, "/v1/incidents").expect(200);
    }
    let late = attacker.said["late"].as_str().unwrap();
    http::get(&url, late, "/v1/incidents").expect(200);
    let attacks = tokens("attacks");
    assert!(attacks.len() > 200, "{}", attacks.len());
    let mut through = Vec::new();
    for (name, token) in &attacks {
        for path in ["/v1/me", "/v1/incidents"] {
            // As bytes: some are longer than a well-behaved client sends.
            let headers = [format!("Authorization: Bearer {token}").into_bytes()];
            let answer = exchange(&url, &request("GET", path.as_bytes(), &headers, b""));
            if !answer.starts_with("HTTP/1.1 401 ") {
                through.push(format!("{name}: {}", answer.lines().next().unwrap_or_default()));
            }
        }
    }
    assert!(through.is_empty(), "{through:#?}");
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(caught.load(Ordering::SeqCst), 0, "nothing was fetched from an address in a header");
    let asked: u32 = raw(issuer, "GET", "/asked", &[], None).text.parse().unwrap();
    assert!(asked <= 3, "unknown keys made it ask {asked} times");

    // A token that was let in ends with its exp, with its officer's suspension, and with the link.
    let ended = (0..60).any(|_| {
        std::thread::sleep(Duration::from_secs(1));
        http::get(&url, late, "/v1/incidents").status == 401
    });
    assert!(ended, "it lasts longer than it says");
    let good = &tokens("valid")[0].1;
    let path = format!("/v1/officers/{}/suspension", program.id);
    world.council.admin.send("PUT", &path, &[], None).expect(200);
    http::get(&url, good, "/v1/incidents").expect(401);
    world.council.admin.send("DELETE", &path, &[], None).expect(200);
    http::get(&url, good, "/v1/incidents").expect(200);

    // Logout tokens: none of these is obeyed, one is, once; it ends what its subject had.
    world.deployment.ok(&["officer", "link", &revoked.id, "--issuer", issuer, "--subject", "person-1"]);
    let post = |token: &str| {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        raw(&url, "POST", "/sign-out/back-channel", &headers, Some(format!("logout_token={token}").as_bytes())).status
    };
    for (name, token) in tokens("logouts") {
        assert_eq!(post(&token), 400, "{name}");
    }
    let logout = attacker.said["logout"].as_str().unwrap();
    assert_eq!((post(logout), post(logout)), (200, 400), "a logout token counts once");
    http::get(&url, good, "/v1/incidents").expect(200);
    let relinked = ["officer", "link", &program.id, "--issuer", issuer, "--subject", "client-7"];
    world.deployment.ok(&relinked);
    http::get(&url, good, "/v1/incidents").expect(401);

    // Each token was entered once, as a sign-in, and nothing of a token is in the log.
    let entered = actions(world, &program).iter().filter(|action| *action == "sign_in").count();
    assert_eq!(entered, tokens("valid").len() + 1);
    let log = world.server().log();
    assert!(attacks.iter().map(|(_, token)| token).filter(|token| token.len() > 40).all(|token| !log.contains(&token[..40])));
}

/// Settings that would open more than meant are refused.
#[test]
fn settings_that_open_too_much_are_refused() {
    let here = testkit::beacon::Deployment::sqlite();
    let file = here.folder.path().join("wrong.toml");
    let base = "public_url = \"https://beacon.example\"\n[[identity_provider]]\nname = \"a\"\n";
    for (text, words) in [
        ("issuer = \"http://id.example\"", "https://"),
        ("issuer = \"https://id.example\"\nalgorithms = [\"HS256\"]", "HS256"),
        ("issuer = \"https://id.example\"\nalgorithms = [\"none\"]", "none"),
        ("issuer = \"https://id.example\"\nalgorithms = []", "at least one"),
        ("issuer = \"https://id.example\"\nclient_id = \"b\"\naudiences = [\"b\"]", "client_id"),
        ("issuer = \"https://id.example\"\nclient_secret_file = \"missing\"", "missing"),
        ("issuer = \"https://id.example\"\nca_file = \"missing.pem\"", "missing.pem"),
        ("issuer = \"https://id.example\"\nagency_claim = \"tid\"", "agencies"),
        ("issuer = \"https://id.example\"\nsecret = \"x\"", "secret"),
    ] {
        std::fs::write(&file, format!("{base}{text}\n")).unwrap();
        let output = here.run(&["serve", "--config", &file.display().to_string()]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && told.contains(words), "{text}: {told}");
    }
}
