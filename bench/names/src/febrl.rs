//! Records of two lists linked: FEBRL's fourth data set, by names and date of birth, with a threshold taken from its third, where the
//! same is done: each duplicate is linked to the original that it resembles most (Christen, "Febrl: a freely available record linkage
//! system", 2008). Both are made up.

use cpu_time::ThreadTime;
use names::{Mention, NameIndex, NameKind, Query, RecordedName, Tail};
use serde_json::{Value, json};
use std::{collections::HashSet, error::Error, path::Path};

/// Matches of one record that are looked at.
const SHOWN: usize = 10;

/// A record: whose it is, and what is compared.
struct Record {
    /// What the records of one person share.
    person: String,
    /// Whether this is the one that the others of the person were made from.
    is_original: bool,
    given: String,
    family: String,
    born: Option<model::PartialDate>,
    postcode: Option<String>,
}

/// Two records, and how probable it is that they are one person's.
type Pair = (f32, usize, usize);

/// F1 of the fourth data set at the threshold that is best for the third: by names and dates of birth, and with postcodes.
pub(crate) fn measure(folder: &Path) -> Result<Value, Box<dyn Error>> {
    Ok(json!({ "names_and_birth": linkage(folder, false)?, "names_birth_and_postcode": linkage(folder, true)? }))
}

fn linkage(folder: &Path, postcodes: bool) -> Result<Value, Box<dyn Error>> {
    let read = |name: &str| read(&folder.join(name), postcodes);
    let (originals, duplicates): (Vec<Record>, Vec<Record>) = read("dataset3.csv")?.into_iter().partition(|record| record.is_original);
    let scored = linked(resembling(&fill(&originals)?, &duplicates)?, false);
    let scored = scored.iter().map(|pair| (pair.0, is_right(pair, &duplicates, &originals))).collect();
    let (threshold, of_third) = best(scored, duplicates.len());

    let (originals, duplicates) = (read("dataset4a.csv")?, read("dataset4b.csv")?);
    let index = fill(&originals)?;
    let began = ThreadTime::now();
    let found = resembling(&index, &duplicates)?;
    let milliseconds = began.elapsed().as_secs_f64() * 1e3 / duplicates.len().max(1) as f64;
    let mut linked = linked(found, true);
    linked.retain(|(strength, ..)| *strength >= threshold);
    let right = linked.iter().filter(|pair| is_right(pair, &duplicates, &originals)).count() as f64;
    let (precision, recall) = (right / linked.len().max(1) as f64, right / duplicates.len() as f64);
    Ok(json!({
        "threshold_of_the_third": threshold, "f1_of_the_third": of_third, "linked": linked.len(), "precision": precision, "recall": recall,
        "f1": 2.0 * precision * recall / (precision + recall), "ms_a_record": milliseconds,
    }))
}

fn read(file: &Path, postcodes: bool) -> Result<Vec<Record>, Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(file)?;
    let header = reader.headers()?.clone();
    let at = |name: &str| header.iter().position(|column| column == name).ok_or_else(|| format!("no column {name}"));
    let (id, given, family, born) = (at("rec_id")?, at("given_name")?, at("surname")?, at("date_of_birth")?);
    let postcode = at("postcode")?;
    let mut records = Vec::new();
    for row in reader.records() {
        let row = row?;
        let day = row[born].to_owned();
        let born = (day.len() == 8 && day.is_ascii()).then(|| format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]));
        let person = row[id].split('-').nth(1).unwrap_or_default().to_owned();
        let is_original = row[id].ends_with("-org");
        let born = born.and_then(|day| day.parse().ok());
        let postcode = as_british(&row[postcode]).filter(|_| postcodes);
        records.push(Record { person, is_original, given: row[given].to_owned(), family: row[family].to_owned(), born, postcode });
    }
    Ok(records)
}

/// An Australian postcode in the form of a British one, digit for digit: what has the first two digits in common has the area in
/// common, and a wrong digit stays one wrong letter or digit.
fn as_british(postcode: &str) -> Option<String> {
    let digits: Vec<u8> = postcode.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
    let [first, second, third, fourth] = digits[..] else { return None };
    Some(format!("{}{second} {third}{}A", char::from(b'A' + first), char::from(b'A' + fourth)))
}

fn full(record: &Record) -> String {
    format!("{} {}", record.given, record.family).trim().to_owned()
}

fn fill(records: &[Record]) -> Result<(NameIndex, tempfile::TempDir), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let index = NameIndex::open(folder.path())?;
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    let mentions = records.iter().enumerate().map(|(at, record)| {
        let id = model::Uuid::from_u128(1 + at as u128);
        let name =
            RecordedName { full: full(record), given: given(&record.given), family: given(&record.family), kind: NameKind::Recorded };
        let mention = Mention {
            id,
            incident: id,
            person: None,
            label: 0,
            names: vec![name],
            date_of_birth: record.born,
            age_band: None,
            sex: None,
            postcodes: record.postcode.iter().cloned().collect(),
            roles: 1,
            first_day: 0,
            last_day: 0,
        };
        (id, vec![mention])
    });
    index.apply(&mentions.collect::<Vec<_>>())?;
    index.commit("all")?;
    Ok((index, folder))
}

/// What each record resembles, best first.
fn resembling((index, _): &(NameIndex, tempfile::TempDir), asked: &[Record]) -> Result<Vec<Pair>, Box<dyn Error>> {
    let mut pairs = Vec::new();
    for (at, record) in asked.iter().enumerate() {
        let query =
            Query { name: full(record), date_of_birth: record.born, postcode: record.postcode.clone(), limit: SHOWN, ..Query::default() };
        let hits = index.search(&query, &|_| true, &Tail::new())?;
        pairs.extend(hits.iter().map(|hit| (hit.strength, at, hit.mention.as_u128() as usize - 1)));
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    Ok(pairs)
}

/// Of pairs, best first, those whose duplicate is in none before, nor the original where that has one duplicate only.
fn linked(pairs: Vec<Pair>, one_duplicate_each: bool) -> Vec<Pair> {
    let (mut duplicates, mut originals) = (HashSet::new(), HashSet::new());
    let is_free = |(_, duplicate, original): &Pair| {
        let is_taken = duplicates.contains(duplicate) || (one_duplicate_each && originals.contains(original));
        if !is_taken {
            duplicates.insert(*duplicate);
            originals.insert(*original);
        }
        !is_taken
    };
    pairs.into_iter().filter(is_free).collect()
}

/// Whether both records are one person's.
fn is_right((_, duplicate, original): &Pair, duplicates: &[Record], originals: &[Record]) -> bool {
    duplicates[*duplicate].person == originals[*original].person
}

/// The strength from which on F1 is best, and that F1.
fn best(mut scored: Vec<(f32, bool)>, true_pairs: usize) -> (f32, f64) {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut best) = (0.0, (1.0, 0.0));
    for (at, (strength, same)) in scored.iter().enumerate() {
        right += f64::from(u8::from(*same));
        let f1 = 2.0 * right / ((at + 1) as f64 + true_pairs as f64);
        if f1 > best.1 {
            best = (*strength, f1);
        }
    }
    best
}
