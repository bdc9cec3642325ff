//! Query parameters.

use super::row::{Row, Seed, Who, model_id};

pub(super) fn rows(seed: &Seed) -> Vec<Row> {
    let list = |query: &str, field: &str| Row::new(format!("list {query}"), "GET", format!("/v1/incidents?{query}")).is(400).at(field);
    let id = model_id(9);
    let mut rows = vec![
        list("colour=red", "colour"),
        list("limit=3&limit=4", "limit"),
        list("limit=0", "limit"),
        list("limit=201", "limit"),
        list("limit=-1", "limit"),
        list("limit=1e3", "limit"),
        list("limit=99999999999999999999", "limit"),
        list("limit=", "limit"),
        list("limit=%ff", "limit"),
        list("from=2026-02-30", "from"),
        list("from=yesterday", "from"),
        list("from=2026-03-02&to=2026-03-01", "to"),
        list("types=999", "types"),
        list("types=206,Quixotte", "types"),
        list("agency=Quixotte", "agency"),
        list("bbox=1,2,3", "bbox"),
        list("bbox=-1.4,54.5,-1.2,54.6,0", "bbox"),
        list("bbox=NaN,54.5,-1.2,54.6", "bbox"),
        list("bbox=-inf,54.5,-1.2,54.6", "bbox"),
        list("bbox=-1.2,54.5,-1.4,54.6", "bbox"),
        list("bbox=54.5,-1.4,54.6,-1.2", "bbox"),
        list("bbox=170,-45,171,-44", "bbox"),
        list("cursor=Quixotte", "cursor"),
        list("cursor=1_2_3", "cursor"),
        list("cursor=99999999999_018f000000007000800000000000000f", "cursor"),
        list("area=%00", "area"),
        list("agency=%00", "agency"),
        Row::new("an unknown area", "GET", "/v1/incidents?area=E0500152799").at("area"),
        Row::new("a list of too many areas", "GET", format!("/v1/incidents?area={}", vec!["a"; 201].join(","))).at("area"),
        Row::new("personal data in a query", "GET", "/v1/incidents?name=Peggy+Quixotte").is(400).at("name"),
    ];
    rows.extend(hotspots());
    rows.extend(imports());
    let audit =
        |query: &str, field: &str| Row::new(format!("audit {query}"), "GET", format!("/v1/audit?{query}")).by(Who::Dpo).is(400).at(field);
    let ledger =
        |query: &str, field: &str| Row::new(format!("ledger {query}"), "GET", format!("/v1/audit/{query}")).by(Who::Dpo).is(400).at(field);
    rows.extend([
        audit("officer=Quixotte", "officer"),
        audit("record=7", "record"),
        audit("from=yesterday", "from"),
        audit("to=2026-03-04", "to"),
        audit("limit=501", "limit"),
        audit("cursor=Quixotte", "cursor"),
        audit("action=a%00b", "action"),
        audit("agency=all", "agency"),
        ledger("viewers", "record"),
        ledger("viewers?record=Quixotte", "record"),
        ledger("seen?from=2026-03-04T21:30:00Z", "officer"),
        ledger(&format!("seen?officer={id}&to=Quixotte"), "to"),
        ledger("disclosures?limit=0", "limit"),
        ledger("disclosures?record=7", "record"),
        ledger("look-ups?from=2026-03-04T21:30:00Z", "to"),
        ledger("checkpoint?size=7", "size"),
        Row::new("an erasure without its reason", "DELETE", "/v1/audit/1/payload").by(Who::Dpo).is(400).at("reason"),
        Row::new("an erasure for no reason", "DELETE", "/v1/audit/1/payload?reason=Quixotte").by(Who::Dpo).at("reason"),
        Row::new("an erasure of no entry", "DELETE", "/v1/audit/Quixotte/payload?reason=court_or_regulator")
            .by(Who::Dpo)
            .is(404)
            .says("no such record"),
        Row::new("the ledger, by an officer", "GET", "/v1/audit").is(403).says("data protection officers"),
        Row::new("officers, by an officer", "GET", "/v1/officers").is(403).says("administrators"),
        Row::new("tokens of nobody", "GET", format!("/v1/officers/{id}/tokens")).by(Who::Administrator).is(404).says("no such record"),
        Row::new("a token of nobody's", "DELETE", format!("/v1/officers/{}/tokens/{id}", seed.officer.id))
            .by(Who::Administrator)
            .is(404)
            .says("no such record"),
    ]);
    rows
}

