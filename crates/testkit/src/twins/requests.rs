//! Requests of somebody who looks around: for what they may know of, for what they may not, and for what there is not.

use crate::campaign::draft::Random;
use model::{Incident, Uuid};
use serde_json::{Value, json};

/// A request.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Option<String>,
}

/// What requests may name: of records known and hidden alike, and what earlier answers told.
pub(super) struct Book {
    incidents: Vec<String>,
    people: Vec<Uuid>,
    names: Vec<(String, Option<String>, Option<String>)>,
    places: Vec<Value>,
    cursors: Vec<String>,
    /// Where pages of the review queue start.
    reviewed: Vec<String>,
}

fn pick<'a, T>(list: &'a [T], random: &mut Random) -> &'a T {
    &list[random.below(list.len() as u64) as usize]
}

impl Book {
    pub(super) fn of(known: &[&Incident], hidden: &[&Incident]) -> Self {
        let mut book = Self {
            incidents: Vec::new(),
            people: Vec::new(),
            names: Vec::new(),
            places: Vec::new(),
            cursors: Vec::new(),
            reviewed: Vec::new(),
        };
        // As many of the hidden as of the known, or the fewer would hardly be asked for.
        let both = known.iter().step_by((known.len() / 300).max(1)).chain(hidden.iter().step_by((hidden.len() / 300).max(1)));
        for incident in both {
            book.incidents.push(incident.id.to_string());
            book.incidents.push(incident.reference.to_string());
            for part in &incident.involvements {
                if let Some(person) = &part.person {
                    book.people.push(part.id);
                    let postcode = person.addresses.iter().find_map(|address| address.postcode.clone());
                    for name in part.names() {
                        book.names.push((name, person.date_of_birth.map(|born| born.to_string()), postcode.clone()));
                    }
                }
            }
            for place in &incident.places {
                let fields = [
                    ("uprn", &place.uprn),
                    ("usrn", &place.usrn),
                    ("address", &place.address),
                    ("postcode", &place.postcode),
                    ("street", &place.street),
                ];
                book.places.extend(fields.into_iter().filter_map(|(field, value)| Some(json!({ field: value.as_ref()? }))));
            }
        }
        book
    }

    /// Takes note of where a next page starts.
    pub(super) fn learn(&mut self, answer: &str) {
        let Ok(told) = serde_json::from_str::<Value>(answer) else { return };
        if let Some(next) = told["next_cursor"].as_str() {
            if told["proposals"].is_array() { &mut self.reviewed } else { &mut self.cursors }.push(next.to_owned());
        }
    }

