//! A fresh database with one agency and one officer in it.

use model::{
    AccessLabel, Actor, Agency, AgencyKind, Incident, NewIncident, Occurred, Officer, Qualifier, Role, Sharing, SharingLevel, Timestamp,
    Uuid,
};
use store::{Database, Options, StoreError, Tx, agencies, incidents, incidents::Written, labels, open::open};
use testkit::postgres::TestDatabase;

pub(crate) struct World {
    pub(crate) db: Database,
    pub(crate) url: String,
    pub(crate) actor: Actor,
    // Dropped after the connections.
    _folder: Option<tempfile::TempDir>,
    _server: Option<TestDatabase>,
}

pub(crate) fn now() -> Timestamp {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

impl World {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("beacon.db").display());
        Self::at(url, Some(folder), None).await
    }

    pub(crate) async fn postgres() -> Self {
        let server = testkit::postgres::database();
        Self::at(server.url.clone(), None, Some(server)).await
    }

    async fn at(url: String, folder: Option<tempfile::TempDir>, server: Option<TestDatabase>) -> Self {
        let db = open(&Options::new(&url)).await.unwrap();
        let agency =
            Agency { id: id(0xa), name: "Example Council".to_owned(), kind: AgencyKind::Council, contact: None, created_at: now() };
        let officer = Officer {
            id: id(0xb),
            name: "Ada Example".to_owned(),
            agency: agency.id,
            role: Role::Officer,
            created_at: now(),
            suspended_at: None,
        };
        let actor = Actor::new(officer.id, officer.name.clone(), agency.id, agency.kind, officer.role).in_partnerships(vec![id(0x100)]);
        let mut tx = db.begin().await.unwrap();
        agencies::insert(&mut tx, &agency).await.unwrap();
        agencies::insert_officer(&mut tx, &officer).await.unwrap();
        tx.commit().await.unwrap();
        Self { db, url, actor, _folder: folder, _server: server }
    }

    /// The same database, opened once more as another process would.
    pub(crate) async fn again(&self) -> Database {
        open(&Options::new(&self.url)).await.unwrap()
    }

    /// A settled incident that happened on a day of March 2026, with this id.
    pub(crate) fn incident(&self, number: u128, day: i8) -> Incident {
        let new = NewIncident {
            id: Some(id(number)),
            occurred: Occurred { on: Some(jiff::civil::date(2026, 3, day)), ..Occurred::default() },
            qualifier: Some(Qualifier::Nuisance),
            types: vec![213],
            summary: "Fireworks in the park".to_owned(),
            sharing: Some(Sharing::of(SharingLevel::Partnership)),
            ..NewIncident::default()
        };
        new.settle(&self.actor, "2026-03-31T12:00:00Z".parse().unwrap()).unwrap()
    }

    /// An incident ready to be written, its label made.
    pub(crate) async fn written(&self, tx: &mut Tx, incident: Incident) -> Written {
        let label = labels::ensure(tx, &incident.label()).await.unwrap();
        let body = serde_json::to_string(&incident).unwrap();
        Written {
            incident,
            body,
            label,
            people: Vec::new(),
            apart: Vec::new(),
            by: (self.actor.officer, self.actor.agency),
            request_id: "test".to_owned(),
        }
    }

    /// Writes incidents in one transaction.
    pub(crate) async fn insert(&self, all: Vec<Incident>) -> Result<Vec<Uuid>, StoreError> {
        let mut tx = self.db.begin().await?;
        let mut written = Vec::new();
        for incident in all {
            written.push(self.written(&mut tx, incident).await);
        }
        let taken = incidents::insert(&mut tx, &mut written.iter_mut().collect::<Vec<_>>()).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// The first column of whatever SQL.
    pub(crate) async fn sql(&self, text: &str) -> Vec<String> {
        store::testing::sql(&self.db, text).await.unwrap()
    }

    pub(crate) async fn count(&self, table: &str) -> i64 {
        let rows = self.sql(&format!("SELECT CAST(count(*) AS text) FROM {table}")).await;
        rows[0].parse().unwrap()
    }
}

/// A label of an owner, shared with its agency alone.
pub(crate) fn owner_only(owner: Uuid) -> AccessLabel {
    AccessLabel::of(owner, Sharing::of(SharingLevel::OwnerOnly))
}
