//! Place look-ups: which incidents name a property, an address, a street or a postcode. And postcodes themselves.

use crate::{StoreError, Tx, incidents::Written, statement::batches};
use model::{LabelId, PlaceRole, Scope, Uuid};
use std::collections::BTreeMap;

pub(crate) async fn insert_keys(tx: &mut Tx, rows: &[&Written]) -> Result<(), StoreError> {
    let mut all: Vec<(&'static str, String, Uuid, i64, i64)> = Vec::new();
    for written in rows {
        let hides = written.incident.has_hidden_reporter();
        let from = all.len();
        let day = i64::from(written.incident.details.occurred.day_numbers().0);
        for place in &written.incident.places {
            let hidden = hides && place.role == PlaceRole::ReportedFrom;
            all.extend(place.keys().into_iter().map(|(kind, value)| (kind, value, written.incident.id, i64::from(hidden), day)));
        }
        // The same key twice counts once, and openly where one of the two is open.
        all[from..].sort_unstable();
        let mut kept = from;
        for at in from..all.len() {
            if at == from || (all[at].0, &all[at].1) != (all[kept - 1].0, &all[kept - 1].1) {
                all.swap(kept, at);
                kept += 1;
            }
        }
        all.truncate(kept);
    }
    insert!(tx, (), &all, 2_048, |q, batch| {
        q.push("INSERT INTO place_key (kind, value, incident_id, hidden, first_day) ");
        q.push_values(batch, |mut row, (kind, value, incident, hidden, day)| {
            row.push_bind(*kind).push_bind(value.as_str()).push_bind(*incident).push_bind(*hidden).push_bind(*day);
        });
    })?;
    Ok(())
}

/// Ids of the incidents at a place that the caller sees, newest occurrence first. A key that only a hidden reporter's
/// place gives is found by the owning agency alone.
///
/// # Errors
/// When the database fails.
pub async fn incidents_at(
    tx: &mut Tx,
    scope: &Scope,
    kind: &str,
    value: &str,
    after: Option<(i32, Uuid)>,
    limit: usize,
) -> Result<Vec<Uuid>, StoreError> {
    found(tx, scope, (kind, value), Among::After(after), limit).await
}

/// Ids of the latest incidents at a place (kind of key and value) that began between two days, both counted, and that the caller
/// sees, as [`incidents_at`] but for those recorded in error.
///
/// # Errors
/// When the database fails.
pub async fn incidents_at_between(
    tx: &mut Tx,
    scope: &Scope,
    place: (&str, &str),
    days: (i32, i32),
    limit: usize,
) -> Result<Vec<Uuid>, StoreError> {
    found(tx, scope, place, Among::Between(days), limit).await
}

/// Which of the incidents at a place are asked for.
enum Among {
    /// Those behind the last of a page, by day and id.
    After(Option<(i32, Uuid)>),
    /// Those that began between two days and were not recorded in error.
    Between((i32, i32)),
}

async fn found(tx: &mut Tx, scope: &Scope, (kind, value): (&str, &str), among: Among, limit: usize) -> Result<Vec<Uuid>, StoreError> {
    let labels: Vec<LabelId> = scope.counted().collect();
    if labels.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid,)> = build!(tx, fetch_all, (Uuid,), |q| {
        q.push("SELECT k.incident_id FROM place_key k JOIN incident i ON i.id = k.incident_id WHERE k.kind = ").push_bind(kind);
        q.push(" AND k.value = ").push_bind(value);
        q.push(" AND (k.hidden = 0 OR i.owning_agency_id = ").push_bind(scope.actor().agency).push(") AND i.label_id IN (");
        list!(q, label in &labels => i64::from(*label));
        q.push(")");
        match among {
            Among::After(None) => {}
            Among::After(Some((day, id))) => {
                q.push(" AND (k.first_day, k.incident_id) < (").push_bind(i64::from(day)).push(", ").push_bind(id).push(")");
            }
            Among::Between((from, to)) => {
                q.push(" AND k.first_day BETWEEN ").push_bind(i64::from(from)).push(" AND ").push_bind(i64::from(to));
                q.push(" AND i.status <> 'recorded_in_error'");
            }
        }
        q.push(" ORDER BY k.first_day DESC, k.incident_id DESC LIMIT ").push_bind(limit as i64);
    })?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// A postcode's point. Open data: no scope.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct PostcodePoint {
    /// The postcode, as `TS18 1AB`.
    pub postcode: String,
    /// Code-Point's positional quality, 10 (best) to 90 (none).
    pub quality: i64,
    /// Metres east.
    pub easting: f64,
    /// Metres north.
    pub northing: f64,
}

/// Keeps postcodes, replacing those there already; of one that comes twice the last counts. Gives how many were new.
///
/// # Errors
/// When the database fails.
pub async fn put_postcodes(tx: &mut Tx, points: &[PostcodePoint]) -> Result<u64, StoreError> {
    let mut added = 0;
    let points: BTreeMap<&str, &PostcodePoint> = points.iter().map(|point| (point.postcode.as_str(), point)).collect();
    let points: Vec<&PostcodePoint> = points.into_values().collect();
    for chunk in batches(&points, 2_048) {
        let (known,): (i64,) = build!(tx, fetch_one, (i64,), |q| {
            q.push("SELECT count(*) FROM postcode WHERE postcode IN (");
            list!(q, point in chunk => point.postcode.as_str());
            q.push(")");
        })?;
        build!(tx, execute, |q| {
            q.push("INSERT INTO postcode (postcode, quality, easting, northing) ");
            q.push_values(chunk, |mut row, point| {
                row.push_bind(point.postcode.as_str()).push_bind(point.quality).push_bind(point.easting).push_bind(point.northing);
            });
            q.push(
                " ON CONFLICT (postcode) DO UPDATE SET quality = excluded.quality, easting = excluded.easting, \
                 northing = excluded.northing",
            );
        })?;
        added += (chunk.len() as u64).saturating_sub(u64::try_from(known).unwrap_or(0));
    }
    Ok(added)
}

/// The point of a postcode.
///
/// # Errors
/// When the database fails.
pub async fn postcode(tx: &mut Tx, postcode: &str) -> Result<Option<PostcodePoint>, StoreError> {
    Ok(run!(tx, fetch_optional, PostcodePoint, "SELECT postcode, quality, easting, northing FROM postcode WHERE postcode = $1", postcode)?)
}

/// Every postcode, in order, `limit` after one.
///
/// # Errors
/// When the database fails.
pub async fn postcodes_after(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<PostcodePoint>, StoreError> {
    Ok(run!(
        tx,
        fetch_all,
        PostcodePoint,
        "SELECT postcode, quality, easting, northing FROM postcode WHERE postcode > $1 ORDER BY postcode LIMIT $2",
        after,
        limit
    )?)
}
