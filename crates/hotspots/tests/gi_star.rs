//! Gi* against the formula written out naively, and where the formula divides by nothing.

#![allow(clippy::expect_used)] // in helpers of tests

use hotspots::{AnalysisError, Lattice, StudyArea, gi_star};
use proptest::prelude::*;

fn lattice(columns: u32, rows: u32) -> Lattice {
    Lattice::new(400_000, 500_000, 100, columns, rows).expect("lattice")
}

/// For each cell of the area, the positions (among those cells) of its queen neighbours.
fn queen(area: &StudyArea) -> Vec<Vec<usize>> {
    let at: Vec<(u32, u32)> = area.indices().map(|index| area.lattice().position(index)).collect();
    let near = |a: (u32, u32), b: (u32, u32)| a != b && a.0.abs_diff(b.0) <= 1 && a.1.abs_diff(b.1) <= 1;
    at.iter().map(|a| (0..at.len()).filter(|b| near(*a, at[*b])).collect()).collect()
}

/// The formula as printed, with a full matrix of weights.
fn naive(x: &[f64], neighbours: &[Vec<usize>]) -> Vec<f64> {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let s = (x.iter().map(|x| x * x).sum::<f64>() / n - mean * mean).sqrt();
    (0..x.len())
        .map(|i| {
            let w: Vec<f64> = (0..x.len()).map(|j| f64::from(u8::from(i == j || neighbours[i].contains(&j)))).collect();
            let (sum, squares) = (w.iter().sum::<f64>(), w.iter().map(|w| w * w).sum::<f64>());
            let lag: f64 = w.iter().zip(x).map(|(w, x)| w * x).sum();
            (lag - mean * sum) / (s * ((n * squares - sum * sum) / (n - 1.0)).sqrt())
        })
        .collect()
}

fn close(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-10 * b.abs().max(1.0), "{a} is not {b}");
    }
}

#[test]
fn a_small_lattice_follows_the_printed_formula() {
    let area = StudyArea::of_lattice(lattice(7, 5)).expect("area");
    // A fixed, uneven pattern with one cluster in the middle.
    let counts: Vec<u32> = (0..35_u32).map(|i| i * i * 7 % 5 + if (16..=18).contains(&i) { 20 } else { 0 }).collect();
    let x: Vec<f64> = counts.iter().map(|count| f64::from(*count)).collect();
    let scores = gi_star::on_lattice(&counts, &area).expect("scores");
    close(&scores.z, &naive(&x, &queen(&area)));
    let hottest = (0..35).max_by(|a, b| scores.z[*a].total_cmp(&scores.z[*b]));
    assert_eq!(hottest.map(|cell| cell % 7), Some(3), "the middle of the cluster");
}

#[test]
fn p_values_are_two_sided() {
    assert_eq!(gi_star::two_sided_p(0.0), 1.0);
    for (z, p) in [(1.959963984540054, 0.05), (-2.5758293035489004, 0.01), (10.0, 1.523970604832e-23)] {
        assert!((gi_star::two_sided_p(z) / p - 1.0).abs() < 1e-11, "p of {z}");
    }
}

#[test]
fn degenerate_input_scores_zero() {
    let ordinary = |counts: &[u32], columns: u32, rows: u32| {
        let area = StudyArea::of_lattice(lattice(columns, rows)).expect("area");
        let scores = gi_star::on_lattice(counts, &area).expect("scores");
        assert!(scores.z.iter().all(|z| *z == 0.0) && scores.p.iter().all(|p| *p == 1.0), "{scores:?}");
        assert_eq!(scores.z.len(), counts.len());
    };
    ordinary(&[5], 1, 1);
    ordinary(&[0; 20], 5, 4);
    ordinary(&[u32::MAX; 20], 5, 4);
    ordinary(&[1, 2, 3, 4], 2, 2); // every cell's neighbours are all cells
    let mask = StudyArea::of_mask(lattice(3, 1), &[false; 3]).expect("area");
    assert_eq!(gi_star::on_lattice(&[1, 2, 3], &mask).expect("scores").z, [0.0; 0]);

    let none = |values: &[f64], neighbours: &[Vec<usize>]| {
        let scores = gi_star::on_neighbours(values, neighbours).expect("scores");
        assert!(scores.z.iter().all(|z| *z == 0.0) && scores.p.iter().all(|p| *p == 1.0), "{scores:?}");
    };
    none(&[], &[]);
    none(&[3.5], &[vec![]]);
    none(&[0.1; 3], &[vec![1], vec![], vec![]]);
    none(&[1.0, 2.0], &[vec![1], vec![0]]);
}

