//! A service in this process, on a clock that is set: for what the real program cannot be asked a second before or after.

use crate::{
    campaign::On,
    http::Answer,
    postgres::{self, TestDatabase},
};
use axum::{Router, body::Body};
use http_body_util::BodyExt;
use model::{
    AccessLabel, Actor, Clock, Incident, Timestamp, Uuid,
    audit::{Purpose, Request},
};
use service::{Service, Settings, tokens::NewToken};
use std::sync::Arc;
use store::{Database, Options, Tx, incidents::Written};
use tower::ServiceExt;

/// The service, its routes and its clock.
#[derive(Debug)]
pub struct Inside {
    router: Router,
    service: Service,
    clock: Clock,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

impl Inside {
    /// Starts on an empty database, into which `enter` puts what it needs, at a time that stands still.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn start(on: On, at: Timestamp, enter: impl AsyncFnOnce(&mut Tx)) -> Self {
        Self::start_with(Router::new(), on, at, enter).await
    }

    /// The same with further pages.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn start_with(pages: Router, on: On, at: Timestamp, enter: impl AsyncFnOnce(&mut Tx)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (url, kept) = match on {
            On::Sqlite => (format!("sqlite:{}", folder.path().join("beacon.db").display()), None),
            On::Postgres => {
                let database = postgres::database();
                (database.url.clone(), Some(database))
            }
        };
        let database: Database = store::open::open(&Options::new(&url)).await.expect("the database opens");
        let mut tx = database.begin().await.expect("a transaction");
        enter(&mut tx).await;
        tx.commit().await.expect("it is committed");
        let clock = Clock::fixed(at);
        let settings = Settings {
            data_dir: folder.path().join("data"),
            indexes: true,
            sealing: None,
            erasure_list: None,
            sessions: service::sessions::Lifetime::default(),
            people: 1_000_000,
        };
        let service = Service::start(database, clock.clone(), settings).await.expect("the service starts");
        while !service.readiness().await.ready {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let identity = identity::Identity::new(service.clone(), Vec::new(), None).expect("no provider is set");
        let router = api::router(api::App { service: service.clone(), identity: Arc::new(identity) }, pages);
        Self { router, service, clock, _folder: folder, _database: kept }
    }

    /// Sets the clock, by whole seconds.
    ///
    /// # Panics
    /// When the time is no whole number of seconds away.
    pub fn set(&self, at: Timestamp) {
        self.clock.advance((at.micros() - self.clock.now().micros()) / 1_000_000);
        assert_eq!(self.clock.now(), at, "the clock moves by whole seconds");
    }

    /// Lets an officer sign in with a token of this text.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn sign_in(&self, officer: Uuid, token: &str) {
        let purpose = Purpose { code: Some("system_operation".to_owned()), reference: None };
        let at = self.clock.now();
        let console = Request { actor: Actor::console(), at, id: "inside".to_owned(), purpose, token: None };
        let new = NewToken { officer, expires_at: None };
        self.service.add_token(&console, new, identity::hash(token)).await.expect("a token");
    }

    /// Sends a request and gives the whole answer.
    ///
    /// # Panics
    /// When the routes do not answer.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<String>) -> Answer {
        let mut request = axum::http::Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.map_or_else(Body::empty, Body::from)).expect("a request");
        let answer = self.router.clone().oneshot(request).await.expect("the router answers");
        let headers = answer.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let (status, headers) = (answer.status().as_u16(), headers.collect());
        let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
        Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Stops the service.
    pub async fn stop(self) {
        self.service.stop().await;
    }
}

/// Puts an incident into the database as it is, openings and all.
///
/// # Panics
/// When it is refused.
pub async fn enter(tx: &mut Tx, incident: Incident) {
    async fn number(tx: &mut Tx, label: AccessLabel) -> model::LabelId {
        store::labels::ensure(tx, &label).await.expect("a label")
    }
    let label = number(tx, incident.label()).await;
    let mut people = Vec::new();
    for part in incident.involvements.iter().filter(|part| part.person.is_some()) {
        people.push((part.id, number(tx, incident.person_label(part)).await, part.same_person_as));
    }
    let body = serde_json::to_string(&incident).expect("a body");
    let by = (incident.recorded_by, incident.recording_agency);
    let opened = !incident.openings.is_empty();
    let mut written = Written { incident, body, label, people, apart: Vec::new(), by, request_id: "inside".to_owned() };
    let taken = store::incidents::insert(tx, &mut [&mut written]).await.expect("a record");
    assert!(taken.is_empty(), "its id is taken");
    if opened {
        store::incidents::reopen(tx, &written).await.expect("its openings");
    }
}
