//! A service on a fresh database, two agencies, and officers who ask it things.

use model::{
    Actor, AgencyKind, Clock, NewIncident, NewInvolvement, NewPlace, Occurred, Qualifier, Role, Timestamp, Uuid,
    audit::{Purpose, Request},
    involvement::{InvolvementRole, Person, PersonName},
};
use service::{
    Retry, Service, ServiceError, Settings,
    agencies::{NewAgency, NewOfficer},
    hotspots::{HotspotQuery, Method},
    incidents::{CreateOptions, CreatedIncident},
    name_search::NameSearch,
};
use std::{path::Path, time::Duration};
use store::{Database, Options, audit, incidents::Key, open::open};
use testkit::postgres::TestDatabase;

pub(crate) struct World {
    service: Option<Service>,
    pub(crate) clock: Clock,
    pub(crate) url: String,
    /// Of a council.
    pub(crate) officer: Actor,
    /// Of the same council.
    pub(crate) data_protection: Actor,
    /// Of the same council.
    pub(crate) administrator: Actor,
    pub(crate) folder: tempfile::TempDir,
    // Dropped after the connections.
    server: Option<TestDatabase>,
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

async fn start(url: &str, clock: &Clock, data_dir: &Path) -> Service {
    let settings = Settings {
        data_dir: data_dir.to_owned(),
        indexes: true,
        sealing: None,
        erasure_list: None,
        sessions: service::sessions::Lifetime::default(),
        people: 1_000_000,
    };
    for _ in 0..100 {
        let database = open(&Options::new(url)).await.unwrap();
        match Service::start(database, clock.clone(), settings.clone()).await {
            Ok(service) => return service,
            // The one stopped just now has not let go of the folder yet.
            Err(ServiceError::Unavailable(told)) if told.contains("another") || told.contains("use") => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
    panic!("the index folder is still in use");
}

impl World {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("beacon.db").display());
        Self::at(url, folder, None).await
    }

    pub(crate) async fn postgres() -> Self {
        let server = testkit::postgres::database();
        Self::at(server.url.clone(), tempfile::tempdir().unwrap(), Some(server)).await
    }

    async fn at(url: String, folder: tempfile::TempDir, server: Option<TestDatabase>) -> Self {
        let clock = Clock::fixed("2026-03-02T12:00:00Z".parse::<Timestamp>().unwrap());
        let service = start(&url, &clock, &folder.path().join("data")).await;
        let nobody = Actor::console();
        let mut world = Self {
            service: Some(service),
            clock,
            url,
            officer: nobody.clone(),
            data_protection: nobody.clone(),
            administrator: nobody,
            folder,
            server,
        };
        let council = NewAgency {
            id: Some(id(0xa)),
            name: "Example Council".to_owned(),
            kind: AgencyKind::Council,
            contact: None,
            partnership: None,
        };
        world.service().add_agency(&world.request(&Actor::console()), council).await.unwrap();
        world.officer = world.officer_of(0xb, "Ada Example", Role::Officer).await;
        world.data_protection = world.officer_of(0xc, "Bo Example", Role::DataProtectionOfficer).await;
        world.administrator = world.officer_of(0xd, "Cy Example", Role::Administrator).await;
        world
    }

    pub(crate) fn service(&self) -> &Service {
        self.service.as_ref().unwrap()
    }

    async fn officer_of(&self, number: u128, name: &str, role: Role) -> Actor {
        let new = NewOfficer { id: Some(id(number)), name: name.to_owned(), agency: id(0xa), role };
        let officer = self.service().add_officer(&self.request(&Actor::console()), new).await.unwrap();
        self.service().actor(&officer).await.unwrap()
    }

    /// Another world of the same kind of database, with nothing of this one.
    pub(crate) async fn another(&self) -> Self {
        if self.server.is_some() { Self::postgres().await } else { Self::sqlite().await }
    }

    /// Stops the service, and lets go of its index folder.
    pub(crate) async fn stop(&mut self) {
        self.service().stop().await;
        self.service = None;
    }

    /// Stops the service and starts another on the same database, with its indexes in this folder.
    pub(crate) async fn restart(&mut self, data_dir: &Path) {
        self.stop().await;
        self.service = Some(start(&self.url, &self.clock, data_dir).await);
    }

    pub(crate) fn data_dir(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.server.is_some()
    }

    /// The same database, opened as another process would.
    pub(crate) async fn other_process(&self) -> Database {
        open(&Options::new(&self.url)).await.unwrap()
    }

    /// A request with an id of its own.
    pub(crate) fn request(&self, actor: &Actor) -> Request {
        let at = self.clock.now();
        Request { actor: actor.clone(), at, id: model::entropy::id(at).to_string(), purpose: purpose(), token: None }
    }

    /// Logs an incident for the officer.
    pub(crate) async fn log(&self, new: NewIncident) -> CreatedIncident {
        self.service().create_incident(&self.request(&self.officer), new, minimal(None)).await.unwrap()
    }

    /// The names found, best first.
    pub(crate) async fn found(&self, name: &str) -> Result<Vec<String>, ServiceError> {
        let search = NameSearch { name: name.to_owned(), ..NameSearch::default() };
        let found = self.service().search_names(&self.request(&self.officer), search).await?;
        Ok(found.people.into_iter().flat_map(|person| person.hits).map(|hit| hit.name).collect())
    }

    /// The incidents counted around Stockton.
    pub(crate) async fn counted(&self) -> Result<u64, ServiceError> {
        Ok(self.service().hotspots(&self.request(&self.officer), stockton()).await?.total)
    }

    /// The ledger's rows of a request: action and outcome.
    pub(crate) async fn ledger(&self, request: &str) -> Vec<(String, String)> {
        let mut tx = self.service().database().read().await.unwrap();
        let mut rows = audit::page(&mut tx, &audit::Filter::default(), 100_000).await.unwrap();
        rows.retain(|row| row.request_id == request);
        rows.into_iter().rev().map(|row| (row.action, row.outcome)).collect()
    }

    pub(crate) async fn sql(&self, text: &str) -> Vec<String> {
        store::testing::sql(self.service().database(), text).await.unwrap()
    }

    pub(crate) async fn count(&self, table: &str) -> i64 {
        self.sql(&format!("SELECT CAST(count(*) AS text) FROM {table}")).await[0].parse().unwrap()
    }

    /// Waits until the index on disk holds everything.
    pub(crate) async fn settled(&self) {
        for _ in 0..500 {
            let readiness = self.service().readiness().await;
            if readiness.ready && readiness.index_lag == 0 {
                // The lag is told at the end of a step: one more must have begun after the last write.
                tokio::time::sleep(Duration::from_millis(250)).await;
                if self.service().readiness().await.index_lag == 0 {
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the index does not catch up: {:?}", self.service().readiness().await);
    }
}

pub(crate) fn minimal(retry: Option<Retry>) -> CreateOptions {
    CreateOptions { minimal: true, retry }
}

pub(crate) fn retry(key: &str, body: u8) -> Option<Retry> {
    Some(Retry { key: key.to_owned(), request_hash: [body; 32] })
}

pub(crate) fn by_id(id: Uuid) -> Key {
    Key::Id(id)
}

/// An incident in Stockton that names nobody.
pub(crate) fn incident() -> NewIncident {
    NewIncident {
        occurred: Occurred { on: Some(jiff::civil::date(2026, 3, 1)), ..Occurred::default() },
        qualifier: Some(Qualifier::Nuisance),
        types: vec![213],
        summary: "Fireworks in the park".to_owned(),
        places: vec![NewPlace { easting: Some(444_100.0), northing: Some(518_600.0), ..NewPlace::default() }],
        ..NewIncident::default()
    }
}

/// One that names somebody complained about.
pub(crate) fn naming(given: &str, family: &str) -> NewIncident {
    NewIncident { involvements: vec![person(given, family)], ..incident() }
}

pub(crate) fn person(given: &str, family: &str) -> NewInvolvement {
    let name = PersonName { given: Some(given.to_owned()), family: Some(family.to_owned()), ..PersonName::default() };
    NewInvolvement {
        person: Some(Person { name, ..Person::default() }),
        roles: vec![InvolvementRole::PersonComplainedAbout],
        ..NewInvolvement::default()
    }
}

pub(crate) fn stockton() -> HotspotQuery {
    HotspotQuery {
        from_day: None,
        to_day: None,
        types: 0,
        agencies: Vec::new(),
        bounds: Some([440_000.0, 515_000.0, 450_000.0, 525_000.0]),
        areas: None,
        cell_size: 250,
        method: Method::Counts,
    }
}

/// What every look of these tests is for.
pub(crate) fn purpose() -> Purpose {
    Purpose { code: Some("investigation".to_owned()), reference: Some("LOG 1/2026".to_owned()) }
}
