//! `GET /v1/hotspots`

use crate::{
    App,
    http::{ApiError, Caller, Params, problem::ProblemDetails},
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use service::hotspots::{HotspotQuery, Hotspots, Method};

/// A GeoJSON feature collection of cells, with what was analysed beside it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct HotspotCollection {
    /// `FeatureCollection`
    #[serde(rename = "type")]
    kind: &'static str,
    /// How cells were scored: `gi_star` or `counts`.
    method: &'static str,
    /// The side of a cell in metres.
    cell_size: u32,
    /// Cells in the area, empty ones included: n.
    cells_tested: u64,
    /// Events counted.
    total: u64,
    /// Of these, events whose interval only overlaps the window.
    overlap_only: u64,
    /// Records not counted because their event is, by another record.
    duplicates_counted_once: u64,
    /// Events per cell.
    mean: f64,
    /// Variance of the counts per cell.
    variance: f64,
    /// Cells that hold events or are significant.
    features: Vec<CellFeature>,
}

/// A cell.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CellFeature {
    /// `Feature`
    #[serde(rename = "type")]
    kind: &'static str,
    /// West and south edge in metres, as `E444500N519000`.
    id: String,
    /// The cell in WGS 84.
    geometry: CellGeometry,
    /// Its figures.
    properties: CellProperties,
}

/// A polygon.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CellGeometry {
    /// `Polygon`
    #[serde(rename = "type")]
    kind: &'static str,
    /// One closed ring.
    coordinates: Vec<Vec<[f64; 2]>>,
}

/// The figures of a cell.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CellProperties {
    /// West edge, metres.
    easting: i64,
    /// South edge, metres.
    northing: i64,
    /// Events.
    count: u32,
    /// Gi* as a standard score.
    #[serde(skip_serializing_if = "Option::is_none")]
    z: Option<f64>,
    /// Its two-sided p.
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<f64>,
    /// p adjusted over every cell tested (Benjamini-Hochberg).
    #[serde(skip_serializing_if = "Option::is_none")]
    p_adjusted: Option<f64>,
    /// `hot_99` … `cold_99`, `not_significant`.
    #[serde(skip_serializing_if = "Option::is_none")]
    band: Option<&'static str>,
}

/// Where it concentrates: counts and Gi* over cells of the British National Grid.
#[utoipa::path(get, path = "/v1/hotspots", tag = "places",
    params(("from" = Option<String>, Query, description = "First day, Europe/London"), ("to" = Option<String>, Query, description = "Last day"),
        ("types" = Option<String>, Query, description = "NSIR types with commas between: any of them"),
        ("agencies" = Option<String>, Query, description = "Owning agencies by id, with commas between"),
        ("bbox" = Option<String>, Query, description = "west,south,east,north in degrees; or area"),
        ("area" = Option<String>, Query, description = "Codes of imported areas with commas between"),
        ("cell_size" = Option<i64>, Query, description = "Metres, 50 to 1000; 250 unless given"),
        ("method" = Option<String>, Query, description = "gi_star (default) or counts")),
    responses((status = 200, body = HotspotCollection, content_type = "application/geo+json"), (status = 400, body = ProblemDetails),
        (status = 401, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn hotspots(State(app): State<App>, Caller(request): Caller, OriginalUri(uri): OriginalUri) -> Result<Response, ApiError> {
    let mut params = Params::new(uri.query(), &["from", "to", "types", "agencies", "bbox", "area", "cell_size", "method"]);
    let (from_day, to_day) = params.days();
    let (types, agencies, bounds) = (params.types(), params.ids("agencies"), params.bounds());
    let cell_size = u32::try_from(params.number("cell_size", 50, 1_000, 250)).unwrap_or(250);
    let method = params.parsed::<MethodName>("method", "gi_star or counts").map_or(Method::GiStar, |name| name.0);
    let codes = params.list("area");
    params.finish()?;
    let areas = if codes.is_empty() { None } else { Some(app.service.choose_areas(&codes).await?) };
    let query = HotspotQuery { from_day, to_day, types, agencies, bounds, areas, cell_size, method };
    let found = app.service.hotspots(&request, query).await?;
    let mut response = Json(collection(found, cell_size, method)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/geo+json"));
    Ok(response)
}

struct MethodName(Method);

impl std::str::FromStr for MethodName {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "gi_star" => Ok(Self(Method::GiStar)),
            "counts" => Ok(Self(Method::Counts)),
            _ => Err(()),
        }
    }
}

fn collection(found: Hotspots, cell_size: u32, method: Method) -> HotspotCollection {
    let features = found.cells.into_iter().map(|cell| CellFeature {
        kind: "Feature",
        id: format!("E{}N{}", cell.origin.0, cell.origin.1),
        geometry: CellGeometry { kind: "Polygon", coordinates: vec![cell.ring] },
        properties: CellProperties {
            easting: cell.origin.0,
            northing: cell.origin.1,
            count: cell.count,
            z: cell.score.map(|score| score.z),
            p: cell.score.map(|score| score.p),
            p_adjusted: cell.score.map(|score| score.p_adjusted),
            band: cell.score.map(|score| score.band),
        },
    });
    HotspotCollection {
        kind: "FeatureCollection",
        method: if method == Method::GiStar { "gi_star" } else { "counts" },
        cell_size,
        cells_tested: found.tested,
        total: found.total,
        overlap_only: found.overlap_only,
        duplicates_counted_once: found.duplicates,
        mean: found.mean,
        variance: found.variance,
        features: features.collect(),
    }
}
