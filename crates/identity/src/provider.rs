//! An identity provider: what is set of it, what it says of itself, and its keys.

use crate::{
    fetch::{self, Sent},
    jwt::{Claims, Parts, Why},
    signature,
};
use jsonwebtoken::{Algorithm, DecodingKey};
use model::{Clock, Timestamp};
use secrecy::SecretString;
use serde::Deserialize;
use service::{ServiceError, sessions::Claimed};
use std::{collections::BTreeMap, path::PathBuf};
use tokio::sync::Mutex;
use ureq::Agent;

/// How long what a provider says of itself, and its keys, are taken as they are, in seconds.
const FRESH: i64 = 3_600;
/// How long keys are kept where the provider cannot be reached.
const KEPT: i64 = 24 * 3_600;
/// How often it is asked at most, in seconds: a token with an unknown key makes nobody ask more often.
const PAUSE: i64 = 30;

/// What is set of a provider: one `[[identity_provider]]` of the settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSettings {
    /// Its short name, in our addresses.
    pub name: String,
    /// What the sign-in page calls it; the name unless given.
    pub label: Option<String>,
    /// Its issuer, exactly as its tokens write it.
    pub issuer: String,
    /// Our name there; people sign in only where it is given.
    pub client_id: Option<String>,
    /// The file that holds our secret there.
    pub client_secret_file: Option<PathBuf>,
    /// Whom access tokens must be meant for; programs come in only where it is given.
    #[serde(default)]
    pub audiences: Vec<String>,
    /// The algorithms its tokens may be signed with.
    #[serde(default = "algorithms")]
    pub algorithms: Vec<String>,
    /// The kinds of token that are access tokens, as the header `typ` writes them.
    #[serde(default = "token_types")]
    pub token_types: Vec<String>,
    /// The claim that says who it is: what officers are linked by.
    #[serde(default = "officer_claim")]
    pub officer_claim: String,
    /// The claim that must name the officer's agency, if any must.
    pub agency_claim: Option<String>,
    /// What that claim writes for which agency.
    #[serde(default)]
    pub agencies: BTreeMap<String, String>,
    /// What is asked for at sign-in.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// The longest an access token may last, in minutes.
    #[serde(default = "longest")]
    pub longest_token_minutes: u32,
    /// The certificates to trust; those of the system unless given.
    pub ca_file: Option<PathBuf>,
}

fn algorithms() -> Vec<String> {
    vec!["RS256".to_owned()]
}
fn token_types() -> Vec<String> {
    vec!["at+jwt".to_owned(), "JWT".to_owned()]
}
fn officer_claim() -> String {
    "sub".to_owned()
}
fn scopes() -> Vec<String> {
    vec!["openid".to_owned(), "profile".to_owned()]
}
fn longest() -> u32 {
    24 * 60
}

/// What a provider says of itself.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Metadata {
    issuer: String,
    pub(crate) authorization_endpoint: Option<String>,
    pub(crate) token_endpoint: Option<String>,
    jwks_uri: String,
    pub(crate) end_session_endpoint: Option<String>,
    pub(crate) token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// The keys of a provider.
#[derive(Default)]
pub struct KeySet(Vec<Key>);

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("KeySet").field(&self.0.len()).finish()
    }
}

/// A list of keys (RFC 7517). A key of a kind that is not known here hides none of the others.
impl<'de> Deserialize<'de> for KeySet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct List {
            keys: Vec<serde_json::Value>,
        }
        signature::install();
        let list = List::deserialize(deserializer)?;
        Ok(Self(list.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect()))
    }
}

impl KeySet {
    /// The claims of a token that one of these keys has signed with one of the algorithms set.
    ///
    /// # Errors
    /// Why it is none.
    pub fn verified(&self, parts: Parts<'_>, pinned: &[Algorithm]) -> Result<Claims, Why> {
        let algorithm = parts.algorithm(pinned)?;
        let key = self.find(parts.header.kid.as_deref(), algorithm).ok_or(UNKNOWN_KEY)?;
        parts.signed_by(&key, algorithm)
    }

