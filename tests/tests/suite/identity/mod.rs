//! Who is let in, and who is not any more.

mod accounts;
mod attacks;
mod pages;
mod roles;

use serde_json::Value;
use testkit::http::{self, Answer};
use tests::{Officer, World};

/// The cookie of a session.
const SESSION: &str = "__Host-beacon";

/// Fills in the form as a browser would.
fn fill_in(url: &str, user_name: &str, password: &str, cookie: Option<&str>) -> Answer {
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let form = format!("user_name={}&password={}", encoded(user_name), encoded(password));
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    headers.extend(cookie.map(|cookie| ("cookie", cookie)));
    raw(url, "POST", "/sign-in", &headers, Some(form.as_bytes()))
}

/// A request whose redirects are answers.
fn raw(url: &str, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answer {
    http::send(method, url, "", path, headers, body)
}

/// The cookie an answer sets, as it is sent back.
fn cookie(answer: &Answer) -> String {
    let set = answer.headers.get("set-cookie").unwrap_or_else(|| panic!("no cookie: {} {}", answer.status, answer.text));
    set.split(';').next().unwrap().to_owned()
}

/// Signs in; gives the cookie.
fn sign_in(url: &str, user_name: &str, password: &str) -> String {
    let answer = fill_in(url, user_name, password, None).expect(303);
    assert_eq!(answer.headers["location"], "/signed-in");
    cookie(&answer)
}

/// A request with a session, as our own pages send it.
fn with(url: &str, cookie: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let body = body.map(Value::to_string);
    raw(url, method, path, &[("cookie", cookie), ("sec-fetch-site", "same-origin")], body.as_ref().map(String::as_bytes))
}

/// The actions in the ledger of the council that concern an officer, newest first; what was denied says so.
fn actions(world: &World, officer: &Officer) -> Vec<String> {
    let dpo = world.officer(&world.council, &format!("Reader {}", model::Clock::system().now()), "data_protection_officer");
    let page = dpo.get(&format!("/v1/audit?officer={}&limit=500", officer.id)).expect(200).json();
    page["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            let action = entry["action"].as_str().unwrap();
            if entry["outcome"] == "denied" && !action.ends_with(".refused") { format!("{action} denied") } else { action.to_owned() }
        })
        .collect()
}
