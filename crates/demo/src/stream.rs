//! Incidents in the order in which they were recorded: the random part, made day by day, and the stories between.

use crate::{
    DemoIncident, calendar,
    compose::{Day, compose},
    kinds::KINDS,
    partnership::Ids,
    random::Random,
    stories,
    town::Town,
};
use jiff::{ToSpan, civil::Date};
use model::Timestamp;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

/// When it was recorded, and a number that tells apart what was recorded in the same microsecond.
type Turn = (i64, u64);

/// The iterator behind [`crate::incidents`].
pub(crate) struct Stream {
    town: Town,
    ids: Ids,
    seed: u64,
    /// The days still to be made, last first: first moment and number of incidents.
    days: Vec<(Date, usize)>,
    latest: i64,
    made: u64,
    /// What is made and not yet due.
    turns: BinaryHeap<Reverse<Turn>>,
    waiting: BTreeMap<u64, DemoIncident>,
}

impl Stream {
    pub(crate) fn new(seed: u64, today: Date, count: usize, ids: Ids) -> Self {
        let latest = Timestamp::start_of_london_day(today).micros() - 1;
        let planted = stories::all(today);
        let days = shares(seed, today, count.saturating_sub(planted.len()));
        let mut stream =
            Self { town: Town::new(seed, today), ids, seed, days, latest, made: 0, turns: BinaryHeap::new(), waiting: BTreeMap::new() };
        for incident in planted {
            stream.keep(incident);
        }
        stream
    }

    fn keep(&mut self, incident: DemoIncident) {
        self.made += 1;
        self.turns.push(Reverse((incident.recorded_at.micros(), self.made)));
        self.waiting.insert(self.made, incident);
    }

    fn make_day(&mut self, date: Date, number: usize) {
        let day = Day { date, midnight: Timestamp::start_of_london_day(date).micros(), latest: self.latest };
        let name = date.to_string();
        let weights: Vec<f64> = KINDS.iter().map(|kind| kind.weight * calendar::weight(kind, date)).collect();
        for nth in 0..number {
            let mut random = Random::new(self.seed, &name, nth as u64);
            let kind = random.weighted(&weights);
            if let Some(incident) = compose(&self.town, &self.ids, day, kind, random) {
                self.keep(incident);
            }
        }
    }
}

/// How many incidents each day has, last day first.
fn shares(seed: u64, today: Date, count: usize) -> Vec<(Date, usize)> {
    let mut random = Random::new(seed, "days", 0);
    let first = today.saturating_sub(3.years());
    let mut days = Vec::new();
    let (mut day, mut total) = (first, 0.0);
    while day < today {
        let weight: f64 = KINDS.iter().map(|kind| kind.weight * calendar::weight(kind, day)).sum();
        // Rain, football, chance; and a little more each year.
        let year = days.len() as f64 / 365.0;
        total += weight * (0.6 + 0.8 * random.unit()) * (1.0 + 0.03 * year);
        days.push((day, total));
        day = day.saturating_add(1.day());
    }
    let mut before = 0;
    let mut shares: Vec<(Date, usize)> = days
        .into_iter()
        .map(|(day, so_far)| {
            let upto = (so_far / total * count as f64).round() as usize;
            let share = upto.saturating_sub(before);
            before = upto;
            (day, share)
        })
        .collect();
    shares.reverse();
    shares
}

impl Iterator for Stream {
    type Item = DemoIncident;

    fn next(&mut self) -> Option<DemoIncident> {
        // What was recorded before the next day begins can no longer be overtaken.
        while let Some((day, number)) = self.days.last().copied() {
            let begins = Timestamp::start_of_london_day(day).micros();
            if self.turns.peek().is_some_and(|Reverse((recorded, _))| *recorded < begins) {
                break;
            }
            self.days.pop();
            self.make_day(day, number);
        }
        let Reverse((_, number)) = self.turns.pop()?;
        self.waiting.remove(&number)
    }
}