    /// The key of this id; without an id, the only one there is for the algorithm.
    fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
        let mut fit = self.0.iter().filter(|key| kid.is_none_or(|kid| key.kid.as_deref() == Some(kid)));
        let found = fit.by_ref().find_map(|key| key.for_algorithm(algorithm))?;
        let ambiguous = fit.any(|key| key.for_algorithm(algorithm).is_some());
        (!ambiguous).then_some(found)
    }
}

const UNKNOWN_KEY: Why = "its key is not one of the provider's";

/// A key of a provider.
#[derive(Clone, Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Key {
    /// The key for this algorithm, where it is one.
    fn for_algorithm(&self, algorithm: Algorithm) -> Option<DecodingKey> {
        let wrong_use = self.purpose.as_deref().is_some_and(|purpose| purpose != "sig");
        if wrong_use || self.alg.as_deref().is_some_and(|alg| alg != format!("{algorithm:?}")) {
            return None;
        }
        let curve = match algorithm {
            Algorithm::ES256 => "P-256",
            Algorithm::ES384 => "P-384",
            Algorithm::EdDSA => "Ed25519",
            _ => "",
        };
        match (self.kty.as_str(), curve) {
            ("RSA", "") => DecodingKey::from_rsa_components(self.n.as_deref()?, self.e.as_deref()?).ok(),
            ("EC", "P-256" | "P-384") if self.crv.as_deref() == Some(curve) => {
                DecodingKey::from_ec_components(self.x.as_deref()?, self.y.as_deref()?).ok()
            }
            ("OKP", "Ed25519") if self.crv.as_deref() == Some(curve) => DecodingKey::from_ed_components(self.x.as_deref()?).ok(),
            _ => None,
        }
    }
}

#[derive(Default)]
struct Known {
    metadata: Option<Metadata>,
    keys: KeySet,
    read: Option<Timestamp>,
    asked: Option<Timestamp>,
}

/// A provider as it is used.
pub struct Provider {
    /// What is set of it.
    pub settings: ProviderSettings,
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) secret: Option<SecretString>,
    pub(crate) agent: Agent,
    clock: Clock,
    known: Mutex<Known>,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("issuer", &self.settings.issuer).finish_non_exhaustive()
    }
}

