//! Building a segment, from mentions or from segments that become one.

use super::{
    dead::Dead,
    entry::{Entry, MOST_TERMS, capitalised, place},
    packed::Packed,
    segment::{Columns, Ids, Segment, pack_day, pack_sex},
    vocabulary::Vocabulary,
};
use crate::{Mention, person_record::PersonRecord, sounds::Sounds};
use rustc_hash::FxHashMap;
use uuid::Uuid;

/// Mentions after which a segment is full, while nothing is committed.
const FULL: usize = 1_000_000;

/// A mention on its way into a segment.
#[derive(Debug, Clone)]
struct Row {
    incident: Uuid,
    /// The later of two states of an incident stands.
    state: u32,
    /// Whether it is only told that the incident has no mentions any more.
    nothing: bool,
    mention: Uuid,
    person: Option<Uuid>,
    label: u32,
    roles: u16,
    first_day: u64,
    span: u64,
    born: u64,
    ages: u64,
    sex: u64,
    postcodes: (u32, u32),
    entries: (u32, u32),
    written: (u32, u32),
}

/// A segment being built.
#[derive(Debug, Default)]
pub(super) struct Builder {
    rows: Vec<Row>,
    states: u32,
    entries: Vec<Entry>,
    postcodes: Vec<u64>,
    written: String,
    terms: FxHashMap<String, u32>,
    sounds: Vec<Option<Sounds>>,
}

