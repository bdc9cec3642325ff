//! Files as somebody imports them.

use exchange::{
    FileError, Row,
    boundaries::{self, AreaOptions},
    incidents::{CsvReader, CsvWriter, JsonLinesReader},
    police_uk, postcodes,
};
use model::Timestamp;

fn now() -> Timestamp {
    "2026-03-02T12:00:00Z".parse().expect("a time")
}

/// What every reader keeps to: rows in order, a reject with what is wrong, and no more rows after an error.
fn read<T>(rows: Result<impl Iterator<Item = Result<Row<T>, FileError>>, FileError>) -> Vec<T> {
    let mut sound = Vec::new();
    let Ok(rows) = rows else { return sound };
    let (mut last, mut ended) = (0, false);
    for row in rows {
        assert!(!ended, "rows after an error");
        match row {
            Err(error) => {
                assert!(!error.to_string().is_empty());
                ended = true;
            }
            Ok(row) => {
                assert!(row.number() > last, "row {} after {last}", row.number());
                last = row.number();
                match row {
                    Row::Ok { value, .. } => sound.push(value),
                    Row::Skip { .. } => {}
                    Row::Reject { problems, .. } => assert!(problems.iter().all(|one| !one.reason.is_empty()) && !problems.is_empty()),
                }
            }
        }
    }
    sound
}

/// The first byte chooses the format, the rest is the file.
///
/// # Panics
/// When a reader gives what it must not.
pub fn import(data: &[u8]) {
    let Some((format, file)) = data.split_first() else { return };
    match format % 4 {
        0 => drop(read(JsonLinesReader::new(file, now()))),
        1 => {
            for row in read(police_uk::Reader::new(file)) {
                assert!(row.incident.id.is_some());
            }
        }
        2 => drop(read(boundaries::Reader::new(file, AreaOptions::default()))),
        _ => {
            for point in read(postcodes::Reader::new(file)) {
                assert_eq!(model::place::postcode(&point.postcode).as_ref(), Some(&point.postcode));
            }
        }
    }
}

/// A CSV file of incidents: what is read is written, without a cell that a spreadsheet takes for a formula, and read again
/// the same.
///
/// # Panics
/// When it is not.
pub fn csv(data: &[u8]) {
    for row in read(CsvReader::new(data)) {
        let mut written = Vec::new();
        let mut writer = CsvWriter::new(&mut written).expect("memory takes it");
        writer.write_new(&row.incident, row.owning_agency_name.as_deref()).expect("memory takes it");
        writer.finish().expect("memory takes it");
        no_formula(&written);
        let again = read(CsvReader::new(written.as_slice()));
        assert_eq!(again.len(), 1, "one row was written: {}", String::from_utf8_lossy(&written));
        assert_eq!(again[0].incident, row.incident);
        assert_eq!(again[0].owning_agency_name, row.owning_agency_name);
    }
}

fn no_formula(written: &[u8]) {
    let mut cells = csv::Reader::from_reader(written);
    for record in cells.records() {
        for cell in &record.expect("what we write is CSV") {
            let number = cell.parse::<f64>().is_ok();
            assert!(number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "a formula: {cell}");
        }
    }
}
