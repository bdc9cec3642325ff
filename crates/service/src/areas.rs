//! Areas chosen for a list or an analysis: imported boundaries, in metres of the British National Grid.

use crate::{Service, ServiceError};
use geo::{BoundingRect, Contains, Coord, LineString, MultiPolygon, Point, Polygon};
use model::grid::{Grid, Wgs84};
use serde::Serialize;
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

/// Polygons already converted, by code and text: a boundary that is imported anew has another text.
#[derive(Debug, Default)]
pub(crate) struct AreaCache(RwLock<HashMap<String, Converted>>);

/// A boundary's text, and its polygons in metres.
type Converted = (String, Arc<MultiPolygon<f64>>);

/// The areas asked for.
#[derive(Debug, Clone)]
pub struct AreaChoice {
    /// Their codes.
    pub codes: Vec<String>,
    /// Their polygons together, in metres.
    pub polygons: Arc<MultiPolygon<f64>>,
}

/// An area in a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct AreaView {
    /// What it is: `ward`, `lsoa`, `district` …
    pub kind: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

impl AreaChoice {
    /// Whether a point lies in one of them.
    pub fn contains(&self, point: Grid) -> bool {
        self.polygons.contains(&Point::new(point.easting, point.northing))
    }

    /// West, south, east and north, narrowed by another box.
    pub fn bounds_within(&self, other: Option<[f64; 4]>) -> [f64; 4] {
        let own =
            self.polygons.bounding_rect().map_or([0.0, 0.0, -1.0, -1.0], |rect| [rect.min().x, rect.min().y, rect.max().x, rect.max().y]);
        match other {
            Some([west, south, east, north]) => [own[0].max(west), own[1].max(south), own[2].min(east), own[3].min(north)],
            None => own,
        }
    }
}

impl Service {
    /// The areas of these codes (`E05001527`, or `ward:E05001527` where a code is not alone).
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] naming the code that is not there.
    pub async fn choose_areas(&self, codes: &[String]) -> Result<AreaChoice, ServiceError> {
        if codes.len() > 200 {
            return Err(ServiceError::invalid("area", "too_many", "must name at most 200 areas"));
        }
        let wanted = codes.to_vec();
        let rows = self
            .read(move |tx, _| {
                Box::pin(async move {
                    let mut rows = Vec::new();
                    for code in wanted {
                        let (kind, code) = code.split_once(':').map_or((None, code.as_str()), |(kind, code)| (Some(kind), code));
                        let found = store::areas::find(tx, kind, code).await?;
                        let mut found = found.into_iter();
                        match (found.next(), found.next()) {
                            (Some(row), None) => rows.push(row),
                            (Some(_), Some(_)) => {
                                return Err(ServiceError::invalid(
                                    "area",
                                    "ambiguous",
                                    "is the code of several areas: write kind:code, as ward:E05001527",
                                ));
                            }
                            (None, _) => {
                                return Err(ServiceError::invalid(
                                    "area",
                                    "unknown_code",
                                    "is not an imported area: see GET /v1/areas, or import boundaries",
                                ));
                            }
                        }
                    }
                    Ok(rows)
                })
            })
            .await?;
        let mut polygons = Vec::new();
        for row in rows {
            let key = format!("{}:{}", row.kind, row.code);
            let cached = self.inner.areas.0.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
            let polygon = match cached {
                Some((text, polygon)) if text == row.polygon => polygon,
                _ => {
                    let polygon = Arc::new(on_the_grid(&row.polygon)?);
                    let mut cache = self.inner.areas.0.write().unwrap_or_else(PoisonError::into_inner);
                    cache.insert(key, (row.polygon, polygon.clone()));
                    polygon
                }
            };
            polygons.extend(polygon.0.iter().cloned());
        }
        Ok(AreaChoice { codes: codes.to_vec(), polygons: Arc::new(MultiPolygon(polygons)) })
    }

    /// Every imported area.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn list_areas(&self) -> Result<Vec<AreaView>, ServiceError> {
        let rows = self.read(|tx, _| Box::pin(async move { Ok(store::areas::list(tx).await?) })).await?;
        Ok(rows.into_iter().map(|(kind, code, name)| AreaView { kind, code, name }).collect())
    }
}

/// A GeoJSON polygon or multipolygon in WGS 84, in metres of the grid.
fn on_the_grid(text: &str) -> Result<MultiPolygon<f64>, ServiceError> {
    let damaged = || ServiceError::Unavailable("an imported boundary cannot be read: import it again".to_owned());
    let value: serde_json::Value = serde_json::from_str(text).map_err(|_| damaged())?;
    let coordinates = value.get("coordinates").ok_or_else(damaged)?.clone();
    let polygons: Vec<Vec<Vec<Vec<f64>>>> = match value.get("type").and_then(|kind| kind.as_str()) {
        Some("Polygon") => vec![serde_json::from_value(coordinates).map_err(|_| damaged())?],
        Some("MultiPolygon") => serde_json::from_value(coordinates).map_err(|_| damaged())?,
        _ => return Err(damaged()),
    };
    let ring = |ring: &Vec<Vec<f64>>| -> Result<LineString<f64>, ServiceError> {
        let coords = ring.iter().map(|position| {
            let (longitude, latitude) = (*position.first()?, *position.get(1)?);
            let grid = Wgs84 { longitude, latitude }.to_grid()?;
            Some(Coord { x: grid.easting, y: grid.northing })
        });
        coords.collect::<Option<Vec<_>>>().map(LineString::new).ok_or_else(damaged)
    };
    let mut all = Vec::new();
    for polygon in &polygons {
        let mut rings = polygon.iter().map(ring).collect::<Result<Vec<_>, _>>()?.into_iter();
        let outer = rings.next().ok_or_else(damaged)?;
        all.push(Polygon::new(outer, rings.collect()));
    }
    Ok(MultiPolygon(all))
}
