//! Finding people by name: a name analysed, matched and explained, and the index over name mentions.
//!
//! What is indexed is a [`Mention`]: a person as one incident names them. A [`Query`] is answered by [`NameIndex::search`]
//! with [`Match`]es, best first, each with the reasons that raised or lowered it.
//!
//! Architecture Invariant: what a caller gets depends only on mentions they may see, on the versioned tables under `data/` and on
//! the forms of names given with the query, never on how often a name occurs in the whole index.

mod alignment;
pub mod analysis;
mod commonness;
mod compare;
mod error;
mod evidence;
mod explanation;
mod extraction;
mod index;
mod local_forms;
mod mention;
mod nicknames;
mod outline;
mod pairing;
mod person_record;
mod reasons;
mod scoring;
mod sounds;
mod spelling;
mod tail;

pub use compare::{Comparison, compare};
pub use error::NamesError;
pub use extraction::{ExtractedName, people_named_in};
pub use index::NameIndex;
pub use local_forms::LocalForms;
pub use mention::{Mention, NameKind, Query, RecordedName, Sex};
pub use reasons::{Band, Match, Reason, Rule};
pub use tail::Tail;

/// The versions of the tables that answers depend on, for audit rows and evidence.
pub fn table_versions() -> (&'static str, &'static str) {
    (nicknames::version(), commonness::version())
}
