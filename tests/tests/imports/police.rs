//! The eight published months of Cleveland.

use crate::place::{Place, files, unzipped};
use std::collections::BTreeMap;

on_both_databases!(all_months_come_in_once, one_month_through_a_server, what_was_published_is_kept);

const CLEVELAND: &str = "/v1/hotspots?bbox=-1.6,54.3,-0.6,54.9&cell_size=250";

fn months() -> Vec<String> {
    files("police-uk/cleveland", "-street.csv.gz")
}

fn import<'a>(place: &Place, months: impl IntoIterator<Item = &'a String>) -> crate::place::Told {
    place.import("police-uk", &months.into_iter().map(String::as_str).collect::<Vec<_>>())
}

/// The rows of the published files that are anti-social behaviour, as the columns they are.
fn published(months: &[String]) -> Vec<Vec<String>> {
    let rows = months.iter().flat_map(|path| unzipped(path).lines().skip(1).map(str::to_owned).collect::<Vec<_>>());
    rows.map(|row| row.split(',').map(str::to_owned).collect::<Vec<_>>()).filter(|row| row[9] == "Anti-social behaviour").collect()
}

fn all_months_come_in_once(place: &Place) {
    let months = months();
    assert_eq!(months.len(), 8);
    let first = import(place, &months);
    assert_eq!(first.figures(), (0, 15_387, 0, 46_403, 0), "{}", first.text);
    assert!(!place.has("2018-10-cleveland-street.csv.gz.rejects.csv"), "an empty rejects file was left");
    let second = import(place, &months);
    assert_eq!(second.figures(), (0, 0, 15_387, 46_403, 0), "{}", second.text);

    let published = published(&months);
    assert_eq!(published.len(), 15_387);
    let server = place.deployment.serve();
    let with_point = published.iter().filter(|row| !row[4].is_empty()).count() as u64;
    let answer = place.get(&server, CLEVELAND).expect(200).json();
    assert_eq!(answer["total"].as_u64().unwrap(), with_point);
    let cells = answer["features"].as_array().unwrap();
    let in_cells: u64 = cells.iter().map(|cell| cell["properties"]["count"].as_u64().unwrap()).sum();
    assert_eq!(in_cells, with_point);
    assert!(cells.iter().any(|cell| cell["properties"]["band"] == "hot_99"), "town centres are hot");

    // By month: each is an interval, and lies wholly in its own.
    let mut by_month: BTreeMap<&str, u64> = BTreeMap::new();
    for row in published.iter().filter(|row| !row[4].is_empty()) {
        *by_month.entry(&row[1]).or_default() += 1;
    }
    for (month, count) in by_month {
        let last = if month.ends_with("02") {
            28
        } else if month.ends_with("11") {
            30
        } else {
            31
        };
        let last = if month == "2024-02" { 29 } else { last };
        let path = format!("{CLEVELAND}&method=counts&from={month}-01&to={month}-{last}");
        let answer = place.get(&server, &path).expect(200).json();
        assert_eq!((answer["total"].as_u64(), answer["overlap_only"].as_u64()), (Some(count), Some(0)), "{month}");
        let one_day = place.get(&server, &format!("{CLEVELAND}&method=counts&from={month}-10&to={month}-10")).expect(200).json();
        assert_eq!((one_day["total"].as_u64(), one_day["overlap_only"].as_u64()), (Some(count), Some(count)), "{month}");
    }
    let runs = place.get(&server, "/v1/imports").expect(200).json();
    let runs = runs["imports"].as_array().unwrap();
    assert_eq!(runs.len(), 16);
    assert!(runs.iter().all(|run| run["finished_at"].is_string() && run["kind"] == "police-uk"));
}

fn one_month_through_a_server(place: &Place) {
    let month = &months()[..1];
    let rows = published(month).len() as u64;
    let server = place.deployment.serve();
    let skipped = unzipped(&month[0]).lines().count() as u64 - 1 - rows;
    let through = place.import_through(&server, "police-uk", &[&month[0]]);
    assert_eq!(through.figures(), (0, rows, 0, skipped, 0), "{}", through.text);
    // The running server finds it at once, and knows it again when it comes straight into the database.
    let counted = place.get(&server, &format!("{CLEVELAND}&method=counts")).expect(200).json()["total"].as_u64().unwrap();
    assert_eq!(counted, published(month).iter().filter(|row| !row[4].is_empty()).count() as u64);
    let direct = import(place, month);
    assert_eq!(direct.figures(), (0, 0, rows, skipped, 0), "{}", direct.text);
    // Plain text is the same file as gzip.
    let plain = place.file("plain.csv", unzipped(&month[0]));
    assert_eq!(place.import_through(&server, "police-uk", &[&plain]).figures(), (0, 0, rows, skipped, 0));
}

fn what_was_published_is_kept(place: &Place) {
    let text = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n\
        ,2024-01,Cleveland Police,Cleveland Police,-1.239958,54.710607,On or near Marshall Close,E01011954,Hartlepool 001A,Anti-social behaviour,,\n\
        ,2024-01,Cleveland Police,Cleveland Police,-1.239958,54.710607,On or near Marshall Close,E01011954,Hartlepool 001A,Anti-social behaviour,,\n\
        ,2024-01,Cleveland Police,Cleveland Police,,,No Location,,,Anti-social behaviour,,\n\
        ,2024-01,Police Service of Northern Ireland,Police Service of Northern Ireland,-5.930000,54.600000,On or near Donegall Place,,,Anti-social behaviour,,\n\
        ,2024-01,Cleveland Police,Cleveland Police,somewhere,54.710607,On or near Marshall Close,,,Anti-social behaviour,,\n\
        ,January,Cleveland Police,Cleveland Police,-1.239958,54.710607,On or near Marshall Close,,,Anti-social behaviour,,\n\
        abc,2024-01,Cleveland Police,Cleveland Police,-1.239958,54.710607,On or near Marshall Close,,,Bicycle theft,,\n";
    let file = place.file("2024-01-made-up-street.csv", text);
    let told = place.import("police-uk", &[&file]);
    assert_eq!(told.figures(), (2, 4, 0, 1, 2), "{}", told.text);
    assert!(told.text.contains("1 without coordinates") && told.text.contains("1 in Northern Ireland"), "{}", told.text);
    let rejects = place.read("2024-01-made-up-street.csv.rejects.csv");
    let rows: Vec<&str> = rejects.lines().collect();
    assert!(rows.len() == 3 && rows[1].starts_with("5,Longitude,") && rows[2].starts_with("6,Month,"), "{rejects}");
    assert!(!rejects.contains("somewhere"), "a refused value is not repeated: {rejects}");

    let server = place.deployment.serve();
    let all = place.pages(&server, "/v1/incidents?limit=2");
    assert_eq!(all.len(), 4, "two identical rows are two incidents");
    for incident in &all {
        assert_eq!((incident["occurred"]["month"].as_str(), incident["sharing"]["level"].as_str()), (Some("2024-01"), Some("open")));
        assert!(incident["source"]["fields"]["Location"].is_string(), "{incident}");
    }
    let placed = |incident: &&serde_json::Value| incident["places"][0]["grid"].is_object();
    let snapped = all.iter().filter(placed).collect::<Vec<_>>();
    assert_eq!(snapped.len(), 2);
    assert!(snapped.iter().all(|incident| incident["places"][0]["precision"] == "snap_point"));
    assert_eq!(snapped[0]["source"]["fields"]["LSOA code"], "E01011954");
}
