//! Erasing a person from a record, and finding what free text still says of them. Bodies are worked on as JSON, so that
//! versions an older program wrote are erased the same way.

use crate::{Incident, Involvement, Uuid, agency::words};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What stands where something was erased.
pub const ERASED: &str = "[erased]";

/// Places in a text: first character and number of characters of each.
pub type Spans = Vec<(usize, usize)>;

words! {
    /// What an erasure is about.
    ErasureKind, "a kind of erasure" {
        /// Somebody named in incidents.
        Person = "person",
        /// A whole incident.
        Incident = "incident",
    }
}

words! {
    /// What a person decides about an occurrence in free text.
    RedactionDecision, "a decision" {
        /// Take it out.
        Redact = "redact",
        /// It stays, for a reason.
        Keep = "keep",
    }
}

/// The fields of an involvement that say who it is.
const IDENTIFYING: [&str; 8] =
    ["person", "dispute", "notes", "adult_because", "conviction_reference", "subject_category", "same_person_as", "guardians"];

/// The fields that are written freely, in which a name may stand.
const FREE_TEXT: [&str; 24] = [
    "statement",
    "summary",
    "narrative",
    "assessment",
    "immediate_action",
    "action",
    "owner",
    "concern",
    "told_to",
    "perceived_by",
    "status_reason",
    "wants",
    "reference",
    "what",
    "notes",
    "adult_because",
    "conviction_reference",
    "description",
    "safe_contact",
    "address",
    "street",
    "facts",
    "source",
    "note",
];

/// Takes everything that identifies some people out of one version of an incident. Gives the kinds of field that went;
/// none when none of them is named in it.
pub fn erase_people(body: &mut Value, people: &[Uuid]) -> BTreeSet<String> {
    let mut gone = BTreeSet::new();
    let is_one =
        |value: Option<&Value>| value.and_then(Value::as_str).and_then(|id| id.parse().ok()).is_some_and(|id| people.contains(&id));
    for part in list(body, "involvements").filter(|part| is_one(part.get("id"))) {
        let Value::Object(part) = part else { continue };
        for field in IDENTIFYING {
            match part.remove(field) {
                Some(Value::Object(person)) if field == "person" => gone.extend(person.keys().map(|key| format!("person.{key}"))),
                Some(_) => {
                    gone.insert(field.to_owned());
                }
                None => {}
            }
        }
        // The involvement stays, with its id and role: that somebody was there is no statement about anybody.
        if !["unnamed", "organisation", "premises", "vehicle"].iter().any(|kind| part.contains_key(*kind)) {
            part.insert("unnamed".to_owned(), json!({ "description": ERASED, "number": 1 }));
        }
    }
    for report in list(body, "reports").filter(|report| is_one(report.get("reporter"))) {
        if let Value::Object(report) = report
            && report.remove("wants").is_some()
        {
            gone.insert("report.wants".to_owned());
        }
    }
    gone
}

fn list<'a>(body: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    body.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten()
}

/// What may still name an erased person: held only while an erasure runs, never stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traces {
    /// Names, each as its words in lower case.
    pub names: BTreeSet<Vec<String>>,
    /// Other texts of theirs, in lower case: telephone numbers, addresses.
    pub texts: BTreeSet<String>,
}

/// The shortest name that is looked for by itself away from the person's own incidents.
const TELLING: usize = 4;

impl Traces {
    /// Adds what one involvement says.
    pub fn add(&mut self, part: &Involvement) {
        let Some(person) = &part.person else { return };
        let parts = [&person.name.given, &person.name.middle, &person.name.family].map(|part| part.as_deref().unwrap_or_default());
        let [given, _, family] = parts;
        let mut names = part.names();
        names.extend([parts.join(" "), format!("{given} {family}")]);
        self.names
            .extend(names.iter().map(|name| words_of(name).map(|(_, word)| word).collect::<Vec<_>>()).filter(|name| !name.is_empty()));
        let addresses = person.addresses.iter().filter_map(|address| address.address.as_ref());
        self.texts
            .extend(person.phones.iter().chain(addresses).map(|text| text.trim().to_lowercase()).filter(|text| text.chars().count() >= 6));
    }

