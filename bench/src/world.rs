//! A Beacon to be measured, with a token to call it.

use crate::{load, pairs::Turn};
use std::{path::Path, time::Duration};
use testkit::{
    beacon::{Deployment, Server, binary},
    campaign::{On, Place, client::Connection, draft::Draft, names},
};

/// A running Beacon.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) token: String,
    pub(crate) place: Place,
}

impl World {
    /// An empty one.
    pub(crate) fn empty(on: On) -> Self {
        let place = Place::new(on);
        place.deployment.agency("Stockton Council", "council");
        let token = place.deployment.officer("Pat Reed", "Stockton Council", "officer");
        Self { server: place.deployment.serve(), token, place }
    }

    /// One with the demo's incidents, and an officer of one of its agencies.
    pub(crate) fn demo(on: On, incidents: u64) -> Self {
        Self::demo_of(&binary(), on, incidents)
    }

    /// The same of another build of Beacon.
    pub(crate) fn demo_of(program: &Path, on: On, incidents: u64) -> Self {
        let mut place = Place::new(on);
        program.clone_into(&mut place.deployment.program);
        place.deployment.ok(&["demo", "--seed-only", "--incidents", &incidents.to_string()]);
        let token = token(&place.deployment);
        let server = place.deployment.serve();
        names::wait_without_lag(&server);
        Self { server, token, place }
    }

    /// One that knows so many of the generated people, four to an incident, imported.
    pub(crate) fn of_people(on: On, people: u64) -> Self {
        let place = Place::new(on);
        place.deployment.agency("Stockton Council", "council");
        let token = place.deployment.officer("Pat Reed", "Stockton Council", "officer");
        let folder = tempfile::tempdir().expect("a folder for them");
        let file = folder.path().join("people.csv");
        crate::people::write_incidents(&file, people);
        place.deployment.ok(&["import", "incidents", file.to_str().expect("a plain path"), "--officer", "Pat Reed"]);
        let server = place.deployment.serve();
        names::wait_without_lag(&server);
        Self { server, token, place }
    }

    /// A connection to it.
    pub(crate) fn connect(&self) -> Connection {
        Connection::open(&self.server.url).expect("the server listens")
    }

    /// Logs one incident, the first of everything: labels, statements.
    pub(crate) fn log_one(&self, number: u64) -> String {
        let mut connection = self.connect();
        let answer =
            connection.exchange(&Draft::new(1, u64::from(u32::MAX) - 1, number).request(&self.token, true)).expect("the server answers");
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["id"].as_str().expect("an id").to_owned()
    }

    /// One turn of load on it, with what it still does of it afterwards.
    pub(crate) fn turn(&self, clients: u64, time: Duration, statuses: &[u16], request: impl Fn(u64, u64) -> Vec<u8> + Sync) -> Turn {
        let began = self.cpu_seconds();
        let per_second = load::http(&self.server.url, clients, time, statuses, request).per_second;
        names::wait_without_lag(&self.server);
        // What is sealed after the turn belongs to it.
        std::thread::sleep(Duration::from_millis(700));
        Turn { per_second, cpu_us: (self.cpu_seconds() - began) * 1e6 / (per_second * time.as_secs_f64()) }
    }

    /// The processor time that the server's process has used so far.
    fn cpu_seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.server.child.id())).expect("the server's process");
        // After the name, which is in brackets, the 12th and 13th figures, in hundredths of a second.
        let figures: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |at: usize| figures.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
        (ticks(11) + ticks(12)) / 100.0
    }
}

/// A token for an officer of the demo.
pub(crate) fn token(deployment: &Deployment) -> String {
    let path = deployment.data_dir.join("demo-sign-ins.txt");
    let text = std::fs::read_to_string(path).expect("the demo's sign-ins");
    let line = text.lines().find(|line| line.trim_end().ends_with("(officer)")).expect("an officer among them");
    line.split_whitespace().nth(1).expect("a token").to_owned()
}
