//! Sessions of people in a browser, and what an identity provider vouches for.

use crate::{
    Service, ServiceError,
    agencies::{administers, own_agency},
    sign_in::Hash,
};
use model::{
    Actor, AgencyKind, CredentialKind, Officer, Problems, Role, Timestamp, Uuid,
    agency::Named,
    audit::{Operation, Outcome, Purpose, Request},
    entropy,
};
use std::{future::Future, pin::Pin};
use store::{Tx, accounts, agencies, audit, credentials};

pub use store::credentials::Vouched;

/// How long a session lasts.
#[derive(Debug, Clone, Copy)]
pub struct Lifetime {
    /// At most, in seconds.
    pub absolute: i64,
    /// Without being used, in seconds.
    pub idle: i64,
}

impl Default for Lifetime {
    fn default() -> Self {
        Self { absolute: 12 * 3_600, idle: 3_600 }
    }
}

/// Somebody who has just signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The officer.
    pub officer: Uuid,
    /// When the session ends at the latest.
    pub expires_at: Timestamp,
}

/// What an identity provider says of somebody, by the claims that the settings name.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Who it is there: what an administrator links an officer to.
    pub officer: String,
    /// The name of the agency the officer must be of, where the settings ask for it.
    pub agency: Option<String>,
}

/// Work to be done in the transaction in which a session begins.
pub(crate) type Beside<'a> = Pin<Box<dyn Future<Output = Result<(), ServiceError>> + Send + 'a>>;

