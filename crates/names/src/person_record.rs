//! A mention analysed: what the scorer and the index need of it.

use crate::{
    Mention,
    analysis::{self, Part, Slot},
    evidence,
};

/// Most names and aliases of one mention that are searched.
pub(crate) const MOST_NAMES: usize = 16;

/// A mention taken apart.
#[derive(Debug, Clone)]
pub(crate) struct PersonRecord {
    /// Names with at least one part, and the name as written.
    pub(crate) names: Vec<(Vec<Part>, String)>,
    /// Packed date of birth, 0 when unknown.
    pub(crate) date_of_birth: u64,
    pub(crate) age_band: Option<(u8, u8)>,
    pub(crate) first_day: i32,
    pub(crate) postcodes: Vec<u64>,
}

impl PersonRecord {
    pub(crate) fn of(mention: &Mention) -> PersonRecord {
        let names = mention.names.iter().take(MOST_NAMES).filter_map(|name| {
            let parts = analysis::recorded_parts(name);
            let written = if name.full.trim().is_empty() {
                let both = [name.given.as_deref(), name.family.as_deref()];
                both.into_iter().flatten().collect::<Vec<_>>().join(" ")
            } else {
                name.full.clone()
            };
            // The index keeps written names one to a line.
            let written: String = written.chars().take(analysis::LONGEST_NAME).map(|c| if c.is_control() { ' ' } else { c }).collect();
            (!parts.is_empty()).then_some((parts, written))
        });
        PersonRecord {
            names: names.collect(),
            date_of_birth: mention.date_of_birth.map(evidence::pack_date).unwrap_or(0),
            age_band: mention.age_band,
            first_day: mention.first_day,
            postcodes: mention.postcodes.iter().filter_map(|code| evidence::pack_postcode(code)).collect(),
        }
    }
}

/// A part's name (0 to 15) and slot in one small number, as the index keeps it.
pub(crate) fn pack_place(name: usize, slot: Slot) -> u64 {
    let slot = match slot {
        Slot::Given => 0,
        Slot::Middle => 1,
        Slot::Family => 2,
    };
    (name as u64) << 2 | slot
}

/// The reverse of [`pack_place`].
pub(crate) fn unpack_place(packed: u64) -> (usize, Slot) {
    let slot = match packed & 3 {
        0 => Slot::Given,
        1 => Slot::Middle,
        _ => Slot::Family,
    };
    ((packed >> 2) as usize, slot)
}
