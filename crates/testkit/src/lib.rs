//! What tests, benchmarks and campaigns share: the real binary, plain HTTP, a private PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on must say why")]

pub mod beacon;
pub mod campaign;
pub mod http;
pub mod inside;
pub mod matrix;
pub mod postgres;
pub mod twins;
