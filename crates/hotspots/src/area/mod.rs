//! The study area: which cells of the British National Grid an analysis covers.

mod lattice;
mod scan_line;

use geo::{BoundingRect, MultiPolygon};

pub use lattice::{GridBox, Lattice};

/// The most cells one analysis may cover (the n of Gi*).
pub const MAX_CELLS: u64 = 2_000_000;

/// The most cells the box around an area may hold, in the area or not: it bounds the memory of one analysis.
pub const MAX_BOUNDING_CELLS: u64 = 16_000_000;

/// Why an area cannot be analysed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AreaError {
    /// More cells than one analysis may cover.
    #[error("the area has {cells} cells of this size, more than the {limit} one analysis may cover")]
    TooManyCells {
        /// Cells whose centre lies in the area; where that number is within its limit but the box around the area
        /// is too large, the cells of that box.
        cells: u64,
        /// [`MAX_CELLS`] or [`MAX_BOUNDING_CELLS`].
        limit: u64,
    },
    /// A cell size outside 10 m to 100 km.
    #[error("a cell of {0} m is outside 10 m to 100 km")]
    CellSize(u32),
    /// An origin that is not a multiple of the cell size.
    #[error("the origin of the lattice is not a multiple of its cell size")]
    Misaligned,
    /// A coordinate that is not a number, or nowhere near the British National Grid.
    #[error("a coordinate is not on the British National Grid")]
    NotOnTheGrid,
    /// No vertices, no cells, or a box whose minimum lies beyond its maximum.
    #[error("the area is empty")]
    Empty,
    /// A mask that does not have one entry per cell of its lattice.
    #[error("the mask has {found} entries for a lattice of {expected} cells")]
    MaskLength {
        /// Cells of the lattice.
        expected: u64,
        /// Entries of the mask.
        found: usize,
    },
}

/// A lattice and, unless all of it belongs, the set of its cells that do. Cells are numbered row by row from the
/// south-west corner: `index = row * columns + column`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyArea {
    lattice: Lattice,
    /// One bit per cell; `None` when every cell belongs.
    mask: Option<Vec<u64>>,
    cells: u64,
}

impl StudyArea {
    /// Every cell of `bounds` (metres) snapped outwards to multiples of `cell_size` (metres).
    ///
    /// # Errors
    /// [`AreaError`]: more than [`MAX_CELLS`] cells, a cell size or coordinates out of range, an empty box.
    pub fn of_box(bounds: &GridBox, cell_size: u32) -> Result<Self, AreaError> {
        Self::of_lattice(Lattice::covering(bounds, cell_size)?)
    }

    /// Every cell of a lattice.
    ///
    /// # Errors
    /// [`AreaError::TooManyCells`] above [`MAX_CELLS`].
    pub fn of_lattice(lattice: Lattice) -> Result<Self, AreaError> {
        let cells = lattice.cells();
        at_most(cells, MAX_CELLS)?;
        Ok(Self { lattice, mask: None, cells })
    }

    /// The cells of `cell_size` metres whose centre lies in one of `polygons` (easting and northing in metres).
    ///
    /// Inside is even-odd within a polygon and its holes, and any polygon suffices. A centre exactly on a boundary
    /// belongs to the polygon east or north of it, so areas that share a boundary never share a cell.
    /// An area too small to hold any centre has no cells, which is not an error.
    ///
    /// # Errors
    /// [`AreaError`]: more than [`MAX_CELLS`] cells in the area or [`MAX_BOUNDING_CELLS`] in the box around it, a cell
    /// size or coordinates out of range, no vertices.
    pub fn of_polygons(polygons: &MultiPolygon<f64>, cell_size: u32) -> Result<Self, AreaError> {
        let edges = scan_line::Edges::of(polygons)?;
        let around = polygons.bounding_rect().ok_or(AreaError::Empty)?;
        let bounds = GridBox {
            min_easting: around.min().x,
            min_northing: around.min().y,
            max_easting: around.max().x,
            max_northing: around.max().y,
        };
        let lattice = Lattice::covering(&bounds, cell_size)?;
        let mut cells = 0_u64;
        let mut spans = Vec::new();
        edges.for_each_span(&lattice, |span| {
            cells += u64::from(span.end - span.start);
            if cells <= MAX_CELLS {
                spans.push(span);
            }
        });
        at_most(cells, MAX_CELLS)?;
        at_most(lattice.cells(), MAX_BOUNDING_CELLS)?;
        let mut bits = empty_mask(&lattice);
        for span in spans {
            for column in span.start..span.end {
                set(&mut bits, lattice.index(column, span.row));
            }
        }
        Ok(Self { lattice, mask: Some(bits), cells })
    }

    /// The cells of `lattice` where `belongs` (row by row) is true.
    ///
    /// # Errors
    /// [`AreaError`]: too many cells, or a mask of another length than the lattice.
    pub fn of_mask(lattice: Lattice, belongs: &[bool]) -> Result<Self, AreaError> {
        at_most(lattice.cells(), MAX_BOUNDING_CELLS)?;
        if lattice.cells() != belongs.len() as u64 {
            return Err(AreaError::MaskLength { expected: lattice.cells(), found: belongs.len() });
        }
        let mut bits = empty_mask(&lattice);
        let mut cells = 0;
        for (index, _) in belongs.iter().enumerate().filter(|(_, belongs)| **belongs) {
            set(&mut bits, index);
            cells += 1;
        }
        at_most(cells, MAX_CELLS)?;
        Ok(Self { lattice, mask: Some(bits), cells })
    }

    /// The lattice around the area.
    #[must_use]
    pub fn lattice(&self) -> &Lattice {
        &self.lattice
    }

    /// The number of cells in the area: n.
    #[must_use]
    pub fn cells(&self) -> u64 {
        self.cells
    }

    /// Does the cell of this index belong to the area?
    #[must_use]
    #[inline]
    pub fn contains(&self, index: usize) -> bool {
        match &self.mask {
            None => (index as u64) < self.cells,
            Some(bits) => bits.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1),
        }
    }

    /// The indices of the cells in the area, ascending.
    pub fn indices(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.lattice.len()).filter(|index| self.contains(*index))
    }

    /// The index of the cell in the area that holds a point (decimetres), if one does.
    #[must_use]
    #[inline]
    pub fn cell_at(&self, easting_dm: u32, northing_dm: u32) -> Option<usize> {
        self.lattice.cell_at(easting_dm, northing_dm).filter(|index| self.contains(*index))
    }
}

fn at_most(cells: u64, limit: u64) -> Result<(), AreaError> {
    if cells > limit {
        return Err(AreaError::TooManyCells { cells, limit });
    }
    Ok(())
}

fn empty_mask(lattice: &Lattice) -> Vec<u64> {
    vec![0; lattice.len().div_ceil(64)]
}

fn set(bits: &mut [u64], index: usize) {
    if let Some(word) = bits.get_mut(index / 64) {
        *word |= 1 << (index % 64);
    }
}
