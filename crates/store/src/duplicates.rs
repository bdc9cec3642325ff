//! Duplicate links: two agencies recorded the same event. Each keeps its own record; the event is counted once.

use crate::{StoreError, Tx, changes, labels::number, time::At};
use model::{Scope, Timestamp, Uuid};

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: Uuid,
    /// One incident.
    pub first: Uuid,
    /// The other.
    pub second: Uuid,
    /// Who linked them.
    pub officer: Uuid,
    /// For which agency.
    pub agency: Uuid,
    /// When.
    pub linked_at: Timestamp,
    /// When it was undone, if so.
    pub removed_at: Option<Timestamp>,
    /// By which officer.
    pub removed_by: Option<Uuid>,
}

type Row = (Uuid, Uuid, Uuid, Uuid, Uuid, At, Option<At>, Option<Uuid>);

fn link((id, first, second, officer, agency, linked, removed, removed_by): Row) -> Link {
    Link { id, first, second, officer, agency, linked_at: linked.0, removed_at: removed.map(|at| at.0), removed_by }
}

/// Links two incidents the caller has been authorised for, and counts them as one event.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, link: &Link) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO duplicate_link (id, first_id, second_id, officer_id, agency_id, linked_at, removed_at, removed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        link.id,
        link.first,
        link.second,
        link.officer,
        link.agency,
        At(link.linked_at),
        link.removed_at.map(At),
        link.removed_by
    )?;
    if link.removed_at.is_none() {
        regroup(tx, &[link.first, link.second]).await?;
    }
    Ok(())
}

/// Undoes a link; it stays in the history.
///
/// # Errors
/// When the database fails.
pub async fn remove(tx: &mut Tx, link: &Link, by: Uuid, at: Timestamp) -> Result<(), StoreError> {
    run!(tx, execute, "UPDATE duplicate_link SET removed_at = $1, removed_by = $2 WHERE id = $3", At(at), by, link.id)?;
    regroup(tx, &[link.first, link.second]).await
}

/// The links of an incident, undone ones too. The caller shows only those whose both ends it sees.
///
/// # Errors
/// When the database fails.
pub async fn of(tx: &mut Tx, incident: Uuid) -> Result<Vec<Link>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT id, first_id, second_id, officer_id, agency_id, linked_at, removed_at, removed_by FROM duplicate_link
         WHERE first_id = $1 OR second_id = $1 ORDER BY id",
        incident
    )?;
    Ok(rows.into_iter().map(link).collect())
}

/// The two ends of every link in force whose both ends the caller sees.
///
/// # Errors
/// When the database fails.
pub async fn seen(tx: &mut Tx, scope: &Scope) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        (Uuid, Uuid, i64, i64),
        "SELECT l.first_id, l.second_id, a.label_id, b.label_id FROM duplicate_link l
         JOIN incident a ON a.id = l.first_id JOIN incident b ON b.id = l.second_id WHERE l.removed_at IS NULL"
    )?;
    let mut seen = Vec::new();
    for (first, second, one, other) in rows {
        if scope.sees(number(one)?) && scope.sees(number(other)?) {
            seen.push((first, second));
        }
    }
    Ok(seen)
}

/// Every link, for export by an authorised caller.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<Link>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT id, first_id, second_id, officer_id, agency_id, linked_at, removed_at, removed_by FROM duplicate_link ORDER BY id"
    )?;
    Ok(rows.into_iter().map(link).collect())
}

/// Gives every incident connected with `seeds` the event of its group: the smallest id in it.
pub(crate) async fn regroup(tx: &mut Tx, seeds: &[Uuid]) -> Result<(), StoreError> {
    for seed in seeds {
        let mut group = vec![*seed];
        let mut next = 0;
        while next < group.len() {
            for link in of(tx, group[next]).await?.into_iter().filter(|link| link.removed_at.is_none()) {
                for end in [link.first, link.second] {
                    if !group.contains(&end) {
                        group.push(end);
                    }
                }
            }
            next += 1;
        }
        let event = if group.len() > 1 { group.iter().min().copied() } else { None };
        for incident in group {
            let changed = run!(tx, execute, {
                    sqlite: "UPDATE incident SET event_id = $1 WHERE id = $2 AND event_id IS NOT $1",
                    postgres: "UPDATE incident SET event_id = $1 WHERE id = $2 AND event_id IS DISTINCT FROM $1",
                }, event, incident)?;
            if changed > 0 {
                let (version,) = run!(tx, fetch_one, (i64,), "SELECT version FROM incident WHERE id = $1", incident)?;
                changes::touch(tx, &[(incident, version)]).await?;
            }
        }
    }
    Ok(())
}
