//! Postcodes, streets and points.

use model::{
    grid::{Grid, Wgs84},
    place,
};

/// Sixteen bytes are a point, read both ways; the rest is a text.
///
/// # Panics
/// When what is standard form is not its own, or a point does not come back.
pub fn postcode_grid(data: &[u8]) {
    let (numbers, text) = data.split_at(data.len().min(16));
    let text = String::from_utf8_lossy(text);
    if let Some(standard) = place::postcode(&text) {
        assert_eq!(place::postcode(&standard).as_ref(), Some(&standard));
    }
    let key = place::street_key(&text);
    assert_eq!(place::street_key(&key), key);
    place::is_uprn(&text);

    let Ok(numbers) = <[u8; 16]>::try_from(numbers) else { return };
    let number = |at: usize| f64::from_le_bytes(numbers[at..at + 8].try_into().expect("eight bytes"));
    round_trip(Grid { easting: number(0), northing: number(8) });
    // The same bytes as a point that lies in or near Great Britain, to the tenth of a millionth of it.
    let share = |at: usize| f64::from(u32::from_le_bytes(numbers[at..at + 4].try_into().expect("four bytes"))) / f64::from(u32::MAX);
    round_trip(Grid { easting: share(0) * 700_000.0, northing: share(4) * 1_300_000.0 });
    for point in [
        Wgs84 { longitude: number(0), latitude: number(8) },
        Wgs84 { longitude: -9.0 + share(8) * 11.5, latitude: 49.5 + share(12) * 12.0 },
    ] {
        let near = point.near_land();
        let grid = point.to_grid();
        assert!(!(point.in_northern_ireland() && grid.is_some()));
        if let Some(grid) = grid {
            assert!(grid.easting.is_finite() && grid.northing.is_finite());
            assert!(point.in_northern_ireland() || near == grid.near_land());
        }
        let rough = point.to_grid_roughly();
        // A point without end may have a rough place at the edge of the grid; one with an end must have one.
        let finite = point.longitude.is_finite() && point.latitude.is_finite();
        assert!(!finite || (rough.easting.is_finite() && rough.northing.is_finite()));
    }
}

/// A point on land goes to degrees and back to within a metre.
fn round_trip(grid: Grid) {
    let degrees = grid.to_wgs84();
    if !grid.near_land() {
        return;
    }
    if let Some(degrees) = degrees
        && let Some(back) = degrees.to_grid()
    {
        let apart = (back.easting - grid.easting).hypot(back.northing - grid.northing);
        assert!(apart < 1.0, "{grid:?} comes back as {back:?}");
    }
}
