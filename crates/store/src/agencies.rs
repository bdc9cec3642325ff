//! Agencies and officers. No scope: who belongs to which agency is known to every signed-in caller.

use crate::{StoreError, Tx, time::At};
use model::{Agency, Officer, Role, Timestamp, Uuid};

#[derive(sqlx::FromRow)]
struct AgencyRow {
    id: Uuid,
    name: String,
    kind: String,
    contact: Option<String>,
    created_at: At,
}

impl TryFrom<AgencyRow> for Agency {
    type Error = StoreError;
    fn try_from(row: AgencyRow) -> Result<Self, StoreError> {
        let kind = row.kind.parse().map_err(StoreError::Damaged)?;
        Ok(Self { id: row.id, name: row.name, kind, contact: row.contact, created_at: row.created_at.0 })
    }
}

#[derive(sqlx::FromRow)]
struct OfficerRow {
    id: Uuid,
    agency_id: Uuid,
    name: String,
    role: String,
    created_at: At,
    suspended_at: Option<At>,
}

impl TryFrom<OfficerRow> for Officer {
    type Error = StoreError;
    fn try_from(row: OfficerRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            name: row.name,
            agency: row.agency_id,
            role: row.role.parse().map_err(StoreError::Damaged)?,
            created_at: row.created_at.0,
            suspended_at: row.suspended_at.map(|at| at.0),
        })
    }
}

/// How names are compared: without regard to case and repeated blanks.
pub fn name_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Enters an agency.
///
/// # Errors
/// [`StoreError::Conflict`] when its id or name is taken.
pub async fn insert(tx: &mut Tx, agency: &Agency) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO agency (id, name, name_key, kind, contact, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        agency.id,
        agency.name.as_str(),
        name_key(&agency.name),
        agency.kind.as_str(),
        agency.contact.as_deref(),
        At(agency.created_at)
    )?;
    Ok(())
}

/// Every agency, by name.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<Agency>, StoreError> {
    let rows = run!(tx, fetch_all, AgencyRow, "SELECT id, name, kind, contact, created_at FROM agency ORDER BY name_key")?;
    rows.into_iter().map(Agency::try_from).collect()
}

/// The agency of that name.
///
/// # Errors
/// When the database fails.
pub async fn by_name(tx: &mut Tx, name: &str) -> Result<Option<Agency>, StoreError> {
    let row =
        run!(tx, fetch_optional, AgencyRow, "SELECT id, name, kind, contact, created_at FROM agency WHERE name_key = $1", name_key(name))?;
    row.map(Agency::try_from).transpose()
}

/// The agency with that id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<Agency>, StoreError> {
    let row = run!(tx, fetch_optional, AgencyRow, "SELECT id, name, kind, contact, created_at FROM agency WHERE id = $1", id)?;
    row.map(Agency::try_from).transpose()
}

/// Enters an officer.
///
/// # Errors
/// [`StoreError::Conflict`] when the id, or the name within the agency, is taken.
pub async fn insert_officer(tx: &mut Tx, officer: &Officer) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO officer (id, agency_id, name, name_key, role, created_at, suspended_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        officer.id,
        officer.agency,
        officer.name.as_str(),
        name_key(&officer.name),
        officer.role.as_str(),
        At(officer.created_at),
        officer.suspended_at.map(At)
    )?;
    Ok(())
}

/// Officers, of one agency or of all, by name.
///
/// # Errors
/// When the database fails.
pub async fn officers(tx: &mut Tx, agency: Option<Uuid>) -> Result<Vec<Officer>, StoreError> {
    let rows: Vec<OfficerRow> = build!(tx, fetch_all, OfficerRow, |q| {
        q.push("SELECT id, agency_id, name, role, created_at, suspended_at FROM officer");
        if let Some(agency) = agency {
            q.push(" WHERE agency_id = ").push_bind(agency);
        }
        q.push(" ORDER BY name_key, id");
    })?;
    rows.into_iter().map(Officer::try_from).collect()
}

/// The officer with that id.
///
/// # Errors
/// When the database fails.
pub async fn officer_by_id(tx: &mut Tx, id: Uuid) -> Result<Option<Officer>, StoreError> {
    let row =
        run!(tx, fetch_optional, OfficerRow, "SELECT id, agency_id, name, role, created_at, suspended_at FROM officer WHERE id = $1", id)?;
    row.map(Officer::try_from).transpose()
}

/// The officers of that name, in any agency.
///
/// # Errors
/// When the database fails.
pub async fn officers_by_name(tx: &mut Tx, name: &str) -> Result<Vec<Officer>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        OfficerRow,
        "SELECT id, agency_id, name, role, created_at, suspended_at FROM officer WHERE name_key = $1 ORDER BY id",
        name_key(name)
    )?;
    rows.into_iter().map(Officer::try_from).collect()
}

/// Suspends an officer at once, or lifts it.
///
/// # Errors
/// When the database fails.
pub async fn suspend(tx: &mut Tx, officer: Uuid, at: Option<Timestamp>) -> Result<bool, StoreError> {
    Ok(run!(tx, execute, "UPDATE officer SET suspended_at = $1 WHERE id = $2", at.map(At), officer)? > 0)
}

/// Gives an officer another role; whoever remembers the former asks anew.
///
/// # Errors
/// When the database fails.
pub async fn change_role(tx: &mut Tx, officer: Uuid, role: Role) -> Result<bool, StoreError> {
    let changed = run!(tx, execute, "UPDATE officer SET role = $1 WHERE id = $2", role.as_str(), officer)? > 0;
    crate::partnerships::changed(tx).await?;
    Ok(changed)
}

/// The role of every officer.
///
/// # Errors
/// When the database fails.
pub async fn roles(tx: &mut Tx) -> Result<Vec<(Uuid, Role)>, StoreError> {
    let rows = run!(tx, fetch_all, (Uuid, String), "SELECT id, role FROM officer")?;
    rows.into_iter().map(|(id, role)| Ok((id, role.parse().map_err(StoreError::Damaged)?))).collect()
}