fn hotspots() -> Vec<Row> {
    let around = "bbox=-1.40,54.50,-1.20,54.65";
    let get = |query: &str| Row::new(format!("hotspots {query}"), "GET", format!("/v1/hotspots?{query}"));
    vec![
        get("cell_size=250").at("bbox"),
        get(&format!("{around}&area=E05001527")).at("area"),
        get(&format!("{around}&cell_size=49")).is(400).at("cell_size"),
        get(&format!("{around}&cell_size=1001")).is(400).at("cell_size"),
        get(&format!("{around}&cell_size=small")).is(400).at("cell_size"),
        get(&format!("{around}&method=kernel")).is(400).at("method"),
        get(&format!("{around}&agencies=Quixotte")).is(400).at("agencies"),
        get(&format!("{around}&types=1")).is(400).at("types"),
        get(&format!("{around}&from=2026-04-31")).is(400).at("from"),
        get(&format!("{around}&{around}")).is(400).at("bbox"),
        get(&format!("{around}&cellsize=250")).is(400).at("cellsize"),
        get("bbox=-5.0,50.5,1.0,58.0&cell_size=50").at("cell_size"),
        get("bbox=-1.31,54.56,-1.31,54.56").is(400).at("bbox"),
    ]
}

/// Uploads.
fn imports() -> Vec<Row> {
    let upload = |name: &str, query: &str, body: &[u8]| {
        Row::new(format!("import: {name}"), "POST", format!("/v1/imports?{query}"))
            .body(body)
            .content_type(Some("application/octet-stream"))
    };
    let line = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n";
    let gzip = compressed(line.as_bytes());
    vec![
        upload("no kind", "file=a.csv", b"x").is(400).at("kind"),
        upload("a wrong kind", "kind=gossip&file=a.csv", b"x").is(400).at("kind"),
        upload("two kinds", "kind=incidents&kind=postcodes&file=a.csv", b"x").is(400).at("kind"),
        upload("no file name", "kind=incidents", b"x").is(400).at("file"),
        upload("a wrong file name", "kind=incidents&file=Quixotte.exe", b"x").is(400).at("file"),
        upload("NUL in a file name", "kind=incidents&file=a%00.csv", b"x").is(400).at("file"),
        upload("an unknown parameter", "kind=incidents&file=a.csv&into=trash", b"x").is(400).at("into"),
        upload("a truncated gzip", "kind=police-uk&file=a.csv.gz", &gzip[..gzip.len() / 2]).at("file"),
        upload("gzip that is none", "kind=police-uk&file=a.csv.gz", &[&[0x1f, 0x8b][..], b"Quixotte"].concat()).at("file"),
        upload("an empty file", "kind=police-uk&file=a.csv", b"").at("file"),
        upload("the wrong columns", "kind=police-uk&file=a.csv", b"a,b,c\n1,2,Quixotte\n").at("file"),
        upload("a picture", "kind=incidents&file=a.csv", &[0x89, b'P', b'N', b'G', 0xff, 0xd8, 0, 1, 2, 3]).at("file"),
        upload("GeoJSON cut short", "kind=boundaries&file=a.geojson", b"{\"type\":\"FeatureColl").at("file"),
        upload("GeoJSON of another kind", "kind=boundaries&file=a.geojson", b"{\"type\":\"Quixotte\"}").at("file"),
    ]
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}
