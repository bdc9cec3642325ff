//! What the verifier answers.

use crate::Checkpoint;
use std::fmt;

/// Everything fits: how much there was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Whose ledger.
    pub origin: String,
    /// Rows under checkpoints.
    pub rows: u64,
    /// Rows after the last one.
    pub unsealed: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// Keys that signed.
    pub keys: u64,
    /// Payloads that were erased, each with its entry.
    pub erased: u64,
    /// Checkpoints held elsewhere that were compared.
    pub held: u64,
    /// The last checkpoint.
    pub last: Option<Checkpoint>,
    /// What somebody ought to look at, though it breaks no proof.
    pub warnings: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for warning in &self.warnings {
            writeln!(f, "WARNING: {warning}")?;
        }
        writeln!(f, "OK: {} rows under {} checkpoints of {}", self.rows, self.checkpoints, self.origin)?;
        writeln!(f, "{} keys, {} payloads erased lawfully, {} rows not sealed yet", self.keys, self.erased, self.unsealed)?;
        match &self.last {
            Some(last) => writeln!(f, "last checkpoint: {} rows at {}", last.size, last.time)?,
            None => writeln!(f, "there is no checkpoint yet: nothing is proved")?,
        }
        match self.held {
            0 => write!(f, "compared with no checkpoint held elsewhere: an older copy of the database would not be noticed"),
            held => write!(f, "compared with {held} checkpoints held elsewhere"),
        }
    }
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wrong {
    /// A column of the row is not what was sealed.
    Mutated,
    /// The row is gone.
    Deleted,
    /// A row that was never sealed stands among those that were.
    Inserted,
    /// The row stands where another was.
    Reordered,
    /// The row is sealed a second time.
    SealedTwice,
    /// The payload was erased, and no sealed entry says so.
    ErasedWithoutEntry,
    /// The stored leaves do not give the root of the checkpoint: rows were changed together with their leaves.
    Root,
    /// The checkpoint is not signed by the key in force.
    Signature,
    /// The checkpoint cannot be read, or does not follow the one before.
    Checkpoint,
    /// The ledger ends before a checkpoint that is held elsewhere: an older copy.
    Older,
    /// The ledger is another than the one a checkpoint held elsewhere was made of.
    NotTheHeld,
    /// The key is not one that can be trusted.
    Key,
    /// The file is no export, or not all of one.
    File,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mutated => "mutated: the row is not what was sealed",
            Self::Deleted => "deleted: the row that was sealed is not there",
            Self::Inserted => "inserted: a row stands here that was never sealed",
            Self::Reordered => "reordered: the row stands where another was",
            Self::SealedTwice => "sealed twice: the row has a leaf already",
            Self::ErasedWithoutEntry => "payload erased, and no sealed entry says so",
            Self::Root => "root wrong: rows were changed together with their stored leaves",
            Self::Signature => "signature wrong: the checkpoint is not signed by the key in force",
            Self::Checkpoint => "checkpoint wrong: it cannot be read, or does not follow the one before",
            Self::Older => "older than the checkpoint held elsewhere: rows that were sealed are gone",
            Self::NotTheHeld => "not the ledger of the checkpoint held elsewhere",
            Self::Key => "key wrong: it is not the trusted one, nor handed over to by it",
            Self::File => "the file is no whole export",
        })
    }
}

/// The first thing that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Finding {
    /// What is wrong.
    pub wrong: Wrong,
    /// The position of the first bad leaf, counted from 0. With a wrong root it is the first of those that can be it.
    pub position: u64,
    /// The last of those that can be it.
    pub until: u64,
    /// The number of the row, where one is known.
    pub seq: Option<i64>,
    /// More, where there is more to say.
    pub detail: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "first bad leaf: position {}", self.position)?;
        if self.until > self.position {
            write!(f, " to {}", self.until)?;
        }
        if let Some(seq) = self.seq {
            write!(f, ", row {seq}")?;
        }
        write!(f, ": {}", self.wrong)?;
        if self.detail.is_empty() { Ok(()) } else { write!(f, " ({})", self.detail) }
    }
}
