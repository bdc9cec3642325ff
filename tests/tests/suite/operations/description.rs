//! The API's own description: the same in the repository, from the command and from the server; and true.

use serde_json::{Value, json};
use std::{collections::BTreeSet, path::Path};
use testkit::{beacon::Deployment, http};
use tests::Officer;

fn document() -> Value {
    serde_json::from_str(&Deployment::sqlite().ok(&["openapi"])).unwrap()
}

/// `BEACON_REGENERATE=1 cargo nextest run -p tests description` writes the file anew.
#[test]
fn the_description_in_the_repository_is_that_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let now = format!("{}\n", Deployment::sqlite().ok(&["openapi"]));
    if regenerate() {
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == now, "docs/openapi.json is not what `beacon openapi` prints: run this test with BEACON_REGENERATE=1");
}

#[allow(clippy::disallowed_methods, reason = "whoever runs the tests says so by the environment")]
fn regenerate() -> bool {
    std::env::var_os("BEACON_REGENERATE").is_some()
}

#[test]
fn it_is_openapi_3_1_and_hangs_together() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    assert!(!document["info"]["title"].as_str().unwrap().is_empty() && !document["info"]["version"].as_str().unwrap().is_empty());
    let mut names = BTreeSet::new();
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 25, "{}", paths.len());
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            let what = format!("{method} {path}");
            assert!(names.insert(operation["operationId"].as_str().unwrap().to_owned()), "{what}: its name is taken");
            assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 5), "{what} has no summary");
            assert!(!operation["tags"].as_array().unwrap().is_empty(), "{what}");
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let in_path: BTreeSet<&str> =
                parameters.iter().filter(|one| one["in"] == "path").map(|one| one["name"].as_str().unwrap()).collect();
            let expected: BTreeSet<&str> = path.split('/').filter_map(|step| step.strip_prefix('{')?.strip_suffix('}')).collect();
            assert_eq!(in_path, expected, "{what}");
            assert!(parameters.iter().all(|one| one["in"] != "path" || one["required"] == true), "{what}");
            let answers = operation["responses"].as_object().unwrap();
            assert!(answers.keys().any(|status| status.starts_with('2')), "{what}");
            if path.starts_with("/v1/") {
                assert!(answers.contains_key("401"), "{what} says nothing of 401");
            }
            let takes_body = operation.get("requestBody").is_some();
            // What a PUT sets may be told by its path alone.
            assert!(method == "put" || takes_body == matches!(method.as_str(), "post" | "patch"), "{what}");
            let acting = parameters.iter().any(|one| one["in"] == "header" && one["name"] == "Beacon-Acting-As");
            assert_eq!(acting, path.starts_with("/v1/"), "{what}");
            for (status, answer) in answers {
                assert!(answer["description"].as_str().is_some_and(|text| !text.is_empty()), "{what} {status} is not described");
                let problem = &answer["content"]["application/problem+json"];
                assert!(!status.starts_with('4') || problem.is_object(), "{what} {status} is no problem");
            }
        }
    }
    assert_references_lead_somewhere(&document, &document);
    // Codes are told as they are sent, and a part of an answer does not refuse the fields beside it.
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Role"]["enum"][3], "safeguarding_lead");
    for (name, schema) in schemas.as_object().unwrap() {
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let target = part["$ref"].as_str().and_then(|target| document.pointer(&target[1..]));
            assert_ne!(target.unwrap_or(part)["additionalProperties"], false, "{name} can never be whole");
        }
    }
}

fn assert_references_lead_somewhere(document: &Value, part: &Value) {
    match part {
        Value::Object(fields) => {
            if let Some(target) = fields.get("$ref").and_then(Value::as_str) {
                let pointer = target.strip_prefix('#').unwrap_or_else(|| panic!("{target} leads outside"));
                assert!(document.pointer(pointer).is_some(), "{target} leads nowhere");
            }
            fields.values().for_each(|part| assert_references_lead_somewhere(document, part));
        }
        Value::Array(list) => list.iter().for_each(|part| assert_references_lead_somewhere(document, part)),
        _ => {}
    }
}

#[test]
fn every_operation_described_is_there_and_asks_who_one_is() {
    let deployment = Deployment::sqlite();
    let server = deployment.serve();
    let document = document();
    assert_eq!(http::get(&server.url, "", "/openapi.json").expect(200).json(), document, "the server's own");
    let page = http::get(&server.url, "", "/docs/").expect(200);
    assert!(page.headers["content-type"].starts_with("text/html") && !page.text.contains("//cdn") && !page.text.contains("https://unpkg"));
    let open = ["/healthz", "/readyz"];
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let real: Vec<&str> =
                path.split('/').map(|step| if step.starts_with('{') { "018f0000-0000-7000-8000-000000000009" } else { step }).collect();
            let send = |token: &str| http::send(&method.to_uppercase(), &server.url, token, &real.join("/"), &[], Some(b"{}"));
            if open.contains(&path.as_str()) {
                send("").expect(200);
                continue;
            }
            for token in ["", "beacon_0000000000000000000000000000000000000000000000000000000000000000"] {
                let answer = send(token);
                assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text);
                assert_eq!(answer.headers["content-type"], "application/problem+json");
            }
            asked += 1;
        }
    }
    assert!(asked >= 35, "{asked}");
}

#[test]
fn vocabularies_are_told_with_their_version() {
    let deployment = Deployment::sqlite();
    let agency = deployment.agency("Stockton Council", "council");
    let token = deployment.officer("Pat Reed", &agency, "officer");
    let server = deployment.serve();
    let officer = Officer { id: String::new(), token, url: server.url.clone() };
    let told = officer.get("/v1/vocabularies").expect(200).json();
    assert!(told["version"].as_str().is_some_and(|version| !version.is_empty()));
    let types: Vec<&Value> = told["vocabularies"]["nsir_types"].as_array().unwrap().iter().map(|term| &term["code"]).collect();
    assert!(types.contains(&&json!("206")));
    assert_eq!(officer.get("/v1/agencies").expect(200).json()["agencies"][0]["id"], json!(agency));
}
