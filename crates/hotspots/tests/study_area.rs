//! Lattices, polygons and the cells whose centre lies in them.

#![allow(clippy::expect_used)] // in helpers of tests

use geo::{Contains, Coord, LineString, MultiPolygon, Point, Polygon};
use hotspots::{AreaError, GridBox, Lattice, MAX_BOUNDING_CELLS, MAX_CELLS, StudyArea};
use proptest::prelude::*;

fn ring(points: &[(f64, f64)]) -> LineString<f64> {
    points.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect()
}

fn rectangle(west: f64, south: f64, east: f64, north: f64) -> LineString<f64> {
    ring(&[(west, south), (east, south), (east, north), (west, north)])
}

fn bounds(min_easting: f64, min_northing: f64, max_easting: f64, max_northing: f64) -> GridBox {
    GridBox { min_easting, min_northing, max_easting, max_northing }
}

#[test]
fn a_box_is_snapped_outwards() {
    let area = StudyArea::of_box(&bounds(444_950.1, 519_000.0, 445_100.0, 519_101.0), 100).expect("area");
    let lattice = area.lattice();
    assert_eq!(lattice.origin(), (444_900, 519_000));
    assert_eq!((lattice.columns(), lattice.rows(), area.cells()), (2, 2, 4));
    assert_eq!(area.indices().collect::<Vec<_>>(), [0, 1, 2, 3]);
    let point = StudyArea::of_box(&bounds(445_000.0, 519_000.0, 445_000.0, 519_000.0), 50).expect("area");
    assert_eq!(point.cells(), 1, "a point still lies in a cell");
    assert_eq!(point.cell_at(4_450_000, 5_190_000), Some(0));
    let west_of_the_grid = Lattice::covering(&bounds(-150.0, -1.0, 50.0, 10.0), 100).expect("lattice");
    assert_eq!(west_of_the_grid.origin(), (-200, -100));
    assert_eq!(west_of_the_grid.cell_at(0, 0), Some(3 + 2));
}

#[test]
fn a_cell_holds_its_west_and_south_edges() {
    let lattice = Lattice::new(445_000, 519_000, 250, 4, 3).expect("lattice");
    assert_eq!(lattice.cell_at(4_450_000, 5_190_000), Some(0));
    assert_eq!(lattice.cell_at(4_452_499, 5_190_000), Some(0));
    assert_eq!(lattice.cell_at(4_452_500, 5_190_000), Some(1));
    assert_eq!(lattice.cell_at(4_450_000, 5_192_500), Some(4));
    assert_eq!(lattice.cell_at(4_449_999, 5_190_000), None);
    assert_eq!(lattice.cell_at(4_460_000, 5_190_000), None);
    assert_eq!(lattice.cell_at(4_450_000, 5_197_500), None);
    assert_eq!(lattice.cell_at(u32::MAX, u32::MAX), None);
    assert_eq!(lattice.position(7), (3, 1));
    assert_eq!(lattice.centre(3, 1), (445_875.0, 519_375.0));
    assert_eq!(lattice.corners(3, 1), [(445_750.0, 519_250.0), (446_000.0, 519_250.0), (446_000.0, 519_500.0), (445_750.0, 519_500.0)]);
}

#[test]
fn too_many_cells_are_named() {
    let error = StudyArea::of_box(&bounds(0.0, 0.0, 700_000.0, 1_300_000.0), 100).expect_err("91 million");
    assert_eq!(error, AreaError::TooManyCells { cells: 91_000_000, limit: MAX_CELLS });
    assert!(error.to_string().contains("91000000"), "{error}");
    let exactly = StudyArea::of_box(&bounds(0.0, 0.0, 200_000.0, 100_000.0), 100).expect("2 million");
    assert_eq!(exactly.cells(), MAX_CELLS);
    // Of an area, the cells in it are counted and named, not those of the box around it.
    let half = Polygon::new(ring(&[(0.0, 0.0), (700_000.0, 0.0), (0.0, 1_300_000.0)]), vec![]);
    match StudyArea::of_polygons(&MultiPolygon(vec![half]), 100) {
        Err(AreaError::TooManyCells { cells, limit }) => {
            assert_eq!(limit, MAX_CELLS);
            assert!(cells.abs_diff(45_500_000) < 10_000, "{cells}");
        }
        other => panic!("{:?}", other.map(|area| area.cells())),
    }
    // Two specks far apart: few cells, but a box that would take too much memory.
    let specks = [(0.0, 0.0), (690_000.0, 1_290_000.0)].map(|(x, y)| Polygon::new(rectangle(x, y, x + 1000.0, y + 1000.0), vec![]));
    assert_eq!(
        StudyArea::of_polygons(&MultiPolygon(specks.to_vec()), 100),
        Err(AreaError::TooManyCells { cells: 6_910 * 12_910, limit: MAX_BOUNDING_CELLS })
    );
}

