//! The pages people sign in by: sign in, signed in as, signed out. Plain HTML that works without scripts.

mod page;
mod sign_in;
mod sign_out;
mod signed_in;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use identity::Identity;
use std::sync::Arc;

/// What every page has at hand.
#[derive(Debug, Clone)]
pub struct Pages {
    /// Who somebody is.
    pub identity: Arc<Identity>,
    /// Whether people sign in with a user name and a password of ours.
    pub local_accounts: bool,
}

/// The most bytes of a form.
const LARGEST: usize = 32 * 1024;

/// Every page.
pub fn router(pages: Pages) -> Router {
    let policy = Arc::new(policy(&pages));
    Router::new()
        .route("/sign-in", get(sign_in::form).post(sign_in::with_password))
        .route("/sign-in/{provider}", get(sign_in::at_provider))
        .route("/sign-in/{provider}/return", get(sign_in::from_provider))
        .route(identity::open_id::SIGNED_IN, get(signed_in::signed_in))
        .route("/sign-out", post(sign_out::sign_out))
        .route("/sign-out/back-channel", post(sign_out::back_channel))
        .route(identity::open_id::SIGNED_OUT, get(sign_out::signed_out))
        .route("/sign-in.css", get(stylesheet))
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(middleware::map_response(move |response: Response| std::future::ready(guarded(response, &policy))))
        .with_state(pages)
}

async fn stylesheet() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")], include_str!("../templates/sign-in.css"))
        .into_response()
}

/// What a browser may do with a page: show it, with our stylesheet. Forms go to us, and on to a provider when one signs out.
fn policy(pages: &Pages) -> String {
    let origin = |url: &str| url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let providers = pages.identity.providers_for_people().map(|provider| format!(" {}", origin(&provider.settings.issuer)));
    let forms: String = providers.collect();
    format!("default-src 'none'; style-src 'self'; form-action 'self'{forms}; frame-ancestors 'none'; base-uri 'none'")
}

fn guarded(mut response: Response, policy: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
