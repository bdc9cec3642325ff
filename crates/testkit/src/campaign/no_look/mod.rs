//! No log, no look, under kill -9: whatever an officer's connections were told of a record, cut off or not, stands in the ledger.

mod proxy;
mod readers;
mod wire;

use super::{On, Place, Violations, draft::Draft, draft::Random};
use crate::{beacon::Deployment, http};
use model::Uuid;
use proxy::Proxy;
use readers::Shared;
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet},
    thread::sleep,
    time::{Duration, Instant},
};
use store::{
    Options, StoreError,
    audit::{self, Filter},
};
use wire::{Canaries, pieces};

/// How a campaign is run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// On which database.
    pub on: On,
    /// How many kills.
    pub rounds: u32,
    /// How many connections read.
    pub connections: usize,
    /// How many records there are.
    pub records: u64,
    /// The seed of the moments and of what is asked.
    pub seed: u64,
    /// The wire is compared with the ledger after every so many kills, and at the end.
    pub check_every: u32,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct NoLookReport {
    /// Kills.
    pub kills: u64,
    /// Requests answered whole.
    pub answered: u64,
    /// Answers, whole or not, in which a record showed; each has its own row.
    pub answers: u64,
    /// Answers cut off in their head or body.
    pub cut_off: u64,
    /// Distinct pairs of an officer and a record seen on the wire.
    pub pairs: u64,
    /// Bytes kept.
    pub bytes: u64,
    /// Granted rows of the ledger that name a record.
    pub rows: u64,
    /// Seconds it took.
    pub seconds: f64,
    /// What went wrong.
    pub violations: Violations,
}

/// A record that is there.
#[derive(Debug, Clone)]
struct Known {
    id: Uuid,
    reference: String,
    person: String,
    name: String,
    day: String,
}

/// An officer who reads.
#[derive(Debug)]
struct Reader {
    id: Uuid,
    token: String,
    proxy: Proxy,
}

/// Officers of each of the two agencies.
const OFFICERS: [(&str, &str); 6] = [
    ("Stockton Council", "officer"),
    ("Stockton Council", "supervisor"),
    ("Stockton Council", "analyst"),
    ("Cleveland Police", "officer"),
    ("Cleveland Police", "supervisor"),
    ("Cleveland Police", "safeguarding_lead"),
];