    /// Adds what some people are called in a version of an incident.
    pub fn add_from(&mut self, incident: &Incident, people: &[Uuid]) {
        incident.involvements.iter().filter(|part| people.contains(&part.id)).for_each(|part| self.add(part));
    }

    /// These and others.
    #[must_use]
    pub fn with(mut self, others: Self) -> Self {
        self.names.extend(others.names);
        self.texts.extend(others.texts);
        self
    }

    /// Whether somebody has one of these names.
    pub fn names(&self, part: &Involvement) -> bool {
        let mut theirs = Self::default();
        theirs.add(part);
        !self.names.is_disjoint(&theirs.names)
    }

    /// Nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.texts.is_empty()
    }

    /// Every single word and text, for narrowing a look through the database down.
    pub fn words(&self) -> BTreeSet<&str> {
        self.names.iter().flatten().chain(&self.texts).map(String::as_str).filter(|word| word.chars().count() >= 2).collect()
    }

    /// Where a text names the person: first character and number of characters, in order. `near`, in the person's own
    /// incidents, any part of a name counts; elsewhere a whole name must be there, or others would be taken for them.
    pub fn spans(&self, text: &str, near: bool) -> Vec<(usize, usize)> {
        let found: Vec<(usize, String)> = words_of(text).collect();
        let there = |name: &[String]| name.iter().all(|word| found.iter().any(|(_, one)| one == word));
        let whole = |name: &&Vec<String>| (name.len() > 1 || name[0].chars().count() >= TELLING) && there(name);
        let wanted: BTreeSet<&String> = if near {
            self.names.iter().flatten().filter(|word| word.chars().count() >= 3).collect()
        } else {
            self.names.iter().filter(whole).flatten().collect()
        };
        let mut spans: Vec<(usize, usize)> = found
            .iter()
            .filter(|(_, word)| {
                wanted.contains(word) || (near && wanted.iter().any(|name| name.chars().count() > TELLING && word.contains(*name)))
            })
            .map(|(at, word)| (*at, word.chars().count()))
            .collect();
        let lower: Vec<char> = text.chars().map(one_lower).collect();
        for exact in &self.texts {
            let exact: Vec<char> = exact.chars().collect();
            let mut at = 0;
            while at + exact.len() <= lower.len() {
                if lower[at..at + exact.len()] == exact[..] {
                    spans.push((at, exact.len()));
                    at += exact.len();
                } else {
                    at += 1;
                }
            }
        }
        joined(spans)
    }

    /// Whether what somebody searched for was this person: every word of it is of the name, or a whole name is in it.
    pub fn is_searched_by(&self, text: &str) -> bool {
        let asked: Vec<String> = words_of(text).map(|(_, word)| word).collect();
        !asked.is_empty() && self.names.iter().any(|name| asked.iter().all(|word| name.contains(word)))
    }
}

/// A character in lower case, as one character, so that places in the text stay what they are.
fn one_lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// The words of a text in lower case, each with the place of its first character.
fn words_of(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut words: Vec<(usize, String)> = Vec::new();
    let mut inside = false;
    for (at, c) in text.chars().enumerate() {
        match (c.is_alphanumeric(), inside, words.last_mut()) {
            (true, true, Some((_, word))) => word.push(one_lower(c)),
            (true, _, _) => words.push((at, one_lower(c).to_string())),
            (false, _, _) => {}
        }
        inside = c.is_alphanumeric();
    }
    words.into_iter()
}

/// Spans in order, those that touch or overlap made one; a blank between two belongs to both.
fn joined(mut spans: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    spans.sort_unstable();
    let mut all: Vec<(usize, usize)> = Vec::with_capacity(spans.len());
    for (at, length) in spans {
        match all.last_mut() {
            Some((start, before)) if at <= *start + *before + 1 => *before = (at + length).max(*start + *before) - *start,
            _ => all.push((at, length)),
        }
    }
    all
}

/// A text in small letters, each in its place.
pub fn lower(text: &str) -> String {
    text.chars().map(one_lower).collect()
}

