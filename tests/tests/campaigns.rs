//! Fixed-seed samples of the long campaigns (`cargo xtask campaign NAME` runs them in full).

use testkit::campaign::{
    On, Violations,
    fail_closed::{self, Scene},
    kill::{self, KillReport},
    migration, no_look, slow_writer, tamper,
};
use testkit::twins;

#[track_caller]
fn none(violations: &Violations) {
    assert_eq!(violations.count, 0, "{:#?}", violations.told);
}

fn kills(on: On, rounds: u32) -> KillReport {
    let plan = kill::Plan { on, rounds, clients: 64, seed: 7, check_every: 2, sample: 40 };
    let report = kill::kill_rounds(plan, |_| {});
    none(&report.violations);
    assert_eq!(report.kills, rounds);
    assert!(report.acknowledged > 0 && report.retries > 0, "the kills met no load: {report:?}");
    report
}

#[test]
fn killed_on_sqlite_nothing_acknowledged_is_lost_doubled_or_half_there() {
    kills(On::Sqlite, 3);
}

#[test]
fn killed_on_postgresql_nothing_acknowledged_is_lost_doubled_or_half_there() {
    kills(On::Postgres, 2);
}

#[test]
fn beside_a_slow_transaction_the_other_node_finds_what_was_acknowledged() {
    let plan = slow_writer::Plan { rounds: 1, seconds: 5, writers: 16, per_second: 100, seed: 7 };
    let report = slow_writer::slow_writer(plan, |_| {});
    none(&report.violations);
    assert!(report.logged > 50 && report.found + 1 == report.logged, "{report:?}");
}

fn twins(on: On) {
    let plan = twins::Plan { on, callers: 3, records: 900, requests: 120, seed: 7 };
    let report = twins::run(plan, |_| {});
    none(&report.violations);
    assert!(report.hidden > 300 && report.refused > 20, "{report:?}");
}

#[test]
fn twin_worlds_answer_alike_on_sqlite() {
    twins(On::Sqlite);
}

#[test]
fn twin_worlds_answer_alike_on_postgresql() {
    twins(On::Postgres);
}

fn tampered(on: On) {
    let report = tamper::tamper(tamper::Plan { on, changes: 60, seed: 7 }, |_| {});
    none(&report.violations);
    assert!(report.found == report.changes && report.changes >= 60, "{report:?}");
    assert!(report.kinds.len() >= 8 && report.rows > 100 && report.checkpoints > 5 && report.lawful == 10, "{report:?}");
}

#[test]
fn whatever_is_done_to_a_sealed_ledger_on_sqlite_is_found() {
    tampered(On::Sqlite);
}

#[test]
fn whatever_is_done_to_a_sealed_ledger_on_postgresql_is_found() {
    tampered(On::Postgres);
}

#[test]
fn rows_are_sealed_while_others_are_written() {
    for on in [On::Sqlite, On::Postgres] {
        let window = tamper::window(on, 8, 2);
        // How soon is measured by the campaign, on a machine at rest.
        assert!(window.rows > 100, "{on:?} {window:?}");
    }
}

/// A ledger slower than anybody waits takes a minute: the campaign has that scene too.
fn closed(on: On) {
    let scenes = [Scene::Dropped, Scene::ReadOnly, Scene::DiskFull, Scene::Locked];
    let report = fail_closed::fail_closed(fail_closed::Plan { on, scenes: &scenes }, |_| {});
    none(&report.violations);
    assert!(report.scenes == 4 && report.requests > 100 && report.unavailable > 400, "{report:?}");
}

#[test]
fn without_a_ledger_on_sqlite_nothing_leaves() {
    closed(On::Sqlite);
}

#[test]
fn without_a_ledger_on_postgresql_nothing_leaves() {
    closed(On::Postgres);
}

fn looked(on: On) {
    let plan = no_look::Plan { on, rounds: 3, connections: 16, records: 60, seed: 7, check_every: 2 };
    let report = no_look::no_look(plan, |_| {});
    none(&report.violations);
    assert!(report.kills == 3 && report.pairs > 100 && report.answers > 30 && report.rows >= report.answers, "{report:?}");
}

#[test]
fn killed_on_sqlite_whatever_was_seen_is_in_the_ledger() {
    looked(On::Sqlite);
}

#[test]
fn killed_on_postgresql_whatever_was_seen_is_in_the_ledger() {
    looked(On::Postgres);
}

fn migrated(on: On) {
    let report = migration::migration(migration::Plan { on, rows: 1_500, seed: 7 }, |_| {});
    none(&report.violations);
    assert!(report.mentions > 500 && report.proposed > 100 && report.rejected > 0 && report.runs == 3, "{report:?}");
}

#[test]
fn an_export_read_again_on_sqlite_comes_to_the_same() {
    migrated(On::Sqlite);
}

#[test]
fn an_export_read_again_on_postgresql_comes_to_the_same() {
    migrated(On::Postgres);
}
