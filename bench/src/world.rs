//! A Beacon to be measured, with a token to call it.

use testkit::{
    beacon::{Deployment, Server},
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
        let place = Place::new(on);
        place.deployment.ok(&["demo", "--seed-only", "--incidents", &incidents.to_string()]);
        let token = token(&place.deployment);
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
}

/// A token for an officer of the demo.
pub(crate) fn token(deployment: &Deployment) -> String {
    let path = deployment.data_dir.join("demo-sign-ins.txt");
    let text = std::fs::read_to_string(path).expect("the demo's sign-ins");
    let line = text.lines().find(|line| line.trim_end().ends_with("(officer)")).expect("an officer among them");
    line.split_whitespace().nth(1).expect("a token").to_owned()
}
