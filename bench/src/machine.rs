//! What figures depend on: the machine, its disk, the commit.

use std::{
    fs,
    io::Write,
    process::Command,
    time::{Duration, Instant},
};

/// The machine and the source the figures come from. No names, no paths.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Machine {
    commit: String,
    cpu: String,
    cores: usize,
    memory_gib: u64,
    kernel: String,
    fsync_us: u64,
}

impl Machine {
    /// Looks.
    pub(crate) fn look() -> Self {
        let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = cpu
            .lines()
            .find_map(|line| line.strip_prefix("model name"))
            .map_or("unknown", |rest| rest.trim_start_matches(['\t', ' ', ':']));
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let kib: u64 = memory.lines().next().and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0);
        Self {
            commit: built_from(),
            cpu: model.to_owned(),
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            memory_gib: kib.div_ceil(1 << 20),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned(),
            fsync_us: u64::try_from(fsync().as_micros()).unwrap_or(u64::MAX),
        }
    }

    /// In a line.
    pub(crate) fn line(&self) -> String {
        format!(
            "Commit {}; {}, {} cores, {} GiB; Linux {}; fsync of a 4 KiB append: {} µs (median of 200).",
            self.commit, self.cpu, self.cores, self.memory_gib, self.kernel, self.fsync_us
        )
    }
}

/// The environment's word for the commit that the measured binary was built from.
pub(crate) const COMMIT: &str = "BEACON_MEASURED_COMMIT";

#[allow(clippy::disallowed_methods, reason = "told by the run of this program that built the binary")]
fn built_from() -> String {
    std::env::var(COMMIT).unwrap_or_else(|_| "unknown (BEACON_BINARY)".to_owned())
}

/// The commit of the checkout; `+` after it where the tree holds more than it.
pub(crate) fn head() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
        output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
    };
    let changed = !git(&[
        "status",
        "--porcelain",
        "--untracked-files=no",
        "--",
        "../crates",
        ":!../crates/testkit",
        "../migrations",
        "../Cargo.toml",
    ])
    .is_empty();
    format!("{}{}", git(&["rev-parse", "--short=10", "HEAD"]), if changed { "+" } else { "" })
}

/// The median of 200 fsyncs, each after an append of 4 KiB, where the databases of the benchmarks are.
fn fsync() -> Duration {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut file = fs::File::create(folder.path().join("fsync")).expect("a file");
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            file.write_all(&[7; 4096]).expect("the disk takes it");
            let began = Instant::now();
            file.sync_all().expect("the disk takes it");
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[100]
}
