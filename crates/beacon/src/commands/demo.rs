//! `beacon demo`

use crate::{
    commands::serve,
    console::{self, Failure},
    settings::Settings,
};
use model::{Actor, audit::Request};
use service::{
    Service,
    agencies::{NewAgency, NewOfficer},
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
    let service = console::open(settings, !arguments.seed_only).await?;
    if service.list_agencies().await?.is_empty() {
        seed(&service, &arguments).await?;
    } else {
        eprintln!("the database holds agencies already: nothing is generated");
    }
    let tokens = sign_ins(settings, &service).await?;
    let address = match &listeners {
        Some(listeners) => format!("http://{}", listeners.api.local_addr()?),
        None => "http://127.0.0.1:8480".to_owned(),
    };
    if listeners.is_some() {
        println!("listening on {address}");
        println!("\nBeacon is at {address} (the API's own pages: {address}/docs/)\n");
    }
    println!("Sign-ins (API tokens), also in {}:", tokens.0.display());
    for line in &tokens.1 {
        println!("  {line}");
    }
    std::io::stdout().flush()?;
    match listeners {
        Some(listeners) => serve::serve(service, listeners).await,
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
    for agency in &demo.agencies {
        agencies.push(service.add_agency(&console, NewAgency { id: None, name: agency.name.to_string(), kind: agency.kind }).await?);
    }
    for officer in &demo.officers {
        let agency = demo.agencies.iter().position(|agency| agency.key == officer.agency).map_or(agencies[0].id, |at| agencies[at].id);
        officers.push(
            service.add_officer(&console, NewOfficer { id: None, name: officer.name.to_string(), agency, role: officer.role }).await?,
        );
    }
    let ids = |list: &[model::Agency]| list.iter().map(|agency| agency.id).collect::<Vec<_>>();
    let officer_ids: Vec<_> = officers.iter().map(|officer| officer.id).collect();
    let today = console.at.london_day();
    let bar = indicatif::ProgressBar::new(arguments.incidents as u64);
    let mut batch: Vec<(Request, model::NewIncident)> = Vec::new();
    for incident in demo::incidents(arguments.seed, today, arguments.incidents, &ids(&agencies), &officer_ids) {
        let (agency, officer) = (&agencies[incident.agency], &officers[incident.officer]);
        let actor =
            Actor { officer: officer.id, name: officer.name.clone(), agency: agency.id, agency_kind: agency.kind, role: officer.role };
        let request = Request { actor, at: incident.recorded_at, ..console.clone() };
        batch.push((request, incident.incident));
        if batch.len() == 500 {
            bar.inc(batch.len() as u64);
            service.log_many(std::mem::take(&mut batch)).await?;
        }
    }
    service.log_many(batch).await?;
    bar.finish_and_clear();
    Ok(())
}

/// The demo's tokens: made once, kept in a file beside the index, since the database keeps only their hashes.
async fn sign_ins(settings: &Settings, service: &Service) -> Result<(std::path::PathBuf, Vec<String>), Failure> {
    std::fs::create_dir_all(&settings.data_dir)?;
    let path = settings.data_dir.join("demo-sign-ins.txt");
    if let Ok(text) = std::fs::read_to_string(&path) {
        return Ok((path, text.lines().map(str::to_owned).collect()));
    }
    let console = console::request(service, None).await?;
    let officers = service.list_officers(&console, None).await?;
    let mut lines = Vec::new();
    for wanted in demo::demo(1).officers {
        let Some(officer) = officers.iter().find(|officer| officer.name == wanted.name) else { continue };
        let token = identity::new_token();
        service.add_token(&console, NewToken { officer: officer.id, expires_at: None }, token.hash).await?;
        lines.push(format!("{:<22} {}  {} ({})", wanted.key, token.text, officer.name, officer.role));
    }
    std::fs::write(&path, lines.join("\n"))?;
    Ok((path, lines))
}
