//! What a hostile or broken client meets: limits of rate, head, body and time; and what every answer tells a browser.

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    time::{Duration, Instant},
};
use testkit::http;
use tests::{Backend, Running, World, exchange, incident, request};

/// A council's officer at a server with settings of its own.
fn served(settings: &[(&str, &str)]) -> (World, Running, [tests::Officer; 2]) {
    let mut world = World::with_agencies(Backend::Sqlite);
    let officers = [world.council_officer(), world.police_officer()];
    world.stop();
    let mut command = world.deployment.command(&["serve"]);
    command.envs(settings.iter().copied());
    let running = Running::start(&mut command);
    let officers = officers.map(|officer| officer.at(&running.url));
    (world, running, officers)
}

#[test]
fn a_credential_that_asks_too_often_is_told_to_wait_and_no_other() {
    let (_world, _running, [busy, other]) = served(&[("BEACON_REQUESTS_PER_SECOND", "2")]);
    let answers: Vec<_> = (0..60).map(|_| busy.get("/v1/me")).collect();
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!(answers[..20].iter().all(|answer| answer.status == 200), "ten times the rate at once");
    assert!(refused.len() > 20, "{} refused", refused.len());
    for answer in &refused {
        assert_eq!(answer.json()["type"], "urn:beacon:problem:too-many");
        assert!(answer.headers["retry-after"].parse::<u64>().unwrap() >= 1);
    }
    other.get("/v1/me").expect(200);
    std::thread::sleep(Duration::from_secs(refused[0].headers["retry-after"].parse().unwrap()));
    busy.get("/v1/me").expect(200);
}

#[test]
fn an_address_that_asks_too_often_is_told_to_wait_whatever_it_sends() {
    let (_world, running, _) = served(&[("BEACON_REQUESTS_PER_SECOND_OF_AN_ADDRESS", "3")]);
    let guess = |number: u32| http::get(&running.url, &format!("beacon_{number:064x}"), "/v1/me").status;
    let statuses: Vec<u16> = (0..60).map(guess).collect();
    assert!(statuses.contains(&401) && statuses.iter().filter(|status| **status == 429).count() > 20, "{statuses:?}");
}

#[test]
fn a_client_that_dawdles_is_let_go() {
    let (_world, running, [officer, _]) = served(&[]);
    let address = running.url.trim_start_matches("http://").to_owned();
    let closed_after = |sent: Vec<u8>| {
        let address = address.clone();
        std::thread::spawn(move || {
            let mut stream = TcpStream::connect(&address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(50))).unwrap();
            let began = Instant::now();
            stream.write_all(&sent).unwrap();
            let mut answer = Vec::new();
            let ended = stream.read_to_end(&mut answer).is_ok();
            (ended, began.elapsed(), String::from_utf8_lossy(&answer).into_owned())
        })
    };
    let head = closed_after(b"GET /v1/me HTTP/1.1\r\nHost: beacon.test\r\nX-Slow: ".to_vec());
    let token = format!("Authorization: Bearer {}", officer.token);
    let whole = request(
        "POST",
        b"/v1/incidents",
        &[token.into_bytes(), b"Content-Type: application/json".to_vec()],
        incident("never whole").to_string().as_bytes(),
    );
    let body = closed_after(whole[..whole.len() - 5].to_vec());
    // Others are served meanwhile.
    officer.get("/v1/me").expect(200);
    let (ended, after, _) = head.join().unwrap();
    assert!(ended && after < Duration::from_secs(40), "a head that never ends: {after:?}");
    let (ended, after, answer) = body.join().unwrap();
    assert!(ended && after < Duration::from_secs(50) && answer.starts_with("HTTP/1.1 4"), "a body that never ends: {after:?} {answer}");
    assert!(officer.listed().is_empty(), "nothing of it was kept");
}

#[test]
fn a_head_too_large_and_too_many_headers_are_refused() {
    let (_world, running, [officer, _]) = served(&[]);
    let token = format!("Authorization: Bearer {}", officer.token).into_bytes();
    let large = [token.clone(), [b"X-Large: ".to_vec(), vec![b'x'; 400_000]].concat()];
    let many: Vec<Vec<u8>> = (0..150).map(|number| format!("X-{number}: y").into_bytes()).chain([token]).collect();
    for headers in [&large[..], &many[..]] {
        let answer = exchange(&running.url, &request("GET", b"/v1/me", headers, b""));
        assert!(answer.starts_with("HTTP/1.1 431") || answer.is_empty(), "{}", &answer[..answer.len().min(200)]);
    }
    officer.get("/v1/me").expect(200);
}

#[test]
fn every_answer_tells_a_browser_to_keep_it_to_itself() {
    let (_world, _running, [officer, _]) = served(&[]);
    let unknown = "/v1/incidents/018f0000-0000-7000-8000-000000000009";
    for (path, status) in [("/v1/me", 200), (unknown, 404), ("/nowhere", 404), ("/docs/", 200), ("/healthz", 200)] {
        let answer = officer.get(path).expect(status);
        for (name, value) in [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "no-referrer")] {
            assert_eq!(answer.headers[name], value, "{path}");
        }
        let policy = &answer.headers["content-security-policy"];
        assert!(
            policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'") && !policy.contains("script-src"),
            "{policy}"
        );
    }
    assert_eq!(officer.get("/v1/me").headers["cache-control"], "no-store");
}

#[test]
fn it_serves_over_tls_where_a_certificate_is_given() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tls");
    let (certificate, key) = (data.join("certificate.pem"), data.join("key.pem"));
    let deployment = testkit::beacon::Deployment::sqlite();
    let mut command = deployment.command(&["serve"]);
    command.env("BEACON_TLS_CERTIFICATE", &certificate).env("BEACON_TLS_KEY", &key);
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut first).unwrap();
    let address = first.trim().strip_prefix("listening on https://127.0.0.1:").expect("an https address");
    let trusted = ureq::tls::Certificate::from_pem(&std::fs::read(&certificate).unwrap()).unwrap();
    let tls = ureq::tls::TlsConfig::builder().root_certs(ureq::tls::RootCerts::new_with_certs(&[trusted])).build();
    let agent: ureq::Agent = ureq::Agent::config_builder().tls_config(tls).build().into();
    let told = agent.get(format!("https://localhost:{address}/healthz")).call().unwrap().body_mut().read_to_string().unwrap();
    // Plain HTTP to the same port gets nothing.
    let plain = exchange(&format!("http://127.0.0.1:{address}"), &request("GET", b"/healthz", &[], b""));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((told.as_str(), plain.contains("ok")), ("ok\n", false));
    // Half a setting is refused with the remedy.
    let mut half = deployment.command(&["serve"]);
    let refused = half.env("BEACON_TLS_KEY", &key).output().unwrap();
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("BEACON_TLS_CERTIFICATE"));
}
