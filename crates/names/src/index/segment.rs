//! A segment: some of the mentions, in the order of their incidents, never changed once written.
//!
//! Its file holds the columns; what searches walk (parts by mention, mentions by part) is worked out when it is read.

use super::{
    bits::Bits,
    bytes::{Reader, Writer},
    entry::{self, Entry},
    packed::Packed,
    vocabulary::Vocabulary,
};
use crate::{
    NamesError, Sex,
    analysis::{self, Slot},
};
use std::ops::Range;
use uuid::Uuid;

/// Ids, in the order of the mentions.
#[derive(Debug, Default)]
pub(super) struct Ids {
    pub(super) high: Packed,
    pub(super) low: Packed,
}

impl Ids {
    pub(super) fn of(ids: impl Iterator<Item = Uuid> + Clone) -> Ids {
        Ids { high: Packed::of(ids.clone().map(|id| id.as_u64_pair().0)), low: Packed::of(ids.map(|id| id.as_u64_pair().1)) }
    }

    pub(super) fn get(&self, at: usize) -> (u64, u64) {
        (self.high.get(at), self.low.get(at))
    }

    fn id(&self, at: usize) -> Uuid {
        Uuid::from_u64_pair(self.high.get(at), self.low.get(at))
    }
}

/// What of each mention is read only when it is shown, or when a search asks for it.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) incidents: Ids,
    pub(super) mentions: Ids,
    /// The mentions linked to a person, and to whom.
    pub(super) linked: Packed,
    pub(super) persons: Ids,
    /// Place of the label in the segment's labels.
    pub(super) labels: Packed,
    pub(super) roles: Packed,
    pub(super) first_days: Packed,
    /// Days from the first to the last.
    pub(super) spans: Packed,
    pub(super) born: Packed,
    pub(super) ages: Packed,
    pub(super) sexes: Packed,
    /// Where the postcodes of each mention end, and all of them.
    pub(super) postcode_ends: Packed,
    pub(super) postcodes: Packed,
    /// The mentions whose names are not simply their parts with capitals, and those names, one to a line.
    pub(super) unlike: Packed,
    pub(super) unlike_ends: Packed,
    pub(super) written: String,
}

/// A segment.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) number: u64,
    pub(crate) vocabulary: Vocabulary,
    /// The labels that occur.
    pub(crate) labels: Vec<u32>,
    pub(super) columns: Columns,
    /// For each mention its entries, as far as four are enough; see [`Entry`].
    forward: Vec<[u32; 4]>,
    /// The entries of the others, each list behind its length.
    long: Vec<u32>,
    /// Where the postings of each part in each place begin.
    posting_starts: Vec<u32>,
    postings: Vec<u32>,
    label_of: Vec<u32>,
    /// Packed date of birth of each mention, 0 when unknown.
    born_of: Vec<u32>,
    /// Dates of birth and postcodes with the mentions that have them, in order.
    by_born: Vec<(u32, u32)>,
    by_postcode: Vec<(u64, u32)>,
    /// The mentions that have a postcode.
    at_home: Bits,
    ages_known: bool,
}

/// Where a part stands in the mentions of one list of postings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The mention has one name, with a family name; the part is its given name.
    Given,
    /// The same; a middle name.
    Middle,
    /// The same; the family name.
    Family,
    /// The same; two parts as one word.
    Joined,
    /// The mention has several names, or one without a family name.
    Otherwise,
}

impl Standing {
    pub(crate) const ALL: [Standing; 5] = [Self::Given, Self::Middle, Self::Family, Self::Joined, Self::Otherwise];

    /// Where the parts of a mention stand.
    fn of(entries: &[u32], particles: &[bool]) -> impl Fn(Entry) -> Standing {
        let entries = || entries.iter().map(|entry| Entry(*entry));
        let family = |entry: Entry| entry.slot() == Some(Slot::Family) && !particles[entry.term() as usize];
        let usual = entries().all(|entry| entry.name() == 0) && entries().any(family);
        move |entry| if usual { Self::ALL[usize::from(entry.place() & 3)] } else { Self::Otherwise }
    }
}

/// Where the postings of a part and place are.
fn posting(term: u32, standing: Standing) -> usize {
    Standing::ALL.len() * term as usize + standing as usize
}

/// In [`Segment::forward`]: the rest is where the entries are in [`Segment::long`].
const LONG: u32 = 1 << 31;