#[test]
fn what_is_no_area_is_refused() {
    let refused = |bounds: GridBox, size: u32| StudyArea::of_box(&bounds, size).expect_err("refused");
    assert_eq!(refused(bounds(0.0, 0.0, 1.0, 1.0), 0), AreaError::CellSize(0));
    assert_eq!(refused(bounds(0.0, 0.0, 1.0, 1.0), u32::MAX), AreaError::CellSize(u32::MAX));
    assert_eq!(refused(bounds(5.0, 0.0, 1.0, 1.0), 100), AreaError::Empty);
    for odd in [f64::NAN, f64::INFINITY, -1e300, 1e300, 1e9] {
        assert_eq!(refused(bounds(0.0, odd, 1.0, odd), 100), AreaError::NotOnTheGrid, "{odd}");
        let polygon = Polygon::new(ring(&[(0.0, 0.0), (1.0, 0.0), (0.5, odd)]), vec![]);
        let error = StudyArea::of_polygons(&MultiPolygon(vec![polygon]), 100).expect_err("refused");
        assert_eq!(error, AreaError::NotOnTheGrid, "{odd}");
    }
    assert_eq!(StudyArea::of_polygons(&MultiPolygon(vec![]), 100), Err(AreaError::Empty));
    let hollow = Polygon::new(LineString::new(vec![]), vec![]);
    assert_eq!(StudyArea::of_polygons(&MultiPolygon(vec![hollow]), 100), Err(AreaError::Empty));
    assert_eq!(Lattice::new(50, 0, 100, 1, 1), Err(AreaError::Misaligned));
    assert_eq!(Lattice::new(0, 0, 100, 0, 1), Err(AreaError::Empty));
    assert_eq!(Lattice::new(0, 0, 100, u32::MAX, u32::MAX), Err(AreaError::NotOnTheGrid));
    let lattice = Lattice::new(0, 0, 100, 2, 2).expect("lattice");
    assert_eq!(StudyArea::of_mask(lattice, &[true]), Err(AreaError::MaskLength { expected: 4, found: 1 }));
}

#[test]
fn a_hole_is_not_in_the_area_and_overlaps_count_once() {
    let ringed = Polygon::new(rectangle(0.0, 0.0, 1000.0, 1000.0), vec![rectangle(300.0, 300.0, 700.0, 700.0)]);
    let over = Polygon::new(rectangle(500.0, 0.0, 1500.0, 300.0), vec![]);
    let area = StudyArea::of_polygons(&MultiPolygon(vec![ringed, over]), 100).expect("area");
    assert_eq!(area.cells(), 100 - 16 + 15);
    assert_eq!(area.cell_at(5_000, 5_000), None, "in the hole");
    assert!(area.cell_at(2_000, 5_000).is_some());
    assert!(area.cell_at(12_000, 1_000).is_some());
    assert_eq!(area.cell_at(12_000, 5_000), None, "in the box, not in the area");
    assert_eq!(area.indices().count() as u64, area.cells());
}

#[test]
fn an_area_between_centres_has_no_cells() {
    let speck = Polygon::new(rectangle(10.0, 10.0, 20.0, 20.0), vec![]);
    let area = StudyArea::of_polygons(&MultiPolygon(vec![speck]), 100).expect("area");
    assert_eq!((area.cells(), area.indices().count()), (0, 0));
}

#[test]
fn areas_that_share_a_boundary_never_share_a_cell() {
    // The boundary runs through the centres of cells: straight, then diagonally.
    let west = ring(&[(0.0, 0.0), (450.0, 0.0), (450.0, 500.0), (950.0, 1000.0), (0.0, 1000.0)]);
    let east = ring(&[(450.0, 0.0), (1000.0, 0.0), (1000.0, 1000.0), (950.0, 1000.0), (450.0, 500.0)]);
    let [west, east] = [west, east].map(|ring| {
        let area = StudyArea::of_polygons(&MultiPolygon(vec![Polygon::new(ring, vec![])]), 100).expect("area");
        let lattice = *area.lattice();
        let whole = area.indices().map(move |index| lattice.centre(lattice.position(index).0, lattice.position(index).1));
        whole.map(|(x, y)| (x as i64, y as i64)).collect::<Vec<_>>()
    });
    assert!(west.iter().all(|cell| !east.contains(cell)));
    assert_eq!(west.len() + east.len(), 100);
}

/// Star-shaped rings do not cross themselves, so that `geo` has an opinion on them.
fn star(radius: std::ops::Range<f64>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(radius, 3..40)
}

fn star_ring(centre: (f64, f64), radii: &[f64]) -> LineString<f64> {
    let step = std::f64::consts::TAU / radii.len() as f64;
    (0..radii.len())
        .map(|i| {
            let (sin, cos) = (step * (i as f64 + 0.137)).sin_cos();
            Coord { x: centre.0 + radii[i] * cos, y: centre.1 + radii[i] * sin }
        })
        .collect()
}

proptest! {
    #[test]
    fn the_scan_line_agrees_with_geo(
        outer in star(2_000.0..6_000.0),
        inner in star(100.0..900.0),
        other in star(100.0..4_000.0),
        (x, y) in (445_000.0..447_000.0, 515_000.0..517_000.0),
        size in prop::sample::select(vec![50_u32, 100, 130, 250, 1000]),
    ) {
        // A triangle of radii 2000 and more still holds a circle of 900 around its centre.
        let with_hole = Polygon::new(star_ring((x, y), &outer), vec![star_ring((x, y), &inner)]);
        let second = Polygon::new(star_ring((x + 9_000.0, y + 3_000.0), &other), vec![]);
        let polygons = MultiPolygon(vec![with_hole, second]);
        let area = StudyArea::of_polygons(&polygons, size).expect("area");
        let lattice = area.lattice();
        let mut cells = 0;
        for index in 0..lattice.cells() as usize {
            let (column, row) = lattice.position(index);
            let (x, y) = lattice.centre(column, row);
            let inside = polygons.0.iter().any(|polygon| polygon.contains(&Point::new(x, y)));
            prop_assert_eq!(area.contains(index), inside, "{:?}", (x, y));
            cells += u64::from(inside);
        }
        prop_assert_eq!(area.cells(), cells);
    }
}
