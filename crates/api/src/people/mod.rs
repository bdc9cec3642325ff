//! People: read, linked, kept apart, reviewed, with their associations and chronology; reference checks.

pub(crate) mod associations;
pub(crate) mod chronology;
pub(crate) mod links;
pub(crate) mod proposals;
pub(crate) mod read;
pub(crate) mod reference_checks;
