//! What comes from a browser: cookies, where a request comes from, where somebody may be sent.

use crate::Hash;
use model::entropy;
use secrecy::SecretString;
use service::ServiceError;
use sha2::{Digest, Sha256};

/// The cookie of a session.
pub const SESSION: &str = "__Host-beacon";
/// The cookie of a sign-in at an identity provider that is under way.
pub const UNDER_WAY: &str = "__Host-beacon-sign-in";
/// Of every cookie: sent over TLS alone (or to this machine), read by no script, not sent with what other sites load or post.
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

/// The id of a request, put there by the outermost layer.
#[derive(Debug, Clone, Default)]
pub struct RequestId(pub String);

/// A new session: the text for the cookie, and the hash to keep.
#[derive(Debug)]
pub struct NewSession {
    /// The secret.
    pub text: SecretString,
    /// Its hash.
    pub hash: Hash,
}

/// Makes a session of 256 random bits. What a browser sends is never taken for a new one.
pub fn new_session() -> NewSession {
    let text = crate::jwt::base64url(&entropy::bytes::<32>());
    NewSession { hash: session_hash(&text), text: text.into() }
}

/// The hash a session is kept under: another than that of an API token of the same text.
fn session_hash(text: &str) -> Hash {
    Sha256::new().chain_update(b"session:").chain_update(text.as_bytes()).finalize().into()
}

/// The session in a `Cookie` header; none where it is sent twice, which no browser does.
pub fn session(cookies: &[&str]) -> Option<Hash> {
    let text = cookie(cookies, SESSION)?;
    (text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')).then(|| session_hash(text))
}

/// The value of a cookie that is sent once.
pub fn cookie<'a>(cookies: &[&'a str], name: &str) -> Option<&'a str> {
    let pairs = cookies.iter().flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value);
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

/// A `Set-Cookie` header; without a value it takes the cookie away.
pub fn set_cookie(name: &str, value: Option<&str>, seconds: Option<u32>) -> String {
    match (value, seconds) {
        (None, _) => format!("{name}=; {ATTRIBUTES}; Max-Age=0"),
        (Some(value), None) => format!("{name}={value}; {ATTRIBUTES}"),
        (Some(value), Some(seconds)) => format!("{name}={value}; {ATTRIBUTES}; Max-Age={seconds}"),
    }
}

/// Where a request says it comes from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin<'a> {
    /// `Sec-Fetch-Site`: what the browser itself knows.
    pub site: Option<&'a str>,
    /// `Origin`.
    pub origin: Option<&'a str>,
    /// `Host`.
    pub host: Option<&'a str>,
}

impl Origin<'_> {
    /// Whether a request with a cookie comes from our own pages, or from nobody's (typed in, a bookmark) where it changes
    /// nothing.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`].
    pub fn check(&self, changes: bool) -> Result<(), ServiceError> {
        let own = match (self.site, self.origin) {
            (Some("same-origin"), _) => true,
            (Some("none"), _) => !changes,
            (Some(_), _) => false,
            (None, Some(origin)) => {
                let authority = origin.split_once("://").map(|(_, authority)| authority);
                authority.is_some() && authority.map(str::to_ascii_lowercase) == self.host.map(str::to_ascii_lowercase)
            }
            (None, None) => !changes,
        };
        if own { Ok(()) } else { Err(ServiceError::Forbidden("a session is used from Beacon's own pages alone: programs send a token")) }
    }
}

/// A place of our own to go on to; none for a place elsewhere.
pub fn own_path(path: &str) -> Option<&str> {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (path.starts_with('/') && !path.starts_with("//") && plain && path.len() <= 500).then_some(path)
}

/// The bucket in which attempts of one user name, or from one address, are counted: 20 bits, too few to tell what was typed.
pub fn bucket(text: &str) -> i64 {
    let hash = Sha256::digest(text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().as_bytes());
    (i64::from(hash[0]) << 12) | (i64::from(hash[1]) << 4) | (i64::from(hash[2]) >> 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn a_session_is_read_from_its_own_cookie_once() {
        let made = new_session();
        let sent = format!("a=b; {SESSION}={}; c=d", made.text.expose_secret());
        assert_eq!(session(&[&sent]), Some(made.hash));
        assert_eq!(session(&[&sent, &sent]), None);
        assert_eq!(session(&[&sent.replace("__Host-", "")]), None);
        assert_eq!(session(&["__Host-beacon=short"]), None);
        assert_ne!(made.hash, crate::hash(made.text.expose_secret()), "a session is no token");
    }

    #[test]
    fn where_a_request_comes_from() {
        let of = |site, origin| Origin { site, origin, host: Some("beacon.example:8480") };
        for (origin, reads, changes) in [
            (of(Some("same-origin"), None), true, true),
            (of(Some("none"), None), true, false),
            (of(Some("cross-site"), Some("http://beacon.example:8480")), false, false),
            (of(Some("same-site"), None), false, false),
            (of(None, Some("https://Beacon.example:8480")), true, true),
            (of(None, Some("https://other.example")), false, false),
            (of(None, Some("null")), false, false),
            (of(None, None), true, false),
        ] {
            assert_eq!((origin.check(false).is_ok(), origin.check(true).is_ok()), (reads, changes), "{origin:?}");
        }
        assert!(Origin { origin: Some("null"), ..Origin::default() }.check(true).is_err());
    }

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(own_path("/signed-in"), Some("/signed-in"));
        for elsewhere in ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/a\nb", "/\t/evil.example", ""] {
            assert_eq!(own_path(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn a_bucket_has_20_bits() {
        assert!((0..1_000).map(|n| bucket(&n.to_string())).all(|bucket| (0..1 << 20).contains(&bucket)));
        assert_eq!(bucket(" Pat  REED"), bucket("pat reed"));
    }
}
