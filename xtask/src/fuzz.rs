//! The fuzz targets (`fuzz/`), run by libFuzzer: shortly with the tests, and for long by `cargo xtask campaign fuzz`.

use crate::{Outcome, root, run, setup};
use serde_json::{Value, json};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
};

/// The targets, which are the programs in `fuzz/targets`, and the longest input of each in bytes: as long as what arrives there
/// usually is, since the time of an input grows with it.
const TARGETS: [(&str, u64); 8] = [
    ("name_query", 96),
    ("filters", 512),
    ("cursor", 64),
    ("import", 2_048),
    ("csv", 2_048),
    ("jwt", 1_024),
    ("postcode_grid", 48),
    ("audit_verifier", 2_048),
];

/// Runs of each target with the tests; the seed is fixed.
const SHORT_RUNS: u64 = 5_000;
const SHORT_SECONDS: u64 = 10;

/// What a campaign asks of each target, whichever comes first.
const RUNS: u64 = 10_000_000;
const SECONDS: u64 = 2 * 3_600;
/// A campaign notes what it has done every so many seconds.
const SLICE: u64 = 300;

/// What one run of a target did.
struct Done {
    runs: u64,
    seconds: u64,
    covered: u64,
}

/// How the targets and our crates are compiled for libFuzzer to see which of their branches an input reaches (the flags of
/// cargo-fuzz). The libraries stay as every other build has them, so that they are built once: compiling them again took the
/// tests longer than anything else.
const INSTRUMENTED: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// A short run of every target.
pub(crate) fn short() -> Outcome {
    build(Build::Tests)?;
    for (target, longest) in TARGETS {
        let limits = [format!("-runs={SHORT_RUNS}"), format!("-max_total_time={SHORT_SECONDS}"), "-seed=1".to_owned()];
        // Nothing is kept between runs, so that each is the same.
        let grown = corpus(target, "short")?;
        fs::remove_dir_all(&grown).and_then(|()| fs::create_dir(&grown)).map_err(|error| format!("{}: {error}", grown.display()))?;
        let done = execute((target, longest), Build::Tests, &grown, &limits)?;
        println!("{target}: {} runs in {} s", done.runs, done.seconds);
    }
    Ok(())
}

