//! PostgreSQL for tests: one throw-away server that every test process of this checkout shares, a fresh database
//! a test, and servers of one's own to kill.
//!
//! nextest runs each test in its own process, so the first process starts the shared server under a file lock, writes
//! down where it is, and leaves it running for the others. `cargo xtask test` stops it at the end, unless some other
//! process still holds `in-use.lock`.

mod cluster;
mod processes;

use cluster::Cluster;
use std::{
    fs::{self, File},
    path::PathBuf,
    process,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    thread::sleep,
    time::Duration,
};

static SHARED: LazyLock<Result<Shared, String>> = LazyLock::new(Shared::join);
static PRIVATE_SERVERS: AtomicU32 = AtomicU32::new(0);

struct Shared {
    cluster: Cluster,
    /// Held until this process ends, so that nobody stops the server under its tests.
    _in_use: File,
}

/// A fresh, empty database on the shared server; dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    /// What sqlx and `BEACON_DATABASE_URL` take.
    pub url: String,
    name: String,
    cluster: Cluster,
}

/// A server of one's own, to be stopped, killed and restarted; removed with this value.
#[derive(Debug)]
pub struct PrivateServer {
    /// The address of its one database; the same after a restart.
    pub url: String,
    cluster: Cluster,
    note: PathBuf,
}

/// A fresh database. Safe to call from every test at once.
///
/// # Panics
/// When there is no PostgreSQL on this machine, with the one line to run: a test is never skipped for that.
#[must_use]
#[track_caller]
pub fn database() -> TestDatabase {
    or_fail(try_database())
}

/// A new server of one's own. With `fsync` it keeps its promises as in production; without, it is quick.
///
/// # Panics
/// As [`database`] does.
#[must_use]
#[track_caller]
pub fn private(fsync: bool) -> PrivateServer {
    or_fail(try_private(fsync))
}

impl TestDatabase {
    /// What `sql` prints in this database, one row a line, columns split by `|`.
    ///
    /// # Panics
    /// When the statement fails.
    #[track_caller]
    pub fn psql(&self, sql: &str) -> String {
        or_fail(self.cluster.psql(&self.name, sql))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // Best effort: whatever a killed test leaves behind goes with the server.
        let _ = self.cluster.psql("postgres", &format!("drop database if exists {} with (force)", self.name));
    }
}

impl PrivateServer {
    /// What `sql` prints, one row a line, columns split by `|`.
    ///
    /// # Panics
    /// When the statement fails.
    #[track_caller]
    pub fn psql(&self, sql: &str) -> String {
        or_fail(self.cluster.psql("beacon", sql))
    }

    /// The same where the statement may fail.
    ///
    /// # Errors
    /// What PostgreSQL says.
    pub fn try_psql(&self, sql: &str) -> Result<String, String> {
        self.cluster.psql("beacon", sql)
    }

    /// The folder of everything the server keeps on disk.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.cluster.folder()
    }

    /// Kills the server with all its processes, as a crash would, and waits until they are gone.
    ///
    /// # Panics
    /// When it does not run.
    #[track_caller]
    pub fn kill9(&self) {
        or_fail(self.cluster.kill9());
    }

    /// Closes all connections and stops cleanly.
    ///
    /// # Panics
    /// When it does not run.
    #[track_caller]
    pub fn stop(&self) {
        or_fail(self.cluster.stop("fast"));
    }

    /// Starts it again after [`kill9`](Self::kill9) or [`stop`](Self::stop), and waits until it has recovered.
    ///
    /// # Panics
    /// When it does not come up.
    #[track_caller]
    pub fn restart(&self) {
        let mut outcome = self.cluster.start();
        // A process forked while the others were being killed may hold the old shared memory for a moment.
        for _ in 0..20 {
            if outcome.is_ok() {
                break;
            }
            sleep(Duration::from_millis(250));
            outcome = self.cluster.start();
        }
        or_fail(outcome);
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        self.cluster.remove();
        let _ = fs::remove_file(&self.note);
    }
}

