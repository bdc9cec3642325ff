//! What changed between two versions of a record: which field, from which value, to which.

use serde::Serialize;
use serde_json::Value;

/// One changed field.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Change {
    /// The field, as a JSON pointer; the entries of a list are named by their id where they have one.
    pub pointer: String,
    /// The value before; absent when there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Value>,
    /// The value after; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
}

/// Every field in which `after` differs from `before`.
pub fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    compare(String::new(), Some(before), Some(after), &mut found);
    found
}

fn compare(pointer: String, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Change>) {
    match (before, after) {
        (Some(before), Some(after)) if before == after => {}
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for key in keys {
                compare(format!("{pointer}/{key}"), before.get(key), after.get(key), found);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) if by_id(before) && by_id(after) => {
            let id = |entry: &Value| entry.get("id").and_then(Value::as_str).map(str::to_owned);
            let ids: std::collections::BTreeSet<String> = before.iter().chain(after).filter_map(id).collect();
            for wanted in ids {
                let entry = |list: &'_ [Value]| list.iter().find(|entry| id(entry).as_deref() == Some(&wanted)).cloned();
                compare(format!("{pointer}/{wanted}"), entry(before).as_ref(), entry(after).as_ref(), found);
            }
        }
        (before, after) => found.push(Change { pointer, from: before.cloned(), to: after.cloned() }),
    }
}

fn by_id(list: &[Value]) -> bool {
    list.iter().all(|entry| entry.get("id").is_some_and(Value::is_string))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_the_field_and_both_values() {
        let before = json!({"a": 1, "parts": [{"id": "x", "n": 1}, {"id": "y"}]});
        let after = json!({"a": 2, "parts": [{"id": "z"}, {"id": "x", "n": 3}]});
        let found: Vec<(String, bool, bool)> =
            changes(&before, &after).into_iter().map(|c| (c.pointer, c.from.is_some(), c.to.is_some())).collect();
        assert_eq!(
            found,
            [
                ("/a".into(), true, true),
                ("/parts/x/n".into(), true, true),
                ("/parts/y".into(), true, false),
                ("/parts/z".into(), false, true)
            ]
        );
    }
}
