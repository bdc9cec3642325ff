//! Whether any doc comment holds code to run: `cargo test --doc` builds the whole workspace once more, nextest runs none.

/// Whether a fence opens in a doc comment that rustdoc would compile: it names no language, or Rust.
pub(crate) fn any(source: &str) -> bool {
    let mut inside = false;
    for line in source.lines().map(str::trim_start) {
        let Some(text) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else { continue };
        if let Some(language) = text.trim().strip_prefix("```") {
            let runs = language.is_empty() || ["rust", "no_run", "should_panic", "compile_fail"].iter().any(|name| language.contains(name));
            if !inside && runs {
                return true;
            }
            inside = !inside;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::any;

    #[test]
    fn text_blocks_are_not_tests_and_their_closing_fence_opens_none() {
        assert!(!any("//! ```text\n//! a\n//! ```\nfn f() {}\n"));
        assert!(any("    /// ```\n    /// f();\n    /// ```\n"));
        assert!(any("/// ```rust,no_run\n"));
        assert!(!any("// ```\n"));
    }
}
