//! What may arrive from outside, given anything at all. Each target is one function: it must not panic, and what it finds to
//! be sound must be so. `cargo xtask campaign fuzz` runs them by coverage; the seeds run with the other tests.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a property that does not hold ends the run")]

mod audit;
mod files;
mod names_asked;
mod places;
mod queries;
mod tokens;

pub use audit::audit_verifier;
pub use files::{csv, import};
pub use names_asked::name_query;
pub use places::postcode_grid;
pub use queries::{cursor, filters};
pub use tokens::jwt;

#[cfg(test)]
mod tests {
    /// Every seed of a target, and what once failed.
    fn replay(target: &str, run: fn(&[u8])) {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
        let mut seeds = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            run(&std::fs::read(entry.unwrap().path()).unwrap());
            seeds += 1;
        }
        assert!(seeds > 1, "{target} has {seeds} seeds");
    }

    #[test]
    fn seeds_of_every_target() {
        type Run = fn(&[u8]);
        let targets: [(&str, Run); 8] = [
            ("name_query", super::name_query),
            ("filters", super::filters),
            ("cursor", super::cursor),
            ("import", super::import),
            ("csv", super::csv),
            ("jwt", super::jwt),
            ("postcode_grid", super::postcode_grid),
            ("audit_verifier", super::audit_verifier),
        ];
        for (target, run) in targets {
            replay(target, run);
        }
    }
}
