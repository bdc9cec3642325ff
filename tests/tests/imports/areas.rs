//! Boundaries and postcodes.

use crate::place::{Place, files, unzipped};
use serde_json::Value;
use std::collections::BTreeMap;

on_both_databases!(lists_and_hotspots_keep_to_an_area, postcodes_come_in_once);

fn lists_and_hotspots_keep_to_an_area(place: &Place) {
    let month = files("police-uk/cleveland", "2024-03");
    place.import("police-uk", &[&month[0]]);
    for (holding, areas) in [("wards_", 82), ("lsoa_", 352)] {
        let boundaries = files("boundaries", holding);
        let boundaries: Vec<&str> = boundaries.iter().map(String::as_str).collect();
        let told = place.import("boundaries", &boundaries);
        assert_eq!(told.figures(), (0, areas, 0, 0, 0), "{}", told.text);
        let again = place.import("boundaries", &boundaries);
        assert_eq!(again.figures(), (0, 0, areas, 0, 0), "{}", again.text);
    }
    let server = place.deployment.serve();
    let known = place.get(&server, "/v1/areas").expect(200).json();
    assert_eq!(known["areas"].as_array().unwrap().len(), 82 + 352);

    // The published rows say in which LSOA (2011 or 2021) they lie: where the code is one of ours, so must we.
    let mut published: BTreeMap<String, usize> = BTreeMap::new();
    for row in unzipped(&month[0]).lines().filter(|row| row.contains("Anti-social behaviour")) {
        *published.entry(row.split(',').nth(7).unwrap().to_owned()).or_default() += 1;
    }
    let ours = |lsoa: &&String| known["areas"].as_array().unwrap().iter().any(|area| area["kind"] == "lsoa" && code(area) == lsoa.as_str());
    let (stockton, published) = published.iter().filter(|(lsoa, _)| ours(lsoa)).max_by_key(|(_, count)| **count).unwrap();
    let listed = place.pages(&server, &format!("/v1/incidents?area={stockton}&limit=50"));
    assert!(*published > 20, "{published}");
    assert_eq!(listed.len(), *published);
    assert!(listed.iter().all(|incident| incident["source"]["fields"]["LSOA code"] == *stockton));

    // All LSOAs together are the four districts, and every point with coordinates lies in one of them or just outside.
    let codes: Vec<&str> = known["areas"].as_array().unwrap().iter().filter(|area| area["kind"] == "ward").map(code).collect();
    let count =
        |query: &str| place.get(&server, &format!("/v1/hotspots?method=counts&{query}")).expect(200).json()["total"].as_u64().unwrap();
    let everywhere = count("bbox=-1.6,54.3,-0.6,54.9");
    let wards: u64 = count(&format!("area={}&cell_size=50", codes.join(",")));
    let difference = everywhere.abs_diff(wards);
    assert!(difference * 50 < everywhere, "{wards} in the wards of {everywhere} in all");
    let unknown = place.get(&server, "/v1/hotspots?area=E99999999").expect(422).json();
    assert_eq!(unknown["errors"][0]["pointer"], "area");
}

fn code(area: &Value) -> &str {
    area["code"].as_str().unwrap()
}

fn postcodes_come_in_once(place: &Place) {
    let (dl, ts) = (files("postcodes", "dl.csv"), files("postcodes", "ts.csv"));
    let told = place.import("postcodes", &[&dl[0], &ts[0]]);
    assert_eq!(told.figures(), (0, 31_252, 0, 0, 0), "{}", told.text);
    let again = place.import("postcodes", &[&dl[0], &ts[0]]);
    assert_eq!(again.figures(), (0, 0, 31_252, 0, 0), "{}", again.text);
    // One postcode twice in a batch, one that is moved, and two that cannot be taken.
    let odd =
        "TS99 1AA,10,444100,518600\nTS99 1AA,10,444200,518600\nTS18 1AB,10,444100,518600\nTS99 1AB,90,0,0\nnowhere,10,444100,518600\n";
    let told = place.import("postcodes", &[&place.file("odd.csv", odd)]);
    assert_eq!(told.figures(), (2, 2, 1, 0, 2), "{}", told.text);
    let rejects = place.read("odd.csv.rejects.csv");
    assert!(rejects.contains("4,easting,no_location,") && rejects.contains("5,postcode,"), "{rejects}");
}
