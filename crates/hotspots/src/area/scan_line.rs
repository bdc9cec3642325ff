//! Which cell centres lie in a set of polygons, a row of centres at a time.
//!
//! The usual scan-line fill: edges enter an active list at the first row of centres they cross and leave it after the
//! last, so a row costs the edges that cross it, not all of them, and memory is the edges alone.

use geo::{LineString, MultiPolygon};

use super::{AreaError, Lattice};

/// The cells `start..end` of one row, all in the area. Spans of a row neither touch nor overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) row: u32,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// One side of a ring, from its southern to its northern end, so that neighbours compute the same crossing.
#[derive(Debug, Clone, Copy)]
struct Edge {
    polygon: u32,
    south: (f64, f64),
    north: (f64, f64),
}

/// The sides of all rings, horizontal ones left out (they cross no row).
pub(super) struct Edges(Vec<Edge>);

impl Edges {
    pub(super) fn of(polygons: &MultiPolygon<f64>) -> Result<Self, AreaError> {
        let mut edges = Vec::new();
        for (number, polygon) in (0_u32..).zip(polygons) {
            add_ring(&mut edges, number, polygon.exterior())?;
            for hole in polygon.interiors() {
                add_ring(&mut edges, number, hole)?;
            }
        }
        edges.sort_by(|a, b| a.south.1.total_cmp(&b.south.1));
        Ok(Self(edges))
    }

    /// Call `f` with every span of cells whose centre lies in the polygons, rows ascending.
    pub(super) fn for_each_span(&self, lattice: &Lattice, mut f: impl FnMut(Span)) {
        let mut waiting = self.0.iter().peekable();
        let mut active: Vec<&Edge> = Vec::new();
        let mut crossings: Vec<(u32, f64)> = Vec::new();
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for row in 0..lattice.rows() {
            let northing = lattice.centre(0, row).1;
            while let Some(edge) = waiting.next_if(|edge| edge.south.1 <= northing) {
                active.push(edge);
            }
            active.retain(|edge| northing < edge.north.1);
            crossings.clear();
            crossings.extend(active.iter().map(|edge| (edge.polygon, edge.easting_at(northing))));
            crossings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            runs.clear();
            for pair in crossings.chunks_exact(2) {
                if let [(_, west), (_, east)] = pair {
                    let (start, end) = (first_column(lattice, *west), first_column(lattice, *east));
                    if start < end {
                        runs.push((start, end));
                    }
                }
            }
            runs.sort_unstable();
            emit_merged(row, &runs, &mut f);
        }
    }
}

impl Edge {
    fn easting_at(&self, northing: f64) -> f64 {
        let along = (northing - self.south.1) / (self.north.1 - self.south.1);
        self.south.0 + (self.north.0 - self.south.0) * along
    }
}

fn add_ring(edges: &mut Vec<Edge>, polygon: u32, ring: &LineString<f64>) -> Result<(), AreaError> {
    for vertex in ring.coords() {
        if !vertex.x.is_finite() || !vertex.y.is_finite() {
            return Err(AreaError::NotOnTheGrid);
        }
    }
    for line in ring.lines() {
        let (a, b) = ((line.start.x, line.start.y), (line.end.x, line.end.y));
        let (south, north) = if a.1 < b.1 { (a, b) } else { (b, a) };
        if south.1 < north.1 {
            edges.push(Edge { polygon, south, north });
        }
    }
    Ok(())
}

/// The first column whose centre is at `easting` or east of it; the number of columns if none is.
fn first_column(lattice: &Lattice, easting: f64) -> u32 {
    let offset = easting - f64::from(lattice.origin().0);
    let column = (offset / f64::from(lattice.cell_size()) - 0.5).ceil();
    let mut column = column.clamp(0.0, f64::from(lattice.columns())) as u32;
    // Put right what the division rounded.
    while column < lattice.columns() && lattice.centre(column, 0).0 < easting {
        column += 1;
    }
    while column > 0 && lattice.centre(column - 1, 0).0 >= easting {
        column -= 1;
    }
    column
}

/// Sorted runs of one row, merged where polygons touch or overlap.
fn emit_merged(row: u32, runs: &[(u32, u32)], f: &mut impl FnMut(Span)) {
    let mut open: Option<Span> = None;
    for &(start, end) in runs {
        match &mut open {
            Some(span) if start <= span.end => span.end = span.end.max(end),
            _ => {
                if let Some(done) = open.replace(Span { row, start, end }) {
                    f(done);
                }
            }
        }
    }
    if let Some(done) = open {
        f(done);
    }
}
