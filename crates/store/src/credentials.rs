//! What somebody is let in by: API tokens, sessions, access tokens of an identity provider. Only hashes are kept. No
//! scope: they are looked up before anybody is known.

use crate::{StoreError, Tx, statement::filled, time::At};
use model::{Actor, CredentialKind, Timestamp, Uuid};

/// A credential as it is kept.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub kind: CredentialKind,
    /// The officer it acts for.
    pub officer: Uuid,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, if so.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, roughly.
    pub last_used_at: Option<Timestamp>,
    /// How long it may rest, in seconds.
    pub idle_seconds: Option<i64>,
    /// Who vouched for the holder.
    pub vouched: Option<Vouched>,
}

/// The identity provider behind a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The provider.
    pub issuer: String,
    /// The holder there.
    pub subject: String,
    /// Its session, where it has one.
    pub session: Option<String>,
}

/// What may end a credential.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    suspended_at: Option<Timestamp>,
    /// Since when it rests by what is written, and for how long it may.
    idle: Option<(Timestamp, i64)>,
}

impl Ends {
    /// Whether it is in force at `now`, given when this process last saw it used.
    pub fn in_force(&self, now: Timestamp, used: Option<Timestamp>) -> bool {
        let over = |end: Option<Timestamp>| end.is_some_and(|end| end <= now);
        let idle = self.idle.map(|(since, seconds)| used.map_or(since, |used| used.max(since)).plus_seconds(seconds));
        !over(self.expires_at) && !over(self.revoked_at) && !over(self.suspended_at) && !over(idle)
    }
}

/// Whom a credential speaks for, with what may end that.
#[derive(Debug, Clone)]
pub struct Holder {
    /// The officer acting for their agency.
    pub actor: Actor,
    /// What it is.
    pub kind: CredentialKind,
    /// What may end it.
    pub ends: Ends,
}

