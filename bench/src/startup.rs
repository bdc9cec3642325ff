//! From start to ready, with the index there and without it, and the memory the server then holds.

use crate::{
    machine::Machine,
    memory,
    page::{Table, count},
};
use std::time::Instant;
use testkit::campaign::{On, Place, names};

pub(crate) fn run(databases: &[On], incidents: u64) {
    let machine = Machine::look();
    println!("{}", machine.line());
    let columns =
        ["database", "incidents", "mentions", "seeded in, s", "start and rebuild, s", "start with the index, s", "memory after it, MiB"];
    let mut table = Table::new("startup", &columns);
    for on in databases {
        let place = Place::new(*on);
        let deployment = &place.deployment;
        let began = Instant::now();
        deployment.ok(&["demo", "--seed-only", "--incidents", &incidents.to_string()]);
        let seeded = began.elapsed().as_secs_f64();
        let start = || {
            let began = Instant::now();
            let server = deployment.serve_at_once();
            names::wait_ready_for(&server, 1_800);
            (began.elapsed().as_secs_f64(), server)
        };
        let (rebuilt, server) = start();
        names::wait_without_lag(&server);
        server.stop();
        let mentions = names::mentions(deployment);
        let (started, server) = start();
        let resident = memory::resident(server.child.id()).unwrap_or(0);
        server.stop();
        table.row(&[
            on.as_str().to_owned(),
            count(incidents as f64),
            count(mentions as f64),
            format!("{seeded:.1}"),
            format!("{rebuilt:.1}"),
            format!("{started:.2}"),
            resident.to_string(),
        ]);
    }
    table.write(&machine);
}
