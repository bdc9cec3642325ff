//! What can go wrong when names are indexed or searched.

use std::path::PathBuf;

/// Why the name index could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NamesError {
    /// The query is longer than any name; nothing was searched.
    #[error("the name is {length} characters long; at most {limit} are searched")]
    QueryTooLong {
        /// Length of the name, in bytes when it was too long to count.
        length: usize,
        /// The longest name searched.
        limit: usize,
    },
    /// Another process (or another handle in this one) writes to the same folder.
    #[error("the name index in {} is in use by another process: stop it, or give this one its own data folder (BEACON_DATA_DIR)", .0.display())]
    InUse(PathBuf),
    /// The folder cannot be created, read or removed.
    #[error("the name index folder {} cannot be used: {source}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Reading the index failed.
    #[error("the name index cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// What is stored is not what this version writes: the index has to be rebuilt.
    #[error("the name index holds {0}: delete its folder to rebuild it")]
    Damaged(&'static str),
}
