//! Headers, methods and paths.

use super::row::{Row, Seed, Who, model_id, whole};

/// A purpose, without which a look at people is refused for that.
const CODE: &str = "Beacon-Purpose: investigation";
const REFERENCE: &str = "Beacon-Purpose-Reference: LOG 1/2026";

pub(super) fn rows(seed: &Seed) -> Vec<Row> {
    let read = |name: &str| Row::new(name, "GET", seed.path(""));
    let create = |name: &str| Row::post(name, "/v1/incidents", &whole());
    let token = &seed.officer.token;
    let zeros = "0".repeat(64);
    let mut rows = vec![
        read("no token").by(Who::Nobody).is(401).says("sign in"),
        read("another scheme").by(Who::Nobody).header("Authorization: Basic UGVnZ3k6UXVpeG90dGU=").is(401).says("sign in"),
        read("a garbage token").by(Who::Nobody).header("Authorization: Bearer Quixotte").is(401).says("sign in"),
        read("a token that was never made").by(Who::Nobody).header(format!("Authorization: Bearer beacon_{zeros}")).is(401).says("sign in"),
        read("a token cut short")
            .by(Who::Nobody)
            .header(format!("Authorization: Bearer {}", &token[..token.len() - 1]))
            .is(401)
            .says("sign in"),
        read("a scheme alone").by(Who::Nobody).header("Authorization: Bearer").is(401).says("sign in"),
        read("two tokens").header(format!("Authorization: Bearer {token}")).is(400).at("authorization"),
        read("a token that is not ASCII").by(Who::Nobody).header(b"Authorization: Bearer Quixott\xe9").is(400).at("authorization"),
        read("an unknown purpose").header("Beacon-Purpose: curiosity about Quixotte").at("Beacon-Purpose"),
        read("two purposes").header("Beacon-Purpose: analysis").header("Beacon-Purpose: audit").is(400).at("beacon-purpose"),
        read("a purpose that is not ASCII").header(b"Beacon-Purpose: \xff").is(400).at("beacon-purpose"),
        read("an empty purpose reference").header("Beacon-Purpose-Reference:").at("Beacon-Purpose-Reference"),
        read("a purpose reference of 101 characters")
            .header(format!("Beacon-Purpose-Reference: {}", "x".repeat(101)))
            .at("Beacon-Purpose-Reference"),
        create("no content type").content_type(None).is(415).says("application/json"),
        create("text").content_type(Some("text/plain")).is(415).says("application/json"),
        create("a form").content_type(Some("application/x-www-form-urlencoded")).is(415).says("application/json"),
        create("a merge patch to a create").content_type(Some("application/merge-patch+json")).is(415).says("application/json"),
        create("a content encoding").header("Content-Encoding: gzip").is(415).says("Content-Encoding"),
        create("an empty idempotency key").header("Idempotency-Key:").is(400).at("Idempotency-Key"),
        create("an idempotency key of 101 characters")
            .header(format!("Idempotency-Key: {}", "x".repeat(101)))
            .is(400)
            .at("Idempotency-Key"),
        create("two idempotency keys").header("Idempotency-Key: a").header("Idempotency-Key: b").is(400).at("idempotency-key"),
        create("an idempotency key that is not ASCII").header(b"Idempotency-Key: \xe9").is(400).at("idempotency-key"),
        create("two preferences").header("Prefer: return=minimal").header("Prefer: return=minimal").is(400).at("prefer"),
        Row::new("a header section of 700 kB", "GET", "/v1/incidents").header(format!("X-Long: {}", "x".repeat(700_000))).is(431),
        Row::new("a header that is none", "GET", "/v1/incidents").header("no colon here").is(400),
    ];
    rows.extend(versions(seed));
    rows.extend(paths(seed));
    rows
}

/// `If-Match`
fn versions(seed: &Seed) -> Vec<Row> {
    let patch = |name: &str| Row::new(name, "PATCH", seed.path("")).body("{\"summary\":\"Quixotte\"}");
    let part = |list: &str| seed.path(&format!("/{list}/{}", seed.part(list)));
    let mut rows = vec![
        patch("no If-Match").is(428).says("If-Match"),
        patch("a stale If-Match").header("If-Match: \"7\"").is(412).says("changed"),
        patch("a weak tag").header("If-Match: W/\"1\"").is(400).at("If-Match"),
        patch("any version").header("If-Match: *").is(400).at("If-Match"),
        patch("a tag without quotes").header("If-Match: 1").is(400).at("If-Match"),
        patch("a tag that is no number").header("If-Match: \"Quixotte\"").is(400).at("If-Match"),
        patch("a tag that overflows").header("If-Match: \"99999999999999999999\"").is(400).at("If-Match"),
        patch("two tags").header("If-Match: \"1\", \"2\"").is(400).at("If-Match"),
        patch("If-Match twice").header("If-Match: \"1\"").header("If-Match: \"1\"").is(400).at("if-match"),
        patch("a patch sent as text").content_type(Some("text/plain")).header("If-Match: \"1\"").is(415).says("merge-patch+json"),
    ];
    for list in ["reports", "places", "involvements", "allegations"] {
        rows.push(Row::new(format!("change {list} without a version"), "PATCH", part(list)).body("{}").is(428).says("If-Match"));
        rows.push(
            Row::new(format!("change {list} against a stale version"), "PATCH", part(list))
                .body("{}")
                .header("If-Match: \"9\"")
                .is(412)
                .says("changed"),
        );
        rows.push(Row::new(format!("delete {list} without a version"), "DELETE", part(list)).is(428).says("If-Match"));
    }
    rows
}

