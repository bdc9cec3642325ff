//! Putting right what a record says wrongly of somebody, in every version. Bodies are worked on as JSON, as in
//! [`crate::erasing`].

use crate::{
    Timestamp, Uuid,
    erasing::{self, Spans},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What stands where a wrong text had no right one.
pub const RECTIFIED: &str = "[rectified]";

/// A value that was put right: where, never what it was put right to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rectification {
    /// Its id.
    pub id: Uuid,
    /// The agency whose record it is.
    pub agency: Uuid,
    /// The officer who put it right.
    pub officer: Uuid,
    /// When.
    pub at: Timestamp,
    /// The incident.
    pub incident: Uuid,
    /// The value: a JSON pointer, the entries of lists by their ids.
    pub pointer: String,
    /// The reason (vocabulary `rectification_reasons`).
    pub reason: String,
    /// What was wrong, as long as it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// Until when what was wrong is kept, for data protection officers alone.
    pub kept_until: Timestamp,
    /// Where it was put right.
    pub edits: Vec<Edit>,
}

/// A place in one version in which a value was put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The version.
    pub version: i64,
    /// The value in it: a list whose entries have no ids is counted from 0.
    pub pointer: String,
    /// First character and number of characters of each occurrence in a text; none where the whole value was wrong.
    #[schema(value_type = Vec<[usize; 2]>)]
    pub spans: Spans,
    /// The number of characters that stand there now.
    pub length: usize,
}

/// Where a value stands in a body that the API shows under `pointer`; nothing for what cannot be put right this way.
pub fn in_body(pointer: &str) -> Option<String> {
    let mut steps = pointer.split('/').skip(1);
    match (steps.next()?, steps.next(), steps.next()) {
        ("involvements", Some(_), Some("person" | "unnamed" | "organisation" | "premises" | "vehicle" | "notes" | "adult_because"))
        | ("allegations", Some(_), Some("what" | "status_reason"))
        | ("reports", Some(_), Some("wants")) => Some(pointer.to_owned()),
        ("summary" | "narrative" | "assessment" | "immediate_action" | "status_reason", None, None)
        | ("next_step" | "safeguarding", Some(_), None) => Some(format!("/details{pointer}")),
        _ => None,
    }
}

/// Puts a value right wherever it stands under a pointer: the whole value where it is `from`, else `from` within a text. A
/// list whose entries have no ids is gone through whole: an entry moves from version to version. Gives each place, with
/// where in its text; nothing there for a whole value.
pub fn put_right(body: &mut Value, pointer: &str, from: &Value, to: Option<&Value>) -> Vec<(String, Spans)> {
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    let mut found = Vec::new();
    within(body, &steps, &mut String::new(), (from, to), &mut found);
    found
}

/// Gives whether the value itself is to be taken out of what holds it.
fn within(value: &mut Value, steps: &[&str], here: &mut String, what: (&Value, Option<&Value>), found: &mut Vec<(String, Spans)>) -> bool {
    let Some((step, rest)) = steps.split_first() else { return at(value, here, what, found) };
    let length = here.len();
    match value {
        Value::Object(fields) => {
            here.push('/');
            here.push_str(step);
            if fields.get_mut(*step).is_some_and(|inner| within(inner, rest, here, what, found)) {
                fields.remove(*step);
            }
            here.truncate(length);
        }
        Value::Array(list) => {
            let named = list.iter().all(|entry| entry.get("id").is_some_and(Value::is_string));
            let mut gone = Vec::new();
            for (place, entry) in list.iter_mut().enumerate() {
                if !named || entry.get("id").and_then(Value::as_str) == Some(step) {
                    here.push('/');
                    here.push_str(&if named { (*step).to_owned() } else { place.to_string() });
                    if within(entry, rest, here, what, found) {
                        gone.push(place);
                    }
                    here.truncate(length);
                }
            }
            for place in gone.into_iter().rev() {
                list.remove(place);
            }
        }
        _ => {}
    }
    false
}

fn at(value: &mut Value, here: &str, (from, to): (&Value, Option<&Value>), found: &mut Vec<(String, Spans)>) -> bool {
    if value == from {
        found.push((here.to_owned(), Vec::new()));
        return match to {
            Some(to) => {
                *value = to.clone();
                false
            }
            None => true,
        };
    }
    if let (Value::String(text), Value::String(wrong)) = (&*value, from) {
        let spans = erasing::occurrences(text, &[erasing::lower(wrong)]);
        if !spans.is_empty() {
            let right = to.and_then(Value::as_str).unwrap_or(RECTIFIED);
            *value = Value::String(erasing::replaced(text, &spans, right));
            found.push((here.to_owned(), spans));
        }
    }
    false
}

/// The same in a copy that was put back, where what is right is not known: in a text, something of the same length stands
/// there; a whole value goes.
pub fn blank(body: &mut Value, edit: &Edit) -> bool {
    let Some(value) = erasing::at_pointer(body, &edit.pointer) else { return false };
    match value {
        Value::String(text) if !edit.spans.is_empty() => {
            let filler: String = std::iter::repeat_n('█', edit.length).collect();
            *text = erasing::replaced(text, &edit.spans, &filler);
            true
        }
        _ => {
            let wrong = value.clone();
            !put_right(body, &edit.pointer, &wrong, None).is_empty()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whole_values_texts_and_entries_of_lists_are_put_right() {
        let mut body = json!({ "details": { "narrative": "Bob ran. Bobby and Bob fell." }, "involvements": [{ "id": "x",
            "person": { "name": { "given": "Bob" }, "aliases": [{ "name": "Rob" }, { "name": "Bob" }], "sex": "male" } }] });
        assert_eq!(
            put_right(&mut body, "/details/narrative", &json!("Bob"), Some(&json!("Rolf"))),
            [("/details/narrative".to_owned(), vec![(0, 3), (19, 3)])]
        );
        assert_eq!(body["details"]["narrative"], "Rolf ran. Bobby and Rolf fell.");
        assert_eq!(put_right(&mut body, "/involvements/x/person/name/given", &json!("Bob"), Some(&json!("Rolf"))).len(), 1);
        assert_eq!(
            put_right(&mut body, "/involvements/x/person/aliases/0", &json!({ "name": "Bob" }), None)[0].0,
            "/involvements/x/person/aliases/1"
        );
        assert_eq!(put_right(&mut body, "/involvements/x/person/sex", &json!("male"), None).len(), 1);
        assert_eq!(body["involvements"][0]["person"], json!({ "name": { "given": "Rolf" }, "aliases": [{ "name": "Rob" }] }));
        assert_eq!(put_right(&mut body, "/involvements/y/person/sex", &json!("male"), None), []);
    }

    #[test]
    fn only_what_is_said_of_people_is_put_right_this_way() {
        assert_eq!(in_body("/narrative").as_deref(), Some("/details/narrative"));
        assert!(in_body("/involvements/x/person/phones/0").is_some());
        for not in ["", "/", "/version", "/involvements/x/id", "/involvements/x", "/sharing/level", "/narrative/0", "/owning_agency"] {
            assert_eq!(in_body(not), None, "{not}");
        }
    }

    #[test]
    fn a_copy_put_back_has_something_of_the_same_length() {
        let mut body = json!({ "n": "Bob ran" });
        assert!(blank(&mut body, &Edit { version: 1, pointer: "/n".to_owned(), spans: vec![(0, 3)], length: 4 }));
        assert_eq!(body["n"], "████ ran");
    }
}
