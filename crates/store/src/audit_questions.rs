//! What data protection officers ask of the ledger. It has its own access rule, which the caller applies: an agency.

use crate::{
    StoreError, Tx,
    sealing::{self, Place},
    time::At,
};
use model::{Timestamp, Uuid};

/// An entry without its payload.
#[derive(Debug, Clone)]
pub struct Bare {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub officer: Uuid,
    /// For which agency.
    pub agency: Uuid,
    /// What exactly.
    pub action: String,
    /// The records, as a JSON list of ids.
    pub records: String,
    /// What for.
    pub purpose: Option<String>,
    /// What came of it.
    pub outcome: String,
}

#[derive(sqlx::FromRow)]
struct Raw {
    seq: i64,
    at: At,
    officer_id: Uuid,
    agency_id: Uuid,
    action: String,
    records: String,
    purpose: Option<String>,
    outcome: String,
}

impl From<Raw> for Bare {
    fn from(raw: Raw) -> Self {
        Self {
            seq: raw.seq,
            at: raw.at.0,
            officer: raw.officer_id,
            agency: raw.agency_id,
            action: raw.action,
            records: raw.records,
            purpose: raw.purpose,
            outcome: raw.outcome,
        }
    }
}

const BARE: &str = "SELECT seq, at, officer_id, agency_id, action, records, purpose, outcome FROM audit";

/// Narrows a statement to a period.
macro_rules! within {
    ($q:ident, $period:ident) => {
        if let Some(from) = $period.from {
            $q.push(" AND at >= ").push_bind(At(from));
        }
        if let Some(to) = $period.to {
            $q.push(" AND at <= ").push_bind(At(to));
        }
        if let Some(before) = $period.before {
            $q.push(" AND seq < ").push_bind(before);
        }
    };
}

/// A period, and where a page starts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Period {
    /// Not before.
    pub from: Option<Timestamp>,
    /// Not after.
    pub to: Option<Timestamp>,
    /// Below this number.
    pub before: Option<i64>,
}

/// A number below which no entry of `from` or later has its own: told by the checkpoints, so that the ledger needs no
/// index by time. Ten minutes are allowed for clocks that differ.
///
/// # Errors
/// When the database fails.
pub async fn least_number(tx: &mut Tx, from: Timestamp) -> Result<i64, StoreError> {
    let (first,) = run!(
        tx,
        fetch_one,
        (Option<i64>,),
        "SELECT min(first_seq) FROM (SELECT first_seq FROM audit_checkpoint WHERE at >= $1 ORDER BY at LIMIT 1200) AS later",
        At(from.plus_seconds(-600))
    )?;
    match first {
        Some(first) => Ok(first),
        // Later than every checkpoint: among the rows of the last, or not sealed yet.
        None => {
            let last = run!(tx, fetch_optional, (i64,), "SELECT first_seq FROM audit_checkpoint ORDER BY size DESC LIMIT 1")?;
            Ok(last.map_or(i64::MIN, |(first,)| first))
        }
    }
}

/// The incidents that a record is, or that name it as a person, with the agency that owns each.
///
/// # Errors
/// When the database fails.
pub async fn incidents_of(tx: &mut Tx, record: Uuid) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
    Ok(run!(
        tx,
        fetch_all,
        (Uuid, Uuid),
        "SELECT id, owning_agency_id FROM incident WHERE id = $1
         UNION SELECT i.id, i.owning_agency_id FROM incident i JOIN mention m ON m.incident_id = i.id
            WHERE m.id = $1 OR m.same_person_as = $1",
        record
    )?)
}

/// Entries that name any of these records, newest first: of one agency's officers, or of everybody's.
///
/// # Errors
/// When the database fails.
pub async fn naming(tx: &mut Tx, records: &[Uuid], agency: Option<Uuid>, period: Period, limit: i64) -> Result<Vec<Bare>, StoreError> {
    let cursor = sealing::last(tx).await?.map_or(Place::default(), |last| last.cursor);
    let mut found = Vec::new();
    // A statement's conditions must not be too many.
    for some in records.chunks(128) {
        found.extend(naming_some(tx, some, cursor, agency, period, limit).await?);
    }
    found.sort_unstable_by_key(|entry: &Bare| std::cmp::Reverse(entry.seq));
    found.dedup_by_key(|entry| entry.seq);
    found.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(found)
}

