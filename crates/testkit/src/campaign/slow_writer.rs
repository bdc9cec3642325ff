//! One slow transaction among many writers on PostgreSQL: while it is open, whoever has been told that an incident is
//! logged finds it through every node; afterwards both nodes' indexes equal the database.

use super::{
    Violations,
    books::{self, Expected},
    client::Connection,
    draft::{Draft, Random},
    names,
};
use crate::{
    beacon::{Deployment, Server},
    postgres::PrivateServer,
};
use model::{Reference, Uuid};
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

/// The most committed changes above a follower's cursor that a search still reads; past it a node may say that it is behind.
const TAIL: u64 = 3_900;

/// How the campaign is run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Slow transactions, one after the other.
    pub rounds: u32,
    /// How long each stays open, in seconds.
    pub seconds: u64,
    /// How many writers.
    pub writers: u64,
    /// The most incidents a second, all writers together.
    pub per_second: u64,
    /// The seed of what is written.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct SlowReport {
    /// Slow transactions.
    pub rounds: u32,
    /// Incidents logged while one was open.
    pub logged: u64,
    /// Searches on the other node that found the incident at once.
    pub found: u64,
    /// Searches answered `index-behind` with more changes waiting than a node holds in memory.
    pub behind: u64,
    /// The slowest search, in milliseconds.
    pub slowest_search_ms: u64,
    /// Incidents at the end.
    pub incidents: u64,
    /// Seconds it took.
    pub seconds: f64,
    /// What went wrong.
    pub violations: Violations,
}

struct Nodes {
    database: PrivateServer,
    deployments: [Deployment; 2],
    servers: [Server; 2],
    token: String,
}

#[derive(Default)]
struct Tally {
    done: AtomicBool,
    logged: AtomicU64,
    found: AtomicU64,
    behind: AtomicU64,
    slowest: AtomicU64,
    known: Mutex<Vec<(Uuid, String)>>,
    violations: Mutex<Violations>,
}

impl Tally {
    fn violation(&self, what: String) {
        self.violations.lock().unwrap_or_else(PoisonError::into_inner).add(what);
    }

    fn known(&self, id: Uuid, name: String) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).push((id, name));
    }
}

/// Runs the campaign; `tell` hears of each slow transaction.
///
/// # Panics
/// When Beacon or PostgreSQL cannot be started.
pub fn slow_writer(plan: Plan, mut tell: impl FnMut(u32)) -> SlowReport {
    let began = Instant::now();
    let database = crate::postgres::private(true);
    let mut deployments = [Deployment::on(&database.url), Deployment::on(&database.url)];
    deployments[1].key_file = deployments[0].key_file.clone();
    deployments[0].agency("Stockton Council", "council");
    let token = deployments[0].officer("Pat Reed", "Stockton Council", "officer");
    let servers = [deployments[0].serve(), deployments[1].serve()];
    let nodes = Nodes { database, deployments, servers, token };
    let mut report = SlowReport::default();
    let mut known = Vec::new();
    for round in 1..=plan.rounds {
        one(&plan, &nodes, round, &mut known, &mut report);
        tell(round);
    }
    settle(nodes, known, &mut report);
    report.seconds = began.elapsed().as_secs_f64();
    report
}

