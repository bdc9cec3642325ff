//! A deployment with one agency and one officer, the data, and what the program prints about an import.

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::Output,
};
use testkit::{
    beacon::{Deployment, Server},
    http::{self, Answer},
    postgres::TestDatabase,
};
use tests::{Backend, World};

/// A fresh deployment.
pub(crate) struct Place {
    pub(crate) deployment: Deployment,
    pub(crate) token: String,
    pub(crate) backend: Backend,
    _postgres: Option<TestDatabase>,
}

/// What an import printed and how it ended.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) code: i32,
    pub(crate) rows: u64,
    pub(crate) added: u64,
    pub(crate) unchanged: u64,
    pub(crate) skipped: u64,
    pub(crate) rejected: u64,
    pub(crate) text: String,
}

impl Place {
    /// With the police as its agency.
    pub(crate) fn on(backend: Backend) -> Self {
        let empty = Self::empty(backend);
        empty.deployment.agency("Cleveland Police", "police");
        let token = empty.deployment.officer("Ada Example", "Cleveland Police", "officer");
        Self { token, ..empty }
    }

    /// With nothing in it.
    pub(crate) fn empty(backend: Backend) -> Self {
        let (deployment, postgres) = World::deployment(backend);
        Self { deployment, token: String::new(), backend, _postgres: postgres }
    }

    /// Writes a file into the deployment's folder; gives its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.deployment.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Reads a file of the deployment's folder.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.deployment.folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.deployment.folder.path().join(name).exists()
    }

    /// Imports straight into the database, as the officer.
    pub(crate) fn import(&self, kind: &str, files: &[&str]) -> Told {
        let mut arguments = vec!["import", kind, "--officer", "Ada Example"];
        arguments.extend(files);
        Told::of(&self.deployment.run(&arguments))
    }

    /// Imports as the console.
    pub(crate) fn console_import(&self, kind: &str, files: &[&str]) -> Told {
        let mut arguments = vec!["import", kind];
        arguments.extend(files);
        Told::of(&self.deployment.run(&arguments))
    }

    /// Imports through a server.
    pub(crate) fn import_through(&self, server: &Server, kind: &str, files: &[&str]) -> Told {
        let mut arguments = vec!["import", kind, "--server", &server.url, "--token", &self.token];
        arguments.extend(files);
        Told::of(&self.deployment.run(&arguments))
    }

    pub(crate) fn get(&self, server: &Server, path: &str) -> Answer {
        http::get(&server.url, &self.token, path)
    }

    /// All of a list, page by page, following the links as a client does.
    pub(crate) fn pages(&self, server: &Server, path: &str) -> Vec<serde_json::Value> {
        let (mut all, mut next) = (Vec::new(), Some(path.to_owned()));
        while let Some(path) = next {
            let answer = self.get(server, &path).expect(200);
            all.extend(answer.json()["incidents"].as_array().unwrap().iter().cloned());
            next = answer.headers.get("link").and_then(|link| link.split(['<', '>']).nth(1).map(str::to_owned));
        }
        all
    }
}

impl Told {
    fn of(output: &Output) -> Self {
        let out = String::from_utf8_lossy(&output.stdout);
        let text = format!("{out}{}", String::from_utf8_lossy(&output.stderr));
        // The last summary is that of all files.
        let summary = out.lines().rfind(|line| line.contains(" added, ")).unwrap_or_default();
        let figure = |what: &str| -> u64 {
            let before = summary.split(what).next().filter(|before| before.len() < summary.len()).unwrap_or("0");
            before.rsplit([' ', ',']).find(|word| !word.is_empty()).unwrap().parse().unwrap_or_else(|_| panic!("{what}: {text}"))
        };
        Self {
            code: output.status.code().unwrap(),
            rows: figure(" rows:"),
            added: figure(" added"),
            unchanged: figure(" there already"),
            skipped: figure(" skipped"),
            rejected: figure(" rejected"),
            text,
        }
    }

    /// The exit code, and rows added, there already, skipped and rejected; they must add up.
    pub(crate) fn figures(&self) -> (i32, u64, u64, u64, u64) {
        assert_eq!(self.rows, self.added + self.unchanged + self.skipped + self.rejected, "the figures do not add up: {}", self.text);
        (self.code, self.added, self.unchanged, self.skipped, self.rejected)
    }
}

/// A folder of the real data; without it the test must fail, not pass by saying nothing.
#[allow(clippy::disallowed_methods, reason = "tests find the data by the environment")]
pub(crate) fn data(folder: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let data = std::env::var_os("BEACON_DATA").map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let path = data.join(folder);
    assert!(path.is_dir(), "the test data {} is not there: set BEACON_DATA to the folder that holds it", path.display());
    path
}

/// The files of a folder of the data whose names hold all of these words, in order of their names.
pub(crate) fn files(folder: &str, holding: &str) -> Vec<String> {
    let all = fs::read_dir(data(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<String> = all.filter_map(|path| path.to_str().map(str::to_owned)).filter(|path| path.contains(holding)).collect();
    assert!(!found.is_empty(), "no file with {holding} in {folder}");
    found.sort();
    found
}

pub(crate) fn unzipped(path: &str) -> String {
    let mut text = String::new();
    GzDecoder::new(fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

pub(crate) fn zipped(text: &str) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}
