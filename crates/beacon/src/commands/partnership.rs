//! `beacon partnership`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
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
            let known = service.find_partnership(console::named(&partnership)).await?;
            service.rename_partnership(&request, known.id, name).await?;
            println!("renamed");
        }
        Command::Join { partnership, agency } => {
            let (known, agency) =
                (service.find_partnership(console::named(&partnership)).await?, service.find_agency(console::named(&agency)).await?);
            service.set_membership(&request, known.id, agency.id, true).await?;
            println!("{} is in {}", agency.name, known.name);
        }
        Command::Leave { partnership, agency } => {
            let (known, agency) =
                (service.find_partnership(console::named(&partnership)).await?, service.find_agency(console::named(&agency)).await?);
            service.set_membership(&request, known.id, agency.id, false).await?;
            println!("{} has left {}", agency.name, known.name);
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