/// Runs a campaign; `tell` hears of each kill.
///
/// # Panics
/// When Beacon or the database cannot be started at all.
pub fn no_look(plan: Plan, mut tell: impl FnMut(u32)) -> NoLookReport {
    let began = Instant::now();
    let place = Place::new(plan.on);
    let readers = enter(&place.deployment);
    let mut canaries = Canaries::default();
    let known = log(&place.deployment, &readers, &plan, &mut canaries);
    let mut checking = Checking { deployment: &place.deployment, canaries, pairs: HashSet::new(), last: 0 };
    checking.rows();
    let shared = Shared::default();
    let mut report = NoLookReport::default();
    std::thread::scope(|scope| {
        for number in 0..plan.connections {
            let (reader, shared, known) = (&readers[number % readers.len()], &shared, &known);
            let random = Random::new(plan.seed, number as u64);
            scope.spawn(move || readers::run(shared, &reader.proxy.url, &reader.token, known, random));
        }
        let mut random = Random::new(plan.seed, u64::MAX);
        for round in 1..=plan.rounds {
            let server = place.deployment.serve();
            readers.iter().for_each(|reader| reader.proxy.serve_at(Some(&server.url)));
            sleep(Duration::from_micros(30_000 + random.below(700_000)));
            server.kill();
            readers.iter().for_each(|reader| reader.proxy.serve_at(None));
            report.kills += 1;
            if round % plan.check_every == 0 || round == plan.rounds {
                checking.compare(&readers, &mut report);
            }
            tell(round);
        }
        shared.stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    report.answered = shared.answered.into_inner();
    report.pairs = checking.pairs.len() as u64;
    report.seconds = began.elapsed().as_secs_f64();
    report
}

fn enter(deployment: &Deployment) -> Vec<Reader> {
    deployment.agency("Stockton Council", "council");
    deployment.agency("Cleveland Police", "police");
    let reader = |(number, (agency, role)): (usize, &(&str, &str))| {
        let id = deployment.ok(&["officer", "add", &format!("Reader {number}"), "--agency", agency, "--role", role]);
        let token = deployment.ok(&["token", "create", "--officer", &id]);
        Reader { id: id.parse().expect("an id"), token, proxy: Proxy::start() }
    };
    OFFICERS.iter().enumerate().map(reader).collect()
}

/// Logs the records, half of them of each agency, one in eight kept from the other.
fn log(deployment: &Deployment, readers: &[Reader], plan: &Plan, canaries: &mut Canaries) -> Vec<Known> {
    let server = deployment.serve();
    let one = |number: u64| {
        let draft = Draft::new(plan.seed, 0, number);
        let mut body: Value = serde_json::from_str(&draft.body).expect("a draft");
        if number.is_multiple_of(8) {
            body["sharing"] = json!({ "level": "owner_only" });
        }
        let token = &readers[if number.is_multiple_of(2) { 0 } else { 3 }].token;
        let made = http::post(&server.url, token, "/v1/incidents", &body).expect(201).json();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let incident = &made["incident"];
        let day = text(&body["occurred"]["at"])[..10].to_owned();
        let id = text(&made["id"]).parse().expect("an id");
        Known { id, reference: text(&incident["reference"]), person: text(&incident["involvements"][0]["id"]), name: draft.name, day }
    };
    let known: Vec<Known> = (0..plan.records).map(one).collect();
    for record in &known {
        let family = record.name.split(' ').next_back().unwrap_or_default();
        for text in [&record.id.to_string(), &record.reference, &record.person, family] {
            canaries.add(text, record.id);
        }
    }
    server.stop();
    known
}

/// What is compared, and how far.
struct Checking<'a> {
    deployment: &'a Deployment,
    canaries: Canaries,
    pairs: HashSet<(Uuid, Uuid)>,
    last: i64,
}

impl Checking<'_> {
    /// Compares what was kept since the last time with the rows written since then; the server is down.
    fn compare(&mut self, readers: &[Reader], report: &mut NoLookReport) {
        let kept: Vec<(Uuid, Vec<Vec<u8>>)> = readers.iter().map(|reader| (reader.id, reader.proxy.take())).collect();
        let rows = self.rows();
        report.rows += rows.len() as u64;
        let mut logged: HashMap<(&str, Uuid), HashSet<Uuid>> = HashMap::new();
        for row in rows.iter().filter(|row| row.outcome == "granted") {
            let records: Vec<Uuid> = serde_json::from_str(&row.records).expect("a list of ids");
            logged.entry((&row.request_id, row.officer)).or_default().extend(records);
        }
        let of_officer = |officer: Uuid, record: Uuid| logged.iter().any(|((_, by), records)| *by == officer && records.contains(&record));
        for (officer, connections) in kept {
            for bytes in &connections {
                report.bytes += bytes.len() as u64;
                for piece in pieces(bytes) {
                    let seen = self.canaries.seen(piece.bytes);
                    report.cut_off += u64::from(!piece.whole);
                    report.answers += u64::from(!seen.is_empty());
                    for record in seen {
                        self.pairs.insert((officer, record));
                        // The answer's own row where its head tells which request it answers; else any of the officer's.
                        let durable = match &piece.request {
                            Some(request) => logged.get(&(request.as_str(), officer)).is_some_and(|records| records.contains(&record)),
                            None => of_officer(officer, record),
                        };
                        let head = || String::from_utf8_lossy(&piece.bytes[..piece.bytes.len().min(300)]).into_owned();
                        report.violations.check(durable, || format!("{officer} saw {record} without a row: {}", head()));
                    }
                }
            }
        }
    }

    /// Rows of the ledger written since the last time.
    fn rows(&mut self) -> Vec<audit::Row> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let rows = runtime.block_on(rows_after(self.deployment, self.last)).expect("the ledger can be read");
        self.last = rows.iter().map(|row| row.seq).max().unwrap_or(self.last);
        rows
    }
}

async fn rows_after(deployment: &Deployment, last: i64) -> Result<Vec<audit::Row>, StoreError> {
    let database = store::open::open(&Options { connections: 1, ..Options::new(&deployment.database_url) }).await?;
    let mut tx = database.read().await?;
    let (mut all, mut filter) = (Vec::new(), Filter::default());
    loop {
        let rows = audit::page(&mut tx, &filter, 10_000).await?;
        let done = rows.last().is_none_or(|row| row.seq <= last);
        filter.before = rows.last().map(|row| row.seq);
        all.extend(rows.into_iter().filter(|row| row.seq > last));
        if done {
            break;
        }
    }
    tx.rollback().await?;
    database.close().await;
    Ok(all)
}
