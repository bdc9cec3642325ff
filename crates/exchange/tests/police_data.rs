//! The real files of data.police.uk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{actor, now};
use exchange::{Row, Summary, police_uk};
use model::{NewIncident, Uuid, place::Precision};
use std::{collections::BTreeSet, fs::File, path::PathBuf};

#[allow(clippy::disallowed_methods)]
fn data() -> PathBuf {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = PathBuf::from(std::env::var("BEACON_DATA").unwrap_or_else(|_| default.to_owned()));
    assert!(
        folder.join("police-uk").is_dir(),
        "the police data is missing: set BEACON_DATA to the folder that holds police-uk/ (looked in {})",
        folder.display()
    );
    folder
}

/// The street files of Cleveland, in the order of their months.
fn cleveland() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(data().join("police-uk/cleveland")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 8, "{files:?}");
    files
}

fn all_forces() -> PathBuf {
    data().join("police-uk/asb-all-forces-2018-10_2019-02.csv.gz")
}

fn read(path: &PathBuf, mut each: impl FnMut(NewIncident)) -> Summary {
    let mut summary = Summary::default();
    for row in police_uk::Reader::new(File::open(path).unwrap()).unwrap() {
        let row = row.unwrap();
        summary.note_police(&row);
        match row {
            Row::Ok { value, .. } => each(value.incident),
            Row::Reject { problems, .. } => panic!("{path:?}: {problems:?}"),
            Row::Skip { .. } => {}
        }
    }
    summary
}

#[test]
fn cleveland_and_all_forces_are_363_971_incidents() {
    let mut ids: BTreeSet<Uuid> = BTreeSet::new();
    let mut cleveland_rows = Summary::default();
    for path in cleveland() {
        cleveland_rows += read(&path, |incident| assert!(ids.insert(incident.id.unwrap()), "an id twice in Cleveland"));
    }
    assert_eq!((cleveland_rows.rows, cleveland_rows.read, cleveland_rows.skipped), (61_790, 15_387, 46_403));
    assert_eq!((cleveland_rows.without_coordinates, cleveland_rows.northern_ireland), (0, 0));

    let mut in_file = BTreeSet::new();
    let all = read(&all_forces(), |incident| assert!(in_file.insert(incident.id.unwrap()), "an id twice in one file"));
    let expected = Summary { rows: 360_722, read: 360_722, skipped: 0, rejected: 0, without_coordinates: 1_906, northern_ireland: 21_749 };
    assert_eq!(all, expected);
    ids.extend(in_file);
    assert_eq!(ids.len(), 363_971);
}

#[test]
fn a_second_reading_and_what_is_written_back_have_the_same_ids() {
    let path = cleveland().remove(7);
    let mut ids = BTreeSet::new();
    let mut written = Vec::new();
    let mut writer = police_uk::Writer::new(&mut written, &[]).unwrap();
    read(&path, |incident| {
        assert!(writer.write(incident.source.as_ref().unwrap()).unwrap());
        ids.insert(incident.id.unwrap());
    });
    writer.finish().unwrap();
    let again: BTreeSet<Uuid> = police_uk::Reader::new(&written[..])
        .unwrap()
        .map(|row| match row.unwrap() {
            Row::Ok { value, .. } => value.incident.id.unwrap(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ids, again);
    assert_eq!(ids.len(), 1_451);
}

/// An id is for ever: a change here would import everything a second time.
#[test]
fn ids_do_not_change() {
    let file = common::police(&[&common::police_row("-1.313", "54.565"), &common::police_row("-1.313", "54.565")]);
    let ids: Vec<String> =
        common::outcome(police_uk::Reader::new(&file[..])).all_sound().iter().map(|row| row.incident.id.unwrap().to_string()).collect();
    assert_eq!(ids, ["5ee1eba7-f493-851d-a0cd-35c97e13f6fa", "5ee1eba7-1745-8a23-8e76-be9ab94e1193"]);
}

#[test]
fn a_row_settles_as_it_was_published() {
    let file = common::police(&[
        &common::police_row("-1.313", "54.565"),
        &common::police_row("-5.93", "54.597"),
        ",2018-10,Sussex Police,Sussex Police,,,No Location,,,Anti-social behaviour,,",
        "x,2018-10,Sussex Police,Sussex Police,,,No Location,,,Burglary,,",
    ]);
    let read = common::outcome(police_uk::Reader::new(&file[..]));
    assert_eq!(read.skipped, 1);
    let rows = read.all_sound();
    assert_eq!(
        rows.iter().map(|row| (row.without_coordinates, row.northern_ireland)).collect::<Vec<_>>(),
        [(false, false), (false, true), (true, false)]
    );
    let settled: Vec<_> = rows.into_iter().map(|row| row.incident.settle(&actor(), now()).unwrap()).collect();

    let place = &settled[0].places[0];
    assert_eq!((place.street.as_deref(), place.precision), (Some("High Street"), Precision::SnapPoint));
    assert!(place.grid.is_some() && place.wgs84.is_some());
    assert_eq!(settled[0].details.summary, "Anti-social behaviour on or near High Street");
    assert_eq!(settled[0].details.occurred.month.unwrap().to_string(), "2024-01");
    assert_eq!(settled[0].reports[0].channel, "published");
    let source = settled[0].source.as_ref().unwrap();
    assert_eq!((source.system.as_str(), source.fields.len(), source.fields["LSOA code"].as_str()), ("data.police.uk", 12, "E01012187"));

    assert!(settled[1].places[0].grid.is_none() && settled[1].places[0].wgs84.is_some());
    assert!(settled[2].places.is_empty());
    assert_eq!(settled[2].details.summary, "Anti-social behaviour, no location published");
}

#[test]
fn every_real_row_settles() {
    for path in cleveland().into_iter().chain([all_forces()]) {
        read(&path, |incident| {
            let fields = incident.source.clone();
            if let Err(problems) = incident.settle(&actor(), now()) {
                panic!("{problems:?}: {fields:?}");
            }
        });
    }
}
