//! `beacon demo`

use crate::{
    commands::serve,
    console::{self, Failure},
    settings::Settings,
};
use model::{Officer, Role, audit::Request};
use secrecy::ExposeSecret;
use service::{
    Service,
    accounts::NewPassword,
    agencies::{NewAgency, NewOfficer},
    secondments::NewSecondment,
    tokens::NewToken,
};
use std::{io::Write, process::ExitCode};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Seed the database and end, without serving.
    #[arg(long)]
    seed_only: bool,
    /// How many incidents to generate.
    #[arg(long, default_value_t = 20_000)]
    incidents: usize,
    /// Another Stockton for another number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<ExitCode, Failure> {
    let listeners = if arguments.seed_only { None } else { Some(serve::bind(settings).await?) };
    let service = if arguments.seed_only { console::open(settings, false).await? } else { console::open_to_serve(settings).await? };
    if service.list_agencies().await?.is_empty() {
        seed(&service, &arguments).await?;
    } else {
        eprintln!("the database holds agencies already: nothing is generated");
    }
    let tokens = sign_ins(settings, &service).await?;
    let pages = serve::pages(settings, &service)?;
    let address = match &listeners {
        Some(listeners) => listeners.address()?,
        None => "http://127.0.0.1:8480".to_owned(),
    };
    if listeners.is_some() {
        println!("listening on {address}");
        println!("\nBeacon is at {address} (the API's own pages: {address}/docs/)\n");
    }
    println!("Sign-ins (user name and API token, password for {address}/sign-in, officer), also in {}:", tokens.0.display());
    for line in &tokens.1 {
        println!("  {line}");
    }
    std::io::stdout().flush()?;
    match listeners {
        Some(listeners) => serve::serve(service, pages, listeners).await,
        None => {
            service.stop().await;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Enters agencies, officers and incidents, each incident as its officer would log it.
async fn seed(service: &Service, arguments: &Arguments) -> Result<(), Failure> {
    let console = console::request(service, None).await?;
    let demo = demo::demo(arguments.seed);
    let (mut agencies, mut officers) = (Vec::new(), Vec::new());
    let partnerships = partnerships(service, &console).await?;
    for agency in &demo.agencies {
        let mut joins = agency.partnerships.iter().filter_map(|at| partnerships.get(*at).copied());
        let (name, kind, partnership) = (agency.name.to_string(), agency.kind, joins.next());
        let contact = Some(format!("{} information desk, 01632 960{:03}", agency.name, 100 + agencies.len()));
        let added = service.add_agency(&console, NewAgency { id: None, name, kind, contact, partnership }).await?;
        for further in joins {
            service.set_membership(&console, further, added.id, true).await?;
        }
        agencies.push(added);
    }
    for officer in &demo.officers {
        let agency = demo.agencies.iter().position(|agency| agency.key == officer.agency).map_or(agencies[0].id, |at| agencies[at].id);
        officers.push(
            service.add_officer(&console, NewOfficer { id: None, name: officer.name.to_string(), agency, role: officer.role }).await?,
        );
    }
    for (officer, agency) in demo::SECONDED {
        let at = |key: &str| demo.officers.iter().position(|known| known.key == key);
        let host = demo.agencies.iter().position(|known| known.key == agency);
        let (Some(officer), Some(host)) = (at(officer), host) else { continue };
        let (officer, host, until) = (officers[officer].id, agencies[host].id, console.at.plus_seconds(365 * 86_400));
        service.add_secondment(&console, NewSecondment { officer, host, role: Role::Officer, sensitive: false, from: None, until }).await?;
    }
    let mut actors = Vec::with_capacity(officers.len());
    for officer in &officers {
        actors.push(service.actor(officer).await?);
    }
    let ids = |list: &[model::Agency]| list.iter().map(|agency| agency.id).collect::<Vec<_>>();
    let officer_ids: Vec<_> = officers.iter().map(|officer| officer.id).collect();
    let today = console.at.london_day();
    let bar = indicatif::ProgressBar::new(arguments.incidents as u64);
    let mut batch: Vec<(Request, model::NewIncident)> = Vec::new();
    for incident in demo::incidents(arguments.seed, today, arguments.incidents, &ids(&agencies), &officer_ids) {
        let actor = actors[incident.officer].clone();
        let request = Request { actor, at: incident.recorded_at, ..console.clone() };
        batch.push((request, incident.incident));
        if batch.len() == 500 {
            bar.inc(batch.len() as u64);
            service.log_many(std::mem::take(&mut batch)).await?;
        }
    }
    service.log_many(batch).await?;
    service.many_came().await;
    bar.finish_and_clear();
    Ok(())
}

/// The ids of the demo's partnerships; the one every database begins with is the first of them.
async fn partnerships(service: &Service, console: &Request) -> Result<Vec<model::Uuid>, Failure> {
    let mut ids = Vec::new();
    for (at, name) in demo::PARTNERSHIPS.iter().enumerate() {
        let known = service.list_partnerships().await?.into_iter().map(|known| known.partnership.id).next().filter(|_| at == 0);
        ids.push(match known {
            Some(id) => {
                service.rename_partnership(console, id, (*name).to_owned()).await?;
                id
            }
            None => service.add_partnership(console, (*name).to_owned()).await?.id,
        });
    }
    Ok(ids)
}

/// The demo's tokens and passwords: made once, kept in a file beside the index, since the database keeps only their hashes.
async fn sign_ins(settings: &Settings, service: &Service) -> Result<(std::path::PathBuf, Vec<String>), Failure> {
    std::fs::create_dir_all(&settings.data_dir)?;
    let path = settings.data_dir.join("demo-sign-ins.txt");
    if let Ok(text) = std::fs::read_to_string(&path) {
        return Ok((path, text.lines().map(str::to_owned).collect()));
    }
    let console = console::request(service, None).await?;
    let officers = service.list_officers(&console, None).await?;
    let passwords = identity::password::Passwords::new()?;
    let mut lines = Vec::new();
    for wanted in demo::demo(1).officers {
        let Some(officer) = officers.iter().find(|officer| officer.name == wanted.name) else { continue };
        let token = identity::new_token();
        service.add_token(&console, NewToken { officer: officer.id, expires_at: None }, token.hash).await?;
        let password = account(service, &console, &passwords, officer, wanted.key).await?;
        let token = token.text.expose_secret();
        lines.push(format!("{:<22} {token}  {password:<23}  {} ({})", wanted.key, officer.name, officer.role));
    }
    std::fs::write(&path, lines.join("\n"))?;
    Ok((path, lines))
}

/// A local account under the officer's key; gives its password. A program has none.
async fn account(
    service: &Service,
    console: &Request,
    passwords: &identity::password::Passwords,
    officer: &Officer,
    key: &str,
) -> Result<String, Failure> {
    if officer.role == Role::IntegrationClient {
        return Ok("-".to_owned());
    }
    let password = identity::password::generate();
    let password_hash = passwords.hash(password.clone()).await?;
    service.set_password(console, officer.id, NewPassword { user_name: Some(key.to_owned()), password_hash }).await?;
    Ok(password.expose_secret().to_owned())
}
