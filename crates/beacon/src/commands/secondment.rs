//! `beacon secondment`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
use model::{Role, Timestamp, Uuid};
use service::secondments::NewSecondment;
use std::process::ExitCode;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Second an officer to another agency; prints its id. The officer names that agency in Beacon-Acting-As.
    Add {
        /// The officer, by name or id.
        #[arg(long)]
        officer: String,
        /// The agency acted for, by name or id.
        #[arg(long)]
        host: String,
        /// The role there: officer, supervisor, analyst or safeguarding_lead.
        #[arg(long)]
        role: Role,
        /// It opens the host's records of the sensitive classes too.
        #[arg(long)]
        sensitive: bool,
        /// From when, as 2026-12-01T00:00:00Z; now unless given.
        #[arg(long)]
        from: Option<Timestamp>,
        /// Until when: it opens nothing from that moment.
        #[arg(long)]
        until: Timestamp,
    },
    /// End a secondment at once.
    End {
        /// Its id, as listed.
        id: Uuid,
    },
    /// List secondments, latest first.
    List,
}

pub(crate) async fn run(settings: &Settings, command: Command) -> Result<ExitCode, Failure> {
    let service = console::open(settings, false).await?;
    let request = console::request(&service, None).await?;
    match command {
        Command::Add { officer, host, role, sensitive, from, until } => {
            let officer = console::find_officer(&service, &officer).await?.id;
            let host = service.find_agency(console::named(&host)).await?.id;
            println!("{}", service.add_secondment(&request, NewSecondment { officer, host, role, sensitive, from, until }).await?.id);
        }
        Command::End { id } => {
            service.end_secondment(&request, id).await?;
            println!("ended");
        }
        Command::List => {
            let (agencies, officers) = (service.list_agencies().await?, service.list_officers(&request, None).await?);
            for one in service.list_secondments(&request).await? {
                let officer = officers.iter().find(|officer| officer.id == one.officer).map_or("?", |officer| officer.name.as_str());
                let host = agencies.iter().find(|agency| agency.id == one.host).map_or("?", |agency| agency.name.as_str());
                let end = one.ended_at.map_or_else(|| format!("until {}", one.until), |at| format!("ended {at}"));
                println!("{}  {officer} to {host} as {}  from {} {end}", one.id, one.role, one.from);
            }
        }
    }
    service.stop().await;
    Ok(ExitCode::SUCCESS)
}
