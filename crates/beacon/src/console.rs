//! What the commands share: opening the service, the console's request, failures in plain words.

use crate::settings::{LogFormat, Settings};
use model::{
    Actor, Clock, Officer,
    agency::Named,
    audit::{Purpose, Request},
    entropy,
};
use service::{Service, ServiceError, sealing::Sealing};
use std::{io::Write, process::ExitCode};

/// Why a command failed, in words for whoever runs it.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Invalid(problems) => {
                let told: Vec<String> =
                    problems.iter().map(|problem| format!("{} {}", problem.pointer.trim_start_matches('/'), problem.detail)).collect();
                Self(told.join("\n"))
            }
            // Here the reason is an answer: the program says itself that it failed.
            ServiceError::Unavailable(reason) => Self(reason),
            other => Self(other.to_string()),
        }
    }
}

macro_rules! plain {
    ($($error:ty),+) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self(error.to_string())
            }
        })+
    };
}
plain!(store::StoreError, std::io::Error, serde_json::Error, ureq::Error);

/// Tells a failure and gives the exit code for it.
pub(crate) fn fail(message: &str) -> ExitCode {
    eprintln!("beacon: {message}");
    ExitCode::FAILURE
}

/// The log goes to standard error, so that standard output stays for answers.
pub(crate) fn log_to_standard_error(settings: &Settings) {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log).unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match settings.log_format {
        LogFormat::Json => log.json().init(),
        LogFormat::Text => log.init(),
    }
    api::hide_panics();
}

/// Opens the service; with `indexes` for commands that search.
pub(crate) async fn open(settings: &Settings, indexes: bool) -> Result<Service, Failure> {
    start(settings, indexes, None).await
}

/// Opens the service to serve: it keeps the indexes, and seals the audit ledger.
pub(crate) async fn open_to_serve(settings: &Settings) -> Result<Service, Failure> {
    let sealing = Sealing { key_file: settings.key_file.clone(), checkpoints: settings.audit_checkpoints.clone() };
    start(settings, true, Some(sealing)).await
}

async fn start(settings: &Settings, indexes: bool, sealing: Option<Sealing>) -> Result<Service, Failure> {
    let options = store::Options { url: settings.database_url.clone(), connections: settings.database_connections };
    let database = store::open::open(&options).await?;
    let settings = service::Settings {
        data_dir: settings.data_dir.clone(),
        indexes,
        sealing,
        erasure_list: settings.erasure_list.clone(),
        sessions: settings.sessions,
        people: settings.people,
    };
    Ok(Service::start(database, Clock::system(), settings).await?)
}

/// Whoever lets people and programs in, as set.
pub(crate) fn identity(settings: &Settings, service: &Service) -> Result<identity::Identity, Failure> {
    let (providers, public_url) = (settings.identity_providers.clone(), settings.public_url.clone());
    identity::Identity::new(service.clone(), providers, public_url).map_err(Failure::new)
}

/// A request of the console user, or of the officer named.
pub(crate) async fn request(service: &Service, officer: Option<&str>) -> Result<Request, Failure> {
    let actor = match officer {
        None => Actor::console(),
        Some(name) => service.actor(&find_officer(service, name).await?).await?,
    };
    let at = service.clock().now();
    Ok(Request {
        actor,
        at,
        id: format!("console-{}", entropy::id(at)),
        purpose: Purpose { code: Some("system_operation".to_owned()), reference: None },
        token: None,
    })
}

/// The officer of a name or id.
pub(crate) async fn find_officer(service: &Service, name: &str) -> Result<Officer, Failure> {
    Ok(service.find_officer(named(name)).await?)
}

/// A name or an id.
pub(crate) fn named(text: &str) -> Named {
    match text.parse() {
        Ok(named) => named,
        Err(never) => match never {},
    }
}

/// Prints a longer text; a reader that has seen enough (`| head`) is no failure.
pub(crate) fn say(text: &str) -> Result<(), Failure> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
