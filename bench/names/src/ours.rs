//! Beacon's own index, filled and asked; times are of one thread on a processor.

use crate::{people::Person, queries::Asked, seeded::Seeded};
use cpu_time::{ProcessTime, ThreadTime};
use names::{Band, Match, Mention, NameIndex, NameKind, Query, RecordedName, Tail};
use serde_json::{Value, json};
use std::{collections::BTreeMap, error::Error, path::Path, time::Instant};

/// Matches that are looked at.
const SHOWN: usize = 10;
/// Access labels of the mentions. The caller sees all of them, and each is asked about.
const LABELS: u32 = 5;
/// Mentions given to the index at a time.
const BATCH: usize = 10_000;
/// Writes of which it is measured how soon a search sees them.
const WRITES: u32 = 200;

/// An index that is filled, and what that took.
pub(crate) struct Filled {
    pub(crate) index: NameIndex,
    /// Deleted with it.
    _folder: tempfile::TempDir,
    ids: Ids,
    pub(crate) figures: Value,
}

/// The person a mention is about, by the mention's id: the number is the place in the order of recording.
struct Ids {
    sorted: Vec<(model::Uuid, u32)>,
}

impl Ids {
    fn person(&self, mention: model::Uuid) -> Option<usize> {
        let at = self.sorted.binary_search_by_key(&mention, |(id, _)| *id).ok()?;
        Some(self.sorted[at].1 as usize)
    }
}

/// A version 7 id of the moment at which number `at` is recorded.
fn id(at: usize, seeded: &mut Seeded) -> model::Uuid {
    let millis = 1_600_000_000_000 + at as u64 * 16_000 + seeded.next() % 16_000;
    model::Uuid::from_u64_pair(millis << 16 | 7 << 12 | seeded.next() & 0xfff, 2 << 62 | seeded.next() >> 2)
}

fn mention(at: usize, person: &Person, seeded: &mut Seeded) -> Mention {
    let name = RecordedName {
        full: person.full(),
        given: Some(person.given.clone()),
        family: Some(person.family.clone()),
        kind: NameKind::Recorded,
    };
    let day = 18_500 + (at / 1_000) as i32;
    Mention {
        id: id(at, seeded),
        incident: id(at, seeded),
        person: None,
        label: at as u32 % LABELS,
        names: vec![name],
        date_of_birth: person.born.parse().ok(),
        age_band: None,
        sex: None,
        postcodes: vec![person.postcode.clone()],
        roles: 1,
        first_day: day,
        last_day: day,
    }
}

/// Puts people into a new index, in the order given.
pub(crate) fn fill(people: impl Iterator<Item = Person>) -> Result<Filled, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let index = NameIndex::open(folder.path())?;
    let mut seeded = Seeded::new(7);
    let mut sorted = Vec::new();
    let (mut batch, mut spent, mut wall) = (Vec::with_capacity(BATCH), std::time::Duration::ZERO, std::time::Duration::ZERO);
    let mut apply = |batch: &mut Vec<(model::Uuid, Vec<Mention>)>| -> Result<(), Box<dyn Error>> {
        let (began, wall_began) = (ProcessTime::now(), Instant::now());
        index.apply(batch)?;
        (spent, wall) = (spent + began.elapsed(), wall + wall_began.elapsed());
        batch.clear();
        Ok(())
    };
    for (at, person) in people.enumerate() {
        let mention = mention(at, &person, &mut seeded);
        sorted.push((mention.id, at as u32));
        batch.push((mention.incident, vec![mention]));
        if batch.len() == BATCH {
            apply(&mut batch)?;
        }
    }
    apply(&mut batch)?;
    let (began, wall_began) = (ProcessTime::now(), Instant::now());
    index.commit("all")?;
    index.settle();
    (spent, wall) = (spent + began.elapsed(), wall + wall_began.elapsed());
    sorted.sort_unstable();
    let mentions = index.mentions();
    let bytes = size(folder.path())?;
    let figures = json!({
        "mentions": mentions,
        "bytes_a_mention": bytes as f64 / mentions as f64,
        "ingest_a_second_of_processor": mentions as f64 / spent.as_secs_f64(),
        "ingest_wall_seconds": wall.as_secs_f64(),
    });
    Ok(Filled { index, _folder: folder, ids: Ids { sorted }, figures })
}

fn size(path: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        bytes += if entry.path().is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

/// What became of a query: where the person looked for came, and how long it took on a processor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answered {
    pub(crate) place: Option<usize>,
    /// The mean reciprocal of the places that matches as strong have, counted from 1: which of them comes first is luck.
    pub(crate) without_luck: f64,
    pub(crate) milliseconds: f64,
}

/// How many were found and how soon: shares of the queries, milliseconds of a thread on a processor.
pub(crate) fn figures(answers: &[Answered]) -> Value {
    let count = answers.len().max(1) as f64;
    let places = || answers.iter().filter_map(|one| one.place);
    let share = places().count() as f64 / count;
    let (low, high) = interval(share, count);
    let mut took: Vec<f64> = answers.iter().map(|one| one.milliseconds).collect();
    let total: f64 = took.iter().sum();
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took.get(((count - 1.0) * share) as usize).copied().unwrap_or_default();
    json!({
        "asked": answers.len(), "recall_10": share, "recall_10_95": [low, high],
        "recall_1": places().filter(|place| *place == 0).count() as f64 / count,
        "mrr": places().map(|place| 1.0 / (place + 1) as f64).sum::<f64>() / count,
        "mrr_without_luck": answers.iter().map(|one| one.without_luck).sum::<f64>() / count,
        "mean_ms": total / count, "p50_ms": at(0.5), "p99_ms": at(0.99), "queries_a_second": count / total * 1e3,
    })
}

