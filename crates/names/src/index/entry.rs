//! A name part of a mention in one number: which part, of which of its names, and where in it.

use crate::analysis::Slot;

/// No entry.
pub(super) const NONE: u32 = u32::MAX;

/// Parts that fit into a segment.
pub(super) const MOST_TERMS: usize = 1 << 24;

const TERM: u32 = (1 << 24) - 1;
const PARTICLE: u32 = 1 << 30;
const JOINED: u8 = 3;

/// A name part of a mention. One that is two neighbouring parts as one word follows the second of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry(pub(super) u32);

impl Entry {
    pub(super) fn new(term: u32, place: u8) -> Entry {
        Entry(u32::from(place & 63) << 24 | term & TERM)
    }

    /// The number of the part in the vocabulary.
    pub(crate) fn term(self) -> u32 {
        self.0 & TERM
    }

    /// The same entry, marked as a small word in front of a family name.
    pub(super) fn marked(self, particle: bool) -> Entry {
        Entry(self.0 & !PARTICLE | if particle { PARTICLE } else { 0 })
    }

    pub(super) fn is_particle(self) -> bool {
        self.0 & PARTICLE != 0
    }

    pub(super) fn place(self) -> u8 {
        (self.0 >> 24) as u8 & 63
    }

    /// Which of the mention's names, 0 to 15.
    pub(crate) fn name(self) -> usize {
        usize::from(self.place() >> 2)
    }

    /// Where in the name it stands; nothing for two parts as one word.
    pub(crate) fn slot(self) -> Option<Slot> {
        match self.place() & 3 {
            0 => Some(Slot::Given),
            1 => Some(Slot::Middle),
            2 => Some(Slot::Family),
            _ => None,
        }
    }
}

/// The place of a part in name number `name`, or of two as one word where there is no slot.
pub(super) fn place(name: usize, slot: Option<Slot>) -> u8 {
    let slot = match slot {
        Some(Slot::Given) => 0,
        Some(Slot::Middle) => 1,
        Some(Slot::Family) => 2,
        None => JOINED,
    };
    (name as u8) << 2 | slot
}

/// Parts as most names are written: each with a capital.
pub(super) fn capitalised<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut written = String::with_capacity(24);
    for part in parts {
        if !written.is_empty() {
            written.push(' ');
        }
        let mut letters = part.chars();
        written.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        written.push_str(letters.as_str());
    }
    written
}
