//! Notices. No scope: each is for a role of one agency or for one officer, and only they ask for theirs.

use crate::{StoreError, Tx, time::At};
use model::{
    Role, Timestamp, Uuid,
    notice::{Notice, NoticeKind},
};

/// Whom a notice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Whoever has this role in the agency.
    Role(Role),
    /// One officer.
    Officer(Uuid),
}

/// Tells somebody something, once: a notice of the same kind to the same people about the same is not repeated within a day.
///
/// # Errors
/// When the database fails.
pub async fn tell(tx: &mut Tx, notice: &Notice, whom: For) -> Result<(), StoreError> {
    let (role, officer) = match whom {
        For::Role(role) => (Some(role.as_str()), None),
        For::Officer(officer) => (None, Some(officer)),
    };
    let once = format!(
        "{} {} {} {} {} {} {}",
        notice.kind,
        notice.agency.simple(),
        role.unwrap_or_default(),
        officer.map(|id| id.simple().to_string()).unwrap_or_default(),
        notice.about.map(|id| id.simple().to_string()).unwrap_or_default(),
        notice.record.map(|id| id.simple().to_string()).unwrap_or_default(),
        notice.at.london_day()
    );
    run!(
        tx,
        execute,
        "INSERT INTO notice (id, kind, agency_id, role, officer_id, about_id, record_id, at, once)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        notice.id,
        notice.kind.as_str(),
        notice.agency,
        role,
        officer,
        notice.about,
        notice.record,
        At(notice.at),
        once
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    agency_id: Uuid,
    about_id: Option<Uuid>,
    record_id: Option<Uuid>,
    at: At,
    seen_at: Option<At>,
}

/// The notices for an officer acting for an agency in a role, latest first; those about the officer are told to others.
///
/// # Errors
/// When the database fails.
pub async fn of(tx: &mut Tx, reader: (Uuid, Uuid, Role), unseen: bool, limit: i64) -> Result<Vec<Notice>, StoreError> {
    let (officer, agency, role) = reader;
    let rows: Vec<Row> = build!(tx, fetch_all, Row, |q| {
        q.push("SELECT id, kind, agency_id, about_id, record_id, at, seen_at FROM notice WHERE (officer_id = ").push_bind(officer);
        q.push(" OR (agency_id = ").push_bind(agency).push(" AND role = ").push_bind(role.as_str());
        q.push(" AND (about_id IS NULL OR about_id <> ").push_bind(officer).push(")))");
        if unseen {
            q.push(" AND seen_at IS NULL");
        }
        q.push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(limit);
    })?;
    let notice = |row: Row| -> Result<Notice, StoreError> {
        let kind: NoticeKind = row.kind.parse().map_err(StoreError::Damaged)?;
        let (about, record, at) = (row.about_id, row.record_id, row.at.0);
        Ok(Notice { id: row.id, kind, agency: row.agency_id, about, record, at, seen_at: row.seen_at.map(|at| at.0) })
    };
    rows.into_iter().map(notice).collect()
}

/// Notes that somebody it is for has seen a notice.
///
/// # Errors
/// When the database fails.
pub async fn see(tx: &mut Tx, id: Uuid, by: Uuid, at: Timestamp) -> Result<(), StoreError> {
    run!(tx, execute, "UPDATE notice SET seen_at = $1, seen_by = $2 WHERE id = $3 AND seen_at IS NULL", At(at), by, id)?;
    Ok(())
}
