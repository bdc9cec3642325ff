//! `beacon partnership`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
use service::{Service, partnerships::PartnershipView};
use std::process::ExitCode;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Enter a partnership; prints its id.
    Add {
        /// Its name.
        name: String,
    },
    /// Give a partnership another name.
    Rename {
        /// Its name or id.
        partnership: String,
        /// Its name from now on.
        name: String,
    },
    /// Take an agency into a partnership: it sees what the others share with it.
    Join {
        /// The partnership, by name or id.
        partnership: String,
        /// The agency, by name or id.
        #[arg(long)]
        agency: String,
    },
    /// Take an agency out of a partnership at once.
    Leave {
        /// The partnership, by name or id.
        partnership: String,
        /// The agency, by name or id.
        #[arg(long)]
        agency: String,
    },
    /// List partnerships and the agencies in them.
    List,
}

pub(crate) async fn run(settings: &Settings, command: Command) -> Result<ExitCode, Failure> {
    let service = console::open(settings, false).await?;
    let request = console::request(&service, None).await?;
    match command {
        Command::Add { name } => println!("{}", service.add_partnership(&request, name).await?.id),
        Command::Rename { partnership, name } => {
            let known = find(&service, &partnership).await?;
            service.rename_partnership(&request, known.partnership.id, name).await?;
            println!("renamed");
        }
        Command::Join { partnership, agency } => {
            let (known, agency) = (find(&service, &partnership).await?, service.find_agency(console::named(&agency)).await?);
            service.set_membership(&request, known.partnership.id, agency.id, true).await?;
            println!("{} is in {}", agency.name, known.partnership.name);
        }
        Command::Leave { partnership, agency } => {
            let (known, agency) = (find(&service, &partnership).await?, service.find_agency(console::named(&agency)).await?);
            service.set_membership(&request, known.partnership.id, agency.id, false).await?;
            println!("{} has left {}", agency.name, known.partnership.name);
        }
        Command::List => {
            let agencies = service.list_agencies().await?;
            for known in service.list_partnerships().await? {
                println!("{}  {}", known.partnership.id, known.partnership.name);
                for agency in agencies.iter().filter(|agency| known.agencies.contains(&agency.id)) {
                    println!("    {}  {}", agency.id, agency.name);
                }
            }
        }
    }
    service.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// The partnership named on the command line.
pub(crate) async fn find(service: &Service, named: &str) -> Result<PartnershipView, Failure> {
    let is = |known: &PartnershipView| {
        known.partnership.id.to_string() == named || known.partnership.name.to_lowercase() == named.trim().to_lowercase()
    };
    let found = service.list_partnerships().await?.into_iter().find(is);
    found.ok_or_else(|| Failure::new(format!("there is no partnership {named}: see beacon partnership list")))
}
