//! Bodies that are not what a body must be, whatever they were to say.

use super::row::{Row, Seed, whole};
use serde_json::json;

pub(super) fn rows(seed: &Seed) -> Vec<Row> {
    let post = |name: &str, body: &[u8]| Row::new(name, "POST", "/v1/incidents").body(body).is(400);
    let sound = whole().to_string();
    let in_summary = |value: &str| sound.replace("\"a dog barks through the night\"", value).into_bytes();
    let in_types = |value: &str| sound.replace("[206]", value).into_bytes();
    let deep = |open: &str, close: &str, times: usize| [open.repeat(times), close.repeat(times)].concat();
    let not_utf8 = [&in_summary("\"Quixotte")[..], b""].concat();
    let mut rows = vec![
        post("an empty body", b"").at(""),
        post("a body of blanks", b"  \n ").at(""),
        post("a truncated body", &sound.as_bytes()[..sound.len() - 40]).says("is not JSON"),
        post("text after the end", format!("{sound} Quixotte").as_bytes()).at(""),
        post("two documents", format!("{sound}{sound}").as_bytes()).at(""),
        post("NaN", &in_types("[NaN]")).says("is not JSON"),
        post("Infinity", &in_types("[Infinity]")).says("is not JSON"),
        post("a number that overflows", &in_types("[1e400]")).is(422).at("/types/0"),
        post("a hexadecimal number", &in_types("[0xCE]")).says("is not JSON"),
        post("a lone surrogate", &in_summary(r#""Quixotte \ud800 x""#)).is(422).at("/summary"),
        post("a bare control character", &in_summary("\"Quixotte \u{1}\"")).says("is not JSON"),
        post("an escape that is none", &in_summary(r#""Quixotte \x41""#)).says("is not JSON"),
        post("an open string", &not_utf8).says("is not JSON"),
        post("single quotes", &in_summary("'Quixotte'")).says("is not JSON"),
        post("a comment", format!("// Quixotte\n{sound}").as_bytes()).says("is not JSON"),
        post("invalid UTF-8", &[&in_summary("\"Peggy Quixotte ")[..], &[0xff, 0xfe], b"\"}"].concat()).says("UTF-8"),
        post("an overlong encoding", &[b"{\"summary\":\"", &[0xc0, 0xaf][..], b"\"}"].concat()).says("UTF-8"),
        post("UTF-16", &sound.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()).at(""),
        post("a byte order mark", format!("\u{feff}{sound}").as_bytes()).says("is not JSON"),
        post("compressed without saying so", &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]).at(""),
        post("lists in lists", deep("[", "]", 100_000).as_bytes()).is(422).at(""),
        post("lists in types", &in_types(&deep("[", "]", 50_000))).is(422).at("/types/0"),
        post("a list", b"[]").is(422).at(""),
        post("a list for an object", sound.replacen('{', "{\"next_step\":[\"Quixotte\",\"b\"],", 1).as_bytes()).is(422).at("/next_step"),
        post("a list for a listed object", sound.replacen('{', "{\"hate\":[[\"race\",\"Quixotte\"]],", 1).as_bytes()).is(422).at("/hate/0"),
        post("a string", b"\"Quixotte\"").is(422).at(""),
        post("a number", b"7").is(422).at(""),
        post("null", b"null").is(422).at(""),
        post("true", b"true").is(422).at(""),
        post("a field twice", sound.replacen('{', "{\"summary\":\"Quixotte\",", 1).as_bytes()).is(422).at("/summary"),
        post("a field twice further in", sound.replace("\"street\"", "\"role\":\"affected\",\"role\":\"affected\",\"street\"").as_bytes())
            .is(422)
            .at("/places/0/role"),
        post("a name of 10 MB", &in_summary(&format!("\"{}\"", "Quixotte ".repeat(1_200_000)))).is(413).says("at most"),
        post("a body of 3 MB", &vec![b' '; 3 << 20]).is(413).says("at most"),
    ];
    rows.extend(patches(seed));
    rows
}

fn patches(seed: &Seed) -> Vec<Row> {
    let patch = |name: &str, body: &str| Row::new(format!("patch: {name}"), "PATCH", seed.path("")).body(body).header("If-Match: \"1\"");
    let read_only = |name: &str| patch(name, &json!({ name: "Quixotte" }).to_string()).at(format!("/{name}"));
    vec![
        patch("an empty body", "").is(400).at(""),
        patch("truncated", "{\"summary\":\"Quix").is(400).says("is not JSON"),
        patch("a list", "[]").at(""),
        patch("null", "null").at(""),
        patch("a list for an object", r#"{"next_step":["a","b"]}"#).at("/next_step"),
        patch("a list for when it occurred", r#"{"occurred":[null]}"#).at("/occurred"),
        patch("a string", "\"Quixotte\"").at(""),
        patch("a field twice", r#"{"summary":"a","summary":"Quixotte"}"#).at("/summary"),
        patch("a field twice further in", r#"{"next_step":{"action":"a","owner":"b","action":"c"}}"#).at("/next_step/action"),
        patch("objects in objects", &format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000))).says("recursion limit"),
        patch("a summary of NUL", r#"{"summary":"a\u0000b"}"#).at("/summary"),
        patch("a needed field removed", r#"{"summary":null}"#).at("/summary"),
        patch("occurred removed", r#"{"occurred":null}"#).at("/occurred"),
        patch("two precisions", r#"{"occurred":{"on":"2026-03-04"}}"#).at("/occurred"),
        patch("types emptied", r#"{"types":[]}"#).at("/types"),
        patch("types of words", r#"{"types":["Quixotte"]}"#).at("/types/0"),
        patch("an unknown status", r#"{"status":"Quixotte"}"#).at("/status"),
        patch("a summary that is an object", r#"{"summary":{"Quixotte":1}}"#).at("/summary"),
        patch("a number where a name belongs", r#"{"next_step":{"action":"x","owner":7700900123}}"#).at("/next_step/owner"),
        patch("recorded in error without a reason", r#"{"status":"recorded_in_error"}"#).at("/status_reason"),
        patch("an unknown field", r#"{"colour":"Quixotte"}"#).at("/colour"),
        patch("an unknown owner", r#"{"owning_agency":"018f0000-0000-7000-8000-00000000000f"}"#).at("/owning_agency"),
        patch(
            "shared with an unknown agency",
            r#"{"sharing":{"level":"named_agencies","agencies":["018f0000-0000-7000-8000-00000000000f"]}}"#,
        )
        .at("/sharing/agencies"),
        patch(
            "shared with an unknown officer",
            r#"{"sharing":{"level":"named_officers","officers":["018f0000-0000-7000-8000-00000000000f"]}}"#,
        )
        .at("/sharing/officers"),
        patch("a date in the future", r#"{"occurred":{"at":"2199-01-01T00:00:00Z"}}"#).at("/occurred"),
        read_only("reports"),
        read_only("places"),
        read_only("involvements"),
        read_only("allegations"),
        read_only("id"),
        read_only("reference"),
        read_only("version"),
        read_only("recording_agency"),
        read_only("recorded_at"),
        read_only("intake"),
        read_only("source"),
    ]
}
