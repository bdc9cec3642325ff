//! Incidents: the state, every version of it, and the rows derived from it in the same transaction.

use crate::{StoreError, Tx, changes, intakes, labels::number, mentions, person_links, places, statement::filled, time::At};
use model::{Incident, LabelId, Reference, Scope, Timestamp, Uuid, linking::PersonLink, vocabulary};
use std::collections::HashSet;

/// An incident ready to be written, with the labels of the record and of each person named in it.
#[derive(Debug, Clone)]
pub struct Written {
    /// The incident.
    pub incident: Incident,
    /// Its body as JSON.
    pub body: String,
    /// The label of the record.
    pub label: LabelId,
    /// The people named in it: involvement, label, the person it is the same as.
    pub people: Vec<(Uuid, LabelId, Option<Uuid>)>,
    /// Known people that somebody in it is said to be different from.
    pub apart: Vec<PersonLink>,
    /// The officer and agency that write it.
    pub by: (Uuid, Uuid),
    /// The request.
    pub request_id: String,
}

/// An incident as read, before anything is decided about it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Stored {
    /// Its id.
    pub id: Uuid,
    reference: String,
    label_id: i64,
    /// Its version.
    pub version: i64,
    /// Its body as JSON.
    pub body: String,
    openings: Option<String>,
}

impl Stored {
    /// Its reference.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// The label of the record.
    pub fn label(&self) -> LabelId {
        // A number that is no label shows nothing to anybody.
        LabelId::try_from(self.label_id).unwrap_or(LabelId::MAX)
    }

    /// The incident itself.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the body cannot be read.
    pub fn incident(&self) -> Result<Incident, StoreError> {
        let mut incident: Incident = serde_json::from_str(&self.body)?;
        // The column decides: a reference that was taken is drawn again after the body was written.
        incident.reference = self.reference.parse().map_err(|_| StoreError::Damaged(self.reference.clone()))?;
        if let Some(openings) = &self.openings {
            incident.openings = serde_json::from_str(openings)?;
        }
        Ok(incident)
    }
}

/// An incident by id or by reference.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// By id.
    Id(Uuid),
    /// By reference.
    Reference(Reference),
}

/// The most rows one statement carries: SQLite allows 32,766 bound values.
const CHUNK: usize = 1_024;

/// Writes new incidents: state, change log, people and places. Gives the ids that were taken already, of which nothing
/// is written. No scope: nothing is read.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, all: &mut [&mut Written]) -> Result<Vec<Uuid>, StoreError> {
    // Where an id comes twice, each goes by itself: the second finds it taken.
    let mut ids = HashSet::with_capacity(all.len());
    let most = if all.iter().all(|written| ids.insert(written.incident.id)) { all.len() } else { 1 };
    let mut taken = Vec::new();
    for some in all.chunks_mut(most.max(1)) {
        taken.extend(insert_distinct(tx, some).await?);
    }
    Ok(taken)
}

async fn insert_distinct(tx: &mut Tx, all: &mut [&mut Written]) -> Result<HashSet<Uuid>, StoreError> {
    let mut taken = HashSet::new();
    let mut missing = insert_states(tx, all).await?;
    // A missing row has its id taken, or its reference, of which there are few: draw those again, longer each time.
    for length in [5, 6, 7] {
        if missing.is_empty() {
            break;
        }
        let known = existing(tx, &missing).await?;
        let mut again: Vec<&mut Written> = all.iter_mut().map(|written| &mut **written).collect();
        again.retain(|written| missing.contains(&written.incident.id) && !known.contains(&written.incident.id));
        for written in &mut again {
            written.incident.reference = Reference::random(Reference::INCIDENT, written.incident.recorded_at.year(), length);
        }
        taken.extend(known);
        missing = insert_states(tx, &again).await?;
    }
    if !missing.is_empty() {
        return Err(StoreError::Conflict("incident reference".to_owned()));
    }
    let fresh: Vec<&Written> = all.iter().map(|written| &**written).filter(|written| !taken.contains(&written.incident.id)).collect();
    insert_rest(tx, &fresh).await?;
    Ok(taken)
}

