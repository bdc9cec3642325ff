//! The local statistic Gi* of Getis and Ord, with binary weights.
//!
//! Getis, A. and Ord, J. K. (1992), "The analysis of spatial association by use of distance statistics", Geographical
//! Analysis 24(3), 189-206; standardised as in Ord, J. K. and Getis, A. (1995), "Local spatial autocorrelation
//! statistics: distributional issues and an application", Geographical Analysis 27(4), 286-306:
//!
//! ```text
//! z(i) = (sum over j of w(i,j) x(j)  -  W(i) mean) / (s sqrt(W(i) (n - W(i)) / (n - 1)))
//! ```
//!
//! with w(i,j) = 1 for i itself and its neighbours, else 0, W(i) their number, and s² the variance with divisor n.
//! The p value is two-sided under the normal approximation: 2 (1 - Phi(|z|)) = erfc(|z| / sqrt 2).
//!
//! **Where the formula divides by nothing** (fewer than two cells, all values equal, a cell whose neighbours are all the
//! cells there are) nothing stands out: z is 0 and p is 1. No result is ever NaN.

use crate::area::StudyArea;

/// Scores of cells, in their order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GiStar {
    /// Standard scores.
    pub z: Vec<f64>,
    /// Two-sided p values, not adjusted.
    pub p: Vec<f64>,
}

/// Why values cannot be scored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnalysisError {
    /// As many values as cells are wanted.
    #[error("{found} values for {expected} cells")]
    Length {
        /// Cells.
        expected: usize,
        /// Values or lists of neighbours given.
        found: usize,
    },
    /// A value that is infinite or not a number.
    #[error("the value of cell {0} is not a finite number")]
    NotFinite(usize),
    /// A neighbour that does not exist.
    #[error("cell {cell} names {neighbour} as its neighbour, which does not exist")]
    NoSuchNeighbour {
        /// The cell.
        cell: usize,
        /// The neighbour named.
        neighbour: usize,
    },
}

/// The sums over a study area that every score rests on, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Totals {
    pub(crate) n: u64,
    pub(crate) sum: u64,
    pub(crate) squares: u128,
}

impl Totals {
    pub(crate) fn of(counts: &[u32], area: &StudyArea) -> Self {
        let mut totals = Self { n: area.cells(), ..Self::default() };
        for (index, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            if area.contains(index) {
                totals.sum += u64::from(*count);
                totals.squares += u128::from(*count) * u128::from(*count);
            }
        }
        totals
    }

    /// n² times the variance, exact.
    pub(crate) fn spread(&self) -> u128 {
        u128::from(self.n) * self.squares - u128::from(self.sum) * u128::from(self.sum)
    }
}

/// Gi* of the cells of a study area: binary queen weights with self, so up to nine cells; cells beyond the area are
/// neither neighbours nor part of n.
///
/// `counts` has one entry per cell of the lattice (those beyond the area are ignored); the scores are those of
/// [`StudyArea::indices`], in that order. Sums are exact integers; the time is linear in the cells of the lattice (the
/// three by three sums are built from sums of three down a column).
///
/// # Errors
/// [`AnalysisError::Length`] when `counts` is not as long as the lattice.
pub fn on_lattice(counts: &[u32], area: &StudyArea) -> Result<GiStar, AnalysisError> {
    let lattice = area.lattice();
    if counts.len() != lattice.len() {
        return Err(AnalysisError::Length { expected: lattice.len(), found: counts.len() });
    }
    let totals = Totals::of(counts, area);
    // The denominator depends on W only, which is at most nine.
    let denominators: [f64; 10] = std::array::from_fn(|weight| denominator(&totals, weight as u64));
    let columns = lattice.columns() as usize;
    let capacity = usize::try_from(area.cells()).unwrap_or(0);
    let mut scores = Scores::with_capacity(capacity);
    let mut strip = Strip::new(counts, area, columns);
    strip.add(0);
    let rows = lattice.rows() as usize;
    for row in 0..rows {
        if row + 1 < rows {
            strip.add(row + 1);
        }
        if row >= 2 {
            strip.drop(row - 2);
        }
        for column in 0..columns {
            if area.contains(row * columns + column) {
                let (weight, lag) = strip.around(column);
                let excess = i128::from(totals.n) * i128::from(lag) - i128::from(weight) * i128::from(totals.sum);
                let denominator = denominators.get(weight as usize).copied().unwrap_or(0.0);
                scores.push(ratio(excess as f64, denominator));
            }
        }
    }
    Ok(scores.0)
}

