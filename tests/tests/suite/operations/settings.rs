//! Settings: a file, named on the command line or in the environment, with the environment over it.

use std::{
    io::{BufRead, BufReader},
    process::Command,
};
use testkit::beacon::{Deployment, binary, ready_within};

fn plain(deployment: &Deployment, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(deployment.folder.path()).env_clear();
    command
}

fn output(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap();
    (output.status.success(), format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn a_file_is_read_and_the_environment_goes_over_it() {
    let here = Deployment::sqlite();
    let file = here.folder.path().join("beacon.toml");
    std::fs::write(&file, "database_url = \"sqlite:from-file.db\"\nlog = \"warn\"\n").unwrap();
    let made = |name: &str| here.folder.path().join(name).exists();

    assert!(output(plain(&here, &["migrate"]).env("BEACON_CONFIG", &file)).0);
    assert!(made("from-file.db") && !made("beacon.db"));
    assert!(output(plain(&here, &["migrate"]).env("BEACON_CONFIG", &file).env("BEACON_DATABASE_URL", "sqlite:from-environment.db")).0);
    assert!(made("from-environment.db"));
    std::fs::write(here.folder.path().join("other.toml"), "database_url = \"sqlite:from-argument.db\"\n").unwrap();
    assert!(output(plain(&here, &["--config", "other.toml", "migrate"]).env("BEACON_CONFIG", &file)).0);
    assert!(made("from-argument.db"));
    assert!(output(plain(&here, &["migrate", "--config", "other.toml"]).env("BEACON_CONFIG", "does-not-matter.toml")).0);
    assert!(output(&mut plain(&here, &["migrate"])).0);
    assert!(made("beacon.db"), "what is used without settings");
}

#[test]
fn what_beacon_settings_prints_is_a_settings_file() {
    let here = Deployment::sqlite();
    let printed = here.ok(&["settings"]);
    std::fs::write(here.folder.path().join("beacon.toml"), &printed).unwrap();
    let (fine, told) = output(&mut plain(&here, &["--config", "beacon.toml", "migrate"]));
    assert!(fine, "{told}");
    for name in [
        "DATABASE_URL",
        "DATA_DIR",
        "ERASURE_LIST",
        "LISTEN",
        "METRICS_LISTEN",
        "DATABASE_CONNECTIONS",
        "LOG_FORMAT",
        "LOG",
        "KEY_FILE",
        "AUDIT_CHECKPOINTS",
        "TLS_CERTIFICATE",
        "TLS_KEY",
        "REQUESTS_PER_SECOND",
        "REQUESTS_PER_SECOND_OF_AN_ADDRESS",
    ] {
        assert!(printed.contains(&format!("BEACON_{name}")), "{name}");
    }
}

#[test]
fn wrong_settings_are_told_by_name() {
    let here = Deployment::sqlite();
    let with = |text: &str| {
        std::fs::write(here.folder.path().join("wrong.toml"), text).unwrap();
        output(&mut plain(&here, &["--config", "wrong.toml", "migrate"]))
    };
    for (text, words) in [
        ("databse_url = \"sqlite:x.db\"", "databse_url"),
        ("database_connections = \"many\"", "database_connections"),
        ("listen = 8480", "listen"),
        ("log_format = \"xml\"", "log_format"),
        ("database_url = ", "wrong.toml"),
        ("listen = \"everywhere\"", "BEACON_LISTEN"),
        ("\u{0}", "wrong.toml"),
    ] {
        let (fine, told) = with(text);
        assert!(!fine && told.starts_with("beacon: ") && told.contains(words), "{text}: {told}");
    }
    for (name, value) in [
        ("BEACON_CONFIG", "missing.toml"),
        ("BEACON_LISTEN", "8480"),
        ("BEACON_METRICS_LISTEN", "nowhere"),
        ("BEACON_DATABASE_CONNECTIONS", "many"),
        ("BEACON_LOG_FORMAT", "xml"),
    ] {
        let (fine, told) = output(plain(&here, &["migrate"]).env(name, value));
        assert!(!fine && told.starts_with("beacon: ") && told.contains(name), "{name}: {told}");
    }
    assert!(!here.folder.path().join("beacon.db").exists());
}

#[test]
fn the_log_is_text_or_json_and_on_standard_error() {
    let here = Deployment::sqlite();
    for (format, json) in [("text", false), ("json", true)] {
        let data = here.folder.path().join(format);
        let mut server = here.command(&["serve"]);
        server.env("BEACON_LOG", "info").env("BEACON_LOG_FORMAT", format).env("BEACON_DATA_DIR", data);
        server.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let mut child = server.spawn().unwrap();
        let mut told = BufReader::new(child.stdout.take().unwrap());
        let mut listening = String::new();
        told.read_line(&mut listening).unwrap();
        let url = listening.trim().trim_start_matches("listening on ");
        assert!(ready_within(url, 20), "{listening}");
        assert!(Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().unwrap().success());
        let log = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
        let told = listening + &std::io::read_to_string(told).unwrap();
        assert_eq!(told.lines().count(), 1, "{told}");
        let first = log.lines().next().expect("it logs its start");
        assert_eq!(serde_json::from_str::<serde_json::Value>(first).is_ok(), json, "{first}");
    }
}