async fn existing(tx: &mut Tx, ids: &HashSet<Uuid>) -> Result<Vec<Uuid>, StoreError> {
    let mut found = Vec::new();
    for chunk in ids.iter().copied().collect::<Vec<_>>().chunks(CHUNK) {
        let chunk = filled(chunk);
        let rows: Vec<(Uuid,)> = build!(tx, fetch_all, (Uuid,), |q| {
            q.push("SELECT id FROM incident WHERE id IN (");
            list!(q, id in &chunk => *id);
            q.push(")");
        })?;
        found.extend(rows.into_iter().map(|row| row.0));
    }
    Ok(found)
}

/// Gives the ids of the rows that were not written.
async fn insert_states(tx: &mut Tx, rows: &[&mut Written]) -> Result<HashSet<Uuid>, StoreError> {
    let done = insert!(tx, (Uuid,), rows, CHUNK, |q, batch| {
        q.push(
            "INSERT INTO incident (id, reference, version, label_id, owning_agency_id, recording_agency_id, status, first_day, last_day, \
             types, easting, northing, at, officer_id, agency_id, request_id, body) ",
        );
        q.push_values(batch, |mut row, written| {
            let incident = &written.incident;
            let (first, last) = incident.details.occurred.day_numbers();
            let point = incident.counted_place().and_then(|place| place.grid);
            row.push_bind(incident.id)
                .push_bind(incident.reference.as_str())
                .push_bind(incident.version)
                .push_bind(i64::from(written.label))
                .push_bind(incident.details.owning_agency)
                .push_bind(incident.recording_agency)
                .push_bind(incident.details.status.as_str())
                .push_bind(i64::from(first))
                .push_bind(i64::from(last))
                .push_bind(i64::from(vocabulary::current().nsir_bits(&incident.details.types)))
                .push_bind(point.map(|grid| grid.easting))
                .push_bind(point.map(|grid| grid.northing))
                .push_bind(At(incident.changed_at))
                .push_bind(written.by.0)
                .push_bind(written.by.1)
                .push_bind(written.request_id.as_str())
                .push_bind(written.body.as_str());
        });
        q.push(" ON CONFLICT DO NOTHING RETURNING id");
    })?;
    if done.len() == rows.len() {
        return Ok(HashSet::new());
    }
    let done: HashSet<Uuid> = done.into_iter().map(|row| row.0).collect();
    Ok(rows.iter().map(|written| written.incident.id).filter(|id| !done.contains(id)).collect())
}

pub(crate) async fn insert_rest(tx: &mut Tx, rows: &[&Written]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let changed: Vec<(Uuid, i64)> = rows.iter().map(|written| (written.incident.id, written.incident.version)).collect();
    changes::append(tx, &changed).await?;
    mentions::insert(tx, rows).await?;
    for link in rows.iter().flat_map(|written| &written.apart) {
        person_links::insert(tx, link).await?;
    }
    places::insert_keys(tx, rows).await?;
    intakes::finish(tx, rows).await
}

/// Changes to whom a record is handed and closed: its label and those of the people in it, no version of it. No scope: the
/// caller has read and authorised the incident in this transaction.
///
/// # Errors
/// When the database fails.
pub async fn reopen(tx: &mut Tx, written: &Written) -> Result<(), StoreError> {
    let incident = &written.incident;
    let openings = if incident.openings.is_empty() { None } else { Some(serde_json::to_string(&incident.openings)?) };
    run!(
        tx,
        execute,
        "UPDATE incident SET openings = $1, openings_version = openings_version + 1, label_id = $2 WHERE id = $3",
        openings,
        i64::from(written.label),
        incident.id
    )?;
    for (id, label, _) in &written.people {
        run!(tx, execute, "UPDATE mention SET label_id = $1 WHERE id = $2", i64::from(*label), *id)?;
    }
    changes::append(tx, &[(incident.id, incident.version)]).await
}