/// Keeps a credential by its hash.
///
/// # Errors
/// [`StoreError::Conflict`] when it is kept already.
pub async fn insert(tx: &mut Tx, new: &Credential, hash: &[u8; 32]) -> Result<(), StoreError> {
    let vouched = new.vouched.as_ref();
    run!(
        tx,
        execute,
        "INSERT INTO credential (id, kind, officer_id, hash, created_at, expires_at, last_used_at, idle_seconds, issuer, subject, provider_session)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        new.id,
        new.kind.as_str(),
        new.officer,
        hash.as_slice(),
        At(new.created_at),
        new.expires_at.map(At),
        new.last_used_at.map(At),
        new.idle_seconds,
        vouched.map(|vouched| vouched.issuer.as_str()),
        vouched.map(|vouched| vouched.subject.as_str()),
        vouched.and_then(|vouched| vouched.session.as_deref())
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct HolderRow {
    officer_id: Uuid,
    name: String,
    role: String,
    agency_id: Uuid,
    agency_kind: String,
    kind: String,
    created_at: At,
    expires_at: Option<At>,
    revoked_at: Option<At>,
    suspended_at: Option<At>,
    last_used_at: Option<At>,
    idle_seconds: Option<i64>,
}

/// Whom the credential with that hash speaks for.
///
/// # Errors
/// When the database fails.
pub async fn holder(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<Holder>, StoreError> {
    let row = run!(
        tx,
        fetch_optional,
        HolderRow,
        "SELECT o.id AS officer_id, o.name, o.role, o.agency_id, a.kind AS agency_kind, c.kind, c.created_at, c.expires_at, c.revoked_at,
                o.suspended_at, c.last_used_at, c.idle_seconds
         FROM credential c JOIN officer o ON o.id = c.officer_id JOIN agency a ON a.id = o.agency_id WHERE c.hash = $1",
        hash.as_slice()
    )?;
    row.map(Holder::try_from).transpose()
}

impl TryFrom<HolderRow> for Holder {
    type Error = StoreError;
    fn try_from(row: HolderRow) -> Result<Self, StoreError> {
        let agency_kind = row.agency_kind.parse().map_err(StoreError::Damaged)?;
        let role = row.role.parse().map_err(StoreError::Damaged)?;
        Ok(Self {
            actor: Actor::new(row.officer_id, row.name, row.agency_id, agency_kind, role),
            kind: row.kind.parse().map_err(StoreError::Damaged)?,
            ends: Ends {
                expires_at: row.expires_at.map(|at| at.0),
                revoked_at: row.revoked_at.map(|at| at.0),
                suspended_at: row.suspended_at.map(|at| at.0),
                idle: row.idle_seconds.map(|seconds| (row.last_used_at.unwrap_or(row.created_at).0, seconds)),
            },
        })
    }
}

/// What may end each of these credentials: asked again in the transaction that shows or writes something.
///
/// # Errors
/// When the database fails.
pub async fn ends(tx: &mut Tx, hashes: &[[u8; 32]]) -> Result<Vec<([u8; 32], Ends)>, StoreError> {
    type Row = (Vec<u8>, At, Option<At>, Option<At>, Option<At>, Option<At>, Option<i64>);
    let mut found = Vec::with_capacity(hashes.len());
    for chunk in hashes.chunks(256) {
        let chunk = filled(chunk);
        let rows: Vec<Row> = build!(tx, fetch_all, Row, |q| {
            q.push(
                "SELECT c.hash, c.created_at, c.expires_at, c.revoked_at, o.suspended_at, c.last_used_at, c.idle_seconds \
                 FROM credential c JOIN officer o ON o.id = c.officer_id WHERE c.hash IN (",
            );
            list!(q, hash in &chunk => hash.to_vec());
            q.push(")");
        })?;
        for (hash, created, expires, revoked, suspended, used, idle) in rows {
            let ends = Ends {
                expires_at: expires.map(|at| at.0),
                revoked_at: revoked.map(|at| at.0),
                suspended_at: suspended.map(|at| at.0),
                idle: idle.map(|seconds| (used.unwrap_or(created).0, seconds)),
            };
            found.push((hash.try_into().map_err(|_| StoreError::Damaged("credential hash".to_owned()))?, ends));
        }
    }
    Ok(found)
}

/// Writes down when credentials were last used, where that is later than what is written.
///
/// # Errors
/// When the database fails.
pub async fn used(tx: &mut Tx, uses: &[([u8; 32], Timestamp)]) -> Result<(), StoreError> {
    for (hash, at) in uses {
        run!(
            tx,
            execute,
            "UPDATE credential SET last_used_at = $1 WHERE hash = $2 AND (last_used_at IS NULL OR last_used_at < $1)",
            At(*at),
            hash.as_slice()
        )?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    hash: Vec<u8>,
    created_at: At,
    expires_at: Option<At>,
    revoked_at: Option<At>,
    last_used_at: Option<At>,
}

/// The API tokens of an officer and the hash of each, newest first.
///
/// # Errors
/// When the database fails.
pub async fn tokens_of(tx: &mut Tx, officer: Uuid) -> Result<Vec<(Credential, Vec<u8>)>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT id, hash, created_at, expires_at, revoked_at, last_used_at FROM credential
         WHERE officer_id = $1 AND kind = 'api_token' ORDER BY id DESC",
        officer
    )?;
    let credential = |row: Row| {
        let credential = Credential {
            id: row.id,
            kind: CredentialKind::ApiToken,
            officer,
            created_at: row.created_at.0,
            expires_at: row.expires_at.map(|at| at.0),
            revoked_at: row.revoked_at.map(|at| at.0),
            last_used_at: row.last_used_at.map(|at| at.0),
            idle_seconds: None,
            vouched: None,
        };
        (credential, row.hash)
    };
    Ok(rows.into_iter().map(credential).collect())
}

/// Revokes a credential at once. Gives `false` when there is none in force with that id.
///
/// # Errors
/// When the database fails.
pub async fn revoke(tx: &mut Tx, id: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    Ok(run!(tx, execute, "UPDATE credential SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL", At(at), id)? > 0)
}

/// Ends what has this hash. Gives its id and, where a provider vouched for it, which.
///
/// # Errors
/// When the database fails.
pub async fn revoke_by_hash(tx: &mut Tx, hash: &[u8; 32], at: Timestamp) -> Result<Option<(Uuid, Option<String>)>, StoreError> {
    let row = run!(
        tx,
        fetch_optional,
        (Uuid, Option<String>),
        "UPDATE credential SET revoked_at = $1 WHERE hash = $2 AND revoked_at IS NULL RETURNING id, issuer",
        At(at),
        hash.as_slice()
    )?;
    Ok(row)
}

/// Ends every session of an officer but the one with this hash.
///
/// # Errors
/// When the database fails.
pub async fn revoke_sessions(tx: &mut Tx, officer: Uuid, but: Option<[u8; 32]>, at: Timestamp) -> Result<u64, StoreError> {
    Ok(run!(
        tx,
        execute,
        "UPDATE credential SET revoked_at = $1 WHERE officer_id = $2 AND kind = 'session' AND revoked_at IS NULL AND hash <> $3",
        At(at),
        officer,
        but.unwrap_or_default().as_slice()
    )?)
}

/// Ends what a provider vouched for: one of its sessions, or all there is of a subject. Gives ids and officers.
///
/// # Errors
/// When the database fails.
pub async fn revoke_vouched(
    tx: &mut Tx,
    issuer: &str,
    subject: Option<&str>,
    session: Option<&str>,
    at: Timestamp,
) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
    Ok(build!(tx, fetch_all, (Uuid, Uuid), |q| {
        q.push("UPDATE credential SET revoked_at = ").push_bind(At(at));
        q.push(" WHERE revoked_at IS NULL AND issuer = ").push_bind(issuer.to_owned());
        if let Some(subject) = subject {
            q.push(" AND subject = ").push_bind(subject.to_owned());
        }
        if let Some(session) = session {
            q.push(" AND provider_session = ").push_bind(session.to_owned());
        }
        q.push(" RETURNING id, officer_id");
    })?)
}

/// Forgets sessions and access tokens that ended before `before`; what they did stays in the ledger.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    Ok(run!(tx, execute, "DELETE FROM credential WHERE kind <> 'api_token' AND expires_at < $1", At(before))?)
}

/// Ends what a provider vouched for of an officer.
///
/// # Errors
/// When the database fails.
pub async fn revoke_vouched_of(tx: &mut Tx, officer: Uuid, issuer: &str, at: Timestamp) -> Result<u64, StoreError> {
    Ok(run!(
        tx,
        execute,
        "UPDATE credential SET revoked_at = $1 WHERE officer_id = $2 AND issuer = $3 AND revoked_at IS NULL",
        At(at),
        officer,
        issuer
    )?)
}
