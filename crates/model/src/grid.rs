//! Where things are: WGS 84 beside the British National Grid (OSGB36, EPSG:27700, by OSTN15).

use crate::Problems;
use serde::{Deserialize, Serialize};

/// A point on the British National Grid, in metres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Grid {
    /// Metres east of the grid's origin.
    pub easting: f64,
    /// Metres north of the grid's origin.
    pub northing: f64,
}

/// A point in WGS 84, in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Wgs84 {
    /// Degrees east.
    pub longitude: f64,
    /// Degrees north.
    pub latitude: f64,
}

/// The 100 km squares of the grid that hold land, a number per band from south to north: bit `e` of band `n` is the
/// square whose south-west corner is (100 km x e, 100 km x n). Source: the Ordnance Survey's letters for each square.
const LAND: [u8; 13] = [
    0b011_1111, // SV SW SX SY SZ TV
    0b111_1110, // SR SS ST SU TQ TR
    0b111_1110, // SM SN SO SP TL TM
    0b111_1100, // SH SJ SK TF TG
    0b011_1100, // SC SD SE TA
    0b011_1110, // NW NX NY NZ OV
    0b001_1110, // NR NS NT NU
    0b000_1111, // NL NM NN NO
    0b001_1111, // NF NG NH NJ NK
    0b000_1111, // NA NB NC ND
    0b001_1110, // HW HX HY HZ
    0b001_1000, // HT HU
    0b001_0000, // HP
];

impl Grid {
    /// Whether the point lies in a 100 km square that holds land of Great Britain or its islands.
    pub fn near_land(self) -> bool {
        if !self.on_grid() {
            return false;
        }
        let (column, row) = ((self.easting / 1e5) as usize, (self.northing / 1e5) as usize);
        LAND[row] >> column & 1 == 1
    }

    /// Whether any 100 km square that holds land lies between two corners, south-west and north-east.
    pub fn land_between(south_west: Self, north_east: Self) -> bool {
        let squares = |from: f64, to: f64, most: usize| (from / 1e5) as usize..=((to / 1e5) as usize).min(most);
        let (columns, rows) = (squares(south_west.easting, north_east.easting, 6), squares(south_west.northing, north_east.northing, 12));
        let overlaps = south_west.easting < north_east.easting && south_west.northing < north_east.northing;
        overlaps && rows.into_iter().any(|row| columns.clone().any(|column| LAND[row] >> column & 1 == 1))
    }

    /// Whether the point lies on the grid at all.
    fn on_grid(self) -> bool {
        (0.0..700_000.0).contains(&self.easting) && (0.0..1_300_000.0).contains(&self.northing)
    }

    /// The same point in WGS 84, to seven decimals (a centimetre); `None` outside the transformation's extent.
    pub fn to_wgs84(self) -> Option<Wgs84> {
        // The transformation counts squares in whole numbers, which overflow far outside.
        if !self.on_grid() {
            return None;
        }
        let (longitude, latitude) = lonlat_bng::convert_osgb36_to_ll(self.easting, self.northing).ok()?;
        let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
        (longitude.is_finite() && latitude.is_finite()).then(|| Wgs84 { longitude: round(longitude), latitude: round(latitude) })
    }
}

impl Wgs84 {
    /// The same point on the grid, to the decimetre; `None` where the grid does not reach, as in Northern Ireland.
    pub fn to_grid(self) -> Option<Grid> {
        if self.in_northern_ireland() {
            return None;
        }
        let (easting, northing) = match self.south_of_the_table() {
            true => self.by_the_inverse()?,
            false => lonlat_bng::convert_osgb36(self.longitude, self.latitude).ok()?,
        };
        let round = |metres: f64| (metres * 10.0).round() / 10.0;
        (easting.is_finite() && northing.is_finite())
            .then(|| Grid { easting: round(easting), northing: round(northing) })
            .filter(|grid| grid.on_grid())
    }

    /// The nearest point of the grid, to some 200 m: for the corner of a map, which may lie at sea where OSTN15 ends.
    pub fn to_grid_roughly(self) -> Grid {
        self.to_grid().unwrap_or_else(|| self.roughly())
    }

