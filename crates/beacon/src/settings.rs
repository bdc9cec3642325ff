//! Settings: one documented TOML file, the environment over it. The only place that reads the environment.

use identity::ProviderSettings;
use secrecy::SecretString;
use serde::Deserialize;
use service::sessions::Lifetime;
use std::{net::SocketAddr, path::PathBuf};

/// The settings file, in full, with what is used when a line is left out. Printed by `beacon settings`.
pub(crate) const EXAMPLE: &str = include_str!("../../../deploy/beacon.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database_url: Option<SecretString>,
    data_dir: Option<PathBuf>,
    erasure_list: Option<PathBuf>,
    listen: Option<String>,
    metrics_listen: Option<String>,
    database_connections: Option<u32>,
    log_format: Option<LogFormat>,
    log: Option<String>,
    tls_certificate: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    requests_per_second: Option<u32>,
    requests_per_second_of_an_address: Option<u32>,
    key_file: Option<PathBuf>,
    audit_checkpoints: Option<PathBuf>,
    public_url: Option<String>,
    local_accounts: Option<bool>,
    session_hours: Option<u16>,
    session_idle_minutes: Option<u16>,
    people: Option<u32>,
    #[serde(default)]
    identity_provider: Vec<ProviderSettings>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// What every command goes by.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// `sqlite:PATH` or `postgres://…` (`BEACON_DATABASE_URL`).
    pub(crate) database_url: SecretString,
    /// The folder of the derived indexes (`BEACON_DATA_DIR`).
    pub(crate) data_dir: PathBuf,
    /// The file in which every erasure is listed, beside the backups (`BEACON_ERASURE_LIST`).
    pub(crate) erasure_list: Option<PathBuf>,
    /// Where the API listens (`BEACON_LISTEN`).
    pub(crate) listen: SocketAddr,
    /// Where the metrics are given, if anywhere (`BEACON_METRICS_LISTEN`).
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// Connections to the database (`BEACON_DATABASE_CONNECTIONS`).
    pub(crate) database_connections: u32,
    /// How the log is written (`BEACON_LOG_FORMAT`).
    pub(crate) log_format: LogFormat,
    /// What is logged, as `info` or `warn,service=debug` (`BEACON_LOG`).
    pub(crate) log: String,
    /// The certificate chain and the key, in PEM, where the API is served over TLS (`BEACON_TLS_CERTIFICATE`, `BEACON_TLS_KEY`).
    pub(crate) tls: Option<(PathBuf, PathBuf)>,
    /// How many requests a second one credential may send over time; 0 for any number (`BEACON_REQUESTS_PER_SECOND`).
    pub(crate) requests_per_second: u32,
    /// The same of one address, whatever it sends (`BEACON_REQUESTS_PER_SECOND_OF_AN_ADDRESS`).
    pub(crate) requests_per_second_of_an_address: u32,
    /// The key that signs the audit ledger (`BEACON_KEY_FILE`).
    pub(crate) key_file: PathBuf,
    /// A file that every checkpoint of the ledger is added to (`BEACON_AUDIT_CHECKPOINTS`).
    pub(crate) audit_checkpoints: Option<PathBuf>,
    /// How browsers reach this service, as `https://beacon.example` (`BEACON_PUBLIC_URL`).
    pub(crate) public_url: Option<String>,
    /// Whether people sign in with a user name and a password of ours.
    pub(crate) local_accounts: bool,
    /// How long sessions last.
    pub(crate) sessions: Lifetime,
    /// About how many people the records name (`BEACON_PEOPLE`).
    pub(crate) people: u32,
    /// Where else people and programs come from.
    pub(crate) identity_providers: Vec<ProviderSettings>,
}

