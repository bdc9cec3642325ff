//! Files that are wrong, as a whole or in a row: each is refused by name, none stops the rest, none panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{gzip, now, outcome, police, police_row};
use exchange::{
    boundaries::{self, AreaOptions},
    incidents::{CsvReader, JsonLinesReader},
    police_uk, postcodes,
};

/// Reads bytes as one of the formats: sound rows, rejects as "row field code", and the file's error code.
fn read(format: &str, bytes: &[u8]) -> (usize, Vec<String>, Option<&'static str>) {
    macro_rules! of {
        ($reader:expr) => {{
            let outcome = outcome($reader);
            if let Some(error) = &outcome.error {
                assert!(error.detail.len() > 20, "{error:?} says what to do");
            }
            (outcome.sound.len(), outcome.named(), outcome.error.map(|error| error.code))
        }};
    }
    match format {
        "police" => of!(police_uk::Reader::new(bytes)),
        "postcodes" => of!(postcodes::Reader::new(bytes)),
        "boundaries" => of!(boundaries::Reader::new(bytes, AreaOptions::default())),
        "csv" => of!(CsvReader::new(bytes)),
        "jsonl" => of!(JsonLinesReader::new(bytes, now())),
        _ => panic!("no such format"),
    }
}

#[test]
fn whole_files_are_refused_with_a_reason() {
    let good = police(&[&police_row("-1.313", "54.565")]);
    let text = String::from_utf8(good.clone()).unwrap();
    let cases: Vec<(&str, &str, Vec<u8>, &str)> = vec![
        ("empty police", "police", b"".to_vec(), "empty_file"),
        ("empty gzip", "police", gzip(b""), "empty_file"),
        ("empty postcodes", "postcodes", b"\n\r\n".to_vec(), "empty_file"),
        ("empty boundaries", "boundaries", b" ".to_vec(), "empty_file"),
        ("empty csv", "csv", b"".to_vec(), "empty_file"),
        ("empty jsonl", "jsonl", b"\n\n".to_vec(), "empty_file"),
        ("nothing but a byte order mark", "csv", b"\xef\xbb\xbf".to_vec(), "empty_file"),
        ("zip archive", "police", b"PK\x03\x04....".to_vec(), "zip_archive"),
        ("UTF-16", "csv", b"\xff\xfeo\0c\0".to_vec(), "utf_16"),
        ("missing column", "police", text.replace("Latitude", "Lat").into_bytes(), "missing_column"),
        ("duplicate header", "police", text.replace("Context", "month").into_bytes(), "duplicate_column"),
        ("header is not UTF-8", "police", [b"\xff\xff,".as_slice(), &good].concat(), "bad_header"),
        ("header never ends", "police", [b"\"".as_slice(), &[b'x'; 3 << 20]].concat(), "bad_header"),
        ("another file", "csv", good.clone(), "missing_column"),
        ("misspelt column", "csv", b"occurred,qualifier,types,summary,narative\n".to_vec(), "unknown_column"),
        ("tenth person", "csv", b"occurred,qualifier,types,summary,person_10_name\n".to_vec(), "unknown_column"),
        ("not JSON at all", "boundaries", b"E05001527,Billingham".to_vec(), "not_a_feature_collection"),
        ("a feature alone", "boundaries", br#"{"type":"Feature","geometry":null}"#.to_vec(), "not_a_feature_collection"),
        ("features are no list", "boundaries", br#"{"type":"FeatureCollection","features":{}}"#.to_vec(), "not_a_feature_collection"),
        (
            "another kind of collection",
            "boundaries",
            br#"{"features":[],"type":"GeometryCollection"}"#.to_vec(),
            "not_a_feature_collection",
        ),
        ("features twice", "boundaries", br#"{"features":[],"features":[]}"#.to_vec(), "duplicate_key"),
        ("cut short", "boundaries", br#"{"type":"FeatureCollection","features":[{"type":"Fea"#.to_vec(), "not_json"),
        ("unbalanced", "boundaries", br#"{"type":"FeatureCollection","features":[]]"#.to_vec(), "not_json"),
        (
            "British National Grid",
            "boundaries",
            br#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::27700"}},"features":[]}"#
                .to_vec(),
            "wrong_coordinate_system",
        ),
        (
            "linked coordinate system",
            "boundaries",
            br#"{"type":"FeatureCollection","features":[],"crs":{"type":"link","properties":{"href":"x"}}}"#.to_vec(),
            "wrong_coordinate_system",
        ),
        ("not gzip after all", "police", b"\x1f\x8b\x08\x00garbage and more garbage".to_vec(), "damaged_gzip"),
    ];
    for (name, format, bytes, code) in cases {
        assert_eq!(read(format, &bytes), (0, vec![], Some(code)), "{name}");
    }
}

#[test]
fn damaged_gzip_keeps_the_rows_before() {
    let rows: Vec<String> = (0..2000).map(|at| police_row(&format!("-1.3{at:05}"), "54.565")).collect();
    let whole = gzip(&police(&rows.iter().map(String::as_str).collect::<Vec<_>>()));
    assert_eq!(read("police", &whole), (2000, vec![], None));

    let cut = &whole[..whole.len() * 3 / 4];
    let (kept, rejects, code) = read("police", cut);
    assert!(kept > 100 && kept < 2000 && rejects.is_empty(), "{kept} {rejects:?}");
    assert_eq!(code, Some("truncated_gzip"));

    // Only the check sum at the end is gone: all rows are there, and the damage is still told.
    assert_eq!(read("police", &whole[..whole.len() - 4]), (2000, vec![], Some("truncated_gzip")));

    let mut wrong_sum = whole.clone();
    let at = wrong_sum.len() - 8;
    wrong_sum[at] ^= 0xff;
    assert_eq!(read("police", &wrong_sum), (2000, vec![], Some("damaged_gzip")));

    let mut scrambled = whole.clone();
    let middle = scrambled.len() / 2;
    scrambled[middle..middle + 40].fill(0xff);
    let (kept, _, code) = read("police", &scrambled);
    assert!(kept < 2000, "{kept}");
    // What the scrambled part decodes to is chance: an impossible code, or one that runs on past the end.
    assert!(matches!(code, Some("damaged_gzip" | "truncated_gzip")), "{code:?}");

    // Two members one after the other are one file; what follows the last is damage.
    let two = [gzip(&police(&[&rows[0]])), gzip(format!("{}\n", rows[1]).as_bytes())].concat();
    assert_eq!(read("police", &two), (2, vec![], None));
    assert_eq!(read("police", &[&two[..], b"what is this tail"].concat()).2, Some("damaged_gzip"));
}

#[test]
fn bad_police_rows_name_their_field() {
    let good = police_row("-1.313", "54.565");
    let huge = format!("{good}{}", "x".repeat(2 << 20));
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("longitude is no number", police_row("west", "54.565").into(), "Longitude not_a_number"),
        ("latitude is no number", police_row("-1.313", "54,565").into(), "Latitude wrong_number_of_cells"),
        ("not a finite number", police_row("NaN", "54.565").into(), "Longitude not_a_number"),
        ("endless number", police_row("-1.313", "inf").into(), "Latitude not_a_number"),
        ("one coordinate only", police_row("-1.313", "").into(), "Latitude missing"),
        ("at sea", police_row("2.5", "54.6").into(), "Longitude not_on_land"),
        ("swapped", police_row("54.565", "-1.313").into(), "Longitude not_on_land"),
        ("zero", police_row("0", "0").into(), "Longitude not_on_land"),
        ("Paris", police_row("2.35", "48.85").into(), "Longitude not_on_land"),
        ("beyond the globe", police_row("-1.313", "254.5").into(), "Latitude not_a_number"),
        ("no such month", good.replace("2024-01", "2024-13").into(), "Month not_a_month"),
        ("month in words", good.replace("2024-01", "Jan 24").into(), "Month not_a_month"),
        ("no crime type", good.replace("Anti-social behaviour", "").into(), "Crime type missing"),
        ("too few cells", good[..good.len() - 1].into(), "Context wrong_number_of_cells"),
        ("too many cells", format!("{good},").into(), "(row) wrong_number_of_cells"),
        (
            "invalid UTF-8",
            good.replace("High", "H#gh").into_bytes().iter().map(|b| if *b == b'#' { 0xe9 } else { *b }).collect(),
            "Location not_utf8",
        ),
        ("enormous", huge.into(), "(row) too_long"),
        ("a quote never closed", good.replace("On or", "\"On or").into(), "(row) open_quote"),
        ("a carriage return inside", good.replace("High", "High\rLow").into(), "(row) stray_return"),
    ];
    for (name, row, expected) in cases {
        let file = [&police(&[&good, &good]), &row[..], b"\n", good.as_bytes()].concat();
        let expected = if name == "latitude is no number" { "3 (row) wrong_number_of_cells".to_owned() } else { format!("3 {expected}") };
        assert_eq!(read("police", &file), (3, vec![expected], None), "{name}");
    }
}

#[test]
fn bad_postcode_rows_name_their_field() {
    for (row, expected) in [
        ("TS18 1AB,90,0,0", "easting no_location"),
        ("TS18 1AB,10,0,0", "easting no_location"),
        ("TS18,10,444100,518600", "postcode postcode"),
        ("TS18 1AB,70,444100,518600", "quality not_a_quality"),
        ("TS18 1AB,good,444100,518600", "quality not_a_quality"),
        ("TS18 1AB,10,east,518600", "easting not_a_number"),
        ("TS18 1AB,10,444100,NaN", "northing not_a_number"),
        ("TS18 1AB,10,699000,10000", "easting not_on_land"),
        ("TS18 1AB,10,444100", "northing wrong_number_of_cells"),
        ("TS18 1AB,10,444100,518600,x", "(row) wrong_number_of_cells"),
    ] {
        let file = format!("TS18 1AA,10,444100,518600\r\n{row}\r\nTS18 1AD,10,444100,518600\r\n");
        assert_eq!(read("postcodes", file.as_bytes()), (2, vec![format!("2 {expected}")], None), "{row}");
    }
}

#[test]
fn bad_features_name_their_field() {
    const SQUARE: &str = "[[[-1.32,54.56],[-1.31,54.56],[-1.31,54.57],[-1.32,54.57],[-1.32,54.56]]]";
    let feature = |properties: &str, geometry: &str| format!(r#"{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#);
    let polygon =
        |rings: &str| feature(r#"{"WD13CD":"E05001527","WD13NM":"Riverside"}"#, &format!(r#"{{"type":"Polygon","coordinates":{rings}}}"#));
    let good = polygon(SQUARE);
    let deep = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
    let cases: Vec<(&str, String, &str)> = vec![
        ("a point", feature(r#"{"WD13CD":"E1","WD13NM":"x"}"#, r#"{"type":"Point","coordinates":[-1.3,54.5]}"#), "geometry not_a_polygon"),
        ("no geometry", feature(r#"{"WD13CD":"E1","WD13NM":"x"}"#, "null"), "geometry missing"),
        ("an open ring", polygon("[[[-1.32,54.56],[-1.31,54.56],[-1.31,54.57],[-1.32,54.57]]]"), "geometry open_ring"),
        ("metres", polygon("[[[444100,518600],[444200,518600],[444200,518700],[444100,518600]]]"), "geometry not_degrees"),
        ("swapped", polygon("[[[54.56,-1.32],[54.56,-1.31],[54.57,-1.31],[54.56,-1.32]]]"), "geometry off_the_grid"),
        ("Belfast", polygon("[[[-5.93,54.59],[-5.92,54.59],[-5.92,54.6],[-5.93,54.59]]]"), "geometry northern_ireland"),
        ("no rings", polygon("[]"), "geometry empty"),
        ("words for numbers", polygon(&SQUARE.replacen("-1.32", "\"west\"", 1)), "geometry not_geojson"),
        ("deep", polygon(&deep), "geometry not_geojson"),
        ("deep properties", feature(&format!(r#"{{"x":{deep}}}"#), "null"), "/properties/x too_deep"),
        ("unknown kind", feature(r#"{"NAME":"x"}"#, "null"), "properties unknown_kind"),
        ("no code", feature(r#"{"WD13CD":null,"WD13NM":"x"}"#, "null"), "properties/code missing"),
        ("no name", feature(r#"{"WD13CD":"E1"}"#, "null"), "properties/name missing"),
        ("not JSON", "{type:Feature}".to_owned(), "(row) not_json"),
        ("a number", "17".to_owned(), "(row) wrong_type"),
        ("properties twice", format!("{}{}", &good[..good.len() - 1], r#","properties":{}}"#), "/properties duplicate_key"),
    ];
    for (name, bad, expected) in cases {
        let file = format!(r#"{{"type":"FeatureCollection","name":"x","features":[{good}, {bad} ,{good}],"bbox":[0,0,1,1]}}"#);
        assert_eq!(read("boundaries", file.as_bytes()), (2, vec![format!("2 {expected}")], None), "{name}");
    }
}

#[test]
fn bad_csv_incidents_name_their_column() {
    const GOOD: &str = "2026-01,nuisance,202,Shouting";
    for (columns, cells, expected) in [
        ("", ",nuisance,202,x", "occurred missing"),
        ("", "2026-02-30,nuisance,202,x", "occurred not_a_time"),
        ("", "2026-01-31T25:00:00Z,nuisance,202,x", "occurred not_a_time"),
        ("", "31/01/2026,nuisance,202,x", "occurred not_a_time"),
        ("", "2026-01-31T21:05:00,nuisance,202,x", "occurred not_a_time"),
        ("", "2026-01,,202,x", "qualifier missing"),
        ("", "2026-01,loud,202,x", "qualifier unknown_code"),
        ("", "2026-01,nuisance,999,x", "types unknown_code"),
        ("", "2026-01,nuisance,202;noise,x", "types unknown_code"),
        ("", "2026-01,nuisance,202,", "summary missing"),
        (",id", "2026-01,nuisance,202,x,7", "id not_an_id"),
        (",status", "2026-01,nuisance,202,x,recorded_in_error", "status only_open"),
        (",reference", "2026-01,nuisance,202,x,ASB-2026-AAAAA-A", "reference not_a_reference"),
        (",sharing_level", "2026-01,nuisance,202,x,everyone", "sharing_level unknown_code"),
        (",sharing_level", "2026-01,nuisance,202,x,named_agencies", "sharing_level names_nobody"),
        (",channel", "2026-01,nuisance,202,x,pigeon", "channel unknown_code"),
        (",markings", "2026-01,nuisance,202,x,top_secret", "markings unknown_code"),
        (",reported_at", "2026-01,nuisance,202,x,yesterday", "reported_at not_a_time"),
        (",external_system", "2026-01,nuisance,202,x,CRM", "external_reference missing"),
        (",postcode", "2026-01,nuisance,202,x,TS18", "postcode postcode"),
        (",easting,northing", "2026-01,nuisance,202,x,one,518600", "easting not_a_number"),
        (",easting", "2026-01,nuisance,202,x,444100", "northing missing"),
        (",easting,northing", "2026-01,nuisance,202,x,699000,10000", "easting not_on_land"),
        (",longitude,latitude", "2026-01,nuisance,202,x,54.565,-1.313", "longitude not_on_land"),
        (",longitude,latitude", "2026-01,nuisance,202,x,NaN,54.565", "longitude not_a_number"),
        (",precision", "2026-01,nuisance,202,x,roughly", "precision unknown_code"),
        (",person_2_name", "2026-01,nuisance,202,x,Ada Example", "person_2_roles missing"),
        (",person_2_name,person_2_roles", "2026-01,nuisance,202,x,Ada Example,villain", "person_2_roles unknown_code"),
        (",person_1_roles,person_1_identity", "2026-01,nuisance,202,x,witness,anonymous", "person_1_name missing"),
        (",person_1_phone,person_1_roles", "2026-01,nuisance,202,x,01632 960001,witness", "person_1_name missing"),
        (
            ",person_1_name,person_1_roles,person_1_date_of_birth",
            "2026-01,nuisance,202,x,Ada Example,witness,1999-02-29",
            "person_1_date_of_birth not_a_date",
        ),
        (",person_1_name,person_1_roles,person_1_age", "2026-01,nuisance,202,x,Ada Example,witness,old", "person_1_age not_an_age"),
        (
            ",person_1_name,person_1_roles,person_1_identity",
            "2026-01,nuisance,202,x,Ada Example,witness,secret",
            "person_1_identity unknown_code",
        ),
        (",person_1_name,person_1_roles,person_1_postcode", "2026-01,nuisance,202,x,Ada Example,witness,XX", "person_1_postcode postcode"),
        (",person_1_name,person_1_roles,person_1_sex", "2026-01,nuisance,202,x,Ada Example,witness,?", "person_1_sex unknown_code"),
        (
            ",person_1_name,person_1_roles,person_1_description",
            "2026-01,nuisance,202,x,Ada Example,witness,tall",
            "person_1_description one_kind",
        ),
    ] {
        let padding = ",".repeat(columns.matches(',').count());
        let file = format!("occurred,qualifier,types,summary{columns}\n{GOOD}{padding}\n{cells}\n{GOOD}{padding}\n");
        assert_eq!(read("csv", file.as_bytes()), (2, vec![format!("2 {expected}")], None), "{columns} {cells}");
    }
    // Everything that is wrong with a row is told at once.
    let file = "occurred,qualifier,types,summary,channel\nnever,loud,999,,pigeon\n";
    let expected =
        ["1 summary missing", "1 occurred not_a_time", "1 qualifier unknown_code", "1 types unknown_code", "1 channel unknown_code"];
    assert_eq!(read("csv", file.as_bytes()), (0, expected.map(str::to_owned).to_vec(), None));
}

#[test]
fn an_open_quote_costs_one_line_even_where_cells_hold_line_breaks() {
    let header = "occurred,qualifier,types,summary,narrative\n";
    let good = "2026-01,nuisance,202,x,\"two\nlines\"\n";
    let lost = "2026-01,nuisance,202,x,\"never closed\n";
    let count = |file: String| read("csv", file.as_bytes());
    assert_eq!(count(format!("{header}{good}{lost}{good}{good}")), (3, vec!["2 (row) open_quote".into()], None));
    assert_eq!(count(format!("{header}{good}{lost}")), (1, vec!["2 (row) open_quote".into()], None));
    // Far more text than a row may hold comes after it.
    let many = "2026-01,nuisance,202,x,y\n".repeat(60_000);
    assert_eq!(count(format!("{header}{lost}{many}")), (60_000, vec!["1 (row) open_quote".into()], None));
    // A quoted cell that is too long by itself, closed properly.
    let long = format!("2026-01,nuisance,202,x,\"{}\"\n", "z".repeat(2 << 20));
    assert_eq!(count(format!("{header}{good}{long}{good}")), (2, vec!["2 (row) too_long".into()], None));
}

#[test]
fn bad_json_lines_name_their_field() {
    let good = r#"{"format":"beacon-1","record":"new_incident","value":{"occurred":{"month":"2026-01"},"qualifier":"nuisance","types":[202],"summary":"x"}}"#;
    let deep = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
    let value = |value: &str| format!(r#"{{"format":"beacon-1","record":"new_incident","value":{value}}}"#);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("not JSON", b"occurred,qualifier".to_vec(), "(row) not_an_object"),
        ("no JSON in braces", b"{occurred}".to_vec(), "(row) not_json"),
        ("half a line", good[..good.len() - 4].into(), "/value not_json"),
        ("two objects", format!("{good}{good}").into(), "(row) not_json"),
        ("a list", br#"["beacon-1","agency",null,{}]"#.to_vec(), "(row) not_an_object"),
        ("no format", br#"{"record":"agency","value":{}}"#.to_vec(), "/format missing"),
        ("another format", good.replace("beacon-1", "beacon-2").into(), "/format unknown_format"),
        ("unknown record", good.replace("new_incident", "incidents").into(), "/record unknown_code"),
        ("format twice", good.replacen('{', r#"{"format":"beacon-1","#, 1).into(), "/format duplicate_key"),
        ("a key twice", value(r#"{"summary":"x","summary":"y"}"#).into(), "/summary duplicate_key"),
        ("unknown field", value(r#"{"colour":"red"}"#).into(), "/colour unknown_field"),
        ("wrong type", value(r#"{"occurred":{"month":"2026-01"},"types":"202"}"#).into(), "/types wrong_type"),
        ("unknown code", value(r#"{"qualifier":"loud"}"#).into(), "/qualifier unknown_code"),
        ("impossible date", value(r#"{"occurred":{"on":"2026-02-30"}}"#).into(), "/occurred/on wrong_type"),
        ("impossible month", value(r#"{"occurred":{"month":"2026-13"}}"#).into(), "/occurred/month invalid"),
        ("a time without its offset", value(r#"{"occurred":{"at":"2026-01-31T21:05:00"}}"#).into(), "/occurred/at invalid"),
        ("depth 1000 in a field", value(&format!(r#"{{"summary":{deep}}}"#)).into(), "/summary wrong_type"),
        ("depth 1000 in an unknown field", value(&format!(r#"{{"x":{deep}}}"#)).into(), "/x unknown_field"),
        ("depth 1000 of the value", value(&deep).into(), "/value not_an_object"),
        ("depth 1000 of the line", deep.clone().into(), "(row) not_an_object"),
        ("depth 1000 in a boundary", format!(r#"{{"format":"beacon-1","record":"area","value":{{"kind":"ward","code":"E1","name":"x","geometry":{{"type":"Polygon","coordinates":{deep}}}}}}}"#).into(), "/geometry not_geojson"),
        ("invalid UTF-8", [&good.as_bytes()[..40], b"\xff", &good.as_bytes()[40..]].concat(), "(row) not_utf8"),
        ("a lone surrogate", value(r#"{"summary":"\ud800"}"#).into(), "/summary not_json"),
        ("owner twice", value(r#"{"occurred":{},"types":[],"summary":"x","owning_agency":"00000000-0000-0000-0000-000000000001"},"owning_agency_name":"Council""#.trim_end()).into(), "/owning_agency_name one_form"),
        ("empty history", br#"{"format":"beacon-1","record":"incident","value":{"versions":1,"history":[]}}"#.to_vec(), "/history empty"),
        ("enormous", vec![b' '; (64 << 20) + 10], "(row) too_long"),
    ];
    for (name, line, expected) in cases {
        let file = [good.as_bytes(), b"\n", &line, b"\r\n\n", good.as_bytes()].concat();
        assert_eq!(read("jsonl", &file), (2, vec![format!("2 {expected}")], None), "{name}");
    }
}

#[test]
fn no_reason_repeats_a_value() {
    let secret = "Zebedee Quillfeather";
    let lines = [
        format!(r#"{{"summary":7,"types":"{secret}"}}"#),
        format!(r#"{{"qualifier":"{secret}"}}"#),
        format!(r#"{{"occurred":{{"on":"{secret}"}}}}"#),
        format!(r#"{{"occurred":{{"at":"{secret}"}}}}"#),
        format!(r#"{{"id":"{secret}"}}"#),
        format!(r#"{{"types":[{{"x":"{secret}, expected {secret}"}}]}}"#),
        format!(r#"{{"involvements":[{{"roles":["{secret}"]}}]}}"#),
        format!(r#"{{"involvements":[{{"roles":[],"person":{{"name":"{secret}"}}}}]}}"#),
        format!(r#"{{"involvements":[{{"roles":[],"person":{{"name":{{}},"date_of_birth":"{secret}"}}}}]}}"#),
    ];
    let file: String =
        lines.iter().map(|value| format!("{{\"format\":\"beacon-1\",\"record\":\"new_incident\",\"value\":{value}}}\n")).collect();
    let told = outcome(JsonLinesReader::new(file.as_bytes(), now()));
    assert_eq!(told.rejects.iter().map(|reject| reject.row).collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
    assert!(told.rejects.iter().all(|reject| !format!("{reject:?}").contains("Quillfeather")), "{:?}", told.rejects);

    let columns = [
        "occurred",
        "qualifier",
        "types",
        "id",
        "reported_at",
        "postcode",
        "person_1_date_of_birth",
        "person_1_roles",
        "easting",
        "regime",
    ];
    let file = format!("summary,{}\nx,{}\n", columns.join(","), vec![secret; columns.len()].join(","));
    let told = outcome(CsvReader::new(file.as_bytes()));
    assert!(!told.rejects.is_empty() && told.rejects.iter().all(|reject| !reject.reason.contains("Quillfeather")), "{:?}", told.rejects);
}

#[test]
fn byte_order_mark_line_ends_and_order_of_columns_do_not_matter() {
    let header =
        "Month,Crime type,Location,Longitude,Latitude,LSOA code,LSOA name,Reported by,Falls within,Context,Last outcome category,Crime ID";
    let row = "2024-01,Anti-social behaviour,On or near High Street,-1.313,54.565,E01012187,Stockton-on-Tees 011A,Cleveland Police,Cleveland Police,,,";
    let plain = police(&[&police_row("-1.313", "54.565")]);
    let crlf = String::from_utf8(plain.clone()).unwrap().replace('\n', "\r\n");
    let files = [
        plain.clone(),
        crlf.into_bytes(),
        [b"\xef\xbb\xbf".as_slice(), &plain].concat(),
        gzip(&[b"\xef\xbb\xbf".as_slice(), &plain].concat()),
        format!("{header}\n{row}").into_bytes(),
        format!("{}\r\n{row}\r\n\r\n", header.to_uppercase()).into_bytes(),
    ];
    let ids: Vec<_> = files.iter().map(|file| outcome(police_uk::Reader::new(&file[..])).all_sound().remove(0).incident.id).collect();
    assert!(ids[0].is_some() && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}
