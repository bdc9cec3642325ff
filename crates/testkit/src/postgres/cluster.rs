//! One PostgreSQL cluster: its folder, its port, and the programs that make, start and stop it.

use super::processes;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::Write,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread::sleep,
    time::Duration,
};

/// What to tell somebody whose machine has no PostgreSQL.
const MISSING: &str = "PostgreSQL's programs (initdb, postgres, pg_ctl) are not on this machine. Run: cargo xtask setup";
const ROOT_REFUSED: &str = "cannot be run as root";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Cluster {
    programs: PathBuf,
    data: PathBuf,
    port: u16,
    /// PostgreSQL refuses to run as root; root lets the system's user `postgres` run it.
    as_postgres: bool,
}

impl Cluster {
    /// A new, stopped cluster, in `folder` when the account that runs PostgreSQL can reach it, else among the temporary files.
    pub(super) fn create(folder: PathBuf, fsync: bool) -> Result<Self, String> {
        let programs = find_programs()?;
        make_empty(&folder)?;
        let mut cluster = Self { programs, data: folder, port: 0, as_postgres: false };
        match cluster.initialise() {
            Err(reason) if reason.contains(ROOT_REFUSED) => {
                cluster.hand_to_postgres()?;
                cluster.initialise()?;
            }
            other => other?,
        }
        cluster.configure(fsync).map_err(|error| format!("cannot write to {}: {error}", cluster.data.display()))?;
        Ok(cluster)
    }

    /// Starts on a free port of this machine's own address.
    pub(super) fn start_anywhere(&mut self) -> Result<(), String> {
        let mut outcome = Err(String::new());
        // Another program may take the port between our look and PostgreSQL's.
        for _ in 0..5 {
            self.port = free_port().map_err(|error| format!("no free port: {error}"))?;
            outcome = self.start();
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }

    /// Starts on the port it had, and waits until it has recovered and answers.
    pub(super) fn start(&self) -> Result<(), String> {
        let log = self.data.join("server.log");
        let mut start = self.command("pg_ctl");
        start.args(["start", "--silent", "--wait", "--timeout=60", "-o"]).arg(format!("-p {}", self.port));
        start.arg("--log").arg(&log).arg("--pgdata").arg(&self.data);
        // The server must not hold the test's own output open after the test has ended.
        let status = start.stdout(Stdio::null()).stderr(Stdio::null()).status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err(format!("PostgreSQL did not start; its log:\n{}", fs::read_to_string(&log).unwrap_or_default())),
            Err(error) => Err(format!("cannot run pg_ctl: {error}")),
        }
    }

    /// Stops in the way of `pg_ctl`'s mode: `fast` closes cleanly, `immediate` leaves recovery to the next start.
    pub(super) fn stop(&self, mode: &str) -> Result<(), String> {
        let mut stop = self.command("pg_ctl");
        stop.args(["stop", "--silent", "--wait", "--mode", mode, "--pgdata"]).arg(&self.data);
        run(stop).map(drop)
    }

    /// Kills the server and every process it started, at once, as a crash would.
    pub(super) fn kill9(&self) -> Result<(), String> {
        let pid = self.pid().ok_or("the server is not running")?;
        let mut victims = processes::children(pid);
        victims.insert(0, pid);
        let list: Vec<String> = victims.iter().map(u32::to_string).collect();
        let mut kill = Command::new("sh");
        // One that has ended by itself in the meantime is no failure.
        kill.arg("-c").arg(format!("kill -9 {} 2>/dev/null || true", list.join(" ")));
        run(kill)?;
        for _ in 0..1000 {
            if !victims.iter().any(|&pid| processes::alive(pid)) {
                return Ok(());
            }
            sleep(Duration::from_millis(10));
        }
        Err("the killed server did not end within ten seconds".to_owned())
    }

    /// Stops it, however it is, and removes its files.
    pub(super) fn remove(&self) {
        let _ = self.stop("immediate");
        let _ = fs::remove_dir_all(&self.data);
    }

    /// Whether this very cluster answers, rather than another one that has since been given its port. One that runs
    /// but is too busy to answer is given time: other tests depend on it.
    pub(super) fn answers(&self) -> bool {
        for _ in 0..20 {
            if self.psql("postgres", "show data_directory").is_ok_and(|folder| Path::new(folder.trim()) == self.data) {
                return true;
            }
            if !self.pid().is_some_and(processes::alive) {
                return false;
            }
            sleep(Duration::from_millis(250));
        }
        false
    }

    /// What `sql` prints, one row a line, columns split by `|`.
    pub(super) fn psql(&self, database: &str, sql: &str) -> Result<String, String> {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-h", "127.0.0.1", "-U", "beacon", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql]);
        psql.arg("-p").arg(self.port.to_string());
        run(psql).map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    pub(super) fn folder(&self) -> &Path {
        &self.data
    }

    pub(super) fn url(&self, database: &str) -> String {
        format!("postgres://beacon@127.0.0.1:{}/{database}", self.port)
    }

    fn pid(&self) -> Option<u32> {
        fs::read_to_string(self.data.join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
    }

    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let mut command = if self.as_postgres {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir("/").env("LC_ALL", "C").stdin(Stdio::null());
        command
    }

    fn initialise(&self) -> Result<(), String> {
        let mut initdb = self.command("initdb");
        initdb.args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--username=beacon", "--pgdata"]).arg(&self.data);
        run(initdb).map(drop)
    }

    fn hand_to_postgres(&mut self) -> Result<(), String> {
        self.as_postgres = true;
        if self.give().is_ok() {
            return Ok(());
        }
        let _ = fs::remove_dir_all(&self.data);
        let folder = tempfile::Builder::new().prefix("beacon-postgres-").tempdir();
        self.data = folder.map_err(|error| format!("no temporary folder: {error}"))?.keep();
        self.give()
    }

    /// Makes the user `postgres` owner of the folder; an error when that user cannot reach it even so.
    fn give(&self) -> Result<(), String> {
        let mut chown = Command::new("chown");
        chown.arg("postgres").arg(&self.data);
        run(chown)?;
        let mut reach = Command::new("runuser");
        reach.args(["-u", "postgres", "--", "test", "-w"]).arg(&self.data);
        run(reach).map(drop)
    }

    fn configure(&self, fsync: bool) -> std::io::Result<()> {
        let mut file = fs::OpenOptions::new().append(true).open(self.data.join("postgresql.conf"))?;
        writeln!(file, "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 200")?;
        if !fsync {
            writeln!(file, "fsync = off\nfull_page_writes = off")?;
        }
        Ok(())
    }
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn make_empty(folder: &Path) -> Result<(), String> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))
}

/// The folder of PostgreSQL's programs: the one on the search path, else the newest that Debian has installed.
fn find_programs() -> Result<PathBuf, String> {
    let mut look = Command::new("sh");
    look.args(["-c", "command -v initdb"]);
    if let Ok(output) = run(look) {
        let path = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        // Beside the link on the search path the other programs may be missing; beside the program itself they are not.
        if let Some(folder) = fs::canonicalize(path).ok().and_then(|path| path.parent().map(Path::to_owned)) {
            return Ok(folder);
        }
    }
    let version = |folder: &PathBuf| folder.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let newest = installed.filter(|folder| folder.join("bin/initdb").exists()).max_by_key(version);
    newest.map(|folder| folder.join("bin")).ok_or_else(|| MISSING.to_owned())
}

fn run(mut command: Command) -> Result<Output, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("cannot run {name}: {error}"))?;
    if output.status.success() { Ok(output) } else { Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim())) }
}
