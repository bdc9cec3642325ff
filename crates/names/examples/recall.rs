//! How often the right person is among the first ten, and how long that takes, on generated people and queries.
//!
//! `cargo run --release -p names --example recall -- FOLDER QUERIES.csv [ROWS] [verbose]` with a folder that holds
//! `uk-people-1m.csv.gz`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

use names::{Mention, NameIndex, NameKind, Query, RecordedName, Tail};
use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    path::Path,
    time::Instant,
};
use uuid::Uuid;

fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
}

fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn id(number: u64, state: &mut u64) -> Uuid {
    let millis = 1_600_000_000_000 + number * 16_000 + random(state) % 16_000;
    Uuid::from_u64_pair(millis << 16 | 7 << 12 | random(state) & 0xfff, 2 << 62 | random(state) >> 2)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(arguments.first().expect("the folder of the data"));
    let queries = &arguments[1];
    let rows: usize = arguments.get(2).map_or(usize::MAX, |rows| rows.parse().expect("a number of rows"));
    let verbose = arguments.get(3).is_some();
    let scratch = tempfile::tempdir().unwrap();
    let index = NameIndex::open(scratch.path()).unwrap();
    let ids = fill(&index, &folder.join("uk-people-1m.csv.gz"), rows);
    let bytes: u64 = walk(scratch.path());
    println!("{} mentions, {:.1} bytes a mention", index.mentions(), bytes as f64 / index.mentions() as f64);
    ask(&index, Path::new(queries), &ids, verbose);
}

fn walk(path: &Path) -> u64 {
    std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| if entry.path().is_dir() { walk(&entry.path()) } else { entry.metadata().unwrap().len() })
        .sum()
}

fn fill(index: &NameIndex, file: &Path, rows: usize) -> HashMap<Uuid, u64> {
    let mut reader = csv::Reader::from_reader(flate2::read::GzDecoder::new(File::open(file).unwrap()));
    let mut all = Vec::new();
    let mut ids = HashMap::new();
    let mut state = 1;
    for record in reader.records().take(rows) {
        let record = record.unwrap();
        let number: u64 = record[0].parse().unwrap();
        let full = [&record[1], &record[2], &record[3]].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let name = RecordedName {
            full: full.join(" "),
            given: Some(record[1].to_owned()),
            family: Some(record[3].to_owned()),
            kind: NameKind::Recorded,
        };
        let incident = id(number, &mut state);
        let mention = Mention {
            id: id(number, &mut state),
            incident,
            person: None,
            label: (number % 5) as u32,
            names: vec![name],
            date_of_birth: record[4].parse().ok(),
            age_band: None,
            postcodes: vec![record[5].to_owned()],
            roles: 1,
            first_day: 20_000 + (number / 1_000) as i32,
            last_day: 20_000 + (number / 1_000) as i32,
        };
        ids.insert(mention.id, number);
        all.push((incident, vec![mention]));
    }
    let start = (Instant::now(), cpu());
    for batch in all.chunks(10_000) {
        index.apply(batch).unwrap();
    }
    let applied = start.0.elapsed().as_secs_f64();
    index.commit("all").unwrap();
    index.settle();
    println!("applied {applied:.2} s, all {:.2} s, cpu {:.2} s", start.0.elapsed().as_secs_f64(), (cpu() - start.1) / 1e3);
    ids
}

fn ask(index: &NameIndex, file: &Path, ids: &HashMap<Uuid, u64>, verbose: bool) {
    let mut by_kind: BTreeMap<String, (u32, u32, u32, f64)> = BTreeMap::new();
    let mut took = Vec::new();
    let mut reader = csv::Reader::from_path(file).unwrap();
    let mut bands: BTreeMap<u32, (u32, f64, u32)> = BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        let target: u64 = record[1].parse().unwrap();
        let query = Query {
            name: record[0].to_owned(),
            date_of_birth: record[3].parse().ok(),
            postcode: Some(record[4].to_owned()).filter(|code| !code.is_empty()),
            limit: 10,
            ..Query::default()
        };
        let start = cpu_time::ThreadTime::now();
        let found = index.search(&query, &|_| true, &Tail::new()).unwrap();
        took.push(start.elapsed().as_secs_f64() * 1e3);
        let place = found.iter().position(|hit| ids[&hit.mention] == target);
        for hit in &found {
            if verbose {
                let shift: f32 = hit
                    .reasons
                    .iter()
                    .filter(|reason| {
                        format!("{:?}", reason.rule).contains("Birth")
                            || format!("{:?}", reason.rule).contains("Postcode")
                            || format!("{:?}", reason.rule).contains("Age")
                    })
                    .map(|reason| reason.weight)
                    .sum();
                println!("FIT {:.6} {:.3} {}", hit.strength, shift, u32::from(ids[&hit.mention] == target));
            }
            let cell = bands.entry((hit.strength * 10.0) as u32).or_default();
            cell.0 += 1;
            cell.1 += f64::from(hit.strength);
            cell.2 += u32::from(ids[&hit.mention] == target);
        }
        for kind in [&record[2], "all"] {
            let tally = by_kind.entry(kind.to_owned()).or_default();
            tally.0 += 1;
            tally.1 += u32::from(place == Some(0));
            tally.2 += u32::from(place.is_some());
            tally.3 += place.map_or(0.0, |place| 1.0 / (place + 1) as f64);
        }
        if verbose && place != Some(0) {
            let shown: Vec<String> = found.iter().take(4).map(|hit| format!("{} {:.2}", hit.matched_name, hit.strength)).collect();
            println!("MISS {:?} {} {} target {target}: {shown:?}", place, &record[2], &record[0]);
        }
    }
    for (kind, (asked, first, ten, mrr)) in by_kind {
        let share = |count: u32| f64::from(count) / f64::from(asked);
        println!("{kind:15} n {asked:5} first {:.3} ten {:.3} mrr {:.3}", share(first), share(ten), mrr / f64::from(asked));
    }
    let mut error = 0.0;
    let all: u32 = bands.values().map(|cell| cell.0).sum();
    for (band, (count, sum, right)) in bands {
        println!(
            "strength {:.1}: {count} hits, mean {:.3}, right {:.3}",
            f64::from(band) / 10.0,
            sum / f64::from(count),
            f64::from(right) / f64::from(count)
        );
        error += (sum - f64::from(right)).abs();
    }
    println!("calibration error {:.4}", error / f64::from(all));
    let total: f64 = took.iter().sum();
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
    println!("p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms, {:.0}/s", at(0.5), at(0.99), at(1.0), took.len() as f64 / total * 1e3);
}
