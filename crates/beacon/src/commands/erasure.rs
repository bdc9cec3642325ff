//! `beacon erasure`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
use model::audit::Operation;
use service::{Service, data_protection::ReplayLine};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};
use store::scrub::Remains;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Print every erasure and redaction, one a line: kinds, ids and places, nothing of what was erased. Keep it beside the backups.
    List,
    /// Carry out what such a list names and this database has not seen, as `restore --erasures` does.
    Replay {
        /// The file that `beacon erasure list` printed.
        list: PathBuf,
    },
    /// Write the database's files anew without what was erased. Everybody else waits meanwhile.
    Scrub,
}

pub(crate) async fn run(settings: &Settings, command: Command) -> Result<ExitCode, Failure> {
    let service = console::open(settings, false).await?;
    let request = console::request(&service, None).await?;
    match command {
        Command::List => {
            service.note_erasure_list(&request).await?;
            let mut text = String::new();
            for line in service.erasure_list().await? {
                text.push_str(&serde_json::to_string(&line)?);
                text.push('\n');
            }
            console::say(&text)?;
        }
        Command::Replay { list } => {
            let done = service.replay_erasures(&request, read(&list)?).await?;
            println!("{done} erasures and redactions carried out that this database had not seen");
        }
        Command::Scrub => {
            service.note_operation(&request, Operation::Erasure, "database.scrub").await?;
            let remains = service.database().scrub().await?;
            println!("the files of the database are written anew");
            if remains == Remains::RecycledLog {
                println!(
                    "wal_recycle is on: segments of the write-ahead log are used again unemptied. Set wal_recycle = off and scrub again"
                );
            }
        }
    }
    service.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Reads a list of erasures.
pub(crate) fn read(path: &Path) -> Result<Vec<ReplayLine>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("the list of erasures {} cannot be read: {error}", path.display())))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            serde_json::from_str(line)
                .map_err(|error| Failure::new(format!("line {} of {} is no erasure: {error}", at + 1, path.display())))
        })
        .collect()
}

/// Refuses a database that has not seen every erasure the deployment knows of: it was put back from before them.
pub(crate) async fn refuse_to_bring_back(settings: &Settings, service: &Service) -> Result<(), Failure> {
    let Some(path) = settings.erasure_list.as_deref().filter(|path| path.exists()) else { return Ok(()) };
    let missing = service.missing_of(read(path)?).await?;
    if missing.lines == 0 {
        return Ok(());
    }
    Err(Failure::new(format!(
        "the database has not seen {} erasures of {}: it would bring back what was erased. Run: beacon erasure replay {}",
        missing.lines,
        path.display(),
        path.display()
    )))
}
