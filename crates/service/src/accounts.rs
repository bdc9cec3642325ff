//! Local accounts: a user name and a password, of which only the hash comes here. Making and checking the hash is the
//! business of `identity`.

use crate::{
    Service, ServiceError,
    agencies::{administers, own_agency},
    sessions::SignedIn,
    sign_in::Hash,
};
use model::{
    Actor, AgencyKind, Officer, Problems, Role, Timestamp, Uuid,
    agency::Named,
    audit::{Entry, Operation, Outcome, Purpose, Request},
};
use secrecy::{ExposeSecret, SecretString};
use store::{Tx, accounts, agencies, credentials};

/// After an hour without an attempt, former ones no longer count.
const FORGIVEN: i64 = 3_600;
/// The longest anybody is told to wait, in seconds.
const LONGEST: i64 = 900;
/// How many failed attempts of others from the same address a sign-in makes up for: a whole office may share one.
const EARNED: i64 = 4;
/// How many attempts fail before one must wait: of one user name, from one address.
const FREE: [(&str, i64); 2] = [("user_name", 5), ("address", 25)];

/// A sign-in that is being tried.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The buckets of the user name and of the address.
    pub buckets: [i64; 2],
    /// The request's id.
    pub request_id: String,
}

/// What is needed to check a password.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Whose account it is.
    pub officer: Uuid,
    /// What is typed to sign in.
    pub user_name: String,
    /// The hash of the password.
    pub password_hash: SecretString,
}

impl From<accounts::Account> for Checked {
    fn from(account: accounts::Account) -> Self {
        Self { officer: account.officer, user_name: account.user_name, password_hash: account.password_hash }
    }
}

/// An account to be made, or a new password for one.
#[derive(Debug, Clone)]
pub struct NewPassword {
    /// What is typed to sign in; the one there is, or one made of the officer's name, unless given.
    pub user_name: Option<String>,
    /// The hash of the password.
    pub password_hash: SecretString,
}

impl Service {
    /// Begins an attempt to sign in: it counts as failed until it succeeds, so that attempts at the same moment count one
    /// by one. Gives the account, if there is one of that name.
    ///
    /// # Errors
    /// [`ServiceError::TooMany`] after too many that failed; that is audited too.
    pub async fn begin_attempt(&self, attempt: &Attempt, user_name: String) -> Result<Option<Checked>, ServiceError> {
        let (service, buckets) = (self.clone(), attempt.buckets);
        let begun = tokio::spawn(async move {
            let now = service.inner.clock.now();
            let mut tx = service.inner.database.begin().await?;
            let wait = count(&mut tx, &buckets, now).await?;
            let account = if wait == 0 { accounts::by_user_name(&mut tx, &user_name).await? } else { None };
            tx.commit().await?;
            Ok::<_, ServiceError>((wait, account))
        });
        let (wait, account) = begun.await??;
        if wait > 0 {
            self.refuse_attempt(attempt, None, "too many attempts").await?;
            return Err(ServiceError::TooMany(u32::try_from(wait).unwrap_or(u32::MAX)));
        }
        Ok(account.map(Checked::from))
    }

