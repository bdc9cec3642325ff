//! What is exported is imported again, the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{actor, now, outcome};
use exchange::{
    incidents::{
        CsvIncident, CsvReader, CsvWriter, DuplicateLink, ExportLine, IncidentHistory, JsonLinesReader, JsonLinesWriter, NewIncidentLine,
        Version,
    },
    postcodes::PostcodePoint,
};
use model::{
    Agency, AgencyKind, Incident, Membership, NewIncident, Officer, Partnership, Role, Sight, Uuid,
    marker::{Marker, MarkerKind, NewMarker},
    redact,
};

/// An incident with something in every field; everybody in it is made up.
fn full() -> NewIncident {
    let (ada, ben, log) = (Uuid::from_u128(101), Uuid::from_u128(102), Uuid::from_u128(103));
    serde_json::from_value(serde_json::json!({
        "occurred": {"from": "2026-01-31T21:05:00.123456Z", "to": "2026-01-31T23:00:00Z"},
        "qualifier": "personal", "types": [202, 211], "additional_qualifiers": [610, 636],
        "summary": "=Shouting; \"banging\"\non doors", "narrative": "-began at nine\r\nended, at eleven", "assessment": "@risk",
        "immediate_action": "\u{9}visited", "next_step": {"action": "visit", "owner": "Neighbourhood team", "by": "2026-02-10"},
        "safeguarding": {"concern": "a child at home", "told_to": "First contact", "told_at": "2026-02-01T09:00:00Z"},
        "hate": [{"strand": "race", "perceived_by": "the person affected"}], "markings": ["official_sensitive"],
        "owning_agency": Uuid::from_u128(1), "regime": "general",
        "sharing": {"level": "named_agencies", "agencies": [Uuid::from_u128(2)]},
        "reports": [
            {"reporter": ada, "channel": "telephone", "reported_at": "2026-01-31T23:10:00Z", "device_time": "2026-01-31T23:09:58Z",
             "wants": "it to stop", "external_references": [{"system": "police log", "reference": "CVP-26-1"}, {"system": "CRM", "reference": "7"}]},
            {"channel": "online"}
        ],
        "places": [
            {"role": "happened_at", "address": "1 Example Street", "street": "Example Street", "postcode": "ts18 1ab", "longitude": -1.313_123_456_789_1, "latitude": 54.565_987_654_321},
            {"role": "came_from", "uprn": "100110123456", "easting": 444_100.7, "northing": 518_600.3}
        ],
        "involvements": [
            {"id": ada, "person": {"name": {"full": "Ada Example-O'Hara", "given": "Ada", "family": "Example-O'Hara", "title": "Dr", "middle": "Zo\u{eb}"},
              "aliases": [{"name": "Addie"}, {"name": "Ada Sample", "kind": "maiden_name"}], "date_of_birth": "1987-04", "sex": "female",
              "addresses": [{"address": "2 Example Street", "postcode": "TS18 1AD", "from": "2020"}], "phones": ["+44 1632 960001", "01632 960002"],
              "safe_contact": "mornings", "language": "Polish", "interpreter": true}, "roles": ["reporter", "person_affected"], "subject_category": "victim"},
            {"id": ben, "person": {"name": {"full": "Ben Specimen"}, "age_band": {"from": 16, "to": 25}}, "roles": ["person_complained_about"],
             "subject_category": "convicted", "conviction_reference": "T1", "guardians": [ada], "adult_because": "seen his licence", "notes": "red cap"},
            {"unnamed": {"description": "three youths in black", "number": 3}, "roles": ["person_complained_about"]},
            {"organisation": {"name": "Example Homes"}, "roles": ["other"]},
            {"premises": {"description": "The Example Arms", "uprn": "7", "postcode": "TS18 1AE"}, "roles": ["person_affected"]},
            {"vehicle": {"registration": "AB12 CDE", "description": "blue van"}, "roles": ["other"]}
        ],
        "allegations": [{"id": log, "made_by": ada, "about": ben, "what": "shouted", "basis": "saw", "status": "admitted", "status_reason": "said so"},
            {"made_by": ben, "about": ada, "what": "shouted back", "basis": "inferred", "counter_to": log}],
        "intake": model::Reference::random("INT", 2026, 5),
        "source": {"system": "FLARE", "fields": {"no": "17", "memo": ""}}
    }))
    .unwrap()
}

fn versions() -> Vec<Version> {
    let first = full().settle(&actor(), now()).unwrap();
    let second = Incident { version: 2, changed_at: now().plus_seconds(60), ..first.clone() };
    let mut third = Incident { version: 3, changed_at: now().plus_seconds(120), ..second.clone() };
    third.details.status = model::Status::RecordedInError;
    third.details.status_reason = Some("twice".into());
    let made = |incident: Incident| Version {
        at: incident.changed_at,
        officer: Uuid::from_u128(11),
        agency: Uuid::from_u128(1),
        request_id: Some("r-1".into()),
        incident,
    };
    vec![made(first), made(second), made(third)]
}