/// Every target until it has run ten million times or two hours in all; goes on where it was interrupted.
pub(crate) fn campaign(arguments: &[String]) -> Outcome {
    let wanted = |target: &str| arguments.is_empty() || arguments.iter().any(|one| one == target);
    let chosen: Vec<(&str, u64)> = TARGETS.into_iter().filter(|(target, _)| wanted(target)).collect();
    if chosen.is_empty() {
        return Err(format!("there is no such target: {}", TARGETS.map(|(target, _)| target).join(", ")));
    }
    setup::run(&[setup::C_COMPILER, setup::CXX_COMPILER])?;
    build(Build::Campaign)?;
    let commit = run::commit();
    for (target, longest) in chosen {
        let corpus = corpus(target, "campaign")?;
        loop {
            let (runs, seconds) = so_far(target)?;
            println!("{target}: {runs} of {RUNS} runs, {seconds} of {SECONDS} s");
            if runs >= RUNS || seconds >= SECONDS {
                break;
            }
            let limits = [
                format!("-runs={}", RUNS - runs),
                format!("-max_total_time={}", SLICE.min(SECONDS - seconds)),
                format!("-seed={}", seconds + 1),
            ];
            let done = execute((target, longest), Build::Campaign, &corpus, &limits)?;
            let line =
                json!({ "target": target, "commit": commit, "runs": done.runs, "seconds": done.seconds.max(1), "covered": done.covered });
            note(&line)?;
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum Build {
    /// As the tests are built, which is built soon.
    Tests,
    /// As Beacon is released, with overflow checked.
    Campaign,
}

/// The folder in which the inputs of a run are kept that reach something new.
fn corpus(target: &str, run: &str) -> Result<PathBuf, String> {
    let folder = root().join("target/fuzz-corpus").join(run).join(target);
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    Ok(folder)
}

/// Builds every target.
fn build(build: Build) -> Outcome {
    // The whole workspace's features: with those of one package the libraries would be built again.
    let mut cargo = run::cargo(&["build", "--quiet", "--workspace"]);
    cargo.args(TARGETS.iter().flat_map(|(target, _)| ["--bin", target]));
    cargo.env("RUSTC_WORKSPACE_WRAPPER", root().join("fuzz/instrumented.sh")).env("INSTRUMENTED", INSTRUMENTED);
    if build == Build::Campaign {
        cargo.args(["--release", "--target-dir"]).arg(root().join("target/fuzz"));
        // What makes the released program faster takes long to build, and tells a fuzzer nothing.
        cargo.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        cargo.env("CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS", "true").env("CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS", "true");
    }
    run::to_end(cargo)
}

/// Runs a target that was built on its seeds and what grows from them, which goes into the folder `grown`.
fn execute((target, longest): (&str, u64), build: Build, grown: &Path, limits: &[String]) -> Result<Done, String> {
    let built = match build {
        Build::Tests => "target/debug",
        Build::Campaign => "target/fuzz/release",
    };
    let mut fuzz = run::program(root().join(built).join(target));
    let found = root().join("target/fuzz-corpus").join(format!("{target}-failed-"));
    fuzz.arg(grown).arg(root().join("fuzz/seeds").join(target)).args(limits);
    fuzz.args(["-print_final_stats=1", "-timeout=20", "-rss_limit_mb=4096"]).arg(format!("-max_len={longest}"));
    // The input that fails is kept there; it belongs among the seeds once it is mended.
    fuzz.arg(format!("-artifact_prefix={}", found.display())).current_dir(root()).stdin(Stdio::null());
    let output = fuzz.output().map_err(|error| format!("cannot run the fuzz target {target}: {error}"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let end: Vec<&str> = told.lines().rev().take(60).collect();
        let end: Vec<&str> = end.into_iter().rev().collect();
        return Err(format!("the fuzz target {target} failed:\n{}", end.join("\n")));
    }
    let figure = |before: &str| {
        let at = told.rfind(before)? + before.len();
        told[at..].split_whitespace().next()?.parse().ok()
    };
    let runs = figure("stat::number_of_executed_units:").ok_or_else(|| format!("{target} did not say what it ran"))?;
    Ok(Done { runs, seconds: figure(" runs in ").unwrap_or(0), covered: figure(" cov: ").unwrap_or(0) })
}

fn evidence(ending: &str) -> PathBuf {
    root().join("docs/evidence").join(format!("fuzz.{ending}"))
}

fn noted() -> Result<Vec<Value>, String> {
    let text = fs::read_to_string(evidence("jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).map_err(|error| format!("docs/evidence/fuzz.jsonl: {error}"))).collect()
}

fn so_far(target: &str) -> Result<(u64, u64), String> {
    let lines = noted()?;
    let sum = |figure: &str| lines.iter().filter(|line| line["target"] == target).filter_map(|line| line[figure].as_u64()).sum();
    Ok((sum("runs"), sum("seconds")))
}

/// Adds a line and writes the page anew.
fn note(line: &Value) -> Outcome {
    let failed = |error: std::io::Error| format!("the evidence cannot be written: {error}");
    // Added at the end: two campaigns of different targets may run side by side.
    let mut file = fs::OpenOptions::new().create(true).append(true).open(evidence("jsonl")).map_err(failed)?;
    file.write_all(format!("{line}\n").as_bytes()).map_err(failed)?;
    let lines = noted()?;
    let mut page = "# fuzz\n\nEach target of `fuzz/` by coverage until it has run 10,000,000 times or two hours, whichever is first, without a crash. \
        Written by `cargo xtask campaign fuzz`; one line every few minutes in `fuzz.jsonl`.\n\n\
        | target | runs | seconds | edges covered | commits |\n|---|---|---|---|---|\n"
        .to_owned();
    for (target, _) in TARGETS {
        let of: Vec<&Value> = lines.iter().filter(|line| line["target"] == target).collect();
        let sum = |figure: &str| of.iter().filter_map(|line| line[figure].as_u64()).sum::<u64>();
        let covered = of.iter().filter_map(|line| line["covered"].as_u64()).max().unwrap_or(0);
        let mut commits: Vec<&str> = of.iter().filter_map(|line| line["commit"].as_str()).collect();
        commits.dedup();
        page.push_str(&format!("| {target} | {} | {} | {covered} | {} |\n", sum("runs"), sum("seconds"), commits.join(", ")));
    }
    fs::write(evidence("md"), page).map_err(failed)
}