impl Shared {
    fn join() -> Result<Self, String> {
        let registry = registry()?;
        let in_use = lock_file("in-use.lock")?;
        in_use.lock_shared().map_err(|error| error.to_string())?;
        let starting = lock_file("starting.lock")?;
        starting.lock().map_err(|error| error.to_string())?;

        let note = registry.join("shared.json");
        let noted = fs::read(&note).ok().and_then(|bytes| serde_json::from_slice::<Cluster>(&bytes).ok());
        if let Some(cluster) = &noted {
            if cluster.answers() {
                return Ok(Self { cluster: cluster.clone(), _in_use: in_use });
            }
            cluster.remove();
        }
        let mut cluster = Cluster::create(registry.join("shared"), false)?;
        start_noted(&mut cluster, &note)?;
        Ok(Self { cluster, _in_use: in_use })
    }
}

fn try_database() -> Result<TestDatabase, String> {
    let cluster = SHARED.as_ref().map_err(Clone::clone)?.cluster.clone();
    let name = format!("test_{:032x}", u128::from_le_bytes(model::entropy::bytes()));
    cluster.psql("postgres", &format!("create database {name}"))?;
    Ok(TestDatabase { url: cluster.url(&name), name, cluster })
}

fn try_private(fsync: bool) -> Result<PrivateServer, String> {
    let name = format!("private-{}-{}", process::id(), PRIVATE_SERVERS.fetch_add(1, Ordering::Relaxed));
    let registry = registry()?;
    let note = registry.join(format!("{name}.json"));
    let mut cluster = Cluster::create(registry.join(name), fsync)?;
    start_noted(&mut cluster, &note)?;
    let server = PrivateServer { url: cluster.url("beacon"), cluster, note };
    server.cluster.psql("postgres", "create database beacon")?;
    Ok(server)
}

/// Starts a server and writes down where it is, so that other processes find it and `xtask` can clean up after a crash.
fn start_noted(cluster: &mut Cluster, note: &PathBuf) -> Result<(), String> {
    let started = cluster.start_anywhere();
    let written = serde_json::to_vec(cluster).map_err(|error| error.to_string());
    let noted = written.and_then(|bytes| fs::write(note, bytes).map_err(|error| format!("cannot write {}: {error}", note.display())));
    let outcome = started.and(noted);
    if outcome.is_err() {
        cluster.remove();
    }
    outcome
}

/// `target/test-postgres`: the servers' folders, a note for each, and the two lock files.
fn registry() -> Result<PathBuf, String> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/test-postgres"));
    fs::create_dir_all(&folder)
        .and_then(|()| fs::canonicalize(&folder))
        .map_err(|error| format!("cannot make {}: {error}", folder.display()))
}

fn lock_file(name: &str) -> Result<File, String> {
    let path = registry()?.join(name);
    File::options().create(true).append(true).open(&path).map_err(|error| format!("cannot open {}: {error}", path.display()))
}

#[track_caller]
#[expect(clippy::panic, reason = "called by tests only, which must fail rather than skip")]
fn or_fail<T>(outcome: Result<T, String>) -> T {
    outcome.unwrap_or_else(|reason| panic!("{reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_databases_are_apart_and_go_away() {
        let (first, second) = (database(), database());
        assert_ne!(first.url, second.url);
        first.psql("create table only_here (n int)");
        assert_eq!(first.psql("select 1").trim(), "1");
        assert_eq!(second.psql("select count(*) from pg_tables where tablename = 'only_here'").trim(), "0");
        let name = first.name.clone();
        drop(first);
        assert_eq!(second.psql(&format!("select count(*) from pg_database where datname = '{name}'")).trim(), "0");
    }

    #[test]
    fn a_killed_server_of_ones_own_comes_back_with_what_it_had_committed() {
        // After a crash PostgreSQL syncs every file it has, for ten seconds on a busy disk; a killed process needs none of it.
        let server = private(false);
        server.psql("create table kept (n int)");
        for n in 0..2 {
            server.psql(&format!("insert into kept values ({n})"));
            server.kill9();
            server.restart();
        }
        server.stop();
        server.restart();
        assert_eq!(server.psql("select count(*) from kept").trim(), "2");
        let folder = server.psql("show data_directory");
        drop(server);
        assert!(!std::path::Path::new(folder.trim()).exists());
    }

    #[test]
    fn a_server_that_must_keep_its_promises_syncs() {
        assert_eq!(private(true).psql("show fsync").trim(), "on");
        assert_eq!(private(false).psql("show fsync").trim(), "off");
    }
}