#[allow(clippy::disallowed_methods, reason = "this is the named module")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Settings {
    /// Reads the file named by `--config` or `BEACON_CONFIG`, then the environment.
    pub(crate) fn read(config: Option<PathBuf>) -> Result<Self, String> {
        let file = match config.or_else(|| environment("BEACON_CONFIG").map(PathBuf::from)) {
            Some(path) => {
                let text = std::fs::read_to_string(&path)
                    .map_err(|error| format!("the settings file {} cannot be read ({error}): check BEACON_CONFIG", path.display()))?;
                toml::from_str::<File>(&text).map_err(|error| format!("the settings file {} is wrong: {error}", path.display()))?
            }
            None => File::default(),
        };
        let address = |name: &str, text: String| -> Result<SocketAddr, String> {
            text.parse().map_err(|_| format!("{name} must be ADDRESS:PORT, as 127.0.0.1:8480 (port 0 picks a free one)"))
        };
        let listen = environment("BEACON_LISTEN").or(file.listen).unwrap_or_else(|| "127.0.0.1:8480".to_owned());
        let metrics = environment("BEACON_METRICS_LISTEN").or(file.metrics_listen);
        let connections = match environment("BEACON_DATABASE_CONNECTIONS") {
            Some(text) => Some(text.parse().map_err(|_| "BEACON_DATABASE_CONNECTIONS must be a whole number".to_owned())?),
            None => file.database_connections,
        };
        let number = |name: &str, file: Option<u32>, default: u32| -> Result<u32, String> {
            match environment(name) {
                Some(text) => text.parse().map_err(|_| format!("{name} must be a whole number")),
                None => Ok(file.unwrap_or(default)),
            }
        };
        let certificate = environment("BEACON_TLS_CERTIFICATE").map(PathBuf::from).or(file.tls_certificate);
        let key = environment("BEACON_TLS_KEY").map(PathBuf::from).or(file.tls_key);
        let tls = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err("TLS takes both a certificate and a key: set BEACON_TLS_CERTIFICATE and BEACON_TLS_KEY".to_owned()),
        };
        let log_format = match environment("BEACON_LOG_FORMAT").as_deref() {
            Some("json") => LogFormat::Json,
            Some("text") => LogFormat::Text,
            Some(_) => return Err("BEACON_LOG_FORMAT must be text or json".to_owned()),
            None => file.log_format.unwrap_or(LogFormat::Text),
        };
        Ok(Self {
            database_url: environment("BEACON_DATABASE_URL")
                .map(SecretString::from)
                .or(file.database_url)
                .unwrap_or_else(|| "sqlite:beacon.db".into()),
            data_dir: environment("BEACON_DATA_DIR").map(PathBuf::from).or(file.data_dir).unwrap_or_else(|| PathBuf::from("beacon-data")),
            erasure_list: environment("BEACON_ERASURE_LIST").map(PathBuf::from).or(file.erasure_list),
            listen: address("BEACON_LISTEN", listen)?,
            metrics_listen: metrics.map(|text| address("BEACON_METRICS_LISTEN", text)).transpose()?,
            database_connections: connections.unwrap_or(16),
            log_format,
            tls,
            requests_per_second: number("BEACON_REQUESTS_PER_SECOND", file.requests_per_second, 200)?,
            requests_per_second_of_an_address: number(
                "BEACON_REQUESTS_PER_SECOND_OF_AN_ADDRESS",
                file.requests_per_second_of_an_address,
                1_000,
            )?,
            log: environment("BEACON_LOG").or(file.log).unwrap_or_else(|| "info".to_owned()),
            key_file: environment("BEACON_KEY_FILE").map(PathBuf::from).or(file.key_file).unwrap_or_else(|| PathBuf::from("beacon.key")),
            audit_checkpoints: environment("BEACON_AUDIT_CHECKPOINTS").map(PathBuf::from).or(file.audit_checkpoints),
            public_url: environment("BEACON_PUBLIC_URL").or(file.public_url),
            local_accounts: file.local_accounts.unwrap_or(true),
            sessions: Lifetime {
                absolute: i64::from(file.session_hours.unwrap_or(12).clamp(1, 24 * 7)) * 3_600,
                idle: i64::from(file.session_idle_minutes.unwrap_or(60).max(2)) * 60,
            },
            people: number("BEACON_PEOPLE", file.people, 1_000_000)?,
            identity_providers: file.identity_provider,
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_documented_file_is_one_that_is_read() {
        toml::from_str::<super::File>(super::EXAMPLE).unwrap();
    }
}
