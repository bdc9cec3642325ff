//! The name index from outside.
#![allow(clippy::unwrap_used, clippy::panic)]

mod exactness;
mod finding;
mod hostile;
mod lifecycle;
mod secrecy;
mod world;
