//! Stops the PostgreSQL servers that tests leave running for each other (`testkit::postgres` says how they are kept).

use crate::{root, run};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

/// Best effort: when another process still runs tests here, everything stays as it is, for that one to stop.
pub(crate) fn stop() {
    let registry = root().join("target/test-postgres");
    let Ok(in_use) = File::options().append(true).open(registry.join("in-use.lock")) else { return };
    if in_use.try_lock().is_err() {
        return;
    }
    for entry in fs::read_dir(&registry).into_iter().flatten().flatten() {
        let note = entry.path();
        if note.extension().is_some_and(|extension| extension == "json") {
            if let Some(data) = data_folder(&note) {
                stop_server(&data);
            }
            let _ = fs::remove_file(note);
        }
    }
}

fn data_folder(note: &Path) -> Option<PathBuf> {
    let note: serde_json::Value = serde_json::from_slice(&fs::read(note).ok()?).ok()?;
    note["data"].as_str().map(PathBuf::from)
}

fn stop_server(data: &Path) {
    let pid = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    if let Some(pid) = pid.lines().next().and_then(|line| line.trim().parse::<u32>().ok())
        && is_postgres(pid)
    {
        // SIGQUIT is PostgreSQL's immediate stop. The shell's own `kill`: a small machine may have no other.
        let mut kill = Command::new("sh");
        kill.arg("-c").arg(format!("kill -QUIT {pid}; for i in $(seq 100); do kill -0 {pid} 2>/dev/null || break; sleep 0.1; done"));
        let _ = run::answer(kill);
    }
    let _ = fs::remove_dir_all(data);
}

/// The number may have passed to another program since.
fn is_postgres(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() == "postgres")
}
