//! Bodies made from the schemas of the API's own description.

use serde_json::{Map, Value, json};

/// What stands where a schema ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaves {
    /// What the schema asks for, with a canary wherever any text will do.
    Sound,
    /// A canary, whatever is asked for.
    Canaries,
}

/// Makes them.
pub(super) struct Bodies<'a> {
    pub(super) document: &'a Value,
    pub(super) leaves: Leaves,
}

/// How deep schemas that hold themselves are followed.
const DEPTH: u32 = 8;

impl Bodies<'_> {
    /// The body of an operation, where it takes one.
    pub(super) fn of(&self, operation: &Value) -> Option<Value> {
        let content = operation["requestBody"]["content"].as_object()?;
        let schema = content.values().next()?.get("schema")?;
        Some(self.value("", schema, DEPTH))
    }

    fn value(&self, name: &str, schema: &Value, depth: u32) -> Value {
        if depth == 0 {
            return Value::Null;
        }
        if let Some(target) = schema["$ref"].as_str() {
            let target = self.document.pointer(target.trim_start_matches('#')).unwrap();
            return self.value(name, target, depth - 1);
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(schema) = schema[choice].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null")) {
                return self.value(name, schema, depth - 1);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut whole = Map::new();
            for part in parts {
                if let Value::Object(fields) = self.value(name, part, depth - 1) {
                    whole.extend(fields);
                }
            }
            return Value::Object(whole);
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").and_then(Value::as_str),
            kind => kind.as_str(),
        };
        match kind {
            Some("object") => {
                let fields = schema["properties"].as_object().cloned().unwrap_or_default();
                fields.iter().map(|(name, schema)| (name.clone(), self.value(name, schema, depth - 1))).collect()
            }
            Some("array") => json!([self.value(name, &schema["items"], depth - 1)]),
            _ if self.leaves == Leaves::Canaries => json!(canary(name)),
            Some("boolean") => json!(false),
            Some("integer" | "number") => schema.get("example").cloned().unwrap_or(json!(1)),
            _ => sound(name, schema),
        }
    }
}

/// A text that is what the schema asks for.
fn sound(name: &str, schema: &Value) -> Value {
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    match schema["format"].as_str() {
        Some("uuid") => json!("018f0000-0000-7000-8000-000000000009"),
        Some("date") => json!("2026-03-01"),
        Some("date-time") => json!("2026-03-01T12:00:00Z"),
        _ if name.contains("date") || name == "received" => json!("1970-05-04"),
        _ => json!(canary(name)),
    }
}

/// A text that stands nowhere else, of the kind a field of this name holds.
fn canary(name: &str) -> String {
    if name.contains("phone") || name == "value" { "07700901234".to_owned() } else { format!("Quixcanary{}", name.replace('_', "")) }
}
