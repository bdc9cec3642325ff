//! One area, in WGS 84 as it came and on the British National Grid.

use geojson::{Geometry, GeometryValue, Position};
use model::grid::Wgs84;

/// An area with its boundary.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// What it is, as `ward`, `lsoa` or `district`.
    pub kind: String,
    /// Its code, as `E05001527`: unique within the kind.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The boundary in metres of easting and northing, for analysis.
    pub polygon: geo::MultiPolygon<f64>,
    /// The boundary as it came: a GeoJSON Polygon or MultiPolygon in WGS 84, as text.
    pub geometry: String,
}

/// Why an area cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// The field, as `geometry`.
    pub field: &'static str,
    /// A short fixed word for programs.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub reason: String,
}

fn refuse<T>(field: &'static str, code: &'static str, reason: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { field, code, reason: reason.into() })
}

impl Area {
    /// An area from its GeoJSON geometry in WGS 84.
    ///
    /// # Errors
    /// When kind, code or name is not sound, or the geometry is no polygon on the British National Grid.
    pub fn new(kind: &str, code: &str, name: &str, geometry: &str) -> Result<Self, Refusal> {
        let word = |text: &str| {
            !text.is_empty() && text.len() <= 40 && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        if !word(kind) {
            return refuse("kind", "not_a_word", "must be 1 to 40 small letters, digits or _, as ward");
        }
        for (field, text, longest) in [("code", code, 40), ("name", name, 200)] {
            if text.trim().is_empty() || text.chars().count() > longest || text.chars().any(char::is_control) {
                return refuse(field, "text", format!("must be 1 to {longest} characters"));
            }
        }
        let Ok(geometry) = geometry.parse::<Geometry>() else {
            return refuse("geometry", "not_geojson", "is not a GeoJSON geometry with coordinates as numbers");
        };
        let polygons = match &geometry.value {
            GeometryValue::Polygon { coordinates } => vec![polygon(coordinates)?],
            GeometryValue::MultiPolygon { coordinates } => coordinates.iter().map(|rings| polygon(rings)).collect::<Result<_, _>>()?,
            _ => return refuse("geometry", "not_a_polygon", "must be a Polygon or MultiPolygon"),
        };
        if polygons.is_empty() {
            return refuse("geometry", "empty", "holds no polygon");
        }
        let Ok(text) = serde_json::to_string(&Geometry::new(geometry.value)) else {
            return refuse("geometry", "not_geojson", "cannot be written back as GeoJSON");
        };
        Ok(Self {
            kind: kind.to_owned(),
            code: code.trim().to_owned(),
            name: name.trim().to_owned(),
            polygon: geo::MultiPolygon(polygons),
            geometry: text,
        })
    }
}

fn polygon(rings: &[Vec<Position>]) -> Result<geo::Polygon<f64>, Refusal> {
    let mut rings = rings.iter().map(|positions| ring(positions));
    let Some(outer) = rings.next() else { return refuse("geometry", "empty", "holds a polygon without a ring") };
    Ok(geo::Polygon::new(outer?, rings.collect::<Result<_, _>>()?))
}

fn ring(positions: &[Position]) -> Result<geo::LineString<f64>, Refusal> {
    if positions.len() < 4 || positions.first() != positions.last() {
        return refuse("geometry", "open_ring", "holds a ring that is not closed: four positions at least, the last the same as the first");
    }
    positions.iter().map(|position| vertex(position.as_slice())).collect()
}

fn vertex(position: &[f64]) -> Result<geo::Coord<f64>, Refusal> {
    let [longitude, latitude, ..] = *position else {
        return refuse("geometry", "position", "holds a position without longitude and latitude");
    };
    if longitude.abs() > 180.0 || latitude.abs() > 90.0 {
        let reason = "holds coordinates that are not degrees: convert the file to WGS 84 first (ogr2ogr -t_srs EPSG:4326)";
        return refuse("geometry", "not_degrees", reason);
    }
    let point = Wgs84 { longitude, latitude };
    match point.to_grid() {
        Some(grid) => Ok(geo::Coord { x: grid.easting, y: grid.northing }),
        None if point.in_northern_ireland() => {
            refuse("geometry", "northern_ireland", "reaches into Northern Ireland, which the British National Grid does not cover")
        }
        None => refuse("geometry", "off_the_grid", "reaches beyond the British National Grid: check that longitude comes before latitude"),
    }
}
