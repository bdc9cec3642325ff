//! Reads data.police.uk files and prints what they hold and how fast they were read:
//! `cargo run --release -p exchange --example police_uk_count -- [--settle] FILES…`
//! With `--settle` every incident is also checked as the service does it.
#![allow(clippy::print_stdout)]

use exchange::{FileError, Row, Summary, police_uk};
use model::{AgencyKind, Role, Timestamp, access::Actor};
use std::{collections::HashSet, fs::File, time::Instant};

fn main() -> Result<(), FileError> {
    let mut ids = HashSet::new();
    let (mut all, started) = (Summary::default(), Instant::now());
    let settle = std::env::args().any(|argument| argument == "--settle");
    let actor = Actor { agency_kind: AgencyKind::Police, role: Role::Officer, ..Actor::console() };
    let now = Timestamp::from_micros(1_795_000_000_000_000);
    for path in std::env::args().skip(1).filter(|argument| argument != "--settle") {
        let (mut summary, started) = (Summary::default(), Instant::now());
        let file = File::open(&path).map_err(|error| FileError { code: "unreadable", detail: format!("{path}: {error}") })?;
        for row in police_uk::Reader::new(file)? {
            let row = row?;
            summary.note_police(&row);
            match row {
                Row::Ok { value, .. } => {
                    ids.extend(value.incident.id);
                    if settle && let Err(problems) = value.incident.settle(&actor, now) {
                        println!("{problems:?}");
                    }
                }
                Row::Reject { problems, .. } => println!("{problems:?}"),
                Row::Skip { .. } => {}
            }
        }
        let seconds = started.elapsed().as_secs_f64();
        println!("{path}: {summary:?}, {:.0} rows/s", summary.rows as f64 / seconds);
        all += summary;
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("all: {all:?}, {} ids, {:.0} rows/s", ids.len(), all.rows as f64 / seconds);
    Ok(())
}
