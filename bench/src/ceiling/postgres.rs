//! PostgreSQL: each client sends its incident as one statement on a connection of its own.

use super::{Fresh, Template};
use crate::load::Rate;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use testkit::campaign::draft::Random;
use tokio_postgres::{Client, Error, NoTls};

/// The most connections: a client more shares no statement, and the server allows no more than 200.
const CONNECTIONS: u64 = 64;

const INSERT: &str = "
    WITH new_key AS (INSERT INTO idempotency_key (officer_id, agency_id, operation, key, request_hash, resource_id, at)
        VALUES ($13::uuid, $4::uuid, $24::text, $25::text, $26::bytea, $1::uuid, $12::text::timestamptz)),
    new_incident AS (INSERT INTO incident (id, reference, version, label_id, owning_agency_id, recording_agency_id, status, first_day, last_day,
        types, easting, northing, at, officer_id, agency_id, request_id, body)
        VALUES ($1::uuid, $2::text, 1, $3::bigint, $4::uuid, $4::uuid, $5::text, $6::bigint, $7::bigint, $8::bigint, $9::float8, $10::float8,
            $12::text::timestamptz, $13::uuid, $4::uuid, $14::text, $11::text)),
    new_mention AS (INSERT INTO mention (id, incident_id, label_id) VALUES ($15::uuid, $1::uuid, $16::bigint)),
    new_places AS (INSERT INTO place_key (kind, value, incident_id, hidden, first_day)
        SELECT kind, value, $1::uuid, hidden, $6::bigint FROM unnest($17::text[], $18::text[], $19::bigint[]) AS place (kind, value, hidden)),
    new_audit AS (INSERT INTO audit (at, officer_id, agency_id, operation, action, records, outcome, request_id, salt)
        VALUES ($12::text::timestamptz, $13::uuid, $4::uuid, $20::text, $21::text, $22::text, $23::text, $14::text,
            uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())))
    INSERT INTO change_log (incident_id, version) VALUES ($1::uuid, 1)";

async fn connect(url: &str) -> Result<Client, Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

/// Takes the rows of an incident.
pub(crate) fn template(url: &str, id: &str) -> Result<Template, Error> {
    runtime().block_on(async {
        let client = connect(url).await?;
        let id: uuid::Uuid = id.parse().expect("an id");
        let places = client.query("SELECT kind, value, hidden FROM place_key WHERE incident_id = $1", &[&id]).await?;
        let places = places.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        let row = client
            .query_one(
                "SELECT i.label_id, m.label_id, i.owning_agency_id, i.officer_id, i.status, i.first_day, i.last_day, i.types, i.easting,
                    i.northing, i.body, i.at::text, i.request_id, a.operation, a.action, a.outcome, k.operation
                 FROM incident i JOIN mention m ON m.incident_id = i.id
                 JOIN idempotency_key k ON k.resource_id = i.id JOIN audit a ON a.request_id = i.request_id WHERE i.id = $1",
                &[&id],
            )
            .await?;
        Ok(Template {
            label: row.get(0),
            person_label: row.get(1),
            agency: row.get(2),
            officer: row.get(3),
            status: row.get(4),
            days: (row.get(5), row.get(6)),
            types: row.get(7),
            point: (row.get(8), row.get(9)),
            body: row.get(10),
            at: row.get(11),
            request_id: row.get(12),
            places,
            operation: row.get(13),
            action: row.get(14),
            outcome: row.get(15),
            key_operation: row.get(16),
        })
    })
}

/// Incidents a second.
pub(crate) fn run(url: &str, template: &Template, clients: u64, time: Duration, seed: u64) -> Rate {
    runtime().block_on(async {
        let (over, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let mut connected = Vec::new();
        for client in 0..clients.min(CONNECTIONS) {
            let connection = connect(url).await.expect("the server listens");
            let statement = connection.prepare(INSERT).await.expect("the statement is sound");
            connected.push((client, connection, statement));
        }
        let began = Instant::now();
        let tasks: Vec<_> = connected
            .into_iter()
            .map(|(client, connection, statement)| {
                let (over, done, template) = (over.clone(), done.clone(), template.clone());
                tokio::spawn(async move {
                    let mut random = Random::new(seed, client);
                    let mut times = Vec::new();
                    for number in 0.. {
                        if over.load(Relaxed) {
                            break;
                        }
                        let began = Instant::now();
                        insert(&connection, &statement, &template, &Fresh::new(&mut random, number)).await.expect("the rows are written");
                        if over.load(Relaxed) {
                            break;
                        }
                        times.push(began.elapsed());
                        done.fetch_add(1, Relaxed);
                    }
                    times
                })
            })
            .collect();
        tokio::time::sleep(time).await;
        over.store(true, Relaxed);
        let took = began.elapsed();
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await.expect("no client fails"));
        }
        times.sort_unstable();
        let at = |share: usize| times.get(times.len() * share / 100).map_or(0.0, |time| time.as_secs_f64() * 1e3);
        Rate { per_second: done.load(Relaxed) as f64 / took.as_secs_f64(), median_ms: at(50), p99_ms: at(99) }
    })
}

async fn insert(client: &Client, statement: &tokio_postgres::Statement, of: &Template, fresh: &Fresh) -> Result<(), Error> {
    let kinds: Vec<&str> = of.places.iter().map(|place| place.0.as_str()).collect();
    let values: Vec<&str> = of.places.iter().map(|place| place.1.as_str()).collect();
    let hidden: Vec<i64> = of.places.iter().map(|place| place.2).collect();
    let hash = [7_u8; 32].as_slice();
    client
        .execute(
            statement,
            &[
                &fresh.id,
                &fresh.reference,
                &of.label,
                &of.agency,
                &of.status,
                &of.days.0,
                &of.days.1,
                &of.types,
                &of.point.0,
                &of.point.1,
                &of.body,
                &of.at,
                &of.officer,
                &of.request_id,
                &fresh.person,
                &of.person_label,
                &kinds,
                &values,
                &hidden,
                &of.operation,
                &of.action,
                &fresh.records,
                &of.outcome,
                &of.key_operation,
                &fresh.key,
                &hash,
            ],
        )
        .await?;
    Ok(())
}