    /// The transverse Mercator projection of the grid (Airy 1830), without the shift of datum.
    fn roughly(self) -> Grid {
        let (a, b, scale) = (6_377_563.396_f64, 6_356_256.909_f64, 0.999_601_271_7_f64);
        let (latitude, longitude) = (self.latitude.clamp(45.0, 65.0).to_radians(), (self.longitude.clamp(-15.0, 10.0) + 2.0).to_radians());
        let (origin, e2, n) = (49_f64.to_radians(), 1.0 - (b * b) / (a * a), (a - b) / (a + b));
        let (sin, cos, tan) = (latitude.sin(), latitude.cos(), latitude.tan());
        let nu = a * scale / (1.0 - e2 * sin * sin).sqrt();
        let eta2 = (1.0 - e2 * sin * sin) / (1.0 - e2) - 1.0;
        let (minus, plus) = (latitude - origin, latitude + origin);
        let arc = b
            * scale
            * ((1.0 + n + 1.25 * n * n) * minus - (3.0 * n + 3.0 * n * n) * minus.sin() * plus.cos()
                + 1.875 * n * n * (2.0 * minus).sin() * (2.0 * plus).cos());
        let northing = arc - 100_000.0
            + nu * sin * cos * longitude.powi(2) / 2.0
            + nu * sin * cos.powi(3) * (5.0 - tan * tan + 9.0 * eta2) * longitude.powi(4) / 24.0;
        let easting = 400_000.0 + nu * cos * longitude + nu * cos.powi(3) * (1.0 + eta2 - tan * tan) * longitude.powi(3) / 6.0;
        Grid { easting: easting.clamp(0.0, 700_000.0), northing: northing.clamp(0.0, 1_300_000.0) }
    }

    /// `lonlat_bng` refuses latitudes below 49.922, though the grid and OSTN15 go on: the south of Scilly lies there.
    fn south_of_the_table(self) -> bool {
        (-6.6..=-6.1).contains(&self.longitude) && (49.83..49.922).contains(&self.latitude)
    }

    /// The grid point whose WGS 84 point this is, by its inverse, which has no such bound: to under a millimetre.
    fn by_the_inverse(self) -> Option<(f64, f64)> {
        let (mut easting, mut northing) = lonlat_bng::convert_osgb36(self.longitude, 49.9225).ok()?;
        for _ in 0..12 {
            let there = Grid { easting, northing }.to_wgs84()?;
            easting += (self.longitude - there.longitude) * 71_800.0;
            northing += (self.latitude - there.latitude) * 111_230.0;
        }
        Some((easting, northing))
    }

    /// A rough outline of Northern Ireland, west of every British point at its latitudes.
    pub fn in_northern_ireland(self) -> bool {
        let Self { longitude, latitude } = self;
        (-8.2..=-5.4).contains(&longitude)
            && (54.0..=55.35).contains(&latitude)
            // The Mull of Kintyre and Islay lie to the north-east of this line.
            && !(longitude > -6.6 && latitude > 55.26)
            && !(longitude > -5.9 && latitude > 55.15)
    }

    /// Whether the point can be in the United Kingdom.
    pub fn near_land(self) -> bool {
        self.in_northern_ireland() || self.to_grid().is_some_and(Grid::near_land)
    }
}

