//! Partnerships, who is in them, and secondments. No scope: who works with whom is known to every signed-in caller.

use crate::{StoreError, Tx, agencies::name_key, time::At};
use model::{AgencyKind, Membership, Partnership, Secondment, Timestamp, Uuid};

/// Enters a partnership.
///
/// # Errors
/// [`StoreError::Conflict`] when its id or name is taken.
pub async fn insert(tx: &mut Tx, partnership: &Partnership) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO partnership (id, name, name_key, created_at) VALUES ($1, $2, $3, $4)",
        partnership.id,
        partnership.name.as_str(),
        name_key(&partnership.name),
        At(partnership.created_at)
    )?;
    Ok(())
}

/// Keeps a partnership as it is elsewhere, under its name there. Gives `false` when it is here already.
///
/// # Errors
/// [`StoreError::Conflict`] when another has its name.
pub async fn put(tx: &mut Tx, partnership: &Partnership) -> Result<bool, StoreError> {
    let known = all(tx).await?.into_iter().find(|known| known.id == partnership.id);
    match known {
        Some(known) if known.name == partnership.name => return Ok(false),
        Some(_) => return rename(tx, partnership.id, &partnership.name).await,
        None => insert(tx, partnership).await?,
    }
    Ok(true)
}

/// Gives a partnership another name. Gives `false` when there is none with that id.
///
/// # Errors
/// [`StoreError::Conflict`] when the name is taken.
pub async fn rename(tx: &mut Tx, id: Uuid, name: &str) -> Result<bool, StoreError> {
    Ok(run!(tx, execute, "UPDATE partnership SET name = $1, name_key = $2 WHERE id = $3", name, name_key(name), id)? > 0)
}

/// Every partnership, by name.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<Partnership>, StoreError> {
    let rows = run!(tx, fetch_all, (Uuid, String, At), "SELECT id, name, created_at FROM partnership ORDER BY name_key")?;
    Ok(rows.into_iter().map(|(id, name, at)| Partnership { id, name, created_at: at.0 }).collect())
}

/// Enters an agency's time in a partnership. Gives `false` when it is there already.
///
/// # Errors
/// When the database fails.
pub async fn join(tx: &mut Tx, membership: &Membership) -> Result<bool, StoreError> {
    let entered = run!(
        tx,
        execute,
        "INSERT INTO membership (partnership_id, agency_id, from_at, until_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        membership.partnership,
        membership.agency,
        At(membership.from),
        membership.until.map(At)
    )?;
    changed(tx).await?;
    Ok(entered > 0)
}

/// Ends an agency's time in a partnership. Gives `false` when it is not in it.
///
/// # Errors
/// When the database fails.
pub async fn leave(tx: &mut Tx, partnership: Uuid, agency: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    let left = run!(
        tx,
        execute,
        "UPDATE membership SET until_at = $1 WHERE partnership_id = $2 AND agency_id = $3 AND until_at IS NULL",
        At(at),
        partnership,
        agency
    )?;
    changed(tx).await?;
    Ok(left > 0)
}

/// Every time of every agency in every partnership, earliest first.
///
/// # Errors
/// When the database fails.
pub async fn memberships(tx: &mut Tx) -> Result<Vec<Membership>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        (Uuid, Uuid, At, Option<At>),
        "SELECT partnership_id, agency_id, from_at, until_at FROM membership ORDER BY from_at, partnership_id, agency_id"
    )?;
    let membership = |(partnership, agency, from, until): (Uuid, Uuid, At, Option<At>)| Membership {
        partnership,
        agency,
        from: from.0,
        until: until.map(|at| at.0),
    };
    Ok(rows.into_iter().map(membership).collect())
}

/// Enters a secondment.
///
/// # Errors
/// When the database fails.
pub async fn second(tx: &mut Tx, secondment: &Secondment) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO secondment (id, officer_id, home_id, host_id, role, sensitive, from_at, until_at, approved_by, approved_at, ended_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        secondment.id,
        secondment.officer,
        secondment.home,
        secondment.host,
        secondment.role.as_str(),
        i64::from(secondment.sensitive),
        At(secondment.from),
        At(secondment.until),
        secondment.approved_by,
        At(secondment.approved_at),
        secondment.ended_at.map(At)
    )?;
    changed(tx).await
}

/// Ends a secondment at once. Gives `false` when it has ended already.
///
/// # Errors
/// When the database fails.
pub async fn end(tx: &mut Tx, id: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    let ended = run!(tx, execute, "UPDATE secondment SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL", At(at), id)?;
    changed(tx).await?;
    Ok(ended > 0)
}

#[derive(sqlx::FromRow)]
struct SecondmentRow {
    id: Uuid,
    officer_id: Uuid,
    home_id: Uuid,
    host_id: Uuid,
    host_kind: String,
    role: String,
    sensitive: i64,
    from_at: At,
    until_at: At,
    approved_by: Uuid,
    approved_at: At,
    ended_at: Option<At>,
}

/// Every secondment, latest first, with what the host is.
///
/// # Errors
/// When the database fails.
pub async fn secondments(tx: &mut Tx) -> Result<Vec<(Secondment, AgencyKind)>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        SecondmentRow,
        "SELECT s.id, s.officer_id, s.home_id, s.host_id, a.kind AS host_kind, s.role, s.sensitive, s.from_at, s.until_at, s.approved_by,
            s.approved_at, s.ended_at
         FROM secondment s JOIN agency a ON a.id = s.host_id ORDER BY s.from_at DESC, s.id"
    )?;
    rows.into_iter()
        .map(|row| {
            let kind = row.host_kind.parse().map_err(StoreError::Damaged)?;
            let secondment = Secondment {
                id: row.id,
                officer: row.officer_id,
                home: row.home_id,
                host: row.host_id,
                role: row.role.parse().map_err(StoreError::Damaged)?,
                sensitive: row.sensitive != 0,
                from: row.from_at.0,
                until: row.until_at.0,
                approved_by: row.approved_by,
                approved_at: row.approved_at.0,
                ended_at: row.ended_at.map(|at| at.0),
            };
            Ok((secondment, kind))
        })
        .collect()
}

/// The number that every change of partnerships and secondments counts up.
///
/// # Errors
/// When the database fails.
pub async fn version(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(run!(tx, fetch_one, (i64,), "SELECT version FROM standing")?.0)
}

/// Counts a change of who stands where.
pub(crate) async fn changed(tx: &mut Tx) -> Result<(), StoreError> {
    run!(tx, execute, "UPDATE standing SET version = version + 1")?;
    Ok(())
}
