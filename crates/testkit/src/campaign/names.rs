//! Whether the name index says what the database holds.

use super::{Violations, client::Connection, draft};
use crate::{
    beacon::{Deployment, Server, ready_within},
    http,
};
use model::Uuid;
use names::NameIndex;
use serde_json::Value;
use std::time::{Duration, Instant};

/// What a search answered: the incidents whose person bears exactly this name, and the whole answer.
#[derive(Debug, Clone)]
pub struct Found {
    /// The status.
    pub status: u16,
    /// Incidents with exactly this name.
    pub incidents: Vec<Uuid>,
    /// The people found, as answered.
    pub people: Value,
}

/// Searches for a name over a kept connection.
///
/// # Errors
/// When the server is gone.
pub fn search(connection: &mut Connection, token: &str, name: &str) -> std::io::Result<Found> {
    let answer = connection.exchange(&draft::search(token, name))?;
    let people = answer.json()["people"].take();
    let hits = people.as_array().into_iter().flatten().flat_map(|person| person["hits"].as_array().into_iter().flatten());
    let exact = hits.filter(|hit| hit["name"] == name).filter_map(|hit| hit["incident"]["id"].as_str()?.parse().ok());
    Ok(Found { status: answer.status, incidents: exact.collect(), people })
}

/// Searches for a sample of acknowledged people, each of whom is in exactly one incident; gives what was answered.
///
/// # Panics
/// With the server's log, when it is gone.
pub fn search_all(server: &Server, token: &str, sample: &[(Uuid, String)], violations: &mut Violations) -> Vec<Value> {
    let mut connection = Connection::open(&server.url).expect("the server listens");
    sample
        .iter()
        .map(|(id, name)| {
            let found = search(&mut connection, token, name);
            let found = found.unwrap_or_else(|error| panic!("a search broke off: {error}; the server's log: {}", server.log()));
            let right = found.status == 200 && found.incidents == [*id];
            violations.check(right, || format!("a search for {name} ({id}) answered {} with {:?}", found.status, found.incidents));
            found.people
        })
        .collect()
}

/// Waits until the index on disk holds every committed change.
///
/// # Panics
/// After two minutes.
pub fn wait_without_lag(server: &Server) {
    let began = Instant::now();
    loop {
        let answer = http::get(&server.url, "", "/readyz");
        if answer.status == 200 && answer.json()["index_lag"] == 0 {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(120), "the index lags after two minutes: {}", answer.text);
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Mentions in the index of a deployment whose server is stopped.
///
/// # Panics
/// When it cannot be opened.
pub fn mentions(deployment: &Deployment) -> u64 {
    NameIndex::open(&deployment.data_dir).expect("the index opens").mentions()
}

/// Incidents that hotspots count in the box every campaign logs in.
pub fn counted(server: &Server, token: &str) -> u64 {
    let path = "/v1/hotspots?bbox=-1.5,54.4,-1.1,54.7&cell_size=500&method=counts";
    http::get(&server.url, token, path).json()["total"].as_u64().unwrap_or(0)
}

/// Whether a server's log tells of a failure.
pub fn complains(server: &Server) -> bool {
    let log = server.log();
    log.contains("panicked") || log.contains("ERROR")
}

/// Waits until a server that may be building its index is ready.
///
/// # Panics
/// After so many seconds.
pub fn wait_ready_for(server: &Server, seconds: u64) {
    assert!(ready_within(&server.url, seconds), "not ready: {}", server.log());
}
