//! The README's tour, run line by line as it is written, on a demonstration of its own.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must say why")]

use std::{path::Path, process::Command};
use testkit::beacon::Deployment;

/// The shell blocks of the section "Tour". A line `#> text` says what the output of its block must contain.
fn tour() -> Vec<String> {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let section = readme.split("\n## Tour\n").nth(1).unwrap().split("\n## ").next().unwrap();
    section.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn every_line_of_the_tour_does_what_it_says() {
    let deployment = Deployment::sqlite();
    deployment.ok(&["demo", "--seed-only"]);
    let server = deployment.serve();
    let blocks = tour();
    assert!(blocks.len() > 6);
    // The places differ from a reader's; everything else is run as it stands.
    let setting = blocks[0]
        .replace("http://127.0.0.1:8480", &server.url)
        .replace("target/demo/data", &deployment.data_dir.display().to_string())
        .replace("$PWD/target/debug", &testkit::beacon::binary().parent().unwrap().display().to_string());
    for block in &blocks[1..] {
        let script = format!("set -eu -o pipefail\n{setting}\n{block}");
        let output = Command::new("bash").arg("-c").arg(&script).current_dir(deployment.folder.path()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{block}\n{said}{}", String::from_utf8_lossy(&output.stderr));
        for wanted in block.lines().filter_map(|line| line.strip_prefix("#> ")) {
            assert!(said.contains(wanted), "the tour promises `{wanted}`:\n{block}\n{said}");
        }
    }
}
