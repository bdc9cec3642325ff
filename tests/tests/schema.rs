//! The API held against its own description: schemathesis asks every operation as each role (`tests/schema/run.py`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on must say why")]

use std::{path::Path, process::Command};
use testkit::beacon::Deployment;

#[test]
fn every_answer_is_as_the_document_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let python = root.join("target/schema/bin/python");
    assert!(python.is_file(), "the packages of tests/schema are not there: run `cargo xtask setup`");
    let deployment = Deployment::sqlite();
    deployment.ok(&["demo", "--seed-only", "--incidents", "300"]);
    let server = deployment.serve();
    let mut run = Command::new(python);
    run.arg(root.join("tests/schema/run.py")).arg(&server.url).arg(deployment.data_dir.join("demo-sign-ins.txt"));
    let output = run.args(["--cases", "5000", "--examples", "1"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}\n{}", String::from_utf8_lossy(&output.stderr), server.log());
}
