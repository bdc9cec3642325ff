//! `docs/access-operations.csv`, read: what decides who may use each operation.

use model::Role;
use std::collections::BTreeSet;

const TABLE: &str = include_str!("../../../../docs/access-operations.csv");

/// What decides who may use an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    /// Nothing: no sign-in is asked for.
    Public,
    /// Being signed in.
    SignedIn,
    /// The role.
    Role,
    /// `by_id` of the record.
    ById,
    /// Whether the record is seen, and not only held.
    SeenById,
    /// `name_hit` of the record.
    NameHit,
    /// `counted` of the record.
    Counted,
    /// Seeing it whole, in a role that records.
    Add,
    /// The same, for the agency that owns or recorded it.
    ChangeByOwner,
    /// Seeing it whole, in a role that records; another record is named.
    Link,
    /// The same; what is ended is not there.
    End,
    /// The owner's supervisors and safeguarding leads.
    Decide,
    /// The same; what is ended or read is not there.
    DecideEnd,
    /// The same; a list.
    DecideList,
}

/// An operation.
#[derive(Debug, Clone)]
pub struct OperationRow {
    /// The method.
    pub method: &'static str,
    /// The path, as in the OpenAPI document.
    pub path: &'static str,
    /// What decides.
    pub follows: Follows,
    /// The roles, where those decide.
    pub roles: BTreeSet<Role>,
}

/// Reads the table.
///
/// # Panics
/// When it cannot be read.
pub fn operations() -> Vec<OperationRow> {
    let mut lines = TABLE.lines();
    assert_eq!(lines.next(), Some("method,path,follows,roles,why"));
    lines.map(row).collect()
}

fn row(line: &'static str) -> OperationRow {
    let cells: Vec<&str> = line.splitn(5, ',').collect();
    let [method, path, follows, roles, _] = cells[..] else { panic!("{line}") };
    let follows = match follows {
        "public" => Follows::Public,
        "signed_in" => Follows::SignedIn,
        "role" => Follows::Role,
        "by_id" => Follows::ById,
        "seen_by_id" => Follows::SeenById,
        "name_hit" => Follows::NameHit,
        "counted" => Follows::Counted,
        "add" => Follows::Add,
        "change_by_owner" => Follows::ChangeByOwner,
        "link" => Follows::Link,
        "end" => Follows::End,
        "decide" => Follows::Decide,
        "decide_end" => Follows::DecideEnd,
        "decide_list" => Follows::DecideList,
        other => panic!("{other} in {line}"),
    };
    let roles: BTreeSet<Role> = roles.split('|').filter(|role| !role.is_empty()).map(|role| role.parse().expect(line)).collect();
    assert_eq!(follows == Follows::Role, !roles.is_empty(), "roles go with `role`: {line}");
    OperationRow { method, path, follows, roles }
}

/// The operations of the OpenAPI document, as method and path.
pub fn documented() -> Vec<(String, String)> {
    let document = serde_json::to_value(api::document()).expect("the document is JSON");
    let mut all = Vec::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for method in operations.as_object().expect("operations").keys() {
            if ["get", "put", "post", "delete", "patch"].contains(&method.as_str()) {
                all.push((method.to_uppercase(), path.clone()));
            }
        }
    }
    all
}

/// Operations of the document without a row, and rows without an operation.
pub fn unmatched() -> Vec<String> {
    let rows = operations();
    let documented = documented();
    let mut unmatched: Vec<String> = documented
        .iter()
        .filter(|(method, path)| rows.iter().filter(|row| row.method == method && row.path == path).count() != 1)
        .map(|(method, path)| format!("{method} {path} has no row of its own"))
        .collect();
    let gone = rows.iter().filter(|row| !documented.iter().any(|(method, path)| row.method == method && row.path == path));
    unmatched.extend(gone.map(|row| format!("{} {} is no operation", row.method, row.path)));
    unmatched
}
