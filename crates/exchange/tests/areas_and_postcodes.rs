//! Boundaries and postcodes: the real files, and back again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::outcome;
use exchange::{
    boundaries::{self, Area, AreaOptions},
    incidents::{ExportLine, JsonLinesReader, JsonLinesWriter},
    postcodes,
};
use geo::Area as _;
use std::{collections::BTreeSet, fs::File, path::PathBuf};

#[allow(clippy::disallowed_methods)]
fn folder(name: &str) -> PathBuf {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = PathBuf::from(std::env::var("BEACON_DATA").unwrap_or_else(|_| default.to_owned())).join(name);
    assert!(folder.is_dir(), "the data is missing: set BEACON_DATA to the folder that holds {name}/ (looked in {})", folder.display());
    folder
}

fn areas(file: &str) -> Vec<Area> {
    let file = File::open(folder("boundaries").join(file)).unwrap();
    outcome(boundaries::Reader::new(file, AreaOptions::default())).all_sound()
}

#[test]
fn wards_and_lsoas_are_known_by_their_properties() {
    let wards = areas("wards_E06000004.geojson.gz");
    assert!(wards.len() > 20 && wards.iter().all(|area| area.kind == "ward" && area.code.starts_with("E05")));
    let lsoas = areas("lsoa_E06000004.geojson.gz");
    assert!(lsoas.len() > 100 && lsoas.iter().all(|area| area.kind == "lsoa" && area.name.starts_with("Stockton-on-Tees")));
    // Both cover the borough of some 204 km2 (to mean high water).
    for areas in [&wards, &lsoas] {
        let km2 = areas.iter().map(|area| area.polygon.unsigned_area()).sum::<f64>() / 1e6;
        assert!((195.0..215.0).contains(&km2), "{km2}");
    }
    let codes: BTreeSet<_> = wards.iter().map(|area| &area.code).collect();
    assert_eq!(codes.len(), wards.len());
}

#[test]
fn areas_come_back_from_geojson_and_from_json_lines() {
    let wards = areas("wards_E06000001.geojson.gz");
    let mut geojson = Vec::new();
    let mut writer = boundaries::Writer::new(&mut geojson).unwrap();
    wards.iter().for_each(|area| writer.write(area).unwrap());
    writer.finish().unwrap();
    assert_eq!(outcome(boundaries::Reader::new(&geojson[..], AreaOptions::default())).all_sound(), wards);

    let mut lines = JsonLinesWriter::new(Vec::new());
    let mut bytes = Vec::new();
    wards.iter().for_each(|area| lines.write(&ExportLine::Area(area.clone())).unwrap());
    lines.finish().unwrap();
    let mut lines = JsonLinesWriter::new(&mut bytes);
    wards.iter().for_each(|area| lines.write(&ExportLine::Area(area.clone())).unwrap());
    lines.finish().unwrap();
    let back = outcome(JsonLinesReader::new(&bytes[..], common::now())).all_sound();
    assert_eq!(back, wards.into_iter().map(ExportLine::Area).collect::<Vec<_>>());
}

#[test]
fn the_caller_says_what_properties_do_not() {
    let file = br#"{"features":[{"type":"Feature","properties":{"ref":7,"label":"Town Centre"},"geometry":{"type":"MultiPolygon","coordinates":[[[[-1.32,54.56],[-1.31,54.56],[-1.31,54.57],[-1.32,54.57],[-1.32,54.56]],[[-1.318,54.562],[-1.316,54.562],[-1.316,54.564],[-1.318,54.562]]]]}}],"crs":{"type":"name","properties":{"name":"EPSG:4326"}},"type":"FeatureCollection"}"#;
    let options = AreaOptions { kind: Some("patrol_zone".into()), code_property: Some("ref".into()), name_property: Some("label".into()) };
    let area = outcome(boundaries::Reader::new(&file[..], options)).all_sound().remove(0);
    assert_eq!((area.kind.as_str(), area.code.as_str(), area.name.as_str()), ("patrol_zone", "7", "Town Centre"));
    assert_eq!(area.polygon.0[0].interiors().len(), 1);
}

#[test]
fn a_file_cut_short_keeps_the_features_before() {
    let mut text = Vec::new();
    let path = folder("boundaries").join("wards_E06000004.geojson.gz");
    std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(File::open(path).unwrap()), &mut text).unwrap();
    let read = outcome(boundaries::Reader::new(&text[..text.len() / 2], AreaOptions::default()));
    assert!(read.sound.len() > 5 && read.rejects.is_empty());
    assert_eq!(read.error.unwrap().code, "not_json");
}

#[test]
fn postcodes_of_teesside_and_darlington_read_and_come_back() {
    for file in ["ts.csv.gz", "dl.csv.gz"] {
        let read = outcome(postcodes::Reader::new(File::open(folder("postcodes").join(file)).unwrap()));
        assert!(
            read.error.is_none() && read.rejects.iter().all(|reject| reject.code == "no_location"),
            "{:?} {:?}",
            read.error,
            read.rejects
        );
        let points: Vec<_> = read.sound.into_iter().map(|(_, point)| point).collect();
        assert!(points.len() > 5_000, "{file} {}", points.len());
        println!("{file}: {} postcodes, {} without location", points.len(), read.rejects.len());
        let mut written = Vec::new();
        postcodes::write(&mut written, &points).unwrap();
        assert_eq!(outcome(postcodes::Reader::new(&written[..])).all_sound(), points);
    }
}

#[test]
fn the_full_code_point_product_reads_too() {
    let file = b"\"TS181AB\",10,444100,518600,\"E92000001\",\"E19000001\",\"E18000001\",\"\",\"E06000004\",\"E05001550\"\n";
    let point = outcome(postcodes::Reader::new(&file[..])).all_sound().remove(0);
    assert_eq!((point.postcode.as_str(), point.quality, point.easting), ("TS18 1AB", 10, 444_100.0));
}
