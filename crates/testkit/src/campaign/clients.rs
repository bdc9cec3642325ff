//! Clients that log incidents like an offline queue: each repeats a request under its key until it is answered.

use super::{Violations, client::Connection, draft::Draft};
use crate::campaign::client::Answer;
use model::Uuid;
use std::{
    io::Error,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

/// An incident whose client was told that it is logged.
#[derive(Debug, Clone)]
pub(super) struct Acknowledged {
    pub(super) id: Uuid,
    pub(super) client: u64,
    pub(super) number: u64,
    pub(super) name: String,
}

/// What the clients have seen.
#[derive(Debug, Default, Clone)]
pub(super) struct Seen {
    pub(super) acknowledged: Vec<Acknowledged>,
    /// Names of the incidents sent, answered or not.
    pub(super) sent: Vec<String>,
    /// Requests sent again after the connection broke off.
    pub(super) retries: u64,
    /// Retries answered 200: the first try had been carried out.
    pub(super) known_already: u64,
    pub(super) violations: Violations,
}

/// Where the server is at the moment, if anywhere.
#[derive(Debug, Default)]
struct Where {
    url: Option<String>,
    stop: bool,
}

#[derive(Debug, Default)]
pub(super) struct Shared {
    at: Mutex<Where>,
    moved: Condvar,
    seen: Mutex<Seen>,
}

impl Shared {
    fn at(&self) -> MutexGuard<'_, Where> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the clients where the server is now.
    pub(super) fn serve_at(&self, url: Option<&str>) {
        self.at().url = url.map(str::to_owned);
        self.moved.notify_all();
    }

    /// Lets the clients end once everything they sent is answered.
    pub(super) fn finish(&self) {
        self.at().stop = true;
        self.moved.notify_all();
    }

    /// The server's address, waiting for one.
    fn url(&self) -> String {
        let mut at = self.at();
        loop {
            match &at.url {
                Some(url) => return url.clone(),
                None => at = self.moved.wait(at).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn stopping(&self) -> bool {
        self.at().stop
    }
}

/// Starts the clients.
pub(super) fn start(shared: &std::sync::Arc<Shared>, count: usize, seed: u64, token: &str) -> Vec<JoinHandle<()>> {
    let one = |client: u64| {
        let (shared, token) = (shared.clone(), token.to_owned());
        std::thread::spawn(move || run(&shared, seed, client, &token))
    };
    (0..count as u64).map(one).collect()
}

fn run(shared: &Shared, seed: u64, client: u64, token: &str) {
    let mut connection: Option<(String, Connection)> = None;
    for number in 0.. {
        if shared.stopping() {
            return;
        }
        let draft = Draft::new(seed, client, number);
        let request = draft.request(token, true);
        shared.seen().sent.push(draft.name.clone());
        loop {
            let url = shared.url();
            match attempt(&mut connection, &url, &request) {
                Ok(answer) => {
                    if judge(shared, &draft, (client, number), answer) {
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(_) => {
                    connection = None;
                    shared.seen().retries += 1;
                    std::thread::sleep(Duration::from_millis(5));
                }
            }
        }
    }
}

fn attempt<'a>(connection: &'a mut Option<(String, Connection)>, url: &str, request: &[u8]) -> Result<Answer<'a>, Error> {
    if connection.as_ref().is_none_or(|(at, _)| at != url) {
        *connection = Some((url.to_owned(), Connection::open(url)?));
    }
    match connection {
        Some((_, connection)) => connection.exchange(request),
        None => Err(std::io::ErrorKind::NotConnected.into()),
    }
}

/// Whether the request is done with.
fn judge(shared: &Shared, draft: &Draft, (client, number): (u64, u64), answer: Answer<'_>) -> bool {
    let mut seen = shared.seen();
    match answer.status {
        200 | 201 => {
            seen.known_already += u64::from(answer.status == 200);
            let told = answer.json()["id"].as_str().and_then(|id| id.parse::<Uuid>().ok());
            match told {
                Some(id) if draft.id.is_none_or(|own| own == id) => {
                    seen.acknowledged.push(Acknowledged { id, client, number, name: draft.name.clone() });
                }
                _ => seen.violations.add(format!("acknowledged under another id: {}", answer.text())),
            }
            true
        }
        // Busy or stopping: the queue keeps the request.
        503 => false,
        status => {
            seen.violations.add(format!("a sound incident was answered {status}: {}", answer.text()));
            true
        }
    }
}
