//! The published points. They repeat, but not closely: keeping what is known of the last ones costs more than it saves.

use crate::Reject;
use model::grid::Wgs84;

/// The point in two cells; none when both are empty.
pub(super) fn read(row: u64, longitude: &str, latitude: &str) -> Result<Option<Wgs84>, Reject> {
    let number = |column: &str, text: &str, most: f64| {
        let degrees: Option<f64> = text.parse().ok();
        degrees.filter(|degrees| degrees.abs() <= most).ok_or_else(|| match text {
            "" => Reject::new(row, column, "missing", "is empty where the other coordinate is given"),
            _ => Reject::new(row, column, "not_a_number", format!("is not a number of degrees from -{most} to {most}")),
        })
    };
    if longitude.is_empty() && latitude.is_empty() {
        return Ok(None);
    }
    Ok(Some(Wgs84 { longitude: number("Longitude", longitude, 180.0)?, latitude: number("Latitude", latitude, 90.0)? }))
}

/// Whether the point lies in Northern Ireland; a reject when it is nowhere in the United Kingdom.
pub(super) fn in_northern_ireland(row: u64, point: Wgs84) -> Result<bool, Reject> {
    if point.in_northern_ireland() {
        Ok(true)
    } else if point.near_land() {
        Ok(false)
    } else {
        Err(Reject::new(
            row,
            "Longitude",
            "not_on_land",
            "is at sea or outside the United Kingdom: check longitude and latitude, in degrees, and that they are not swapped",
        ))
    }
}
