//! `cargo xtask`: the project's own errands. Built before everything else, so it uses none of our crates.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks on standard output")]

mod bench;
mod demo;
mod doc_tests;
mod fuzz;
mod run;
mod setup;
mod test;
mod test_servers;
mod tidy;

use clap::{Parser, Subcommand};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Beacon's errands", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    errand: Errand,
}

#[derive(Subcommand)]
enum Errand {
    /// Build Beacon and serve the demonstration town; prints the address and the sign-ins
    Demo(demo::Arguments),
    /// Everything a change must pass: format, lints, tidy, tests on both databases
    Test(test::Arguments),
    /// Check the repository itself: layers, file sizes, migrations, licences
    Tidy,
    /// The side-by-side benchmarks, in release
    Bench(bench::Arguments),
    /// A long run by its name (kills, benchmarks); figures go to docs/evidence
    Campaign(bench::Campaign),
    /// Install what is missing on this machine: a C compiler, PostgreSQL's programs, Node.js, Chromium, npm packages
    Setup,
}

/// Why an errand stopped; `main` prints it.
type Outcome = Result<(), String>;

fn main() -> ExitCode {
    let outcome = match Arguments::parse().errand {
        Errand::Demo(arguments) => demo::run(&arguments),
        Errand::Test(arguments) => test::run(&arguments),
        Errand::Tidy => tidy::run(&root()),
        Errand::Bench(arguments) => bench::run(&arguments.arguments),
        Errand::Campaign(campaign) => bench::campaign(&campaign),
        Errand::Setup => setup::everything(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// The top of the checkout.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