fn one(plan: &Plan, nodes: &Nodes, round: u32, known: &mut Vec<(Uuid, String)>, report: &mut SlowReport) {
    let mut random = Random::new(plan.seed, 0x510e + u64::from(round));
    let seed = random.next();
    let template = Draft::new(seed, 0, u64::from(u32::MAX));
    let slow = Draft::new(seed, 0, u64::from(u32::MAX) - 1);
    let (Some(template_id), Some(slow_id)) = (template.id, slow.id) else { return };
    let tally = Tally::default();
    log(&tally, &mut Connection::open(&nodes.servers[0].url).expect("the server listens"), nodes, &template);
    let sql = copying(nodes, (template_id, &template.name), (slow_id, &slow.name), plan.seconds);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            nodes.database.psql(&sql);
            tally.done.store(true, SeqCst);
        });
        while nodes.database.psql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'").trim() != "1" {
            assert!(!tally.done.load(SeqCst), "the slow transaction ended before it was seen");
            std::thread::sleep(Duration::from_millis(20));
        }
        let mut look = Connection::open(&nodes.servers[1].url).expect("the server listens");
        if !names::search(&mut look, &nodes.token, &slow.name).expect("the server answers").incidents.is_empty() {
            tally.violation("what is not committed is found".to_owned());
        }
        for writer in 0..plan.writers {
            let (tally, plan) = (&tally, &plan);
            scope.spawn(move || write(plan, nodes, tally, seed, writer));
        }
    });
    for server in &nodes.servers {
        let found = names::search(&mut Connection::open(&server.url).expect("the server listens"), &nodes.token, &slow.name)
            .expect("the server answers");
        // With too long a tail the node may be behind for a moment; the last look tells.
        if found.incidents != [slow_id] && !(found.status == 503 && tally.logged.load(SeqCst) > TAIL) {
            tally.violation(format!("the slow incident, committed, is not found: {} {:?}", found.status, found.incidents));
        }
        names::wait_without_lag(server);
    }
    tally.known(slow_id, slow.name);
    report.rounds += 1;
    report.logged += tally.logged.load(SeqCst);
    report.found += tally.found.load(SeqCst);
    report.behind += tally.behind.load(SeqCst);
    report.slowest_search_ms = report.slowest_search_ms.max(tally.slowest.load(SeqCst));
    report.violations.extend(tally.violations.into_inner().unwrap_or_else(PoisonError::into_inner));
    known.extend(tally.known.into_inner().unwrap_or_else(PoisonError::into_inner));
}

/// Logs through one node, searches through the other, until the slow transaction ends.
fn write(plan: &Plan, nodes: &Nodes, tally: &Tally, seed: u64, writer: u64) {
    let connect = |node: u64| Connection::open(&nodes.servers[usize::from(node % 2 == 1)].url).expect("the server listens");
    let (mut own, mut other) = (connect(writer), connect(writer + 1));
    let pause = Duration::from_micros(1_000_000 * plan.writers / plan.per_second.max(1));
    for number in 0.. {
        let began = Instant::now();
        if tally.done.load(SeqCst) {
            return;
        }
        let draft = Draft::new(seed, writer, number);
        if let Some(id) = log(tally, &mut own, nodes, &draft) {
            let asked = Instant::now();
            let found = names::search(&mut other, &nodes.token, &draft.name).expect("the server answers");
            tally.slowest.fetch_max(u64::try_from(asked.elapsed().as_millis()).unwrap_or(u64::MAX), SeqCst);
            match found.status {
                200 if found.incidents == [id] => drop(tally.found.fetch_add(1, SeqCst)),
                503 if tally.logged.load(SeqCst) > TAIL => drop(tally.behind.fetch_add(1, SeqCst)),
                status => tally.violation(format!("acknowledged, but the other node answered {status} with {:?}", found.incidents)),
            }
        }
        std::thread::sleep(pause.saturating_sub(began.elapsed()));
    }
}

fn log(tally: &Tally, connection: &mut Connection, nodes: &Nodes, draft: &Draft) -> Option<Uuid> {
    let answer = connection.exchange(&draft.request(&nodes.token, true)).expect("the server answers");
    let id = answer.json()["id"].as_str().and_then(|id| id.parse().ok());
    match (answer.status, id) {
        (201, Some(id)) => {
            tally.logged.fetch_add(1, SeqCst);
            tally.known(id, draft.name.clone());
            Some(id)
        }
        (status, _) => {
            tally.violation(format!("a sound incident was answered {status}: {}", answer.text()));
            None
        }
    }
}

