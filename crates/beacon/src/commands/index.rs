//! `beacon index`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
use std::{process::ExitCode, time::Duration};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Build the name index anew from the database. Stop the server that uses the folder first.
    Rebuild,
}

pub(crate) async fn run(settings: &Settings, command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Rebuild => {
            names::NameIndex::delete(&settings.data_dir).map_err(|error| Failure::new(error.to_string()))?;
            let service = console::open(settings, true).await?;
            loop {
                let readiness = service.readiness().await;
                eprint!("\r{} of {} incidents that name somebody", readiness.rebuilt, readiness.to_rebuild);
                if readiness.name_index && readiness.incident_columns && readiness.index_lag == 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            eprintln!();
            service.stop().await;
            println!("the name index is built");
            Ok(ExitCode::SUCCESS)
        }
    }
}
