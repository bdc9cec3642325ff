//! `beacon token`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
use model::{Timestamp, Uuid};
use secrecy::ExposeSecret;
use service::tokens::NewToken;
use std::process::ExitCode;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make a token and print it, alone: it is not shown again.
    Create {
        /// The officer it acts for, by name or id.
        #[arg(long)]
        officer: String,
        /// When it ends, as 2027-01-31T00:00:00Z; never unless given.
        #[arg(long)]
        expires: Option<Timestamp>,
    },
    /// List the tokens of an officer.
    List {
        /// The officer, by name or id.
        #[arg(long)]
        officer: String,
    },
    /// Revoke a token at once.
    Revoke {
        /// The officer, by name or id.
        #[arg(long)]
        officer: String,
        /// The token's id, as listed.
        token: Uuid,
    },
}

pub(crate) async fn run(settings: &Settings, command: Command) -> Result<ExitCode, Failure> {
    let service = console::open(settings, false).await?;
    let request = console::request(&service, None).await?;
    match command {
        Command::Create { officer, expires } => {
            let officer = console::find_officer(&service, &officer).await?;
            let token = identity::new_token();
            service.add_token(&request, NewToken { officer: officer.id, expires_at: expires }, token.hash).await?;
            println!("{}", token.text.expose_secret());
        }
        Command::List { officer } => {
            let officer = console::find_officer(&service, &officer).await?;
            for token in service.list_tokens(&request, officer.id).await? {
                let state = match (token.revoked_at, token.expires_at) {
                    (Some(at), _) => format!("revoked {at}"),
                    (None, Some(at)) => format!("ends {at}"),
                    (None, None) => "does not end".to_owned(),
                };
                let used = token.last_used_at.map_or_else(|| "never used".to_owned(), |at| format!("last used {at}"));
                println!("{}  made {}  {state}  {used}", token.id, token.created_at);
            }
        }
        Command::Revoke { officer, token } => {
            let officer = console::find_officer(&service, &officer).await?;
            service.revoke_token(&request, officer.id, token).await?;
            println!("revoked");
        }
    }
    service.stop().await;
    Ok(ExitCode::SUCCESS)
}
