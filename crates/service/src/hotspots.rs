//! Where and when it concentrates: counts and Gi* over cells of the British National Grid.

use crate::{Service, ServiceError, areas::AreaChoice, committing::Look};
use hotspots::{Analysis, Counts, Filter, GridBox, StudyArea};
use model::{
    Uuid,
    audit::{Operation, Request},
    grid::{Grid, Wgs84},
};
use serde::Serialize;
use std::{collections::HashMap, sync::PoisonError};

/// How cells are scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Counts alone.
    Counts,
    /// Getis-Ord Gi* with Benjamini-Hochberg adjustment.
    GiStar,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct HotspotQuery {
    /// First day, Europe/London, inclusive.
    pub from_day: Option<i32>,
    /// Last day, inclusive.
    pub to_day: Option<i32>,
    /// Any of these NSIR types, as a bit set; 0 for all.
    pub types: u32,
    /// Only these owning agencies; none for all.
    pub agencies: Vec<Uuid>,
    /// West, south, east and north in metres.
    pub bounds: Option<[f64; 4]>,
    /// The areas.
    pub areas: Option<AreaChoice>,
    /// The side of a cell, 50 to 1,000 m.
    pub cell_size: u32,
    /// How cells are scored.
    pub method: Method,
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct Hotspots {
    /// The cells that hold incidents or are significant.
    pub cells: Vec<HotspotCell>,
    /// Cells in the area, empty ones included.
    pub tested: u64,
    /// Events counted.
    pub total: u64,
    /// Of these, events whose interval only overlaps the window.
    pub overlap_only: u64,
    /// Incidents not counted because their event is counted by another record of it.
    pub duplicates: u64,
    /// Events per cell.
    pub mean: f64,
    /// Variance of the counts.
    pub variance: f64,
}

/// One cell.
#[derive(Debug, Clone)]
pub struct HotspotCell {
    /// West and south edges, metres.
    pub origin: (i64, i64),
    /// Its corners in WGS 84, closed, counter-clockwise.
    pub ring: Vec<[f64; 2]>,
    /// Events in it.
    pub count: u32,
    /// Gi* score, two-sided p, adjusted p and band; none for counts alone.
    pub score: Option<Score>,
}

/// How a cell stands out.
#[derive(Debug, Clone, Copy)]
pub struct Score {
    /// Gi* as a standard score.
    pub z: f64,
    /// Its two-sided p.
    pub p: f64,
    /// p adjusted over every cell of the area.
    pub p_adjusted: f64,
    /// The class drawn on the map.
    pub band: &'static str,
}

impl Service {
    /// Counts and scores the cells of an area, by what the caller may see and nothing else.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for an area that cannot be analysed, [`ServiceError::IndexBehind`].
    pub async fn hotspots(&self, request: &Request, query: HotspotQuery) -> Result<Hotspots, ServiceError> {
        let detail = serde_json::json!({ "from_day": query.from_day, "to_day": query.to_day, "types": query.types, "agencies": query.agencies,
            "bounds": query.bounds, "areas": query.areas.as_ref().map(|areas| areas.codes.clone()), "cell_size": query.cell_size, "method": query.method });
        let area = study_area(&query)?;
        self.caught_up().await?;
        let scope = self.scope(request);
        let asking = scope.clone();
        let links = self.read(move |tx, _| Box::pin(async move { Ok(store::duplicates::seen(tx, &asking).await?) })).await?;
        let service = self.clone();
        let found = tokio::task::spawn_blocking(move || {
            let follower = service.inner.follower.as_ref().ok_or(ServiceError::IndexBehind)?;
            let agencies: Vec<u16> = query.agencies.iter().filter_map(|agency| follower.known_agency_number(*agency)).collect();
            let visible = |label: u32| scope.counts(label);
            let events = events(&links);
            let mut filter = Filter::seen_by(&visible);
            filter.events = Some(&events);
            filter.from_day = query.from_day;
            filter.to_day = query.to_day;
            filter.types = (query.types != 0).then_some(query.types);
            filter.agencies = (!query.agencies.is_empty()).then_some(&agencies[..]);
            let counts = follower.columns.read().unwrap_or_else(PoisonError::into_inner).count_into(&area, &filter);
            analyse(&counts, &area, query.method)
        })
        .await??;
        // Counts tell of nobody, yet who asked what is kept, and durably so before the answer leaves.
        self.look(Look::search(request, Operation::Consultation, "hotspot.read", Vec::new(), Some(detail))).await?;
        Ok(found)
    }
}

/// The event of every linked incident: the smallest id that links lead to.
fn events(links: &[(Uuid, Uuid)]) -> HashMap<Uuid, Uuid> {
    let mut towards: HashMap<Uuid, Uuid> = links.iter().flat_map(|(first, second)| [(*first, *first), (*second, *second)]).collect();
    fn root(towards: &HashMap<Uuid, Uuid>, mut id: Uuid) -> Uuid {
        while towards[&id] != id {
            id = towards[&id];
        }
        id
    }
    for (first, second) in links {
        let (first, second) = (root(&towards, *first), root(&towards, *second));
        towards.insert(first.max(second), first.min(second));
    }
    let ids: Vec<Uuid> = towards.keys().copied().collect();
    ids.into_iter().map(|id| (id, root(&towards, id))).collect()
}

fn study_area(query: &HotspotQuery) -> Result<StudyArea, ServiceError> {
    let told =
        |error: hotspots::AreaError| ServiceError::invalid("cell_size", "area", format!("{error}: choose larger cells or a smaller area"));
    match (&query.areas, query.bounds) {
        (Some(areas), None) => StudyArea::of_polygons(&areas.polygons, query.cell_size).map_err(told),
        (None, Some([west, south, east, north])) => {
            let bounds = GridBox { min_easting: west, min_northing: south, max_easting: east, max_northing: north };
            StudyArea::of_box(&bounds, query.cell_size).map_err(told)
        }
        _ => Err(ServiceError::invalid("bbox", "one_area", "give either bbox or area")),
    }
}

fn analyse(counts: &Counts, area: &StudyArea, method: Method) -> Result<Hotspots, ServiceError> {
    let analysis: Analysis = hotspots::analyse(&counts.per_cell, area, 0.10)
        .map_err(|error| ServiceError::Unavailable(format!("the analysis failed: {error}")))?;
    let size = i64::from(area.lattice().cell_size());
    let (west, south) = area.lattice().origin();
    let cells = analysis
        .cells
        .iter()
        .filter(|cell| method == Method::GiStar || cell.count > 0)
        .map(|cell| {
            let corners = area.lattice().corners(cell.column, cell.row);
            let mut ring: Vec<[f64; 2]> = corners.iter().map(|(easting, northing)| degrees(*easting, *northing)).collect();
            ring.push(ring[0]);
            HotspotCell {
                origin: (i64::from(west) + i64::from(cell.column) * size, i64::from(south) + i64::from(cell.row) * size),
                ring,
                count: cell.count,
                score: (method == Method::GiStar).then_some(Score {
                    z: cell.z,
                    p: cell.p,
                    p_adjusted: cell.p_adjusted,
                    band: cell.band.as_str(),
                }),
            }
        })
        .collect();
    Ok(Hotspots {
        cells,
        tested: analysis.summary.cells,
        total: counts.matched,
        overlap_only: counts.overlap_only,
        duplicates: counts.duplicates_counted_once,
        mean: analysis.summary.mean,
        variance: analysis.summary.variance,
    })
}

/// A corner in WGS 84.
fn degrees(easting: f64, northing: f64) -> [f64; 2] {
    let point = Grid { easting, northing }.to_wgs84().unwrap_or(Wgs84 { longitude: 0.0, latitude: 0.0 });
    [point.longitude, point.latitude]
}