impl Segment {
    /// Puts together what the file has and what searches need. `entries` has the entries of each mention.
    pub(super) fn new<'a>(
        number: u64,
        vocabulary: Vocabulary,
        labels: Vec<u32>,
        columns: Columns,
        entries: impl Iterator<Item = &'a [u32]>,
    ) -> Segment {
        let mut forward = Vec::with_capacity(columns.roles.len());
        let mut long = Vec::new();
        let mut posting_starts = vec![0u32; Standing::ALL.len() * vocabulary.len() + 2];
        let particles: Vec<bool> = (0..vocabulary.len() as u32).map(|term| analysis::is_particle(vocabulary.text(term))).collect();
        let marked = |entry: &u32| Entry(*entry).marked(particles[Entry(*entry).term() as usize]).0;
        for entries in entries {
            let mut short = [entry::NONE; 4];
            if entries.len() <= short.len() {
                short.iter_mut().zip(entries).for_each(|(to, entry)| *to = marked(entry));
            } else {
                short[0] = LONG | long.len() as u32;
                long.push(entries.len() as u32);
                long.extend(entries.iter().map(marked));
            }
            forward.push(short);
            let standing = Standing::of(entries, &particles);
            for entry in entries.iter().map(|entry| Entry(*entry)) {
                posting_starts[posting(entry.term(), standing(entry)) + 2] += 1;
            }
        }
        for at in 1..posting_starts.len() {
            posting_starts[at] += posting_starts[at - 1];
        }
        let mut segment = Segment {
            number,
            labels,
            forward,
            long,
            postings: vec![0; posting_starts.last().map_or(0, |last| *last as usize)],
            label_of: columns.labels.iter().map(|label| label as u32).collect(),
            born_of: columns.born.iter().map(|born| born as u32).collect(),
            by_born: Vec::new(),
            by_postcode: Vec::new(),
            at_home: Bits::default(),
            ages_known: false,
            posting_starts,
            vocabulary,
            columns,
        };
        segment.invert(&particles);
        segment
    }

    fn invert(&mut self, particles: &[bool]) {
        let mut postings = std::mem::take(&mut self.postings);
        let mut ends = std::mem::take(&mut self.posting_starts);
        for document in 0..self.len() {
            let entries: Vec<u32> = self.entries(document).map(|entry| entry.0).collect();
            let standing = Standing::of(&entries, particles);
            for entry in self.entries(document) {
                let end = &mut ends[posting(entry.term(), standing(entry)) + 1];
                postings[*end as usize] = document;
                *end += 1;
            }
        }
        ends.pop();
        (self.postings, self.posting_starts) = (postings, ends);
        self.ages_known = self.columns.ages.iter().any(|ages| ages != 0);
        self.by_born = (0..).zip(&self.born_of).filter(|(_, born)| **born != 0).map(|(at, born)| (*born, at)).collect();
        self.by_born.sort_unstable();
        self.by_postcode = (0..self.len()).flat_map(|document| self.postcodes(document).map(move |code| (code, document))).collect();
        self.by_postcode.sort_unstable();
        self.at_home = Bits::of(self.len(), self.by_postcode.iter().map(|(_, document)| *document));
    }

    pub(crate) fn len(&self) -> u32 {
        self.forward.len() as u32
    }

    /// The name parts of a mention.
    pub(crate) fn entries(&self, document: u32) -> impl Iterator<Item = Entry> + '_ {
        self.raw_entries(document).iter().take_while(|entry| **entry != entry::NONE).map(|entry| Entry(*entry))
    }

    /// The same, with [`entry::NONE`] behind the last where there is room.
    fn raw_entries(&self, document: u32) -> &[u32] {
        self.opened(&self.forward[document as usize])
    }

    /// What of a mention's entries is at hand at once, to be given to [`Segment::opened`].
    #[inline]
    pub(super) fn beginning(&self, document: u32) -> [u32; 4] {
        self.forward[document as usize]
    }

    /// All entries of a mention, with [`entry::NONE`] behind the last where there is room.
    #[inline]
    pub(super) fn opened<'a>(&'a self, beginning: &'a [u32; 4]) -> &'a [u32] {
        if beginning[0] & LONG == 0 {
            return beginning;
        }
        let at = (beginning[0] & !LONG) as usize;
        &self.long[at + 1..=at + self.long[at] as usize]
    }

    /// The mentions in which a part stands like this; one that has it twice is there twice.
    pub(crate) fn postings(&self, term: u32, standing: Standing) -> &[u32] {
        let at = posting(term, standing);
        &self.postings[self.posting_starts[at] as usize..self.posting_starts[at + 1] as usize]
    }

    /// The mentions with a date of birth from one packed number to another.
    pub(crate) fn born_within(&self, range: Range<u32>) -> &[(u32, u32)] {
        let from = self.by_born.partition_point(|(born, _)| *born < range.start);
        let length = self.by_born[from..].partition_point(|(born, _)| *born < range.end);
        &self.by_born[from..from + length]
    }

    /// The same for postcodes.
    pub(crate) fn living_within(&self, range: Range<u64>) -> &[(u64, u32)] {
        let from = self.by_postcode.partition_point(|(code, _)| *code < range.start);
        let length = self.by_postcode[from..].partition_point(|(code, _)| *code < range.end);
        &self.by_postcode[from..from + length]
    }

    /// The place of a mention's label in [`Segment::labels`].
    pub(crate) fn label_at(&self, document: u32) -> usize {
        self.label_of[document as usize] as usize
    }

    pub(crate) fn label(&self, document: u32) -> u32 {
        self.labels[self.label_at(document)]
    }

    pub(crate) fn roles(&self, document: u32) -> u16 {
        self.columns.roles.get(document as usize) as u16
    }

    /// First and last day.
    pub(crate) fn days(&self, document: u32) -> (i32, i32) {
        let first = unpack_day(self.columns.first_days.get(document as usize));
        (first, first.wrapping_add(self.columns.spans.get(document as usize) as i32))
    }

    /// Whether an age is known of any mention.
    pub(crate) fn ages_known(&self) -> bool {
        self.ages_known
    }

    /// Packed date of birth, 0 when unknown.
    pub(crate) fn born(&self, document: u32) -> u64 {
        u64::from(self.born_of[document as usize])
    }

    pub(crate) fn age_band(&self, document: u32) -> Option<(u8, u8)> {
        let packed = self.columns.ages.get(document as usize).checked_sub(1)?;
        Some(((packed >> 8) as u8, packed as u8))
    }

    pub(crate) fn sex(&self, document: u32) -> Option<Sex> {
        unpack_sex(self.columns.sexes.get(document as usize))
    }

    pub(crate) fn postcodes(&self, document: u32) -> impl Iterator<Item = u64> + '_ {
        let ends = &self.columns.postcode_ends;
        let from = document.checked_sub(1).map_or(0, |before| ends.get(before as usize));
        (from..ends.get(document as usize)).map(|at| self.columns.postcodes.get(at as usize))
    }

    /// Whether the mention has a postcode.
    pub(crate) fn is_at_home(&self, document: u32) -> bool {
        self.at_home.has(document)
    }

    /// The mention's id in two halves.
    pub(crate) fn mention(&self, document: u32) -> (u64, u64) {
        self.columns.mentions.get(document as usize)
    }

    pub(crate) fn incident(&self, document: u32) -> Uuid {
        self.columns.incidents.id(document as usize)
    }

    pub(crate) fn person(&self, document: u32) -> Option<Uuid> {
        let at = find(&self.columns.linked, document)?;
        Some(self.columns.persons.id(at))
    }

    /// The mentions of an incident.
    pub(crate) fn of_incident(&self, incident: Uuid) -> Range<u32> {
        let wanted = incident.as_u64_pair();
        let (mut low, mut high) = (0, self.len());
        // Most that are asked for are newer than the segment.
        if high == 0 || self.columns.incidents.get(high as usize - 1) < wanted {
            return 0..0;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if self.columns.incidents.get(middle as usize) < wanted { low = middle + 1 } else { high = middle }
        }
        let mut end = low;
        while end < self.len() && self.columns.incidents.get(end as usize) == wanted {
            end += 1;
        }
        low..end
    }

    /// The names as written, one to a line, where they are not simply their parts with capitals.
    pub(crate) fn unlike(&self, document: u32) -> Option<&str> {
        let at = find(&self.columns.unlike, document)?;
        let ends = &self.columns.unlike_ends;
        let from = at.checked_sub(1).map_or(0, |before| ends.get(before));
        self.columns.written.get(from as usize..ends.get(at) as usize)
    }

    /// Name number `name` as written.
    pub(crate) fn written(&self, document: u32, name: usize) -> String {
        match self.unlike(document) {
            Some(lines) => lines.split('\n').nth(name).unwrap_or_default().to_owned(),
            None => {
                let parts = self.entries(document).filter(|entry| entry.name() == name && entry.slot().is_some());
                entry::capitalised(parts.map(|entry| self.vocabulary.text(entry.term())))
            }
        }
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut to = Writer::default();
        self.vocabulary.write(&mut to);
        let documents = || 0..self.len();
        Packed::of(self.labels.iter().map(|label| u64::from(*label))).write(&mut to);
        Packed::of(documents().map(|document| self.entries(document).count() as u64)).write(&mut to);
        Packed::of(documents().flat_map(|document| self.entries(document)).map(|entry| u64::from(entry.term()))).write(&mut to);
        Packed::of(documents().flat_map(|document| self.entries(document)).map(|entry| u64::from(entry.place()))).write(&mut to);
        for column in self.columns.all() {
            column.write(&mut to);
        }
        to.text(&self.columns.written);
        to.finish()
    }

    pub(super) fn read(number: u64, bytes: &[u8]) -> Result<Segment, NamesError> {
        let mut from = Reader::checked(bytes)?;
        let vocabulary = Vocabulary::read(&mut from)?;
        let labels: Vec<u32> = Packed::read(&mut from)?.iter().map(|label| label as u32).collect();
        let (counts, terms, places) = (Packed::read(&mut from)?, Packed::read(&mut from)?, Packed::read(&mut from)?);
        let mut columns = Columns::default();
        for column in columns.all_mut() {
            *column = Packed::read(&mut from)?;
        }
        columns.written = from.text()?.to_owned();
        let known =
            terms.iter().all(|term| term < vocabulary.len() as u64) && columns.labels.iter().all(|label| label < labels.len() as u64);
        let whole = terms.len() == places.len() && counts.iter().sum::<u64>() == terms.len() as u64 && columns.fit(counts.len());
        if !known || !whole {
            return Err(NamesError::Damaged("a segment whose columns do not fit"));
        }
        let entries: Vec<u32> = terms.iter().zip(places.iter()).map(|(term, place)| Entry::new(term as u32, place as u8).0).collect();
        let mut rest = entries.as_slice();
        let lists = counts.iter().map(|count| {
            let (list, others) = rest.split_at(count as usize);
            rest = others;
            list
        });
        Ok(Segment::new(number, vocabulary, labels, columns, lists))
    }
}

