//! Mentions newer than the index's last commit, held in memory.

use crate::{
    Mention, Query,
    alignment::Seats,
    person_record::PersonRecord,
    scoring::{self, Circumstances, NameScore, Question},
};
use rustc_hash::FxHashMap;
use uuid::Uuid;

/// Mentions of incidents newer than the index's commit. For the incidents it holds, the tail alone counts.
#[derive(Debug, Clone, Default)]
pub struct Tail {
    incidents: FxHashMap<Uuid, Vec<Entry>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) mention: Mention,
    pub(crate) record: PersonRecord,
}

impl Tail {
    /// Holds nothing: the index alone counts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets all mentions of an incident; none at all hides what the index has of it.
    pub fn insert(&mut self, incident: Uuid, mentions: Vec<Mention>) {
        let entries = mentions.into_iter().map(|mention| Entry { record: PersonRecord::of(&mention), mention }).collect();
        self.incidents.insert(incident, entries);
    }

    /// Lets the index count again for this incident.
    pub fn remove(&mut self, incident: &Uuid) {
        self.incidents.remove(incident);
    }

    /// The incidents it holds.
    pub fn incidents(&self) -> impl Iterator<Item = &Uuid> {
        self.incidents.keys()
    }

    /// Number of incidents it holds.
    pub fn len(&self) -> usize {
        self.incidents.len()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.incidents.is_empty()
    }

    /// The mentions that the filters and `visible` let through.
    pub(crate) fn admitted<'a>(&'a self, query: &'a Query, visible: &'a dyn Fn(u32) -> bool) -> impl Iterator<Item = &'a Entry> {
        self.incidents.values().flatten().filter(move |entry| {
            let mention = &entry.mention;
            visible(mention.label) && query.admits(mention.roles, mention.first_day, mention.last_day)
        })
    }
}

impl Entry {
    pub(crate) fn circumstances(&self) -> Circumstances<'_> {
        let record = &self.record;
        Circumstances {
            date_of_birth: record.date_of_birth,
            age_band: record.age_band,
            first_day: record.first_day,
            postcodes: &record.postcodes,
            sex: record.sex,
        }
    }

    /// The name that fits best, its place among the names, and its score.
    pub(crate) fn best_name(&self, question: &Question) -> Option<(usize, NameScore)> {
        let mut best: Option<(usize, NameScore)> = None;
        for at in 0..self.record.names.len() {
            let score = self.with_seats(question, at, |seats| scoring::name(question, seats));
            if best.is_none_or(|(_, known)| score.evidence > known.evidence) {
                best = Some((at, score));
            }
        }
        best
    }

    /// Runs `body` on the parts of name `at`.
    pub(crate) fn with_seats<T>(&self, question: &Question, at: usize, body: impl FnOnce(&Seats<'_>) -> T) -> T {
        let name = &self.record.names[at];
        let mut seats = Seats::default();
        for part in &name.parts {
            seats.push(&part.text, part.slot, question.row(&part.text), question.halves(&part.text));
        }
        for (at, text) in &name.joined {
            seats.push_joined(*at, question.row(text));
        }
        body(&seats)
    }
}
