//! From scores to decisions, bands and the answer an analyst gets.

#![allow(clippy::expect_used)] // in helpers of tests

use hotspots::{Band, Lattice, StudyArea, analyse, false_discovery};
use proptest::prelude::*;

/// The fifteen p values of Benjamini and Hochberg's own example (1995, section 4): four are rejected at 0.05.
const PAPER: [f64; 15] =
    [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000];

#[test]
fn the_papers_example() {
    let rejected = false_discovery::decisions(&PAPER, 0.05);
    assert_eq!(rejected.iter().filter(|rejected| **rejected).count(), 4);
    assert!((false_discovery::threshold(&PAPER, 0.05) - 4.0 * 0.05 / 15.0).abs() < 1e-17);
    let adjusted = false_discovery::adjusted(&PAPER);
    assert!((adjusted[3] - 0.0095 * 15.0 / 4.0).abs() < 1e-15);
    assert!((adjusted[14] - 1.0).abs() < 1e-15);
}

#[test]
fn no_discovery_and_no_values() {
    assert_eq!(false_discovery::threshold(&[0.5, 0.9], 0.05), 0.025);
    assert_eq!(false_discovery::decisions(&[0.5, 0.9], 0.05), [false, false]);
    assert_eq!(false_discovery::threshold(&[], 0.05), 0.0);
    assert!(false_discovery::adjusted(&[]).is_empty());
    assert_eq!(false_discovery::adjusted(&[f64::NAN, 0.001]), [1.0, 0.002]);
}

#[test]
fn rounding_never_makes_an_adjusted_value_smaller() {
    let mut p = [0.0; 45];
    p[35] = 0.9703039501969756;
    assert_eq!(false_discovery::adjusted(&p), p);
}

#[test]
fn bands_by_sign_and_level() {
    assert_eq!(Band::of(4.0, 0.01), Band::Hot99);
    assert_eq!(Band::of(-4.0, 0.0), Band::Cold99);
    assert_eq!(Band::of(3.0, 0.05), Band::Hot95);
    assert_eq!(Band::of(-3.0, 0.0101), Band::Cold95);
    assert_eq!(Band::of(2.5, 0.10), Band::Hot90);
    assert_eq!(Band::of(-2.5, 0.0501), Band::Cold90);
    assert_eq!(Band::of(2.5, 0.1001), Band::NotSignificant);
    assert_eq!(Band::of(0.0, 1.0), Band::NotSignificant);
    let names: Vec<&str> = Band::ALL.iter().map(|band| band.as_str()).collect();
    assert_eq!(names, ["hot_99", "hot_95", "hot_90", "not_significant", "cold_90", "cold_95", "cold_99"]);
}

#[test]
fn an_analysis_returns_what_is_worth_drawing() {
    let lattice = Lattice::new(440_000, 510_000, 250, 30, 20).expect("lattice");
    let area = StudyArea::of_lattice(lattice).expect("area");
    let mut counts = vec![0_u32; 600];
    for (column, row) in [(10, 10), (11, 10), (10, 11)] {
        counts[lattice.index(column, row)] = 40;
    }
    counts[lattice.index(25, 3)] = 1;
    let analysis = analyse(&counts, &area, 0.10).expect("analysis");
    let summary = analysis.summary;
    assert_eq!((summary.cells, summary.total), (600, 121));
    assert!((summary.mean - 121.0 / 600.0).abs() < 1e-15);
    let mean_square = (3.0 * 1600.0 + 1.0) / 600.0;
    assert!((summary.variance - (mean_square - summary.mean.powi(2))).abs() < 1e-12);

    let at = |column, row| analysis.cells.iter().find(|cell| (cell.column, cell.row) == (column, row));
    assert_eq!(at(10, 10).map(|cell| (cell.count, cell.band)), Some((40, Band::Hot99)));
    assert_eq!(at(9, 9).map(|cell| (cell.count, cell.band)), Some((0, Band::Hot99)), "empty, but beside the cluster");
    assert_eq!(at(25, 3).map(|cell| (cell.count, cell.band)), Some((1, Band::NotSignificant)));
    assert_eq!(at(0, 0), None, "empty and ordinary");
    // Cells within one of the three full ones: 4 x 4 less the far corner.
    assert_eq!(summary.significant, 15);
    assert_eq!(analysis.cells.len(), 16);
    assert!(analysis.cells.iter().all(|cell| cell.p <= cell.p_adjusted && cell.p_adjusted <= 1.0));
}

#[test]
fn counts_beyond_the_area_have_no_influence() {
    let lattice = Lattice::new(440_000, 510_000, 100, 12, 12).expect("lattice");
    let mask: Vec<bool> = (0..144).map(|index| index % 12 < 8).collect();
    let area = StudyArea::of_mask(lattice, &mask).expect("area");
    let mut counts: Vec<u32> = (0..144).map(|index| index * 31 % 7).collect();
    let before = analyse(&counts, &area, 0.10).expect("analysis");
    for (count, belongs) in counts.iter_mut().zip(&mask) {
        *count = if *belongs { *count } else { 1_000 };
    }
    assert_eq!(analyse(&counts, &area, 0.10).expect("analysis"), before);
    assert_eq!(before.summary.cells, 96);
    assert!(analyse(&counts[1..], &area, 0.10).is_err());
}

proptest! {
    #[test]
    fn adjusted_values_agree_with_the_decisions(p in prop::collection::vec(0.0..1.0_f64, 1..60), alpha in 0.001..0.5_f64) {
        let adjusted = false_discovery::adjusted(&p);
        for ((p, adjusted), rejected) in p.iter().zip(&adjusted).zip(false_discovery::decisions(&p, alpha)) {
            prop_assert!(adjusted >= p && *adjusted <= 1.0);
            prop_assert_eq!(*adjusted <= alpha, rejected);
        }
    }
}
