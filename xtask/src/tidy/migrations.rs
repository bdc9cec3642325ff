//! Both databases hold the same tables with the same columns, in migrations of the same names.

use super::{Repository, Violation};
use std::collections::{BTreeMap, BTreeSet};

/// Columns that only PostgreSQL's change feed needs.
const POSTGRES_ONLY: [(&str, &str); 2] = [("change_log", "txid"), ("audit", "txid")];
/// What begins a table's constraint rather than a column.
const CONSTRAINTS: [&str; 7] = ["constraint", "primary", "unique", "check", "foreign", "exclude", "like"];

/// Each table, and each column with the file and line that makes it.
type Tables = BTreeMap<String, BTreeMap<String, (String, usize)>>;

pub(super) fn check(repository: &Repository) -> Vec<Violation> {
    let (sqlite, postgres) = (files(repository, "migrations/sqlite/"), files(repository, "migrations/postgres/"));
    let mut violations = unpaired(&sqlite, "migrations/sqlite", &postgres, "migrations/postgres");
    violations.extend(unpaired(&postgres, "migrations/postgres", &sqlite, "migrations/sqlite"));
    let (sqlite, postgres) = (tables(repository, "migrations/sqlite/"), tables(repository, "migrations/postgres/"));
    violations.extend(missing(&sqlite, &postgres, "PostgreSQL", &[]));
    violations.extend(missing(&postgres, &sqlite, "SQLite", &POSTGRES_ONLY));
    violations
}

fn files<'a>(repository: &'a Repository, folder: &str) -> BTreeSet<&'a str> {
    repository.texts().filter_map(|(path, _)| path.strip_prefix(folder)).collect()
}

fn unpaired(these: &BTreeSet<&str>, folder: &str, others: &BTreeSet<&str>, other: &str) -> Vec<Violation> {
    let lonely = these.difference(others);
    lonely.map(|name| Violation::new(&format!("{folder}/{name}"), 1, format!("{other} has no file of this name"))).collect()
}

fn missing(these: &Tables, others: &Tables, other: &str, allowed: &[(&str, &str)]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (table, columns) in these {
        let Some(known) = others.get(table) else {
            let (path, line) = columns.values().next().cloned().unwrap_or_default();
            violations.push(Violation::new(&path, line, format!("{other} has no table {table}")));
            continue;
        };
        for (column, (path, line)) in columns {
            if !known.contains_key(column) && !allowed.contains(&(table, column)) {
                violations.push(Violation::new(path, *line, format!("{other} has no column {table}.{column}")));
            }
        }
    }
    violations
}

fn tables(repository: &Repository, folder: &str) -> Tables {
    let mut tables = Tables::new();
    let mut migrations: Vec<(&str, &str)> = repository.texts().filter(|(path, _)| path.starts_with(folder)).collect();
    migrations.sort_unstable();
    for (path, text) in migrations {
        for (line, statement) in pieces(text, ';') {
            apply(&mut tables, path, line, &statement);
        }
    }
    tables
}

/// Carries out what changes the tables' columns; everything else does not matter here.
fn apply(tables: &mut Tables, path: &str, line: usize, statement: &str) {
    let head = statement.split('(').next().unwrap_or_default().to_lowercase();
    let words: Vec<&str> = head.split_whitespace().filter(|word| !["if", "not", "exists", "unlogged"].contains(word)).collect();
    match words.as_slice() {
        ["create", "table", name, ..] => {
            let columns = tables.entry((*name).to_owned()).or_default();
            let Some((open, close)) = statement.find('(').zip(statement.rfind(')')) else { return };
            let first = line + statement[..open].matches('\n').count();
            for (offset, definition) in pieces(&statement[open + 1..close], ',') {
                let column = definition.split_whitespace().next().unwrap_or_default().to_lowercase();
                if !CONSTRAINTS.contains(&column.split('(').next().unwrap_or_default()) {
                    columns.insert(column, (path.to_owned(), first + offset - 1));
                }
            }
        }
        ["alter", "table", name, "add", "column", column, ..] => {
            tables.entry((*name).to_owned()).or_default().insert((*column).to_owned(), (path.to_owned(), line));
        }
        ["alter", "table", name, "drop", "column", column, ..] => {
            tables.entry((*name).to_owned()).or_default().remove(*column);
        }
        ["alter", "table", name, "rename", "to", new] => {
            let columns = tables.remove(*name).unwrap_or_default();
            tables.insert((*new).to_owned(), columns);
        }
        ["drop", "table", name] => drop(tables.remove(*name)),
        _ => {}
    }
}

/// The text without comments, split where `separator` stands outside brackets and quotes; each piece with the line on
/// which it begins.
fn pieces(text: &str, separator: char) -> Vec<(usize, String)> {
    let (mut depth, mut quoted, mut line) = (0_i32, false, 1);
    let (mut found, mut piece, mut begins) = (Vec::new(), String::new(), 1);
    for row in text.lines() {
        for letter in row.split("--").next().unwrap_or_default().chars() {
            match letter {
                '\'' => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted => depth -= 1,
                _ => {}
            }
            if letter == separator && depth == 0 && !quoted {
                found.push((begins, std::mem::take(&mut piece)));
            } else if !(piece.is_empty() && letter.is_whitespace()) {
                if piece.is_empty() {
                    begins = line;
                }
                piece.push(letter);
            }
        }
        if !piece.is_empty() {
            piece.push('\n');
        }
        line += 1;
    }
    if !piece.is_empty() {
        found.push((begins, piece));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQLITE: &str = "-- a comment; with (marks\nCREATE TABLE change_log (\n  seq INTEGER PRIMARY KEY, -- why, so\n  at TEXT CHECK (length(at) IN (1, 2)),\n  UNIQUE (seq, at)\n) STRICT;\n";

    fn broken(postgres: &str) -> Vec<String> {
        let repository = Repository::of(&[("migrations/sqlite/0001.sql", SQLITE), ("migrations/postgres/0001.sql", postgres)]);
        check(&repository).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn equal_schemas_pass_and_the_change_feeds_column_may_stand_alone() {
        assert_eq!(
            broken("create table if not exists change_log (\n seq bigint,\n txid xid8 not null default f(1, 2),\n at text);"),
            [""; 0]
        );
        assert_eq!(broken("create table change_log (seq bigint);\nalter table change_log add column at text default ';';"), [""; 0]);
    }

    #[test]
    fn a_missing_column_or_table_is_named_with_its_line() {
        assert_eq!(
            broken("create table change_log (seq bigint);"),
            ["migrations/sqlite/0001.sql:4: PostgreSQL has no column change_log.at"]
        );
        assert_eq!(
            broken("create table change_log (seq bigint, at text);\n\ncreate table more (\n id uuid\n);"),
            ["migrations/postgres/0001.sql:4: SQLite has no table more"]
        );
    }

    #[test]
    fn a_file_without_its_pair_is_named() {
        let repository = Repository::of(&[("migrations/sqlite/0002.sql", "")]);
        assert_eq!(check(&repository), [Violation::new("migrations/sqlite/0002.sql", 1, "migrations/postgres has no file of this name")]);
    }
}
