//! The use cases in one process, with a clock that stands still until a test moves it, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

/// Runs each test on a fresh SQLite file and on a fresh PostgreSQL database.
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::world::World::sqlite().await).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::world::World::postgres().await).await;
            })+
        }
    };
}

mod access_ends;
mod cancelled;
mod fail_closed;
mod following;
mod groups;
mod index_behind;
mod rebuilding;
mod sealing;
mod sign_in;
mod world;
