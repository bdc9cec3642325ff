//! The examples in docs/import-formats.md are files that read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{actor, now, outcome};
use exchange::{
    boundaries::{self, AreaOptions},
    incidents::{CsvReader, ExportLine, JsonLinesReader, columns},
};

const PAGE: &str = include_str!("../../../docs/import-formats.md");

fn example(language: &str) -> &'static str {
    PAGE.split(&format!("```{language}\n")).nth(1).unwrap().split("```").next().unwrap()
}

#[test]
fn examples_read_and_settle() {
    let sheet = outcome(CsvReader::new(example("csv").as_bytes())).all_sound();
    let lines = outcome(JsonLinesReader::new(example("jsonl").as_bytes(), now())).all_sound();
    let zones = outcome(boundaries::Reader::new(example("json").as_bytes(), AreaOptions::default())).all_sound();
    assert_eq!((sheet.len(), lines.len(), zones.len(), zones[0].kind.as_str()), (2, 2, 1, "patrol_zone"));
    let from_lines = lines.into_iter().map(|line| match line {
        ExportLine::NewIncident(line) => line.incident,
        other => panic!("{other:?}"),
    });
    for incident in sheet.into_iter().map(|row| row.incident).chain(from_lines) {
        incident.settle(&actor(), now()).unwrap();
    }
}

#[test]
fn every_column_is_described() {
    for column in columns::all() {
        let described = match column.strip_prefix("person_") {
            Some(person) => {
                let (_, field) = person.split_once('_').unwrap();
                PAGE.contains(&format!("`person_N_{field}`"))
                    || PAGE.contains(&format!("`_{field}`"))
                    || PAGE.contains(&format!("`person_1_{field}`"))
            }
            None => PAGE.contains(&format!("`{column}`")),
        };
        assert!(described, "{column}");
    }
}
