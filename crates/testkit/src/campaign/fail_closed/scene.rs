//! What is done to the ledger, and how it is undone, on either database.

use super::mount::Disk;
use crate::{
    beacon::{Deployment, Server},
    campaign::On,
    postgres::{self, PrivateServer},
};
use rusqlite::Connection;
use std::{
    os::unix::fs::{MetadataExt, chown},
    sync::Arc,
    thread::{JoinHandle, sleep},
    time::{Duration, Instant},
};

/// What is done to the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// Its table is not there.
    Dropped,
    /// Nothing can be added to it.
    ReadOnly,
    /// Nothing can be written to its disk.
    DiskFull,
    /// Somebody else holds it.
    Locked,
    /// Adding to it takes longer than anybody waits.
    Slow,
}

impl Scene {
    /// All of them; the last two take a minute each.
    pub const ALL: [Self; 5] = [Self::Dropped, Self::ReadOnly, Self::DiskFull, Self::Locked, Self::Slow];

    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dropped => "dropped",
            Self::ReadOnly => "read-only",
            Self::DiskFull => "disk full",
            Self::Locked => "locked",
            Self::Slow => "slow",
        }
    }
}

/// A deployment whose ledger stands on a small disk: all of the database on SQLite, the table alone on PostgreSQL.
pub(super) struct Stage {
    pub(super) deployment: Deployment,
    server: Option<Server>,
    postgres: Option<Arc<PrivateServer>>,
    holding: Option<Holding>,
    // Unmounted last.
    disk: Disk,
}

/// Who holds the lock.
enum Holding {
    Sqlite(Connection),
    Postgres(JoinHandle<()>),
}

/// Long enough for everything that was asked to be answered.
const SLEEP: u32 = 600;

impl Stage {
    /// An empty one.
    pub(super) fn new(on: On) -> Self {
        match on {
            On::Sqlite => {
                let disk = Disk::new(24);
                let mut deployment = Deployment::sqlite();
                deployment.database_url = format!("sqlite:{}", disk.folder().join("beacon.db").display());
                Self { deployment, server: None, postgres: None, holding: None, disk }
            }
            On::Postgres => {
                let disk = Disk::new(1);
                let server = postgres::private(false);
                let owner = std::fs::metadata(server.folder()).expect("the server's folder");
                chown(disk.folder(), Some(owner.uid()), Some(owner.gid())).expect("the disk is given to PostgreSQL");
                server.psql(&format!("CREATE TABLESPACE small LOCATION '{}'", disk.folder().display()));
                let deployment = Deployment::on(&server.url);
                Self { deployment, server: None, postgres: Some(Arc::new(server)), holding: None, disk }
            }
        }
    }

    /// Starts the server, the ledger on the small disk.
    pub(super) fn serve(&mut self) {
        if let Some(server) = &self.postgres {
            server.psql("ALTER TABLE audit SET TABLESPACE small");
            server.psql("ALTER TABLE audit SET (autovacuum_enabled = false)");
        }
        self.server = Some(self.deployment.serve());
    }

    pub(super) fn url(&self) -> &str {
        &self.server.as_ref().expect("the server runs").url
    }

    /// Everything the server has logged.
    pub(super) fn log(&self) -> String {
        self.server.as_ref().expect("the server runs").log()
    }

    /// Waits until it answers again.
    pub(super) fn wait_ready(&self) {
        self.server.as_ref().expect("the server runs").wait_ready();
    }

    fn connect(&self) -> Connection {
        let connection = Connection::open(self.deployment.database_url.trim_start_matches("sqlite:")).expect("the database opens");
        connection.busy_timeout(Duration::from_secs(20)).expect("a timeout");
        connection
    }

    fn run(&self, sqlite: &str, postgres: &str) {
        match &self.postgres {
            Some(server) => drop(server.psql(postgres)),
            None => self.connect().execute_batch(sqlite).unwrap_or_else(|error| panic!("{sqlite}: {error}")),
        }
    }

