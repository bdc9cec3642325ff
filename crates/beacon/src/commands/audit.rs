//! `beacon audit`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
use ledger::{Expect, PublicKey, note::Note, verify};
use std::{
    fs::File,
    io::{BufReader, BufWriter},
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Write the whole ledger with its checkpoints to a file, for `beacon audit verify`. It holds personal data.
    Export {
        /// The file to write; it must not exist yet.
        file: PathBuf,
    },
    /// Verify an export: say that everything fits, or name the first bad leaf and end with 1. Needs no database.
    Verify {
        /// The export.
        file: PathBuf,
        /// A file of checkpoints held elsewhere: without one, an older copy of the database is not noticed.
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
        /// A file with the public key, as `beacon audit key show` prints it, held elsewhere.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Print the last checkpoint, to be kept elsewhere.
    Checkpoint,
    /// Look after the signing key.
    #[command(subcommand)]
    Key(Key),
    /// Erase what an entry says was searched for and its free text, lawfully; the proof stays whole.
    ErasePayload {
        /// The entry's number.
        seq: i64,
        /// Why: a code of the vocabulary erasure_reasons.
        #[arg(long, value_name = "CODE")]
        reason: String,
        /// The data protection officer who asks for it, by name or id; the console otherwise.
        #[arg(long)]
        officer: Option<String>,
    },
}

#[derive(clap::Subcommand)]
pub(crate) enum Key {
    /// Print the public keys, the last one in force.
    Show,
    /// Hand over from the key of BEACON_KEY_FILE to the one in a new file, which is made. Then name it in BEACON_KEY_FILE.
    Rotate {
        /// The new file.
        new: PathBuf,
    },
    /// Begin with a new key because the old one is lost. It is NOT signed by the old one, and every verification tells.
    Replace {
        /// The new file; BEACON_KEY_FILE unless given.
        new: Option<PathBuf>,
    },
}

pub(crate) async fn run(settings: &Settings, command: Command) -> Result<ExitCode, Failure> {
    if let Command::Verify { file, checkpoint, key } = command {
        return verify_file(&file, checkpoint.as_deref(), key.as_deref());
    }
    let service = console::open(settings, false).await?;
    let officer = if let Command::ErasePayload { officer, .. } = &command { officer.as_deref() } else { None };
    let request = console::request(&service, officer).await?;
    match command {
        Command::Verify { .. } => {}
        Command::Export { file } => {
            let target = File::create_new(&file)
                .map_err(|error| Failure::new(format!("{} cannot be written ({error}): name a new file", file.display())))?;
            let figures = service.export_audit(&request, Box::new(BufWriter::new(target))).await?;
            println!(
                "{} sealed rows under {} checkpoints and {} others written to {}",
                figures.sealed,
                figures.checkpoints,
                figures.unsealed,
                file.display()
            );
        }
        Command::Checkpoint => {
            let note = service.last_checkpoint().await?.note;
            console::say(&note.ok_or_else(|| Failure::new("nothing has been sealed yet: the server seals"))?)?;
        }
        Command::Key(Key::Show) => {
            for key in service.audit_keys().await? {
                let followed = if key.handed_over { "" } else { "  NOT handed over to by the key before it" };
                println!("{}", key.text);
                eprintln!("  from {} rows on, {}{followed}", key.from_size, key.at);
            }
        }
        Command::Key(Key::Rotate { new }) => {
            service.rotate_audit_key(&request, &settings.key_file, &new).await?;
            println!("the next checkpoint is signed by {0}: name it in BEACON_KEY_FILE and start every server again", new.display());
        }
        Command::Key(Key::Replace { new }) => {
            let new = new.unwrap_or_else(|| settings.key_file.clone());
            service.replace_audit_key(&request, &new).await?;
            println!("{} signs from now on; every verification will tell that the old key did not hand over to it", new.display());
        }
        Command::ErasePayload { seq, reason, .. } => {
            service.erase_audit_payload(&request, seq, &reason).await?;
            println!("erased");
        }
    }
    service.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Verifies without a database, on any machine.
fn verify_file(file: &Path, checkpoint: Option<&Path>, key: Option<&Path>) -> Result<ExitCode, Failure> {
    let read =
        |path: &Path| std::fs::read_to_string(path).map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())));
    let held = match checkpoint {
        None => Vec::new(),
        Some(path) => Note::parse_all(&read(path)?)
            .filter(|notes| !notes.is_empty())
            .ok_or_else(|| Failure::new(format!("{} holds no checkpoints", path.display())))?,
    };
    let trusted = match key {
        None => None,
        Some(path) => Some(
            PublicKey::from_text(&read(path)?)
                .ok_or_else(|| Failure::new(format!("{} holds no public key: one line of `beacon audit key show`", path.display())))?,
        ),
    };
    let export = File::open(file).map_err(|error| Failure::new(format!("{} cannot be read: {error}", file.display())))?;
    match verify(BufReader::new(export), &Expect { held, trusted }) {
        Ok(report) => {
            println!("{report}");
            Ok(ExitCode::SUCCESS)
        }
        Err(finding) => {
            println!("NOT OK: {finding}");
            Ok(ExitCode::FAILURE)
        }
    }
}
