//! How officers sign in: local accounts, links to identity providers, attempts that failed. No scope: they are looked up
//! before anybody is known.

use crate::{StoreError, Tx, agencies::name_key, time::At};
use model::{Timestamp, Uuid};
use secrecy::{ExposeSecret, SecretString};

/// A local account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whose it is.
    pub officer: Uuid,
    /// What is typed to sign in.
    pub user_name: String,
    /// The Argon2id hash of the password, with its parameters.
    pub password_hash: SecretString,
}

/// Keeps an account, in place of the officer's former one.
///
/// # Errors
/// [`StoreError::Conflict`] when another officer has the user name.
pub async fn put(tx: &mut Tx, account: &Account, at: Timestamp) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO local_account (officer_id, user_name, user_key, password_hash, changed_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (officer_id) DO UPDATE SET user_name = excluded.user_name, user_key = excluded.user_key,
           password_hash = excluded.password_hash, changed_at = excluded.changed_at",
        account.officer,
        account.user_name.as_str(),
        name_key(&account.user_name),
        account.password_hash.expose_secret(),
        At(at)
    )?;
    Ok(())
}

/// The account of that user name.
///
/// # Errors
/// When the database fails.
pub async fn by_user_name(tx: &mut Tx, user_name: &str) -> Result<Option<Account>, StoreError> {
    let row = run!(
        tx,
        fetch_optional,
        (Uuid, String, String),
        "SELECT officer_id, user_name, password_hash FROM local_account WHERE user_key = $1",
        name_key(user_name)
    )?;
    Ok(row.map(|(officer, user_name, password_hash)| Account { officer, user_name, password_hash: password_hash.into() }))
}

/// The account of an officer.
///
/// # Errors
/// When the database fails.
pub async fn of_officer(tx: &mut Tx, officer: Uuid) -> Result<Option<Account>, StoreError> {
    let row = run!(
        tx,
        fetch_optional,
        (Uuid, String, String),
        "SELECT officer_id, user_name, password_hash FROM local_account WHERE officer_id = $1",
        officer
    )?;
    Ok(row.map(|(officer, user_name, password_hash)| Account { officer, user_name, password_hash: password_hash.into() }))
}

/// Links an officer to somebody at an identity provider, in place of a former link there.
///
/// # Errors
/// [`StoreError::Conflict`] when that somebody is another officer already.
pub async fn link(tx: &mut Tx, issuer: &str, subject: &str, officer: Uuid, at: Timestamp) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO officer_identity (issuer, subject, officer_id, linked_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (issuer, officer_id) DO UPDATE SET subject = excluded.subject, linked_at = excluded.linked_at",
        issuer,
        subject,
        officer,
        At(at)
    )?;
    Ok(())
}

/// The officer that somebody at an identity provider is.
///
/// # Errors
/// When the database fails.
pub async fn linked(tx: &mut Tx, issuer: &str, subject: &str) -> Result<Option<Uuid>, StoreError> {
    let row =
        run!(tx, fetch_optional, (Uuid,), "SELECT officer_id FROM officer_identity WHERE issuer = $1 AND subject = $2", issuer, subject)?;
    Ok(row.map(|(officer,)| officer))
}

/// Attempts that failed in a bucket, and when the last did. Others who ask for the bucket wait for this transaction, so
/// that guesses at the same moment are counted one by one.
///
/// # Errors
/// When the database fails.
pub async fn failures(tx: &mut Tx, kind: &str, bucket: i64, now: Timestamp) -> Result<(i64, Timestamp), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO sign_in_failure (kind, bucket, failures, last_at) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING",
        kind,
        bucket,
        At(now)
    )?;
    let (failures, at) = run!(
        tx,
        fetch_one,
        (i64, At),
        {
            sqlite: "SELECT failures, last_at FROM sign_in_failure WHERE kind = $1 AND bucket = $2",
            postgres: "SELECT failures, last_at FROM sign_in_failure WHERE kind = $1 AND bucket = $2 FOR UPDATE",
        },
        kind,
        bucket
    )?;
    Ok((failures, at.0))
}

/// Writes down how many attempts failed in a bucket.
///
/// # Errors
/// When the database fails.
pub async fn count_failures(tx: &mut Tx, kind: &str, bucket: i64, failures: i64, at: Timestamp) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "UPDATE sign_in_failure SET failures = $1, last_at = $2 WHERE kind = $3 AND bucket = $4",
        failures,
        At(at),
        kind,
        bucket
    )?;
    Ok(())
}

/// Forgets attempts that lie before `before`, and logout tokens that have ended.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut Tx, before: Timestamp, now: Timestamp) -> Result<(), StoreError> {
    run!(tx, execute, "DELETE FROM sign_in_failure WHERE last_at < $1", At(before))?;
    run!(tx, execute, "DELETE FROM logout_token WHERE expires_at < $1", At(now))?;
    Ok(())
}

/// Notes a logout token. Gives `false` for one that came before.
///
/// # Errors
/// When the database fails.
pub async fn note_logout(tx: &mut Tx, issuer: &str, jti: &str, until: Timestamp) -> Result<bool, StoreError> {
    let rows = run!(
        tx,
        execute,
        "INSERT INTO logout_token (issuer, jti, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        issuer,
        jti,
        At(until)
    )?;
    Ok(rows > 0)
}
