//! One binary: each behaviour a module, each test on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on must say why")]

mod access;
mod bad_input;
mod officer_day;
mod operations;
