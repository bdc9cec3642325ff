//! What data protection officers do about their agency's records: one file per thing.

pub(crate) mod erasures;
pub(crate) mod proposals;