impl Provider {
    /// A provider as set.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn new(settings: ProviderSettings, clock: Clock) -> Result<Self, String> {
        let wrong = |what: String| Err(format!("identity_provider {}: {what}", settings.name));
        if settings.name.is_empty() || !settings.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        {
            return wrong("its name must be made of a-z, 0-9 and -".to_owned());
        }
        if !fetch::allowed(&settings.issuer) {
            return wrong("issuer must begin with https:// (http:// for this machine alone)".to_owned());
        }
        let mut pinned = Vec::new();
        for name in &settings.algorithms {
            match name.parse() {
                Ok(algorithm) if signature::accepted(algorithm) => pinned.push(algorithm),
                _ => return wrong(format!("{name} is none of the algorithms RS256 to RS512, PS256 to PS512, ES256, ES384, EdDSA")),
            }
        }
        if pinned.is_empty() {
            return wrong("algorithms must name at least one".to_owned());
        }
        if settings.client_id.as_ref().is_some_and(|id| settings.audiences.contains(id)) {
            return wrong("audiences must not hold client_id: what is meant for sign-in would open the API".to_owned());
        }
        if settings.agency_claim.is_some() && settings.agencies.is_empty() {
            return wrong("agency_claim needs [identity_provider.agencies]".to_owned());
        }
        let secret = match &settings.client_secret_file {
            None => None,
            Some(file) => match std::fs::read_to_string(file) {
                Ok(text) if !text.trim().is_empty() => Some(SecretString::from(text.trim())),
                Ok(_) => return wrong(format!("client_secret_file {} is empty", file.display())),
                Err(error) => return wrong(format!("client_secret_file {} cannot be read ({error})", file.display())),
            },
        };
        let agent = fetch::agent(settings.ca_file.as_deref()).map_err(|error| format!("identity_provider {}: {error}", settings.name))?;
        Ok(Self { algorithms: pinned, secret, agent, clock, known: Mutex::default(), settings })
    }

    /// What the sign-in page calls it.
    pub fn label(&self) -> &str {
        self.settings.label.as_deref().unwrap_or(&self.settings.name)
    }

    /// What it says of itself.
    pub(crate) async fn metadata(&self) -> Result<Metadata, ServiceError> {
        let mut known = self.known.lock().await;
        self.refresh(&mut known, false).await;
        known.metadata.clone().ok_or_else(unreachable)
    }

    /// The claims of a token that one of its keys has signed.
    ///
    /// # Errors
    /// Why it is none.
    pub(crate) async fn verified(&self, parts: Parts<'_>) -> Result<Claims, Refused> {
        let algorithm = parts.algorithm(&self.algorithms)?;
        let key = self.key(parts.header.kid.as_deref(), algorithm).await?;
        Ok(parts.signed_by(&key, algorithm)?)
    }

    async fn key(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<DecodingKey, Refused> {
        let mut known = self.known.lock().await;
        self.refresh(&mut known, false).await;
        if known.metadata.is_none() {
            return Err(Refused::Unavailable);
        }
        if known.keys.find(kid, algorithm).is_none() {
            self.refresh(&mut known, true).await;
        }
        Ok(known.keys.find(kid, algorithm).ok_or(UNKNOWN_KEY)?)
    }

    /// Asks the provider anew: where what is known is old, or a key is `missing`; never more often than every so often.
    async fn refresh(&self, known: &mut Known, missing: bool) {
        let now = self.clock.now();
        let fresh = known.read.is_some_and(|read| now < read.plus_seconds(FRESH));
        let asked_just_now = known.asked.is_some_and(|asked| now < asked.plus_seconds(PAUSE));
        if (fresh && !missing) || asked_just_now {
            return;
        }
        known.asked = Some(now);
        match self.ask().await {
            Ok((metadata, keys)) => {
                known.metadata = Some(metadata);
                known.keys = keys;
                known.read = Some(now);
            }
            Err(error) => {
                tracing::warn!(provider = %self.settings.name, error = %error, "an identity provider cannot be asked");
                if known.read.is_none_or(|read| now > read.plus_seconds(KEPT)) {
                    *known = Known { asked: known.asked, ..Known::default() };
                }
            }
        }
    }

    async fn ask(&self) -> Result<(Metadata, KeySet), String> {
        let place = format!("{}/.well-known/openid-configuration", self.settings.issuer.trim_end_matches('/'));
        let metadata: Metadata = fetch::json(&self.agent, &place, Sent::Nothing).await?;
        if metadata.issuer != self.settings.issuer {
            return Err("it calls itself by another issuer".to_owned());
        }
        let keys = fetch::json(&self.agent, &metadata.jwks_uri, Sent::Nothing).await?;
        Ok((metadata, keys))
    }

    /// Who somebody is by their claims, and of which agency they must be.
    pub(crate) fn claimed(&self, claims: &Claims) -> Result<Claimed, Why> {
        let officer = claims.text(&self.settings.officer_claim).ok_or("it does not say who it is for")?.to_owned();
        if self.settings.officer_claim == "email" && claims.get("email_verified") != Some(&serde_json::Value::Bool(true)) {
            return Err("its email is not verified");
        }
        let agency = match &self.settings.agency_claim {
            None => None,
            Some(claim) => {
                let named: Vec<&str> = match claims.get(claim) {
                    Some(serde_json::Value::String(one)) => vec![one],
                    Some(serde_json::Value::Array(list)) => list.iter().filter_map(serde_json::Value::as_str).collect(),
                    _ => Vec::new(),
                };
                let mut agencies = named.iter().filter_map(|value| self.settings.agencies.get(*value));
                let agency = agencies.next().ok_or("it names no agency that is set")?;
                if agencies.any(|other| other != agency) {
                    return Err("it names several agencies");
                }
                Some(agency.clone())
            }
        };
        Ok(Claimed { officer, agency })
    }
}

/// Why a token is refused.
#[derive(Debug)]
pub(crate) enum Refused {
    /// It is not to be accepted.
    Token(Why),
    /// Its provider cannot be asked.
    Unavailable,
}

impl From<Why> for Refused {
    fn from(why: Why) -> Self {
        Self::Token(why)
    }
}

pub(crate) fn unreachable() -> ServiceError {
    ServiceError::Unavailable("the identity provider cannot be reached".to_owned())
}