async fn naming_some(
    tx: &mut Tx,
    records: &[Uuid],
    cursor: Place,
    agency: Option<Uuid>,
    period: Period,
    limit: i64,
) -> Result<Vec<Bare>, StoreError> {
    let after = sealing::after(tx, cursor);
    let records = crate::statement::filled(records);
    let rows: Vec<Raw> = build!(tx, fetch_all, Raw, |q| {
        q.push(BARE).push(" WHERE seq IN (SELECT seq FROM audit_record WHERE record_id IN (");
        list!(q, record in &records => *record);
        // What is not sealed yet is in no table but the ledger's.
        q.push(") UNION ALL SELECT seq FROM audit").push(&after).push(" AND (1 = 0");
        for record in &records {
            q.push(" OR records LIKE ").push_bind(format!("%{record}%"));
        }
        q.push("))");
        if let Some(agency) = agency {
            q.push(" AND agency_id = ").push_bind(agency);
        }
        within!(q, period);
        q.push(" ORDER BY seq DESC LIMIT ").push_bind(limit);
    })?;
    Ok(rows.into_iter().map(Bare::from).collect())
}

/// What an officer of an agency was shown, newest first.
///
/// # Errors
/// When the database fails.
pub async fn seen(tx: &mut Tx, agency: Uuid, officer: Uuid, period: Period, limit: i64) -> Result<Vec<Bare>, StoreError> {
    let least = least_of(tx, period).await?;
    let rows: Vec<Raw> = build!(tx, fetch_all, Raw, |q| {
        q.push(BARE).push(" WHERE seq >= ").push_bind(least);
        q.push(" AND agency_id = ").push_bind(agency).push(" AND officer_id = ").push_bind(officer);
        q.push(" AND outcome = 'granted' AND operation IN ('consultation', 'disclosure') AND records <> '[]'");
        within!(q, period);
        q.push(" ORDER BY seq DESC LIMIT ").push_bind(limit);
    })?;
    Ok(rows.into_iter().map(Bare::from).collect())
}

/// What left the service through these agencies, newest first.
///
/// # Errors
/// When the database fails.
pub async fn disclosures(tx: &mut Tx, agencies: &[Uuid], period: Period, limit: i64) -> Result<Vec<Bare>, StoreError> {
    let rows: Vec<Raw> = build!(tx, fetch_all, Raw, |q| {
        q.push(BARE).push(" WHERE operation = 'disclosure' AND outcome = 'granted' AND agency_id IN (");
        list!(q, agency in agencies => *agency);
        q.push(")");
        within!(q, period);
        q.push(" ORDER BY seq DESC LIMIT ").push_bind(limit);
    })?;
    Ok(rows.into_iter().map(Bare::from).collect())
}

/// Searches of an agency's officers and what they opened, by officer in the order in which they did it: officer, time,
/// action. At most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn look_ups(
    tx: &mut Tx,
    agency: Uuid,
    period: Period,
    actions: &[&'static str],
    limit: i64,
) -> Result<Vec<(Uuid, Timestamp, String)>, StoreError> {
    let least = least_of(tx, period).await?;
    let rows: Vec<(Uuid, At, String)> = build!(tx, fetch_all, (Uuid, At, String), |q| {
        q.push("SELECT officer_id, at, action FROM audit WHERE seq >= ").push_bind(least);
        q.push(" AND agency_id = ").push_bind(agency).push(" AND outcome = 'granted' AND action IN (");
        list!(q, action in actions => *action);
        q.push(")");
        within!(q, period);
        q.push(" ORDER BY officer_id, seq LIMIT ").push_bind(limit);
    })?;
    Ok(rows.into_iter().map(|(officer, at, action)| (officer, at.0, action)).collect())
}

async fn least_of(tx: &mut Tx, period: Period) -> Result<i64, StoreError> {
    match period.from {
        Some(from) => least_number(tx, from).await,
        None => Ok(i64::MIN),
    }
}