/// Where some words, in small letters, stand in a text as whole words.
pub fn occurrences(text: &str, words: &[String]) -> Vec<(usize, usize)> {
    let lower: Vec<char> = text.chars().map(one_lower).collect();
    let mut spans = Vec::new();
    for word in words {
        let word: Vec<char> = word.chars().collect();
        for at in 0..(lower.len() + 1).saturating_sub(word.len().max(1)) {
            let ends = |at: usize| lower.get(at).is_none_or(|c| !c.is_alphanumeric());
            if lower[at..at + word.len()] == word[..] && (at == 0 || ends(at - 1)) && ends(at + word.len()) {
                spans.push((at, word.len()));
            }
        }
    }
    joined(spans)
}

/// The text without its spans.
pub fn redacted(text: &str, spans: &[(usize, usize)]) -> String {
    replaced(text, spans, ERASED)
}

/// The text with something else in the place of each span.
pub fn replaced(text: &str, spans: &[(usize, usize)], with: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let inside = |at: usize| spans.iter().find(|(start, length)| (*start..start + length).contains(&at));
    for (at, c) in text.chars().enumerate() {
        match inside(at) {
            None => kept.push(c),
            Some((start, _)) if *start == at => kept.push_str(with),
            Some(_) => {}
        }
    }
    kept
}

/// A span of another decision about the same text, after each of `edits` was replaced by `length` characters; nothing when
/// it went with them.
pub fn moved(span: (usize, usize), edits: &[(usize, usize)], length: usize) -> Option<(usize, usize)> {
    let overlaps = |(at, gone): &(usize, usize)| span.0 < at + gone && *at < span.0 + span.1;
    if edits.iter().any(overlaps) {
        return None;
    }
    let before: Vec<usize> = edits.iter().filter(|(at, _)| *at < span.0).map(|(_, gone)| *gone).collect();
    Some((span.0.saturating_sub(before.iter().sum()) + before.len() * length, span.1))
}

/// A freely written text in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeText {
    /// Where it stands, as a JSON pointer in which the entries of a list are named by their id where they have one.
    pub pointer: String,
    /// What it says.
    pub text: String,
}

/// Every freely written text of a record's body.
pub fn free_texts(body: &Value) -> Vec<FreeText> {
    let mut found = Vec::new();
    walk(body, String::new(), "", false, &mut found);
    found
}

/// Every text of a record that is nothing but texts, as a question to another agency.
pub fn every_text(body: &Value) -> Vec<FreeText> {
    let texts = body.as_object().into_iter().flatten();
    let said =
        |(field, value): (&String, &Value)| Some(FreeText { pointer: format!("/{}", escaped(field)), text: value.as_str()?.to_owned() });
    texts.filter_map(said).collect()
}

fn walk(value: &Value, pointer: String, field: &str, free: bool, found: &mut Vec<FreeText>) {
    match value {
        Value::String(text) if free => found.push(FreeText { pointer, text: text.clone() }),
        Value::Object(fields) => {
            for (key, value) in fields {
                // An organisation's name is free text; a person's is not, and is erased as a whole. Of what was imported, all is.
                let free = (FREE_TEXT.contains(&key.as_str()) && value.is_string())
                    || (field == "organisation" && key == "name")
                    || field == "fields";
                walk(value, format!("{pointer}/{}", escaped(key)), key, free, found);
            }
        }
        Value::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                walk(value, format!("{pointer}/{}", step(value, at)), field, false, found);
            }
        }
        _ => {}
    }
}

fn step(value: &Value, at: usize) -> String {
    value.get("id").and_then(Value::as_str).map_or_else(|| at.to_string(), str::to_owned)
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The value such a pointer leads to.
pub fn at_pointer<'a>(body: &'a mut Value, pointer: &str) -> Option<&'a mut Value> {
    let mut value = body;
    for wanted in pointer.split('/').skip(1) {
        value = match value {
            Value::Object(fields) => find_field(fields, wanted)?,
            Value::Array(list) => {
                let at = list.iter().enumerate().position(|(at, value)| step(value, at) == wanted)?;
                list.get_mut(at)?
            }
            _ => return None,
        };
    }
    Some(value)
}

