//! `beacon export`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
use service::{export::ExportFormat, imports::Progress};
use std::{fs::File, io::BufWriter, path::PathBuf, process::ExitCode};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The file to write; it must not exist yet. Ends in .jsonl for everything with its history, in .csv for one row an incident.
    file: PathBuf,
    /// The officer who exports: only what they see whole leaves. Without it, the console exports everything.
    #[arg(long)]
    officer: Option<String>,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<ExitCode, Failure> {
    let format = match arguments.file.extension().and_then(|extension| extension.to_str()) {
        Some("jsonl") => ExportFormat::JsonLines,
        Some("csv") => ExportFormat::Csv,
        _ => return Err(Failure::new("name the file .jsonl (everything, with its history) or .csv (one row an incident)")),
    };
    let service = console::open(settings, false).await?;
    let request = console::request(&service, arguments.officer.as_deref()).await?;
    let file = File::create_new(&arguments.file)
        .map_err(|error| Failure::new(format!("{} cannot be written ({error}): name a new file", arguments.file.display())))?;
    let figures = service.export(&request, format, Box::new(BufWriter::new(file)), &Progress::default()).await?;
    println!("{} incidents and {} other records written to {}", figures.incidents, figures.other, arguments.file.display());
    if figures.withheld > 0 {
        println!("{} incidents left out: this officer does not see all of them", figures.withheld);
    }
    service.stop().await;
    Ok(ExitCode::SUCCESS)
}
