//! Plain HTTP requests against a running server.

use serde_json::Value;
use std::collections::BTreeMap;

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// The answer, which must have this status.
    ///
    /// # Panics
    /// With the body, when it has another.
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

/// What an officer's client sends with every look: a purpose, and the number another system gave the matter.
pub const PURPOSE: [(&str, &str); 2] = [("beacon-purpose", "investigation"), ("beacon-purpose-reference", "LOG 1/2026")];

/// Sends a request; an empty token sends none. Headers go on top of the usual ones, of which a purpose is one: whoever sends
/// another, or an empty one for none, sends both its headers.
/// A redirect is an answer.
///
/// # Panics
/// When the server cannot be reached or cuts the answer off.
pub fn send(method: &str, url: &str, token: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answer {
    try_send(method, url, token, path, headers, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
}

/// The same where the server may be gone.
///
/// # Errors
/// What went wrong, in words.
pub fn try_send(method: &str, url: &str, token: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Result<Answer, String> {
    thread_local! {
        static AGENT: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).allow_non_standard_methods(true).build().into();
    }
    let mut request = ureq::http::Request::builder().method(method).uri(format!("{url}{path}"));
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if body.is_some() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        request = request.header("content-type", if method == "PATCH" { "application/merge-patch+json" } else { "application/json" });
    }
    let usual = if headers.iter().any(|(name, _)| name.starts_with(PURPOSE[0].0)) { &[][..] } else { &PURPOSE[..] };
    for (name, value) in usual.iter().chain(headers).filter(|(_, value)| !value.is_empty()) {
        request = request.header(*name, *value);
    }
    let request = request.body(body.unwrap_or_default()).map_err(|error| error.to_string())?;
    let mut response = AGENT.with(|agent| agent.run(request)).map_err(|error| error.to_string())?;
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let status = response.status().as_u16();
    let text = response.body_mut().with_config().limit(1 << 30).read_to_string().map_err(|error| error.to_string())?;
    Ok(Answer { status, headers, text })
}

/// `GET`
pub fn get(url: &str, token: &str, path: &str) -> Answer {
    send("GET", url, token, path, &[], None)
}

/// `POST` with a JSON body.
pub fn post(url: &str, token: &str, path: &str, body: &Value) -> Answer {
    send("POST", url, token, path, &[], Some(body.to_string().as_bytes()))
}

/// `PATCH` against a version.
pub fn patch(url: &str, token: &str, path: &str, etag: &str, body: &Value) -> Answer {
    send("PATCH", url, token, path, &[("if-match", etag)], Some(body.to_string().as_bytes()))
}
