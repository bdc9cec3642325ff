//! The generated people of the shared data, and the queries made for them.

use flate2::read::GzDecoder;
use std::{fs::File, io::Write, path::Path};

const NAMES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/names");
/// People of one incident.
const TOGETHER: usize = 4;

/// Writes the first so many as incidents to be imported.
pub(crate) fn write_incidents(path: &Path, people: u64) {
    let file = File::open(Path::new(NAMES).join("uk-people-1m.csv.gz")).expect("the people of the shared data");
    let mut rows = csv::Reader::from_reader(GzDecoder::new(file));
    let mut to = std::io::BufWriter::new(File::create(path).expect("a file for them"));
    let columns = |at: usize| {
        ["given", "middle", "family", "date_of_birth", "postcode", "roles"].map(|column| format!(",person_{at}_{column}")).concat()
    };
    writeln!(to, "occurred,qualifier,types,summary{}", (1..=TOGETHER).map(columns).collect::<String>()).expect("a row");
    let mut people = rows.records().take(people as usize).map(|row| row.expect("a row of the people"));
    for number in 0.. {
        let together: Vec<csv::StringRecord> = people.by_ref().take(TOGETHER).collect();
        if together.is_empty() {
            break;
        }
        let day = format!("2026-{:02}-{:02}", 1 + number % 10, 1 + number / 10 % 28);
        let mut cells = vec![day, "nuisance".to_owned(), "213".to_owned(), format!("Noise, number {number}")];
        for person in &together {
            cells.extend((1..6).map(|at| person.get(at).unwrap_or_default().to_owned()));
            cells.push("person_affected".to_owned());
        }
        cells.resize(4 + 6 * TOGETHER, String::new());
        let mut row = csv::Writer::from_writer(Vec::new());
        row.write_record(&cells).expect("a row");
        to.write_all(&row.into_inner().expect("a row")).expect("room for them");
    }
    to.flush().expect("room for them");
}

/// Names as they are asked for.
pub(crate) fn queries() -> Vec<String> {
    let mut rows = csv::Reader::from_path(Path::new(NAMES).join("uk-queries-name.csv")).expect("the queries of the shared data");
    rows.records().filter_map(|row| row.ok()?.get(0).map(str::to_owned)).collect()
}
