//! JWTs: nothing that the provider has not signed is ever believed.

use identity::{
    KeySet,
    jwt::{Claims, Parts},
};
use jsonwebtoken::Algorithm;
use model::Timestamp;
use std::sync::OnceLock;

/// The keys of a provider that nobody has: they signed [`GENUINE`] and were thrown away.
const KEYS: &str = include_str!("../provider_keys.json");
/// The one token it ever made.
const GENUINE: &str = include_str!("../genuine_token.txt");
const PINNED: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];

fn keys() -> &'static KeySet {
    static KEY_SET: OnceLock<KeySet> = OnceLock::new();
    KEY_SET.get_or_init(|| {
        let keys: KeySet = serde_json::from_str(KEYS).expect("a list of keys");
        let genuine = Parts::read(GENUINE).expect("a token");
        assert!(keys.verified(genuine, &PINNED).is_ok(), "the genuine token is believed");
        keys
    })
}

/// A token as it is; and the lines of a text as header, claims and signature of one.
///
/// # Panics
/// When anything but the genuine token is believed.
pub fn jwt(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    believed(&text);
    let mut lines = text.splitn(3, '\n').map(|line| identity::jwt::base64url(line.as_bytes()));
    let mut line = || lines.next().unwrap_or_default();
    believed(&format!("{}.{}.{}", line(), line(), line()));
    // The genuine one with one part replaced.
    let [header, claims, signature] = GENUINE.split('.').collect::<Vec<_>>().try_into().expect("three parts");
    let part = identity::jwt::base64url(data);
    for token in [format!("{part}.{claims}.{signature}"), format!("{header}.{part}.{signature}"), format!("{header}.{claims}.{text}")] {
        believed(&token);
    }
}

fn believed(token: &str) {
    let Ok(parts) = Parts::read(token) else { return };
    if let Ok(algorithm) = parts.algorithm(&PINNED) {
        assert_eq!(parts.header.alg, format!("{algorithm:?}"));
    }
    parts.is_kind(&["at+jwt".to_owned()]);
    read(&parts.claims);
    assert!(keys().verified(parts, &PINNED).is_err() || token == GENUINE, "a token that nobody signed is believed");
}

fn read(claims: &Claims) {
    let now: Timestamp = "2026-01-01T00:30:00Z".parse().expect("a time");
    if let Ok(ends) = claims.holds(now, 60, 3_600) {
        assert!(ends.plus_seconds(60) > now && ends < now.plus_seconds(2 * 3_600), "it holds until {ends}");
    }
    assert!(claims.audience().is_err() || claims.has("aud"));
    assert!(claims.text("sub").is_none_or(|sub| !sub.is_empty()));
}
