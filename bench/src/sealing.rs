//! What sealing costs: the same load on two databases, one whose ledger is sealed as it grows and one whose sealer stands
//! still, taking turns. Beside the rates stands the processor time a request took of the server's process, which neighbours
//! on a busy machine change less.

use crate::{
    machine::Machine,
    page::{Table, count},
    pairs::Pairs,
    world::World,
};
use std::time::Duration;
use testkit::campaign::{On, client::request, draft::Draft};

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
            let pairs = Pairs::take(|sealing| {
                seed += 1;
                let (world, id) = if sealing { (&sealed, &ids[0]) } else { (&unsealed, &ids[1]) };
                let pick = |client, number| match writes {
                    true => Draft::new(seed, client, number).request(&world.token, true),
                    false => request("GET", &format!("/v1/incidents/{id}"), &world.token, &[], ""),
                };
                world.turn(CLIENTS, Duration::from_secs(seconds), &[200, 201], pick)
            });
            let ((with, without), (cpu_with, cpu_without), (share, [low, high])) = (pairs.rates(), pairs.cpu_us(), pairs.share());
            table.row(&[
                on.as_str().to_owned(),
                if writes { "creates" } else { "audited reads" }.to_owned(),
                count(with),
                count(without),
                format!("{share:.3}"),
                format!("{low:.3} to {high:.3}"),
                count(cpu_with),
                count(cpu_without),
            ]);
        }
    }
    table.write(&machine);
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
