//! `beacon officer`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
use model::Role;
use service::agencies::NewOfficer;
use std::process::ExitCode;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Enter an officer; prints the id.
    Add {
        /// The name.
        name: String,
        /// The agency, by name or id.
        #[arg(long)]
        agency: String,
        /// officer, supervisor, analyst, safeguarding_lead, data_protection_officer, administrator or integration_client.
        #[arg(long)]
        role: Role,
    },
    /// Suspend an officer at once.
    Suspend {
        /// The officer, by name or id.
        officer: String,
    },
    /// Let a suspended officer back in.
    Reinstate {
        /// The officer, by name or id.
        officer: String,
    },
    /// List officers.
    List,
}

pub(crate) async fn run(settings: &Settings, command: Command) -> Result<ExitCode, Failure> {
    let service = console::open(settings, false).await?;
    let request = console::request(&service, None).await?;
    match command {
        Command::Add { name, agency, role } => {
            let agency = service.find_agency(console::named(&agency)).await?;
            println!("{}", service.add_officer(&request, NewOfficer { id: None, name, agency: agency.id, role }).await?.id);
        }
        Command::Suspend { officer } => {
            let officer = console::find_officer(&service, &officer).await?;
            service.set_suspended(&request, officer.id, true).await?;
            println!("{} is suspended", officer.name);
        }
        Command::Reinstate { officer } => {
            let officer = console::find_officer(&service, &officer).await?;
            service.set_suspended(&request, officer.id, false).await?;
            println!("{} is back in", officer.name);
        }
        Command::List => {
            for officer in service.list_officers(&request, None).await? {
                let state = officer.suspended_at.map_or_else(String::new, |at| format!("  suspended {at}"));
                println!("{}  {}  {:<23} {}{state}", officer.id, officer.agency, officer.role, officer.name);
            }
        }
    }
    service.stop().await;
    Ok(ExitCode::SUCCESS)
}
