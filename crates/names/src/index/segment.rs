//! One segment of the index, ready for searching: its words and labels in memory, the rest in mapped columns.

use super::schema::{column, unpack_day};
use crate::{NamesError, analysis::Slot, person_record::unpack_place};
use rustc_hash::FxHashMap;
use tantivy::{SegmentReader, columnar::Column};

/// The parts that occur in a segment, by their number.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    text: String,
    ends: Vec<u32>,
}

impl Vocabulary {
    fn push(&mut self, part: &str) {
        self.text.push_str(part);
        self.ends.push(self.text.len() as u32);
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The part with this number; empty for a number that is not there.
    pub(crate) fn part(&self, number: u32) -> &str {
        let at = number as usize;
        let start = if at == 0 { 0 } else { self.ends.get(at - 1).copied().unwrap_or_default() };
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The number of a part.
    pub(crate) fn number(&self, part: &str) -> Option<u32> {
        let (mut low, mut high) = (0, self.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.part(middle).cmp(part) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}

/// What is read of a segment's documents.
pub(crate) struct SegmentColumns {
    pub(crate) vocabulary: Vocabulary,
    /// The labels that occur.
    pub(crate) labels: Vec<u32>,
    /// For each document the place of its label in `labels`.
    pub(crate) label_of: Vec<u32>,
    parts: Column<u64>,
    places: Column<u64>,
    pub(crate) initials: Column<u64>,
    roles: Column<u64>,
    first_day: Column<u64>,
    last_day: Column<u64>,
    born: Column<u64>,
    ages: Column<u64>,
    postcodes: Column<u64>,
    mention_high: Column<u64>,
    mention_low: Column<u64>,
}

impl SegmentColumns {
    pub(crate) fn open(reader: &SegmentReader) -> Result<SegmentColumns, NamesError> {
        let columns = reader.fast_fields();
        let documents = reader.max_doc();
        let number = |name: &str| -> Result<Column<u64>, NamesError> {
            Ok(columns.column_opt::<u64>(name)?.unwrap_or_else(|| Column::build_empty_column(documents)))
        };
        let mut vocabulary = Vocabulary::default();
        let parts = match columns.str(column::PARTS)? {
            None => Column::build_empty_column(documents),
            Some(column) => {
                let (dictionary, numbers) = column.into_parts();
                let mut stream = dictionary.stream()?;
                while stream.advance() {
                    let part = std::str::from_utf8(stream.key()).map_err(|_| NamesError::Damaged("parts that are no text"))?;
                    vocabulary.push(part);
                }
                numbers
            }
        };
        let label_column = number(column::LABEL)?;
        let mut labels = Vec::new();
        let mut places: FxHashMap<u64, u32> = FxHashMap::default();
        let mut label_of = Vec::with_capacity(documents as usize);
        for document in 0..documents {
            // A document without a label is shown to nobody: no caller is asked about this one.
            let label = label_column.first(document).ok_or(NamesError::Damaged("a mention without a label"))?;
            let place = *places.entry(label).or_insert_with(|| {
                labels.push(label as u32);
                labels.len() as u32 - 1
            });
            label_of.push(place);
        }
        Ok(SegmentColumns {
            vocabulary,
            labels,
            label_of,
            parts,
            places: number(column::PLACES)?,
            initials: number(column::INITIALS)?,
            roles: number(column::ROLES)?,
            first_day: number(column::FIRST_DAY)?,
            last_day: number(column::LAST_DAY)?,
            born: number(column::BORN)?,
            ages: number(column::AGES)?,
            postcodes: number(column::POSTCODES)?,
            mention_high: number(column::MENTION_HIGH)?,
            mention_low: number(column::MENTION_LOW)?,
        })
    }

    /// The parts of all names of a document: number, name and slot.
    pub(crate) fn parts(&self, document: u32) -> impl Iterator<Item = (u32, usize, Slot)> + '_ {
        let places = self.places.values_for_doc(document);
        self.parts.values_for_doc(document).zip(places).map(|(number, place)| {
            let (name, slot) = unpack_place(place);
            (number as u32, name, slot)
        })
    }

    pub(crate) fn mention(&self, document: u32) -> (u64, u64) {
        (value(&self.mention_high, document), value(&self.mention_low, document))
    }

    pub(crate) fn roles(&self, document: u32) -> u16 {
        value(&self.roles, document) as u16
    }

    pub(crate) fn days(&self, document: u32) -> (i32, i32) {
        (unpack_day(value(&self.first_day, document)), unpack_day(value(&self.last_day, document)))
    }

    pub(crate) fn born(&self, document: u32) -> u64 {
        value(&self.born, document)
    }

    pub(crate) fn age_band(&self, document: u32) -> Option<(u8, u8)> {
        let packed = value(&self.ages, document).checked_sub(1)?;
        Some(((packed >> 8) as u8, packed as u8))
    }

    pub(crate) fn postcodes(&self, document: u32) -> impl Iterator<Item = u64> + '_ {
        self.postcodes.values_for_doc(document)
    }

    pub(crate) fn label(&self, document: u32) -> Option<u32> {
        let place = self.label_of.get(document as usize)?;
        self.labels.get(*place as usize).copied()
    }
}

fn value(column: &Column<u64>, document: u32) -> u64 {
    column.first(document).unwrap_or_default()
}
