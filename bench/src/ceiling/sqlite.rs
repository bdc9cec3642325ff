//! SQLite: client threads hand their rows to one writer, who commits them in groups.

use super::{Fresh, Template};
use crate::load::{self, Rate};
use rusqlite::{Connection, Statement, params};
use std::{
    sync::{
        Mutex,
        mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    },
    time::Duration,
};
use testkit::campaign::draft::Random;
use uuid::Uuid;

/// The most incidents in one commit: as many as Beacon puts into one.
const GROUP: usize = 256;

type Job = (Fresh, Sender<()>);

/// Opens a database as Beacon does.
fn open(path: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;
         PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 10000;",
    )?;
    Ok(connection)
}

/// Takes the rows of an incident.
pub(crate) fn template(path: &str, id: &str) -> rusqlite::Result<Template> {
    let connection = open(path)?;
    let id: Uuid = id.parse().expect("an id");
    let id = id.as_bytes().as_slice();
    let uuid = |bytes: Vec<u8>| Uuid::from_slice(&bytes).expect("16 bytes");
    let mut places = connection.prepare("SELECT kind, value, hidden FROM place_key WHERE incident_id = ?1")?;
    let places = places.query_map([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?;
    connection.query_row(
        "SELECT i.label_id, m.label_id, i.owning_agency_id, i.officer_id, i.status, i.first_day, i.last_day, i.types, i.easting, i.northing,
            i.body, i.at, i.request_id, a.operation, a.action, a.outcome, k.operation
         FROM incident i JOIN mention m ON m.incident_id = i.id
         JOIN idempotency_key k ON k.resource_id = i.id JOIN audit a ON a.request_id = i.request_id WHERE i.id = ?1",
        [id],
        |row| {
            Ok(Template {
                label: row.get(0)?,
                person_label: row.get(1)?,
                agency: uuid(row.get(2)?),
                officer: uuid(row.get(3)?),
                status: row.get(4)?,
                days: (row.get(5)?, row.get(6)?),
                types: row.get(7)?,
                point: (row.get(8)?, row.get(9)?),
                body: row.get(10)?,
                at: row.get(11)?,
                request_id: row.get(12)?,
                places,
                operation: row.get(13)?,
                action: row.get(14)?,
                outcome: row.get(15)?,
                key_operation: row.get(16)?,
            })
        },
    )
}

/// Incidents a second.
pub(crate) fn run(path: &str, template: &Template, clients: u64, time: Duration, seed: u64) -> Rate {
    let (queue, jobs) = sync_channel::<Job>(4 * GROUP);
    std::thread::scope(|scope| {
        scope.spawn(move || write(path, template, &jobs).expect("the rows are written"));
        let queue = Mutex::new(Some(queue));
        let take = || queue.lock().expect("no client fails").clone().expect("a queue");
        let prepare = |client| (take(), channel::<()>(), Random::new(seed, client));
        let work = |(queue, (reply, answer), random): &mut (SyncSender<Job>, (Sender<()>, Receiver<()>), Random), _, number| {
            queue.send((Fresh::new(random, number), reply.clone())).expect("the writer takes it");
            answer.recv().expect("the writer answers");
        };
        let rate = load::run(clients, time, prepare, work);
        drop(queue.lock().expect("no client fails").take());
        rate
    })
}

fn write(path: &str, template: &Template, jobs: &Receiver<Job>) -> rusqlite::Result<()> {
    let connection = open(path)?;
    let mut rows = Rows::prepare(&connection)?;
    let mut group = Vec::with_capacity(GROUP);
    while let Ok(first) = jobs.recv() {
        group.push(first);
        while group.len() < GROUP {
            match jobs.try_recv() {
                Ok(job) => group.push(job),
                Err(_) => break,
            }
        }
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for (fresh, _) in &group {
            rows.insert(template, fresh)?;
        }
        connection.execute_batch("COMMIT")?;
        for (_, reply) in group.drain(..) {
            // A client whose time is over does not wait.
            let _ = reply.send(());
        }
    }
    Ok(())
}

/// The statements of one incident.
struct Rows<'a> {
    key: Statement<'a>,
    incident: Statement<'a>,
    change: Statement<'a>,
    mention: Statement<'a>,
    place: Statement<'a>,
    audit: Statement<'a>,
}

impl<'a> Rows<'a> {
    fn prepare(connection: &'a Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            key: connection.prepare(
                "INSERT INTO idempotency_key (officer_id, agency_id, operation, key, request_hash, resource_id, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?,
            incident: connection.prepare(
                "INSERT INTO incident (id, reference, version, label_id, owning_agency_id, recording_agency_id, status, first_day, last_day, types,
                 easting, northing, at, officer_id, agency_id, request_id, body)
                 VALUES (?1, ?2, 1, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?4, ?13, ?14)",
            )?,
            change: connection.prepare("INSERT INTO change_log (incident_id, version) VALUES (?1, 1)")?,
            mention: connection.prepare("INSERT INTO mention (id, incident_id, label_id, same_person_as) VALUES (?1, ?2, ?3, NULL)")?,
            place: connection.prepare("INSERT INTO place_key (kind, value, incident_id, hidden, first_day) VALUES (?1, ?2, ?3, ?4, ?5)")?,
            audit: connection.prepare(
                "INSERT INTO audit (at, officer_id, agency_id, operation, action, records, outcome, request_id, salt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, randomblob(32))",
            )?,
        })
    }

    fn insert(&mut self, of: &Template, fresh: &Fresh) -> rusqlite::Result<()> {
        let (id, agency, officer) = (fresh.id.as_bytes().as_slice(), of.agency.as_bytes().as_slice(), of.officer.as_bytes().as_slice());
        self.key.execute(params![officer, agency, of.key_operation, fresh.key, [7_u8; 32].as_slice(), id, of.at])?;
        let (days, point) = (of.days, of.point);
        self.incident.execute(params![
            id,
            fresh.reference,
            of.label,
            agency,
            of.status,
            days.0,
            days.1,
            of.types,
            point.0,
            point.1,
            of.at,
            officer,
            of.request_id,
            of.body
        ])?;
        self.change.execute(params![id])?;
        self.mention.execute(params![fresh.person.as_bytes().as_slice(), id, of.person_label])?;
        for (kind, value, hidden) in &of.places {
            self.place.execute(params![kind, value, id, hidden, days.0])?;
        }
        self.audit.execute(params![of.at, officer, agency, of.operation, of.action, fresh.records, of.outcome, of.request_id])?;
        Ok(())
    }
}
