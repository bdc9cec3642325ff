//! Mentions: which incident names which person, and which other mention an officer says is the same person.

use crate::{StoreError, Tx, incidents::Written, labels::number, statement::filled};
use model::{LabelId, Uuid};

/// One mention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MentionRow {
    /// The involvement; the person's own id.
    pub id: Uuid,
    /// The incident.
    pub incident: Uuid,
    /// The label of the person's identity in it.
    pub label: LabelId,
    /// The mention an officer says is the same person.
    pub same_person_as: Option<Uuid>,
    /// The agency that owns the incident.
    pub agency: Uuid,
}

type Row = (Uuid, Uuid, i64, Option<Uuid>, Uuid);

fn mention((id, incident, label, same_person_as, agency): Row) -> Result<MentionRow, StoreError> {
    Ok(MentionRow { id, incident, label: number(label)?, same_person_as, agency })
}

const ROWS: &str = "SELECT m.id, m.incident_id, m.label_id, m.same_person_as, i.owning_agency_id
    FROM mention m JOIN incident i ON i.id = m.incident_id";

pub(crate) async fn insert(tx: &mut Tx, rows: &[&Written]) -> Result<(), StoreError> {
    let all: Vec<(Uuid, Uuid, LabelId, Option<Uuid>)> =
        rows.iter().flat_map(|written| written.people.iter().map(|(id, label, same)| (*id, written.incident.id, *label, *same))).collect();
    insert!(tx, (), &all, 2_048, |q, batch| {
        q.push("INSERT INTO mention (id, incident_id, label_id, same_person_as) ");
        q.push_values(batch, |mut row, (id, incident, label, same)| {
            row.push_bind(*id).push_bind(*incident).push_bind(i64::from(*label)).push_bind(*same);
        });
    })?;
    Ok(())
}

/// Mentions that are one of `ids`, or are said to be the same person as one of them. The caller filters them by label:
/// links count only between mentions it sees.
///
/// # Errors
/// When the database fails.
pub async fn around(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<MentionRow>, StoreError> {
    let mut found = Vec::new();
    for chunk in ids.chunks(1_000) {
        let chunk = filled(chunk);
        let rows: Vec<Row> = build!(tx, fetch_all, Row, |q| {
            q.push(ROWS).push(" WHERE m.id IN (");
            list!(q, id in &chunk => *id);
            q.push(") OR m.same_person_as IN (");
            list!(q, id in &chunk => *id);
            q.push(")");
        })?;
        for row in rows {
            found.push(mention(row)?);
        }
    }
    Ok(found)
}

/// The mentions of some incidents, for the follower: it keeps the label beside each.
///
/// # Errors
/// When the database fails.
pub async fn of_incidents(tx: &mut Tx, incidents: &[Uuid]) -> Result<Vec<MentionRow>, StoreError> {
    let mut found = Vec::new();
    for chunk in incidents.chunks(2_000) {
        let chunk = filled(chunk);
        let rows: Vec<Row> = build!(tx, fetch_all, Row, |q| {
            q.push(ROWS).push(" WHERE m.incident_id IN (");
            list!(q, id in &chunk => *id);
            q.push(")");
        })?;
        for row in rows {
            found.push(mention(row)?);
        }
    }
    Ok(found)
}

/// The next `limit` incidents by id that name anybody, for rebuilding the index.
///
/// # Errors
/// When the database fails.
pub async fn incidents_after(tx: &mut Tx, after: Uuid, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        (Uuid,),
        "SELECT DISTINCT incident_id FROM mention WHERE incident_id > $1 ORDER BY incident_id LIMIT $2",
        after,
        limit
    )?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// How many incidents name somebody, for the follower's rebuild.
///
/// # Errors
/// When the database fails.
pub async fn incidents(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(run!(tx, fetch_one, (i64,), "SELECT count(*) FROM (SELECT DISTINCT incident_id FROM mention) AS named")?.0)
}

/// The mentions of the latest `incidents` incidents of an agency that are older than `before`, the latest first; nothing when
/// there are no more. The caller filters them by label.
///
/// # Errors
/// When the database fails.
pub async fn of_agency_before(
    tx: &mut Tx,
    agency: Uuid,
    before: Uuid,
    incidents: i64,
) -> Result<(Vec<MentionRow>, Option<Uuid>), StoreError> {
    let ids = run!(
        tx,
        fetch_all,
        (Uuid,),
        "SELECT id FROM incident WHERE owning_agency_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        agency,
        before,
        incidents
    )?;
    let ids: Vec<Uuid> = ids.into_iter().map(|row| row.0).collect();
    let mut rows = of_incidents(tx, &ids).await?;
    rows.sort_by_key(|row| std::cmp::Reverse((row.incident, row.id)));
    Ok((rows, ids.last().copied()))
}
