//! What officers do all day, and what they must be able to rely on.

mod changing;
mod finding;
mod linking;
mod listing;
mod logging;
mod name_forms;
mod people;
mod retrying;

use serde_json::Value;

/// The fields that differ, as the history tells them.
fn changes(version: &Value) -> Vec<(String, Value, Value)> {
    let list = version["changes"].as_array().unwrap();
    list.iter().map(|change| (change["pointer"].as_str().unwrap().to_owned(), change["from"].clone(), change["to"].clone())).collect()
}

/// The version an answer is at.
fn version(incident: &Value) -> i64 {
    incident["version"].as_i64().unwrap()
}
