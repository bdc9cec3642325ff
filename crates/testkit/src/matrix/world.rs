//! A service in this process, on a clock that is set, with every agency, officer, secondment and record of the matrix.

use super::{
    cell::{self, Cell, DARLINGTON, END, STOCKTON, id},
    record::Record,
};
use crate::{
    campaign::On,
    postgres::{self, TestDatabase},
};
use axum::Router;
use model::{
    Actor, Agency, AgencyKind, Clock, Membership, Officer, Partnership, Role, Secondment, Timestamp, Uuid,
    audit::{Purpose, Request},
};
use service::{Service, Settings, tokens::NewToken};
use std::collections::{BTreeMap, HashMap};
use store::{Database, Options, Tx, incidents::Written};

/// The world, and how its callers sign in.
pub(super) struct World {
    pub(super) router: Router,
    service: Service,
    clock: Clock,
    tokens: BTreeMap<Uuid, String>,
    records: HashMap<(&'static str, model::SharingLevel, model::access::Grade, model::access::Beyond, &'static str), Record>,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

/// Everything is entered a day before anything begins.
fn entered_at() -> Timestamp {
    Timestamp::from_micros(cell::START).plus_seconds(-86_400)
}

impl World {
    /// Enters all that these cells need.
    pub(super) async fn new(on: On, cells: &[Cell]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (url, kept) = match on {
            On::Sqlite => (format!("sqlite:{}", folder.path().join("beacon.db").display()), None),
            On::Postgres => {
                let database = postgres::database();
                (database.url.clone(), Some(database))
            }
        };
        let database = store::open::open(&Options::new(&url)).await.expect("the database opens");
        enter_people(&database, cells).await;
        let records = enter_records(&database, cells).await;
        let clock = Clock::fixed(entered_at());
        let settings = Settings { data_dir: folder.path().join("data"), indexes: true };
        let service = Service::start(database, clock.clone(), settings).await.expect("the service starts");
        let tokens = sign_in(&service, cells).await;
        while !service.readiness().await.ready {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let router = api::router(api::App { service: service.clone() });
        Self { router, service, clock, tokens, records, _folder: folder, _database: kept }
    }

    /// Sets the clock.
    pub(super) fn set(&self, at: Timestamp) {
        let away = at.micros() - self.clock.now().micros();
        self.clock.advance(away / 1_000_000);
        assert_eq!(self.clock.now(), at, "the clock moves by whole seconds");
    }

    pub(super) fn token(&self, cell: &Cell) -> &str {
        &self.tokens[&cell.officer()]
    }

    pub(super) fn record(&self, cell: &Cell) -> &Record {
        &self.records[&cell.record()]
    }

    /// Stops the service.
    pub(super) async fn stop(self) {
        self.service.stop().await;
    }
}

async fn committed(database: &Database, work: impl AsyncFnOnce(&mut Tx)) {
    let mut tx = database.begin().await.expect("a transaction");
    work(&mut tx).await;
    tx.commit().await.expect("it is committed");
}

async fn enter_people(database: &Database, cells: &[Cell]) {
    let at = entered_at();
    let agencies = [
        (cell::OWNER, AgencyKind::Council, &[STOCKTON][..]),
        (cell::OWNER_FORCE, AgencyKind::Police, &[STOCKTON]),
        (cell::NAMED, AgencyKind::Housing, &[STOCKTON]),
        (cell::PARTNER, AgencyKind::Probation, &[STOCKTON]),
        (cell::POLICE, AgencyKind::Police, &[DARLINGTON, STOCKTON]),
        (cell::OTHER, AgencyKind::Council, &[DARLINGTON]),
        (cell::ALONE, AgencyKind::Other, &[]),
    ];
    committed(database, async |tx| {
        for (number, name) in [(STOCKTON, "Stockton"), (DARLINGTON, "Darlington")] {
            let partnership = Partnership { id: id(number), name: name.to_owned(), created_at: at };
            store::partnerships::insert(tx, &partnership).await.expect("a partnership");
        }
        for (number, kind, partnerships) in agencies {
            let agency = Agency { id: id(number), name: format!("Agency {number}"), kind, contact: None, created_at: at };
            store::agencies::insert(tx, &agency).await.expect("an agency");
            for (order, partnership) in (0..).zip(partnerships) {
                // The one an agency has been in longest is its own.
                let from = at.plus_seconds(order - 1_000);
                let member = Membership { partnership: id(*partnership), agency: id(number), from, until: None };
                store::partnerships::join(tx, &member).await.expect("a membership");
            }
        }
        let mut officers: BTreeMap<Uuid, Cell> = cells.iter().map(|cell| (cell.officer(), *cell)).collect();
        for (officer, cell) in std::mem::take(&mut officers) {
            enter_officer(tx, officer, &cell, at).await;
        }
    })
    .await;
}

async fn enter_officer(tx: &mut Tx, officer: Uuid, cell: &Cell, at: Timestamp) {
    // Under a secondment it is the role there that counts.
    let role = if cell.seconded() { Role::Officer } else { cell.role };
    let entered =
        Officer { id: officer, name: format!("Officer {officer}"), agency: cell.home(), role, created_at: at, suspended_at: None };
    store::agencies::insert_officer(tx, &entered).await.expect("an officer");
    if cell.seconded() {
        let secondment = Secondment {
            id: Uuid::from_u128(officer.as_u128() + 1_000_000),
            officer,
            home: cell.home(),
            host: cell.acts_for().0,
            role: cell.role,
            sensitive: cell.relation == "seconded_in_sensitive",
            from: Timestamp::from_micros(cell::START),
            until: Timestamp::from_micros(END),
            approved_by: officer,
            approved_at: at,
            ended_at: None,
        };
        store::partnerships::second(tx, &secondment).await.expect("a secondment");
    }
}

async fn enter_records(
    database: &Database,
    cells: &[Cell],
) -> HashMap<(&'static str, model::SharingLevel, model::access::Grade, model::access::Beyond, &'static str), Record> {
    let mut records = HashMap::new();
    for cell in cells {
        let number = records.len();
        records.entry(cell.record()).or_insert_with(|| Record::of(*cell, number, entered_at()));
    }
    committed(database, async |tx| {
        for record in records.values() {
            let label = store::labels::ensure(tx, &record.incident.label()).await.expect("a label");
            let mut people = Vec::new();
            for part in &record.incident.involvements {
                let label = store::labels::ensure(tx, &record.incident.person_label(part)).await.expect("a label");
                people.push((part.id, label, None));
            }
            let incident = record.incident.clone();
            let body = serde_json::to_string(&incident).expect("a body");
            let by = (incident.recorded_by, incident.recording_agency);
            let mut written = Written { incident, body, label, people, by, request_id: "matrix".to_owned() };
            let taken = store::incidents::insert(tx, &mut [&mut written]).await.expect("a record");
            assert!(taken.is_empty());
            store::incidents::reopen(tx, &written).await.expect("its openings");
        }
    })
    .await;
    records
}

async fn sign_in(service: &Service, cells: &[Cell]) -> BTreeMap<Uuid, String> {
    let purpose = Purpose { code: Some("system_operation".to_owned()), reference: None };
    let console = Request { actor: Actor::console(), at: service.clock().now(), id: "matrix".to_owned(), purpose, token: None };
    let mut tokens = BTreeMap::new();
    for cell in cells {
        if !tokens.contains_key(&cell.officer()) {
            let token = identity::new_token();
            let new = NewToken { officer: cell.officer(), expires_at: None };
            service.add_token(&console, new, token.hash).await.expect("a token");
            tokens.insert(cell.officer(), token.text);
        }
    }
    tokens
}
