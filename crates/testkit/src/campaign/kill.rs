//! kill -9 under load: what was acknowledged is there, once, with its history, change row and audit row.

use super::{
    On, Place, Violations,
    books::{self, Expected},
    clients::{self, Seen, Shared},
    draft::{Draft, Random},
    names, rounds,
};
use crate::beacon::Server;
use std::{sync::Arc, time::Instant};

/// How a campaign of kills is run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// On which database.
    pub on: On,
    /// How many kills.
    pub rounds: u32,
    /// How many clients write.
    pub clients: usize,
    /// The seed of the moments and of what is written.
    pub seed: u64,
    /// The books are checked after every so many kills, and at the end.
    pub check_every: u32,
    /// How many acknowledged incidents are looked up by name.
    pub sample: usize,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct KillReport {
    /// Kills under load.
    pub kills: u32,
    /// Of the restarts, those killed before they answered anything.
    pub kills_while_starting: u32,
    /// Distinct incidents acknowledged.
    pub acknowledged: u64,
    /// Requests sent again.
    pub retries: u64,
    /// Retries that found their first try had been carried out.
    pub known_already: u64,
    /// Incidents in the database at the end.
    pub incidents: u64,
    /// Incidents looked up by name, before and after a rebuild of the index.
    pub looked_up: u64,
    /// The longest from start to ready after a kill, in milliseconds.
    pub slowest_start_ms: u64,
    /// Seconds it took.
    pub seconds: f64,
    /// What went wrong.
    pub violations: Violations,
}

/// Runs a campaign; `tell` hears of each kill.
///
/// # Panics
/// When Beacon or the database cannot be started at all.
pub fn kill_rounds(plan: Plan, mut tell: impl FnMut(u32)) -> KillReport {
    let began = Instant::now();
    let place = Place::new(plan.on);
    place.deployment.agency("Stockton Council", "council");
    let token = place.deployment.officer("Pat Reed", "Stockton Council", "officer");
    let shared = Arc::new(Shared::default());
    let threads = clients::start(&shared, plan.clients, plan.seed, &token);
    let mut random = Random::new(plan.seed, u64::MAX);
    let mut report = KillReport::default();
    for round in 1..=plan.rounds {
        rounds::one(&place, &shared, &mut random, &mut report);
        if round % plan.check_every == 0 && round < plan.rounds {
            let expected = expected(&shared.seen());
            report.violations.extend(books::check(&place.deployment, &expected).violations);
        }
        tell(round);
    }
    let server = rounds::start(&place, &mut report);
    shared.serve_at(Some(&server.url));
    shared.finish();
    for thread in threads {
        if thread.join().is_err() {
            report.violations.add("a client ended early");
        }
    }
    let seen = shared.seen().clone();
    settle(&plan, &place, server, &token, &seen, &mut report);
    report.acknowledged = seen.acknowledged.len() as u64;
    report.retries = seen.retries;
    report.known_already = seen.known_already;
    report.violations.extend(seen.violations);
    report.seconds = began.elapsed().as_secs_f64();
    report
}

fn expected(seen: &Seen) -> Expected {
    Expected {
        acknowledged: seen.acknowledged.iter().map(|one| (one.id, one.name.clone())).collect(),
        sent: seen.sent.iter().cloned().collect(),
    }
}

/// The last look: books, index, rebuilt index, and a retry of what was acknowledged long ago.
fn settle(plan: &Plan, place: &Place, server: Server, token: &str, seen: &Seen, report: &mut KillReport) {
    let deployment = &place.deployment;
    names::wait_without_lag(&server);
    let expected = expected(seen);
    let balance = books::check(deployment, &expected);
    report.incidents = balance.incidents;
    let mut violations = balance.violations;
    let acknowledged = expected.acknowledged.len() as u64;
    violations.check(balance.incidents == acknowledged, || format!("{acknowledged} acknowledged, {} there", balance.incidents));

    let step = (seen.acknowledged.len() / plan.sample.max(1)).max(1);
    let chosen: Vec<_> = seen.acknowledged.iter().step_by(step).collect();
    let sample: Vec<_> = chosen.iter().map(|one| (one.id, one.name.clone())).collect();
    report.looked_up = sample.len() as u64;
    let before = names::search_all(&server, token, &sample, &mut violations);
    let counted = names::counted(&server, token);
    violations.check(counted == balance.incidents, || format!("hotspots count {counted} of {}", balance.incidents));
    for one in chosen.iter().take(50) {
        let request = Draft::new(plan.seed, one.client, one.number).request(token, true);
        let again = super::client::Connection::open(&server.url).and_then(|mut connection| {
            let answer = connection.exchange(&request)?;
            Ok((answer.status, answer.json()["id"] == one.id.to_string()))
        });
        violations.check(matches!(again, Ok((200, true))), || format!("a late retry of {} was answered {again:?}", one.id));
    }
    violations.check(!names::complains(&server), || format!("the log tells of failures: {}", server.log()));
    server.stop();

    let indexed = names::mentions(deployment);
    violations.check(indexed == balance.mentions, || format!("the index holds {indexed} of {} mentions", balance.mentions));
    deployment.ok(&["index", "rebuild"]);
    let rebuilt = names::mentions(deployment);
    violations.check(rebuilt == balance.mentions, || format!("the rebuilt index holds {rebuilt} of {} mentions", balance.mentions));
    let server = deployment.serve();
    let after = names::search_all(&server, token, &sample, &mut violations);
    for ((id, _), (before, after)) in sample.iter().zip(before.iter().zip(&after)) {
        violations.check(before == after, || format!("a search for the person of {id} answers otherwise after a rebuild"));
    }
    server.stop();
    report.violations.extend(violations);
}
