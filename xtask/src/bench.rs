//! `cargo xtask bench` and `campaign`: both are subcommands of the `bench` package, in release, but for `campaign fuzz`.

use crate::{Outcome, fuzz, run};
use std::env;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Handed to the benchmarks as they are
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) arguments: Vec<String>,
}

#[derive(clap::Args)]
pub(crate) struct Campaign {
    /// Which long run
    name: String,
    /// Handed to it as they are
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

pub(crate) fn run(arguments: &[String]) -> Outcome {
    // With the whole workspace's features, so that what the two programs share is built once.
    run::to_end(run::cargo(&["build", "--release", "--workspace", "--bin", "bench"]))?;
    let xtask = env::current_exe().map_err(|error| format!("cannot tell where the programs are built: {error}"))?;
    let built = xtask.ancestors().nth(2).ok_or("cannot tell where the programs are built")?;
    let mut bench = run::program(built.join("release/bench"));
    bench.args(arguments);
    run::become_it(bench)
}

pub(crate) fn campaign(campaign: &Campaign) -> Outcome {
    if campaign.name == "fuzz" {
        return fuzz::campaign(&campaign.arguments);
    }
    let named = ["campaign".to_owned(), campaign.name.clone()];
    run(&[&named, campaign.arguments.as_slice()].concat())
}
