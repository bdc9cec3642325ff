//! What is wrong with a JSON text, said without repeating any of its values: they may be personal.

use crate::Reject;
use model::strict::Strict;
use serde_path_to_error::{Path, Segment};

/// One problem of a JSON text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct JsonProblem {
    /// The field as a JSON pointer; empty for the whole.
    pub(crate) pointer: String,
    pub(crate) code: &'static str,
    pub(crate) reason: String,
}

impl JsonProblem {
    pub(crate) fn reject(self, row: u64) -> Reject {
        let field = if self.pointer.is_empty() { Reject::WHOLE_ROW.to_owned() } else { self.pointer };
        Reject::new(row, field, self.code, self.reason)
    }
}

/// Reads a JSON text that may borrow from itself.
pub(crate) fn read<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T, JsonProblem> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(Strict::new(&mut reader)).map_err(|error| {
        let pointer = pointer(error.path());
        describe(pointer, &error.into_inner())
    })?;
    reader.end().map_err(|error| describe(String::new(), &error))?;
    Ok(value)
}

fn pointer(path: &Path) -> String {
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.chars().take(60).collect::<String>().replace('~', "~0").replace('/', "~1")),
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    };
    // Our own records are not this deep: beyond lies what should not be there.
    path.iter().take(10).map(step).collect()
}

/// serde's messages quote the value they refuse; only the part that comes from our own types is kept.
fn describe(mut pointer: String, error: &serde_json::Error) -> JsonProblem {
    use serde_json::error::Category;
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let named = |start: &str| message.strip_prefix(start).and_then(|rest| rest.split('`').next());
    let (code, reason) = match error.classify() {
        Category::Syntax | Category::Eof | Category::Io if message.starts_with("recursion limit") => {
            pointer = pointer.split('/').take(3).collect::<Vec<_>>().join("/");
            ("too_deep", "is nested more than 127 deep".to_owned())
        }
        Category::Syntax | Category::Eof | Category::Io => ("not_json", format!("is not valid JSON, near character {}", error.column())),
        Category::Data => {
            if let Some(field) = named("missing field `") {
                pointer = format!("{pointer}/{field}");
                ("missing", "is needed".to_owned())
            } else if let Some(field) = named("duplicate field `") {
                if !pointer.ends_with(&format!("/{field}")) {
                    pointer = format!("{pointer}/{field}");
                }
                ("duplicate_key", "is given twice".to_owned())
            } else if message.starts_with("unknown field") {
                ("unknown_field", expected("is not a field of this record", message))
            } else if message.starts_with("unknown variant") {
                ("unknown_code", expected("is not one of the codes", message))
            } else if message.starts_with("not a ") {
                ("invalid", format!("is {message}"))
            } else {
                ("wrong_type", expected("is not what is wanted here", message))
            }
        }
    };
    JsonProblem { pointer, code, reason }
}

fn expected(what: &str, message: &str) -> String {
    message
        .rsplit_once(", expected ")
        .map_or_else(|| format!("{what}: see the description of the format"), |(_, wanted)| format!("{what}: expected {wanted}"))
}