fn write(lines: &[ExportLine]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = JsonLinesWriter::new(&mut bytes);
    lines.iter().for_each(|line| writer.write(line).unwrap());
    writer.finish().unwrap();
    bytes
}

#[test]
fn json_lines_hold_everything() {
    let mut new = full();
    new.id = Some(Uuid::from_u128(7));
    new.owning_agency = None;
    let marker = NewMarker {
        kind: MarkerKind::Safety,
        person: Some(Uuid::from_u128(102)),
        uprn: None,
        address: None,
        postcode: None,
        facts: "a dog".into(),
        source: "seen".into(),
        starts_at: Some(now()),
        review_at: now().plus_seconds(86_400),
    };
    let lines = vec![
        ExportLine::Agency(Agency {
            id: Uuid::from_u128(1),
            name: "Example Council".into(),
            kind: AgencyKind::Council,
            contact: Some("01642 000000".into()),
            created_at: now(),
        }),
        ExportLine::Partnership(Partnership { id: Uuid::from_u128(100), name: "Example Partnership".into(), created_at: now() }),
        ExportLine::Membership(Membership { partnership: Uuid::from_u128(100), agency: Uuid::from_u128(1), from: now(), until: None }),
        ExportLine::Officer(Officer {
            id: Uuid::from_u128(11),
            name: "Officer One".into(),
            agency: Uuid::from_u128(1),
            role: Role::Officer,
            created_at: now(),
            suspended_at: None,
        }),
        ExportLine::Postcode(PostcodePoint { postcode: "TS18 1AB".into(), quality: 10, easting: 444_100.0, northing: 518_600.5 }),
        ExportLine::Incident(Box::new(IncidentHistory {
            versions: 3,
            history: versions(),
            agency_names: [(Uuid::from_u128(1), "Example Council".into())].into(),
        })),
        ExportLine::NewIncident(Box::new(NewIncidentLine { incident: new, owning_agency_name: Some("Example Council".into()) })),
        ExportLine::Marker(Box::new(Marker {
            id: Uuid::from_u128(5),
            agency: Uuid::from_u128(1),
            officer: Uuid::from_u128(11),
            recorded_at: now(),
            marker,
            ended_at: None,
        })),
        ExportLine::Duplicate(DuplicateLink {
            id: Uuid::from_u128(6),
            a: Uuid::from_u128(7),
            b: Uuid::from_u128(8),
            agency: Uuid::from_u128(1),
            officer: Uuid::from_u128(11),
            linked_at: now(),
            removed_at: Some(now()),
            removed_by: Some(Uuid::from_u128(11)),
        }),
    ];
    let bytes = write(&lines);
    assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), lines.len());
    assert!(bytes.starts_with(b"{\"format\":\"beacon-1\",\"record\":\"agency\",\"value\":{"));
    let back = outcome(JsonLinesReader::new(&bytes[..], now())).all_sound();
    assert_eq!(back, lines);
    assert_eq!(write(&back), bytes);
    assert_eq!(outcome(JsonLinesReader::new(&common::gzip(&bytes)[..], now())).all_sound(), lines);
}

#[test]
fn coordinates_come_back_to_the_last_bit() {
    let mut seed = 1_u64;
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 11) as f64 / (1_u64 << 53) as f64
    };
    let lines: Vec<ExportLine> = (0..20_000)
        .map(|_| {
            ExportLine::Postcode(PostcodePoint {
                postcode: "TS18 1AB".into(),
                quality: 10,
                easting: random() * 7e5,
                northing: random() / 1e5,
            })
        })
        .collect();
    assert_eq!(outcome(JsonLinesReader::new(&write(&lines)[..], now())).all_sound(), lines);
}

