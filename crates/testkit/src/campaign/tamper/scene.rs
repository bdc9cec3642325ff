//! A ledger of some hundred rows under a dozen checkpoints, the last of them held elsewhere, and the hands that change it.

use super::{
    attack::{Attack, Cover, What},
    database::Outside,
};
use crate::{
    beacon::Deployment,
    campaign::{
        On, Place,
        draft::{Draft, Random},
    },
    http,
};
use ledger::{Checkpoint, Expect, Frontier, Hash, PublicKey, Row, SigningKey, export::Leaf, note::Note, tree};
use model::{
    Actor, Clock, Uuid,
    audit::{Purpose, Request},
    entropy,
};
use serde_json::json;
use service::{Service, Settings, sealing::row};
use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};
use store::{
    Options,
    sealing::{self, Checkpoint as Stored},
};

/// How many times something is done, and time left for a checkpoint.
const BURSTS: u64 = 10;

/// The scene.
pub(super) struct Scene {
    runtime: tokio::runtime::Runtime,
    service: Service,
    outside: Outside,
    /// The ledger as it is: each checkpoint with the rows of its leaves.
    parts: Vec<(Stored, Vec<Row>)>,
    /// What is held elsewhere.
    pub(super) expect: Expect,
    /// Payloads erased lawfully.
    pub(super) lawful: u64,
    older: Option<Deployment>,
    place: Place,
}

