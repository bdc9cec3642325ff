//! The export that the verifier reads: JSON Lines. First what ledger it is, then its keys; for every checkpoint its note
//! with the leaves it added, and the rows of those leaves in their order; then the rows no checkpoint holds, and an end, so
//! that a file cut short is told.

use crate::{leaf::Row, tree::Hash};
use serde::{Deserialize, Serialize};

/// The version of the format.
pub const FORMAT: u32 = 1;

/// A line of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Line {
    /// The first: which ledger.
    Ledger {
        /// [`FORMAT`].
        format: u32,
        /// Its name, as in its checkpoints.
        origin: String,
    },
    /// A key, in the order in which they signed.
    Key {
        /// 32 bytes, base64.
        public_key: String,
        /// It signs checkpoints of more leaves than this.
        from_size: u64,
        /// When it was entered.
        at: String,
        /// The old key's statement; none for the first key, and for one that replaced a lost one.
        statement: Option<String>,
    },
    /// A checkpoint.
    Checkpoint {
        /// The signed note.
        note: String,
        /// The leaves added since the one before: base64 of [`Leaf`] after [`Leaf`].
        leaves: String,
    },
    /// A row of the last checkpoint, in the order of its leaves.
    Row(Box<Row>),
    /// A row that is in no checkpoint.
    Unsealed {
        /// It stands where a row would that was there before the last checkpoint.
        under: bool,
        /// The row.
        row: Box<Row>,
    },
    /// The last.
    End,
}

/// A leaf as it is kept: the row's number and the leaf's hash, 40 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// The row's number.
    pub seq: i64,
    /// The hash.
    pub hash: Hash,
}

/// The bytes of one leaf.
const WIDTH: usize = 40;

impl Leaf {
    /// Leaves as they are kept.
    pub fn pack(leaves: &[Self]) -> Vec<u8> {
        leaves.iter().flat_map(|leaf| leaf.seq.to_be_bytes().into_iter().chain(leaf.hash)).collect()
    }

    /// Leaves that were kept; none where the bytes are no whole leaves.
    pub fn unpack(bytes: &[u8]) -> Option<Vec<Self>> {
        let leaf = |bytes: &[u8]| Some(Self { seq: i64::from_be_bytes(bytes[..8].try_into().ok()?), hash: bytes[8..].try_into().ok()? });
        if bytes.len().is_multiple_of(WIDTH) { bytes.chunks_exact(WIDTH).map(leaf).collect() } else { None }
    }
}
