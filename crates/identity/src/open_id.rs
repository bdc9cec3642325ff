//! Signing in at an identity provider (OpenID Connect, authorisation code with PKCE), and being signed out by it.

use crate::{
    Hash, Identity,
    browser::{self, NewSession},
    fetch::{self, Sent},
    jwt::{self, Claims, LEEWAY, Parts, Why},
    provider::{Provider, Refused, unreachable},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use model::entropy;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use service::{ServiceError, sessions::Vouched};
use sha2::{Digest, Sha256};

/// How long a sign-in may take, in seconds.
pub const PATIENCE: u32 = 600;
/// The longest an ID token may last, in seconds.
const LONGEST: i64 = 24 * 3_600;
/// How far an ID token may be past its end: it is used once, at once.
const JUST_ENDED: i64 = 30;
/// The event a logout token tells.
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// What stands as it is in a form.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A sign-in under way: kept in a cookie of the browser that began it, and nowhere else.
#[derive(Debug)]
struct UnderWay<'a> {
    provider: &'a str,
    state: &'a str,
    nonce: &'a str,
    verifier: &'a str,
    on_to: String,
}

impl<'a> UnderWay<'a> {
    fn read(cookie: &'a str) -> Option<Self> {
        let mut parts = cookie.split('.');
        let mut next = || parts.next().filter(|part| !part.is_empty());
        let (provider, state, nonce, verifier, on_to) = (next()?, next()?, next()?, next()?, next()?);
        let on_to = browser::own_path(&jwt::from_base64url(on_to)?)?.to_owned();
        Some(Self { provider, state, nonce, verifier, on_to })
    }
}

/// Where to send the browser, and the cookie it keeps meanwhile.
#[derive(Debug)]
pub struct Begun {
    /// The provider's page.
    pub location: String,
    /// For [`browser::UNDER_WAY`].
    pub cookie: String,
}

/// What a provider sends back by the browser.
#[derive(Debug, Default)]
pub struct Return {
    /// The code, where it let somebody in.
    pub code: Option<SecretString>,
    /// What we sent.
    pub state: Option<String>,
    /// Its issuer, where it says so.
    pub iss: Option<String>,
    /// Why it let nobody in.
    pub error: Option<String>,
}

/// Somebody has signed in.
#[derive(Debug)]
pub struct Arrived {
    /// Their session.
    pub session: NewSession,
    /// Where they go on to.
    pub on_to: String,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: SecretString,
}

