//! `cargo xtask test`: everything a change must pass, in the order in which it fails cheapest.

use crate::{Outcome, doc_tests, fuzz, root, run, setup, test_servers, tidy};
use std::time::{Duration, Instant};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Leave out the lints, for a first answer while writing
    #[arg(long)]
    quick: bool,
}

struct Step {
    name: &'static str,
    work: fn() -> Outcome,
    quick: bool,
}

const STEPS: [Step; 8] = [
    Step { name: "set-up", work: setup::everything, quick: true },
    Step { name: "format", work: || cargo(&["fmt", "--all", "--check"]), quick: true },
    Step { name: "tidy", work: || tidy::run(&root()), quick: true },
    Step { name: "lints", work: || cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]), quick: false },
    // The black-box suite drives the real program.
    Step { name: "program", work: || cargo(&["build", "--workspace", "--bin", "beacon"]), quick: true },
    Step { name: "tests", work: tests, quick: true },
    Step { name: "fuzzing", work: fuzz::short, quick: false },
    Step { name: "documentation tests", work: documentation, quick: false },
];

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let mut done: Vec<(&str, &str, Duration)> = Vec::new();
    let mut outcome = Ok(());
    for step in STEPS.iter().filter(|step| step.quick || !arguments.quick) {
        println!("\n=== {} ===", step.name);
        let start = Instant::now();
        outcome = (step.work)();
        let word = if outcome.is_ok() { "passed" } else { "FAILED" };
        println!("--- {}: {word} in {:.1} s", step.name, start.elapsed().as_secs_f64());
        done.push((step.name, word, start.elapsed()));
        if outcome.is_err() {
            break;
        }
    }
    test_servers::stop();
    println!("\n{:<24}{:<10}{:>9}", "step", "outcome", "seconds");
    for (name, word, elapsed) in done {
        println!("{name:<24}{word:<10}{:>9.1}", elapsed.as_secs_f64());
    }
    outcome
}

fn cargo(arguments: &[&str]) -> Outcome {
    run::to_end(run::cargo(arguments))
}

fn tests() -> Outcome {
    if has_nextest() {
        cargo(&["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        // Also runs the documentation's tests.
        cargo(&["test", "--workspace", "--no-fail-fast"])
    }
}

fn documentation() -> Outcome {
    let sources = tidy::Repository::read(&root())?;
    if !has_nextest() {
        println!("they ran with the other tests");
        Ok(())
    } else if sources.rust().any(|(_, source)| doc_tests::any(source)) {
        cargo(&["test", "--workspace", "--doc"])
    } else {
        println!("there are none");
        Ok(())
    }
}

fn has_nextest() -> bool {
    run::answer(run::cargo(&["nextest", "--version"])).is_some()
}
