//! Where on a street: house numbers, points on the grid, addresses and reference numbers.

use crate::{
    random::{Random, hash},
    tables::{Street, tables},
};
use model::{NewPlace, PlaceRole, place::Precision};

/// The highest house number.
pub(crate) const HOUSES: u16 = 60;

/// The street at that place of the table.
pub(crate) fn street(at: usize) -> Option<&'static Street> {
    tables().streets.get(at)
}

/// The place in the table of the street with that name.
pub(crate) fn called(name: &str) -> usize {
    tables().streets.iter().position(|street| street.name == name).unwrap_or(0)
}

impl Street {
    /// The post town.
    pub(crate) fn town(&self) -> &'static str {
        match self.area {
            "Thornaby" | "Mandale" | "Village Thornaby" => "Thornaby",
            "Billingham Town Centre" | "Low Grange" | "Billingham South" | "Wolviston Court" => "Billingham",
            "Ingleby Barwick" => "Ingleby Barwick",
            "Yarm" => "Yarm",
            "Eaglescliffe" => "Eaglescliffe",
            "Middlesbrough West" => "Middlesbrough",
            _ => "Stockton-on-Tees",
        }
    }

    /// A point `along` the street (-1 to 1) and so many metres `beside` it.
    fn point(&self, along: f64, beside: f64) -> (f64, f64) {
        let half = match self.kind {
            's' => 60.0,
            'i' => 180.0,
            _ => 90.0,
        };
        let angle = (hash(self.name) % 360) as f64 * std::f64::consts::PI / 180.0;
        let (sine, cosine) = angle.sin_cos();
        let decimetre = |metres: f64| (metres * 10.0).round() / 10.0;
        (decimetre(self.easting + along * half * cosine - beside * sine), decimetre(self.northing + along * half * sine + beside * cosine))
    }
}

/// `27 Trimdon Close, Stockton-on-Tees`.
pub(crate) fn address(at: usize, house: u16) -> String {
    street(at).map_or_else(String::new, |street| format!("{house} {}, {}", street.name, street.town()))
}

/// The property reference number of a house: of a range that is not in use.
pub(crate) fn uprn(at: usize, house: u16) -> String {
    format!("9990{at:04}{house:04}")
}

/// A house.
pub(crate) fn house(at: usize, number: u16, role: PlaceRole) -> NewPlace {
    let Some(street) = street(at) else { return NewPlace::default() };
    let side = if number.is_multiple_of(2) { 9.0 } else { -9.0 };
    let (easting, northing) = street.point(f64::from(number) / f64::from(HOUSES) * 2.0 - 1.0, side);
    NewPlace {
        role: Some(role),
        uprn: Some(uprn(at, number)),
        usrn: Some(format!("999{at:05}")),
        address: Some(address(at, number)),
        street: Some(street.name.to_owned()),
        postcode: Some(street.postcode.to_owned()),
        easting: Some(easting),
        northing: Some(northing),
        precision: Some(Precision::Property),
        ..NewPlace::default()
    }
}

/// Somewhere on a street or in a park.
pub(crate) fn somewhere(random: &mut Random, at: usize, role: PlaceRole) -> NewPlace {
    let Some(street) = street(at) else { return NewPlace::default() };
    let wide = if street.kind == 'p' { 60.0 } else { 6.0 };
    let (easting, northing) = street.point(random.unit() * 2.0 - 1.0, (random.unit() * 2.0 - 1.0) * wide);
    let mut place = NewPlace {
        role: Some(role),
        usrn: Some(format!("999{at:05}")),
        street: Some(street.name.to_owned()),
        postcode: Some(street.postcode.to_owned()),
        easting: Some(easting),
        northing: Some(northing),
        precision: Some(Precision::Street),
        ..NewPlace::default()
    };
    match random.below(20) {
        // A handheld gives degrees.
        0 | 1 => {
            let point = model::grid::Grid { easting, northing }.to_wgs84();
            if let Some(point) = point {
                let short = |degrees: f64| (degrees * 1e6).round() / 1e6;
                (place.easting, place.northing) = (None, None);
                (place.longitude, place.latitude) = (Some(short(point.longitude)), Some(short(point.latitude)));
                place.precision = Some(Precision::Exact);
            }
        }
        // The call taker had the street's centre only.
        2..=4 => (place.easting, place.northing) = (Some(street.easting), Some(street.northing)),
        // Nobody put it on the map.
        5 => {
            (place.easting, place.northing, place.precision) = (None, None, None);
            place.address = Some(format!("{}, {}", street.name, street.town()));
        }
        _ => {}
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn houses_of_a_street_differ_and_lie_near_it() {
        let at = called("Trimdon Close");
        let centre = street(at).unwrap();
        let mut seen = HashSet::new();
        for number in 1..=HOUSES {
            let place = house(at, number, PlaceRole::HappenedAt);
            let (easting, northing) = (place.easting.unwrap(), place.northing.unwrap());
            assert!((easting - centre.easting).hypot(northing - centre.northing) < 120.0);
            assert!(seen.insert((easting as i64, northing as i64)));
        }
    }
}
