//! A panic while a request is carried out: answered as a problem, logged with its place and its request, and nothing of what it
//! says, which may quote a record.

use axum::{Router, routing::get};
use std::{
    io::Write,
    sync::{Arc, Mutex},
};
use testkit::{campaign::On, inside::Inside};

/// What is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const CANARY: &str = "Quixcanary Panic";

async fn panics() -> &'static str {
    let record: Result<u8, String> = Err(format!("{CANARY} of 7 Mill Lane"));
    std::hint::black_box(record).map(|_| "").unwrap()
}

async fn a_task_panics() -> &'static str {
    let failed = tokio::spawn(async { panics().await }).await;
    failed.map_err(service::ServiceError::from).unwrap_or("told")
}

#[tokio::test]
async fn what_a_panic_says_is_told_to_nobody() {
    let log = Log::default();
    let written = log.clone();
    tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || written.clone())
        .init();
    api::hide_panics();
    let pages = Router::new().route("/panics", get(panics)).route("/task", get(a_task_panics));
    let inside = Inside::start_with(pages, On::Sqlite, "2026-03-02T12:00:00Z".parse().unwrap(), async |_| {}).await;
    let answer = inside.send("GET", "/panics", &[("x-request-id", "asked-once")], None).await.expect(500);
    assert_eq!(answer.json()["type"], "urn:beacon:problem:internal", "{}", answer.text);
    assert!(!answer.text.contains("Quixcanary") && answer.headers.values().all(|value| !value.contains("Quixcanary")));
    inside.send("GET", "/task", &[], None).await.expect(200);
    // The service goes on.
    inside.send("GET", "/healthz", &[], None).await.expect(200);
    inside.stop().await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("operations/panics.rs:") && log.contains("a panic"), "{log}");
    assert!(log.contains("a task failed"), "{log}");
    let told = log.lines().find(|line| line.contains("a request was not carried out")).expect("the request is in the log");
    assert!(told.contains(&answer.headers["x-request-id"]) && told.contains("/panics"), "{told}");
    assert!(!log.contains("Quixcanary"), "{log}");
}
