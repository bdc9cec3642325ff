//! Releases (the register of disclosures), blocks and emergency access. What is in force stands in the record's label too;
//! these rows are what was decided, by whom, until when. No scope: callers see those of their own agency.

use crate::{StoreError, Tx, time::At};
use model::{
    Timestamp, Uuid,
    opening::{Block, EmergencyAccess, Release},
};

#[derive(sqlx::FromRow)]
struct ReleaseRow {
    id: Uuid,
    incident_id: Uuid,
    owner_id: Uuid,
    to_agency_id: Option<Uuid>,
    to_officer_id: Option<Uuid>,
    grade: String,
    basis: String,
    conditions: Option<String>,
    from_at: At,
    until_at: At,
    officer_id: Uuid,
    recorded_at: At,
    revoked_at: Option<At>,
    revoked_by: Option<Uuid>,
}

impl TryFrom<ReleaseRow> for Release {
    type Error = StoreError;
    fn try_from(row: ReleaseRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            incident: row.incident_id,
            owner: row.owner_id,
            to_agency: row.to_agency_id,
            to_officer: row.to_officer_id,
            grade: row.grade.parse().map_err(StoreError::Damaged)?,
            basis: row.basis,
            conditions: row.conditions,
            from: row.from_at.0,
            until: row.until_at.0,
            released_by: row.officer_id,
            recorded_at: row.recorded_at.0,
            revoked_at: row.revoked_at.map(|at| at.0),
            revoked_by: row.revoked_by,
        })
    }
}

/// Enters a release.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, release: &Release) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO record_release (id, incident_id, owner_id, to_agency_id, to_officer_id, grade, basis, conditions, from_at, until_at,
            officer_id, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        release.id,
        release.incident,
        release.owner,
        release.to_agency,
        release.to_officer,
        release.grade.as_str(),
        release.basis.as_str(),
        release.conditions.as_deref(),
        At(release.from),
        At(release.until),
        release.released_by,
        At(release.recorded_at)
    )?;
    Ok(())
}

/// The release with that id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<Release>, StoreError> {
    let row = run!(
        tx,
        fetch_optional,
        ReleaseRow,
        "SELECT id, incident_id, owner_id, to_agency_id, to_officer_id, grade, basis, conditions, from_at, until_at, officer_id,
            recorded_at, revoked_at, revoked_by FROM record_release WHERE id = $1",
        id
    )?;
    row.map(Release::try_from).transpose()
}

/// What an agency has released, latest first, before a release already seen.
///
/// # Errors
/// When the database fails.
pub async fn of_owner(tx: &mut Tx, owner: Uuid, before: Option<Uuid>, limit: i64) -> Result<Vec<Release>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        ReleaseRow,
        "SELECT id, incident_id, owner_id, to_agency_id, to_officer_id, grade, basis, conditions, from_at, until_at, officer_id,
            recorded_at, revoked_at, revoked_by FROM record_release WHERE owner_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        owner,
        before.unwrap_or(Uuid::max()),
        limit
    )?;
    rows.into_iter().map(Release::try_from).collect()
}

/// Revokes a release at once. Gives `false` when it is revoked already.
///
/// # Errors
/// When the database fails.
pub async fn revoke(tx: &mut Tx, id: Uuid, by: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    let revoked = run!(
        tx,
        execute,
        "UPDATE record_release SET revoked_at = $1, revoked_by = $2 WHERE id = $3 AND revoked_at IS NULL",
        At(at),
        by,
        id
    )?;
    Ok(revoked > 0)
}

/// Enters a block.
///
/// # Errors
/// When the database fails.
pub async fn insert_block(tx: &mut Tx, block: &Block) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO block (id, incident_id, officer_id, agency_id, reason, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        block.id,
        block.incident,
        block.officer,
        block.agency,
        block.reason.as_str(),
        block.set_by,
        At(block.set_at)
    )?;
    Ok(())
}

type BlockRow = (Uuid, Uuid, Uuid, Uuid, String, Uuid, At, Option<At>, Option<Uuid>);

/// The blocks of an incident, latest first.
///
/// # Errors
/// When the database fails.
pub async fn blocks_of(tx: &mut Tx, incident: Uuid) -> Result<Vec<Block>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        BlockRow,
        "SELECT id, incident_id, officer_id, agency_id, reason, set_by, set_at, lifted_at, lifted_by FROM block
         WHERE incident_id = $1 ORDER BY id DESC",
        incident
    )?;
    let block = |(id, incident, officer, agency, reason, set_by, set_at, lifted_at, lifted_by): BlockRow| Block {
        id,
        incident,
        officer,
        agency,
        reason,
        set_by,
        set_at: set_at.0,
        lifted_at: lifted_at.map(|at| at.0),
        lifted_by,
    };
    Ok(rows.into_iter().map(block).collect())
}

/// Lifts the blocks of an officer from an incident. Gives `false` when there is none in force.
///
/// # Errors
/// When the database fails.
pub async fn lift(tx: &mut Tx, incident: Uuid, officer: Uuid, by: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    let lifted = run!(
        tx,
        execute,
        "UPDATE block SET lifted_at = $1, lifted_by = $2 WHERE incident_id = $3 AND officer_id = $4 AND lifted_at IS NULL",
        At(at),
        by,
        incident,
        officer
    )?;
    Ok(lifted > 0)
}

/// Enters emergency access, with each record it opens and whose that is.
///
/// # Errors
/// When the database fails.
pub async fn insert_emergency(tx: &mut Tx, access: &EmergencyAccess, records: &[(Uuid, Uuid)]) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO emergency_access (id, officer_id, agency_id, reason, opened_at, until_at) VALUES ($1, $2, $3, $4, $5, $6)",
        access.id,
        access.officer,
        access.agency,
        access.reason.as_str(),
        At(access.opened_at),
        At(access.until)
    )?;
    for (incident, owner) in records {
        run!(
            tx,
            execute,
            "INSERT INTO emergency_record (emergency_id, incident_id, owner_id) VALUES ($1, $2, $3)",
            access.id,
            *incident,
            *owner
        )?;
    }
    Ok(())
}

type EmergencyRow = (Uuid, Uuid, Uuid, String, At, At, i64);

/// The emergency accesses by an agency's officers, or to its records, latest first; how many of its records, or of all for
/// the agency whose officer opened them.
///
/// # Errors
/// When the database fails.
pub async fn emergencies(tx: &mut Tx, agency: Uuid, limit: i64) -> Result<Vec<EmergencyAccess>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        EmergencyRow,
        "SELECT e.id, e.officer_id, e.agency_id, e.reason, e.opened_at, e.until_at,
            (SELECT count(*) FROM emergency_record r WHERE r.emergency_id = e.id AND (r.owner_id = $1 OR e.agency_id = $1))
         FROM emergency_access e
         WHERE e.agency_id = $1 OR EXISTS (SELECT 1 FROM emergency_record r WHERE r.emergency_id = e.id AND r.owner_id = $1)
         ORDER BY e.id DESC LIMIT $2",
        agency,
        limit
    )?;
    let access = |(id, officer, agency, reason, opened_at, until, records): EmergencyRow| EmergencyAccess {
        id,
        officer,
        agency,
        reason,
        opened_at: opened_at.0,
        until: until.0,
        records,
    };
    Ok(rows.into_iter().map(access).collect())
}
