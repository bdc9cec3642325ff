//! Our own CSV and JSON Lines: a bad row never stops the rest, and is told by row, field and reason.

use crate::place::{Place, Told};
use testkit::{beacon::Server, http};

on_both_databases!(
    a_bad_row_of_a_sheet_costs_no_other,
    a_bad_line_costs_no_other,
    a_clash_costs_no_other,
    an_officer_imports_for_the_own_agency
);

const SHEET: &str = "\
occurred,qualifier,types,summary,street,postcode,person_1_name,person_1_roles,person_1_date_of_birth,owning_agency
2026-01-31T21:05:00Z,personal,202;211,Shouting and banging on doors,Example Street,TS18 1AB,Zebedee Quillfeather,person_complained_about,1987-04,
2026-13-01,nuisance,213,Fireworks,,,,,,
2026-01,nuisance,999,Fireworks,,,,,,
2026-01,rowdy,213,Fireworks,,,,,,
2026-01,nuisance,213,,,,,,,
2026-01,nuisance,213,Fireworks,,NOWHERE,,,,
2026-01,nuisance,213,Fireworks,,,Marmaduke Thistlewood,villain,,
2026-01,nuisance,213,Fireworks,,,Marmaduke Thistlewood,witness,2030-01-01,
2026-01,nuisance,213,Fireworks,,,,,,Nobody's Agency
2026-01,nuisance,213
2026-01,nuisance,213,\"Fireworks, again\",,,,,,Cleveland Police
";
const SHEET_REJECTS: [(u64, &str); 9] = [
    (2, "occurred"),
    (3, "types"),
    (4, "qualifier"),
    (5, "summary"),
    (6, "postcode"),
    (7, "person_1_roles"),
    (8, "person_1_date_of_birth"),
    (9, "owning_agency"),
    (10, "summary"),
];

/// Row and field of each line of a rejects file; each gives a code and a reason.
fn rejects(text: &str) -> Vec<(u64, String)> {
    let rows = text.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.splitn(4, ',').collect();
        assert!(cells.len() == 4 && !cells[2].is_empty() && !cells[3].is_empty(), "{line}");
        (cells[0].parse().unwrap(), cells[1].to_owned())
    });
    assert_eq!(text.lines().next(), Some("row,field,code,reason"));
    rows.collect()
}

fn found(place: &Place, server: &Server, name: &str) -> usize {
    let found = http::post(&server.url, &place.token, "/v1/name-searches", &serde_json::json!({ "name": name })).expect(200).json();
    found["people"].as_array().unwrap().len()
}

fn a_bad_row_of_a_sheet_costs_no_other(place: &Place) {
    let server = place.deployment.serve();
    let wanted: Vec<(u64, String)> = SHEET_REJECTS.iter().map(|(row, field)| (*row, (*field).to_owned())).collect();
    let path = place.file("sheet.csv", SHEET);
    let check = |told: Told, added, unchanged| {
        assert_eq!(told.figures(), (2, added, unchanged, 0, 9), "{}", told.text);
        assert!(told.text.contains("rejected rows: sheet.csv.rejects.csv"), "{}", told.text);
        let file = place.read("sheet.csv.rejects.csv");
        assert_eq!(rejects(&file), wanted, "{file}");
        assert!(!file.contains("Thistlewood") && !file.contains("NOWHERE"), "what may be personal is not repeated: {file}");
    };
    check(place.import("incidents", &[&path]), 2, 0);
    check(place.import("incidents", &[&path]), 0, 2);
    std::fs::remove_file(place.deployment.folder.path().join("sheet.csv.rejects.csv")).unwrap();
    check(place.import_through(&server, "incidents", &[&path]), 0, 2);
    assert_eq!((found(place, &server, "Zebedee Quillfeather"), found(place, &server, "Marmaduke Thistlewood")), (1, 0));
    let named = place.deployment.run(&["import", "incidents", "--officer", "Ada Example", "--rejects", "elsewhere.csv", &path]);
    assert_eq!(named.status.code(), Some(2));
    assert_eq!(rejects(&place.read("elsewhere.csv")), wanted);
}

