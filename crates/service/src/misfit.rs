//! What of a JSON document does not fit: its field as a JSON pointer, and the remedy in plain words. Never the value
//! itself, which may be personal: a parser's own message quotes it.

use model::Problem;
use serde_path_to_error::Segment;

/// The problem a document was refused for.
pub fn problem(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let mut pointer = String::new();
    for segment in error.path() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => push(&mut pointer, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let message = error.inner().to_string();
    // Where in the text it stands is no help once the field is named.
    let message = message.rfind(" at line ").map_or(message.as_str(), |end| &message[..end]);
    let (code, detail) = told(message, &mut pointer);
    Problem { pointer, code, detail }
}

fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    // A field that is not ours is named as it came, but not at any length.
    pointer.extend(key.chars().take(100).flat_map(|c| match c {
        '~' => ['~', '0'].into_iter().take(2),
        '/' => ['~', '1'].into_iter().take(2),
        c => [c, c].into_iter().take(1),
    }));
}

fn told(message: &str, pointer: &mut String) -> (&'static str, String) {
    let expected = |text: &str| text.rfind(", expected ").map(|at| text[at + ", expected ".len()..].to_owned());
    let field = |text: &str| text.split('`').nth(1).map(str::to_owned);
    if let Some(name) = message.strip_prefix("missing field ").and_then(field) {
        push(pointer, &name);
        ("missing", "is needed".to_owned())
    } else if let Some(name) = message.strip_prefix("duplicate field ").and_then(field) {
        let mut step = String::new();
        push(&mut step, &name);
        if !pointer.ends_with(&step) {
            pointer.push_str(&step);
        }
        ("repeated", "is given twice".to_owned())
    } else if message.starts_with("unknown field ") {
        let known = expected(message).map_or_else(String::new, |fields| format!(": use {fields}"));
        ("unknown", format!("is not a field here{known}"))
    } else if message.starts_with("unknown variant ") {
        ("unknown_code", format!("is not a code here: use {}", expected(message).unwrap_or_else(|| "a code of the vocabulary".to_owned())))
    } else if message.starts_with("invalid type") || message.starts_with("invalid value") || message.starts_with("invalid length") {
        ("type", format!("must be {}", expected(message).as_deref().map_or_else(|| "of another type".to_owned(), plain)))
    } else if message.starts_with("UUID parsing failed") {
        ("type", "must be an id, as 018f3c5e-7a10-7cc3-98c4-dc0c0c07398f".to_owned())
    } else {
        ("type", without_quotes(message))
    }
}

/// What a parser expects, for people.
fn plain(expected: &str) -> String {
    let whole = |most: u64| format!("a whole number from 0 to {most}");
    match expected {
        "u8" => whole(u8::MAX.into()),
        "u16" => whole(u16::MAX.into()),
        "u32" | "u64" | "usize" => "a whole number, 0 or more".to_owned(),
        "i32" | "i64" => "a whole number".to_owned(),
        "f64" | "f32" => "a number".to_owned(),
        "a sequence" => "a list".to_owned(),
        text if text.starts_with("struct ") || text == "a map" => "an object".to_owned(),
        text if text.contains("UUID") => "an id, as 018f3c5e-7a10-7cc3-98c4-dc0c0c07398f".to_owned(),
        text => text.to_owned(),
    }
}

/// A message without what it quotes, and of bearable length.
fn without_quotes(message: &str) -> String {
    let kept = match (message.find('"'), message.rfind('"')) {
        (Some(first), Some(last)) if first < last => format!("{}…{}", &message[..first], &message[last + 1..]),
        _ => message.to_owned(),
    };
    kept.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only read")]
    struct Document {
        number: Vec<u8>,
        role: Option<model::Role>,
        born: Option<model::PartialDate>,
        day: Option<jiff::civil::Date>,
        id: Option<model::Uuid>,
    }

    fn of(text: &str) -> (String, &'static str) {
        let error = serde_path_to_error::deserialize::<_, Document>(&mut serde_json::Deserializer::from_str(text)).unwrap_err();
        let problem = problem(&error);
        assert!(!problem.detail.contains("Peggy") && !problem.detail.contains("7700900"), "{}", problem.detail);
        assert!(!problem.detail.contains("line 1"), "{}", problem.detail);
        (problem.pointer, problem.code)
    }

    #[test]
    fn fields_are_named_as_json_pointers_and_values_are_not_repeated() {
        for (text, pointer, code) in [
            (r#"{}"#, "/number", "missing"),
            (r#"{"number":[1,7700900123]}"#, "/number/1", "type"),
            (r#"{"number":["Peggy"]}"#, "/number/0", "type"),
            (r#"{"number":"Peggy \", expected Peggy"}"#, "/number", "type"),
            (r#"{"number":[],"role":"Peggy `, expected Peggy"}"#, "/role", "unknown_code"),
            (r#"{"number":[],"born":"Peggy"}"#, "/born", "type"),
            (r#"{"number":[],"day":"Peggy \" Sue"}"#, "/day", "type"),
            (r#"{"number":[],"id":"Peggy"}"#, "/id", "type"),
            (r#"{"number":[],"number":[]}"#, "/number", "repeated"),
            (r#"{"number":[],"a/b~":"Peggy"}"#, "/a~1b~0", "unknown"),
        ] {
            assert_eq!(of(text), (pointer.to_owned(), code), "{text}");
        }
    }
}
