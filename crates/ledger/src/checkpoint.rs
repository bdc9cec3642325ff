//! Checkpoints (C2SP tlog-checkpoint): how many rows there were, the root over them, and when; signed.

use crate::{
    base64, from_base64,
    key::SigningKey,
    note::{self, Note},
    tree::Hash,
};
use model::Timestamp;

/// What a checkpoint states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose ledger.
    pub origin: String,
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// When it was signed: a line of extension.
    pub time: Timestamp,
}

impl Checkpoint {
    /// The signed note.
    pub fn sign(&self, key: &SigningKey) -> String {
        let text = format!("{}\n{}\n{}\ntime {}\n", self.origin, self.size, base64(&self.root), self.time);
        note::sign(&text, &self.origin, key)
    }

    /// What a note states, whoever signed it; none where it is no checkpoint of ours.
    pub fn of(note: &Note) -> Option<Self> {
        let mut lines = note.text().strip_suffix('\n')?.split('\n');
        let (origin, size, root, time) = (lines.next()?, lines.next()?, lines.next()?, lines.next()?);
        let parsed: u64 = size.parse().ok()?;
        let whole = lines.next().is_none() && !origin.is_empty() && parsed.to_string() == size;
        let root = from_base64(root)?.try_into().ok()?;
        let time = time.strip_prefix("time ")?.parse().ok()?;
        whole.then(|| Self { origin: origin.to_owned(), size: parsed, root, time })
    }
}