#[test]
fn a_long_history_goes_on_in_the_next_line() {
    let mut first = versions().remove(0);
    first.incident.details.narrative = Some("a".repeat(50_000));
    let history: Vec<Version> =
        (1..=400).map(|version| Version { incident: Incident { version, ..first.incident.clone() }, ..first.clone() }).collect();
    let whole = IncidentHistory { versions: 400, history, agency_names: Default::default() };
    let bytes = write(&[ExportLine::Incident(Box::new(whole.clone()))]);
    let back = outcome(JsonLinesReader::new(&bytes[..], now())).all_sound();
    assert!(back.len() > 1);
    let versions: Vec<Version> = back
        .into_iter()
        .flat_map(|line| match line {
            ExportLine::Incident(part) => part.history,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(versions, whole.history);
}

#[test]
fn a_kept_incident_must_be_whole() {
    type Change = fn(&mut Vec<Version>);
    let cases: [(&str, Change); 6] = [
        ("/history/1/incident/version", |history| history[1].incident.version = 3),
        ("/history/1/incident/id", |history| history[1].incident.id = Uuid::from_u128(9)),
        ("/history/0/incident/details/types/0", |history| history[0].incident.details.types[0] = 999),
        ("/history/0/incident/involvements", |history| history[0].incident.involvements[0].protected = true),
        ("/history/2/incident/allegations/0/about", |history| history[2].incident.allegations[0].about = Uuid::from_u128(9)),
        ("/history/0/incident/version", |history| history[0].incident.version = 0),
    ];
    for (field, change) in cases {
        let mut history = versions();
        change(&mut history);
        let bytes = write(&[ExportLine::Incident(Box::new(IncidentHistory { versions: 3, history, agency_names: Default::default() }))]);
        let read = outcome(JsonLinesReader::new(&bytes[..], now()));
        assert!(read.sound.is_empty() && read.rejects.iter().any(|reject| reject.field == field), "{field}: {:?}", read.rejects);
    }
}

const SHEET: &str = "\
occurred,qualifier,types,summary,narrative,owning_agency,sharing_level,channel,reported_at,street,postcode,longitude,latitude,external_system,external_reference,\
person_1_name,person_1_roles,person_1_phone,person_1_date_of_birth,person_3_description,person_3_roles,person_3_identity
2026-01-31T21:05:00Z/2026-01-31T22:00:00Z,personal,202;211,Shouting,\"'=it began
at nine\",Example Council,partnership,telephone,2026-01-31T22:10:00Z,Example Street,ts18 1ab,-1.313,54.565,CRM,1,Ada Example,reporter;person_affected,'+44 1632 960001;01632 960002,1987-04,,,
2026-01,nuisance,213,Fireworks,,,,,,,,,,,,,,,,two youths,person_complained_about,open
2026-01-15,nuisance,213,Fireworks,,,,,,,,,,,,,,,,,,
2026-01-15,nuisance,213,Fireworks,,,,,,,,,,,,,,,,,,
";

fn sheet(text: &[u8]) -> Vec<CsvIncident> {
    outcome(CsvReader::new(text)).all_sound()
}

#[test]
fn csv_incidents_come_back() {
    let read = sheet(SHEET.as_bytes());
    assert_eq!(read.len(), 4);
    let first = &read[0];
    assert_eq!(first.owning_agency_name.as_deref(), Some("Example Council"));
    assert_eq!(first.incident.narrative.as_deref(), Some("=it began\nat nine"));
    assert_eq!(first.incident.involvements[0].person.as_ref().unwrap().phones, ["+44 1632 960001", "01632 960002"]);
    assert_eq!(first.incident.reports[0].reporter, first.incident.involvements[0].id);
    assert_eq!(first.incident.places[0].postcode.as_deref(), Some("TS18 1AB"));
    assert_eq!((read[1].people.as_slice(), read[1].incident.involvements.len()), ([3].as_slice(), 1));

    let write = |incidents: &[CsvIncident]| {
        let mut bytes = Vec::new();
        let mut writer = CsvWriter::new(&mut bytes).unwrap();
        incidents.iter().for_each(|read| writer.write_new(&read.incident, read.owning_agency_name.as_deref()).unwrap());
        writer.finish().unwrap();
        bytes
    };
    let written = write(&read);
    let text = String::from_utf8(written.clone()).unwrap();
    assert!(text.contains("'=it began") && text.contains("'+44 1632 960001;01632 960002") && text.contains(",-1.313,54.565,"), "{text}");
    let again = sheet(&written);
    assert_eq!(write(&again), written);
    for (read, again) in read.iter().zip(&again) {
        let mut expected = read.incident.clone();
        // The second row's person stands in another column now, and its id rests on the column.
        expected.involvements.iter_mut().zip(&again.incident.involvements).for_each(|(person, again)| person.id = again.id);
        assert_eq!(again.incident, expected);
        again.incident.clone().settle(&actor(), now()).unwrap();
    }
}

#[test]
fn a_csv_row_keeps_its_id() {
    let ids = |text: &str| sheet(text.as_bytes()).into_iter().map(|read| read.incident.id.unwrap()).collect::<Vec<_>>();
    let first = ids(SHEET);
    assert_eq!(first, ids(SHEET));
    assert_ne!(first[2], first[3], "identical rows are different incidents");
    // A row with an external reference keeps its id when it is corrected.
    assert_eq!(ids(&SHEET.replace("Shouting", "Shouting and banging"))[0], first[0]);
    // The order of columns does not matter.
    assert_eq!(
        ids("summary,types,qualifier,occurred\nx,213,nuisance,2026-01\n"),
        ids("occurred,types,summary,qualifier,id\n2026-01,213,x,nuisance,\n")
    );
    // The same id twice: once when it is the same row, told when it is not.
    let header = "occurred,qualifier,types,summary,external_system,external_reference\n";
    let row = "2026-01,nuisance,213,x,CRM,1\n";
    let twice = outcome(CsvReader::new(format!("{header}{row}{row}{}", row.replace(",x,", ",y,")).as_bytes()));
    assert_eq!((twice.sound.len(), twice.skipped, twice.named()), (1, 1, vec!["3 external_reference repeated".to_owned()]));
}

#[test]
fn new_incidents_in_json_lines_keep_their_ids() {
    let line = |value: &str| format!("{{\"format\":\"beacon-1\",\"record\":\"new_incident\",\"value\":{value}}}\n");
    let plain = line(r#"{"occurred":{"month":"2026-01"},"qualifier":"nuisance","types":[202],"summary":"x"}"#);
    let blanks = line(r#" { "summary" : "x", "types":[202], "qualifier":"nuisance", "occurred":{"month":"2026-01"} } "#);
    let ids = |text: String| -> Vec<Uuid> {
        let lines = outcome(JsonLinesReader::new(text.as_bytes(), now())).all_sound();
        lines.into_iter().map(|line| if let ExportLine::NewIncident(line) = line { line.incident.id.unwrap() } else { panic!() }).collect()
    };
    let two = ids(format!("{plain}{plain}"));
    assert_ne!(two[0], two[1]);
    assert_eq!(two, ids(format!("{blanks}{plain}")));
}

#[test]
fn a_view_is_written_with_what_is_left_out() {
    let incident = full().settle(&actor(), now()).unwrap();
    let csv = |sight, sees_protected| {
        let view = redact::view(incident.clone(), sight, sees_protected).unwrap();
        let mut bytes = Vec::new();
        let mut writer = CsvWriter::new(&mut bytes).unwrap();
        writer.write_view(&view, Some("Example Council")).unwrap();
        writer.finish().unwrap();
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        let header = reader.headers().unwrap().clone();
        let record = reader.records().next().unwrap().unwrap();
        header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect::<std::collections::BTreeMap<_, _>>()
    };
    let row = csv(Sight::Full, true);
    assert_eq!(row["reference"], incident.reference.as_str());
    assert_eq!(row["summary"], "'=Shouting; \"banging\"\non doors");
    assert_eq!(row["narrative"], "'-began at nine\r\nended, at eleven");
    assert_eq!(row["person_1_name"], "Ada Example-O'Hara");
    assert_eq!((row["longitude"].as_str(), row["postcode"].as_str()), ("-1.3131234567891", "TS18 1AB"));
    assert!(row["left_out"].contains("2 allegations") && row["left_out"].contains("3 organisations"), "{}", row["left_out"]);

    let protected = csv(Sight::Full, false);
    assert!(!format!("{protected:?}").contains("Ada"), "{protected:?}");
    assert_eq!(protected["person_1_name"], "Ben Specimen");
    let analyst = csv(Sight::SummaryWithoutPeople, false);
    assert_eq!((analyst["person_1_name"].as_str(), analyst["narrative"].as_str()), ("", ""));
}

#[test]
fn settling_names_the_column() {
    let text = "occurred,qualifier,types,summary,uprn,person_2_name,person_2_roles,person_2_phone\n2026-01,nuisance,202,x,abc,Ada Example,witness,1\n";
    let read = sheet(text.as_bytes()).remove(0);
    let problems = read.incident.settle(&actor(), now()).unwrap_err();
    let named: Vec<String> =
        CsvIncident::rejects(1, &problems, &read.people).into_iter().map(|reject| format!("{} {}", reject.field, reject.code)).collect();
    assert_eq!(named, ["uprn digits", "person_2_phone telephone"]);
}

#[test]
fn the_rejects_file_is_plain_csv() {
    let read = outcome(CsvReader::new(&b"occurred,qualifier,types,summary\n2026-01,loud,202,x\n"[..]));
    let mut bytes = Vec::new();
    let mut writer = exchange::rejects::Writer::new(&mut bytes).unwrap();
    writer.write(&read.rejects).unwrap();
    writer.finish().unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        "row,field,code,reason\n1,qualifier,unknown_code,\"is not a qualifier: use one of personal, nuisance, environmental\"\n"
    );
}

#[test]
fn a_full_disk_is_told_as_such() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut lines = JsonLinesWriter::new(Full);
    let point = PostcodePoint { postcode: "TS18 1AB".into(), quality: 10, easting: 1.0, northing: 1.0 };
    assert_eq!(lines.write(&ExportLine::Postcode(point.clone())).unwrap_err().code, "not_written");
    assert_eq!(exchange::boundaries::Writer::new(Full).err().unwrap().code, "not_written");
    assert_eq!(exchange::postcodes::write(Full, [&point]).unwrap_err().code, "not_written");
}
