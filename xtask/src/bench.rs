//! `cargo xtask bench` and `campaign`: both are subcommands of the `bench` package, in release.

use crate::{Outcome, run};

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
    let mut bench = run::cargo(&["run", "--release", "--package", "bench", "--"]);
    bench.args(arguments);
    run::become_it(bench)
}

pub(crate) fn campaign(campaign: &Campaign) -> Outcome {
    let named = ["campaign".to_owned(), campaign.name.clone()];
    run(&[&named, campaign.arguments.as_slice()].concat())
}
