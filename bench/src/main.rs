//! Benchmarks and long campaigns: `cargo xtask bench NAME`, `cargo xtask campaign NAME`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement that cannot go on must say why, and it talks"
)]

mod campaigns;
mod ceiling;
mod creates;
mod earlier;
mod hello;
mod imports;
mod load;
mod machine;
mod memory;
mod page;
mod pairs;
mod people;
mod reads;
mod sealing;
mod startup;
mod world;

use clap::{Parser, Subcommand};
use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};
use testkit::campaign::On;

/// The five months of all forces, in the shared data beside the checkout.
const NATIONAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/police-uk/asb-all-forces-2018-10_2019-02.csv.gz");

/// Figures of Beacon beside the raw ceiling of the machine, and long runs that try to break its promises.
#[derive(Parser)]
struct Arguments {
    /// Only this database: sqlite or postgres.
    #[arg(long, global = true)]
    on: Option<String>,
    /// Seconds of each turn of load.
    #[arg(long, global = true, default_value_t = 3)]
    seconds: u64,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Every benchmark.
    All,
    /// Creates through HTTP beside the database's own ceiling.
    Creates,
    /// Audited reads beside an axum hello.
    Reads,
    /// Name searches beside an axum hello.
    Searches,
    /// Name searches among many people, of 16 clients.
    People {
        /// How many people, of the million of the shared data.
        #[arg(long, default_value_t = 1_000_000)]
        people: u64,
    },
    /// Audited reads beside those of the commit that closed the first issue.
    Earlier,
    /// What sealing the audit ledger costs.
    Sealing,
    /// The national police import.
    Imports {
        /// The file, if not the one of the shared data.
        #[arg(long, default_value = NATIONAL)]
        file: PathBuf,
    },
    /// Start-up and index rebuild.
    Startup {
        /// How many incidents.
        #[arg(long, default_value_t = 1_000_000)]
        incidents: u64,
    },
    /// A long campaign, continued where its file ends.
    Campaign {
        /// Which.
        name: campaigns::Name,
        /// Rounds in all.
        #[arg(long, default_value_t = 200)]
        rounds: u32,
        /// Rounds on one database; each part is noted when it ends.
        #[arg(long, default_value_t = 50)]
        part: u32,
    },
    /// Serve a hello, for the reads.
    #[command(hide = true)]
    Hello,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if matches!(arguments.what, What::Hello) {
        hello::serve();
        return ExitCode::SUCCESS;
    }
    with_release_binary();
    let databases: Vec<On> = match arguments.on.as_deref() {
        Some("sqlite") => vec![On::Sqlite],
        Some("postgres") => vec![On::Postgres],
        _ => vec![On::Sqlite, On::Postgres],
    };
    let seconds = arguments.seconds;
    match arguments.what {
        What::All => {
            creates::run(&databases, seconds);
            reads::reads(&databases, seconds);
            reads::searches(&databases, seconds);
            reads::among_people(&databases, seconds, 1_000_000);
            earlier::run(&databases, seconds);
            sealing::run(&databases, seconds);
            imports::run(&databases, Path::new(NATIONAL));
            startup::run(&databases, 1_000_000);
        }
        What::Creates => creates::run(&databases, seconds),
        What::Reads => reads::reads(&databases, seconds),
        What::Searches => reads::searches(&databases, seconds),
        What::People { people } => reads::among_people(&databases, seconds, people),
        What::Earlier => earlier::run(&databases, seconds),
        What::Sealing => sealing::run(&databases, seconds),
        What::Imports { file } => imports::run(&databases, &file),
        What::Startup { incidents } => startup::run(&databases, incidents),
        What::Campaign { name, rounds, part } => return campaigns::run(name, rounds, part),
        What::Hello => {}
    }
    ExitCode::SUCCESS
}

/// Builds Beacon as it is released and runs this program again with it, unless BEACON_BINARY names one already. The
/// commit is that of the moment it was built: the figures of a binary that came from elsewhere carry none.
#[allow(clippy::disallowed_methods, reason = "the binary to be measured is chosen by the environment, as in testkit")]
fn with_release_binary() {
    if std::env::var_os("BEACON_BINARY").is_some() {
        return;
    }
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let built = Command::new("cargo").args(["build", "--release", "--workspace", "--bin", "beacon"]).current_dir(root).status();
    assert!(built.is_ok_and(|status| status.success()), "Beacon could not be built");
    let commit = machine::head();
    let own = std::env::current_exe().expect("this program");
    let binary = own.with_file_name("beacon");
    panic!("{}", Command::new(own).args(std::env::args_os().skip(1)).env("BEACON_BINARY", binary).env(machine::COMMIT, commit).exec());
}
