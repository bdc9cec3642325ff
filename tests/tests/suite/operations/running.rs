//! Running and stopping.

use serde_json::json;
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    time::{Duration, Instant},
};
use testkit::http;
use tests::{Officer, Running, World, on_both, person};

on_both!(a_request_under_way_finishes_after_sigterm, metrics_are_apart_from_the_api);

#[test]
fn the_first_line_says_where_and_health_needs_no_token() {
    let deployment = testkit::beacon::Deployment::sqlite();
    let mut first = Running::start(&mut deployment.command(&["serve"]));
    let port: u16 = first.first_line.strip_prefix("listening on http://127.0.0.1:").unwrap().trim_end().parse().unwrap();
    assert_ne!(port, 0);
    let health = http::get(&first.url, "", "/healthz").expect(200);
    assert_eq!(health.text, "ok\n");
    let ready = http::get(&first.url, "", "/readyz").expect(200).json();
    assert_eq!(ready["ready"], true);
    assert_eq!(
        (&ready["database"], &ready["name_index"], &ready["incident_columns"], &ready["index_lag"]),
        (&json!(true), &json!(true), &json!(true), &json!(0))
    );
    first.terminate();
    assert!(first.child.wait().unwrap().success());
}

fn a_request_under_way_finishes_after_sigterm(world: &mut World) {
    let officer = world.council_officer();
    world.stop();
    let mut running = Running::start(&mut world.deployment.command(&["serve"]));
    let address = running.url.trim_start_matches("http://").to_owned();
    let sent = tests::body("under way", &[], &[person("Margaret Ashworth", "person_affected")]).to_string();
    let request = tests::request(
        "POST",
        b"/v1/incidents",
        &[format!("Authorization: Bearer {}", officer.token).into_bytes(), b"Content-Type: application/json".to_vec()],
        sent.as_bytes(),
    );
    let (first, second) = request.split_at(request.len() - 20);
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(first).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    running.terminate();
    // Nobody new is let in, and who is in may finish.
    let began = Instant::now();
    while TcpStream::connect(&address).is_ok() {
        assert!(began.elapsed() < Duration::from_secs(10), "it still lets people in");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(running.child.try_wait().unwrap().is_none(), "it waits for the request");
    stream.write_all(second).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(running.child.wait().unwrap().success());
    world.start();
    let officer = officer.at(world.url());
    assert_eq!(officer.found("Margaret Ashworth").len(), 1);
}

fn metrics_are_apart_from_the_api(world: &mut World) {
    let officer = world.council_officer();
    world.stop();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let running = Running::start(world.deployment.command(&["serve"]).env("BEACON_METRICS_LISTEN", &free));
    let officer = Officer { url: running.url.clone(), ..officer };
    let id = officer.log_id(&tests::body("x", &[], &[person("Margaret Ashworth", "person_affected")]));
    officer.get(&format!("/v1/incidents/{id}")).expect(200);
    officer.found("Margaret Ashworth");
    officer.post("/v1/incidents", &json!({ "summary": "Margaret" })).expect(422);
    http::get(&running.url, "", "/v1/incidents").expect(401);
    for path in ["/metrics", "/v1/metrics"] {
        officer.get(path).expect(404);
    }
    let metrics = format!("http://{free}");
    let text = http::get(&metrics, "", "/metrics").expect(200).text;
    for line in [
        "beacon_requests_total{method=\"POST\",path=\"/v1/incidents\",status=\"201\"} 1",
        "beacon_requests_total{method=\"GET\",path=\"/v1/incidents/{incident}\",status=\"200\"} 1",
        "beacon_requests_total{method=\"GET\",path=\"/v1/incidents\",status=\"401\"} 1",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    for secret in ["Margaret", "Ashworth", &id, &officer.token, &officer.id] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert_eq!(http::get(&metrics, "", "/v1/incidents").status, 404, "nothing else is there");
    // Methods and paths a stranger makes up do not become series of their own.
    for number in 0..20 {
        http::send("GET", &running.url, "", &format!("/made-up/{number}"), &[], None).expect(404);
        http::send(&format!("M{number}"), &running.url, "", "/v1/incidents", &[], None).expect(405);
    }
    let text = http::get(&metrics, "", "/metrics").expect(200).text;
    assert!(!text.contains("made-up") && !text.contains("\"M1\""), "{text}");
}
