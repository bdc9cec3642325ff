//! Audited reads of today beside those of an earlier commit, which is built and run in the same job: what access, purpose and
//! sealing cost who reads one record.

use crate::{
    machine::Machine,
    page::{Table, count},
    pairs::Pairs,
    reads,
    world::World,
};
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use testkit::campaign::On;

/// The commit at which `docs/acceptance.md` measured the reads of the first issue.
const COMMIT: &str = "2a1dc66be9";
const CLIENTS: u64 = 64;

pub(crate) fn run(databases: &[On], seconds: u64) {
    let machine = Machine::look();
    println!("{}", machine.line());
    let program = build();
    let columns = [
        "database",
        "audited reads/s",
        "at the earlier commit",
        "of it: median",
        "95 % interval",
        "CPU µs a read",
        "at the earlier commit",
    ];
    let mut table = Table::new("earlier", &columns);
    for on in databases {
        let worlds = [World::demo(*on, 20_000), World::demo_of(&program, *on, 20_000)];
        let requests = worlds.each_ref().map(reads::requests);
        let pairs = Pairs::take(|today| {
            let side = usize::from(!today);
            let pick = |client, number| reads::one_of(&requests[side], client, number);
            worlds[side].turn(CLIENTS, Duration::from_secs(seconds), &[200], pick)
        });
        let ((now, before), (cpu_now, cpu_before), (share, [low, high])) = (pairs.rates(), pairs.cpu_us(), pairs.share());
        table.row(&[
            on.as_str().to_owned(),
            count(now),
            count(before),
            format!("{share:.3}"),
            format!("{low:.3} to {high:.3}"),
            count(cpu_now),
            count(cpu_before),
        ]);
    }
    table.write(&machine);
}

/// Builds the earlier commit in a work tree of its own, in release. Gives its program.
fn build() -> PathBuf {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let tree = root.join("target/earlier");
    if !tree.join("Cargo.toml").is_file() {
        let made = Command::new("git").args(["worktree", "add", "--detach", "--force"]).arg(&tree).arg(COMMIT).current_dir(root).status();
        assert!(made.is_ok_and(|status| status.success()), "the commit {COMMIT} could not be checked out: is the history whole?");
    }
    let built = Command::new("cargo")
        .args(["build", "--release", "--workspace", "--bin", "beacon"])
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(&tree)
        .status();
    assert!(built.is_ok_and(|status| status.success()), "the commit {COMMIT} could not be built");
    tree.join("target/release/beacon")
}