/// Checks a point given either way or both, and completes the pair.
pub(crate) fn settle(
    grid: (Option<f64>, Option<f64>),
    wgs84: (Option<f64>, Option<f64>),
    problems: &mut Problems,
) -> (Option<Grid>, Option<Wgs84>) {
    let pair = |names: [&str; 2], values: (Option<f64>, Option<f64>), problems: &mut Problems| match values {
        (Some(a), Some(b)) if a.is_finite() && b.is_finite() => Some((a, b)),
        (None, None) => None,
        (first, _) => {
            let missing = if first.is_none() { names[0] } else { names[1] };
            problems.add(missing, "missing", format!("give both {} and {}", names[0], names[1]));
            None
        }
    };
    let grid = pair(["easting", "northing"], grid, problems).map(|(easting, northing)| Grid { easting, northing });
    let wgs84 = pair(["longitude", "latitude"], wgs84, problems).map(|(longitude, latitude)| Wgs84 { longitude, latitude });
    if grid.is_some_and(|grid| !grid.near_land()) {
        problems.add("easting", "not_on_land", "is at sea or outside the United Kingdom: check easting and northing, in metres");
        return (None, None);
    }
    if wgs84.is_some_and(|point| !point.near_land()) {
        problems.add(
            "longitude",
            "not_on_land",
            "is at sea or outside the United Kingdom: check longitude and latitude, in degrees, and that they are not swapped",
        );
        return (None, None);
    }
    match (grid, wgs84) {
        (Some(grid), None) => (Some(grid), grid.to_wgs84()),
        (None, Some(point)) => (point.to_grid(), Some(point)),
        (Some(grid), Some(point)) => {
            let apart = point.to_grid().map_or(f64::INFINITY, |other| (other.easting - grid.easting).hypot(other.northing - grid.northing));
            if apart > 100.0 {
                problems.add("easting", "disagrees", "lies more than 100 m from longitude and latitude: give one of the two");
            }
            (Some(grid), Some(point))
        }
        (None, None) => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ordnance_survey_worked_example_holds() {
        // Caister water tower, from the Ordnance Survey's guide to coordinate systems.
        let point = Wgs84 { longitude: 1.716_073_973, latitude: 52.658_007_833 };
        let grid = point.to_grid().unwrap();
        assert!((grid.easting - 651_409.8).abs() < 0.3 && (grid.northing - 313_177.4).abs() < 0.3, "{grid:?}");
        let back = grid.to_wgs84().unwrap();
        assert!((back.longitude - point.longitude).abs() < 1e-5 && (back.latitude - point.latitude).abs() < 1e-5);
    }

    #[test]
    fn corners_at_sea_have_a_rough_place() {
        // Just off the grid on either side of it, where the projection can be compared with points that lie on it.
        for (longitude, latitude) in [(-6.0, 50.0), (1.7, 52.6), (-5.0, 58.5), (-0.8, 60.8), (-7.5, 57.0)] {
            let point = Wgs84 { longitude, latitude };
            let exact = point.to_grid().unwrap();
            let rough = Wgs84 { longitude, latitude }.roughly();
            assert!(
                (rough.easting - exact.easting).abs() < 250.0 && (rough.northing - exact.northing).abs() < 250.0,
                "{rough:?} {exact:?}"
            );
            assert_eq!(point.to_grid_roughly(), exact);
        }
        let corner = Wgs84 { longitude: -8.65, latitude: 49.86 }.to_grid_roughly();
        assert!(corner.easting == 0.0 && (0.0..20_000.0).contains(&corner.northing), "{corner:?}");
        let belfast = Wgs84 { longitude: -5.93, latitude: 54.6 }.to_grid_roughly();
        assert!((140_000.0..150_000.0).contains(&belfast.easting) && (525_000.0..535_000.0).contains(&belfast.northing), "{belfast:?}");
    }

    #[test]
    fn british_towns_are_on_land_and_the_sea_is_not() {
        for (town, longitude, latitude) in [
            ("Stockton", -1.313, 54.565),
            ("Penzance", -5.537, 50.118),
            ("Dover", 1.312, 51.128),
            ("Lerwick", -1.145, 60.155),
            ("Stornoway", -6.386, 58.209),
            ("Holyhead", -4.633, 53.309),
            ("Great Yarmouth", 1.729, 52.606),
            ("Ventnor", -1.2, 50.594),
            ("Eastbourne", 0.284, 50.768),
            ("Brighton", -0.137, 50.82),
            ("Falmouth", -5.07, 50.15),
            ("St Davids", -5.265, 51.882),
            ("Campbeltown", -5.607, 55.425),
            ("Berwick", -2.005, 55.771),
            ("Wick", -3.093, 58.439),
            ("Belfast", -5.93, 54.597),
            ("Londonderry", -7.309, 54.998),
            ("St Mary's, Scilly", -6.2998, 49.9222),
            ("Isle of Portland", -2.44, 50.55),
            ("Garrison Hill, Scilly", -6.318_417, 49.915_565),
            ("St Agnes", -6.342, 49.892),
        ] {
            assert!(Wgs84 { longitude, latitude }.near_land(), "{town}");
        }
        for (sea, longitude, latitude) in [
            ("Dogger Bank", 2.5, 54.6),
            ("Gulf of Guinea", 0.0, 0.0),
            ("Rockall", -11.0, 57.0),
            ("Paris", 2.35, 48.85),
            ("swapped", 54.565, -1.313),
            ("Dublin Bay", -6.1, 53.3),
            ("off Aberdeen", 0.5, 57.1),
        ] {
            assert!(!Wgs84 { longitude, latitude }.near_land(), "{sea}");
        }
    }

    #[test]
    fn the_south_of_scilly_has_a_grid_point() {
        for (longitude, latitude) in [(-6.318_417, 49.915_565), (-6.342, 49.892), (-6.3, 49.921_999)] {
            let back = Wgs84 { longitude, latitude }.to_grid().unwrap().to_wgs84().unwrap();
            assert!((back.longitude - longitude).abs() < 1e-6 && (back.latitude - latitude).abs() < 1e-6, "{back:?}");
        }
        let edge = |latitude| Wgs84 { longitude: -6.3, latitude }.to_grid().unwrap();
        assert!((edge(49.921_999).northing - edge(49.922_001).northing).abs() < 0.5, "no step where the way of working changes");
    }

    #[test]
    fn northern_ireland_has_no_british_grid_point() {
        assert_eq!(Wgs84 { longitude: -5.93, latitude: 54.597 }.to_grid(), None);
    }
}
