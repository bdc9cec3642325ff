//! Files of Rust: short enough to read in one go, nothing unfinished, no test put aside.

use super::{Repository, Violation, code};

const LONG: usize = 400;
const TOO_LONG: usize = 600;
const UNFINISHED: [&str; 5] = ["todo!", "unimplemented!", "dbg!", "#[ignore]", "#[ignore ="];

/// Files worth splitting; no violations yet.
pub(super) fn long(repository: &Repository) -> Vec<Violation> {
    let lengths = repository.rust().map(|(path, source)| (path, source.lines().count()));
    let long = lengths.filter(|(_, lines)| (LONG + 1..=TOO_LONG).contains(lines));
    long.map(|(path, lines)| Violation::new(path, lines, format!("{lines} lines is long; over {TOO_LONG} is an error"))).collect()
}

pub(super) fn check(repository: &Repository) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, source) in repository.rust() {
        let lines = source.lines().count();
        if lines > TOO_LONG {
            violations.push(Violation::new(path, lines, format!("{lines} lines: split it (400 is long)")));
        }
        for (number, line) in (1..).zip(code::only(source).lines()) {
            if let Some(found) = UNFINISHED.iter().find(|word| names(line, word)) {
                violations.push(Violation::new(path, number, format!("`{found}` left in")));
            }
        }
    }
    violations
}

/// Whether `word` stands in the line by itself rather than as the end of another name.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_warns_then_fails() {
        let (long, too_long) = ("x\n".repeat(401), "x\n".repeat(601));
        let repository = Repository::of(&[("a.rs", &long), ("b.rs", &too_long), ("c.rs", "x\n"), ("d.md", &too_long)]);
        assert_eq!(super::long(&repository).len(), 1);
        assert_eq!(check(&repository), [Violation::new("b.rs", 601, "601 lines: split it (400 is long)")]);
    }

    #[test]
    fn nothing_unfinished() {
        let source = "fn f() {\n    todo!()\n}\n#[ignore = \"slow\"]\nfn g() { let text = \"todo!\"; my_dbg!(text) }\n// dbg!\n";
        let lines: Vec<usize> = check(&Repository::of(&[("a.rs", source)])).iter().map(|violation| violation.line).collect();
        assert_eq!(lines, [2, 4]);
    }
}
