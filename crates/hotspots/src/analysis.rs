//! From counts to hotspots.

use crate::area::StudyArea;
use crate::band::Band;
use crate::false_discovery;
use crate::gi_star::{self, AnalysisError, Totals};

/// One cell of the answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellResult {
    /// From west to east, from 0.
    pub column: u32,
    /// From south to north, from 0.
    pub row: u32,
    /// Incidents in the cell.
    pub count: u32,
    /// Gi* as a standard score.
    pub z: f64,
    /// Two-sided p value of `z`.
    pub p: f64,
    /// `p` adjusted for the number of cells tested (Benjamini-Hochberg over all cells of the area).
    pub p_adjusted: f64,
    /// The class drawn on the map.
    pub band: Band,
}

/// What was analysed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Cells in the area, empty ones included: n.
    pub cells: u64,
    /// Incidents in the area.
    pub total: u64,
    /// Incidents per cell (0 for an area without cells).
    pub mean: f64,
    /// Variance of the counts per cell, divisor n (0 for an area without cells).
    pub variance: f64,
    /// Cells with an adjusted p value at or below the level asked for.
    pub significant: u64,
}

/// The answer: cells in row-major order that hold incidents or are significant; the rest are empty and ordinary.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Analysis {
    pub cells: Vec<CellResult>,
    pub summary: Summary,
}

/// Gi* over a study area, adjusted for multiple testing. `counts` has one entry per cell of the lattice, row by row;
/// `alpha` is the false discovery rate at which an empty cell is worth returning (0.10 returns every banded cell).
///
/// Every cell of the area is tested, empty ones included, also those not returned.
///
/// # Errors
/// [`AnalysisError::Length`] when `counts` is not as long as the lattice.
pub fn analyse(counts: &[u32], area: &StudyArea, alpha: f64) -> Result<Analysis, AnalysisError> {
    let scores = gi_star::on_lattice(counts, area)?;
    let adjusted = false_discovery::adjusted(&scores.p);
    let totals = Totals::of(counts, area);
    let mut significant = 0;
    let mut cells = Vec::new();
    let scored = scores.z.iter().zip(&scores.p).zip(&adjusted);
    for (index, ((z, p), p_adjusted)) in area.indices().zip(scored) {
        let count = counts.get(index).copied().unwrap_or(0);
        let stands_out = *p_adjusted <= alpha;
        significant += u64::from(stands_out);
        if count > 0 || stands_out {
            let (column, row) = area.lattice().position(index);
            cells.push(CellResult { column, row, count, z: *z, p: *p, p_adjusted: *p_adjusted, band: Band::of(*z, *p_adjusted) });
        }
    }
    let n = (totals.n as f64).max(1.0);
    Ok(Analysis {
        cells,
        summary: Summary {
            cells: totals.n,
            total: totals.sum,
            mean: totals.sum as f64 / n,
            variance: totals.spread() as f64 / (n * n),
            significant,
        },
    })
}