const LINES: &str = r#"{"format":"beacon-1","record":"new_incident","value":{"occurred":{"month":"2026-01"},"qualifier":"nuisance","types":[213],"summary":"Fireworks"}}
{"format":"beacon-1","record":"new_incident","value":{"occurred":{"month":"2026-01"},"qualifier":"nuisance","types":[999],"summary":"Fireworks"}}
not json
{"format":"beacon-2","record":"new_incident","value":{}}
{"format":"beacon-1","record":"suspect","value":{}}
{"format":"beacon-1","record":"new_incident","value":{"occurred":{"month":"2026-01"},"qualifier":"nuisance","types":[213],"summary":"Fireworks","places":[{"postcode":"NOWHERE"}]}}
{"format":"beacon-1","record":"new_incident","owning_agency_name":"Nobody's Agency","value":{"occurred":{"month":"2026-01"},"qualifier":"nuisance","types":[213],"summary":"Fireworks"}}

{"format":"beacon-1","record":"new_incident","value":{"occurred":{"month":"2026-02"},"qualifier":"nuisance","types":[213],"summary":"Fireworks"}}
"#;

fn a_bad_line_costs_no_other(place: &Place) {
    let server = place.deployment.serve();
    let path = place.file("lines.jsonl", LINES);
    let first = place.import_through(&server, "incidents", &[&path]);
    assert_eq!(first.figures(), (2, 2, 0, 0, 6), "{}", first.text);
    let file = place.read("lines.jsonl.rejects.csv");
    let rows = rejects(&file);
    assert_eq!(rows.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7], "{file}");
    let fields = [(2, "types"), (6, "postcode"), (7, "owning_agency")];
    assert!(fields.iter().all(|(row, field)| rows.iter().any(|(at, name)| at == row && name.contains(field))), "{file}");
    assert_eq!(place.import("incidents", &[&path]).figures(), (2, 0, 2, 0, 6));
}

/// Ids that are taken are seen only when the rows are kept: the row is a reject then, and the others of its batch stay.
fn a_clash_costs_no_other(place: &Place) {
    let line = |id: &str, part: &str, summary: &str| {
        format!(
            r#"{{"format":"beacon-1","record":"new_incident","value":{{"id":"{id}","occurred":{{"month":"2026-01"}},"qualifier":"nuisance","types":[213],"summary":"{summary}","involvements":[{{"id":"{part}","person":{{"name":{{"full":"{summary} Quillfeather"}}}},"roles":["witness"]}}]}}}}"#
        )
    };
    let id = |last: u8| format!("00000000-0000-4000-8000-0000000000{last:02x}");
    let lines = [line(&id(1), &id(11), "One"), line(&id(2), &id(11), "Two"), line(&id(3), &id(13), "Three")];
    let path = place.file("clash.jsonl", lines.join("\n"));
    let told = place.import("incidents", &[&path]);
    assert_eq!(told.figures(), (2, 2, 0, 0, 1), "{}", told.text);
    assert_eq!(rejects(&place.read("clash.jsonl.rejects.csv"))[0].0, 2);
    assert_eq!(place.import("incidents", &[&path]).figures(), (2, 0, 2, 0, 1));
    let server = place.deployment.serve();
    assert_eq!(found(place, &server, "Quillfeather"), 2, "both that were kept are found");
}

/// What other agencies are said to have recorded is not taken from an officer's word, nor are officers with other roles.
fn an_officer_imports_for_the_own_agency(place: &Place) {
    let other = Place::on(place.backend);
    other.import("incidents", &[&other.file("one.csv", "occurred,qualifier,types,summary\n2026-01,nuisance,213,Fireworks\n")]);
    other.deployment.ok(&["export", "all.jsonl"]);
    let path = place.file("theirs.jsonl", other.read("all.jsonl"));
    let told = place.import("incidents", &[&path]);
    assert_eq!((told.code, told.added, told.rejected), (2, 0, 3), "agency, officer and incident: {}", told.text);
    assert_eq!(rejects(&place.read("theirs.jsonl.rejects.csv")).len(), 3);
    let console = place.console_import("incidents", &[&path]);
    assert_eq!(
        (console.code, console.rejected),
        (2, 4),
        "with its membership: another agency has the name of theirs here: {}",
        console.text
    );
    let server = place.deployment.serve();
    let agencies = place.get(&server, "/v1/agencies").expect(200).json();
    assert_eq!(agencies["agencies"].as_array().unwrap().len(), 1);
}
