//! Campaigns: long runs that try to break a promise, and the short samples of them that run with the tests.

pub mod books;
pub mod client;
mod clients;
pub mod draft;
pub mod fail_closed;
pub mod kill;
pub mod migration;
pub mod names;
pub mod no_look;
mod rounds;
pub mod slow_writer;
pub mod tamper;

use crate::{beacon::Deployment, postgres::PrivateServer};

/// Which database a campaign runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// A file of its own.
    Sqlite,
    /// A server of its own, with fsync on.
    Postgres,
}

impl On {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A deployment with the database server it needs, which goes with it.
#[derive(Debug)]
pub struct Place {
    /// Where Beacon runs.
    pub deployment: Deployment,
    /// The server of its own.
    pub server: Option<PrivateServer>,
}

impl Place {
    /// An empty one.
    pub fn new(on: On) -> Self {
        match on {
            On::Sqlite => Self { deployment: Deployment::sqlite(), server: None },
            On::Postgres => {
                let server = crate::postgres::private(true);
                Self { deployment: Deployment::on(&server.url), server: Some(server) }
            }
        }
    }
}

/// What went wrong, counted in full and told in part.
#[derive(Debug, Clone, Default)]
pub struct Violations {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub told: Vec<String>,
}

impl Violations {
    /// The most that are told.
    const TOLD: usize = 20;

    /// Adds one.
    pub fn add(&mut self, what: impl Into<String>) {
        self.count += 1;
        if self.told.len() < Self::TOLD {
            self.told.push(what.into());
        }
    }

    /// Adds one unless it holds.
    pub fn check(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.add(what());
        }
    }

    /// Adds those of another count.
    pub fn extend(&mut self, other: Self) {
        self.count += other.count;
        self.told.extend(other.told);
        self.told.truncate(Self::TOLD);
    }
}
