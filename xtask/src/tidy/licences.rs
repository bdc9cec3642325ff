//! deny.toml, held to without cargo-deny: licences, banned packages, sources.

use super::{Repository, Violation, spdx};
use crate::run;
use serde_json::Value;
use toml::Table;

pub(super) fn check(repository: &Repository) -> Result<Vec<Violation>, String> {
    let deny: Table = repository.text("deny.toml").ok_or("deny.toml is missing")?.parse().map_err(|error| format!("deny.toml: {error}"))?;
    let metadata = run::answer(run::cargo(&["metadata", "--format-version", "1"])).ok_or("`cargo metadata` failed")?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(judge(&deny, packages))
}

fn judge(deny: &Table, packages: &[Value]) -> Vec<Violation> {
    let list = |section: &str, key: &str| deny.get(section).and_then(|section| section.get(key)?.as_array()).map_or(&[][..], Vec::as_slice);
    let licences: Vec<&str> = list("licenses", "allow").iter().filter_map(toml::Value::as_str).collect();
    let registries: Vec<&str> = list("sources", "allow-registry").iter().filter_map(toml::Value::as_str).collect();
    let banned: Vec<&str> = list("bans", "deny").iter().filter_map(|ban| ban.get("crate")?.as_str()).collect();

    let mut violations = Vec::new();
    for package in packages {
        let (name, version) = (text(&package["name"]), text(&package["version"]));
        let mut complain = |what: String| violations.push(Violation::new("Cargo.lock", 1, format!("{name} {version} {what}")));
        if !spdx::allowed(text(&package["license"]), &licences) {
            complain(format!("has a licence that deny.toml does not allow: {}", package["license"]));
        }
        if banned.contains(&name) {
            complain("is banned by deny.toml".to_owned());
        }
        let source = text(&package["source"]);
        if !source.is_empty() && !registries.iter().any(|registry| source.strip_prefix("registry+") == Some(*registry)) {
            complain(format!("comes from {source}, which deny.toml does not allow"));
        }
    }
    violations
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn licences_bans_and_sources() {
        let deny = "[licenses]\nallow = ['MIT']\n[bans]\ndeny = [{ crate = 'bad' }]\n[sources]\nallow-registry = ['https://r']\n";
        let package =
            |name: &str, license: Value, source: Value| json!({"name": name, "version": "1.0.0", "license": license, "source": source});
        let packages = [
            package("ours", json!("MIT"), Value::Null),
            package("fine", json!("MIT OR Apache-2.0"), json!("registry+https://r")),
            package("strict", json!("GPL-3.0"), json!("registry+https://r")),
            package("silent", Value::Null, json!("registry+https://r")),
            package("bad", json!("MIT"), json!("registry+https://r")),
            package("forked", json!("MIT"), json!("git+https://g")),
        ];
        let broken: Vec<String> = judge(&deny.parse().unwrap(), &packages).into_iter().map(|violation| violation.what).collect();
        assert_eq!(broken.len(), 4, "{broken:?}");
        for (what, name) in broken.iter().zip(["strict", "silent", "bad", "forked"]) {
            assert!(what.starts_with(name), "{what}");
        }
    }
}
