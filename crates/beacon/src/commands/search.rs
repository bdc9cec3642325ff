//! `beacon search`

use crate::console::{self, Failure};
use model::PartialDate;
use serde_json::{Value, json};
use std::process::ExitCode;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The name, as heard or typed.
    name: String,
    /// The date of birth, as far as known: 1948-03-17, 1948-03 or 1948.
    #[arg(long)]
    date_of_birth: Option<PartialDate>,
    /// A postcode, or the part before the blank.
    #[arg(long)]
    postcode: Option<String>,
    /// The server.
    #[arg(long)]
    server: String,
    /// The API token.
    #[arg(long)]
    token: String,
    /// What the look-up is for: a code of the vocabulary `purposes`.
    #[arg(long, default_value = "incident_recording")]
    purpose: String,
    /// The incident, intake or outside reference it is for.
    #[arg(long)]
    reference: Option<String>,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let mut body = json!({ "name": arguments.name });
    if let Some(born) = arguments.date_of_birth {
        body["date_of_birth"] = json!(born);
    }
    if let Some(postcode) = arguments.postcode {
        body["postcode"] = json!(postcode);
    }
    let mut request = ureq::post(format!("{}/v1/name-searches", arguments.server.trim_end_matches('/')))
        .config()
        .http_status_as_error(false)
        .build()
        .header("Authorization", format!("Bearer {}", arguments.token))
        .header("Beacon-Purpose", arguments.purpose);
    if let Some(reference) = arguments.reference {
        request = request.header("Beacon-Purpose-Reference", reference);
    }
    let mut response = request.send_json(&body)?;
    let status = response.status().as_u16();
    let found: Value = response.body_mut().read_json()?;
    if status != 200 {
        return Err(Failure::new(problem(&found)));
    }
    let text = if arguments.json { serde_json::to_string_pretty(&found)? + "\n" } else { told(&found) };
    console::say(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// What a problem answer says, in lines.
pub(crate) fn problem(body: &Value) -> String {
    let mut lines = vec![body["detail"].as_str().unwrap_or("the server refused").to_owned()];
    for error in body["errors"].as_array().into_iter().flatten() {
        lines.push(format!("  {} {}", error["pointer"].as_str().unwrap_or_default(), error["detail"].as_str().unwrap_or_default()));
    }
    lines.join("\n")
}

/// The people found, for reading.
fn told(found: &Value) -> String {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = Vec::new();
    for person in list(&found["people"]) {
        let strength = written(person["strength"].as_f64().unwrap_or_default());
        lines.push(format!("{:<8} {strength:<5}  person {}", text(&person["band"]), text(&person["person"])));
        for hit in list(&person["hits"]) {
            let roles: Vec<String> = list(&hit["roles"]).iter().map(&text).collect();
            let incident = &hit["incident"];
            let [reference, day, summary] = ["reference", "first_day", "summary"].map(|field| text(&incident[field]));
            lines.push(format!("    {} as {}: {reference} {day} {summary}", text(&hit["name"]), roles.join(", ")));
            let reasons: Vec<String> = list(&hit["reasons"]).iter().map(|reason| text(&reason["text"])).collect();
            lines.push(format!("      because {}", reasons.join("; ")));
        }
    }
    if lines.is_empty() {
        lines.push("nobody of that name, as far as you may see".to_owned());
    }
    if found["more"] == true {
        lines.push("more matched: add a date of birth or a postcode".to_owned());
    }
    lines.join("\n") + "\n"
}

/// A strength to two places; never as the certainty that it is not.
fn written(strength: f64) -> String {
    match strength {
        ..0.005 => "<0.01".to_owned(),
        0.995.. => ">0.99".to_owned(),
        _ => format!("{strength:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_match_is_told_as_certain_nor_as_impossible() {
        let told = [0.0012, 0.0049, 0.006, 0.44, 0.994, 0.9996].map(written);
        assert_eq!(told, ["<0.01", "<0.01", "0.01", "0.44", "0.99", ">0.99"]);
    }
}
