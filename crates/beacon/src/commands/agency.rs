//! `beacon agency`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
use model::AgencyKind;
use service::agencies::NewAgency;
use std::process::ExitCode;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Enter an agency; prints its id.
    Add {
        /// Its name.
        name: String,
        /// police, housing, council, probation, fire or other.
        #[arg(long)]
        kind: AgencyKind,
        /// Whom others ask there about what is not open to them: a telephone number or a mailbox of the team.
        #[arg(long)]
        contact: Option<String>,
        /// The partnership it joins, by name or id; the only one there is unless given.
        #[arg(long)]
        partnership: Option<String>,
    },
    /// List agencies.
    List,
}

pub(crate) async fn run(settings: &Settings, command: Command) -> Result<ExitCode, Failure> {
    let service = console::open(settings, false).await?;
    match command {
        Command::Add { name, kind, contact, partnership } => {
            let request = console::request(&service, None).await?;
            let partnership = match partnership {
                Some(named) => Some(service.find_partnership(console::named(&named)).await?.id),
                None => None,
            };
            println!("{}", service.add_agency(&request, NewAgency { id: None, name, kind, contact, partnership }).await?.id);
        }
        Command::List => {
            for agency in service.list_agencies().await? {
                println!("{}  {:<10} {}", agency.id, agency.kind, agency.name);
            }
        }
    }
    service.stop().await;
    Ok(ExitCode::SUCCESS)
}
