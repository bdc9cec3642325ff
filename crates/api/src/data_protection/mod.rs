//! What data protection officers do about their agency's records: one file per thing.

pub(crate) mod disputes;
pub(crate) mod erasures;
pub(crate) mod proposals;
pub(crate) mod recipients;
pub(crate) mod rectifications;
pub(crate) mod retention;
pub(crate) mod subject_requests;
