//! Malformed requests: each is a 4xx problem that names the field, none a 5xx, none echoes what was sent, and the
//! service is as it was before.

mod bodies;
mod headers;
mod incidents;
mod involvements;
mod others;
mod parts;
mod queries;
mod row;

use row::{Row, Seed};
use std::collections::HashSet;
use tests::{World, on_both};

on_both!(every_malformed_request_is_told_what_is_wrong);

/// A family name that occurs in every bad value that could be personal, and so must occur in no answer.
const PERSONAL: &str = "Quixotte";

fn every_malformed_request_is_told_what_is_wrong(world: &mut World) {
    let seed = Seed::plant(world);
    let before = (seed.officer.listed(), seed.officer.get(&seed.path("")).expect(200).text);
    let history = seed.officer.get(&seed.path("/history")).expect(200).text;
    let rows: Vec<Row> = [
        incidents::rows(),
        involvements::rows(),
        bodies::rows(&seed),
        headers::rows(&seed),
        queries::rows(&seed),
        parts::rows(&seed),
        others::rows(&seed),
    ]
    .into_iter()
    .flatten()
    .collect();
    let different: HashSet<_> = rows.iter().map(Row::sent).collect();
    assert!(different.len() >= 400, "{} different requests in {} rows", different.len(), rows.len());

    let wrong: Vec<String> = rows.iter().filter_map(|row| row.misbehaves(world.url(), &seed)).collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));

    assert_eq!(seed.officer.listed(), before.0, "nothing was added or lost");
    assert_eq!(seed.officer.get(&seed.path("")).expect(200).text, before.1, "nothing was changed");
    assert_eq!(seed.officer.get(&seed.path("/history")).expect(200).text, history);
    let after = seed.officer.log_id(&tests::body("after it all", &[], &[tests::person("Wilhelmina Ferncastle", "person_affected")]));
    assert_eq!(seed.officer.found("Wilhelmina Ferncastle"), [after], "it still works");
    let log = world.server().log();
    assert_eq!(log, "", "nothing that a client sends is worth a warning here");
}
