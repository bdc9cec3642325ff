//! What the tests share. All people here are made up.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, unreachable_pub)]

use exchange::{FileError, Reject, Row};
use flate2::{Compression, write::GzEncoder};
use model::{AgencyKind, Role, Timestamp, Uuid, access::Actor};
use std::io::Write;

/// The moment the tests are at.
pub fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// An officer of a council.
pub fn actor() -> Actor {
    Actor::new(Uuid::from_u128(11), "Officer One", Uuid::from_u128(1), AgencyKind::Council, Role::Officer)
        .in_partnerships(vec![Uuid::from_u128(100)])
}

/// The bytes, gzipped.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What reading a file gave.
#[derive(Debug)]
pub struct Outcome<T> {
    pub sound: Vec<(u64, T)>,
    pub skipped: u64,
    pub rejects: Vec<Reject>,
    pub error: Option<FileError>,
}

impl<T> Outcome<T> {
    /// `row field code` of every reject.
    pub fn named(&self) -> Vec<String> {
        self.rejects.iter().map(|reject| format!("{} {} {}", reject.row, reject.field, reject.code)).collect()
    }

    /// The values, when nothing was wrong.
    pub fn all_sound(self) -> Vec<T> {
        assert!(self.error.is_none() && self.rejects.is_empty(), "{:?} {:?}", self.error, self.rejects);
        self.sound.into_iter().map(|(_, value)| value).collect()
    }
}

/// Reads everything a reader gives.
pub fn outcome<T, I: Iterator<Item = Result<Row<T>, FileError>>>(reader: Result<I, FileError>) -> Outcome<T> {
    let mut outcome = Outcome { sound: Vec::new(), skipped: 0, rejects: Vec::new(), error: None };
    let reader = match reader {
        Ok(reader) => reader,
        Err(error) => {
            outcome.error = Some(error);
            return outcome;
        }
    };
    let mut reader = reader.fuse();
    for row in &mut reader {
        match row {
            Ok(Row::Ok { row, value }) => outcome.sound.push((row, value)),
            Ok(Row::Skip { .. }) => outcome.skipped += 1,
            Ok(Row::Reject { row, problems }) => {
                assert!(
                    !problems.is_empty()
                        && problems.iter().all(|problem| problem.row == row && !problem.field.is_empty() && !problem.reason.is_empty())
                );
                outcome.rejects.extend(problems);
            }
            Err(error) => {
                assert!(outcome.error.is_none());
                outcome.error = Some(error);
            }
        }
    }
    outcome
}

/// A police file of these rows.
pub fn police(rows: &[&str]) -> Vec<u8> {
    format!("{}\n{}\n", exchange::police_uk::COLUMNS.join(","), rows.join("\n")).into_bytes()
}

/// One anti-social behaviour row at this longitude and latitude.
pub fn police_row(longitude: &str, latitude: &str) -> String {
    format!(
        ",2024-01,Cleveland Police,Cleveland Police,{longitude},{latitude},On or near High Street,E01012187,Stockton-on-Tees 011A,Anti-social behaviour,,"
    )
}
