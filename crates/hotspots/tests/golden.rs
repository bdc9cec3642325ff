//! Gi* and Benjamini-Hochberg against esda's figures, at full double precision, on four sets of irregular polygons and a
//! real grid of Cleveland anti-social behaviour.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)] // in helpers of tests

use std::io::Read;
use std::path::PathBuf;

use hotspots::{GiStar, Lattice, StudyArea, false_discovery, gi_star};
use serde_json::Value;

const TOLERANCE: f64 = 1e-12;

fn golden() -> Value {
    #[allow(clippy::disallowed_methods)]
    let folder = std::env::var_os("BEACON_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let path = folder.join("hotspots/golden.json.gz");
    let file = std::fs::File::open(&path)
        .unwrap_or_else(|error| panic!("the golden figures are missing: {}: {error}; set BEACON_DATA to the data folder", path.display()));
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("gzip");
    serde_json::from_str(&text).expect("JSON")
}

fn numbers(case: &Value, name: &str) -> Vec<f64> {
    let list = case[name].as_array().unwrap_or_else(|| panic!("no list {name}"));
    list.iter().map(|number| number.as_f64().expect("a number")).collect()
}

fn neighbours(case: &Value) -> Vec<Vec<usize>> {
    let lists = case["neighbors"].as_object().expect("neighbours by index");
    (0..lists.len())
        .map(|cell| {
            let list = lists[&cell.to_string()].as_array().expect("a list");
            list.iter().map(|index| index.as_u64().expect("an index") as usize).collect()
        })
        .collect()
}

fn assert_golden(name: &str, case: &Value, scores: &GiStar) {
    let (z, p) = (numbers(case, "Gi*_B"), numbers(case, "p"));
    assert_eq!(scores.z.len(), z.len(), "{name}");
    let mut worst = (0.0_f64, 0.0_f64);
    for cell in 0..z.len() {
        let off_z = (scores.z[cell] - z[cell]).abs() / z[cell].abs().max(1.0);
        let off_p = (scores.p[cell] - p[cell]).abs();
        assert!(off_z <= TOLERANCE, "{name}: z of cell {cell}: {} not {}", scores.z[cell], z[cell]);
        assert!(off_p <= TOLERANCE, "{name}: p of cell {cell}: {} not {}", scores.p[cell], p[cell]);
        worst = (worst.0.max(off_z), worst.1.max(off_p));
    }
    println!("{name}: {} cells, z off by {:.1e}, p by {:.1e} at most", z.len(), worst.0, worst.1);
    for (alpha, key) in [(0.05, "fdr05"), (0.10, "fdr10")] {
        let threshold = case[key].as_f64().expect("a threshold");
        let wanted: Vec<bool> = p.iter().map(|p| *p <= threshold).collect();
        assert_eq!(false_discovery::threshold(&scores.p, alpha), threshold, "{name} {key}");
        assert_eq!(false_discovery::decisions(&scores.p, alpha), wanted, "{name} {key}");
        let adjusted = false_discovery::adjusted(&scores.p);
        let by_adjusted: Vec<bool> = adjusted.iter().map(|p| *p <= alpha).collect();
        assert_eq!(by_adjusted, wanted, "{name} {key}, by adjusted p");
    }
}

#[test]
fn irregular_polygons_match_esda() {
    let golden = golden();
    for name in ["esda_six_points", "stl_hom_HR8893", "sids2_SIDR74", "columbus_CRIME"] {
        let case = &golden[name];
        let scores = gi_star::on_neighbours(&numbers(case, "y"), &neighbours(case)).expect(name);
        assert_golden(name, case, &scores);
    }
}

#[test]
fn the_cleveland_grid_matches_esda_on_the_lattice() {
    let name = "cleveland_real_asb_250m_111x163";
    let golden = golden();
    let case = &golden[name];
    let y = numbers(case, "y");
    let counts: Vec<u32> = y.iter().map(|count| *count as u32).collect();
    assert!(counts.iter().zip(&y).all(|(count, y)| f64::from(*count) == *y), "whole counts");
    let area = StudyArea::of_lattice(Lattice::new(0, 0, 250, 163, 111).expect("lattice")).expect("area");
    assert_golden(name, case, &gi_star::on_lattice(&counts, &area).expect(name));
}

#[test]
fn no_gi_star_case_is_left_out() {
    let golden = golden();
    let cases = golden.as_object().expect("cases");
    let with_gi_star: Vec<&str> = cases.iter().filter(|(_, case)| case.get("Gi*_B").is_some()).map(|(name, _)| name.as_str()).collect();
    assert_eq!(with_gi_star.len(), 5, "cases: {with_gi_star:?}");
}
