//! How well and how fast people are found by name, side by side with other ways of doing it: `cargo xtask bench names`.
#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs)]

mod corruption;
mod people;
mod queries;
mod seeded;

use clap::{Parser, Subcommand};
use corruption::Nicknames;
use std::{error::Error, path::PathBuf};

/// Searching by name, measured.
#[derive(Parser)]
struct Arguments {
    /// The folder of the name data
    #[arg(long, env = "BEACON_NAME_DATA", default_value = "../shared/data/names")]
    data: PathBuf,
    /// The nickname table that queries are made with (name, relationship, nickname)
    #[arg(long)]
    nicknames: PathBuf,
    #[command(subcommand)]
    errand: Errand,
}

#[derive(Subcommand)]
enum Errand {
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

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let nicknames = Nicknames::read(&arguments.nicknames)?;
    match arguments.errand {
        Errand::Queries { each, seed, birth } => {
            let people = people::read(&arguments.data.join("uk-people-1m.csv.gz"), usize::MAX)?;
            println!("q,target,kind,dob,pc");
            for asked in queries::generate(&people, &nicknames, each, birth, seed) {
                let (born, postcode) = (asked.born.unwrap_or_default(), asked.postcode.unwrap_or_default());
                println!("\"{}\",{},{},{born},{postcode}", asked.name, asked.target, asked.class);
            }
        }
    }
    Ok(())
}
