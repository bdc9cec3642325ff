//! Hotspots: numbers in, numbers out.
//!
//! * [`Columns`] keeps the point and days of every incident in compact columns and counts those a caller may see.
//! * [`StudyArea`] is the lattice of British National Grid cells the analysis covers: a box, or polygons.
//! * [`analyse`] turns the counts of a study area into Getis-Ord Gi* scores, p values corrected for the number of
//!   cells tested (Benjamini-Hochberg) and [`Band`]s.
//!
//! **Architecture invariant:** pure functions over columns of points. No I/O, no async, no clock; nothing here knows what
//! an access label means: whether a label may be seen is asked of the caller ([`Filter::visible`]), and rows whose label
//! may not be seen influence no figure whatever.

pub mod analysis;
pub mod area;
pub mod band;
pub mod columns;
pub mod false_discovery;
pub mod gi_star;

pub use analysis::{Analysis, CellResult, Summary, analyse};
pub use area::{AreaError, GridBox, Lattice, MAX_BOUNDING_CELLS, MAX_CELLS, StudyArea};
pub use band::Band;
pub use columns::{Columns, Counts, Filter, Hit, Occurrence, OccurrenceError, decimetres};
pub use gi_star::{AnalysisError, GiStar};