/// The 95 % interval of a share of `count` (Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927).
fn interval(share: f64, count: f64) -> (f64, f64) {
    let z = 1.96;
    let middle = share + z * z / (2.0 * count);
    let half = z * (share * (1.0 - share) / count + z * z / (4.0 * count * count)).sqrt();
    ((middle - half) / (1.0 + z * z / count), (middle + half) / (1.0 + z * z / count))
}

impl Filled {
    /// Asks everything, one after another.
    pub(crate) fn ask(&self, asked: &[Asked]) -> Result<Value, Box<dyn Error>> {
        let mut classes: BTreeMap<&str, Vec<Answered>> = BTreeMap::new();
        let mut bands = [[0.0f64; 3]; 10];
        for one in asked {
            let (found, answered) = self.ask_one(one)?;
            for hit in &found {
                let band = &mut bands[(hit.strength * 10.0).min(9.0) as usize];
                band[0] += 1.0;
                band[1] += f64::from(hit.strength);
                band[2] += f64::from(u8::from(self.ids.person(hit.mention) == Some(one.target)));
            }
            for class in [one.class, "all"] {
                classes.entry(class).or_default().push(answered);
            }
        }
        let hits: f64 = bands.iter().map(|band| band[0]).sum();
        let error: f64 = bands.iter().map(|[_, strength, right]| (strength - right).abs()).sum();
        let classes: serde_json::Map<_, _> = classes.iter().map(|(class, answers)| ((*class).to_owned(), figures(answers))).collect();
        let of_all = |name: &str| classes.get("all").map(|all| all[name].clone());
        Ok(json!({
            "calibration_error": error / hits.max(1.0), "p50_ms": of_all("p50_ms"), "p99_ms": of_all("p99_ms"),
            "queries_a_second": of_all("queries_a_second"), "classes": classes,
        }))
    }

    /// The number of people is what an operator would have set.
    fn query(&self, asked: &Asked) -> Query {
        Query {
            name: asked.name.clone(),
            date_of_birth: asked.born.as_deref().and_then(|born| born.parse().ok()),
            postcode: asked.postcode.clone(),
            people: Some(self.ids.sorted.len() as u32),
            limit: SHOWN,
            ..Query::default()
        }
    }

    /// Asks one, for a caller who sees everybody and is asked about each label.
    fn ask_one(&self, asked: &Asked) -> Result<(Vec<Match>, Answered), Box<dyn Error>> {
        let query = self.query(asked);
        let began = ThreadTime::now();
        let found = self.index.search(&query, &|label| label < LABELS, &Tail::new())?;
        let milliseconds = began.elapsed().as_secs_f64() * 1e3;
        let place = found.iter().position(|hit| self.ids.person(hit.mention) == Some(asked.target));
        let without_luck = place.map_or(0.0, |place| {
            let as_strong = (1..).zip(&found).filter(|(_, hit)| hit.strength == found[place].strength);
            let reciprocals: Vec<f64> = as_strong.map(|(place, _)| 1.0 / f64::from(place)).collect();
            reciprocals.iter().sum::<f64>() / reciprocals.len() as f64
        });
        Ok((found, Answered { place, without_luck, milliseconds }))
    }

    /// What became of each, one after another.
    pub(crate) fn answer(&self, asked: &[Asked]) -> Result<Vec<Answered>, Box<dyn Error>> {
        asked.iter().map(|one| Ok(self.ask_one(one)?.1)).collect()
    }

    /// The share of queries for people who are not there that are answered with a strong match.
    pub(crate) fn absent_shown_as_strong(&self, absent: &[Asked]) -> Result<f64, Box<dyn Error>> {
        let mut strong = 0;
        for one in absent {
            let found = self.index.search(&self.query(one), &|_| true, &Tail::new())?;
            strong += usize::from(found.iter().any(|hit| hit.band == Band::Strong));
        }
        Ok(strong as f64 / absent.len().max(1) as f64)
    }

    /// Milliseconds, by the clock on the wall, until a search finds what was written: commit and search, at the 99th of 100.
    pub(crate) fn write_visible(&self) -> Result<f64, Box<dyn Error>> {
        let mut seeded = Seeded::new(11);
        let mut took = Vec::new();
        for at in 0..WRITES {
            let given = format!("Zyx{at}");
            let person = Person { given, family: "Qwopper".to_owned(), ..Person::default() };
            let mention = mention(at as usize, &person, &mut seeded);
            let query = Query { name: person.full(), limit: 1, ..Query::default() };
            let began = Instant::now();
            self.index.apply(&[(mention.incident, vec![mention])])?;
            self.index.commit("more")?;
            let found = self.index.search(&query, &|_| true, &Tail::new())?;
            let milliseconds = began.elapsed().as_secs_f64() * 1e3;
            took.push(milliseconds);
            if found.first().is_none_or(|hit| hit.matched_name != person.full()) {
                return Err("what was written is not found".into());
            }
        }
        took.sort_by(f64::total_cmp);
        Ok(took.get(took.len() * 99 / 100).copied().unwrap_or_default())
    }
}
