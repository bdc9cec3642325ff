//! Fetching from an identity provider: https (http on this machine alone), no redirects, within bounds of time and size.

use serde::de::DeserializeOwned;
use std::{path::Path, time::Duration};
use ureq::{
    Agent,
    tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem},
};

/// The most an answer may hold.
const LARGEST: u64 = 512 * 1024;
/// The longest a provider may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Where systems keep the certificates they trust.
const SYSTEM: [&str; 3] = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// What was sent, besides the address.
pub(crate) enum Sent {
    /// Nothing.
    Nothing,
    /// A form, and the `Authorization` header it goes with.
    Form(String, Option<String>),
}

/// An agent that trusts the certificates of this file, or those of the system.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn agent(ca_file: Option<&Path>) -> Result<Agent, String> {
    let roots = match ca_file {
        Some(file) => {
            let read = std::fs::read(file).map_err(|error| format!("ca_file {} cannot be read ({error})", file.display()))?;
            let roots = certificates(&read);
            if roots.is_empty() {
                return Err(format!("ca_file {} holds no certificate", file.display()));
            }
            RootCerts::from(roots)
        }
        None => match SYSTEM.iter().find_map(|file| std::fs::read(file).ok()).map(|read| certificates(&read)) {
            Some(roots) if !roots.is_empty() => RootCerts::from(roots),
            _ => RootCerts::WebPki,
        },
    };
    let tls = TlsConfig::builder().root_certs(roots).build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .proxy(None)
        .user_agent("beacon")
        .build();
    Ok(config.into())
}

fn certificates(pem: &[u8]) -> Vec<Certificate<'static>> {
    let items = parse_pem(pem).filter_map(Result::ok);
    items.filter_map(|item| if let PemItem::Certificate(certificate) = item { Some(certificate) } else { None }).collect()
}

/// Whether an address may be fetched from at all.
pub(crate) fn allowed(url: &str) -> bool {
    if let Some(rest) = url.strip_prefix("https://") {
        return !rest.is_empty() && !rest.starts_with('/');
    }
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.strip_prefix("[::1]").map_or_else(|| authority.split(':').next().unwrap_or_default(), |_| "[::1]");
    !authority.contains('@') && ["127.0.0.1", "localhost", "[::1]"].contains(&host)
}

/// Fetches JSON, off the threads that answer requests.
pub(crate) async fn json<T: DeserializeOwned + Send + 'static>(agent: &Agent, url: &str, sent: Sent) -> Result<T, String> {
    if !allowed(url) {
        return Err("its address is not https".to_owned());
    }
    let (agent, url) = (agent.clone(), url.to_owned());
    let fetched = tokio::task::spawn_blocking(move || {
        let answer = match sent {
            Sent::Nothing => agent.get(&url).header("accept", "application/json").call(),
            Sent::Form(form, authorization) => {
                let mut request = agent.post(&url).header("accept", "application/json");
                if let Some(authorization) = authorization {
                    request = request.header("authorization", authorization);
                }
                request.content_type("application/x-www-form-urlencoded").send(form)
            }
        };
        let mut answer = answer.map_err(|error| error.to_string())?;
        if answer.status().as_u16() != 200 {
            return Err(format!("it answered {}", answer.status().as_u16()));
        }
        let bytes = answer.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|error| error.to_string())?;
        serde_json::from_slice(&bytes).map_err(|_| "its answer cannot be read".to_owned())
    });
    fetched.await.map_err(|error| error.to_string())?
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn https_anywhere_and_http_on_this_machine_alone() {
        for url in ["https://id.example/a", "http://127.0.0.1:80/a", "http://localhost", "http://[::1]:9/"] {
            assert!(allowed(url), "{url}");
        }
        for url in [
            "http://id.example/a",
            "http://127.0.0.1.example/",
            "http://127.0.0.1@id.example/",
            "ftp://127.0.0.1/",
            "https://",
            "file:///etc",
        ] {
            assert!(!allowed(url), "{url}");
        }
    }
}
