//! Imports and exports of the real program on real data, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a test that cannot go on must say why")]

/// Two tests of each behaviour: on a fresh SQLite file and on a fresh PostgreSQL database.
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[test]
            fn $name() {
                super::$name(&crate::place::Place::on(tests::Backend::Sqlite));
            })+
        }
        mod on_postgres {
            $(#[test]
            fn $name() {
                super::$name(&crate::place::Place::on(tests::Backend::Postgres));
            })+
        }
    };
}

mod areas;
mod damaged;
mod ours;
mod place;
mod police;
mod round_trip;
