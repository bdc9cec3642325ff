//! `beacon officer`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
use model::Role;
use secrecy::{ExposeSecret, SecretString};
use service::{accounts::NewPassword, agencies::NewOfficer};
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
    /// Give an officer a local account, or a new password; their sessions end. Prints the user name and the password.
    Password {
        /// The officer, by name or id.
        officer: String,
        /// What is typed to sign in; made of the officer's name unless given.
        #[arg(long)]
        user_name: Option<String>,
        /// Read the password from standard input instead of making one.
        #[arg(long)]
        stdin: bool,
    },
    /// Say who an officer is at an identity provider.
    Link {
        /// The officer, by name or id.
        officer: String,
        /// The provider's issuer, exactly as it is set.
        #[arg(long, value_name = "URL")]
        issuer: String,
        /// The value of the claim that says who it is there.
        #[arg(long, value_name = "VALUE")]
        subject: String,
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
        Command::Password { officer, user_name, stdin } => {
            let officer = console::find_officer(&service, &officer).await?;
            let password = if stdin { read_password()? } else { identity::password::generate() };
            identity::password::fit("password", &password)?;
            let password_hash = identity::password::Passwords::new()?.hash(password.clone()).await?;
            let user_name = service.set_password(&request, officer.id, NewPassword { user_name, password_hash }).await?;
            if stdin { println!("{user_name}") } else { println!("{user_name}  {}", password.expose_secret()) }
        }
        Command::Link { officer, issuer, subject } => {
            let officer = console::find_officer(&service, &officer).await?;
            service.link_identity(&request, officer.id, issuer, subject).await?;
            println!("{} is linked", officer.name);
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

/// One line of standard input.
fn read_password() -> Result<SecretString, Failure> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).into())
}
