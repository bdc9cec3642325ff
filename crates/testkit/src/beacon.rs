//! The real `beacon` binary, run as a user would.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

/// The binary: built beside the tests, in the release profile when `BEACON_BINARY` says so.
///
/// # Panics
/// When it has not been built.
#[allow(clippy::disallowed_methods, reason = "tests choose the binary by the environment")]
pub fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("BEACON_BINARY") {
        return PathBuf::from(path);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/debug/beacon");
    assert!(path.is_file(), "{} is not there: run `cargo build -p beacon` first", path.display());
    path
}

/// Where a Beacon keeps its things, and how its commands are run.
#[derive(Debug)]
pub struct Deployment {
    /// `sqlite:PATH` or `postgres://…`.
    pub database_url: String,
    /// The folder of its indexes, inside [`Deployment::folder`].
    pub data_dir: PathBuf,
    /// The key that signs its audit ledger; nodes of one database have the same.
    pub key_file: PathBuf,
    /// A folder of its own, gone with it.
    pub folder: tempfile::TempDir,
    /// What else is set in the environment of its commands.
    pub settings: Vec<(String, String)>,
    /// The build of Beacon that it runs.
    pub program: PathBuf,
}

impl Deployment {
    /// On an SQLite file of its own.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database_url = format!("sqlite:{}", folder.path().join("beacon.db").display());
        Self {
            database_url,
            data_dir: folder.path().join("data"),
            key_file: folder.path().join("beacon.key"),
            folder,
            settings: Vec::new(),
            program: binary(),
        }
    }

    /// On a database that somebody else keeps.
    pub fn on(database_url: impl Into<String>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (data_dir, key_file) = (folder.path().join("data"), folder.path().join("beacon.key"));
        Self { database_url: database_url.into(), data_dir, key_file, folder, settings: Vec::new(), program: binary() }
    }

    /// A command of this deployment, in its folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("BEACON_DATABASE_URL", &self.database_url)
            .env("BEACON_DATA_DIR", &self.data_dir)
            .env("BEACON_KEY_FILE", &self.key_file)
            .env("BEACON_LISTEN", "127.0.0.1:0")
            .env("BEACON_LOG", "warn")
            // One token asks for everybody here; a test of its own sets limits.
            .env("BEACON_REQUESTS_PER_SECOND", "0")
            .env("BEACON_REQUESTS_PER_SECOND_OF_AN_ADDRESS", "0")
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary runs")
    }

    /// Runs a command that must succeed; gives what it printed, trimmed.
    ///
    /// # Panics
    /// With its messages, when it fails.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "beacon {arguments:?} failed: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Enters an agency.
    pub fn agency(&self, name: &str, kind: &str) -> String {
        self.ok(&["agency", "add", name, "--kind", kind])
    }

    /// Enters an officer of an agency; gives a token for them.
    pub fn officer(&self, name: &str, agency: &str, role: &str) -> String {
        self.ok(&["officer", "add", name, "--agency", agency, "--role", role]);
        self.ok(&["token", "create", "--officer", name])
    }

    /// Starts the server and waits until it can answer.
    pub fn serve(&self) -> Server {
        let server = self.serve_at_once();
        server.wait_ready();
        server
    }

    /// Starts the server and waits until it listens.
    ///
    /// # Panics
    /// With its log, when it ends before it listens.
    pub fn serve_at_once(&self) -> Server {
        let log = self.folder.path().join(format!("serve-{}.log", std::process::id()));
        let stderr = std::fs::OpenOptions::new().create(true).append(true).open(&log).expect("a log file");
        let mut child = self.command(&["serve"]).stdout(Stdio::piped()).stderr(stderr).spawn().expect("the binary starts");
        let mut first = String::new();
        let stdout = child.stdout.take().expect("its output is piped");
        BufReader::new(stdout).read_line(&mut first).expect("its first line");
        let Some(url) = first.trim().strip_prefix("listening on ") else {
            let _ = child.wait();
            panic!("the server did not start: {}", std::fs::read_to_string(&log).unwrap_or_default());
        };
        Server { url: url.to_owned(), child, log }
    }
}

/// Waits until `/readyz` of the server at `url` says so; gives whether it did within so many seconds.
pub fn ready_within(url: &str, seconds: u64) -> bool {
    let began = Instant::now();
    while crate::http::get(url, "", "/readyz").status != 200 {
        if began.elapsed() > Duration::from_secs(seconds) {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}

/// A running server; killed when it goes.
#[derive(Debug)]
pub struct Server {
    /// Its address, as `http://127.0.0.1:40123`.
    pub url: String,
    /// The process.
    pub child: Child,
    log: PathBuf,
}

impl Server {
    /// Waits until `/readyz` says so.
    ///
    /// # Panics
    /// After a minute.
    pub fn wait_ready(&self) {
        assert!(ready_within(&self.url, 60), "not ready after a minute: {}", self.log());
    }

    /// Everything it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to stop, and waits until it has.
    ///
    /// # Panics
    /// When it does not end well.
    pub fn stop(mut self) {
        let asked = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status().expect("kill runs");
        assert!(asked.success());
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "the server ended with {status}: {}", self.log());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