/// A file in memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("one writer").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Scene {
    /// Lets officers do things, seals them, erases some payloads lawfully, stops the server.
    pub(super) fn set(on: On, seed: u64) -> Self {
        let mut place = Place::new(on);
        let deployment = &place.deployment;
        deployment.agency("Stockton Council", "council");
        let token = deployment.officer("Pat Reed", "Stockton Council", "officer");
        let dpo = deployment.officer("Del Marsh", "Stockton Council", "data_protection_officer");
        let server = deployment.serve();
        let (mut lawful, mut older) = (0, None);
        for burst in 0..BURSTS {
            for number in 0..3 {
                let draft = Draft::new(seed, burst, number);
                let made: serde_json::Value = serde_json::from_str(&draft.body).expect("a draft");
                let id = http::post(&server.url, &token, "/v1/incidents", &made).expect(201).json()["id"].clone();
                http::get(&server.url, &token, &format!("/v1/incidents/{}", id.as_str().unwrap_or_default())).expect(200);
                http::post(&server.url, &token, "/v1/name-searches", &json!({ "name": draft.name })).expect(200);
                http::get(&server.url, &token, "/v1/audit").expect(403);
            }
            let searches = http::get(&server.url, &dpo, "/v1/audit?action=name.search&limit=1").expect(200).json();
            let path = format!("/v1/audit/{}/payload?reason=request_of_the_person", searches["entries"][0]["seq"]);
            http::send("DELETE", &server.url, &dpo, &path, &[], None).expect(204);
            lawful += 1;
            std::thread::sleep(Duration::from_millis(600));
            if burst == BURSTS / 2 && on == On::Sqlite {
                older = Some(copy(deployment));
            }
        }
        server.stop();
        let key = PublicKey::from_text(deployment.ok(&["audit", "key", "show"]).lines().next().unwrap_or_default()).expect("a key");
        let note = Note::parse(&format!("{}\n", deployment.ok(&["audit", "checkpoint"]))).expect("a checkpoint");
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let service = runtime.block_on(service(deployment));
        let parts = runtime.block_on(parts(&service));
        let outside = Outside::open(on, &mut place);
        outside.keep();
        let expect = Expect { held: vec![note], trusted: Some(key) };
        Self { runtime, service, outside, parts, expect, lawful, older, place }
    }

    /// How many rows are sealed.
    pub(super) fn rows(&self) -> usize {
        self.parts.iter().map(|(_, rows)| rows.len()).sum()
    }

    /// What `beacon audit export` writes.
    pub(super) fn export(&mut self) -> Vec<u8> {
        self.runtime.block_on(export(&self.service))
    }

    /// What it writes of the database as it was half-way.
    pub(super) fn older(&self) -> Option<Vec<u8>> {
        let older = self.older.as_ref()?;
        Some(self.runtime.block_on(async {
            let service = service(older).await;
            let written = export(&service).await;
            service.stop().await;
            written
        }))
    }

    fn at(&self, row: usize) -> (usize, usize) {
        let mut left = row;
        for (part, (_, rows)) in self.parts.iter().enumerate() {
            if left < rows.len() {
                return (part, left);
            }
            left -= rows.len();
        }
        (0, 0)
    }

    /// Carries out a change; gives the place of the first leaf that is wrong now.
    pub(super) fn carry_out(&mut self, attack: &Attack, random: &mut Random) -> u64 {
        let (part, index) = self.at(attack.row);
        let seq = self.parts[part].1[index].seq;
        let mut order: Vec<Vec<i64>> = self.parts.iter().map(|(_, rows)| rows.iter().map(|row| row.seq).collect()).collect();
        let mut place = attack.row;
        let run = |sql: String| self.outside.run(&sql);
        match attack.what {
            What::Mutate("seq") => {
                let new = -1 - i64::try_from(random.below(1_000)).unwrap_or(0);
                run(format!("UPDATE audit SET seq = {new} WHERE seq = {seq}"));
                order[part][index] = if attack.cover == Cover::No { seq } else { new };
            }
            What::Mutate(column) => {
                let value = self.other_value(column, &self.parts[part].1[index], random);
                run(format!("UPDATE audit SET {column} = {value} WHERE seq = {seq}"));
            }
            What::Delete => {
                run(format!("DELETE FROM audit WHERE seq = {seq}"));
                order[part].remove(index);
            }
            What::Swap => {
                let (other_part, other_index) = self.at(attack.other);
                let other = self.parts[other_part].1[other_index].seq;
                run(format!(
                    "UPDATE audit SET seq = -1 WHERE seq = {seq}; UPDATE audit SET seq = {seq} WHERE seq = {other};
                     UPDATE audit SET seq = {other} WHERE seq = -1"
                ));
                place = place.min(attack.other);
            }
            What::SwapLeaves => {
                let other = if index + 1 < order[part].len() { index + 1 } else { index.saturating_sub(1) };
                if other == index {
                    // The only leaf of its checkpoint changes places with one of the next.
                    let next = (part + 1) % order.len();
                    (order[part][0], order[next][0]) = (order[next][0], order[part][0]);
                    place = place.min(self.parts[..next].iter().map(|(_, rows)| rows.len()).sum());
                } else {
                    order[part].swap(index, other);
                    place = attack.row - index + index.min(other);
                }
            }
            What::Insert => {
                let new = -1 - i64::try_from(random.below(1_000)).unwrap_or(0);
                let (column, value) = self.outside.long_ago();
                let columns = "at, officer_id, agency_id, operation, action, records, purpose, outcome, request_id, detail";
                let salt = self.outside.bytes(&entropy::bytes::<32>());
                run(format!(
                    "INSERT INTO audit (seq, salt, {columns}{column}) SELECT {new}, {salt}, {columns}{value} FROM audit WHERE seq = {seq}"
                ));
                if attack.cover == Cover::No {
                    place = self.rows();
                } else {
                    order[part].insert(index, new);
                }
            }
            What::Erase => {
                let unsaid = self.parts.iter().flat_map(|(_, rows)| rows).enumerate().cycle().skip(attack.row);
                let (at, row) = unsaid.take(2 * self.rows()).find(|(_, row)| !row.is_erased()).expect("a row that is whole");
                let erased = row.erased().expect("it can be erased");
                let (salt, kept) = (self.outside.bytes(&erased.salt), self.outside.bytes(&erased.payload_commitment.unwrap_or_default()));
                run(format!(
                    "UPDATE audit SET purpose_reference = NULL, detail = NULL, request_id = '', salt = {salt}, payload_commitment = {kept}
                     WHERE seq = {}",
                    row.seq
                ));
                place = at;
            }
            What::CutOff => {
                let kept = &self.parts[..part.max(1)];
                let last = kept.iter().flat_map(|(_, rows)| rows.iter().map(|row| row.seq)).collect::<Vec<_>>();
                let list = last.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
                let size = kept.last().map_or(0, |(stored, _)| stored.size);
                run(format!("DELETE FROM audit WHERE seq NOT IN ({list}); DELETE FROM audit_checkpoint WHERE size > {size}"));
                place = usize::try_from(size).unwrap_or(0);
            }
        }
        if attack.cover > Cover::No {
            let from = if attack.cover == Cover::KeyInPlace { 0 } else { self.at(place).0 };
            self.cover_up(attack.cover, &order, from);
        }
        place as u64
    }

    /// Another value for a column, as SQL.
    fn other_value(&self, column: &str, row: &Row, random: &mut Random) -> String {
        let number = random.below(1_000_000);
        match column {
            "at" => format!("'2026-01-{:02}T00:00:00.{:06}Z'", 1 + number % 28, number),
            "officer_id" | "agency_id" => self.outside.id(Uuid::from_u128(u128::from(number))),
            "records" => format!("'[\"{}\"]'", Uuid::from_u128(u128::from(number))),
            "outcome" => format!("'{}'", if row.outcome == "granted" { "denied" } else { "granted" }),
            "salt" => {
                let mut salt = row.salt.clone();
                let at = usize::try_from(number).unwrap_or(0) % salt.len();
                salt[at] ^= 1 << (number % 8);
                self.outside.bytes(&salt)
            }
            "payload_commitment" => self.outside.bytes(&tree::leaf(&number.to_be_bytes())),
            // A text that was there becomes none half of the time.
            "purpose" if row.purpose.is_some() && number.is_multiple_of(2) => "NULL".to_owned(),
            "detail" if row.detail.is_some() && number.is_multiple_of(2) => "NULL".to_owned(),
            _ => format!("'changed {number}'"),
        }
    }

    /// Writes leaves, notes and keys anew from a checkpoint on, as well as it goes without the signing key.
    fn cover_up(&self, cover: Cover, order: &[Vec<i64>], from: usize) {
        let forger = SigningKey::from_seed([13; 32]).expect("a key");
        self.runtime.block_on(async {
            let mut tx = self.service.database().begin().await.expect("a transaction");
            let mut frontier = Frontier::default();
            let mut parts = Vec::new();
            for (at, ((stored, _), seqs)) in self.parts.iter().zip(order).enumerate() {
                let found: Vec<Row> = sealing::rows(&mut tx, seqs).await.expect("rows").into_iter().map(row).collect();
                let hash = |seq: &i64| found.iter().find(|row| row.seq == *seq).and_then(Row::leaf).unwrap_or(tree::leaf(b"none"));
                let leaves: Vec<Leaf> = seqs.iter().map(|seq| Leaf { seq: *seq, hash: hash(seq) }).collect();
                leaves.iter().for_each(|leaf| frontier.push(leaf.hash));
                let mut stored = stored.clone();
                if cover >= Cover::Notes && at >= from {
                    stored.note = forged(&stored, &frontier, &forger);
                    stored.size = i64::try_from(frontier.size()).unwrap_or(0);
                }
                parts.push((stored, leaves));
            }
            tx.rollback().await.expect("a rollback");
            self.outside.run("DELETE FROM audit_checkpoint");
            let mut tx = self.service.database().begin().await.expect("a transaction");
            for (stored, leaves) in parts {
                // A checkpoint left without leaves would have the size of the one before.
                if cover < Cover::Notes || !leaves.is_empty() {
                    sealing::add_checkpoint(&mut tx, &stored, 0, &Leaf::pack(&leaves), &[]).await.expect("a checkpoint");
                }
            }
            tx.commit().await.expect("a commit");
        });
        let key = self.outside.bytes(&forger.public().0);
        let before = if from == 0 { 0 } else { self.parts[from - 1].0.size };
        match cover {
            Cover::KeyInPlace => self.outside.run(&format!("UPDATE audit_key SET public_key = {key}")),
            Cover::KeyReplaced => self.outside.run(&format!(
                "INSERT INTO audit_key (number, origin, public_key, from_size, at) SELECT 2, origin, {key}, {before}, at FROM audit_key"
            )),
            _ => {}
        }
    }

    /// Everything as it was.
    pub(super) fn undo(&mut self) {
        self.outside.put_back();
    }
}

