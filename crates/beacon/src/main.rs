//! `beacon`: the service, and the commands around it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks")]

mod commands;
mod console;
mod listener;
mod settings;

use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// What one thread allocates another frees all the time here, which the C library's own allocator does slowly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Anti-social behaviour incidents of a partnership: recorded, found by name, mapped.
///
/// Start with `beacon demo`, or set up a database of your own:
///
///   beacon agency add "Stockton Council" --kind council
///   beacon officer add "Pat Reed" --agency "Stockton Council" --role officer
///   beacon token create --officer "Pat Reed"
///   beacon serve
///
/// Settings come from the file named in BEACON_CONFIG (see `beacon settings`) and from the environment:
/// BEACON_DATABASE_URL (sqlite:PATH or postgres://…), BEACON_DATA_DIR, BEACON_LISTEN.
#[derive(Parser)]
#[command(name = "beacon", version, verbatim_doc_comment)]
struct Arguments {
    /// The settings file; BEACON_CONFIG otherwise.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API. The first line on standard output says where.
    Serve,
    /// Seed an empty database with a generated Stockton and serve it.
    Demo(commands::demo::Arguments),
    /// Bring the database's schema up to date, then end.
    Migrate,
    /// Enter and list agencies.
    #[command(subcommand)]
    Agency(commands::agency::Command),
    /// Enter partnerships, and take agencies in and out of them.
    #[command(subcommand)]
    Partnership(commands::partnership::Command),
    /// Enter and list officers.
    #[command(subcommand)]
    Officer(commands::officer::Command),
    /// Second officers to other agencies.
    #[command(subcommand)]
    Secondment(commands::secondment::Command),
    /// Make, list and revoke API tokens.
    #[command(subcommand)]
    Token(commands::token::Command),
    /// Import files: straight into the database, or through a server.
    Import(commands::import::Arguments),
    /// Export everything, as JSON Lines or CSV.
    Export(commands::export::Arguments),
    /// List erasures for keeping beside backups, carry out such a list, scrub the files of what was erased.
    #[command(subcommand)]
    Erasure(commands::erasure::Command),
    /// Search by name through a server.
    Search(commands::search::Arguments),
    /// Export, verify and look after the sealed audit ledger.
    #[command(subcommand)]
    Audit(commands::audit::Command),
    /// Look after the derived indexes.
    #[command(subcommand)]
    Index(commands::index::Command),
    /// Write a whole, consistent copy of the database.
    Backup(commands::backup::BackupArguments),
    /// Put a copy back in place of an empty database.
    Restore(commands::backup::RestoreArguments),
    /// Print the OpenAPI document.
    Openapi,
    /// Print the settings file with everything that can be set.
    Settings,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let settings = match settings::Settings::read(arguments.config) {
        Ok(settings) => settings,
        Err(message) => return console::fail(&message),
    };
    console::log_to_standard_error(&settings);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return console::fail(&format!("the program cannot start its threads: {error}")),
    };
    let done = runtime.block_on(run(arguments.command, &settings));
    match done {
        Ok(code) => code,
        Err(error) => console::fail(&error.to_string()),
    }
}

async fn run(command: Command, settings: &settings::Settings) -> Result<ExitCode, console::Failure> {
    match command {
        Command::Serve => commands::serve::run(settings).await,
        Command::Demo(arguments) => commands::demo::run(settings, arguments).await,
        Command::Migrate => commands::migrate::run(settings).await,
        Command::Agency(command) => commands::agency::run(settings, command).await,
        Command::Partnership(command) => commands::partnership::run(settings, command).await,
        Command::Secondment(command) => commands::secondment::run(settings, command).await,
        Command::Officer(command) => commands::officer::run(settings, command).await,
        Command::Token(command) => commands::token::run(settings, command).await,
        Command::Import(arguments) => commands::import::run(settings, arguments).await,
        Command::Export(arguments) => commands::export::run(settings, arguments).await,
        Command::Erasure(command) => commands::erasure::run(settings, command).await,
        Command::Search(arguments) => commands::search::run(arguments),
        Command::Audit(command) => commands::audit::run(settings, command).await,
        Command::Index(command) => commands::index::run(settings, command).await,
        Command::Backup(arguments) => commands::backup::backup(settings, arguments).await,
        Command::Restore(arguments) => commands::backup::restore(settings, arguments).await,
        Command::Openapi => {
            println!("{}", api::document().to_pretty_json()?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Settings => {
            print!("{}", settings::EXAMPLE);
            Ok(ExitCode::SUCCESS)
        }
    }
}
