//! `beacon backup` and `beacon restore`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
use model::audit::Operation;
use secrecy::ExposeSecret;
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
    /// The list of erasures kept beside the backups (`beacon erasure list`): what was erased since is erased again. The
    /// file named in BEACON_ERASURE_LIST unless given.
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
}

/// Copies through the database itself: a file copied under a running program may be torn.
pub(crate) async fn backup(settings: &Settings, arguments: BackupArguments) -> Result<ExitCode, Failure> {
    if arguments.to.exists() {
        return Err(Failure::new(format!("{} exists already: name a new file", arguments.to.display())));
    }
    let service = console::open(settings, false).await?;
    let request = console::request(&service, None).await?;
    service.note_operation(&request, Operation::Disclosure, "database.backup").await?;
    match settings.database_url.expose_secret().strip_prefix("sqlite:") {
        Some(_) => service.database().vacuum_into(&arguments.to.to_string_lossy()).await?,
        None => tool(settings, "pg_dump", &["--format=custom", "--file", &arguments.to.to_string_lossy()])?,
    }
    service.stop().await;
    println!("backed up to {}", arguments.to.display());
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn restore(settings: &Settings, arguments: RestoreArguments) -> Result<ExitCode, Failure> {
    if !arguments.from.is_file() {
        return Err(Failure::new(format!("{} is not a file", arguments.from.display())));
    }
    let kept = || settings.erasure_list.clone().filter(|path| path.exists());
    // Read before anything is put back: a list that cannot be read must not leave a database that lacks it.
    let list = arguments.erasures.clone().or_else(kept).map(|path| super::erasure::read(&path)).transpose()?;
    match settings.database_url.expose_secret().strip_prefix("sqlite:") {
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
        None => tool(settings, "pg_restore", &["--exit-on-error", "--no-owner", &arguments.from.to_string_lossy()])?,
    }
    // The index belongs to the database that was there before.
    names::NameIndex::delete(&settings.data_dir).map_err(|error| Failure::new(error.to_string()))?;
    let service = console::open(settings, false).await?;
    service.database().settle_after_restore().await?;
    let request = console::request(&service, None).await?;
    service.note_operation(&request, Operation::Administration, "database.restore").await?;
    match list {
        Some(list) => println!("{} erasures since the backup were carried out again", service.replay_erasures(&request, list).await?),
        None => println!("no list of erasures was given: what was erased since the backup is back. Run: beacon erasure replay FILE"),
    }
    service.stop().await;
    println!("restored from {}; the name index is built at the next start", arguments.from.display());
    Ok(ExitCode::SUCCESS)
}

fn tool(settings: &Settings, name: &str, arguments: &[&str]) -> Result<(), Failure> {
    let (url, password) = without_password(settings.database_url.expose_secret());
    let mut command = Command::new(name);
    command.arg("--dbname").arg(url).args(arguments);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    let status =
        command.status().map_err(|error| Failure::new(format!("{name} cannot be run ({error}): install PostgreSQL's client programs")))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{name} failed: see its message above"))) }
}

/// The address without its password, and the password: every user of the machine sees a command line.
fn without_password(url: &str) -> (String, Option<String>) {
    let whole = || (url.to_owned(), None);
    let Some((scheme, rest)) = url.split_once("://") else { return whole() };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let Some((user, password)) = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')) else { return whole() };
    let after = &rest[user.len() + 1 + password.len()..];
    let password = percent_encoding::percent_decode_str(password).decode_utf8_lossy().into_owned();
    (format!("{scheme}://{user}{after}"), Some(password))
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_leaves_the_address_and_nothing_else_does() {
        let split = |url| without_password(url);
        assert_eq!(
            split("postgres://pat:s%40fe:1@db:5432/beacon?sslmode=require"),
            ("postgres://pat@db:5432/beacon?sslmode=require".to_owned(), Some("s@fe:1".to_owned()))
        );
        for url in ["postgres://pat@db/beacon", "postgres://db:5432/beacon", "postgres:///beacon?user=a:b@c"] {
            assert_eq!(split(url), (url.to_owned(), None));
        }
    }
}