fn forged(stored: &Stored, frontier: &Frontier, forger: &SigningKey) -> String {
    let true_one = Note::parse(&stored.note).and_then(|note| Checkpoint::of(&note)).expect("a checkpoint");
    let root: Hash = frontier.root();
    Checkpoint { size: frontier.size(), root, ..true_one }.sign(forger)
}

/// A copy of the database as it is now, as a backup has it.
fn copy(deployment: &Deployment) -> Deployment {
    let older = Deployment::sqlite();
    deployment.ok(&["backup", older.database_url.trim_start_matches("sqlite:")]);
    older
}

async fn service(deployment: &Deployment) -> Service {
    let database = store::open::open(&Options::new(&deployment.database_url)).await.expect("the database opens");
    let settings = Settings {
        data_dir: deployment.data_dir.clone(),
        indexes: false,
        sealing: None,
        erasure_list: None,
        sessions: service::sessions::Lifetime::default(),
        people: 1_000_000,
    };
    Service::start(database, Clock::system(), settings).await.expect("the service starts")
}

async fn export(service: &Service) -> Vec<u8> {
    let request =
        Request { actor: Actor::console(), at: service.clock().now(), id: "campaign".to_owned(), purpose: Purpose::default(), token: None };
    let file = Kept::default();
    service.export_audit(&request, Box::new(file.clone())).await.expect("the ledger is exported");
    std::mem::take(&mut file.0.lock().expect("one writer"))
}

/// Every checkpoint with the rows of its leaves.
async fn parts(service: &Service) -> Vec<(Stored, Vec<Row>)> {
    let mut tx = service.database().begin().await.expect("a transaction");
    let mut parts = Vec::new();
    for stored in sealing::checkpoints_after(&mut tx, -1, 10_000).await.expect("checkpoints") {
        let leaves = Leaf::unpack(&sealing::leaves(&mut tx, stored.size).await.expect("leaves")).expect("leaves");
        let seqs: Vec<i64> = leaves.iter().map(|leaf| leaf.seq).collect();
        let mut rows: Vec<Row> = sealing::rows(&mut tx, &seqs).await.expect("rows").into_iter().map(row).collect();
        rows.sort_by_key(|row| seqs.iter().position(|seq| *seq == row.seq));
        parts.push((stored, rows));
    }
    tx.rollback().await.expect("a rollback");
    parts
}

impl Drop for Scene {
    fn drop(&mut self) {
        let Self { runtime, service, place, .. } = self;
        runtime.block_on(service.stop());
        // The server goes with the way in; the folder with the place.
        let _ = &place.deployment;
    }
}