/// Gi* of cells of any shape: `neighbours[i]` names the neighbours of cell i by index, itself left out or not, in any
/// order; weights are binary and include the cell itself.
///
/// # Errors
/// [`AnalysisError`]: lists of another number than the values, a value that is not finite, a neighbour that does not
/// exist.
pub fn on_neighbours(values: &[f64], neighbours: &[Vec<usize>]) -> Result<GiStar, AnalysisError> {
    if values.len() != neighbours.len() {
        return Err(AnalysisError::Length { expected: values.len(), found: neighbours.len() });
    }
    if let Some(cell) = values.iter().position(|value| !value.is_finite()) {
        return Err(AnalysisError::NotFinite(cell));
    }
    let n = values.len() as f64;
    let departures = departures(values);
    let square_sum: f64 = departures.iter().map(|d| d * d).sum();
    let deviation = if departures.iter().all(|d| *d == 0.0) { 0.0 } else { (square_sum / n).sqrt() };
    let mut scores = Scores::with_capacity(values.len());
    let mut members = Vec::new();
    for (cell, list) in neighbours.iter().enumerate() {
        members.clear();
        members.extend_from_slice(list);
        members.push(cell);
        members.sort_unstable();
        members.dedup();
        let mut excess = 0.0;
        for &neighbour in &members {
            excess += departures.get(neighbour).ok_or(AnalysisError::NoSuchNeighbour { cell, neighbour })?;
        }
        let weight = members.len() as f64;
        let denominator = deviation * (weight * (n - weight) / (n - 1.0)).sqrt();
        scores.push(ratio(excess, denominator));
    }
    Ok(scores.0)
}

/// The two-sided p value of a standard score, 2 (1 - Phi(|z|)), accurate in the far tail.
#[must_use]
pub fn two_sided_p(z: f64) -> f64 {
    libm::erfc(z.abs() * std::f64::consts::FRAC_1_SQRT_2)
}

/// n times the denominator of the formula, for a cell of this weight.
fn denominator(totals: &Totals, weight: u64) -> f64 {
    if totals.n < 2 || weight >= totals.n {
        return 0.0;
    }
    let (n, w) = (totals.n as f64, weight as f64);
    (totals.spread() as f64 * (w * (n - w) / (n - 1.0))).sqrt()
}

fn ratio(excess: f64, denominator: f64) -> f64 {
    // Not `denominator != 0`: with one cell the root is of 0 / 0.
    if denominator > 0.0 { excess / denominator } else { 0.0 }
}

/// Values less their mean, scaled so that their squares neither overflow nor vanish (scores do not depend on scale);
/// all zero when all values are equal.
fn departures(values: &[f64]) -> Vec<f64> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if low >= high {
        return vec![0.0; values.len()];
    }
    let largest = low.abs().max(high.abs());
    let scale = if (1e-100..1e100).contains(&largest) { 1.0 } else { largest };
    let n = values.len() as f64;
    let mean = values.iter().map(|value| value / scale).sum::<f64>() / n;
    let mut departures: Vec<f64> = values.iter().map(|value| value / scale - mean).collect();
    // Once more, for what the first mean was rounded by.
    let rest = departures.iter().sum::<f64>() / n;
    departures.iter_mut().for_each(|d| *d -= rest);
    departures
}

/// Scores as they are found; runs of equal ones (empty country) share one call of erfc.
struct Scores(GiStar);

impl Scores {
    fn with_capacity(cells: usize) -> Self {
        Self(GiStar { z: Vec::with_capacity(cells), p: Vec::with_capacity(cells) })
    }

    fn push(&mut self, z: f64) {
        let p = match (self.0.z.last(), self.0.p.last()) {
            (Some(last), Some(p)) if *last == z => *p,
            _ => two_sided_p(z),
        };
        self.0.z.push(z);
        self.0.p.push(p);
    }
}

/// For each column, the cells of the area in three rows and the sum of their counts.
struct Strip<'a> {
    counts: &'a [u32],
    area: &'a StudyArea,
    sums: Vec<(u64, u64)>,
}

impl<'a> Strip<'a> {
    fn new(counts: &'a [u32], area: &'a StudyArea, columns: usize) -> Self {
        Self { counts, area, sums: vec![(0, 0); columns] }
    }

    fn add(&mut self, row: usize) {
        self.apply(row, |(cells, sum), count| (cells + 1, sum + count));
    }

    fn drop(&mut self, row: usize) {
        self.apply(row, |(cells, sum), count| (cells - 1, sum - count));
    }

    fn apply(&mut self, row: usize, change: impl Fn((u64, u64), u64) -> (u64, u64)) {
        let start = row * self.sums.len();
        let counts = self.counts.iter().enumerate().skip(start);
        for (slot, (index, count)) in self.sums.iter_mut().zip(counts) {
            if self.area.contains(index) {
                *slot = change(*slot, u64::from(*count));
            }
        }
    }

    /// Cells and their counts, three rows by three columns.
    fn around(&self, column: usize) -> (u64, u64) {
        let end = (column + 2).min(self.sums.len());
        let three = self.sums.get(column.saturating_sub(1)..end).unwrap_or(&[]);
        three.iter().fold((0, 0), |(cells, sum), next| (cells + next.0, sum + next.1))
    }
}
