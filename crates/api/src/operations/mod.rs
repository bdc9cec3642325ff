//! For whoever runs it: health, readiness, metrics.

pub(crate) mod health;
