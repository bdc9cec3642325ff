//! Squares of the British National Grid.

use super::AreaError;

/// Coordinates beyond these (metres) are not on the British National Grid, by a wide margin.
const REACH: std::ops::RangeInclusive<f64> = -1_000_000.0..=2_000_000.0;

/// A box in metres of easting and northing, edges included.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct GridBox {
    pub min_easting: f64,
    pub min_northing: f64,
    pub max_easting: f64,
    pub max_northing: f64,
}

impl GridBox {
    /// Is a point (decimetres) in the box?
    #[must_use]
    #[inline]
    pub fn holds(&self, easting_dm: u32, northing_dm: u32) -> bool {
        // Dividing gives the nearest double of the decimal, which is what a limit written in decimals is too.
        let (easting, northing) = (f64::from(easting_dm) / 10.0, f64::from(northing_dm) / 10.0);
        (self.min_easting..=self.max_easting).contains(&easting) && (self.min_northing..=self.max_northing).contains(&northing)
    }
}

/// A rectangle of square cells aligned with the British National Grid. Row 0 is the southernmost, column 0 the
/// westernmost; a cell holds its west and south edges but not its east and north ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lattice {
    min_easting: i32,
    min_northing: i32,
    cell_size: u32,
    columns: u32,
    rows: u32,
}

impl Lattice {
    /// A lattice from its south-west corner (metres, multiples of `cell_size`), cell size (metres) and shape.
    ///
    /// # Errors
    /// [`AreaError`]: a cell size or corner out of range, a corner that is no multiple, no cells.
    pub fn new(min_easting: i32, min_northing: i32, cell_size: u32, columns: u32, rows: u32) -> Result<Self, AreaError> {
        let size = signed(cell_size)?;
        if columns == 0 || rows == 0 {
            return Err(AreaError::Empty);
        }
        if min_easting % size != 0 || min_northing % size != 0 {
            return Err(AreaError::Misaligned);
        }
        for (min, cells) in [(min_easting, columns), (min_northing, rows)] {
            // One cell more than the reach: a box that ends at the reach may be snapped outwards.
            let max = f64::from(min) + f64::from(cell_size) * (f64::from(cells) - 1.0);
            let reach = REACH.start() - f64::from(cell_size)..=REACH.end() + f64::from(cell_size);
            if !reach.contains(&f64::from(min)) || !reach.contains(&max) {
                return Err(AreaError::NotOnTheGrid);
            }
        }
        Ok(Self { min_easting, min_northing, cell_size, columns, rows })
    }

    /// The smallest lattice around a box (metres), snapped outwards to multiples of `cell_size` (metres).
    ///
    /// # Errors
    /// [`AreaError`]: a cell size or coordinates out of range, or a box whose minimum lies beyond its maximum.
    pub fn covering(bounds: &GridBox, cell_size: u32) -> Result<Self, AreaError> {
        let (min_easting, columns) = snapped(bounds.min_easting, bounds.max_easting, cell_size)?;
        let (min_northing, rows) = snapped(bounds.min_northing, bounds.max_northing, cell_size)?;
        Self::new(min_easting, min_northing, cell_size, columns, rows)
    }

    /// Metres along one side of a cell.
    #[must_use]
    pub fn cell_size(&self) -> u32 {
        self.cell_size
    }

    /// Cells from west to east.
    #[must_use]
    pub fn columns(&self) -> u32 {
        self.columns
    }

    /// Cells from south to north.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Easting and northing of the south-west corner, metres.
    #[must_use]
    pub fn origin(&self) -> (i32, i32) {
        (self.min_easting, self.min_northing)
    }

    /// Columns times rows.
    #[must_use]
    pub fn cells(&self) -> u64 {
        u64::from(self.columns) * u64::from(self.rows)
    }

    /// [`Self::cells`] as the length of a vector.
    pub(crate) fn len(&self) -> usize {
        self.columns as usize * self.rows as usize
    }

    /// The index of a cell, row by row.
    #[must_use]
    pub fn index(&self, column: u32, row: u32) -> usize {
        row as usize * self.columns as usize + column as usize
    }

    /// Column and row of an index.
    #[must_use]
    pub fn position(&self, index: usize) -> (u32, u32) {
        let columns = self.columns as usize;
        ((index % columns) as u32, (index / columns) as u32)
    }

    /// The index of the cell that holds a point (decimetres), if the lattice reaches that far.
    #[must_use]
    #[inline]
    pub fn cell_at(&self, easting_dm: u32, northing_dm: u32) -> Option<usize> {
        let column = cell_along(easting_dm, self.min_easting, self.cell_size, self.columns)?;
        let row = cell_along(northing_dm, self.min_northing, self.cell_size, self.rows)?;
        Some(self.index(column, row))
    }

    /// Easting and northing of a cell's centre, metres.
    #[must_use]
    pub fn centre(&self, column: u32, row: u32) -> (f64, f64) {
        let size = f64::from(self.cell_size);
        (f64::from(self.min_easting) + size * (f64::from(column) + 0.5), f64::from(self.min_northing) + size * (f64::from(row) + 0.5))
    }

    /// Easting and northing (metres) of a cell's corners: south-west, south-east, north-east, north-west, which is the
    /// order of a GeoJSON exterior ring (repeat the first to close it).
    #[must_use]
    pub fn corners(&self, column: u32, row: u32) -> [(f64, f64); 4] {
        let size = f64::from(self.cell_size);
        let west = f64::from(self.min_easting) + size * f64::from(column);
        let south = f64::from(self.min_northing) + size * f64::from(row);
        let (east, north) = (west + size, south + size);
        [(west, south), (east, south), (east, north), (west, north)]
    }
}

fn signed(cell_size: u32) -> Result<i32, AreaError> {
    match i32::try_from(cell_size) {
        Ok(size @ 10..=100_000) => Ok(size),
        _ => Err(AreaError::CellSize(cell_size)),
    }
}

/// The first multiple at or below `min`, and the cells from there to `max`.
fn snapped(min: f64, max: f64, cell_size: u32) -> Result<(i32, u32), AreaError> {
    let size = signed(cell_size)?;
    if !REACH.contains(&min) || !REACH.contains(&max) {
        return Err(AreaError::NotOnTheGrid);
    }
    if min > max {
        return Err(AreaError::Empty);
    }
    // Both are whole numbers far below 2^31 because of the reach.
    let first = (min / f64::from(size)).floor() as i32;
    let last = (max / f64::from(size)).ceil() as i32;
    let cells = u32::try_from((last - first).max(1)).unwrap_or(1);
    Ok((first * size, cells))
}

#[inline]
fn cell_along(at_dm: u32, min: i32, cell_size: u32, cells: u32) -> Option<u32> {
    let offset = u32::try_from(i64::from(at_dm) - i64::from(min) * 10).ok()?;
    let cell = offset / (cell_size * 10);
    (cell < cells).then_some(cell)
}
