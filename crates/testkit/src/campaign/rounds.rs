//! One round of a campaign of kills: start, load, kill at a moment nobody expects.

use super::{Place, clients::Shared, draft::Random, kill::KillReport};
use crate::beacon::Server;
use std::{
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

/// Starts the server under waiting clients, kills it 50 to 800 ms later. One time in eight it is killed once more while
/// it starts, when it has the last kill to recover from.
pub(super) fn one(place: &Place, shared: &Shared, random: &mut Random, report: &mut KillReport) {
    if report.kills > 0 && random.below(8) == 0 {
        let mut command = place.deployment.command(&["serve"]);
        let mut starting = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts");
        sleep(Duration::from_micros(random.below(150_000)));
        let _ = starting.kill();
        let _ = starting.wait();
        report.kills_while_starting += 1;
    }
    let server = start(place, report);
    shared.serve_at(Some(&server.url));
    sleep(Duration::from_micros(50_000 + random.below(750_000)));
    server.kill();
    shared.serve_at(None);
    report.kills += 1;
}

/// Starts the server and waits until it is ready.
pub(super) fn start(place: &Place, report: &mut KillReport) -> Server {
    let began = Instant::now();
    let server = place.deployment.serve();
    report.slowest_start_ms = report.slowest_start_ms.max(u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX));
    server
}
