//! Somebody with a token.

use serde_json::Value;
use testkit::http::{self, Answer};

/// An officer who sends requests.
#[derive(Debug, Clone)]
pub struct Officer {
    /// The officer's id.
    pub id: String,
    /// Their token.
    pub token: String,
    /// The server they talk to.
    pub url: String,
}

impl Officer {
    /// The same officer at a server that was started again.
    #[must_use]
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// Any request.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        http::send(method, &self.url, &self.token, path, headers, body.map(Value::to_string).as_ref().map(String::as_bytes))
    }

    /// `GET`
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None)
    }

    /// `POST`
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[], Some(body))
    }

    /// `PATCH` against a version.
    pub fn patch(&self, path: &str, version: i64, body: &Value) -> Answer {
        self.send("PATCH", path, &[("if-match", &format!("\"{version}\""))], Some(body))
    }

    /// `DELETE` against a version.
    pub fn delete(&self, path: &str, version: i64) -> Answer {
        self.send("DELETE", path, &[("if-match", &format!("\"{version}\""))], None)
    }

    /// Logs an incident; gives the whole answer.
    pub fn log(&self, incident: &Value) -> Value {
        self.post("/v1/incidents", incident).expect(201).json()
    }

    /// Logs an incident; gives its id.
    pub fn log_id(&self, incident: &Value) -> String {
        self.log(incident)["id"].as_str().expect("an id").to_owned()
    }

    /// Searches by name.
    pub fn search(&self, name: &str) -> Value {
        self.post("/v1/name-searches", &serde_json::json!({ "name": name })).expect(200).json()
    }

    /// The ids of the incidents a search by name finds.
    pub fn found(&self, name: &str) -> Vec<String> {
        let answer = self.search(name);
        let hits = answer["people"].as_array().expect("people").iter().flat_map(|person| person["hits"].as_array().expect("hits").clone());
        let mut ids: Vec<String> = hits.map(|hit| hit["incident"]["id"].as_str().expect("an id").to_owned()).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// Events counted around Stockton.
    pub fn hotspots(&self) -> Value {
        self.get("/v1/hotspots?bbox=-1.40,54.50,-1.20,54.65&method=counts").expect(200).json()
    }

    /// The number of events counted around Stockton.
    pub fn counted(&self) -> u64 {
        self.hotspots()["total"].as_u64().expect("a total")
    }

    /// The ids of all incidents listed.
    pub fn listed(&self) -> Vec<String> {
        let page = self.get("/v1/incidents?limit=200").expect(200).json();
        page["incidents"].as_array().expect("incidents").iter().map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// The ids of the incidents at a place.
    pub fn at_place(&self, place: &Value) -> Vec<String> {
        let page = self.post("/v1/place-searches", place).expect(200).json();
        page["incidents"].as_array().expect("incidents").iter().map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect()
    }
}
