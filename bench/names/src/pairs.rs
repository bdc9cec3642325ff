//! How well two names put side by side are told to be one person's, on labelled pairs.

use cpu_time::ThreadTime;
use names::Band;
use serde_json::{Value, json};
use std::{io, path::Path};

/// Times that all pairs are compared, for a time that does not depend on the first.
const ROUNDS: usize = 20;

/// F1 at the band that is shipped as *possible*, with the time of a pair, reasons included.
pub(crate) fn measure(file: &Path) -> io::Result<Value> {
    let mut pairs = Vec::new();
    for row in csv::Reader::from_path(file)?.records() {
        let row = row?;
        let field = |at: usize| row.get(at).unwrap_or_default().to_owned();
        if field(1) == "Person" {
            pairs.push((field(2), field(3), field(4) == "true"));
        }
    }
    // The tables are read once.
    names::compare("Ann Lee", "Anna Lea");
    let began = ThreadTime::now();
    let mut told: Vec<bool> = Vec::new();
    for _ in 0..ROUNDS {
        told = pairs.iter().map(|(a, b, _)| names::compare(a, b).band >= Band::Possible).collect();
    }
    let microseconds = began.elapsed().as_secs_f64() * 1e6 / (ROUNDS * pairs.len().max(1)) as f64;
    let count = |told_so: bool, same: bool| {
        let counted = told.iter().zip(&pairs).filter(|(told, pair)| **told == told_so && pair.2 == same);
        counted.count() as f64
    };
    let (hits, wrong, missed) = (count(true, true), count(true, false), count(false, true));
    Ok(json!({
        "pairs": pairs.len(), "f1": 2.0 * hits / (2.0 * hits + wrong + missed),
        "precision": hits / (hits + wrong), "recall": hits / (hits + missed), "us_a_pair": microseconds,
    }))
}
