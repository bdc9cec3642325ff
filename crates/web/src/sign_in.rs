//! `/sign-in`: with a password, or at an identity provider.

use crate::{
    Pages,
    page::{cookies, from_our_pages, on_to, page, problem},
};
use askama::Template;
use axum::{
    Extension, Form,
    extract::{
        ConnectInfo, Path, Query, State,
        rejection::{FormRejection, QueryRejection},
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use identity::{
    browser::{self, RequestId, SESSION, UNDER_WAY, own_path, set_cookie},
    open_id::{PATIENCE, Return, SIGNED_IN},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use service::ServiceError;
use std::net::SocketAddr;

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignIn<'a> {
    local: bool,
    providers: Vec<(&'a str, &'a str)>,
    return_to: &'a str,
    user_name: &'a str,
    error: Option<String>,
}

/// Where one goes on to afterwards.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct OnTo {
    #[serde(default)]
    return_to: String,
}

/// What the form holds.
#[derive(Deserialize)]
pub(crate) struct Filled {
    #[serde(default)]
    user_name: String,
    #[serde(default)]
    password: SecretString,
    #[serde(default)]
    return_to: String,
}

/// What a provider sends back.
#[derive(Deserialize)]
pub(crate) struct Sent {
    code: Option<SecretString>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// A query that may be anything a browser was told to send.
type Maybe<T> = Result<Query<T>, QueryRejection>;
type Id = Option<Extension<RequestId>>;
type Address = Option<Extension<ConnectInfo<SocketAddr>>>;

fn form_page(pages: &Pages, status: StatusCode, return_to: &str, user_name: &str, error: Option<String>) -> Response {
    let providers = pages.identity.providers_for_people();
    let providers = providers.map(|provider| (provider.settings.name.as_str(), provider.label())).collect();
    page(status, &SignIn { local: pages.local_accounts, providers, return_to: own_path(return_to).unwrap_or_default(), user_name, error })
}

/// `GET /sign-in`
pub(crate) async fn form(State(pages): State<Pages>, query: Maybe<OnTo>) -> Response {
    let return_to = query.map(|Query(on_to)| on_to.return_to).unwrap_or_default();
    form_page(&pages, StatusCode::OK, &return_to, "", None)
}

/// `POST /sign-in`
pub(crate) async fn with_password(
    State(pages): State<Pages>,
    id: Id,
    address: Address,
    headers: HeaderMap,
    filled: Result<Form<Filled>, FormRejection>,
) -> Response {
    if let Err(error) = from_our_pages(&headers) {
        return problem(&error);
    }
    let (true, Ok(Form(filled))) = (pages.local_accounts, filled) else { return problem(&ServiceError::NotFound) };
    let id = id.map(|Extension(id)| id.0).unwrap_or_default();
    let address = address.map(|Extension(ConnectInfo(address))| address.ip());
    let before = browser::session(&cookies(&headers));
    let user_name: String = filled.user_name.trim().chars().take(200).collect();
    match pages.identity.sign_in(&user_name, filled.password, address, before, &id).await {
        Ok(session) => {
            on_to(own_path(&filled.return_to).unwrap_or(SIGNED_IN), &[set_cookie(SESSION, Some(session.text.expose_secret()), None)])
        }
        Err(ServiceError::Unauthenticated) => {
            let told = "The user name or the password is not right. Check both and try again.".to_owned();
            form_page(&pages, StatusCode::UNAUTHORIZED, &filled.return_to, &user_name, Some(told))
        }
        Err(ServiceError::TooMany(seconds)) => {
            let minutes = seconds.div_ceil(60);
            let told = format!("There were too many attempts. Wait {minutes} minute{} and try again.", if minutes == 1 { "" } else { "s" });
            let mut response = form_page(&pages, StatusCode::TOO_MANY_REQUESTS, &filled.return_to, &user_name, Some(told));
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
        Err(error) => problem(&error),
    }
}

/// `GET /sign-in/{provider}`
pub(crate) async fn at_provider(State(pages): State<Pages>, Path(provider): Path<String>, query: Maybe<OnTo>) -> Response {
    let return_to = query.map(|Query(on_to)| on_to.return_to).unwrap_or_default();
    match pages.identity.begin(&provider, &return_to).await {
        Ok(begun) => on_to(&begun.location, &[set_cookie(UNDER_WAY, Some(&begun.cookie), Some(PATIENCE))]),
        Err(error) => problem(&error),
    }
}

/// `GET /sign-in/{provider}/return`
pub(crate) async fn from_provider(
    State(pages): State<Pages>,
    id: Id,
    Path(provider): Path<String>,
    headers: HeaderMap,
    query: Maybe<Sent>,
) -> Response {
    let id = id.map(|Extension(id)| id.0).unwrap_or_default();
    let cookies = cookies(&headers);
    let sent = query
        .map_or_else(|_| Return::default(), |Query(sent)| Return { code: sent.code, state: sent.state, iss: sent.iss, error: sent.error });
    let arrived = pages.identity.arrive(&provider, browser::cookie(&cookies, UNDER_WAY), sent, browser::session(&cookies), id).await;
    let over = set_cookie(UNDER_WAY, None, None);
    match arrived {
        Ok(arrived) => on_to(&arrived.on_to, &[set_cookie(SESSION, Some(arrived.session.text.expose_secret()), None), over]),
        Err(ServiceError::Unauthenticated) => {
            let told = "You could not be signed in. Try again; if it fails once more, ask your administrator whether you are linked to an officer.";
            let mut response = form_page(&pages, StatusCode::UNAUTHORIZED, "", "", Some(told.to_owned()));
            if let Ok(over) = HeaderValue::from_str(&over) {
                response.headers_mut().append(header::SET_COOKIE, over);
            }
            response
        }
        Err(error) => problem(&error),
    }
}
