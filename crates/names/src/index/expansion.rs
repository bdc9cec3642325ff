//! The recorded parts that a query's parts may stand for: the index's vocabulary searched, not its mentions.

use super::snapshot::{Segment, Snapshot, each_with_prefix};
use crate::{
    NamesError,
    alignment::{NO_FIT, Row},
    pairing::Probe,
    scoring::Question,
};
use rustc_hash::FxHashMap;
use tantivy::{Term, postings::TermInfo, query::FuzzyTermQuery, schema::Field};

/// A recorded part that fits at least one probe.
pub(crate) struct FittingTerm {
    pub(crate) text: String,
    pub(crate) row: Row,
    /// The segments that have it, and where.
    pub(crate) found: Vec<(usize, TermInfo)>,
}

/// All recorded parts that fit a query.
#[derive(Default)]
pub(crate) struct Expansion {
    pub(crate) terms: Vec<FittingTerm>,
    by_text: FxHashMap<String, usize>,
}

impl Expansion {
    pub(crate) fn of(question: &Question, snapshot: &Snapshot) -> Result<Expansion, NamesError> {
        let mut expansion = Expansion::default();
        for (at, probe) in question.probes.iter().enumerate() {
            if probe.is_initial() {
                continue;
            }
            for (segment, parts) in snapshot.segments.iter().enumerate() {
                let mut found = Found { expansion: &mut expansion, parts, segment, at, probe };
                found.spelled_alike(snapshot.fields.terms)?;
                found.sounding_alike()?;
                found.other_forms()?;
                found.completions()?;
            }
        }
        Ok(expansion)
    }

    /// For each part of a segment's vocabulary that fits, its place in `terms` plus one; 0 for the others.
    pub(crate) fn by_number(&self, snapshot: &Snapshot, segment: usize) -> Vec<u32> {
        let vocabulary = &snapshot.segments[segment].columns.vocabulary;
        let mut places = vec![0; vocabulary.len()];
        for (place, term) in (1u32..).zip(&self.terms) {
            if term.found.iter().any(|(found, _)| *found == segment)
                && let Some(number) = vocabulary.number(&term.text)
            {
                places[number as usize] = place;
            }
        }
        places
    }

    /// How the term at a place given by [`Expansion::by_number`] fits.
    pub(crate) fn row(&self, place: u32) -> &Row {
        place.checked_sub(1).and_then(|place| self.terms.get(place as usize)).map_or(&NO_FIT, |term| &term.row)
    }
}

/// Terms being found for one probe in one segment.
struct Found<'a> {
    expansion: &'a mut Expansion,
    parts: &'a Segment,
    segment: usize,
    at: usize,
    probe: &'a Probe,
}

impl Found<'_> {
    fn spelled_alike(&mut self, field: Field) -> Result<(), NamesError> {
        if self.probe.edits == 0 {
            return self.exactly(&self.probe.text.clone());
        }
        // Only the automaton is taken from tantivy's fuzzy query: it scores every hit alike.
        let term = Term::from_field_text(field, &self.probe.text);
        let automaton = FuzzyTermQuery::new(term, self.probe.edits, true).automaton()?;
        let parts = self.parts;
        let mut stream = parts.terms.terms().search(automaton).into_stream()?;
        while stream.advance() {
            if let Ok(text) = std::str::from_utf8(stream.key()) {
                self.add(text, stream.value(), false);
            }
        }
        Ok(())
    }

    fn sounding_alike(&mut self) -> Result<(), NamesError> {
        for code in self.probe.sounds.codes() {
            let prefix = format!("{code}\0");
            let mut texts = Vec::new();
            each_with_prefix(self.parts.sounds.terms(), prefix.as_bytes(), |key| {
                if let Some(Ok(text)) = key.get(prefix.len()..).map(std::str::from_utf8) {
                    texts.push(text.to_owned());
                }
            })?;
            for text in texts {
                if let Some(info) = self.parts.terms.terms().get(&text)? {
                    self.add(&text, &info, true);
                }
            }
        }
        Ok(())
    }

    fn other_forms(&mut self) -> Result<(), NamesError> {
        let probe = self.probe;
        for form in probe.forms.keys() {
            self.exactly(form)?;
        }
        // A recorded initial, and a recorded name cut short.
        self.exactly(&probe.text[..1])?;
        for length in 4..probe.text.len() {
            self.exactly(&probe.text[..length])?;
        }
        Ok(())
    }

    fn completions(&mut self) -> Result<(), NamesError> {
        let longest = self.probe.longest_completion();
        if longest == 0 {
            return Ok(());
        }
        let parts = self.parts;
        let mut stream = parts.terms.terms().range().ge(&self.probe.text).into_stream()?;
        while stream.advance() && stream.key().starts_with(self.probe.text.as_bytes()) {
            if stream.key().len() <= longest
                && let Ok(text) = std::str::from_utf8(stream.key())
            {
                self.add(text, stream.value(), false);
            }
        }
        Ok(())
    }

    fn exactly(&mut self, text: &str) -> Result<(), NamesError> {
        if let Some(info) = self.parts.terms.terms().get(text)? {
            self.add(text, &info, false);
        }
        Ok(())
    }

    fn add(&mut self, text: &str, info: &TermInfo, sounds_alike: bool) {
        let Some(pair) = self.probe.pair_knowing(text, sounds_alike) else { return };
        let place = match self.expansion.by_text.get(text) {
            Some(place) => *place,
            None => {
                let place = self.expansion.terms.len();
                self.expansion.by_text.insert(text.to_owned(), place);
                self.expansion.terms.push(FittingTerm { text: text.to_owned(), row: NO_FIT, found: Vec::new() });
                place
            }
        };
        let term = &mut self.expansion.terms[place];
        if term.row[self.at].is_none_or(|known| pair.cost < known.cost) {
            term.row[self.at] = Some(pair);
        }
        if term.found.iter().all(|(segment, _)| *segment != self.segment) {
            term.found.push((self.segment, info.clone()));
        }
    }
}