fn find_field<'a>(fields: &'a mut Map<String, Value>, wanted: &str) -> Option<&'a mut Value> {
    fields.iter_mut().find(|(key, _)| escaped(key) == wanted).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traces(names: &[&str]) -> Traces {
        Traces {
            names: names.iter().map(|name| words_of(name).map(|(_, word)| word).collect()).collect(),
            texts: ["01642 555 123".to_owned()].into(),
        }
    }

    #[test]
    fn near_any_part_of_a_name_counts_and_far_only_a_whole_one() {
        let traces = traces(&["Xyzquil Vantongeren", "Jinx"]);
        let text = "Then XYZQUIL's mother, Mrs Vantongeren, rang from 01642 555 123.";
        let said =
            |near| traces.spans(text, near).iter().map(|(at, n)| text.chars().skip(*at).take(*n).collect::<String>()).collect::<Vec<_>>();
        assert_eq!(said(true), ["XYZQUIL", "Vantongeren", "01642 555 123"]);
        assert_eq!(said(false), ["XYZQUIL", "Vantongeren", "01642 555 123"]);
        assert_eq!(traces.spans("Mrs Vantongeren rang", false), [], "another of that family");
        assert_eq!(traces.spans("Jinx ran off", false), [(0, 4)], "a street name by itself");
        assert_eq!(traces.spans("xyzquil.vantongeren@example.com", true), [(0, 19)]);
        assert_eq!(traces.spans("xyzquilvantongeren@example.com", true), [(0, 18)]);
        assert_eq!(redacted("İ Xyzquil Vantongeren ran", &traces.spans("İ Xyzquil Vantongeren ran", true)), "İ [erased] ran");
    }

    #[test]
    fn what_was_searched_for_is_told_from_others_of_one_name() {
        let traces = traces(&["John Smith"]);
        assert!(traces.is_searched_by("smith, JOHN") && traces.is_searched_by("Smith"));
        assert!(!traces.is_searched_by("Jane Smith") && !traces.is_searched_by(""));
    }

    #[test]
    fn spans_of_other_decisions_move_with_the_text() {
        let text = "aa Bob cc Eve dd";
        let shorter = redacted(text, &[(3, 3)]);
        let (at, length) = moved((10, 3), &[(3, 3)], 8).unwrap();
        assert_eq!(shorter.chars().skip(at).take(length).collect::<String>(), "Eve");
        assert_eq!(moved((4, 1), &[(3, 3)], 8), None);
        assert_eq!(moved((0, 2), &[(3, 3)], 8), Some((0, 2)));
    }

    #[test]
    fn a_text_is_found_again_where_it_stood() {
        let mut body = json!({ "details": { "narrative": "n", "status": "open", "next_step": { "action": "a" } },
            "involvements": [{ "id": "x", "person": { "name": { "full": "not free" }, "safe_contact": "s" } }, { "id": "y", "organisation": { "name": "o" } }],
            "source": { "system": "S", "fields": { "a/b": "f" } } });
        let found = free_texts(&body);
        let texts: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(texts, ["n", "a", "s", "o", "f"]);
        for one in found {
            assert_eq!(at_pointer(&mut body, &one.pointer), Some(&mut json!(one.text)), "{}", one.pointer);
        }
    }

    #[test]
    fn erasing_leaves_the_involvement_without_anybody() {
        let id = Uuid::from_u128(7);
        let mut body = json!({ "involvements": [{ "id": id, "roles": ["reporter"], "person": { "name": { "full": "X" }, "phones": ["1"] }, "notes": "n" },
            { "id": Uuid::from_u128(8), "person": { "name": { "full": "Y" } } }], "reports": [{ "id": "r", "reporter": id, "wants": "w" }] });
        let gone: Vec<String> = erase_people(&mut body, &[id]).into_iter().collect();
        assert_eq!(gone, ["notes", "person.name", "person.phones", "report.wants"]);
        assert_eq!(body["involvements"][0], json!({ "id": id, "roles": ["reporter"], "unnamed": { "description": ERASED, "number": 1 } }));
        assert_eq!(body["involvements"][1]["person"]["name"]["full"], "Y");
        assert!(erase_people(&mut body, &[Uuid::from_u128(9)]).is_empty());
    }
}