/// Replaces the state of an incident by its next version. Gives `false`, and writes nothing, when the version before is
/// not the current one. No scope: the caller has read and authorised the incident in this transaction.
///
/// # Errors
/// When the database fails.
pub async fn update(tx: &mut Tx, written: &Written) -> Result<bool, StoreError> {
    let incident = &written.incident;
    let (first, last) = incident.details.occurred.day_numbers();
    let point = incident.counted_place().and_then(|place| place.grid);
    // Whoever comes second waits here, finds the row there, and changes nothing below.
    run!(
        tx,
        execute,
        "INSERT INTO incident_version (incident_id, version, at, officer_id, agency_id, request_id, body)
         SELECT id, version, at, officer_id, agency_id, request_id, body FROM incident WHERE id = $1 AND version = $2
         ON CONFLICT DO NOTHING",
        incident.id,
        incident.version - 1,
    )?;
    let changed = run!(
        tx,
        execute,
        "UPDATE incident SET version = $1, label_id = $2, owning_agency_id = $3, status = $4, first_day = $5, last_day = $6, types = $7,
         easting = $8, northing = $9, at = $10, officer_id = $11, agency_id = $12, request_id = $13, body = $14
         WHERE id = $15 AND version = $16",
        incident.version,
        i64::from(written.label),
        incident.details.owning_agency,
        incident.details.status.as_str(),
        i64::from(first),
        i64::from(last),
        i64::from(vocabulary::current().nsir_bits(&incident.details.types)),
        point.map(|grid| grid.easting),
        point.map(|grid| grid.northing),
        At(incident.changed_at),
        written.by.0,
        written.by.1,
        written.request_id.as_str(),
        written.body.as_str(),
        incident.id,
        incident.version - 1,
    )?;
    if changed == 0 {
        return Ok(false);
    }
    run!(tx, execute, "DELETE FROM mention WHERE incident_id = $1", incident.id)?;
    run!(tx, execute, "DELETE FROM place_key WHERE incident_id = $1", incident.id)?;
    insert_rest(tx, &[written]).await?;
    Ok(true)
}

/// One incident, whatever its label: the caller decides with it before anything of it is shown. With `lock`, no other
/// write to it is let through until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, key: &Key, lock: bool) -> Result<Option<Stored>, StoreError> {
    let id = match key {
        Key::Id(id) => *id,
        Key::Reference(reference) => {
            let found = run!(tx, fetch_optional, (Uuid,), "SELECT id FROM incident WHERE reference = $1", reference.as_str())?;
            match found {
                Some((id,)) => id,
                None => return Ok(None),
            }
        }
    };
    if lock {
        run!(
            tx,
            fetch_optional,
            (Uuid,),
            { sqlite: "SELECT id FROM incident WHERE id = $1", postgres: "SELECT id FROM incident WHERE id = $1 FOR UPDATE" },
            id
        )?;
    }
    Ok(run!(tx, fetch_optional, Stored, "SELECT id, reference, label_id, version, body, openings FROM incident WHERE id = $1", id)?)
}

