//! Audited reads and name searches a second, beside an axum hello measured in the same minutes.

use crate::{
    hello::Hello,
    load::{self, Rate},
    machine::Machine,
    page::{Table, count},
    people,
    world::World,
};
use serde_json::Value;
use std::time::Duration;
use testkit::campaign::{
    On,
    client::{Connection, request},
    draft::Random,
};

const TURNS: usize = 3;
/// Incidents of the demo that are read and searched for.
const CHOSEN: usize = 2_000;

pub(crate) fn reads(databases: &[On], seconds: u64) {
    let machine = Machine::look();
    println!("{}", machine.line());
    let mut table = Table::new("reads", &["database", "clients", "audited reads/s", "median, p99 ms", "hello/s", "of hello"]);
    for on in databases {
        let world = World::demo(*on, 20_000);
        let requests = requests(&world);
        measure(&mut table, *on, &world, &[1, 16, 64, 256], Duration::from_secs(seconds), &requests);
    }
    table.write(&machine);
}

pub(crate) fn searches(databases: &[On], seconds: u64) {
    let machine = Machine::look();
    println!("{}", machine.line());
    let mut table = Table::new("searches", &["database", "clients", "name searches/s", "median, p99 ms", "hello/s", "of hello"]);
    for on in databases {
        let world = World::demo(*on, 20_000);
        let mut connection = world.connect();
        let ids = ids(&mut connection, &world.token, CHOSEN);
        let names: Vec<String> = ids.iter().flat_map(|id| people(&mut connection, &world.token, id)).collect();
        let mut random = Random::new(1, 1);
        let requests: Vec<Vec<u8>> = names
            .iter()
            .map(|name| {
                let body = serde_json::json!({ "name": misheard(name, &mut random) });
                request("POST", "/v1/name-searches", &world.token, &[], &body.to_string())
            })
            .collect();
        measure(&mut table, *on, &world, &[1, 16, 64], Duration::from_secs(seconds), &requests);
    }
    table.write(&machine);
}

/// Name searches among so many people: the given queries, by name alone, of sixteen clients.
pub(crate) fn among_people(databases: &[On], seconds: u64, known: u64) {
    let machine = Machine::look();
    println!("{}", machine.line());
    let columns = ["database", "clients", "name searches/s", "median, p99 ms", "hello/s", "of hello"];
    let mut table = Table::new("people", &columns);
    for on in databases {
        let world = World::of_people(*on, known);
        let requests: Vec<Vec<u8>> = people::queries()
            .iter()
            .map(|name| request("POST", "/v1/name-searches", &world.token, &[], &serde_json::json!({ "name": name }).to_string()))
            .collect();
        measure(&mut table, *on, &world, &[1, 16], Duration::from_secs(seconds), &requests);
    }
    table.write(&machine);
}

/// Sends the requests in turn, then as many hellos; three turns, of which the middle one counts.
fn measure(table: &mut Table, on: On, world: &World, clients: &[u64], time: Duration, requests: &[Vec<u8>]) {
    let hello = Hello::start();
    for clients in clients {
        let turn = |_| {
            let pick = |client, number| one_of(requests, client, number);
            let served = load::http(&world.server.url, *clients, time, &[200], pick);
            (served, load::http(&hello.url, *clients, time / 2, &[200], |_, _| request("GET", "/", "", &[], "")))
        };
        let mut turns: Vec<(Rate, Rate)> = (0..TURNS).map(turn).collect();
        turns.sort_by(|a, b| a.0.per_second.total_cmp(&b.0.per_second));
        let (served, greeted) = turns[TURNS / 2];
        table.row(&[
            on.as_str().to_owned(),
            clients.to_string(),
            count(served.per_second),
            format!("{:.1}, {:.1}", served.median_ms, served.p99_ms),
            count(greeted.per_second),
            format!("{:.2}", served.per_second / greeted.per_second),
        ]);
    }
}

/// A read of each of the demo's newest incidents.
pub(crate) fn requests(world: &World) -> Vec<Vec<u8>> {
    let ids = ids(&mut world.connect(), &world.token, CHOSEN);
    ids.iter().map(|id| request("GET", &format!("/v1/incidents/{id}"), &world.token, &[], "")).collect()
}

/// What a client sends as its so many-th: each begins somewhere else.
pub(crate) fn one_of(requests: &[Vec<u8>], client: u64, number: u64) -> Vec<u8> {
    requests[(client * 7_919 + number) as usize % requests.len()].clone()
}

/// Ids of the newest incidents.
fn ids(connection: &mut Connection, token: &str, most: usize) -> Vec<String> {
    let mut ids = Vec::new();
    let mut path = "/v1/incidents?limit=200".to_owned();
    while ids.len() < most {
        let answer = connection.exchange(&request("GET", &path, token, &[], "")).expect("the server answers");
        assert_eq!(answer.status, 200, "{}", answer.text());
        let page = answer.json();
        ids.extend(page["incidents"].as_array().into_iter().flatten().filter_map(|item| item["id"].as_str().map(str::to_owned)));
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/v1/incidents?limit=200&cursor={cursor}"),
            None => break,
        }
    }
    assert!(ids.len() > 100, "only {} incidents are listed", ids.len());
    ids
}

/// The people an incident names.
fn people(connection: &mut Connection, token: &str, id: &str) -> Vec<String> {
    let answer = connection.exchange(&request("GET", &format!("/v1/incidents/{id}"), token, &[], "")).expect("the server answers");
    let incident = answer.json();
    let parts = incident["involvements"].as_array().cloned().unwrap_or_default();
    let name = |part: &Value| {
        let name = &part["person"]["name"];
        let parts = [name["given"].as_str(), name["family"].as_str()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        name["full"].as_str().map(str::to_owned).or((!parts.is_empty()).then_some(parts))
    };
    parts.iter().filter_map(name).collect()
}

/// Every other name with two letters changed places, as somebody in a hurry types it.
fn misheard(name: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() > 4 && random.below(2) == 0 {
        let at = 1 + usize::try_from(random.below(letters.len() as u64 - 2)).unwrap_or(0);
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}
