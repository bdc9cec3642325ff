//! Who calls, when, in which request, and what for.

use super::ApiError;
use crate::App;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use identity::browser::{Origin, RequestId};
use model::{
    audit::{Purpose, Request},
    entropy, vocabulary,
};

/// The purpose code of every read and search.
pub(crate) const PURPOSE: &str = "beacon-purpose";
/// The reference that goes with it.
pub(crate) const PURPOSE_REFERENCE: &str = "beacon-purpose-reference";

/// The agency a seconded officer acts for.
pub(crate) const ACTING_AS: &str = "beacon-acting-as";

/// A signed-in caller's request, as the ledger will keep it.
pub(crate) struct Caller(pub(crate) Request);

/// The same, for what is answered without a transaction of its own that would ask again whether the token is in force.
pub(crate) struct FreshCaller(pub(crate) Request);

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        request(parts, app, false).await.map(Self)
    }
}

impl FromRequestParts<App> for FreshCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        request(parts, app, true).await.map(Self)
    }
}

async fn request(parts: &mut Parts, app: &App, fresh: bool) -> Result<Request, ApiError> {
    let id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let (token, actor) = match text(&parts.headers, "authorization")? {
        Some(authorization) => app.identity.bearer(&authorization, fresh, &id).await?,
        None => {
            let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
            let origin = Origin { site: header("sec-fetch-site"), origin: header("origin"), host: header("host") };
            let cookies: Vec<&str> = parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).collect();
            app.identity.session(&cookies, origin, !parts.method.is_safe(), fresh).await?
        }
    };
    no_token_in(parts.uri.query())?;
    let purpose = purpose(&parts.headers)?;
    let request = Request { actor, at: app.service.clock().now(), id, purpose, token: Some(token) };
    match text(&parts.headers, ACTING_AS)? {
        None => Ok(request),
        Some(host) => {
            let host = host
                .parse()
                .map_err(|_| ApiError::invalid("Beacon-Acting-As", "not_an_id", "must be the id of an agency: see GET /v1/me"))?;
            Ok(app.service.acting_as(request, host).await?)
        }
    }
}

/// A token in an address is in somebody's log by now: it is not read, and whoever sends it is told.
fn no_token_in(query: Option<&str>) -> Result<(), ApiError> {
    let named = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        ["access_token", "token", "id_token", "api_key", "authorization"].iter().any(|known| name.eq_ignore_ascii_case(known))
            || value.starts_with("beacon_")
    };
    if query.is_some_and(|query| query.split('&').any(named)) {
        let detail =
            "never put a token into an address, where it is logged on its way: revoke it, and send another in the header Authorization";
        return Err(ApiError::bad_request("query", "token_in_url", detail));
    }
    Ok(())
}

/// One header as text.
pub(crate) fn text(headers: &HeaderMap, name: &'static str) -> Result<Option<String>, ApiError> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(ApiError::bad_request(name, "repeated", "send this header once"));
    }
    let text = value.to_str().map_err(|_| ApiError::bad_request(name, "not_text", "must be plain ASCII text"))?;
    Ok(Some(text.trim().to_owned()))
}

fn purpose(headers: &HeaderMap) -> Result<Purpose, ApiError> {
    let (code, reference) = (text(headers, PURPOSE)?, text(headers, PURPOSE_REFERENCE)?);
    if let Some(code) = &code
        && !vocabulary::current().has("purposes", code)
    {
        return Err(ApiError::invalid("Beacon-Purpose", "unknown_code", vocabulary::current().remedy("purposes")));
    }
    if reference.as_ref().is_some_and(|reference| reference.is_empty() || reference.len() > 100) {
        return Err(ApiError::invalid("Beacon-Purpose-Reference", "length", "must be 1 to 100 characters"));
    }
    Ok(Purpose { code, reference })
}

/// The id of a request: the client's `X-Request-Id` where it is sound, with its `traceparent` where it sends one.
pub(crate) fn request_id(app: &App, headers: &HeaderMap) -> String {
    let sound = |name: &str, most: usize| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .filter(|text| !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)))
    };
    let id = sound("x-request-id", 64).map_or_else(|| entropy::id(app.service.clock().now()).to_string(), str::to_owned);
    match sound("traceparent", 55) {
        Some(trace) => format!("{id} {trace}"),
        None => id,
    }
}
