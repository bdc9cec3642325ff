//! What sealing costs: the same load on two databases, one whose ledger is sealed as it grows and one whose sealer stands
//! still, taking turns. Beside the rates stands the processor time a request took of the server's process, which neighbours
//! on a busy machine change less.

use crate::{
    load,
    machine::Machine,
    page::{Table, count},
    world::World,
};
use std::time::Duration;
use testkit::campaign::{On, client::request, draft::Draft, names};

/// Pairs of turns, interleaved.
const PAIRS: usize = 10;
const CLIENTS: u64 = 64;

pub(crate) fn run(databases: &[On], seconds: u64) {
    let machine = Machine::look();
    println!("{}", machine.line());
    let columns = [
        "database",
        "load",
        "sealed/s",
        "not sealed/s",
        "sealed of not sealed: median",
        "95 % interval",
        "CPU µs a request, sealed",
        "not sealed",
    ];
    let mut table = Table::new("sealing", &columns);
    for on in databases {
        let sealed = World::empty(*on);
        let unsealed = standing_still(*on);
        let ids = [sealed.log_one(0), unsealed.log_one(0)];
        for writes in [true, false] {
            let mut seed = 500;
            let mut turn = |world: &World, id: &str| {
                seed += 1;
                let pick = |client, number| match writes {
                    true => Draft::new(seed, client, number).request(&world.token, true),
                    false => request("GET", &format!("/v1/incidents/{id}"), &world.token, &[], ""),
                };
                let began = cpu_seconds(world);
                let rate = load::http(&world.server.url, CLIENTS, Duration::from_secs(seconds), &[200, 201], pick);
                names::wait_without_lag(&world.server);
                // What is sealed after the turn belongs to it.
                std::thread::sleep(Duration::from_millis(700));
                (rate.per_second, (cpu_seconds(world) - began) * 1e6 / (rate.per_second * seconds as f64))
            };
            let mut pairs: Vec<((f64, f64), (f64, f64))> = Vec::new();
            for pair in 0..PAIRS {
                // Each goes first as often as the other.
                pairs.push(if pair % 2 == 0 {
                    let first = turn(&sealed, &ids[0]);
                    (first, turn(&unsealed, &ids[1]))
                } else {
                    let first = turn(&unsealed, &ids[1]);
                    (turn(&sealed, &ids[0]), first)
                });
            }
            let mut shares: Vec<f64> = pairs.iter().map(|(with, without)| with.0 / without.0).collect();
            shares.sort_by(f64::total_cmp);
            let middle = |mut of: Vec<f64>| {
                of.sort_by(f64::total_cmp);
                f64::midpoint(of[(of.len() - 1) / 2], of[of.len() / 2])
            };
            table.row(&[
                on.as_str().to_owned(),
                if writes { "creates" } else { "audited reads" }.to_owned(),
                count(middle(pairs.iter().map(|(with, _)| with.0).collect())),
                count(middle(pairs.iter().map(|(_, without)| without.0).collect())),
                format!("{:.3}", middle(shares.clone())),
                // Of ten, the second and the ninth hold the median between them 98 times in 100.
                format!("{:.3} to {:.3}", shares[1], shares[PAIRS - 2]),
                count(middle(pairs.iter().map(|(with, _)| with.1).collect())),
                count(middle(pairs.iter().map(|(_, without)| without.1).collect())),
            ]);
        }
    }
    table.write(&machine);
}

/// The processor time that the server's process has used so far.
fn cpu_seconds(world: &World) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", world.server.child.id())).expect("the server's process");
    // After the name, which is in brackets, the 12th and 13th figures, in hundredths of a second.
    let figures: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| figures.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// A Beacon that does not seal: its stored leaves are not those that were signed, so that it signs nothing more.
fn standing_still(on: On) -> World {
    let world = World::empty(on);
    world.log_one(1);
    std::thread::sleep(Duration::from_secs(2));
    let World { server, token, place } = world;
    server.stop();
    let cut = "UPDATE audit_checkpoint SET leaves = substr(leaves, 41)";
    match &place.server {
        Some(server) => drop(server.psql(cut)),
        None => {
            let file = place.deployment.database_url.trim_start_matches("sqlite:");
            rusqlite::Connection::open(file).expect("the database opens").execute_batch(cut).expect("it is changed");
        }
    }
    World { server: place.deployment.serve(), token, place }
}
