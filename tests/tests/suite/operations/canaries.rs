//! No personal data in logs, metrics or errors: texts that stand nowhere else are sent through every operation of the API's own
//! description, in every place a client can put them, with everything logged that can be.

use super::bodies::{Bodies, Leaves};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use testkit::http::{self, Answer};
use tests::{Officer, World, body, free_port, on_both, person};

on_both!(what_clients_send_is_in_no_log_metric_or_error);

/// A record that nothing has.
const UNKNOWN: &str = "018f0000-0000-7000-8000-000000000009";

/// Everybody who asks, their real secrets, and what no error may repeat.
struct Canaries<'a> {
    url: &'a str,
    callers: Vec<Officer>,
    incident: String,
    involvement: String,
    document: Value,
    sent: u64,
    statuses: BTreeMap<u16, u64>,
    repeated: Vec<String>,
}

/// An operation of the document.
#[derive(Clone)]
struct Operation {
    method: String,
    path: String,
    about: Value,
}

fn what_clients_send_is_in_no_log_metric_or_error(world: &mut World) {
    let metrics = free_port();
    world.stop();
    world.deployment.settings = [
        ("BEACON_LOG", "trace".to_owned()),
        ("BEACON_LOG_FORMAT", "json".to_owned()),
        ("BEACON_METRICS_LISTEN", format!("127.0.0.1:{metrics}")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec();
    world.start();
    let url = world.url().to_owned();
    world.council.admin.url.clone_from(&url);
    let (supervisor, lead) = (("Pat Reed", "supervisor"), ("Ann Lee", "safeguarding_lead"));
    let others = [supervisor, lead, ("Del Marsh", "data_protection_officer")];
    let mut callers: Vec<Officer> = others.iter().map(|(name, role)| world.officer(&world.council, name, role)).collect();
    callers.push(world.council.admin.clone());
    let made = callers[0].log(&body("x", &[], &[person("Quixcanary Ashworth", "person_affected")]));
    let document = serde_json::from_str(&world.deployment.ok(&["openapi"])).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (incident, involvement) = (text(&made["id"]), text(&made["incident"]["involvements"][0]["id"]));
    let mut canaries =
        Canaries { url: &url, callers, incident, involvement, document, sent: 0, statuses: BTreeMap::new(), repeated: Vec::new() };
    let password = canaries.passwords(world);
    canaries.everything();
    let run = |file: &str, sql: &str| Connection::open(file).unwrap().execute_batch(sql).unwrap();
    world.sql("ALTER TABLE audit RENAME TO audit_away", run);
    canaries.bodies();
    world.sql("ALTER TABLE audit_away RENAME TO audit", run);

    let Canaries { callers, sent, statuses, repeated, .. } = canaries;
    assert!(repeated.is_empty(), "{} answers repeat what was sent:\n{}", repeated.len(), repeated.join("\n"));
    for status in [200, 201, 400, 401, 403, 404, 415, 422, 503] {
        assert!(statuses.contains_key(&status), "nothing was answered {status}: {statuses:?}");
    }
    assert!(sent > 2_000, "only {sent} requests");
    let log = world.server().log();
    let other = log.lines().find(|line| serde_json::from_str::<Value>(line).is_err());
    assert!(log.lines().count() > 300 && other.is_none(), "{} lines, one of them no JSON: {other:?}", log.lines().count());
    let told = http::get(&format!("http://127.0.0.1:{metrics}"), "", "/metrics").expect(200).text;
    assert!(told.contains("beacon_requests_total"), "{told}");
    for (where_, text) in [("log", &log), ("metrics", &told)] {
        let found: Vec<&str> = text.lines().filter(|line| sent_in(line)).map(|line| &line[..line.len().min(600)]).collect();
        assert!(
            found.is_empty(),
            "{} lines of the {where_} tell what was sent, as\n{}",
            found.len(),
            found[..found.len().min(8)].join("\n")
        );
        let secrets = callers.iter().map(|caller| caller.token.as_str()).chain([password.as_str()]);
        for secret in secrets {
            assert!(!text.contains(secret), "a secret is in the {where_}");
        }
    }
}

/// Whether some text holds any value that was sent: each begins alike, in whatever case it is kept.
fn canary_in(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains("quixcanary") || lower.contains("0770090")
}

/// The same, or the name of a field or parameter that is none: an error tells it to whoever sent it, and nothing else does.
fn sent_in(text: &str) -> bool {
    canary_in(text) || text.to_lowercase().contains("misnamed")
}

impl Canaries<'_> {
    fn operations(&self) -> Vec<Operation> {
        let mut all = Vec::new();
        for (path, methods) in self.document["paths"].as_object().unwrap() {
            for (method, about) in methods.as_object().unwrap() {
                all.push(Operation { method: method.to_uppercase(), path: path.clone(), about: about.clone() });
            }
        }
        all
    }

    /// The path of what is there, where it is.
    fn real(&self, path: &str) -> String {
        let mut path = path.replace("{incident}", &self.incident);
        if path.contains("/involvements/") {
            path = path.replace("{id}", &self.involvement);
        }
        let steps = path.split('/').map(|step| match step {
            "{number}" | "{seq}" => "1",
            "{class}" => "ordinary",
            step if step.starts_with('{') => UNKNOWN,
            step => step,
        });
        steps.collect::<Vec<_>>().join("/")
    }

    fn send(&mut self, method: &str, path: &str, token: &str, headers: &[(&str, &str)], body: Option<&str>) -> Answer {
        // A body that nobody reads ends its connection: whatever came next in it is sent again in another.
        let again = || http::send(method, self.url, token, path, headers, body.map(str::as_bytes));
        let answer = http::try_send(method, self.url, token, path, headers, body.map(str::as_bytes)).unwrap_or_else(|_| again());
        self.sent += 1;
        *self.statuses.entry(answer.status).or_default() += 1;
        let own = |name: &str| matches!(name, "x-request-id" | "location");
        let in_headers = answer.headers.iter().any(|(name, value)| !own(name) && canary_in(value));
        if answer.status >= 400 && (canary_in(&answer.text) || in_headers) {
            self.repeated.push(format!("{method} {path} {body:?}: {} {}", answer.status, answer.text));
        }
        answer
    }

    /// Attempts to sign in, right and wrong; gives a real password.
    fn passwords(&mut self, world: &World) -> String {
        let password = world.password(&self.callers[0], "quixcanary.reed");
        let form = |user_name: &str, password: &str| format!("user_name={user_name}&password={password}&return_to=%2FQuixcanary2");
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        for (user_name, password, status) in
            [("quixcanary.reed", password.as_str(), 303), ("quixcanary.reed", "Quixcanary3", 401), ("Quixcanary4", "Quixcanary5", 401)]
        {
            let answer = http::send("POST", self.url, "", "/sign-in", &headers, Some(form(user_name, password).as_bytes())).expect(status);
            // The form shows the user name again to whoever typed it, and never the password.
            assert!(!answer.text.contains(password), "{}", answer.text);
        }
        http::get(self.url, "", "/sign-in?return_to=/Quixcanary6");
        password
    }

    /// Every operation with bodies of its own shape: sound, and with a canary in every place.
    fn bodies(&mut self) {
        for operation in self.operations() {
            let path = self.real(&operation.path);
            for leaves in [Leaves::Sound, Leaves::Canaries] {
                let body = Bodies { document: &self.document, leaves }.of(&operation.about);
                let body = body.map(|body| body.to_string());
                for caller in self.callers.clone() {
                    let headers =
                        [("if-match", "\"1\""), ("beacon-purpose", "investigation"), ("beacon-purpose-reference", "Quixcanary10")];
                    self.send(&operation.method, &path, &caller.token, &headers, body.as_deref());
                }
            }
        }
    }

    fn everything(&mut self) {
        self.bodies();
        let name = json!({ "name": "Quixcanary Ashworth", "phone": "07700901234" }).to_string();
        for caller in self.callers.clone() {
            self.send("POST", "/v1/name-searches", &caller.token, &[], Some(&name));
        }
        for operation in self.operations() {
            let caller = self.callers[0].token.clone();
            let (method, path) = (operation.method.as_str(), self.real(&operation.path));
            for broken in
                [r#"{"name":"Quixcanary20"#, "Quixcanary21 07700901234", r#"{"Misnamed22":"Quixcanary23"}"#, r#"["Quixcanary24"]"#]
            {
                self.send(method, &path, &caller, &[], Some(broken));
            }
            for parameter in operation.path.split('/').filter(|step| step.starts_with('{')) {
                for canary in ["Quixcanary30", "07700901234", "Quixcanary%20O%27Malley", "Quixcanary%ff"] {
                    self.send(method, &self.real(&operation.path.replace(parameter, canary)), &caller, &[], None);
                }
            }
            let queries = operation.about["parameters"].as_array().cloned().unwrap_or_default();
            let names = queries.iter().filter(|one| one["in"] == "query").filter_map(|one| one["name"].as_str());
            for name in names.chain(["name", "Misnamed40"]) {
                self.send(method, &format!("{path}?{name}=Quixcanary41"), &caller, &[], None);
            }
            self.headers(method, &path, &caller);
        }
        self.send("QUIXCANARY", "/v1/me", "", &[], None);
        self.send("GET", "/Quixcanary60/Quixcanary61?Misnamed62=Quixcanary63", "", &[], None);
    }

    fn headers(&mut self, method: &str, path: &str, token: &str) {
        let headers = [
            "if-match",
            "if-none-match",
            "idempotency-key",
            "beacon-acting-as",
            "beacon-purpose",
            "prefer",
            "cookie",
            "content-type",
            "accept",
            "user-agent",
            "referer",
            "origin",
            "traceparent",
            "x-forwarded-for",
            "range",
        ];
        for name in headers {
            self.send(method, path, token, &[(name, "Quixcanary50")], Some("{}"));
        }
        self.send(method, path, "Quixcanary51", &[], None);
        let session = "__Host-beacon=Quixcanary52";
        self.send(method, path, "", &[("cookie", session), ("sec-fetch-site", "same-origin")], None);
    }
}
