//! API tokens: made for an officer, shown once, kept as a hash.

use crate::{
    Service, ServiceError,
    agencies::{administers, own_agency},
};
use model::{
    Actor, CredentialKind, Timestamp, Uuid,
    audit::{Operation, Request},
    entropy,
};
use serde::{Deserialize, Serialize};
use store::{agencies, credentials};

/// A token to be made.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// The officer it acts for.
    pub officer: Uuid,
    /// When it ends; never unless given.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// A token in a list: never the token itself.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TokenView {
    /// Its id.
    pub id: Uuid,
    /// The officer it acts for.
    pub officer: Uuid,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the hour.
    pub last_used_at: Option<Timestamp>,
}

impl From<credentials::Credential> for TokenView {
    fn from(token: credentials::Credential) -> Self {
        Self {
            id: token.id,
            officer: token.officer,
            created_at: token.created_at,
            expires_at: token.expires_at,
            revoked_at: token.revoked_at,
            last_used_at: token.last_used_at,
        }
    }
}

impl Service {
    /// Keeps a token by its hash. The caller makes the token and shows it once.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], also for a token to oneself; [`ServiceError::Invalid`].
    pub async fn add_token(&self, request: &Request, new: NewToken, hash: [u8; 32]) -> Result<TokenView, ServiceError> {
        self.write(request, Operation::Administration, "token.add", move |tx, _, request| {
            Box::pin(async move {
                administers(&request.actor)?;
                if new.officer == request.actor.officer {
                    return Err(ServiceError::Forbidden("nobody grants a token to themselves"));
                }
                let officer = agencies::officer_by_id(tx, new.officer).await?;
                let officer = officer.ok_or_else(|| ServiceError::invalid("/officer", "unknown_id", "is not the id of an officer"))?;
                own_agency(&request.actor, officer.agency)?;
                if new.expires_at.is_some_and(|end| end <= request.at) {
                    return Err(ServiceError::invalid("/expires_at", "in_the_past", "must lie in the future"));
                }
                let token = credentials::Credential {
                    id: entropy::id(request.at),
                    kind: CredentialKind::ApiToken,
                    officer: officer.id,
                    created_at: request.at,
                    expires_at: new.expires_at,
                    revoked_at: None,
                    last_used_at: None,
                    idle_seconds: None,
                    vouched: None,
                };
                credentials::insert(tx, &token, &hash).await?;
                let records = vec![token.id, officer.id];
                Ok((token.into(), records))
            })
        })
        .await
    }

    /// The tokens of an officer.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`].
    pub async fn list_tokens(&self, request: &Request, officer: Uuid) -> Result<Vec<TokenView>, ServiceError> {
        const ACTION: &str = "token.list";
        let actor = request.actor.clone();
        let found = self.read(move |tx, service| {
            Box::pin(async move {
                administers(&actor)?;
                let found = agencies::officer_by_id(tx, officer).await?.ok_or(ServiceError::NotFound)?;
                own_agency(&actor, found.agency)?;
                let tokens = credentials::tokens_of(tx, officer).await?.into_iter();
                let view = |(token, hash): (credentials::Credential, Vec<u8>)| {
                    // Used here since it was last written down.
                    let used = <[u8; 32]>::try_from(hash).ok().and_then(|hash| service.inner.remembered.used(&hash));
                    TokenView { last_used_at: used.max(token.last_used_at), ..TokenView::from(token) }
                };
                Ok(tokens.map(view).collect::<Vec<_>>())
            })
        });
        match found.await {
            Ok(tokens) => {
                self.note_look(request, ACTION, vec![officer]).await?;
                Ok(tokens)
            }
            Err(refusal @ (ServiceError::Forbidden(_) | ServiceError::NotFound)) => Err(self.note_refusal(request, ACTION, refusal).await),
            Err(error) => Err(error),
        }
    }

    /// Revokes a token at once.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`].
    pub async fn revoke_token(&self, request: &Request, officer: Uuid, token: Uuid) -> Result<(), ServiceError> {
        self.write(request, Operation::Administration, "token.revoke", move |tx, _, request| {
            Box::pin(async move {
                administers(&request.actor)?;
                let found = agencies::officer_by_id(tx, officer).await?.ok_or(ServiceError::NotFound)?;
                if request.actor != Actor::console() {
                    own_agency(&request.actor, found.agency)?;
                }
                let own = credentials::tokens_of(tx, officer).await?.iter().any(|(known, _)| known.id == token);
                if !own || !credentials::revoke(tx, token, request.at).await? {
                    return Err(ServiceError::NotFound);
                }
                Ok(((), vec![token, officer]))
            })
        })
        .await
    }
}
