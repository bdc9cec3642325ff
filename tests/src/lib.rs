//! The black-box suite: the real program, driven as its users drive it, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on must say why")]

mod incidents;
mod node;
mod officer;
mod raw;
mod world;

pub use incidents::{body, incident, person, place};
pub use node::{Node, free_port, in_browser};
pub use officer::Officer;
pub use raw::{exchange, request};
pub use world::{Agency, Backend, Running, World};

/// Makes two tests of each behaviour, one on each database. A behaviour is a function over a [`World`].
#[macro_export]
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            #[test]
            fn on_sqlite() {
                super::$name(&mut $crate::World::with_agencies($crate::Backend::Sqlite));
            }
            #[test]
            fn on_postgres() {
                super::$name(&mut $crate::World::with_agencies($crate::Backend::Postgres));
            }
        })+
    };
}
