//! Programs of Node.js that stand beside a test: an identity provider, an attacker, a real browser.

use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// The scripts, their packages beside them.
fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("browser");
    assert!(folder.join("node_modules").is_dir(), "the packages of tests/browser are not there: run `cargo xtask setup`");
    folder
}

/// A program that runs until this goes.
#[derive(Debug)]
pub struct Node {
    child: Child,
    input: Option<ChildStdin>,
    // Held open: a program that cannot say anything any more ends.
    _output: BufReader<ChildStdout>,
    /// What it said of itself when it was ready.
    pub said: Value,
}

impl Node {
    /// Starts a script with one line of settings, and waits for its one line of answer.
    pub fn start(script: &str, settings: &Value) -> Self {
        let mut command = Command::new("node");
        command.arg(script).current_dir(folder()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("node starts");
        let mut input = child.stdin.take().expect("its input is piped");
        writeln!(input, "{settings}").expect("it reads");
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("its output is piped"));
        output.read_line(&mut line).expect("it answers");
        let said = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{script} said {line:?}: {error}"));
        Self { child, input: Some(input), _output: output, said }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Goes through a scenario of `browser.mjs` in a real browser; it must end well.
pub fn in_browser(scenario: &str, settings: &Value) {
    let mut command = Command::new("node");
    command.args(["browser.mjs", scenario, &settings.to_string()]).current_dir(folder());
    let output = command.output().expect("node starts");
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{scenario}: {told}");
}

/// A port nobody listens on, for a server that must know its address before it starts.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}
