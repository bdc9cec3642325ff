//! The rows of one checkpoint beside its leaves.

use super::finding::{Finding, Wrong};
use crate::{Row, export::Leaf};
use std::collections::HashSet;

/// Every leaf has its row, in its place, and no row is there without one.
pub(super) fn compare(before: u64, leaves: &[Leaf], rows: &[Row]) -> Result<(), Finding> {
    let finding = |at: usize, wrong, seq| {
        let position = before + at as u64;
        Err(Finding { wrong, position, until: position, seq: Some(seq), detail: String::new() })
    };
    for (at, leaf) in leaves.iter().enumerate() {
        match rows.get(at) {
            Some(row) if row.seq == leaf.seq => {
                if row.leaf() != Some(leaf.hash) {
                    let wrong = if changed_places(row, leaves) { Wrong::Reordered } else { Wrong::Mutated };
                    return finding(at, wrong, leaf.seq);
                }
            }
            Some(row) => {
                let there: HashSet<i64> = rows.iter().map(|row| row.seq).collect();
                let sealed = leaves.iter().any(|leaf| leaf.seq == row.seq);
                return match (there.contains(&leaf.seq), sealed) {
                    (_, false) => finding(at, Wrong::Inserted, row.seq),
                    (true, true) => finding(at, Wrong::Reordered, leaf.seq),
                    (false, true) => finding(at, Wrong::Deleted, leaf.seq),
                };
            }
            None => return finding(at, Wrong::Deleted, leaf.seq),
        }
    }
    match rows.get(leaves.len()) {
        Some(row) => finding(leaves.len(), Wrong::Inserted, row.seq),
        None => Ok(()),
    }
}

/// Whether the row is another's of this checkpoint, under this one's number.
fn changed_places(row: &Row, leaves: &[Leaf]) -> bool {
    leaves.iter().any(|leaf| Row { seq: leaf.seq, ..row.clone() }.leaf() == Some(leaf.hash))
}
