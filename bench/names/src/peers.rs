//! Other ways to find people by name, on the same people, the same queries and the same other forms of names, in the same job.
//!
//! Each peer (`bench/names/peers`) writes a line a query: what it is, the query's place in the file, milliseconds on a processor, the
//! ids found. It is counted here, and so is Beacon's index, over just the queries the peer answered.

use crate::{
    ours::{Answered, Filled, figures},
    queries::{self, Asked},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    path::Path,
};

const NICKNAMES: &str = include_str!("../../../crates/names/data/nicknames.tsv");

/// What of the peers' files is no peer: the candidates another takes up.
const NO_PEER: &str = "lucene wide";

/// Beacon's own table of nicknames as the peers read it: `name<TAB>other forms`, both ways.
pub(crate) fn forms() -> String {
    let mut forms: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in NICKNAMES.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t').skip(1);
        let (Some(name), Some(others)) = (columns.next(), columns.next()) else { continue };
        for other in others.split(' ') {
            forms.entry(name).or_default().insert(other);
            forms.entry(other).or_default().insert(name);
        }
    }
    let line = |(name, others): (&str, BTreeSet<&str>)| format!("{name}\t{}\n", others.into_iter().collect::<Vec<_>>().join(" "));
    forms.into_iter().map(line).collect()
}

/// A table of every peer whose answers are in the folder, each with Beacon's beside it.
pub(crate) fn compare(filled: &Filled, data: &Path, folder: &Path) -> Result<Vec<Value>, Box<dyn Error>> {
    let (names, births) = (queries::read(&data.join("uk-queries-name.csv"))?, queries::read(&data.join("uk-queries-name-dob.csv"))?);
    let (ours, ours_with_births) = (filled.answer(&names)?, filled.answer(&births)?);
    let mut rows = Vec::new();
    for (peer, answers) in read(folder)? {
        let with_births = peer.contains("birth") || peer == "splink";
        let (asked, ours) = if with_births { (&births, &ours_with_births) } else { (&names, &ours) };
        let theirs: Vec<Answered> = answers.iter().map(|(at, took, ids)| answered(&asked[*at], *took, ids)).collect();
        let ours: Vec<Answered> = answers.iter().map(|(at, ..)| ours[*at]).collect();
        let (theirs, ours) = (figures(&theirs), figures(&ours));
        let faster = ours["queries_a_second"].as_f64().zip(theirs["queries_a_second"].as_f64()).map(|(ours, theirs)| ours / theirs);
        rows.push(json!({ "peer": peer, "with_birth": with_births, "theirs": theirs, "ours": ours, "times_as_many": faster }));
    }
    Ok(rows)
}

type Answers = Vec<(usize, f64, Vec<usize>)>;

fn read(folder: &Path) -> Result<BTreeMap<String, Answers>, Box<dyn Error>> {
    let mut peers: BTreeMap<String, Answers> = BTreeMap::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension().is_none_or(|ending| ending != "answers") {
            continue;
        }
        for line in fs::read_to_string(&path)?.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            let [peer, at, took, ids] = columns[..] else { return Err(format!("{}: no answer: {line}", path.display()).into()) };
            let ids = ids.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
            peers.entry(peer.to_owned()).or_default().push((at.parse()?, took.parse()?, ids));
        }
    }
    peers.remove(NO_PEER);
    Ok(peers)
}

/// The ids of the file are the people's places in it.
fn answered(asked: &Asked, milliseconds: f64, ids: &[usize]) -> Answered {
    let place = ids.iter().position(|id| *id == asked.target);
    // What a peer answers has no strengths to be equal in.
    Answered { place, without_luck: place.map_or(0.0, |place| 1.0 / (place + 1) as f64), milliseconds }
}

/// The rows as a page of evidence.
pub(crate) fn page(rows: &[Value], commit: &str) -> String {
    let mut page = format!(
        "# names-peers\n\nOne million generated people (`names/uk-people-1m.csv.gz`) and the given queries, the same for all, in one job on one \
         machine at {commit}; every peer knows Beacon's own table of nicknames. Times are of one thread on a processor. Beacon's figures are \
         over just the queries that the peer was given (slow ones get fewer). Written by `cargo xtask bench names peers`.\n\n\
         | peer | queries | recall@10 | MRR | p50 / p99 ms | queries/s | Beacon: recall@10 | MRR | p50 / p99 ms | queries/s | times as many |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n"
    );
    for row in rows {
        let side = |side: &str| {
            let figure = |name: &str| row[side][name].as_f64().unwrap_or_default();
            let (recall, mrr, rate) = (figure("recall_10"), figure("mrr"), figure("queries_a_second"));
            format!("{recall:.3} | {mrr:.3} | {:.1} / {:.1} | {rate:.1}", figure("p50_ms"), figure("p99_ms"))
        };
        let (peer, asked) = (row["peer"].as_str().unwrap_or_default(), &row["theirs"]["asked"]);
        page.push_str(&format!(
            "| {peer} | {asked} | {} | {} | {:.1} |\n",
            side("theirs"),
            side("ours"),
            row["times_as_many"].as_f64().unwrap_or_default()
        ));
    }
    page
}
