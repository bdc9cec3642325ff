//! `cargo xtask demo`: build the program and let it show the town it makes up.

use crate::{Outcome, root, run, setup};
use std::{env, fs, process::Command};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Keep the demonstration in this PostgreSQL database (postgres://USER@HOST:PORT/NAME) instead of the embedded one
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// The port to serve on; 0 picks a free one
    #[arg(long, default_value_t = 8480)]
    port: u16,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    setup::run(&[setup::C_COMPILER])?;
    run::to_end(run::cargo(&["build", "--workspace", "--bin", "beacon"]))?;

    let folder = root().join("target/demo");
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    // Each database has a data folder of its own: what is derived from one says nothing of the other.
    let (database, data, key) = match &arguments.postgres {
        Some(url) => (url.as_str(), "target/demo/data-postgres", "target/demo/beacon-postgres.key"),
        None => ("sqlite:target/demo/beacon.db", "target/demo/data", "target/demo/beacon.key"),
    };
    let xtask = env::current_exe().map_err(|error| format!("cannot tell where the programs are built: {error}"))?;
    let mut beacon = Command::new(xtask.with_file_name("beacon"));
    beacon.arg("demo").current_dir(root());
    beacon.env("BEACON_DATABASE_URL", database).env("BEACON_DATA_DIR", data).env("BEACON_KEY_FILE", key);
    beacon.env("BEACON_LISTEN", format!("127.0.0.1:{}", arguments.port));
    run::become_it(beacon)
}
