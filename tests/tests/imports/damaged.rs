//! Files that are cut off or are not what they should be: what could be read is kept, and it is said so.

use crate::place::{Place, files, unzipped, zipped};

on_both_databases!(a_truncated_file_keeps_what_was_read_and_can_be_repeated, a_file_that_cannot_be_read_says_why);

fn a_truncated_file_keeps_what_was_read_and_can_be_repeated(place: &Place) {
    let text = unzipped(&files("police-uk/cleveland", "2024-03")[0]);
    let whole = zipped(&text);
    let cut = place.file("cut-street.csv.gz", &whole[..whole.len() / 2]);
    let told = place.import("police-uk", &[&cut]);
    assert_eq!(told.code, 1, "{}", told.text);
    assert!(told.added > 100 && told.added < 1_451, "{}", told.text);
    assert!(told.text.contains("cut-street.csv.gz: "), "it says which file, and why: {}", told.text);

    // Through a server the same: what was read is kept, and the next try adds the rest.
    let server = place.deployment.serve();
    let through = place.import_through(&server, "police-uk", &[&cut]);
    assert_eq!((through.code, through.added, through.unchanged), (1, 0, told.added), "{}", through.text);
    let path = place.file("cut-street.csv.gz", &whole);
    let rest = place.import_through(&server, "police-uk", &[&path]);
    assert_eq!((rest.code, rest.added, rest.unchanged), (0, 1_451 - told.added, told.added), "{}", rest.text);
    let runs = place.get(&server, "/v1/imports").expect(200).json();
    let stopped = runs["imports"].as_array().unwrap().iter().filter(|run| run["figures"]["stopped"].is_string()).count();
    assert_eq!(stopped, 2, "{runs}");
}

fn a_file_that_cannot_be_read_says_why(place: &Place) {
    let server = place.deployment.serve();
    for (kind, name, content, told) in [
        ("police-uk", "empty.csv", &b""[..], "empty"),
        ("police-uk", "other.csv", b"a,b,c\n1,2,3\n", "column"),
        ("police-uk", "archive.zip", b"PK\x03\x04 and so on", "zip"),
        ("incidents", "utf16.csv", b"\xff\xfeo\0c\0c\0", "UTF-16"),
        ("incidents", "missing.csv", b"occured,qualifier,types,summary\n", "lacks the column occurred"),
        ("incidents", "misspelt.csv", b"occurred,qualifier,types,summary,postcod\n", "postcod"),
        ("incidents", "notes.txt", b"occurred,qualifier,types,summary\n", ""),
        (
            "boundaries",
            "grid.geojson",
            br#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::27700"}},"features":[]}"#,
            "ogr2ogr",
        ),
    ] {
        let path = place.file(name, content);
        let direct = place.import(kind, &[&path]);
        assert!(direct.code != 0 && direct.added == 0, "{name}: {}", direct.text);
        assert!(direct.text.contains(told), "{name}: {}", direct.text);
        let through = place.import_through(&server, kind, &[&path]);
        assert!(through.code != 0 && through.added == 0, "{name} through a server: {}", through.text);
        assert!(through.text.contains(told), "{name} through a server: {}", through.text);
    }
    let missing = place.deployment.run(&["import", "police-uk", "--officer", "Ada Example", "not-there.csv"]);
    assert!(String::from_utf8_lossy(&missing.stderr).contains("not-there.csv cannot be opened"));
    assert_eq!(missing.status.code(), Some(1));
}