#[test]
fn extreme_values_stay_finite() {
    for scale in [1e-320, 1e-200, 1.0, 1e200, 1e308] {
        let values = [1.0, 0.0, 0.5, 0.0, 1.0].map(|value| value * scale);
        let scores = gi_star::on_neighbours(&values, &[vec![1], vec![2], vec![], vec![3], vec![0]]).expect("scores");
        assert!(scores.z.iter().all(|z| z.is_finite()), "{scale}: {scores:?}");
        assert!(scores.z[4] > 1.0, "{scale}: {scores:?}");
    }
    let mut counts = vec![0; 100];
    counts[55] = u32::MAX;
    let area = StudyArea::of_lattice(lattice(10, 10)).expect("area");
    let scores = gi_star::on_lattice(&counts, &area).expect("scores");
    assert!(scores.z.iter().all(|z| z.is_finite()));
}

#[test]
fn what_cannot_be_scored_is_refused() {
    let area = StudyArea::of_lattice(lattice(2, 2)).expect("area");
    assert_eq!(gi_star::on_lattice(&[1, 2, 3], &area), Err(AnalysisError::Length { expected: 4, found: 3 }));
    assert_eq!(gi_star::on_neighbours(&[1.0], &[]), Err(AnalysisError::Length { expected: 1, found: 0 }));
    assert_eq!(gi_star::on_neighbours(&[1.0, f64::NAN], &[vec![], vec![]]), Err(AnalysisError::NotFinite(1)));
    assert_eq!(gi_star::on_neighbours(&[1.0, 2.0], &[vec![], vec![2]]), Err(AnalysisError::NoSuchNeighbour { cell: 1, neighbour: 2 }));
}

#[test]
fn a_neighbour_named_twice_or_oneself_counts_once() {
    let values = [1.0, 5.0, 2.0, 0.0];
    let plain = gi_star::on_neighbours(&values, &[vec![1], vec![0, 2], vec![1], vec![]]);
    let wordy = gi_star::on_neighbours(&values, &[vec![0, 1, 1], vec![2, 0, 2], vec![1, 2], vec![3]]);
    assert_eq!(plain, wordy);
}

fn masked() -> impl Strategy<Value = (StudyArea, Vec<u32>)> {
    (1..12_u32, 1..12_u32).prop_flat_map(|(columns, rows)| {
        let cells = (columns * rows) as usize;
        let counts = prop::collection::vec(prop_oneof![3 => Just(0_u32), 2 => 0..50_u32], cells);
        let mask = prop::collection::vec(prop::bool::weighted(0.7), cells);
        (counts, mask).prop_map(move |(counts, mask)| (StudyArea::of_mask(lattice(columns, rows), &mask).expect("area"), counts))
    })
}

proptest! {
    #[test]
    fn the_lattice_equals_its_list_of_neighbours((area, counts) in masked()) {
        let values: Vec<f64> = area.indices().map(|index| f64::from(counts[index])).collect();
        let on_lattice = gi_star::on_lattice(&counts, &area).expect("scores");
        let on_list = gi_star::on_neighbours(&values, &queen(&area)).expect("scores");
        close(&on_lattice.z, &on_list.z);
        close(&on_lattice.p, &on_list.p);
        prop_assert!(on_lattice.z.iter().chain(&on_lattice.p).all(|number| number.is_finite()));
    }
}