impl Service {
    /// Begins a session, always under a hash of its own; the one the browser had before ends.
    pub(crate) async fn open_session<F>(
        &self,
        officer: &Officer,
        session: Hash,
        before: Option<Hash>,
        vouched: Option<Vouched>,
        request_id: String,
        beside: F,
    ) -> Result<SignedIn, ServiceError>
    where
        F: for<'a> FnOnce(&'a mut Tx, Timestamp) -> Beside<'a> + Send + 'static,
    {
        let (actor, at) = (self.actor(officer).await?, self.inner.clock.now());
        let request = Request { actor, at, id: request_id, purpose: Purpose::default(), token: None };
        let (lifetime, officer) = (self.inner.settings.sessions, officer.id);
        let opened = self
            .write(&request, Operation::Administration, "sign_in", move |tx, _, request| {
                Box::pin(async move {
                    // Suspended meanwhile: the officer is asked for again here.
                    let found = agencies::officer_by_id(tx, officer).await?.ok_or(ServiceError::Unauthenticated)?;
                    if found.suspended_at.is_some() {
                        return Err(ServiceError::Unauthenticated);
                    }
                    if let Some(before) = before {
                        credentials::revoke_by_hash(tx, &before, request.at).await?;
                    }
                    let new = credentials::Credential {
                        id: entropy::id(request.at),
                        kind: CredentialKind::Session,
                        officer,
                        created_at: request.at,
                        expires_at: Some(request.at.plus_seconds(lifetime.absolute)),
                        revoked_at: None,
                        last_used_at: Some(request.at),
                        idle_seconds: Some(lifetime.idle),
                        vouched,
                    };
                    credentials::insert(tx, &new, &session).await?;
                    beside(tx, request.at).await?;
                    let signed_in = SignedIn { officer, expires_at: request.at.plus_seconds(lifetime.absolute) };
                    Ok((signed_in, vec![new.id]))
                })
            })
            .await?;
        if let Some(before) = before {
            self.inner.remembered.forget(&before);
        }
        Ok(opened)
    }

    /// Begins a session for somebody an identity provider vouches for. They are the officer an administrator linked them
    /// to, or nobody.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] for somebody who is linked to no officer, or to one who is suspended or of another
    /// agency than the provider says; that is audited.
    pub async fn sign_in_vouched(
        &self,
        vouched: Vouched,
        claims: Claimed,
        session: Hash,
        before: Option<Hash>,
        request_id: String,
    ) -> Result<SignedIn, ServiceError> {
        let officer = self.vouched_officer(&vouched, claims, &request_id).await?;
        self.open_session(&officer, session, before, Some(vouched), request_id, |_, _| Box::pin(async { Ok(()) })).await
    }

    /// Enters an access token of an identity provider, once it has been verified: from then on it is a credential like any
    /// other. Entering it twice changes nothing.
    ///
    /// # Errors
    /// As [`Service::sign_in_vouched`].
    pub async fn enter_access_token(
        &self,
        vouched: Vouched,
        claims: Claimed,
        token: Hash,
        expires_at: Timestamp,
        request_id: String,
    ) -> Result<(), ServiceError> {
        let officer = self.vouched_officer(&vouched, claims, &request_id).await?;
        let request = Request {
            actor: self.actor(&officer).await?,
            at: self.inner.clock.now(),
            id: request_id,
            purpose: Purpose::default(),
            token: None,
        };
        let entered = self
            .write(&request, Operation::Administration, "sign_in", move |tx, _, request| {
                Box::pin(async move {
                    let new = credentials::Credential {
                        id: entropy::id(request.at),
                        kind: CredentialKind::AccessToken,
                        officer: officer.id,
                        created_at: request.at,
                        expires_at: Some(expires_at),
                        revoked_at: None,
                        last_used_at: Some(request.at),
                        idle_seconds: None,
                        vouched: Some(vouched),
                    };
                    credentials::insert(tx, &new, &token).await.map_err(|error| crate::agencies::taken(error, "a token"))?;
                    Ok(((), vec![new.id]))
                })
            })
            .await;
        match entered {
            // Another request with the same token was quicker: whether it is in force is asked of what that one wrote.
            Err(ServiceError::Conflict(_)) => Ok(()),
            entered => entered,
        }
    }

    async fn vouched_officer(&self, vouched: &Vouched, claims: Claimed, request_id: &str) -> Result<Officer, ServiceError> {
        let (issuer, Claimed { officer, agency }) = (vouched.issuer.clone(), claims);
        let found = self
            .read(move |tx, _| {
                Box::pin(async move {
                    let Some(id) = accounts::linked(tx, &issuer, &officer).await? else { return Ok(None) };
                    let Some(officer) = agencies::officer_by_id(tx, id).await? else { return Ok(None) };
                    let fits = match agency {
                        None => true,
                        Some(name) => agencies::by_name(tx, &name).await?.is_some_and(|agency| agency.id == officer.agency),
                    };
                    Ok(Some((officer, fits)))
                })
            })
            .await?;
        let (officer, why) = match found {
            Some((officer, true)) if officer.suspended_at.is_none() => return Ok(officer),
            Some((officer, true)) => (Some(officer), "the officer is suspended"),
            Some((officer, false)) => (Some(officer), "the provider names another agency than the officer's"),
            None => (None, "nobody has linked this identity to an officer"),
        };
        self.note(vec![self.refusal(officer.as_ref(), request_id, why)]).await?;
        Err(ServiceError::Unauthenticated)
    }

    /// Audits that an identity provider's answer, signed by it, was not accepted.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn refuse_vouched(&self, request_id: &str, why: &str) -> Result<(), ServiceError> {
        self.note(vec![self.refusal(None, request_id, why)]).await
    }

    /// Ends a session at once. Gives the provider that vouched for it, if one did; nothing when there was none in force.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn sign_out(&self, session: Hash, request_id: String) -> Result<Option<String>, ServiceError> {
        let actor = match self.authenticate_now(session, &[CredentialKind::Session]).await {
            Err(ServiceError::Unauthenticated) => return Ok(None),
            actor => actor?,
        };
        let at = self.inner.clock.now();
        let request = Request { actor, at, id: request_id, purpose: Purpose::default(), token: None };
        let issuer = self
            .write(&request, Operation::Administration, "sign_out", move |tx, _, request| {
                Box::pin(async move {
                    let ended = credentials::revoke_by_hash(tx, &session, request.at).await?;
                    Ok(ended.map_or((None, Vec::new()), |(id, issuer)| (issuer, vec![id])))
                })
            })
            .await?;
        self.inner.remembered.forget(&session);
        Ok(issuer)
    }

    /// Ends what an identity provider no longer vouches for: one session of it, or everything of a subject. `jti` counts
    /// once.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] for a logout token that came before.
    pub async fn sign_out_vouched(
        &self,
        issuer: String,
        subject: Option<String>,
        session: Option<String>,
        jti: String,
        until: Timestamp,
        request_id: String,
    ) -> Result<(), ServiceError> {
        let service = self.clone();
        tokio::spawn(async move {
            let at = service.inner.clock.now();
            let mut tx = service.inner.database.begin().await?;
            if !accounts::note_logout(&mut tx, &issuer, &jti, until).await? {
                tx.rollback().await?;
                return Err(ServiceError::Conflict("this logout token came before".to_owned()));
            }
            let ended = credentials::revoke_vouched(&mut tx, &issuer, subject.as_deref(), session.as_deref(), at).await?;
            let mut entries = Vec::new();
            for (credential, officer) in ended {
                let agency = agencies::officer_by_id(&mut tx, officer).await?.map_or(Uuid::nil(), |officer| officer.agency);
                let actor = Actor::new(officer, "", agency, AgencyKind::Other, Role::Officer);
                let request = Request { actor, at, id: request_id.clone(), purpose: Purpose::default(), token: None };
                entries.push(request.entry(Operation::Administration, "sign_out.back_channel", Outcome::Granted, vec![credential]));
            }
            if entries.is_empty() {
                let actor = Actor::new(Uuid::nil(), "", Uuid::nil(), AgencyKind::Other, Role::Officer);
                let request = Request { actor, at, id: request_id, purpose: Purpose::default(), token: None };
                entries.push(request.entry(Operation::Administration, "sign_out.back_channel", Outcome::Granted, Vec::new()));
            }
            audit::append(&mut tx, &entries).await?;
            tx.commit().await?;
            Ok(())
        })
        .await?
    }

    /// Links an officer of the own agency, other than oneself, to somebody at an identity provider. What the former link
    /// opened ends.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`], [`ServiceError::Conflict`] when that somebody is another
    /// officer already.
    pub async fn link_identity(&self, request: &Request, officer: Uuid, issuer: String, subject: String) -> Result<(), ServiceError> {
        self.write(request, Operation::Administration, "officer.link", move |tx, _, request| {
            Box::pin(async move {
                administers(&request.actor)?;
                let mut problems = Problems::default();
                problems.text("issuer", &issuer, 500);
                problems.text("subject", &subject, 500);
                problems.into_result().map_err(ServiceError::Invalid)?;
                let found = agencies::officer_by_id(tx, officer).await?.ok_or(ServiceError::NotFound)?;
                own_agency(&request.actor, found.agency)?;
                if officer == request.actor.officer {
                    return Err(ServiceError::Forbidden("nobody links an identity to themselves"));
                }
                accounts::link(tx, &issuer, &subject, officer, request.at).await.map_err(|error| match error {
                    store::StoreError::Conflict(_) => {
                        ServiceError::Conflict("this identity is linked to another officer already".to_owned())
                    }
                    other => other.into(),
                })?;
                credentials::revoke_vouched_of(tx, officer, &issuer, request.at).await?;
                Ok(((), vec![officer]))
            })
        })
        .await
    }

    /// Gives an officer of the own agency, other than oneself, another role; it holds from the next request, everywhere.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], also for oneself; [`ServiceError::NotFound`].
    pub async fn change_role(&self, request: &Request, officer: Uuid, role: Role) -> Result<Officer, ServiceError> {
        self.write(request, Operation::Administration, "officer.role", move |tx, _, request| {
            Box::pin(async move {
                administers(&request.actor)?;
                let found = agencies::officer_by_id(tx, officer).await?.ok_or(ServiceError::NotFound)?;
                own_agency(&request.actor, found.agency)?;
                if officer == request.actor.officer {
                    return Err(ServiceError::Forbidden("nobody changes the own role"));
                }
                agencies::change_role(tx, officer, role).await?;
                if role == Role::IntegrationClient {
                    credentials::revoke_sessions(tx, officer, None, request.at).await?;
                }
                Ok((Officer { role, ..found }, vec![officer]))
            })
        })
        .await
    }

    /// The name of the agency somebody acts for, and their own.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] for a session that is not in force.
    pub async fn signed_in_as(&self, session: Hash) -> Result<(Actor, String), ServiceError> {
        let actor = self.authenticate_now(session, &[CredentialKind::Session]).await?;
        let agency = self.find_agency(Named::Id(actor.agency)).await?;
        Ok((actor, agency.name))
    }
}
