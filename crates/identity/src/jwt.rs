//! A signed JWT taken apart strictly. Everything in its header that names a key or a place where one is to be found is
//! ignored: keys come from the provider's own list alone.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use model::{
    Timestamp,
    strict::{NoRepeats, Strict},
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The longest token read.
pub const LONGEST: usize = 8 * 1024;

/// Why a token is not accepted, for the log: never a part of the token.
pub type Why = &'static str;

/// The part of a header that counts.
#[derive(Debug, Deserialize)]
pub struct Header {
    /// The algorithm.
    pub alg: String,
    /// Which key.
    pub kid: Option<String>,
    /// What kind of token.
    pub typ: Option<String>,
    crit: Option<Value>,
    cty: Option<Value>,
    enc: Option<Value>,
    zip: Option<Value>,
    b64: Option<Value>,
}

/// A token taken apart; nothing of it is to be believed before [`Parts::signed_by`].
#[derive(Debug)]
pub struct Parts<'a> {
    /// The header.
    pub header: Header,
    /// What is claimed.
    pub claims: Claims,
    /// What is signed.
    pub message: &'a str,
    signature: &'a str,
}

/// What a token claims.
#[derive(Debug)]
pub struct Claims(Map<String, Value>);

impl<'a> Parts<'a> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(token: &'a str) -> Result<Self, Why> {
        if token.len() > LONGEST {
            return Err("longer than any token of a provider");
        }
        let (message, signature) = token.rsplit_once('.').ok_or("not three parts")?;
        let (header, payload) = message.split_once('.').filter(|(_, payload)| !payload.contains('.')).ok_or("not three parts")?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| "not base64url");
        let header = decode(header)?;
        let mut reader = serde_json::Deserializer::from_slice(&header);
        let read = Header::deserialize(Strict::new(&mut reader)).map_err(|_| "its header cannot be read")?;
        reader.end().map_err(|_| "its header cannot be read")?;
        if read.crit.is_some() || read.cty.is_some() || read.enc.is_some() || read.zip.is_some() || read.b64.is_some() {
            return Err("its header asks for what is not done here");
        }
        let claims = decode(payload)?;
        let NoRepeats(claims) = serde_json::from_slice(&claims).map_err(|_| "its claims cannot be read")?;
        let Value::Object(claims) = claims else { return Err("its claims cannot be read") };
        Ok(Self { header: read, claims: Claims(claims), message, signature })
    }

    /// The algorithm of the header, where it is one of those pinned.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn algorithm(&self, pinned: &[Algorithm]) -> Result<Algorithm, Why> {
        // Compared with the exact words: `NONE` or `rs256` is none of them.
        let named = pinned.iter().copied().find(|algorithm| format!("{algorithm:?}") == self.header.alg);
        named.filter(|algorithm| crate::signature::accepted(*algorithm)).ok_or("its algorithm is not one of those set")
    }

    /// The claims, once the signature is found to be right.
    ///
    /// # Errors
    /// When it is wrong.
    pub fn signed_by(self, key: &DecodingKey, algorithm: Algorithm) -> Result<Claims, Why> {
        match jsonwebtoken::crypto::verify(self.signature, self.message.as_bytes(), key, algorithm) {
            Ok(true) => Ok(self.claims),
            _ => Err("its signature is wrong"),
        }
    }

    /// Whether the header names one of these kinds of token.
    pub fn is_kind(&self, kinds: &[String]) -> bool {
        let Some(kind) = &self.header.typ else { return false };
        let short = |kind: &str| kind.to_ascii_lowercase().trim_start_matches("application/").to_owned();
        kinds.iter().any(|known| short(known) == short(kind))
    }
}

impl Claims {
    /// A text that is not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// Whether it is claimed at all.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Any claim.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A time, in seconds since 1970.
    ///
    /// # Errors
    /// When it is no number.
    pub fn time(&self, name: &str) -> Result<Option<Timestamp>, Why> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let seconds = value.as_f64().filter(|seconds| seconds.is_finite() && seconds.abs() < 1e12).ok_or("a time in it is not a number")?;
        Ok(Some(Timestamp::from_micros((seconds * 1e6) as i64)))
    }

    /// Whether it is from this issuer.
    ///
    /// # Errors
    /// When it is not.
    pub fn from(&self, issuer: &str) -> Result<(), Why> {
        if self.text("iss") == Some(issuer) { Ok(()) } else { Err("it is from another issuer") }
    }

    /// Whom it is meant for: a text or a list of texts, and nothing else.
    ///
    /// # Errors
    /// When it is neither.
    pub fn audience(&self) -> Result<Vec<&str>, Why> {
        let wrong = "its audience cannot be read";
        match self.0.get("aud") {
            Some(Value::String(one)) => Ok(vec![one]),
            Some(Value::Array(list)) => list.iter().map(|entry| entry.as_str().ok_or(wrong)).collect(),
            _ => Err(wrong),
        }
    }

    /// Checks when it holds: it must end, not have ended, have begun, and not last longer than `longest` seconds. Gives its
    /// end.
    ///
    /// # Errors
    /// Which of these does not hold.
    pub fn holds(&self, now: Timestamp, leeway: i64, longest: i64) -> Result<Timestamp, Why> {
        let ends = self.time("exp")?.ok_or("it does not end")?;
        if ends.plus_seconds(leeway) <= now {
            return Err(ENDED);
        }
        if self.time("nbf")?.is_some_and(|begins| begins > now.plus_seconds(LEEWAY)) {
            return Err("it has not begun");
        }
        let made = self.time("iat")?;
        if made.is_some_and(|made| made > now.plus_seconds(LEEWAY)) {
            return Err("it is made in the future");
        }
        if ends > made.unwrap_or(now).plus_seconds(longest.saturating_add(LEEWAY)) {
            return Err("it lasts too long");
        }
        Ok(ends)
    }
}

/// Why a token is refused that was fine before.
pub const ENDED: Why = "it has ended";
/// How far the provider's clock may be from ours, in seconds.
pub const LEEWAY: i64 = 60;

/// Bytes as base64url.
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Base64url as text.
pub fn from_base64url(text: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}
