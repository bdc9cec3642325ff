//! What is done to the ledger, and how far whoever does it covers it up.

use super::scene::Scene;
use crate::campaign::draft::Random;

/// The columns of a row that a leaf stands for.
pub(super) const COLUMNS: [&str; 14] = [
    "seq",
    "at",
    "officer_id",
    "agency_id",
    "operation",
    "action",
    "records",
    "purpose",
    "purpose_reference",
    "outcome",
    "request_id",
    "detail",
    "salt",
    "payload_commitment",
];

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A column of a row gets another value.
    Mutate(&'static str),
    /// A row is taken away.
    Delete,
    /// Two rows change their numbers.
    Swap,
    /// Two leaves change their places.
    SwapLeaves,
    /// A row that was never there is put among the others.
    Insert,
    /// A payload is erased as the program would, without an entry.
    Erase,
    /// The last checkpoints go, and the rows under them.
    CutOff,
}

/// How far it is covered up. Nobody has the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cover {
    /// The row alone is changed.
    No,
    /// Its stored leaf too.
    Leaves,
    /// The checkpoints too, signed with a key of their own under the ledger's name.
    Notes,
    /// And that key is put in the place of the ledger's.
    KeyInPlace,
    /// Or entered as one that follows a lost key.
    KeyReplaced,
}

/// One change.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attack {
    pub(super) what: What,
    pub(super) cover: Cover,
    /// Of which row, by its place in the ledger.
    pub(super) row: usize,
    /// And with which other.
    pub(super) other: usize,
}

impl Attack {
    pub(super) fn choose(scene: &Scene, random: &mut Random) -> Self {
        let mut below = |end: usize| usize::try_from(random.below(end as u64)).unwrap_or(0);
        let rows = scene.rows();
        let what = match below(20) {
            0..9 => What::Mutate(COLUMNS[below(COLUMNS.len())]),
            9..12 => What::Delete,
            12..14 => What::Swap,
            14 => What::SwapLeaves,
            15..18 => What::Insert,
            18 => What::Erase,
            _ => What::CutOff,
        };
        let cover = [Cover::No, Cover::Leaves, Cover::Notes, Cover::KeyInPlace, Cover::KeyReplaced][below(5)];
        let cover = match what {
            // An erased row keeps its leaf, and an older copy has nothing to cover up.
            What::Erase | What::CutOff => Cover::No,
            What::SwapLeaves => cover.max(Cover::Leaves),
            _ => cover,
        };
        let row = below(rows);
        let other = (row + 1 + below(rows - 1)) % rows;
        Self { what, cover, row, other }
    }

    /// Its name in reports.
    pub(super) fn kind(&self) -> &'static str {
        match (self.what, self.cover) {
            (What::Mutate(_), Cover::No) => "mutated",
            (What::Mutate(_), Cover::Leaves) => "mutated with its leaf",
            (What::Mutate(_), _) => "mutated with leaves and checkpoints",
            (What::Delete, Cover::No) => "deleted",
            (What::Delete, _) => "deleted with its leaf",
            (What::Swap | What::SwapLeaves, _) => "reordered",
            (What::Insert, Cover::No) => "inserted",
            (What::Insert, _) => "inserted with a leaf",
            (What::Erase, _) => "payload erased without an entry",
            (What::CutOff, _) => "last checkpoints cut off",
        }
    }

    /// Whether there is a leaf less in the end.
    pub(super) fn shortens(&self) -> bool {
        self.what == What::Delete && self.cover > Cover::No
    }
}
