//! `beacon backup` and `beacon restore`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
use model::audit::Operation;
use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

#[derive(clap::Args)]
pub(crate) struct BackupArguments {
    /// The file to write; it must not exist yet.
    to: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct RestoreArguments {
    /// The file a backup wrote.
    from: PathBuf,
}

/// Copies through the database itself: a file copied under a running program may be torn.
pub(crate) async fn backup(settings: &Settings, arguments: BackupArguments) -> Result<ExitCode, Failure> {
    if arguments.to.exists() {
        return Err(Failure::new(format!("{} exists already: name a new file", arguments.to.display())));
    }
    let service = console::open(settings, false).await?;
    let request = console::request(&service, None).await?;
    service.note_operation(&request, Operation::Disclosure, "database.backup").await?;
    match settings.database_url.strip_prefix("sqlite:") {
        Some(_) => service.database().vacuum_into(&arguments.to.to_string_lossy()).await?,
        None => tool("pg_dump", &["--format=custom", "--file", &arguments.to.to_string_lossy(), &settings.database_url])?,
    }
    service.stop().await;
    println!("backed up to {}", arguments.to.display());
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn restore(settings: &Settings, arguments: RestoreArguments) -> Result<ExitCode, Failure> {
    if !arguments.from.is_file() {
        return Err(Failure::new(format!("{} is not a file", arguments.from.display())));
    }
    match settings.database_url.strip_prefix("sqlite:") {
        Some(path) => {
            let target = Path::new(path.trim_start_matches("//"));
            // A log left behind by another database would be taken for this one's.
            for beside in ["", "-wal", "-shm", "-journal"] {
                let taken = PathBuf::from(format!("{}{beside}", target.display()));
                if taken.exists() {
                    return Err(Failure::new(format!("{} exists: move it away first, a restore never overwrites", taken.display())));
                }
            }
            let part = target.with_extension("restoring");
            std::fs::copy(&arguments.from, &part)?;
            std::fs::File::open(&part)?.sync_all()?;
            std::fs::rename(&part, target)?;
        }
        None => {
            tool("pg_restore", &["--exit-on-error", "--no-owner", "--dbname", &settings.database_url, &arguments.from.to_string_lossy()])?
        }
    }
    // The index belongs to the database that was there before.
    names::NameIndex::delete(&settings.data_dir).map_err(|error| Failure::new(error.to_string()))?;
    let service = console::open(settings, false).await?;
    service.database().settle_after_restore().await?;
    let request = console::request(&service, None).await?;
    service.note_operation(&request, Operation::Administration, "database.restore").await?;
    service.stop().await;
    println!("restored from {}; the name index is built at the next start", arguments.from.display());
    Ok(ExitCode::SUCCESS)
}

fn tool(name: &str, arguments: &[&str]) -> Result<(), Failure> {
    let status = Command::new(name)
        .args(arguments)
        .status()
        .map_err(|error| Failure::new(format!("{name} cannot be run ({error}): install PostgreSQL's client programs")))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{name} failed: see its message above"))) }
}
