//! A deployment on one of the databases, with the agencies of a small partnership.

use crate::Officer;
use serde_json::json;
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};
use testkit::{
    beacon::{Deployment, Server, ready_within},
    postgres::{self, TestDatabase},
};

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The embedded default.
    Sqlite,
    /// Production.
    Postgres,
}

/// An agency, and the token of its administrator.
#[derive(Debug, Clone)]
pub struct Agency {
    /// Its id.
    pub id: String,
    /// Its administrator.
    pub admin: Officer,
}

/// A deployment, its server, its agencies. What is dropped first stands first.
#[derive(Debug)]
pub struct World {
    server: Option<Server>,
    /// How commands are run.
    pub deployment: Deployment,
    /// The database, where it is PostgreSQL.
    pub postgres: Option<TestDatabase>,
    /// On which database.
    pub backend: Backend,
    /// A council.
    pub council: Agency,
    /// A police force.
    pub police: Agency,
}

impl World {
    /// A database and a folder, nothing in them, nothing running.
    pub fn deployment(backend: Backend) -> (Deployment, Option<TestDatabase>) {
        match backend {
            Backend::Sqlite => (Deployment::sqlite(), None),
            Backend::Postgres => {
                let database = postgres::database();
                (Deployment::on(database.url.clone()), Some(database))
            }
        }
    }

    /// Two agencies with an administrator each, and a running server.
    pub fn with_agencies(backend: Backend) -> Self {
        let (deployment, postgres) = Self::deployment(backend);
        let enter = |name: &str, kind: &str| {
            let id = deployment.agency(name, kind);
            let admin = format!("{name} administrator");
            let officer = deployment.ok(&["officer", "add", &admin, "--agency", &id, "--role", "administrator"]);
            let token = deployment.ok(&["token", "create", "--officer", &officer]);
            (id, officer, token)
        };
        let (council, police) = (enter("Stockton Council", "council"), enter("Cleveland Police", "police"));
        let server = deployment.serve();
        let agency =
            |(id, officer, token): (String, String, String)| Agency { id, admin: Officer { id: officer, token, url: server.url.clone() } };
        let (council, police) = (agency(council), agency(police));
        Self { server: Some(server), deployment, postgres, backend, council, police }
    }

    /// The server's address.
    pub fn url(&self) -> &str {
        &self.server.as_ref().expect("the server runs").url
    }

    /// The server.
    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("the server runs")
    }

    /// The agency of that id with an administrator, entered at the console.
    pub fn administered(&self, id: String) -> Agency {
        let officer =
            self.deployment.ok(&["officer", "add", &format!("Administrator of {id}"), "--agency", &id, "--role", "administrator"]);
        let token = self.deployment.ok(&["token", "create", "--officer", &officer]);
        Agency { id, admin: Officer { id: officer, token, url: self.url().to_owned() } }
    }

    /// Enters an officer through the API and gives them a token.
    pub fn officer(&self, agency: &Agency, name: &str, role: &str) -> Officer {
        let admin = &agency.admin;
        let made = admin.post("/v1/officers", &json!({ "name": name, "agency": agency.id, "role": role })).expect(201).json();
        let id = made["id"].as_str().expect("an id").to_owned();
        let token = admin.post(&format!("/v1/officers/{id}/tokens"), &json!({})).expect(201).json();
        Officer { id, token: token["token"].as_str().expect("a token").to_owned(), url: admin.url.clone() }
    }

    /// An officer of the council.
    pub fn council_officer(&self) -> Officer {
        self.officer(&self.council, "Pat Reed", "officer")
    }

    /// An officer of the police.
    pub fn police_officer(&self) -> Officer {
        self.officer(&self.police, "Sam Okafor", "officer")
    }

    /// Starts the server again with a settings file and a port it is known under beforehand; gives its address.
    pub fn restart_with(&mut self, settings: &str, port: u16) -> String {
        self.stop();
        let file = self.deployment.folder.path().join("beacon.toml");
        std::fs::write(&file, settings).expect("the folder can be written");
        self.deployment.settings =
            vec![("BEACON_CONFIG".to_owned(), file.display().to_string()), ("BEACON_LISTEN".to_owned(), format!("127.0.0.1:{port}"))];
        self.start();
        let url = self.url().to_owned();
        for agency in [&mut self.council, &mut self.police] {
            agency.admin.url.clone_from(&url);
        }
        url
    }

    /// Gives an officer a local account at the console; gives the password.
    pub fn password(&self, officer: &Officer, user_name: &str) -> String {
        let printed = self.deployment.ok(&["officer", "password", &officer.id, "--user-name", user_name]);
        let (name, password) = printed.split_once("  ").expect("a user name and a password");
        assert_eq!(name, user_name);
        password.to_owned()
    }

    /// Stops the server as an operator would.
    pub fn stop(&mut self) {
        self.server.take().expect("the server runs").stop();
    }

    /// Starts it again, at another address.
    pub fn start(&mut self) {
        self.server = Some(self.deployment.serve());
    }

    /// Starts it again without waiting until it is ready.
    pub fn start_at_once(&mut self) {
        self.server = Some(self.deployment.serve_at_once());
    }

    /// Runs SQL in the database, from outside the program.
    pub fn sql(&self, sql: &str, sqlite: impl FnOnce(&str, &str)) {
        match &self.postgres {
            Some(database) => drop(database.psql(sql)),
            None => sqlite(self.deployment.database_url.trim_start_matches("sqlite:"), sql),
        }
    }
}

/// A server started with settings of its own; killed when it goes.
#[derive(Debug)]
pub struct Running {
    /// The first line it wrote.
    pub first_line: String,
    /// Its address.
    pub url: String,
    /// The process.
    pub child: Child,
}

impl Running {
    /// Starts `command`, which serves, and waits until it is ready.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
        let mut first_line = String::new();
        BufReader::new(child.stdout.take().expect("its output is piped")).read_line(&mut first_line).expect("its first line");
        let url = first_line.trim().trim_start_matches("listening on ").to_owned();
        let running = Self { first_line, url, child };
        assert!(ready_within(&running.url, 20), "not ready: {:?}", running.first_line);
        running
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        let asked = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status().expect("kill runs");
        assert!(asked.success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
