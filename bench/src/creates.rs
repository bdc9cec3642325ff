//! Creates a second through HTTP, beside the ceiling measured in the same minutes.

use crate::{
    ceiling::{self, Template},
    load::{self, Rate},
    machine::Machine,
    page::{Table, count},
    world::World,
};
use std::time::Duration;
use testkit::{
    beacon::Deployment,
    campaign::{On, Place, draft::Draft, names},
};

/// HTTP and ceiling take turns: noise that lasts meets both.
const TURNS: usize = 3;

pub(crate) fn run(databases: &[On], seconds: u64) {
    let machine = Machine::look();
    println!("{}", machine.line());
    let columns = ["database", "clients", "creates/s over HTTP", "median, p99 ms", "ceiling/s", "of the ceiling", "turn by turn"];
    let mut table = Table::new("creates", &columns);
    for on in databases {
        let world = World::empty(*on);
        world.log_one(0);
        let ceiling = Ceiling::new(*on, &world.place);
        let mut seed = 100;
        for (clients, minimal) in [(1, true), (16, true), (64, true), (64, false), (256, true)] {
            let mut turns = Vec::new();
            for _ in 0..TURNS {
                seed += 1;
                let time = Duration::from_secs(seconds);
                let request = |client, number| Draft::new(seed, client, number).request(&world.token, minimal);
                let http = load::http(&world.server.url, clients, time, &[201], request);
                // What the follower still does must not slow the ceiling.
                names::wait_without_lag(&world.server);
                turns.push((http, ceiling.run(clients, time, seed)));
            }
            table.row(&row(*on, clients, minimal, turns));
        }
    }
    table.write(&machine);
}

fn row(on: On, clients: u64, minimal: bool, mut turns: Vec<(Rate, Rate)>) -> Vec<String> {
    let share = |turn: &(Rate, Rate)| turn.0.per_second / turn.1.per_second;
    let each: Vec<String> = turns.iter().map(|turn| format!("{:.2}", share(turn))).collect();
    turns.sort_by(|a, b| share(a).total_cmp(&share(b)));
    let (http, ceiling) = turns[turns.len() / 2];
    vec![
        on.as_str().to_owned(),
        format!("{clients}{}", if minimal { "" } else { ", full answer" }),
        count(http.per_second),
        format!("{:.1}, {:.1}", http.median_ms, http.p99_ms),
        count(ceiling.per_second),
        format!("{:.2}", share(&(http, ceiling))),
        each.join(" "),
    ]
}

/// A second database of the same kind, on the same disk and server, without a Beacon on it.
struct Ceiling {
    place: Deployment,
    on: On,
    template: Template,
}

impl Ceiling {
    fn new(on: On, beside: &Place) -> Self {
        let deployment = match &beside.server {
            None => Deployment::sqlite(),
            Some(server) => {
                server.psql("CREATE DATABASE ceiling");
                Deployment::on(format!("{}/ceiling", server.url.trim_end_matches("/beacon")))
            }
        };
        deployment.agency("Stockton Council", "council");
        let token = deployment.officer("Pat Reed", "Stockton Council", "officer");
        let world = World { server: deployment.serve(), token, place: Place { deployment, server: None } };
        let id = world.log_one(1);
        let World { server, place, .. } = world;
        server.stop();
        let url = &place.deployment.database_url;
        let template = match on {
            On::Sqlite => ceiling::sqlite::template(path(url), &id).expect("its rows"),
            On::Postgres => ceiling::postgres::template(url, &id).expect("its rows"),
        };
        Self { place: place.deployment, on, template }
    }

    fn run(&self, clients: u64, time: Duration, seed: u64) -> Rate {
        let url = &self.place.database_url;
        match self.on {
            On::Sqlite => ceiling::sqlite::run(path(url), &self.template, clients, time, seed),
            On::Postgres => ceiling::postgres::run(url, &self.template, clients, time, seed),
        }
    }
}

fn path(url: &str) -> &str {
    url.trim_start_matches("sqlite:")
}
