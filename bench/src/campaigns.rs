//! The long runs: each run of a campaign adds a line to `docs/evidence/NAME.jsonl`, and NAME.md tells all of them.

use crate::{
    machine::Machine,
    page::{count, docs},
};
use serde_json::{Value, json};
use std::{fs, io::Write, path::PathBuf, process::ExitCode};
use testkit::campaign::{
    On, Violations,
    fail_closed::{self, FailClosedReport, Scene},
    kill::{self, KillReport},
    migration::{self, MigrationReport},
    no_look::{self, NoLookReport},
    slow_writer::{self, SlowReport},
    tamper::{self, TamperReport},
};
use testkit::{matrix, twins};

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Name {
    KillsSqlite,
    KillsPostgres,
    SlowWriter,
    AccessSqlite,
    AccessPostgres,
    TwinsSqlite,
    TwinsPostgres,
    Tamper,
    FailClosedSqlite,
    FailClosedPostgres,
    NoLogNoLookSqlite,
    NoLogNoLookPostgres,
    MigrationSqlite,
    MigrationPostgres,
}

impl Name {
    fn as_str(self) -> &'static str {
        match self {
            Self::KillsSqlite => "kills-sqlite",
            Self::KillsPostgres => "kills-postgres",
            Self::SlowWriter => "slow-writer",
            Self::AccessSqlite => "access-sqlite",
            Self::AccessPostgres => "access-postgres",
            Self::TwinsSqlite => "twins-sqlite",
            Self::TwinsPostgres => "twins-postgres",
            Self::Tamper => "tamper",
            Self::FailClosedSqlite => "fail-closed-sqlite",
            Self::FailClosedPostgres => "fail-closed-postgres",
            Self::NoLogNoLookSqlite => "no-log-no-look-sqlite",
            Self::NoLogNoLookPostgres => "no-log-no-look-postgres",
            Self::MigrationSqlite => "migration-sqlite",
            Self::MigrationPostgres => "migration-postgres",
        }
    }

    fn tells(self) -> &'static str {
        match self {
            Self::KillsSqlite => "kill -9 of the server at random moments under 64 writing clients, on SQLite",
            Self::KillsPostgres => "kill -9 of the server at random moments under 64 writing clients, on PostgreSQL (fsync on)",
            Self::SlowWriter => "16 writers through two nodes on PostgreSQL while a slow transaction stays open",
            Self::AccessSqlite => "Every operation in every cell of docs/access.csv over the API, the clock set to each moment, on SQLite",
            Self::AccessPostgres => {
                "Every operation in every cell of docs/access.csv over the API, the clock set to each moment, on PostgreSQL"
            }
            Self::TwinsSqlite => "Two databases that differ only in records a caller may not know of, asked the same, on SQLite",
            Self::TwinsPostgres => "Two databases that differ only in records a caller may not know of, asked the same, on PostgreSQL",
            Self::FailClosedSqlite => {
                "Every operation about records and people, asked of the real program while its ledger is dropped, read-only, on a full \
                 disk, locked, slower than anybody waits; on SQLite"
            }
            Self::FailClosedPostgres => {
                "Every operation about records and people, asked of the real program while its ledger is dropped, read-only, on a full \
                 disk, locked, slower than anybody waits; on PostgreSQL"
            }
            Self::NoLogNoLookSqlite => {
                "kill -9 of the server at random moments under 16 reading connections, every byte of which a proxy keeps and compares with \
                 the ledger, on SQLite"
            }
            Self::NoLogNoLookPostgres => {
                "kill -9 of the server at random moments under 16 reading connections, every byte of which a proxy keeps and compares with \
                 the ledger, on PostgreSQL (fsync on)"
            }
            Self::MigrationSqlite => {
                "A generated FLARE export of 40,000 rows read twice, and killed twice on the way and read again, on SQLite"
            }
            Self::MigrationPostgres => {
                "A generated FLARE export of 40,000 rows read twice, and killed twice on the way and read again, on PostgreSQL"
            }
            Self::Tamper => {
                "changes to a sealed audit ledger, half of them on SQLite and half on PostgreSQL, by somebody who can write to the whole \
                 database but has no signing key, each looked for by the verifier with the last checkpoint held elsewhere; and how old rows \
                 are when they are sealed, under 64 writing clients"
            }
        }
    }

    /// Whether one round asks everything.
    fn at_once(self) -> bool {
        use Name::{
            AccessPostgres, AccessSqlite, FailClosedPostgres, FailClosedSqlite, MigrationPostgres, MigrationSqlite, TwinsPostgres,
            TwinsSqlite,
        };
        matches!(
            self,
            MigrationSqlite
                | MigrationPostgres
                | AccessSqlite
                | AccessPostgres
                | TwinsSqlite
                | TwinsPostgres
                | FailClosedSqlite
                | FailClosedPostgres
        )
    }

    fn file(self, ending: &str) -> PathBuf {
        docs().join("evidence").join(format!("{}.{ending}", self.as_str()))
    }
}

