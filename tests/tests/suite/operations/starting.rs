//! Starting, helping, and refusing to start with words that say what to do.

use rusqlite::Connection;
use std::{
    net::TcpListener,
    process::{Command, Output},
};
use testkit::beacon::Deployment;
use tests::{Backend, World};

fn refused(command: &mut Command, words: &[&str]) {
    let output: Output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && output.status.code().is_some(), "it started, or was killed: {told}");
    assert!(output.stdout.is_empty(), "nothing on standard output: {}", String::from_utf8_lossy(&output.stdout));
    assert!(told.starts_with("beacon: ") && told.lines().count() <= 12 && !told.contains("panicked"), "{told}");
    assert!(!told.contains("hunter2"), "a password is not told: {told}");
    for word in words {
        assert!(told.contains(word), "{word:?} is not in: {told}");
    }
}

/// Without a database and with one, every command that opens it refuses alike; `serve` stands for all.
fn serve(deployment: &Deployment) -> Command {
    deployment.command(&["serve"])
}

#[test]
fn a_place_that_cannot_be_used_is_told_with_the_remedy() {
    let here = Deployment::sqlite();
    let at = |url: &str| Deployment::on(url.to_owned());
    refused(&mut serve(&at("sqlite:/nowhere/at/all/beacon.db")), &["/nowhere/at/all", "create it", "BEACON_DATABASE_URL"]);
    // The tests may run as an administrator, whom only the kernel's own file systems stop.
    refused(&mut serve(&at("sqlite:/proc/beacon.db")), &["cannot be written", "/proc", "BEACON_DATABASE_URL"]);
    refused(serve(&here).env("BEACON_DATA_DIR", "/proc/beacon-data"), &["/proc/beacon-data", "BEACON_DATA_DIR"]);
    let file = here.folder.path().join("a-file");
    std::fs::write(&file, "in the way").unwrap();
    refused(serve(&here).env("BEACON_DATA_DIR", &file), &["a-file", "BEACON_DATA_DIR"]);
    refused(serve(&at(&format!("sqlite:{}", file.display()))).env("BEACON_LOG", "error"), &["a-file", "Beacon database"]);
    refused(&mut serve(&at(&format!("sqlite:{}", here.folder.path().display()))), &["cannot be"]);
    refused(&mut serve(&at("sqlite:")), &["sqlite:PATH"]);
    refused(&mut serve(&at("sqlite::memory:")), &["sqlite:PATH"]);
    refused(&mut serve(&at("mysql://localhost/beacon")), &["sqlite:", "postgres://", "BEACON_DATABASE_URL"]);
    refused(&mut serve(&at("beacon.db")), &["sqlite:", "BEACON_DATABASE_URL"]);
    refused(&mut serve(&at("postgres://nobody:hunter2@127.0.0.1:1/beacon")), &["cannot be reached", "BEACON_DATABASE_URL"]);
    refused(&mut serve(&at("postgres://[::bad")), &["postgres://USER:PASSWORD@HOST:PORT/DATABASE"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "in the way", "it was left alone");
}

#[test]
fn a_port_in_use_is_told_and_nothing_is_touched() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let deployment = Deployment::sqlite();
    refused(serve(&deployment).env("BEACON_LISTEN", &address), &[&address, "BEACON_LISTEN"]);
    refused(serve(&deployment).env("BEACON_METRICS_LISTEN", &address), &[&address, "BEACON_METRICS_LISTEN"]);
    assert!(!deployment.folder.path().join("beacon.db").exists());
}

#[test]
fn a_second_program_on_the_same_index_folder_is_told() {
    let deployment = Deployment::sqlite();
    let _first = deployment.serve();
    refused(&mut serve(&deployment), &["BEACON_DATA_DIR"]);
}

#[test]
fn a_schema_that_is_newer_or_another_is_refused() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let (deployment, postgres) = World::deployment(backend);
        deployment.ok(&["migrate"]);
        let run = |sql: &str| match &postgres {
            Some(database) => drop(database.psql(sql)),
            None => Connection::open(deployment.database_url.trim_start_matches("sqlite:")).unwrap().execute_batch(sql).unwrap(),
        };
        run("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             SELECT 9999, 'from the future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1");
        for command in [&["serve"][..], &["migrate"], &["agency", "list"], &["backup", "copy"]] {
            refused(&mut deployment.command(command), &["9999", "newer Beacon"]);
        }
        run("DELETE FROM _sqlx_migrations WHERE version = 9999");
        deployment.ok(&["migrate"]);
        let other = match backend {
            Backend::Sqlite => "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1",
            Backend::Postgres => r"UPDATE _sqlx_migrations SET checksum = '\x00' WHERE version = 1",
        };
        run(other);
        refused(&mut serve(&deployment), &["another build"]);
    }
}

#[test]
fn every_command_explains_itself() {
    let deployment = Deployment::sqlite();
    let mut waiting: Vec<Vec<String>> = vec![Vec::new()];
    let mut seen = 0;
    while let Some(path) = waiting.pop() {
        let arguments: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
        let help = deployment.ok(&arguments);
        assert!(help.lines().count() >= 5 && help.contains("Usage: beacon"), "{path:?}: {help}");
        assert!(help.lines().all(|line| line.chars().count() <= 180), "{path:?}: {help}");
        let about = help.lines().next().unwrap_or_default();
        assert!(about.len() > 10 && about.ends_with(['.', ':']) || about.contains(' '), "{path:?} says what it does: {about}");
        seen += 1;
        let commands = help.split("Commands:\n").nth(1).unwrap_or_default();
        for line in commands.lines().take_while(|line| line.starts_with("  ")) {
            let mut words = line.split_whitespace();
            if let Some(name) = words.next().filter(|name| *name != "help" && line.starts_with("  ") && !line.starts_with("   ")) {
                assert!(words.next().is_some(), "{path:?} {name} has a line of its own");
                waiting.push(path.iter().cloned().chain([name.to_owned()]).collect());
            }
        }
    }
    assert!(seen >= 20, "{seen} commands");
    assert!(deployment.ok(&["--version"]).starts_with("beacon "));
    for wrong in [&["dance"][..], &[], &["agency", "add"], &["agency", "add", "X", "--kind", "militia"], &["import", "gossip", "x"]] {
        let output = deployment.run(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(!output.stderr.is_empty());
    }
    assert!(!deployment.folder.path().join("beacon.db").exists(), "help opens nothing");
}
