//! What data protection law asks: erased means gone from every file, and stays gone when a copy is put back.

mod beside;
mod bytes;
mod disputing;
mod erasing;
mod putting_back;
mod rectifying;
mod retaining;
mod subject_access;

use serde_json::{Value, json};
use tests::{Officer, World};

/// A name nobody else has, new for each test, so that a byte of it anywhere is this test's.
pub(super) struct Planted {
    pub(super) given: String,
    pub(super) family: String,
    pub(super) alias: String,
}

impl Planted {
    pub(super) fn new() -> Self {
        let word = |first: &str| {
            let letters = model::entropy::bytes::<8>().map(|byte| (b'a' + byte % 26) as char);
            format!("{first}{}", letters.iter().collect::<String>())
        };
        Self { given: word("Xyz"), family: word("Vantong"), alias: word("Qij") }
    }

    pub(super) fn whole(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    /// Every word of it.
    pub(super) fn words(&self) -> [&str; 3] {
        [&self.given, &self.family, &self.alias]
    }

    /// Somebody of this name, with everything that identifies a person.
    pub(super) fn person(&self, role: &str) -> Value {
        json!({ "person": { "name": { "given": self.given, "family": self.family }, "aliases": [{ "name": self.alias }],
                "addresses": [{ "address": format!("7 {} Court", self.family), "postcode": "TS18 1AB" }], "phones": ["01642 555 198"],
                "safe_contact": format!("ask for {}", self.given) },
            "roles": [role], "identity": "open", "notes": format!("known as {}", self.alias) })
    }
}

/// Logs an incident and reads it.
pub(super) fn logged(officer: &Officer, sent: &Value) -> Value {
    officer.get(&format!("/v1/incidents/{}", officer.log_id(sent))).expect(200).json()
}

pub(super) fn dpo(world: &World) -> Officer {
    world.officer(&world.council, "Dara Officer", "data_protection_officer")
}

pub(super) fn erase(dpo: &Officer, people: &[&str]) -> Value {
    let sent = json!({ "people": people, "basis": "uk_gdpr_art17_no_longer_necessary", "reason": "request_of_the_person" });
    dpo.post("/v1/erasures", &sent).expect(201).json()
}

/// Decides every proposal of an erasure alike.
pub(super) fn redact_all(dpo: &Officer, erasure: &Value) -> Vec<Value> {
    let path = format!("/v1/erasures/{}/proposals", erasure["id"].as_str().unwrap());
    let proposals = dpo.get(&path).expect(200).json()["proposals"].as_array().unwrap().clone();
    for proposal in proposals.iter().filter(|one| one["decision"].is_null()) {
        dpo.post(&format!("{path}/{}", proposal["number"]), &json!({ "decision": "redact" })).expect(200);
    }
    proposals
}