/// Runs a campaign in parts of `part` rounds, so that one that is cut off keeps what it has, until the rounds noted in
/// its file are `rounds`.
pub(crate) fn run(name: Name, rounds: u32, part: u32) -> ExitCode {
    fs::create_dir_all(docs().join("evidence")).expect("docs/evidence");
    let rounds = if name.at_once() { 1 } else { rounds };
    let machine = Machine::look();
    println!("{}: {}\n{}", name.as_str(), name.tells(), machine.line());
    loop {
        let before = noted(name);
        let done = sum(&before, "rounds");
        let left = u64::from(rounds).saturating_sub(done);
        if left == 0 {
            break;
        }
        let now = u32::try_from(left).unwrap_or(part).min(part);
        let seed = 1_000 + done;
        println!("{done} of {rounds} rounds done; {now} more, seed {seed}");
        let figures = match name {
            Name::KillsSqlite => kills(On::Sqlite, now, seed),
            Name::KillsPostgres => kills(On::Postgres, now, seed),
            Name::SlowWriter => slow(now, seed),
            Name::AccessSqlite => access(On::Sqlite),
            Name::AccessPostgres => access(On::Postgres),
            Name::TwinsSqlite => twins(On::Sqlite, seed),
            Name::TwinsPostgres => twins(On::Postgres, seed),
            Name::Tamper => tampering(now, seed),
            Name::FailClosedSqlite => closed(On::Sqlite),
            Name::FailClosedPostgres => closed(On::Postgres),
            Name::NoLogNoLookSqlite => looks(On::Sqlite, now, seed),
            Name::NoLogNoLookPostgres => looks(On::Postgres, now, seed),
            Name::MigrationSqlite => migration(On::Sqlite, seed),
            Name::MigrationPostgres => migration(On::Postgres, seed),
        };
        let line = json!({ "rounds": now, "seed": seed, "machine": machine, "figures": figures });
        let mut file = fs::File::options().create(true).append(true).open(name.file("jsonl")).expect("the evidence can be written");
        writeln!(file, "{line}").expect("the evidence can be written");
        write_page(name);
    }
    write_page(name);
    let lines = noted(name);
    println!("{}", fs::read_to_string(name.file("md")).unwrap_or_default());
    if lines.iter().all(|line| line["figures"]["violations"] == 0) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn kills(on: On, rounds: u32, seed: u64) -> Value {
    let plan = kill::Plan { on, rounds, clients: 64, seed, check_every: 10, sample: 200 };
    let report = kill::kill_rounds(plan, |round| eprint!("\rkill {round} of {rounds}"));
    eprintln!();
    let KillReport { kills, kills_while_starting, acknowledged, retries, known_already, incidents, looked_up, slowest_start_ms, .. } =
        report;
    tell(&report.violations);
    json!({
        "kills": kills, "kills_while_starting": kills_while_starting, "acknowledged": acknowledged, "requests_sent_again": retries,
        "of_these_carried_out_before": known_already, "incidents_at_the_end": incidents, "looked_up_by_name": looked_up,
        "slowest_start_ms": slowest_start_ms, "seconds": report.seconds.round(), "violations": report.violations.count, "told": report.violations.told,
    })
}

fn slow(rounds: u32, seed: u64) -> Value {
    // Every fourth transaction meets more writes than a node holds in memory: then it may say so, but never answer in part.
    let unpaced = seed % 4 == 3;
    let plan = slow_writer::Plan { rounds, seconds: 8, writers: 16, per_second: if unpaced { 100_000 } else { 400 }, seed };
    let report = slow_writer::slow_writer(plan, |round| eprint!("\rslow transaction {round} of {rounds}"));
    eprintln!();
    let SlowReport { rounds, logged, found, behind, slowest_search_ms, incidents, .. } = report;
    tell(&report.violations);
    json!({
        "slow_transactions": rounds, "logged_meanwhile": logged, "found_at_once_on_the_other_node": found,
        "answered_index_behind_past_the_bound": behind, "slowest_search_ms": slowest_search_ms, "incidents_at_the_end": incidents,
        "seconds": report.seconds.round(), "violations": report.violations.count, "told": report.violations.told,
    })
}

fn access(on: On) -> Value {
    let began = std::time::Instant::now();
    let cells = matrix::cells();
    let report = matrix::run(on, &cells, |done| eprint!("\r{done} of {} cells", cells.len()));
    eprintln!();
    tell(&report.violations);
    json!({
        "cells": report.cells, "operations": report.operations, "requests": report.requests, "seconds": began.elapsed().as_secs(),
        "violations": report.violations.count, "told": report.violations.told,
    })
}

fn twins(on: On, seed: u64) -> Value {
    let began = std::time::Instant::now();
    let plan = twins::Plan { on, callers: twins::MOST_CALLERS, records: 2_000, requests: 2_000, seed };
    let report = twins::run(plan, |done| {
        if done % 100 == 0 {
            eprint!("\r{done} requests")
        }
    });
    eprintln!();
    tell(&report.violations);
    json!({
        "callers": report.callers, "requests_to_each_world": report.requests, "hidden_records": report.hidden,
        "answers_that_were_refusals": report.refused, "seconds": began.elapsed().as_secs(),
        "violations": report.violations.count, "told": report.violations.told,
    })
}

fn closed(on: On) -> Value {
    let report = fail_closed::fail_closed(fail_closed::Plan { on, scenes: &Scene::ALL }, |scene| eprintln!("{}", scene.as_str()));
    tell(&report.violations);
    let FailClosedReport { scenes, requests, unavailable, open, refused_unread, slowest_ms, seconds, violations } = report;
    json!({
        "scenes": scenes, "requests_in_each_scene": requests, "answered_503": unavailable, "about_nobody_and_answered": open,
        "refused_before_the_database": refused_unread, "slowest_ms": slowest_ms, "seconds": seconds.round(),
        "violations": violations.count, "told": violations.told,
    })
}

fn looks(on: On, rounds: u32, seed: u64) -> Value {
    let plan = no_look::Plan { on, rounds, connections: 16, records: 200, seed, check_every: 10 };
    let report = no_look::no_look(plan, |round| eprint!("\rkill {round} of {rounds}"));
    eprintln!();
    tell(&report.violations);
    let NoLookReport { kills, answered, answers, cut_off, pairs, bytes, rows, seconds, violations } = report;
    json!({
        "kills": kills, "requests_answered": answered, "answers_that_showed_records": answers, "answers_cut_off": cut_off,
        "officer_and_record_pairs_seen": pairs, "bytes_kept": bytes, "rows_of_the_ledger": rows, "seconds": seconds.round(),
        "violations": violations.count, "told": violations.told,
    })
}

fn migration(on: On, seed: u64) -> Value {
    let plan = migration::Plan { on, rows: 40_000, seed };
    let report = migration::migration(plan, |step| eprintln!("{step}"));
    tell(&report.violations);
    let MigrationReport { rows, incidents, mentions, proposed, rejected, totals, runs, cut_off, seconds, violations } = report;
    json!({
        "rows": rows, "incidents": incidents, "names_found_in_texts": mentions, "of_these_may_be_somebody_on_record": proposed,
        "rows_rejected": rejected, "totals_compared": totals, "runs_to_the_end": runs, "runs_cut_off": cut_off,
        "seconds_of_the_first_run": seconds.round(), "violations": violations.count, "told": violations.told,
    })
}

fn tampering(changes: u32, seed: u64) -> Value {
    let run = |on: On, changes: u32| {
        let report =
            tamper::tamper(tamper::Plan { on, changes, seed }, |change| eprint!("\r{}: change {change} of {changes}", on.as_str()));
        eprintln!();
        tell(&report.violations);
        (report, tamper::window(on, 64, 5))
    };
    let runs = [run(On::Sqlite, changes - changes / 2), run(On::Postgres, changes / 2)];
    let sum = |figure: fn(&TamperReport) -> u64| runs.iter().map(|(report, _)| figure(report)).sum::<u64>();
    let mut figures = json!({
        "changes": sum(|report| report.changes), "found": sum(|report| report.found), "lawful_erasures": sum(|report| report.lawful),
        "untouched_ledgers_verified": sum(|report| report.untouched), "violations": sum(|report| report.violations.count),
        "told": runs.iter().flat_map(|(report, _)| report.violations.told.clone()).collect::<Vec<_>>(),
        "seconds": runs.iter().map(|(report, _)| report.seconds).sum::<f64>().round(),
    });
    for (on, (_, window)) in ["sqlite", "postgresql"].iter().zip(&runs) {
        figures[format!("rows_sealed_under_load_{on}")] = json!(window.rows);
        figures[format!("slowest_median_ms_to_checkpoint_{on}")] = json!(window.median_ms);
        figures[format!("slowest_p99_ms_to_checkpoint_{on}")] = json!(window.p99_ms);
        figures[format!("slowest_ms_to_checkpoint_{on}")] = json!(window.slowest_ms);
    }
    for (report, _) in &runs {
        for (kind, count) in &report.kinds {
            let before = figures[*kind].as_u64().unwrap_or(0);
            figures[*kind] = json!(before + count);
        }
    }
    figures
}

fn tell(violations: &Violations) {
    if violations.count > 0 {
        println!("{} VIOLATIONS, first of them: {:#?}", violations.count, violations.told);
    }
}

fn noted(name: Name) -> Vec<Value> {
    let text = fs::read_to_string(name.file("jsonl")).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn sum(lines: &[Value], figure: &str) -> u64 {
    lines.iter().filter_map(|line| line[figure].as_u64()).sum()
}

/// The summary: figures over all runs, and where they ran.
fn write_page(name: Name) {
    let lines = noted(name);
    let mut text = format!(
        "# {}\n\n{}. Written by `cargo xtask campaign {}`; one line a run in `{}.jsonl`.\n\n",
        name.as_str(),
        name.tells(),
        name.as_str(),
        name.as_str()
    );
    text.push_str("| figure | all runs |\n|---|---|\n");
    let Some(figures) = lines.first().and_then(|line| line["figures"].as_object()) else { return };
    for figure in figures.keys().filter(|figure| *figure != "told") {
        let values = lines.iter().filter_map(|line| line["figures"][figure].as_f64());
        let whole = if figure.starts_with("slowest") { values.fold(0.0, f64::max) } else { values.sum() };
        text.push_str(&format!("| {} | {} |\n", figure.replace('_', " "), count(whole)));
    }
    text.push_str("\nRuns:\n\n");
    for line in &lines {
        let machine = &line["machine"];
        text.push_str(&format!(
            "- {} rounds, seed {}, commit {}, {} ({} cores, {} GiB), Linux {}, fsync {} µs\n",
            line["rounds"],
            line["seed"],
            text_of(machine, "commit"),
            text_of(machine, "cpu"),
            machine["cores"],
            machine["memory_gib"],
            text_of(machine, "kernel"),
            machine["fsync_us"]
        ));
    }
    fs::write(name.file("md"), text).expect("the evidence can be written");
}

fn text_of<'a>(machine: &'a Value, field: &str) -> &'a str {
    machine[field].as_str().unwrap_or_default()
}
