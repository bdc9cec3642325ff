//! The published points. They repeat a lot, so what is known of the last ones is kept.

use crate::Reject;
use model::grid::Wgs84;
use std::collections::HashMap;

/// How many points are remembered: some 4 MB.
const MOST: usize = 1 << 16;

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

#[derive(Debug, Clone, Copy)]
enum Land {
    GreatBritain,
    NorthernIreland,
    Elsewhere,
}

/// Where the last points lie.
#[derive(Debug, Default)]
pub(super) struct Points(HashMap<(u64, u64), Land>);

impl Points {
    /// Whether the point lies in Northern Ireland; a reject when it is nowhere in the United Kingdom.
    pub(super) fn place(&mut self, row: u64, point: Wgs84) -> Result<bool, Reject> {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        let land = self.0.entry((point.longitude.to_bits(), point.latitude.to_bits())).or_insert_with(|| {
            if point.in_northern_ireland() {
                Land::NorthernIreland
            } else if point.near_land() {
                Land::GreatBritain
            } else {
                Land::Elsewhere
            }
        });
        match land {
            Land::GreatBritain => Ok(false),
            Land::NorthernIreland => Ok(true),
            Land::Elsewhere => Err(Reject::new(
                row,
                "Longitude",
                "not_on_land",
                "is at sea or outside the United Kingdom: check longitude and latitude, in degrees, and that they are not swapped",
            )),
        }
    }
}
