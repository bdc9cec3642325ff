//! Credentials into an [`Actor`]: API tokens, sessions of people, access tokens of an identity provider; signing in with a
//! password and at a provider.

pub mod browser;
mod fetch;
pub mod jwt;
pub mod open_id;
pub mod password;
mod provider;
mod signature;

pub use provider::{KeySet, Provider, ProviderSettings};
pub use service::Hash;

use jwt::{Parts, Why};
use model::{Actor, CredentialKind, Timestamp, entropy};
use provider::Refused;
use secrecy::{ExposeSecret, SecretString};
use service::{
    Service, ServiceError,
    accounts::Attempt,
    sessions::{Claimed, Vouched},
};
use sha2::{Digest, Sha256};
use std::{net::IpAddr, sync::Arc};

/// What every token begins with, so that a leaked one is recognised by scanners.
const PREFIX: &str = "beacon_";

/// A new API token: the text to show once, and the hash to keep.
#[derive(Debug)]
pub struct NewApiToken {
    /// The token itself.
    pub text: SecretString,
    /// SHA-256 of it.
    pub hash: Hash,
}

/// Makes a token of 256 random bits.
pub fn new_token() -> NewApiToken {
    let text = format!("{PREFIX}{}", hex(&entropy::bytes::<32>()));
    NewApiToken { hash: hash(&text), text: text.into() }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hash a token is kept under. A random token of 256 bits needs no slow hash.
pub fn hash(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

/// SHA-256 of a request's body, to tell a retry from another request.
pub fn digest(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

/// Everything that turns credentials into somebody. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Identity {
    service: Service,
    passwords: password::Passwords,
    providers: Arc<Vec<Provider>>,
    public_url: Option<Arc<str>>,
}

impl Identity {
    /// Ready to let people and programs in.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn new(service: Service, providers: Vec<ProviderSettings>, public_url: Option<String>) -> Result<Self, String> {
        signature::install();
        let public_url = public_url.map(|url| url.trim_end_matches('/').to_owned());
        if public_url.as_ref().is_some_and(|url| !fetch::allowed(url)) {
            return Err("public_url must begin with https:// (http:// for this machine alone)".to_owned());
        }
        if let Some(settings) = providers.iter().find(|settings| settings.client_id.is_some() && public_url.is_none()) {
            return Err(format!("identity_provider {}: people sign in there only where public_url is set", settings.name));
        }
        let clock = service.clock().clone();
        let made = providers.into_iter().map(|settings| Provider::new(settings, clock.clone())).collect::<Result<Vec<_>, _>>()?;
        for (at, provider) in made.iter().enumerate() {
            let same =
                |other: &Provider| other.settings.name == provider.settings.name || other.settings.issuer == provider.settings.issuer;
            if made[..at].iter().any(same) {
                return Err(format!("identity_provider {}: its name or issuer is there twice", provider.settings.name));
            }
        }
        let passwords = password::Passwords::new().map_err(|error| error.to_string())?;
        Ok(Self { service, passwords, providers: Arc::new(made), public_url: public_url.map(Arc::from) })
    }

    /// The use cases.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// Makes and checks hashes of passwords.
    pub fn passwords(&self) -> &password::Passwords {
        &self.passwords
    }

    /// Where people may sign in, besides here.
    pub fn providers_for_people(&self) -> impl Iterator<Item = &Provider> {
        self.providers.iter().filter(|provider| provider.settings.client_id.is_some())
    }

    /// Whom the bearer token in an `Authorization` header speaks for: from memory where the answer is checked again in its
    /// own transaction (`fresh` false), from the database now where it is not. A token of an identity provider is verified
    /// and entered when it is first seen.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] for a token that is not in force.
    pub async fn bearer(&self, authorization: &str, fresh: bool, request_id: &str) -> Result<(Hash, Actor), ServiceError> {
        let token = authorization
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or(ServiceError::Unauthenticated)?;
        if token.len() == PREFIX.len() + 64 && token.starts_with(PREFIX) {
            let hash = hash(token);
            return Ok((hash, self.holder(hash, CredentialKind::ApiToken, fresh).await?));
        }
        let has_form = token.len() <= jwt::LONGEST && token.bytes().filter(|byte| *byte == b'.').count() == 2;
        if self.providers.is_empty() || !has_form {
            return Err(ServiceError::Unauthenticated);
        }
        let hash = hash(token);
        match self.holder(hash, CredentialKind::AccessToken, fresh).await {
            Err(ServiceError::Unauthenticated) => {}
            known => return Ok((hash, known?)),
        }
        self.enter(token, hash, request_id).await?;
        Ok((hash, self.holder(hash, CredentialKind::AccessToken, true).await?))
    }

    /// Whom the session in these `Cookie` headers speaks for.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] where none is in force; [`ServiceError::Forbidden`] for a request that does not
    /// come from our own pages.
    pub async fn session(
        &self,
        cookies: &[&str],
        origin: browser::Origin<'_>,
        changes: bool,
        fresh: bool,
    ) -> Result<(Hash, Actor), ServiceError> {
        let hash = browser::session(cookies).ok_or(ServiceError::Unauthenticated)?;
        let actor = self.holder(hash, CredentialKind::Session, fresh).await?;
        origin.check(changes)?;
        Ok((hash, actor))
    }

    async fn holder(&self, hash: Hash, kind: CredentialKind, fresh: bool) -> Result<Actor, ServiceError> {
        if fresh { self.service.authenticate_now(hash, &[kind]).await } else { self.service.authenticate(hash, &[kind]).await }
    }

    /// Verifies an access token and enters it.
    async fn enter(&self, token: &str, hash: Hash, request_id: &str) -> Result<(), ServiceError> {
        let refused = |why: Why| {
            tracing::debug!(why, "an access token was refused");
            ServiceError::Unauthenticated
        };
        let parts = Parts::read(token).map_err(refused)?;
        // Whose keys are asked for is only ever one of those set.
        let issuer = parts.claims.text("iss").unwrap_or_default();
        let provider = self.providers.iter().find(|provider| provider.settings.issuer == issuer);
        let provider = provider.ok_or_else(|| refused("unknown issuer"))?;
        if !parts.is_kind(&provider.settings.token_types) {
            return Err(refused("it is no access token"));
        }
        let signed: Hash = Sha256::digest(parts.message.as_bytes()).into();
        let claims = match provider.verified(parts).await {
            Ok(claims) => claims,
            Err(Refused::Unavailable) => return Err(provider::unreachable()),
            Err(Refused::Token(why)) => return Err(refused(why)),
        };
        let now = self.service.clock().now();
        let check = || -> Result<(Claimed, Timestamp), Why> {
            claims.from(&provider.settings.issuer)?;
            if !claims.audience()?.iter().any(|audience| provider.settings.audiences.iter().any(|known| known == audience)) {
                return Err("it is meant for another audience");
            }
            if ["nonce", "events", "at_hash", "c_hash"].iter().any(|claim| claims.has(claim)) {
                return Err("it is no access token");
            }
            let ends = claims.holds(now, 0, i64::from(provider.settings.longest_token_minutes) * 60)?;
            Ok((provider.claimed(&claims)?, ends))
        };
        let (claimed, ends) = match check() {
            Ok(checked) => checked,
            Err(why) => {
                // Its provider did sign it: somebody is trying something, unless it merely ended.
                if why != jwt::ENDED {
                    self.service.refuse_vouched(request_id, why).await?;
                }
                return Err(refused(why));
            }
        };
        let subject = claims.text("sub").unwrap_or(&claimed.officer).to_owned();
        let vouched = Vouched { issuer: provider.settings.issuer.clone(), subject, session: Some(hex(&signed)) };
        self.service.enter_access_token(vouched, claimed, hash, ends, request_id.to_owned()).await
    }

    /// An attempt to sign in under a user name from an address.
    pub fn attempt(user_name: &str, address: Option<IpAddr>, request_id: &str) -> Attempt {
        let address = match address {
            None => String::new(),
            // A household or an office has a whole network of these.
            Some(IpAddr::V6(address)) => format!("{:?}", &address.segments()[..4]),
            Some(IpAddr::V4(address)) => address.to_string(),
        };
        Attempt { buckets: [browser::bucket(user_name), browser::bucket(&address)], request_id: request_id.to_owned() }
    }

    /// Signs somebody in with a user name and a password. Whether there is such a user is told neither by the answer nor by
    /// the time it takes.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`]; [`ServiceError::TooMany`] after too many attempts.
    pub async fn sign_in(
        &self,
        user_name: &str,
        password: SecretString,
        address: Option<IpAddr>,
        before: Option<Hash>,
        request_id: &str,
    ) -> Result<browser::NewSession, ServiceError> {
        let attempt = Self::attempt(user_name, address, request_id);
        let account = self.service.begin_attempt(&attempt, user_name.to_owned()).await?;
        let fits = password.expose_secret().chars().count() <= password::LONGEST;
        let password = if fits { password } else { SecretString::default() };
        let right = self.passwords.check(password, account.as_ref().map(|account| account.password_hash.clone())).await?;
        match account {
            Some(account) if right => {
                let session = browser::new_session();
                self.service.finish_attempt(&attempt, account.officer, session.hash, before).await?;
                Ok(session)
            }
            account => {
                let why = if account.is_some() { "wrong password" } else { "unknown user name" };
                self.service.refuse_attempt(&attempt, account.map(|account| account.officer), why).await?;
                Err(ServiceError::Unauthenticated)
            }
        }
    }

    /// Changes the caller's own password.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] where the old one is wrong, [`ServiceError::Invalid`] where the new one will not do,
    /// [`ServiceError::NotFound`] without a local account, [`ServiceError::TooMany`].
    pub async fn change_password(
        &self,
        request: &model::audit::Request,
        old: SecretString,
        new: SecretString,
        address: Option<IpAddr>,
    ) -> Result<(), ServiceError> {
        let account = self.service.own_account(request).await?;
        password::fit("/new", &new)?;
        let attempt = Self::attempt(&account.user_name, address, &request.id);
        self.service.begin_attempt(&attempt, account.user_name.clone()).await?;
        if !self.passwords.check(old, Some(account.password_hash.clone())).await? {
            self.service.refuse_attempt(&attempt, Some(account.officer), "wrong password").await?;
            return Err(ServiceError::Forbidden("the old password is wrong"));
        }
        let hash = self.passwords.hash(new).await?;
        self.service.change_password(request, &attempt, account, hash).await
    }
}
