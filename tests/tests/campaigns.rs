//! Fixed-seed samples of the long campaigns (`cargo xtask campaign NAME` runs them in full).

use testkit::campaign::{
    On, Violations,
    kill::{self, KillReport},
    slow_writer, tamper,
};

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
    let plan = slow_writer::Plan { rounds: 1, seconds: 5, writers: 16, per_second: 400, seed: 7 };
    let report = slow_writer::slow_writer(plan, |_| {});
    none(&report.violations);
    assert!(report.logged > 50 && report.found + 1 == report.logged, "{report:?}");
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
fn a_row_is_sealed_within_a_second_or_so() {
    for on in [On::Sqlite, On::Postgres] {
        let window = tamper::window(on, 8, 2);
        // Three times a second; the rest is a busy machine.
        assert!(window.rows > 100 && window.median_ms < 1_000 && window.slowest_ms < 4_000, "{on:?} {window:?}");
    }
}
