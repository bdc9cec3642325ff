//! What may be tracked at all: nothing copied in, nothing large, nothing that is true of one machine only.

use super::{Repository, Violation};

const LARGEST: u64 = 1024 * 1024;
/// Split, so that this file keeps its own rules.
const FOREIGN: [(&str, &str); 9] = [
    (concat!("/wo", "rk/"), "a path of one machine"),
    (concat!("/ro", "ot/"), "a path of one machine"),
    (concat!("/ho", "me/"), "a path of one machine"),
    (concat!("index.crates", ".io"), "a package registry's address"),
    (concat!("static.crates", ".io"), "a package registry's address"),
    (concat!("registry.npm", "js"), "a package registry's address"),
    (concat!("pypi", ".org"), "a package registry's address"),
    (concat!("files.python", "hosted"), "a package registry's address"),
    (concat!("deb.deb", "ian"), "a package registry's address"),
];

pub(super) fn check(repository: &Repository) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in &repository.files {
        let path = file.path.as_str();
        if path.ends_with(".min.js") || path.ends_with(".min.css") || path.split('/').any(|folder| folder == "node_modules") {
            violations.push(Violation::new(path, 1, "a copy of somebody else's file: fetch it at build time"));
        }
        if file.bytes > LARGEST {
            violations.push(Violation::new(path, 1, format!("{} bytes: over 1 MiB belongs elsewhere", file.bytes)));
        }
    }
    for (path, text) in repository.texts().filter(|(path, _)| *path != "Cargo.lock") {
        for (number, line) in (1..).zip(text.lines()) {
            let found = FOREIGN.iter().filter(|(words, _)| line.contains(words));
            violations.extend(found.map(|(words, what)| Violation::new(path, number, format!("{what}: {words}"))));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_and_large_files() {
        let large = "x".repeat(1024 * 1024 + 1);
        let repository = Repository::of(&[("web/map.min.js", ""), ("web/node_modules/a/b.js", ""), ("large.csv", &large), ("fine.js", "")]);
        let paths: Vec<String> = check(&repository).into_iter().map(|violation| violation.path).collect();
        assert_eq!(paths, ["web/map.min.js", "web/node_modules/a/b.js", "large.csv"]);
    }

    #[test]
    fn paths_and_registries_of_one_machine() {
        let text = format!("fine\ncd {}me\n", FOREIGN[2].0);
        let repository = Repository::of(&[("a.md", &text), ("Cargo.lock", FOREIGN[3].0), ("b.toml", FOREIGN[5].0)]);
        let places: Vec<(String, usize)> = check(&repository).into_iter().map(|violation| (violation.path, violation.line)).collect();
        assert_eq!(places, [("a.md".to_owned(), 2), ("b.toml".to_owned(), 1)]);
    }
}
