//! One binary: each behaviour a module, each test on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on must say why")]
#![allow(clippy::cloned_ref_to_slice_refs, reason = "a list is compared with a list as it is written")]

mod access;
mod bad_input;
mod data_protection;
mod identity;
mod officer_day;
mod operations;