fn paths(seed: &Seed) -> Vec<Row> {
    let at = |name: &str, method: &'static str, path: &str| Row::new(name, method, path);
    let unknown = model_id(9);
    let reference = seed.incident["reference"].as_str().unwrap();
    let wrong_check = format!("/v1/incidents/{}{}", &reference[..reference.len() - 1], if reference.ends_with('A') { 'B' } else { 'A' });
    vec![
        at("an unknown path", "GET", "/v1/unicorns").is(404).says("no such record"),
        at("a path outside the API", "GET", "/etc/passwd").is(404).says("no such record"),
        at("dots in a path", "GET", "/v1/../../etc/passwd").is(404).says("no such record"),
        at("an unknown version of the API", "GET", "/v2/incidents").is(404).says("no such record"),
        at("an unknown incident", "GET", &format!("/v1/incidents/{unknown}")).is(404).says("no such record"),
        at("a reference with a wrong check character", "GET", &wrong_check).is(404).says("no such record"),
        at("neither id nor reference", "GET", "/v1/incidents/Peggy%20Quixotte").is(404).says("no such record"),
        at("a path that is not UTF-8", "GET", "/v1/incidents/%ff%fe").is(400).says("path"),
        at("a part's path that is not UTF-8", "DELETE", &seed.path("/reports/%ff")).is(400).says("path"),
        at("NUL in a path", "GET", "/v1/incidents/%00").is(404).says("no such record"),
        at("an unknown person", "GET", &format!("/v1/people/{unknown}")).header(CODE).header(REFERENCE).is(404).says("no such record"),
        at("a person by name", "GET", "/v1/people/Quixotte").header(CODE).header(REFERENCE).is(404).says("no such record"),
        at("the history of nothing", "GET", &format!("/v1/incidents/{unknown}/history")).is(404).says("no such record"),
        at("the duplicates of nothing", "GET", &format!("/v1/incidents/{unknown}/duplicates")).is(404).says("no such record"),
        at("an unknown link", "DELETE", &seed.path(&format!("/duplicates/{unknown}"))).is(404).says("no such record"),
        at("an unknown marker", "DELETE", &format!("/v1/markers/{unknown}")).is(404).says("no such record"),
        at("an unknown part", "PATCH", &seed.path(&format!("/places/{unknown}")))
            .body("{}")
            .header("If-Match: \"1\"")
            .is(404)
            .says("no such record"),
        at("a part of another kind", "DELETE", &seed.path(&format!("/places/{}", seed.part("reports"))))
            .header("If-Match: \"1\"")
            .is(404)
            .says("no such record"),
        at("a part that is no id", "DELETE", &seed.path("/places/first")).header("If-Match: \"1\"").is(404).says("no such record"),
        at("deleting an incident", "DELETE", &seed.path("")).is(405).says("not allowed"),
        at("putting an incident", "PUT", &seed.path("")).is(405).says("not allowed"),
        at("posting to an incident", "POST", &seed.path("")).body("{}").is(405).says("not allowed"),
        at("reading a search", "GET", "/v1/name-searches").is(405).says("not allowed"),
        at("deleting the ledger", "DELETE", "/v1/audit").is(405).says("not allowed"),
        at("an unknown method", "QUIXOTE", "/v1/incidents").is(405).says("not allowed"),
        at("HEAD of a search", "HEAD", "/v1/name-searches").is(405),
        at("HEAD of what is not there", "HEAD", &format!("/v1/incidents/{unknown}")).is(404),
        at("a URL of 30,000 characters", "GET", &format!("/v1/incidents/{}", "x".repeat(30_000))).is(404).says("no such record"),
        at("a URL of 100,000 characters", "GET", &format!("/v1/incidents/{}", "x".repeat(100_000))).is(414),
    ]
}