impl Identity {
    /// Begins a sign-in at a provider.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a provider people do not sign in at; [`ServiceError::Unavailable`].
    pub async fn begin(&self, name: &str, on_to: &str) -> Result<Begun, ServiceError> {
        let (provider, client) = self.for_people(name)?;
        let metadata = provider.metadata().await?;
        let place = metadata.authorization_endpoint.filter(|place| fetch::allowed(place)).ok_or_else(unreachable)?;
        let [state, nonce, verifier] = [(); 3].map(|()| jwt::base64url(&entropy::bytes::<32>()));
        let query = form(&[
            ("response_type", "code"),
            ("response_mode", "query"),
            ("client_id", client),
            ("redirect_uri", &self.return_to(name)?),
            ("scope", &provider.settings.scopes.join(" ")),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &jwt::base64url(&Sha256::digest(verifier.as_bytes()))),
            ("code_challenge_method", "S256"),
        ]);
        let on_to = jwt::base64url(browser::own_path(on_to).unwrap_or(SIGNED_IN).as_bytes());
        let mark = if place.contains('?') { '&' } else { '?' };
        Ok(Begun { location: format!("{place}{mark}{query}"), cookie: format!("{name}.{state}.{nonce}.{verifier}.{on_to}") })
    }

    /// Ends a sign-in at a provider: the code is exchanged, the ID token checked, a session begun.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] where anything does not fit; what the provider signed and we refuse is audited.
    pub async fn arrive(
        &self,
        name: &str,
        under_way: Option<&str>,
        sent: Return,
        before: Option<Hash>,
        request_id: String,
    ) -> Result<Arrived, ServiceError> {
        let (provider, client) = self.for_people(name)?;
        let under_way = under_way.and_then(UnderWay::read).filter(|under_way| under_way.provider == name);
        let under_way = under_way.ok_or(ServiceError::Unauthenticated)?;
        let ours = sent.state.is_some_and(|state| Sha256::digest(state.as_bytes()) == Sha256::digest(under_way.state.as_bytes()));
        // A code that another provider gave is never sent to this one.
        let other = sent.iss.is_some_and(|issuer| issuer != provider.settings.issuer);
        if !ours || other || sent.error.is_some() {
            self.service.refuse_vouched(&request_id, "the provider let nobody in, or it was not asked to").await?;
            return Err(ServiceError::Unauthenticated);
        }
        let code = sent.code.ok_or(ServiceError::Unauthenticated)?;
        let tokens = match self.exchange(provider, client, code.expose_secret(), under_way.verifier).await {
            Ok(tokens) => tokens,
            Err(error) => {
                tracing::warn!(provider = %name, error = %error, "a code could not be exchanged");
                self.service.refuse_vouched(&request_id, "the provider did not accept its own code").await?;
                return Err(ServiceError::Unauthenticated);
            }
        };
        let checked = self.id_token(provider, client, tokens.id_token.expose_secret(), under_way.nonce).await;
        let claims = match checked.and_then(|claims| Ok((provider.claimed(&claims)?, claims))) {
            Ok((claimed, claims)) => (claimed, vouched(provider, &claims)),
            Err(Refused::Unavailable) => return Err(unreachable()),
            Err(Refused::Token(why)) => {
                self.service.refuse_vouched(&request_id, why).await?;
                return Err(ServiceError::Unauthenticated);
            }
        };
        let (claimed, vouched) = claims;
        let session = browser::new_session();
        self.service.sign_in_vouched(vouched, claimed, session.hash, before, request_id).await?;
        Ok(Arrived { session, on_to: under_way.on_to })
    }

    async fn exchange(&self, provider: &Provider, client: &str, code: &str, verifier: &str) -> Result<Tokens, String> {
        let told = |error: ServiceError| error.to_string();
        let metadata = provider.metadata().await.map_err(told)?;
        let place = metadata.token_endpoint.ok_or("it names no token_endpoint")?;
        let redirect = self.return_to(&provider.settings.name).map_err(told)?;
        let mut fields =
            vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &redirect), ("code_verifier", verifier)];
        let methods = metadata.token_endpoint_auth_methods_supported;
        let basic = methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"));
        let authorization = match provider.secret.as_ref().map(ExposeSecret::expose_secret) {
            Some(secret) if basic => {
                let pair = format!("{}:{}", utf8_percent_encode(client, PLAIN), utf8_percent_encode(secret, PLAIN));
                Some(format!("Basic {}", STANDARD.encode(pair)))
            }
            Some(secret) => {
                fields.extend([("client_id", client), ("client_secret", secret)]);
                None
            }
            None => {
                fields.push(("client_id", client));
                None
            }
        };
        fetch::json(&provider.agent, &place, Sent::Form(form(&fields), authorization)).await
    }

    async fn id_token(&self, provider: &Provider, client: &str, token: &str, nonce: &str) -> Result<Claims, Refused> {
        let parts = Parts::read(token)?;
        if parts.header.typ.is_some() && !parts.is_kind(&["JWT".to_owned()]) {
            return Err(Refused::Token("it is no ID token"));
        }
        let claims = provider.verified(parts).await?;
        claims.from(&provider.settings.issuer)?;
        let audience = claims.audience()?;
        let party = claims.text("azp");
        if !audience.contains(&client) || (audience.len() > 1 && party.is_none()) || party.is_some_and(|party| party != client) {
            return Err(Refused::Token("it is meant for another client"));
        }
        if claims.time("iat")?.is_none() || claims.text("sub").is_none() || claims.has("events") {
            return Err(Refused::Token("it is no ID token"));
        }
        claims.holds(self.service.clock().now(), JUST_ENDED, LONGEST)?;
        if claims.text("nonce") != Some(nonce) {
            return Err(Refused::Token("it answers another sign-in"));
        }
        Ok(claims)
    }

    /// Obeys a logout token: what its provider vouched for ends at once.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for one that is not to be obeyed, or came before.
    pub async fn back_channel(&self, token: &str, request_id: String) -> Result<(), ServiceError> {
        let refused = |why: Why| ServiceError::invalid("logout_token", "refused", why);
        let parts = Parts::read(token).map_err(refused)?;
        let issuer = parts.claims.text("iss").unwrap_or_default().to_owned();
        let provider =
            self.providers.iter().find(|provider| provider.settings.issuer == issuer).ok_or_else(|| refused("unknown issuer"))?;
        let client = provider.settings.client_id.as_deref().ok_or_else(|| refused("people do not sign in there"))?;
        if parts.header.typ.is_some() && !parts.is_kind(&["logout+jwt".to_owned(), "JWT".to_owned()]) {
            return Err(refused("it is no logout token"));
        }
        let claims = match provider.verified(parts).await {
            Ok(claims) => claims,
            Err(Refused::Unavailable) => return Err(unreachable()),
            Err(Refused::Token(why)) => return Err(refused(why)),
        };
        let now = self.service.clock().now();
        let check = || -> Result<(Option<String>, Option<String>, String), Why> {
            if !claims.audience()?.contains(&client) {
                return Err("it is meant for another client");
            }
            let made = claims.time("iat")?.ok_or("it does not say when it was made")?;
            if made > now.plus_seconds(LEEWAY) || made < now.plus_seconds(-i64::from(PATIENCE)) {
                return Err("it is too old, or made in the future");
            }
            if claims.time("exp")?.is_some_and(|ends| ends.plus_seconds(LEEWAY) <= now) {
                return Err("it has ended");
            }
            if claims.has("nonce") || !claims.get("events").and_then(|events| events.get(LOGOUT)).is_some_and(serde_json::Value::is_object)
            {
                return Err("it is no logout token");
            }
            let (subject, session) = (claims.text("sub").map(str::to_owned), claims.text("sid").map(str::to_owned));
            if subject.is_none() && session.is_none() {
                return Err("it does not say who");
            }
            Ok((subject, session, claims.text("jti").ok_or("it has no jti")?.to_owned()))
        };
        let (subject, session, jti) = check().map_err(refused)?;
        // One that is older than that is refused anyway.
        let until = now.plus_seconds(2 * i64::from(PATIENCE));
        match self.service.sign_out_vouched(issuer, subject, session, jti, until, request_id).await {
            Err(ServiceError::Conflict(_)) => Err(refused("it came before")),
            done => done,
        }
    }

    /// Ends a session at once. Gives the provider's page that ends its own session, where it has one.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn sign_out(&self, session: Hash, request_id: String) -> Result<Option<String>, ServiceError> {
        let Some(issuer) = self.service.sign_out(session, request_id).await? else { return Ok(None) };
        let Some(provider) = self.providers.iter().find(|provider| provider.settings.issuer == issuer) else { return Ok(None) };
        let (Some(client), Some(own)) = (&provider.settings.client_id, &self.public_url) else { return Ok(None) };
        let place = provider.metadata().await.ok().and_then(|metadata| metadata.end_session_endpoint);
        let query = form(&[("client_id", client), ("post_logout_redirect_uri", &format!("{own}{SIGNED_OUT}"))]);
        Ok(place.filter(|place| fetch::allowed(place)).map(|place| format!("{place}?{query}")))
    }

    fn for_people(&self, name: &str) -> Result<(&Provider, &str), ServiceError> {
        let provider = self.providers.iter().find(|provider| provider.settings.name == name).ok_or(ServiceError::NotFound)?;
        let client = provider.settings.client_id.as_deref().ok_or(ServiceError::NotFound)?;
        Ok((provider, client))
    }

    fn return_to(&self, name: &str) -> Result<String, ServiceError> {
        let own = self.public_url.as_ref().ok_or(ServiceError::NotFound)?;
        Ok(format!("{own}/sign-in/{name}/return"))
    }
}

/// The page that says who one is signed in as.
pub const SIGNED_IN: &str = "/signed-in";
/// The page that says one is signed out.
pub const SIGNED_OUT: &str = "/signed-out";

fn vouched(provider: &Provider, claims: &Claims) -> Vouched {
    Vouched {
        issuer: provider.settings.issuer.clone(),
        subject: claims.text("sub").unwrap_or_default().to_owned(),
        session: claims.text("sid").map(str::to_owned),
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, PLAIN)));
    pairs.collect::<Vec<_>>().join("&")
}
