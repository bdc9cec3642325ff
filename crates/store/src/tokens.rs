//! API tokens: only their hash is kept. No scope: they are looked up before anybody is known.

use crate::{StoreError, Tx, statement::filled, time::At};
use model::{Actor, Timestamp, Uuid};

/// A token as it is kept.
#[derive(Debug, Clone)]
pub struct Token {
    /// Its id.
    pub id: Uuid,
    /// The officer it acts for.
    pub officer: Uuid,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, if so.
    pub revoked_at: Option<Timestamp>,
}

/// Whom a token speaks for, with what may end that.
#[derive(Debug, Clone)]
pub struct Holder {
    /// The officer acting for their agency.
    pub actor: Actor,
    /// When the token ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When the officer was suspended.
    pub suspended_at: Option<Timestamp>,
}

impl Holder {
    /// The actor, while the token is in force.
    pub fn at(&self, now: Timestamp) -> Option<&Actor> {
        let over = |end: Option<Timestamp>| end.is_some_and(|end| end <= now);
        (!over(self.expires_at) && !over(self.revoked_at) && !over(self.suspended_at)).then_some(&self.actor)
    }
}

/// Keeps a token by its hash.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, token: &Token, hash: &[u8; 32]) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO api_token (id, officer_id, hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        token.id,
        token.officer,
        hash.as_slice(),
        At(token.created_at),
        token.expires_at.map(At)
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct HolderRow {
    officer_id: Uuid,
    name: String,
    role: String,
    agency_id: Uuid,
    kind: String,
    expires_at: Option<At>,
    revoked_at: Option<At>,
    suspended_at: Option<At>,
}

/// Whom the token with that hash speaks for.
///
/// # Errors
/// When the database fails.
pub async fn holder(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<Holder>, StoreError> {
    let row = run!(
        tx,
        fetch_optional,
        HolderRow,
        "SELECT o.id AS officer_id, o.name, o.role, o.agency_id, a.kind, t.expires_at, t.revoked_at, o.suspended_at
         FROM api_token t JOIN officer o ON o.id = t.officer_id JOIN agency a ON a.id = o.agency_id WHERE t.hash = $1",
        hash.as_slice()
    )?;
    row.map(Holder::try_from).transpose()
}

impl TryFrom<HolderRow> for Holder {
    type Error = StoreError;
    fn try_from(row: HolderRow) -> Result<Self, StoreError> {
        Ok(Self {
            actor: Actor::new(
                row.officer_id,
                row.name,
                row.agency_id,
                row.kind.parse().map_err(StoreError::Damaged)?,
                row.role.parse().map_err(StoreError::Damaged)?,
            ),
            expires_at: row.expires_at.map(|at| at.0),
            revoked_at: row.revoked_at.map(|at| at.0),
            suspended_at: row.suspended_at.map(|at| at.0),
        })
    }
}

/// Which of these tokens are in force at `now`: asked again in the transaction that shows or writes something.
///
/// # Errors
/// When the database fails.
pub async fn in_force(tx: &mut Tx, hashes: &[[u8; 32]], now: Timestamp) -> Result<Vec<[u8; 32]>, StoreError> {
    type Row = (Vec<u8>, Option<At>, Option<At>, Option<At>);
    let mut found = Vec::with_capacity(hashes.len());
    for chunk in hashes.chunks(256) {
        let chunk = filled(chunk);
        let rows: Vec<Row> = build!(tx, fetch_all, Row, |q| {
            q.push("SELECT t.hash, t.expires_at, t.revoked_at, o.suspended_at FROM api_token t JOIN officer o ON o.id = t.officer_id WHERE t.hash IN (");
            list!(q, hash in &chunk => hash.to_vec());
            q.push(")");
        })?;
        let over = |end: Option<At>| end.is_some_and(|end| end.0 <= now);
        for (hash, expires, revoked, suspended) in rows {
            if !over(expires) && !over(revoked) && !over(suspended) {
                found.push(hash.try_into().map_err(|_| StoreError::Damaged("token hash".to_owned()))?);
            }
        }
    }
    Ok(found)
}

/// The tokens of an officer, newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_officer(tx: &mut Tx, officer: Uuid) -> Result<Vec<Token>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        (Uuid, Uuid, At, Option<At>, Option<At>),
        "SELECT id, officer_id, created_at, expires_at, revoked_at FROM api_token WHERE officer_id = $1 ORDER BY id DESC",
        officer
    )?;
    Ok(rows
        .into_iter()
        .map(|(id, officer, created, expires, revoked)| Token {
            id,
            officer,
            created_at: created.0,
            expires_at: expires.map(|at| at.0),
            revoked_at: revoked.map(|at| at.0),
        })
        .collect())
}

/// Revokes a token at once. Gives `false` when there is none in force with that id.
///
/// # Errors
/// When the database fails.
pub async fn revoke(tx: &mut Tx, id: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    Ok(run!(tx, execute, "UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL", At(at), id)? > 0)
}