impl Columns {
    fn all(&self) -> [&Packed; 18] {
        [
            &self.incidents.high,
            &self.incidents.low,
            &self.mentions.high,
            &self.mentions.low,
            &self.linked,
            &self.persons.high,
            &self.persons.low,
            &self.labels,
            &self.roles,
            &self.first_days,
            &self.spans,
            &self.born,
            &self.ages,
            &self.sexes,
            &self.postcode_ends,
            &self.postcodes,
            &self.unlike,
            &self.unlike_ends,
        ]
    }

    fn all_mut(&mut self) -> [&mut Packed; 18] {
        [
            &mut self.incidents.high,
            &mut self.incidents.low,
            &mut self.mentions.high,
            &mut self.mentions.low,
            &mut self.linked,
            &mut self.persons.high,
            &mut self.persons.low,
            &mut self.labels,
            &mut self.roles,
            &mut self.first_days,
            &mut self.spans,
            &mut self.born,
            &mut self.ages,
            &mut self.sexes,
            &mut self.postcode_ends,
            &mut self.postcodes,
            &mut self.unlike,
            &mut self.unlike_ends,
        ]
    }

    /// Whether all of it is there for so many mentions.
    fn fit(&self, mentions: usize) -> bool {
        let each = [&self.incidents.high, &self.incidents.low, &self.mentions.high, &self.mentions.low, &self.labels, &self.roles];
        let more = [&self.first_days, &self.spans, &self.born, &self.ages, &self.sexes, &self.postcode_ends];
        let ended = |ends: &Packed, whole: usize| {
            let ends: Vec<u64> = ends.iter().collect();
            ends.is_sorted() && ends.last().copied().unwrap_or_default() == whole as u64
        };
        each.iter().chain(&more).all(|column| column.len() == mentions)
            && self.linked.len() == self.persons.high.len()
            && self.linked.len() == self.persons.low.len()
            && self.unlike.len() == self.unlike_ends.len()
            && ended(&self.postcode_ends, self.postcodes.len())
            && ended(&self.unlike_ends, self.written.len())
    }
}

/// The place of `document` in a sorted column.
fn find(column: &Packed, document: u32) -> Option<usize> {
    let (mut low, mut high) = (0, column.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if column.get(middle) < u64::from(document) { low = middle + 1 } else { high = middle }
    }
    (low < column.len() && column.get(low) == u64::from(document)).then_some(low)
}

/// A sex as the number the index keeps; 0 where none is known.
pub(super) fn pack_sex(sex: Option<Sex>) -> u64 {
    sex.map_or(0, |sex| match sex {
        Sex::Female => 1,
        Sex::Male => 2,
    })
}

/// The reverse of [`pack_sex`].
fn unpack_sex(packed: u64) -> Option<Sex> {
    match packed {
        1 => Some(Sex::Female),
        2 => Some(Sex::Male),
        _ => None,
    }
}

/// A day as the unsigned number the index keeps, in the same order.
pub(super) fn pack_day(day: i32) -> u64 {
    (i64::from(day) - i64::from(i32::MIN)) as u64
}

/// The reverse of [`pack_day`].
fn unpack_day(packed: u64) -> i32 {
    (packed as i64 + i64::from(i32::MIN)) as i32
}