impl Builder {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= FULL
            || self.terms.len() >= MOST_TERMS / 8
            || self.entries.len() >= u32::MAX as usize / 16
            || self.written.len() >= 1 << 30
    }

    /// The incidents it has anew.
    pub(super) fn incidents(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.rows.iter().map(|row| row.incident)
    }

    /// Sets all mentions of an incident.
    pub(super) fn set(&mut self, incident: Uuid, mentions: &[Mention]) {
        self.states += 1;
        let before = self.rows.len();
        for mention in mentions {
            let record = PersonRecord::of(mention);
            // No search can find one without any name.
            if !record.names.is_empty() {
                self.add(incident, mention, &record);
            }
        }
        if self.rows.len() == before {
            self.rows.push(Row { incident, state: self.states, nothing: true, ..Row::NONE });
        }
    }

    fn add(&mut self, incident: Uuid, mention: &Mention, record: &PersonRecord) {
        let entries_from = self.entries.len() as u32;
        let mut plain = true;
        for (at, name) in record.names.iter().enumerate() {
            for (position, part) in name.parts.iter().enumerate() {
                let term = self.term(&part.text, None);
                self.entries.push(Entry::new(term, place(at, Some(part.slot))));
                if let Some((_, joined)) = name.joined.iter().find(|(first, _)| first + 1 == position) {
                    let term = self.term(joined, None);
                    self.entries.push(Entry::new(term, place(at, None)));
                }
            }
            plain &= capitalised(name.parts.iter().map(|part| part.text.as_str())) == name.written;
        }
        let written_from = self.written.len() as u32;
        if !plain {
            for (at, name) in record.names.iter().enumerate() {
                self.written.push_str(if at == 0 { "" } else { "\n" });
                self.written.push_str(&name.written);
            }
        }
        let postcodes_from = self.postcodes.len() as u32;
        self.postcodes.extend(&record.postcodes);
        self.rows.push(Row {
            incident,
            state: self.states,
            nothing: false,
            mention: mention.id,
            person: mention.person,
            label: mention.label,
            roles: mention.roles,
            first_day: pack_day(mention.first_day),
            span: u64::from(mention.last_day.wrapping_sub(mention.first_day) as u32),
            born: record.date_of_birth,
            // Youngest and oldest in one number; 0 stands for unknown, so one is added.
            ages: record.age_band.map_or(0, |(from, to)| (u64::from(from) << 8 | u64::from(to)) + 1),
            sex: pack_sex(record.sex),
            postcodes: (postcodes_from, self.postcodes.len() as u32),
            entries: (entries_from, self.entries.len() as u32),
            written: (written_from, self.written.len() as u32),
        });
    }

    fn term(&mut self, text: &str, sounds: Option<Sounds>) -> u32 {
        if let Some(term) = self.terms.get(text) {
            return *term;
        }
        let term = self.sounds.len() as u32;
        self.terms.insert(text.to_owned(), term);
        self.sounds.push(sounds);
        term
    }

    /// Adds what lives of a segment.
    pub(super) fn copy(&mut self, segment: &Segment, dead: &Dead) {
        self.states += 1;
        let mut known: Vec<Option<u32>> = vec![None; segment.vocabulary.len()];
        for document in (0..segment.len()).filter(|document| !dead.has(*document)) {
            let at = document as usize;
            let entries_from = self.entries.len() as u32;
            for entry in segment.entries(document) {
                let term = match known[entry.term() as usize] {
                    Some(term) => term,
                    None => {
                        let (text, sounds) = (segment.vocabulary.text(entry.term()), segment.vocabulary.sounds(entry.term()));
                        *known[entry.term() as usize].insert(self.term(text, Some(sounds)))
                    }
                };
                self.entries.push(Entry::new(term, entry.place()));
            }
            let written_from = self.written.len() as u32;
            self.written.push_str(segment.unlike(document).unwrap_or_default());
            let postcodes_from = self.postcodes.len() as u32;
            self.postcodes.extend(segment.postcodes(document));
            let (high, low) = segment.mention(document);
            self.rows.push(Row {
                incident: segment.incident(document),
                state: self.states,
                nothing: false,
                mention: Uuid::from_u64_pair(high, low),
                person: segment.person(document),
                label: segment.label(document),
                roles: segment.roles(document),
                first_day: segment.columns.first_days.get(at),
                span: segment.columns.spans.get(at),
                born: segment.born(document),
                ages: segment.columns.ages.get(at),
                sex: segment.columns.sexes.get(at),
                postcodes: (postcodes_from, self.postcodes.len() as u32),
                entries: (entries_from, self.entries.len() as u32),
                written: (written_from, self.written.len() as u32),
            });
        }
    }

    /// The segment; nothing where no mention is left.
    pub(super) fn finish(mut self, number: u64) -> Option<Segment> {
        let mut rows = std::mem::take(&mut self.rows);
        rows.sort_by_key(|row| row.incident);
        // Of each incident the last state only. The rows of one are together, the later states behind.
        let mut kept: Vec<Row> = Vec::with_capacity(rows.len());
        for row in rows {
            while kept.last().is_some_and(|last| last.incident == row.incident && last.state != row.state) {
                kept.pop();
            }
            kept.push(row);
        }
        kept.retain(|row| !row.nothing);
        if kept.is_empty() {
            return None;
        }
        let (vocabulary, renumbered) = self.vocabulary(&kept);
        let mut labels: Vec<u32> = kept.iter().map(|row| row.label).collect();
        labels.sort_unstable();
        labels.dedup();
        let columns = self.columns(&kept, &labels);
        let mut entries = Vec::with_capacity(self.entries.len());
        let mut ends = Vec::with_capacity(kept.len());
        for row in &kept {
            let of_row = &self.entries[row.entries.0 as usize..row.entries.1 as usize];
            entries.extend(of_row.iter().map(|entry| Entry::new(renumbered[entry.term() as usize], entry.place()).0));
            ends.push(entries.len());
        }
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let lists = starts.zip(&ends).map(|(from, to)| &entries[from..*to]);
        Some(Segment::new(number, vocabulary, labels, columns, lists))
    }

    /// The parts that are used, in order, and the new number of each.
    fn vocabulary(&self, rows: &[Row]) -> (Vocabulary, Vec<u32>) {
        let mut used = vec![false; self.sounds.len()];
        for row in rows {
            for entry in &self.entries[row.entries.0 as usize..row.entries.1 as usize] {
                used[entry.term() as usize] = true;
            }
        }
        let mut terms: Vec<(&str, u32)> =
            self.terms.iter().filter(|(_, term)| used[**term as usize]).map(|(text, term)| (text.as_str(), *term)).collect();
        terms.sort_unstable();
        let mut renumbered = vec![0; self.sounds.len()];
        for (number, (_, term)) in (0..).zip(&terms) {
            renumbered[*term as usize] = number;
        }
        let sounds = |text: &str, term: u32| self.sounds[term as usize].unwrap_or_else(|| Sounds::of(text));
        (Vocabulary::of(terms.iter().map(|(text, term)| (*text, sounds(text, *term)))), renumbered)
    }

    fn columns(&self, rows: &[Row], labels: &[u32]) -> Columns {
        let column = |value: &dyn Fn(&Row) -> u64| Packed::of(rows.iter().map(value));
        let having = |has: &dyn Fn(&Row) -> bool| Packed::of((0..).zip(rows).filter(|(_, row)| has(row)).map(|(at, _)| at));
        let is_written = |row: &Row| row.written.0 != row.written.1;
        let (mut postcodes, mut postcode_ends) = (Vec::new(), Vec::with_capacity(rows.len()));
        let (mut written, mut unlike_ends) = (String::new(), Vec::new());
        for row in rows {
            postcodes.extend(&self.postcodes[row.postcodes.0 as usize..row.postcodes.1 as usize]);
            postcode_ends.push(postcodes.len() as u64);
            if is_written(row) {
                written.push_str(&self.written[row.written.0 as usize..row.written.1 as usize]);
                unlike_ends.push(written.len() as u64);
            }
        }
        Columns {
            incidents: Ids::of(rows.iter().map(|row| row.incident)),
            mentions: Ids::of(rows.iter().map(|row| row.mention)),
            linked: having(&|row| row.person.is_some()),
            persons: Ids::of(rows.iter().filter_map(|row| row.person)),
            labels: column(&|row| labels.binary_search(&row.label).unwrap_or_default() as u64),
            roles: column(&|row| u64::from(row.roles)),
            first_days: column(&|row| row.first_day),
            spans: column(&|row| row.span),
            born: column(&|row| row.born),
            ages: column(&|row| row.ages),
            sexes: column(&|row| row.sex),
            postcode_ends: Packed::of(postcode_ends),
            postcodes: Packed::of(postcodes),
            unlike: having(&is_written),
            unlike_ends: Packed::of(unlike_ends),
            written,
        }
    }
}

impl Row {
    const NONE: Row = Row {
        incident: Uuid::nil(),
        state: 0,
        nothing: true,
        mention: Uuid::nil(),
        person: None,
        label: 0,
        roles: 0,
        first_day: 0,
        span: 0,
        born: 0,
        ages: 0,
        sex: 0,
        postcodes: (0, 0),
        entries: (0, 0),
        written: (0, 0),
    };
}