    /// Audits an attempt that failed. Of an unknown user name nothing is kept.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn refuse_attempt(&self, attempt: &Attempt, officer: Option<Uuid>, why: &str) -> Result<(), ServiceError> {
        let found = match officer {
            None => None,
            Some(id) => self.read(move |tx, _| Box::pin(async move { Ok(agencies::officer_by_id(tx, id).await?) })).await?,
        };
        self.note(vec![self.refusal(found.as_ref(), &attempt.request_id, why)]).await
    }

    /// The entry of a sign-in that was refused.
    pub(crate) fn refusal(&self, officer: Option<&Officer>, request_id: &str, why: &str) -> Entry {
        let at = self.inner.clock.now();
        let (who, agency) = officer.map_or((Uuid::nil(), Uuid::nil()), |officer| (officer.id, officer.agency));
        let actor = Actor::new(who, "", agency, AgencyKind::Other, Role::Officer);
        let request = Request { actor, at, id: request_id.to_owned(), purpose: Purpose::default(), token: None };
        let mut entry = request.entry(Operation::Administration, "sign_in.refused", Outcome::Denied, Vec::new());
        entry.detail = Some(serde_json::json!({ "error": why }));
        entry
    }

    /// Ends an attempt whose password was right: a session begins, under a hash made for it, and the one the browser had
    /// before ends.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] for an officer who may not sign in so; that is audited.
    pub async fn finish_attempt(
        &self,
        attempt: &Attempt,
        officer: Uuid,
        session: Hash,
        before: Option<Hash>,
    ) -> Result<SignedIn, ServiceError> {
        let found = self.find_officer(Named::Id(officer)).await?;
        if found.suspended_at.is_some() || found.role == Role::IntegrationClient {
            self.note(vec![self.refusal(Some(&found), &attempt.request_id, "this officer may not sign in with a password")]).await?;
            return Err(ServiceError::Unauthenticated);
        }
        let buckets = attempt.buckets;
        self.open_session(&found, session, before, None, attempt.request_id.clone(), move |tx, now| Box::pin(forgive(tx, buckets, now)))
            .await
    }

    /// Gives an officer of the own agency, other than oneself, a local account or a new password. Their sessions end.
    /// Gives the user name.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], also for oneself and for programs; [`ServiceError::NotFound`],
    /// [`ServiceError::Conflict`] when another officer has the user name.
    pub async fn set_password(&self, request: &Request, officer: Uuid, new: NewPassword) -> Result<String, ServiceError> {
        self.write(request, Operation::Administration, "password.set", move |tx, _, request| {
            Box::pin(async move {
                administers(&request.actor)?;
                let found = agencies::officer_by_id(tx, officer).await?.ok_or(ServiceError::NotFound)?;
                own_agency(&request.actor, found.agency)?;
                if officer == request.actor.officer {
                    return Err(ServiceError::Forbidden("change your own password with PUT /v1/me/password"));
                }
                if found.role == Role::IntegrationClient {
                    return Err(ServiceError::Forbidden("a program has tokens and no password"));
                }
                let former = accounts::of_officer(tx, officer).await?.map(|account| account.user_name);
                let user_name = new.user_name.or(former).unwrap_or_else(|| user_name_of(&found.name));
                check_user_name(&user_name)?;
                let account = accounts::Account { officer, user_name: user_name.clone(), password_hash: new.password_hash };
                put(tx, &account, request.at).await?;
                credentials::revoke_sessions(tx, officer, None, request.at).await?;
                Ok((user_name, vec![officer]))
            })
        })
        .await
    }

    /// The hash of the caller's own password, to check the old one against.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for somebody without a local account.
    pub async fn own_account(&self, request: &Request) -> Result<Checked, ServiceError> {
        let officer = request.actor.officer;
        let account = self.read(move |tx, _| Box::pin(async move { Ok(accounts::of_officer(tx, officer).await?) })).await?;
        match account {
            Some(account) => Ok(Checked::from(account)),
            None => Err(self.note_refusal(request, "password.change", ServiceError::NotFound).await),
        }
    }

    /// Changes the caller's own password, the old one (`checked`) having been right. All their other sessions end.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] when it has changed meanwhile.
    pub async fn change_password(
        &self,
        request: &Request,
        attempt: &Attempt,
        checked: Checked,
        password_hash: SecretString,
    ) -> Result<(), ServiceError> {
        let buckets = attempt.buckets;
        self.write(request, Operation::Administration, "password.change", move |tx, _, request| {
            Box::pin(async move {
                let officer = request.actor.officer;
                let account = accounts::of_officer(tx, officer).await?.ok_or(ServiceError::NotFound)?;
                if account.password_hash.expose_secret() != checked.password_hash.expose_secret() {
                    return Err(ServiceError::Conflict("your password has just been changed: sign in again".to_owned()));
                }
                put(tx, &accounts::Account { password_hash, ..account }, request.at).await?;
                credentials::revoke_sessions(tx, officer, request.token, request.at).await?;
                forgive(tx, buckets, request.at).await?;
                Ok(((), vec![officer]))
            })
        })
        .await
    }
}

/// Counts an attempt in its buckets; gives how many seconds one must wait instead, if at all.
async fn count(tx: &mut Tx, buckets: &[i64; 2], now: Timestamp) -> Result<i64, ServiceError> {
    let mut counted = [0; 2];
    let mut wait = 0;
    for (at, (kind, free)) in FREE.into_iter().enumerate() {
        let (failures, last) = accounts::failures(tx, kind, buckets[at], now).await?;
        let failures = if last.plus_seconds(FORGIVEN) <= now { 0 } else { failures };
        let until = last.plus_seconds(pause(failures, free));
        if until > now {
            wait = wait.max((until.seconds_since(now).ceil() as i64).max(1));
        }
        counted[at] = failures + 1;
    }
    if wait == 0 {
        for (at, (kind, _)) in FREE.into_iter().enumerate() {
            accounts::count_failures(tx, kind, buckets[at], counted[at], now).await?;
        }
    }
    Ok(wait)
}

/// The attempt counted last was none that failed.
async fn forgive(tx: &mut Tx, buckets: [i64; 2], now: Timestamp) -> Result<(), ServiceError> {
    accounts::count_failures(tx, FREE[0].0, buckets[0], 0, now).await?;
    let (failures, _) = accounts::failures(tx, FREE[1].0, buckets[1], now).await?;
    accounts::count_failures(tx, FREE[1].0, buckets[1], (failures - 1 - EARNED).max(0), now).await?;
    Ok(())
}

/// How long one waits after so many attempts that failed: not at all for the first, then 30 seconds, doubled each time.
fn pause(failures: i64, free: i64) -> i64 {
    let over = failures - free;
    if over < 0 { 0 } else { LONGEST.min(30_i64 << over.min(10)) }
}

async fn put(tx: &mut Tx, account: &accounts::Account, at: Timestamp) -> Result<(), ServiceError> {
    accounts::put(tx, account, at).await.map_err(|error| match error {
        store::StoreError::Conflict(_) => ServiceError::Conflict("another officer has this user name: choose another".to_owned()),
        other => other.into(),
    })
}

fn check_user_name(name: &str) -> Result<(), ServiceError> {
    let mut problems = Problems::default();
    problems.text("user_name", name, 100);
    problems.into_result().map_err(ServiceError::Invalid)
}

/// `Pat Reed` signs in as `pat.reed`.
fn user_name_of(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(".").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn the_wait_doubles_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> = (0..12).map(|failures| pause(failures, 5)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]);
        assert_eq!(pause(i64::MAX, 5), 900);
    }
}