    /// The next request.
    pub(super) fn next(&mut self, random: &mut Random) -> Asked {
        let get = |path: String| Asked { method: "GET", path, headers: Vec::new(), body: None };
        let post =
            |path: &str, body: Value| Asked { method: "POST", path: path.to_owned(), headers: Vec::new(), body: Some(body.to_string()) };
        let unknown = "018f0000-0000-7000-8000-000000000009".to_owned();
        match random.below(20) {
            0..=6 => post("/v1/name-searches", self.search(random)),
            7 | 8 => {
                let end = *pick(&["", "", "/links", "/chronology"], random);
                get(format!("/v1/people/{}{end}", pick(&self.people, random)))
            }
            9 | 10 => {
                let incident = pick(&self.incidents, random);
                let mut asked = get(format!("/v1/incidents/{incident}"));
                if random.below(4) == 0 {
                    asked.headers.push(("if-none-match", "\"1\"".to_owned()));
                }
                if random.below(6) == 0 {
                    asked.method = "HEAD";
                }
                asked
            }
            11 => {
                let end = *pick(&["history", "duplicates", "blocks", "source"], random);
                get(format!("/v1/incidents/{}/{end}", pick(&self.incidents, random)))
            }
            12 | 13 => get(self.list(random)),
            14 | 15 => {
                let mut body = pick(&self.places, random).clone();
                if random.below(3) == 0 {
                    body["limit"] = json!(1 + random.below(5));
                }
                post("/v1/place-searches", body)
            }
            16 | 17 => get(hotspots(random)),
            18 => {
                let reference = pick(&self.incidents, random).clone();
                let mut asked = post("/v1/name-searches", self.search(random));
                asked.headers = vec![("beacon-purpose", "investigation".to_owned()), ("beacon-purpose-reference", reference)];
                asked
            }
            _ => match random.below(7) {
                5 => {
                    let least = *pick(&["strong", "possible", "weak"], random);
                    let cursor = match random.below(2) {
                        0 if !self.reviewed.is_empty() => format!("&cursor={}", pick(&self.reviewed, random)),
                        _ => String::new(),
                    };
                    get(format!("/v1/person-proposals?limit={}&least={least}{cursor}", 1 + random.below(40)))
                }
                6 => get("/v1/person-links".to_owned()),
                0 => get(format!("/v1/incidents/{unknown}")),
                1 => get("/v1/incidents?limit=0".to_owned()),
                2 => post("/v1/asks", json!({ "incident": pick(&self.incidents, random), "question": "" })),
                3 => Asked {
                    method: "PATCH",
                    path: format!("/v1/incidents/{}", pick(&self.incidents, random)),
                    headers: vec![("if-match", "\"99\"".to_owned())],
                    body: Some("{}".to_owned()),
                },
                _ => post(&format!("/v1/incidents/{}/duplicates", pick(&self.incidents, random)), json!({ "incident": unknown })),
            },
        }
    }

    fn search(&self, random: &mut Random) -> Value {
        let (name, born, postcode) = pick(&self.names, random);
        let mut letters: Vec<char> = name.chars().collect();
        match random.below(5) {
            0 if letters.len() > 3 => {
                let at = random.below(letters.len() as u64 - 1) as usize;
                letters.swap(at, at + 1);
            }
            1 if letters.len() > 4 => letters.truncate(letters.len() / 2),
            2 => letters.insert(0, 'a'),
            _ => {}
        }
        let mut body = json!({ "name": letters.iter().collect::<String>() });
        if random.below(2) == 0 && born.is_some() {
            body["date_of_birth"] = json!(born);
        }
        if random.below(3) == 0 && postcode.is_some() {
            body["postcode"] = json!(postcode);
        }
        if random.below(4) == 0 {
            body["limit"] = json!(1 + random.below(10));
        }
        if random.below(6) == 0 {
            body["role"] = json!(pick(&["person_affected", "witness", "person_complained_about"], random));
        }
        if random.below(6) == 0 {
            body["from"] = json!(format!("2025-{:02}-01", 1 + random.below(12)));
        }
        body
    }

    fn list(&self, random: &mut Random) -> String {
        let mut path = format!("/v1/incidents?limit={}", 1 + random.below(40));
        if random.below(2) == 0 && !self.cursors.is_empty() {
            path.push_str(&format!("&cursor={}", pick(&self.cursors, random)));
        }
        if random.below(3) == 0 {
            path.push_str(&format!("&from=2025-{:02}-01", 1 + random.below(12)));
        }
        if random.below(4) == 0 {
            path.push_str("&bbox=-1.36,54.54,-1.28,54.60");
        }
        if random.below(4) == 0 {
            path.push_str("&types=202,211");
        }
        path
    }
}

fn hotspots(random: &mut Random) -> String {
    let method = pick(&["counts", "gi_star"], random);
    let (west, south) = (-1.40 + 0.01 * random.below(8) as f64, 54.50 + 0.01 * random.below(6) as f64);
    let size = pick(&[100, 250, 500], random);
    let mut path =
        format!("/v1/hotspots?bbox={west:.2},{south:.2},{:.2},{:.2}&method={method}&cell_size={size}", west + 0.08, south + 0.06);
    if random.below(3) == 0 {
        path.push_str("&from=2025-06-01&to=2026-06-30");
    }
    path
}
