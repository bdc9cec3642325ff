//! Statements, migrations and versions.

use crate::world::World;
use std::collections::BTreeSet;
use store::{Kind, Options, Statement, StoreError, open};

on_both_databases!(every_statement_prepares, a_schema_from_the_future_is_refused, opening_twice_changes_nothing);

async fn every_statement_prepares(world: World) {
    let all: Vec<&'static Statement> = Statement::all().collect();
    assert_eq!(all.len(), statements_in_the_sources(), "every `run!` of the sources is registered, and prepared below");
    let mut wrong = Vec::new();
    for statement in all {
        if let Err(error) = open::prepare(&world.db, statement).await {
            wrong.push(format!("{}: {error}", statement.at));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The calls of `run!` in this crate's sources.
fn statements_in_the_sources() -> usize {
    let sources = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap();
    let text = |path: std::path::PathBuf| std::fs::read_to_string(path).unwrap();
    let calls =
        |text: &str| text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| line.matches("run!(").count()).sum();
    let count: Vec<usize> = sources.map(|entry| calls(&text(entry.unwrap().path()))).collect();
    count.iter().sum()
}

async fn a_schema_from_the_future_is_refused(world: World) {
    let checksum = if world.db.kind() == Kind::Sqlite { "x'00'" } else { "'\\x00'::bytea" };
    world
        .sql(&format!(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'from the future', true, {checksum}, 1)"
        ))
        .await;
    let refused = open::open(&Options::new(&world.url)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Unusable(_)), "{refused}");
    let told = refused.to_string();
    assert!(told.contains("9999") && told.contains("newer Beacon"), "{told}");
}

async fn opening_twice_changes_nothing(world: World) {
    let before = world.count("_sqlx_migrations").await;
    let again = world.again().await;
    again.close().await;
    assert_eq!(world.count("_sqlx_migrations").await, before);
    assert_eq!(world.count("agency").await, 1);
}

/// Every table and column, as `table.column`.
async fn columns(world: &World) -> BTreeSet<String> {
    let text = match world.db.kind() {
        Kind::Sqlite => {
            "SELECT m.name || '.' || c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name <> '_sqlx_migrations'"
        }
        Kind::Postgres => {
            "SELECT table_name || '.' || column_name FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'"
        }
    };
    world.sql(text).await.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_hold_the_same_tables_and_columns() {
    let (sqlite, postgres) = (columns(&World::sqlite().await).await, columns(&World::postgres().await).await);
    assert!(sqlite.len() > 60, "{sqlite:?}");
    let only_sqlite: Vec<_> = sqlite.difference(&postgres).collect();
    let only_postgres: Vec<_> = postgres.difference(&sqlite).map(String::as_str).collect();
    assert!(only_sqlite.is_empty(), "PostgreSQL lacks {only_sqlite:?}");
    // What a feed of PostgreSQL needs, where rows are not visible in the order of their numbers.
    assert_eq!(only_postgres, ["audit.txid", "change_log.txid"]);
}

#[test]
fn an_sqlite_that_loses_commits_is_refused() {
    for unsafe_version in ["3.51.2", "3.51.0", "3.50.9", "3.7.17", "2.8.17", "", "unknown"] {
        let told = open::check_version(unsafe_version).unwrap_err().to_string();
        assert!(told.contains("WAL-reset") && told.contains("3.51.3"), "{told}");
    }
    for safe in ["3.51.3", "3.51.10", "3.52.0", "4.0.0"] {
        open::check_version(safe).unwrap();
    }
}

#[tokio::test]
async fn the_linked_sqlite_is_safe() {
    let linked = World::sqlite().await.sql("SELECT sqlite_version()").await;
    open::check_version(&linked[0]).unwrap();
}

#[tokio::test]
async fn what_cannot_be_opened_is_told_with_its_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "these are notes, not a database; ".repeat(100)).unwrap();
    for (url, remedy) in [
        ("mysql://localhost/beacon".to_owned(), "BEACON_DATABASE_URL"),
        ("sqlite:".to_owned(), "sqlite:PATH"),
        ("sqlite::memory:".to_owned(), "sqlite:PATH"),
        (format!("sqlite:{}/missing/beacon.db", folder.path().display()), "create it"),
        (format!("sqlite:{}", text.display()), "Check that it is a Beacon database"),
        ("postgres://beacon@127.0.0.1:1/beacon".to_owned(), "that the server runs"),
    ] {
        let refused = open::open(&Options::new(&url)).await.unwrap_err();
        assert!(matches!(refused, StoreError::Unusable(_)) && refused.to_string().contains(remedy), "{url}: {refused}");
    }
    assert!(std::fs::read_to_string(&text).unwrap().starts_with("these are notes"), "a file that is no database is left alone");
}