/// Several incidents, whatever their labels, in no order: for the follower, and for callers that decide each one before
/// it is shown.
///
/// # Errors
/// When the database fails.
pub async fn load(tx: &mut Tx, keys: &[Key]) -> Result<Vec<Stored>, StoreError> {
    let mut found = Vec::with_capacity(keys.len());
    for chunk in keys.chunks(CHUNK) {
        let (mut ids, mut references) = (Vec::new(), Vec::new());
        for key in chunk {
            match key {
                Key::Id(id) => ids.push(*id),
                Key::Reference(reference) => references.push(reference.as_str()),
            }
        }
        let (ids, references) = (filled(&ids), filled(&references));
        let rows: Vec<Stored> = build!(tx, fetch_all, Stored, |q| {
            q.push("SELECT id, reference, label_id, version, body, openings FROM incident WHERE ");
            if !ids.is_empty() {
                q.push("id IN (");
                list!(q, id in &ids => *id);
                q.push(")");
            }
            if !references.is_empty() {
                q.push(if ids.is_empty() { "reference IN (" } else { " OR reference IN (" });
                list!(q, reference in &references => *reference);
                q.push(")");
            }
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// What a list of incidents is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Its interval must not end before this day.
    pub from_day: Option<i32>,
    /// Its interval must not start after this day.
    pub to_day: Option<i32>,
    /// Any of these NSIR types, as a bit set; 0 for all.
    pub types: u32,
    /// The owning agency.
    pub agency: Option<Uuid>,
    /// West, south, east and north on the grid, in metres.
    pub bounds: Option<[f64; 4]>,
    /// Last seen: first day and id.
    pub after: Option<(i32, Uuid)>,
}

/// The next incidents the caller sees, newest occurrence first.
///
/// # Errors
/// When the database fails.
pub async fn page(tx: &mut Tx, scope: &Scope, filter: &Filter, limit: usize) -> Result<Vec<Stored>, StoreError> {
    let labels: Vec<LabelId> = scope.counted().collect();
    if labels.is_empty() {
        return Ok(Vec::new());
    }
    let rows = build!(tx, fetch_all, Stored, |q| {
        q.push("SELECT id, reference, label_id, version, body, openings FROM incident WHERE label_id IN (");
        list!(q, label in &labels => i64::from(*label));
        q.push(")");
        if let Some(day) = filter.from_day {
            q.push(" AND last_day >= ").push_bind(i64::from(day));
        }
        if let Some(day) = filter.to_day {
            q.push(" AND first_day <= ").push_bind(i64::from(day));
        }
        if filter.types != 0 {
            q.push(" AND (types & ").push_bind(i64::from(filter.types)).push(") <> 0");
        }
        if let Some(agency) = filter.agency {
            q.push(" AND owning_agency_id = ").push_bind(agency);
        }
        if let Some([west, south, east, north]) = filter.bounds {
            q.push(" AND easting >= ").push_bind(west).push(" AND easting <= ").push_bind(east);
            q.push(" AND northing >= ").push_bind(south).push(" AND northing <= ").push_bind(north);
        }
        if let Some((day, id)) = filter.after {
            q.push(" AND (first_day < ").push_bind(i64::from(day));
            q.push(" OR (first_day = ").push_bind(i64::from(day)).push(" AND id < ").push_bind(id).push("))");
        }
        q.push(" ORDER BY first_day DESC, id DESC LIMIT ").push_bind(limit as i64);
    })?;
    Ok(rows)
}

/// One version of an incident.
#[derive(Debug, Clone)]
pub struct Version {
    /// The version.
    pub version: i64,
    /// When it was written.
    pub at: Timestamp,
    /// By which officer.
    pub officer: Uuid,
    /// For which agency.
    pub agency: Uuid,
    /// In which request.
    pub request_id: String,
    /// The whole incident as it was then.
    pub body: String,
}

/// Every version of an incident the caller has been authorised for, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn versions(tx: &mut Tx, id: Uuid) -> Result<Vec<Version>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        (i64, At, Uuid, Uuid, String, String),
        "SELECT version, at, officer_id, agency_id, request_id, body FROM incident_version WHERE incident_id = $1
         UNION ALL SELECT version, at, officer_id, agency_id, request_id, body FROM incident WHERE id = $1
         ORDER BY version",
        id
    )?;
    Ok(rows
        .into_iter()
        .map(|(version, at, officer, agency, request_id, body)| Version { version, at: at.0, officer, agency, request_id, body })
        .collect())
}

/// Puts earlier versions of an imported incident into its history.
///
/// # Errors
/// When the database fails, or a version is there already.
pub async fn insert_earlier(tx: &mut Tx, earlier: &[Written]) -> Result<(), StoreError> {
    insert!(tx, (), earlier, CHUNK, |q, batch| {
        q.push("INSERT INTO incident_version (incident_id, version, at, officer_id, agency_id, request_id, body) ");
        q.push_values(batch, |mut row, written| {
            row.push_bind(written.incident.id)
                .push_bind(written.incident.version)
                .push_bind(At(written.incident.changed_at))
                .push_bind(written.by.0)
                .push_bind(written.by.1)
                .push_bind(written.request_id.as_str())
                .push_bind(written.body.as_str());
        });
        // A history that came in several lines may have been cut off between them.
        q.push(" ON CONFLICT DO NOTHING");
    })?;
    Ok(())
}

/// What hotspots need of one incident.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct ColumnRow {
    /// Its id.
    pub id: Uuid,
    /// Which of two states of it is the later: grows with every version and every change of its label.
    pub version: i64,
    label_id: i64,
    first_day: i64,
    last_day: i64,
    types: i64,
    /// The owning agency.
    pub owning_agency_id: Uuid,
    status: String,
    /// Metres east, where it has a point.
    pub easting: Option<f64>,
    /// Metres north.
    pub northing: Option<f64>,
    /// The event it is one of several linked records of.
    pub event_id: Option<Uuid>,
}

