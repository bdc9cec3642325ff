//! The documents everybody starts from.

use super::{Repository, Violation};

const OPENING: usize = 25;

pub(super) fn check(repository: &Repository) -> Vec<Violation> {
    let mut violations = Vec::new();
    match repository.text("ARCHITECTURE.md") {
        None => violations.push(Violation::new("ARCHITECTURE.md", 1, "missing")),
        Some(text) => {
            let unnamed = repository.crates().into_iter().filter(|name| !mentions(text, name));
            violations.extend(unnamed.map(|name| Violation::new("ARCHITECTURE.md", 1, format!("says nothing of crates/{name}"))));
        }
    }
    if let Some(readme) = repository.text("README.md") {
        for command in ["cargo xtask demo", "cargo xtask test"] {
            if !readme.lines().take(OPENING).any(|line| line.contains(command)) {
                violations.push(Violation::new("README.md", 1, format!("does not open with `{command}`")));
            }
        }
    }
    if repository.text("docs/acceptance.md").is_none() {
        violations.push(Violation::new("docs/acceptance.md", 1, "missing"));
    }
    violations
}

/// As code or as a folder: `model` the crate, not the everyday word.
fn mentions(text: &str, name: &str) -> bool {
    text.contains(&format!("`{name}`")) || text.contains(&format!("crates/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let late = format!("{}cargo xtask test\n", "\n".repeat(25));
        let repository = Repository::of(&[
            ("ARCHITECTURE.md", "`model` and the store"),
            ("README.md", &format!("cargo xtask demo\n{late}")),
            ("crates/model/Cargo.toml", ""),
            ("crates/store/Cargo.toml", ""),
        ]);
        let broken: Vec<String> = check(&repository).iter().map(ToString::to_string).collect();
        assert_eq!(
            broken,
            [
                "ARCHITECTURE.md:1: says nothing of crates/store",
                "README.md:1: does not open with `cargo xtask test`",
                "docs/acceptance.md:1: missing",
            ]
        );
    }
}
