//! Which crate may use what (DESIGN.md's table; ARCHITECTURE.md, invariant 1).

use super::{Repository, Violation, code};
use toml::Table;

/// Our crates, and those of ours that each may use. `None`: all of them.
const MAY_USE: [(&str, Option<&[&str]>); 13] = [
    ("model", Some(&[])),
    ("ledger", Some(&["model"])),
    ("names", Some(&["model"])),
    ("hotspots", Some(&["model"])),
    ("store", Some(&["model"])),
    ("exchange", Some(&["model"])),
    ("demo", Some(&["model"])),
    ("service", Some(&["model", "ledger", "names", "hotspots", "store", "exchange"])),
    ("identity", Some(&["model", "service"])),
    ("api", Some(&["model", "names", "hotspots", "service", "identity"])),
    ("web", Some(&["model", "service", "identity"])),
    ("beacon", None),
    ("testkit", None),
];
/// These compute and know neither tasks nor HTTP.
const PURE: [&str; 6] = ["model", "ledger", "names", "hotspots", "exchange", "demo"];
const TRANSACTIONS: [&str; 5] = ["crates/service/", "crates/store/", "crates/testkit/", "tests/", "bench/"];

/// Only the store names the database library; only the service opens a transaction.
pub(super) fn check(repository: &Repository) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, source) in repository.rust() {
        for (number, line) in (1..).zip(code::only(source).lines()) {
            if !path.starts_with("crates/store/") && (line.contains("sqlx::") || line.contains("use sqlx")) {
                violations.push(Violation::new(path, number, "only crates/store names sqlx"));
            }
            let opens = line.contains(".begin().await") || line.contains("database.read().await");
            if opens && !TRANSACTIONS.iter().any(|folder| path.starts_with(folder)) {
                violations.push(Violation::new(path, number, "only crates/service opens a transaction"));
            }
        }
    }
    violations
}

/// Every Cargo.toml keeps to the table.
pub(super) fn check_dependencies(repository: &Repository) -> Vec<Violation> {
    let manifests = repository.texts().filter(|(path, _)| path.ends_with("/Cargo.toml"));
    manifests.flat_map(|(path, text)| check_manifest(path, text)).collect()
}

fn check_manifest(path: &str, text: &str) -> Vec<Violation> {
    let manifest: Table = match text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return vec![Violation::new(path, 1, format!("not TOML: {error}"))],
    };
    let mut violations = Vec::new();
    let mut complain = |name: &str, what: String| violations.push(Violation::new(path, line_of(text, name), what));
    let package = path.strip_prefix("crates/").and_then(|path| path.strip_suffix("/Cargo.toml"));
    let rule = package.and_then(|package| MAY_USE.iter().find(|(name, _)| *name == package));
    if let (Some(package), None) = (package, rule) {
        complain("name", format!("crates/{package} is not in the table of xtask/src/tidy/layers.rs: say what it may use"));
    }
    for (kind, name) in dependencies(&manifest) {
        if name == "sqlx" && package != Some("store") {
            complain(name, "only crates/store depends on sqlx".to_owned());
        }
        let Some(package) = package else { continue };
        if kind != "dependencies" {
            continue;
        }
        if PURE.contains(&package) && (name == "tokio" || name == "axum") {
            complain(name, format!("{package} knows no {name}"));
        }
        let ours = MAY_USE.iter().any(|(ours, _)| *ours == name);
        if ours
            && let Some((_, Some(allowed))) = rule
            && !allowed.contains(&name)
        {
            complain(name, format!("{package} may not use {name}"));
        }
        if name == "testkit" && package != "testkit" {
            complain(name, "testkit is for tests: [dev-dependencies]".to_owned());
        }
    }
    violations
}

/// The kind and name of every dependency, by the name of its package.
fn dependencies(manifest: &Table) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (name, value) in manifest.get(kind).and_then(toml::Value::as_table).into_iter().flatten() {
            found.push((kind, value.get("package").and_then(toml::Value::as_str).unwrap_or(name)));
        }
    }
    found
}

fn line_of(text: &str, name: &str) -> usize {
    (1..).zip(text.lines()).find(|(_, line)| line.trim_start().starts_with(name)).map_or(1, |(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(path: &str, text: &str) -> Vec<(usize, String)> {
        let repository = Repository::of(&[(path, text)]);
        let violations = check(&repository).into_iter().chain(check_dependencies(&repository));
        violations.map(|violation| (violation.line, violation.what)).collect()
    }

    #[test]
    fn the_database_library_stays_in_the_store() {
        let source = "// sqlx:: is named here only\nfn f() { sqlx::query(\"select 1\"); }\n";
        assert_eq!(broken("crates/api/src/a.rs", source), [(2, "only crates/store names sqlx".to_owned())]);
        assert_eq!(broken("crates/store/src/a.rs", source), []);
        assert_eq!(broken("tests/Cargo.toml", "[dependencies]\nsqlx.workspace = true\n").len(), 1);
        assert_eq!(broken("crates/store/Cargo.toml", "[dependencies]\nsqlx.workspace = true\n"), []);
    }

    #[test]
    fn transactions_belong_to_the_service() {
        let source = "let tx = database.begin().await?;\nlet lock = cache.read().await;\nlet tx = self.database.read().await?;\n";
        assert_eq!(broken("crates/api/src/a.rs", source).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(broken("crates/service/src/a.rs", source), []);
    }

    #[test]
    fn crates_keep_to_the_table() {
        assert_eq!(
            broken("crates/api/Cargo.toml", "[dependencies]\nservice.workspace = true\nstore.workspace = true\n"),
            [(3, "api may not use store".to_owned())]
        );
        assert_eq!(broken("crates/names/Cargo.toml", "[dependencies]\ntokio.workspace = true\n").len(), 1);
        assert_eq!(broken("crates/names/Cargo.toml", "[dev-dependencies]\ntokio.workspace = true\n"), []);
        assert_eq!(broken("crates/beacon/Cargo.toml", "[dependencies]\nstore.workspace = true\n"), []);
        assert_eq!(broken("crates/beacon/Cargo.toml", "[dependencies]\ntestkit.workspace = true\n").len(), 1);
        assert_eq!(broken("crates/other/Cargo.toml", "[package]\nname = \"other\"\n").len(), 1);
        assert_eq!(broken("crates/demo/Cargo.toml", "[dependencies]\nx = { package = \"store\", path = \"../store\" }\n").len(), 1);
    }
}