impl ColumnRow {
    /// The label of the record.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] for a number that is no label.
    pub fn label(&self) -> Result<LabelId, StoreError> {
        number(self.label_id)
    }
    /// First and last day, days since 1970-01-01.
    pub fn days(&self) -> (i32, i32) {
        (self.first_day as i32, self.last_day as i32)
    }
    /// NSIR types as a bit set.
    pub fn types(&self) -> u32 {
        self.types as u32
    }
    /// Whether it counts anywhere.
    pub fn counts(&self) -> bool {
        self.status != model::Status::RecordedInError.as_str()
    }
}

/// The next `limit` incidents by id, for building columns. No scope: columns keep the label and filter by it.
///
/// # Errors
/// When the database fails.
pub async fn columns(tx: &mut Tx, after: Option<Uuid>, limit: i64) -> Result<Vec<ColumnRow>, StoreError> {
    let after = after.unwrap_or(Uuid::nil());
    Ok(run!(
        tx,
        fetch_all,
        ColumnRow,
        "SELECT id, version + openings_version AS version, label_id, first_day, last_day, types, owning_agency_id, status, easting, northing, event_id
         FROM incident WHERE id > $1 ORDER BY id LIMIT $2",
        after,
        limit
    )?)
}

/// The same for some incidents.
///
/// # Errors
/// When the database fails.
pub async fn columns_of(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<ColumnRow>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let chunk = filled(chunk);
        let rows: Vec<ColumnRow> = build!(tx, fetch_all, ColumnRow, |q| {
            q.push(
                "SELECT id, version + openings_version AS version, label_id, first_day, last_day, types, owning_agency_id, status, easting, \
                 northing, event_id \
                 FROM incident WHERE id IN (",
            );
            list!(q, id in &chunk => *id);
            q.push(")");
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// How many incidents there are: for start-up and operations, never shown to an officer.
///
/// # Errors
/// When the database fails.
pub async fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    let (count,) = run!(tx, fetch_one, (i64,), "SELECT count(*) FROM incident")?;
    Ok(count)
}

/// The next `limit` whole incidents by id, for the follower's rebuild and for export by an authorised caller.
///
/// # Errors
/// When the database fails.
pub async fn all_after(tx: &mut Tx, after: Option<Uuid>, limit: i64) -> Result<Vec<Stored>, StoreError> {
    let after = after.unwrap_or(Uuid::nil());
    Ok(run!(
        tx,
        fetch_all,
        Stored,
        "SELECT id, reference, label_id, version, body, openings FROM incident WHERE id > $1 ORDER BY id LIMIT $2",
        after,
        limit
    )?)
}