    /// Breaks the ledger.
    pub(super) fn spoil(&mut self, scene: Scene) {
        match scene {
            Scene::Dropped => self.run("ALTER TABLE audit RENAME TO audit_away", "ALTER TABLE audit RENAME TO audit_away"),
            Scene::ReadOnly => {
                self.run(
                    "CREATE TRIGGER spoilt BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'read-only'); END",
                    "ALTER DATABASE beacon SET default_transaction_read_only = on",
                );
                self.disconnect();
            }
            Scene::DiskFull => {
                // Whatever room there is in the table's pages is known before the disk is full.
                if let Some(server) = &self.postgres {
                    server.psql("VACUUM audit");
                }
                self.disk.fill();
                if let Some(server) = &self.postgres {
                    // The table's pages still have room: rows that are never committed take it.
                    let told = server.try_psql(
                        "INSERT INTO audit (at, officer_id, agency_id, operation, action, records, outcome, request_id, salt)
                         SELECT now(), gen_random_uuid(), gen_random_uuid(), '', '', '', '', '', decode(repeat('00', 16), 'hex') FROM generate_series(1, 100000)",
                    );
                    assert!(told.as_ref().is_err_and(|error| error.contains("No space left")), "the disk is not full: {told:?}");
                }
            }
            Scene::Locked => self.hold(),
            Scene::Slow => self.run(
                "CREATE TRIGGER spoilt BEFORE INSERT ON audit BEGIN
                 SELECT count(*) FROM (WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 1000000000000) SELECT x FROM n);
                 END",
                &format!(
                    "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep({SLEEP}); RETURN NEW; END $$;
                     CREATE TRIGGER spoilt BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION spoil()"
                ),
            ),
        }
    }

    /// Undoes it.
    pub(super) fn mend(&mut self, scene: Scene) {
        match scene {
            Scene::Dropped => self.run("ALTER TABLE audit_away RENAME TO audit", "ALTER TABLE audit_away RENAME TO audit"),
            Scene::ReadOnly => {
                self.run("DROP TRIGGER spoilt", "BEGIN READ WRITE; ALTER DATABASE beacon RESET default_transaction_read_only; COMMIT");
                self.disconnect();
            }
            Scene::DiskFull => self.disk.empty(),
            Scene::Locked => self.let_go(),
            Scene::Slow => {
                // What sleeps cannot be told to stop: the server goes, with everything it was doing.
                if let Some(server) = self.server.take() {
                    server.kill();
                }
                self.disconnect();
                self.run("DROP TRIGGER spoilt", "DROP TRIGGER spoilt ON audit; DROP FUNCTION spoil()");
                self.server = Some(self.deployment.serve());
            }
        }
    }

    /// Takes Beacon's connections to PostgreSQL away: a setting of the database holds for new ones.
    fn disconnect(&self) {
        if let Some(server) = &self.postgres {
            server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'beacon'");
        }
    }

    fn hold(&mut self) {
        self.holding = Some(match self.postgres.clone() {
            None => {
                let connection = self.connect();
                connection.execute_batch("BEGIN EXCLUSIVE").expect("the lock");
                Holding::Sqlite(connection)
            }
            Some(server) => {
                let locks = server.clone();
                let holder = std::thread::spawn(move || {
                    let _ = locks.try_psql(&format!("LOCK TABLE audit IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({SLEEP})"));
                });
                let began = Instant::now();
                while server
                    .psql("SELECT count(*) FROM pg_locks WHERE relation = 'audit'::regclass AND mode = 'AccessExclusiveLock' AND granted")
                    .trim()
                    != "1"
                {
                    assert!(began.elapsed() < Duration::from_secs(30), "the table could not be locked");
                    sleep(Duration::from_millis(20));
                }
                Holding::Postgres(holder)
            }
        });
    }

    fn let_go(&mut self) {
        match self.holding.take() {
            Some(Holding::Sqlite(connection)) => connection.execute_batch("ROLLBACK").expect("the lock is given back"),
            Some(Holding::Postgres(holder)) => {
                self.run("", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LOCK TABLE%'");
                holder.join().expect("whoever held the lock is gone");
            }
            None => {}
        }
    }

    /// On a disk that is read-only from the start, no server listens: it says what to do. PostgreSQL keeps its own disk.
    pub(super) fn refuses_to_start_read_only(&mut self) -> Option<bool> {
        if self.postgres.is_some() {
            return None;
        }
        if let Some(server) = self.server.take() {
            server.stop();
        }
        self.disk.read_only(true);
        let output = self.deployment.run(&["serve"]);
        self.disk.read_only(false);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        Some(!output.status.success() && output.stdout.is_empty() && told.contains("cannot be written"))
    }
}
