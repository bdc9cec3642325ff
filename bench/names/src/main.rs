//! How well and how fast people are found by name, side by side with other ways of doing it: `cargo xtask bench names`.
#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs)]

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod corruption;
mod fairness;
mod febrl;
mod ours;
mod page;
mod pairs;
mod peers;
mod people;
mod queries;
mod seeded;

use clap::{Parser, Subcommand};
use corruption::Nicknames;
use people::Person;
use serde_json::{Value, json};
use std::{
    error::Error,
    io::Write,
    path::{Path, PathBuf},
};

/// Searching by name, measured.
#[derive(Parser)]
struct Arguments {
    /// The folder of the data; the names are in `names` inside it
    #[arg(long, env = "BEACON_DATA", default_value = "../shared/data")]
    data: PathBuf,
    /// The nickname table that queries are made with (name, relationship, nickname)
    #[arg(long)]
    nicknames: PathBuf,
    #[command(subcommand)]
    errand: Errand,
}

#[derive(Subcommand)]
enum Errand {
    /// Measure Beacon's index
    Ours {
        /// People in it; more than the file has are generated
        #[arg(long, default_value_t = 1_000_000)]
        people: usize,
        /// Generated queries of each class
        #[arg(long, default_value_t = 2_000)]
        each: usize,
        /// The seed of the queries
        #[arg(long, default_value_t = 2)]
        seed: u64,
        /// The figures, as a line of JSON added to this file
        #[arg(long)]
        to: Option<PathBuf>,
        /// What is measured, as the figures tell it
        #[arg(long, default_value = "unknown")]
        commit: String,
    },
    /// Measure two names put side by side, on labelled pairs
    Pairs,
    /// Link the records of FEBRL's fourth data set, with a threshold from its third
    Febrl {
        /// The folder with dataset3.csv, dataset4a.csv and dataset4b.csv; `cargo xtask bench names febrl` finds it
        #[arg(long)]
        folder: PathBuf,
    },
    /// Recall by the origin of test names, among a million people
    Fairness {
        /// The seed: tuning uses odd ones, reports even ones
        #[arg(long, default_value_t = 2)]
        seed: u64,
    },
    /// Print the table of nicknames as peers read it
    Forms,
    /// Measure beside the peers that have answered already; `cargo xtask bench names peers` has them answer
    Peers {
        /// The folder of their answers
        #[arg(long)]
        answers: PathBuf,
        /// The page of evidence to write
        #[arg(long)]
        to: PathBuf,
        /// What is measured, as the page tells it
        #[arg(long, default_value = "unknown")]
        commit: String,
    },
    /// Write the tables of the page on matching names from the evidence
    Page {
        /// The figures, a line of JSON for each measurement
        #[arg(long, default_value = "docs/evidence/names.jsonl")]
        evidence: PathBuf,
        /// The page, with marks to write between
        #[arg(long, default_value = "docs/name-matching.md")]
        page: PathBuf,
    },
    /// Print generated queries as CSV
    Queries {
        /// Queries of each class
        #[arg(long, default_value_t = 500)]
        each: usize,
        /// The seed: tuning uses odd ones, reports even ones
        #[arg(long)]
        seed: u64,
        /// With dates of birth and postcodes
        #[arg(long)]
        birth: bool,
    },
}

/// Everything about Beacon's index with so many people in it.
fn measure(data: &Path, nicknames: &Nicknames, count: usize, each: usize, seed: u64) -> Result<Value, Box<dyn Error>> {
    let mut people = people::read(&data.join("uk-people-1m.csv.gz"), count)?;
    let filed = people.len();
    let more: Vec<Person> = people::generate(&people, count - filed, 5).collect();
    people.extend(more);
    let filled = ours::fill(people.iter().cloned())?;
    let mut figures = json!({ "people": people.len(), "seed": seed, "index": filled.figures });
    for (kind, with_birth) in [("name", false), ("name_and_birth", true)] {
        let asked = queries::generate(&people, nicknames, each, with_birth, seed + u64::from(with_birth) * 100);
        figures[format!("generated_{kind}")] = filled.ask(&asked)?;
        let file = if with_birth { "uk-queries-name-dob.csv" } else { "uk-queries-name.csv" };
        let mut given = queries::read(&data.join(file))?;
        given.retain(|asked| asked.target < people.len());
        figures[format!("given_{kind}")] = filled.ask(&given)?;
    }
    // People of the same kind who are in no index.
    let others: Vec<Person> = people::generate(&people[..filed], 20_000, 9).collect();
    let absent = queries::generate(&others, nicknames, each / 5, true, seed + 200);
    figures["absent_shown_as_strong"] = json!(filled.absent_shown_as_strong(&absent)?);
    figures["write_visible_p99_ms"] = json!(filled.write_visible()?);
    Ok(figures)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let (data, nicknames) = (arguments.data.join("names"), Nicknames::read(&arguments.nicknames)?);
    match arguments.errand {
        Errand::Ours { people, each, seed, to, commit } => {
            let mut line = measure(&data, &nicknames, people, each, seed)?;
            line["commit"] = json!(commit);
            println!("{line:#}");
            if let Some(to) = to {
                let mut file = std::fs::OpenOptions::new().create(true).append(true).open(to)?;
                writeln!(file, "{line}")?;
            }
        }
        Errand::Pairs => println!("{:#}", pairs::measure(&data.join("name-bench-pairs.csv"))?),
        Errand::Fairness { seed } => {
            let mut people = people::read(&data.join("uk-people-1m.csv.gz"), usize::MAX)?;
            let asked = fairness::people_and_queries(&mut people, &nicknames, seed);
            println!("{:#}", ours::fill(people.into_iter())?.ask(&asked)?["classes"]);
        }
        Errand::Febrl { folder } => println!("{:#}", febrl::measure(&folder)?),
        Errand::Forms => print!("{}", peers::forms()),
        Errand::Peers { answers, to, commit } => {
            let people = people::read(&data.join("uk-people-1m.csv.gz"), usize::MAX)?;
            let rows = peers::compare(&ours::fill(people.into_iter())?, &data, &answers)?;
            let page = peers::page(&rows, &commit);
            println!("{page}");
            std::fs::write(to, page)?;
        }
        Errand::Page { evidence, page } => page::write(&evidence, &page)?,
        Errand::Queries { each, seed, birth } => {
            let people = people::read(&data.join("uk-people-1m.csv.gz"), usize::MAX)?;
            println!("q,target,kind,dob,pc");
            for asked in queries::generate(&people, &nicknames, each, birth, seed) {
                let (born, postcode) = (asked.born.unwrap_or_default(), asked.postcode.unwrap_or_default());
                println!("\"{}\",{},{},{born},{postcode}", asked.name, asked.target, asked.class);
            }
        }
    }
    Ok(())
}
