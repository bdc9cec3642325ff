//! How often the right person is among the first ten, and how long that takes, on generated people and queries.
//!
//! `cargo run --release -p names --example recall -- FOLDER [ROWS] [QUERIES.csv]` with a folder that holds
//! `uk-people-1m.csv.gz` and `uk-queries-name.csv`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

use names::{Mention, NameIndex, NameKind, Query, RecordedName, Tail};
use std::{collections::BTreeMap, fs::File, path::Path, time::Instant};
use uuid::Uuid;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(arguments.first().expect("the folder of the data"));
    let rows: usize = arguments.get(1).map_or(usize::MAX, |rows| rows.parse().expect("a number of rows"));
    let queries = arguments.get(2).map_or("uk-queries-name.csv", String::as_str);
    let verbose = arguments.get(3).is_some();
    let scratch = tempfile::tempdir().unwrap();
    let index = NameIndex::open(scratch.path()).unwrap();
    let start = Instant::now();
    fill(&index, &folder.join("uk-people-1m.csv.gz"), rows);
    let seconds = start.elapsed().as_secs_f64();
    let bytes: u64 =
        std::fs::read_dir(scratch.path().join("names-v1")).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    let mentions = index.mentions();
    println!(
        "{mentions} mentions in {seconds:.1} s ({:.0}/s), {:.1} bytes a mention",
        mentions as f64 / seconds,
        bytes as f64 / mentions as f64
    );
    ask(&index, &folder.join(queries), rows, verbose);
}

fn fill(index: &NameIndex, file: &Path, rows: usize) {
    let mut reader = csv::Reader::from_reader(flate2::read::GzDecoder::new(File::open(file).unwrap()));
    let mut batch = Vec::new();
    for record in reader.records().take(rows) {
        let record = record.unwrap();
        let id: u128 = record[0].parse().unwrap();
        let full = [&record[1], &record[2], &record[3]].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let name = RecordedName {
            full: full.join(" "),
            given: Some(record[1].to_owned()),
            family: Some(record[3].to_owned()),
            kind: NameKind::Recorded,
        };
        let incident = Uuid::from_u128(id << 32 | 1);
        let mention = Mention {
            id: Uuid::from_u128(id),
            incident,
            person: None,
            label: (id % 5) as u32,
            names: vec![name],
            date_of_birth: record[4].parse().ok(),
            age_band: None,
            postcodes: vec![record[5].to_owned()],
            roles: 1,
            first_day: 20_000,
            last_day: 20_000,
        };
        batch.push((incident, vec![mention]));
        if batch.len() == 10_000 {
            index.apply(&batch).unwrap();
            batch.clear();
        }
    }
    index.apply(&batch).unwrap();
    index.commit("all").unwrap();
    // Merges go on in the background; a commit shows what they have done.
    std::thread::sleep(std::time::Duration::from_secs(8));
    index.commit("all").unwrap();
}

#[derive(Default)]
struct Tally {
    asked: u32,
    first: u32,
    ten: u32,
    strong: u32,
}

fn ask(index: &NameIndex, file: &Path, rows: usize, verbose: bool) {
    let mut kinds: BTreeMap<String, Tally> = BTreeMap::new();
    let (mut times, mut reciprocal) = (Vec::new(), 0.0);
    for record in csv::Reader::from_path(file).unwrap().records() {
        let record = record.unwrap();
        let target: u128 = record[1].parse().unwrap();
        if target >= rows as u128 {
            continue;
        }
        let query = Query {
            name: record[0].to_owned(),
            date_of_birth: record[3].parse().ok(),
            postcode: (!record[4].is_empty()).then(|| record[4].to_owned()),
            limit: 10,
            ..Query::default()
        };
        let start = Instant::now();
        let hits = index.search(&query, &|label| label != 7, &Tail::new()).unwrap();
        times.push(start.elapsed().as_secs_f64() * 1e3);
        let rank = hits.iter().position(|hit| hit.mention.as_u128() == target);
        for kind in [&record[2], "all"] {
            let tally = kinds.entry(kind.to_owned()).or_default();
            tally.asked += 1;
            tally.first += u32::from(rank == Some(0));
            tally.ten += u32::from(rank.is_some());
            tally.strong += u32::from(hits.first().is_some_and(|hit| hit.strength >= 0.85));
        }
        reciprocal += rank.map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0));
        if rank.is_none() && verbose {
            let shown: Vec<String> = hits.iter().take(3).map(|hit| format!("{} {:.2}", hit.matched_name, hit.strength)).collect();
            println!("missed {} -> {target} ({}): {}", &record[0], &record[2], shown.join(", "));
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{:<20} {:>6} {:>10} {:>10} {:>8}", "class", "asked", "recall@1", "recall@10", "strong");
    for (kind, tally) in &kinds {
        let share = |count: u32| f64::from(count) / f64::from(tally.asked);
        println!("{kind:<20} {:>6} {:>10.3} {:>10.3} {:>8.3}", tally.asked, share(tally.first), share(tally.ten), share(tally.strong));
    }
    println!(
        "MRR {:.3}; ms a query: p50 {:.2}, p90 {:.2}, p99 {:.2}, most {:.2}",
        reciprocal / times.len() as f64,
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0)
    );
}
