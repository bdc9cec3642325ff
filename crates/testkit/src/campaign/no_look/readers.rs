//! Officers who look at records as fast as they are answered, through the proxies.

use super::Known;
use crate::campaign::{client, client::Connection, draft::Random};
use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    thread::sleep,
    time::Duration,
};

/// What the readers share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) stop: AtomicBool,
    pub(super) answered: AtomicU64,
}

/// One reader, on one connection after the other, until it is told to stop.
pub(super) fn run(shared: &Shared, url: &str, token: &str, known: &[Known], mut random: Random) {
    while !shared.stop.load(Relaxed) {
        let Ok(mut connection) = Connection::open(url) else { continue };
        loop {
            let request = question(&mut random, token, known);
            if shared.stop.load(Relaxed) || connection.exchange(&request).is_err() {
                break;
            }
            shared.answered.fetch_add(1, Relaxed);
        }
        sleep(Duration::from_millis(3));
    }
}

fn question(random: &mut Random, token: &str, known: &[Known]) -> Vec<u8> {
    let one = &known[random.below(known.len() as u64) as usize];
    let get = |path: &str| client::request("GET", path, token, &[], "");
    match random.below(12) {
        0..4 => get(&format!("/v1/incidents/{}", one.id)),
        4 => get(&format!("/v1/incidents/{}", one.reference)),
        5 => get(&format!("/v1/incidents/{}/history", one.id)),
        6 => get(&format!("/v1/people/{}", one.person)),
        7 => get("/v1/incidents?limit=200"),
        8 => get(&format!("/v1/incidents?limit=10&from={0}&to={0}", one.day)),
        _ => client::request("POST", "/v1/name-searches", token, &[], &format!(r#"{{"name":"{}"}}"#, one.name)),
    }
}
