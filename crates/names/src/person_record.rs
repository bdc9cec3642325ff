//! A mention analysed: what the scorer and the index need of it.

use crate::{
    Mention, Sex,
    analysis::{self, Part},
    evidence,
};

/// Most names and aliases of one mention that are searched.
pub(crate) const MOST_NAMES: usize = 16;

/// One name taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    pub(crate) parts: Vec<Part>,
    /// Two neighbouring parts as one word: where the first stands, and the word.
    pub(crate) joined: Vec<(usize, String)>,
    /// The name as written.
    pub(crate) written: String,
}

/// A mention taken apart.
#[derive(Debug, Clone)]
pub(crate) struct PersonRecord {
    /// Names with at least one part.
    pub(crate) names: Vec<Name>,
    /// Packed date of birth, 0 when unknown.
    pub(crate) date_of_birth: u64,
    pub(crate) age_band: Option<(u8, u8)>,
    pub(crate) first_day: i32,
    pub(crate) postcodes: Vec<u64>,
    pub(crate) sex: Option<Sex>,
}

impl PersonRecord {
    pub(crate) fn of(mention: &Mention) -> PersonRecord {
        let names = mention.names.iter().take(MOST_NAMES).filter_map(|name| {
            let parts = analysis::recorded_parts(name);
            let mut written = if name.full.trim().is_empty() {
                let both = [name.given.as_deref(), name.family.as_deref()];
                both.into_iter().flatten().collect::<Vec<_>>().join(" ")
            } else {
                name.full.clone()
            };
            // The index keeps written names one to a line.
            if written.len() > analysis::LONGEST_NAME || written.contains(char::is_control) {
                written = written.chars().take(analysis::LONGEST_NAME).map(|c| if c.is_control() { ' ' } else { c }).collect();
            }
            let joined = analysis::joined_forms(&parts);
            (!parts.is_empty()).then_some(Name { parts, joined, written })
        });
        PersonRecord {
            names: names.collect(),
            date_of_birth: mention.date_of_birth.map(evidence::pack_date).unwrap_or(0),
            age_band: mention.age_band,
            first_day: mention.first_day,
            postcodes: mention.postcodes.iter().filter_map(|code| evidence::pack_postcode(code)).collect(),
            sex: mention.sex,
        }
    }
}