/// A transaction that logs an incident as Beacon does, its rows copied from one that is there, and takes its time
/// between writing its change row and committing.
fn copying(nodes: &Nodes, (from, name): (Uuid, &str), (to, new_name): (Uuid, &str), seconds: u64) -> String {
    let person = nodes.database.psql(&format!("SELECT id FROM mention WHERE incident_id = '{from}'"));
    let reference = nodes.database.psql(&format!("SELECT reference FROM incident WHERE id = '{from}'"));
    let (person, reference) = (person.trim(), reference.trim());
    let (given, family) = name.split_once(' ').unwrap_or_default();
    let (new_given, new_family) = new_name.split_once(' ').unwrap_or_default();
    let mut new_person = *to.as_bytes();
    new_person[15] ^= 1;
    let new_person = Uuid::from_bytes(new_person);
    let new_reference = Reference::random(Reference::INCIDENT, 2026, 6).to_string();
    let mut body = "body".to_owned();
    let from_text = from.to_string();
    let to_text = to.to_string();
    let person_text = new_person.to_string();
    let changes = [
        (from_text.as_str(), to_text.as_str()),
        (person, person_text.as_str()),
        (reference, new_reference.as_str()),
        (given, new_given),
        (family, new_family),
    ];
    for (old, new) in changes {
        body = format!("replace({body}, '{old}', '{new}')");
    }
    format!(
        "BEGIN;
        INSERT INTO incident (id, reference, version, label_id, owning_agency_id, recording_agency_id, status, first_day, last_day, types, easting, northing,
            at, officer_id, agency_id, request_id, body)
            SELECT '{to}', '{new_reference}', version, label_id, owning_agency_id, recording_agency_id, status, first_day, last_day, types, easting, northing,
            at, officer_id, agency_id, request_id, {body} FROM incident WHERE id = '{from}';
        INSERT INTO mention (id, incident_id, label_id) SELECT '{new_person}', '{to}', label_id FROM mention WHERE incident_id = '{from}';
        INSERT INTO place_key (incident_id, kind, value, hidden, first_day) SELECT '{to}', kind, value, hidden, first_day FROM place_key WHERE incident_id = '{from}';
        INSERT INTO audit (at, officer_id, agency_id, operation, action, records, outcome, request_id, salt)
            SELECT at, officer_id, agency_id, operation, action, '[\"{to}\"]', outcome, request_id, salt FROM audit WHERE records = '[\"{from}\"]' LIMIT 1;
        INSERT INTO change_log (incident_id, version) VALUES ('{to}', 1);
        SELECT pg_sleep({seconds});
        COMMIT"
    )
}

/// Both nodes against the database and against each other.
fn settle(nodes: Nodes, known: Vec<(Uuid, String)>, report: &mut SlowReport) {
    let Nodes { database, deployments, servers, token } = nodes;
    let expected = Expected { sent: known.iter().map(|(_, name)| name.clone()).collect(), acknowledged: known };
    let balance = books::check(&deployments[0], &expected);
    report.incidents = balance.incidents;
    let mut violations = balance.violations;
    let step = (expected.acknowledged.len() / 100).max(1);
    let mut sample: Vec<_> = expected.acknowledged.iter().step_by(step).cloned().collect();
    sample.extend(expected.acknowledged.last().cloned());
    let answers = servers.each_ref().map(|server| {
        names::wait_without_lag(server);
        let counted = names::counted(server, &token);
        violations.check(counted == balance.incidents, || format!("hotspots count {counted} of {}", balance.incidents));
        names::search_all(server, &token, &sample, &mut violations)
    });
    violations.check(answers[0] == answers[1], || "the two nodes answer differently".to_owned());
    for (server, deployment) in servers.into_iter().zip(&deployments) {
        violations.check(!names::complains(&server), || format!("the log tells of failures: {}", server.log()));
        server.stop();
        let indexed = names::mentions(deployment);
        violations.check(indexed == balance.mentions, || format!("an index holds {indexed} of {} mentions", balance.mentions));
    }
    drop(database);
    report.violations.extend(violations);
}
