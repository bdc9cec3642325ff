//! A mention as the index keeps it.

use super::schema::{Fields, pack_day};
use crate::{
    Mention,
    analysis::joined_forms,
    person_record::{PersonRecord, pack_place},
    sounds::Sounds,
};
use std::collections::BTreeSet;
use tantivy::TantivyDocument;

/// The bit of a part's first letter; digits have none.
pub(crate) fn initial_bit(part: &str) -> u64 {
    match part.bytes().next() {
        Some(letter @ b'a'..=b'z') => 1 << (letter - b'a'),
        _ => 0,
    }
}

/// The document of a mention; nothing for one without any name, which no search can find.
pub(crate) fn document(fields: &Fields, mention: &Mention) -> Option<TantivyDocument> {
    let record = PersonRecord::of(mention);
    if record.names.is_empty() {
        return None;
    }
    let mut document = TantivyDocument::default();
    let mut terms = BTreeSet::new();
    let mut initials = 0;
    for (at, (parts, _)) in record.names.iter().enumerate() {
        terms.extend(joined_forms(parts));
        for part in parts {
            document.add_text(fields.parts, &part.text);
            document.add_u64(fields.places, pack_place(at, part.slot));
            initials |= initial_bit(&part.text);
            terms.insert(part.text.clone());
        }
    }
    for term in &terms {
        document.add_text(fields.terms, term);
        for code in Sounds::of(term).codes() {
            document.add_text(fields.sounds, format!("{code}\0{term}"));
        }
    }
    document.add_u64(fields.initials, initials);
    document.add_u64(fields.label, u64::from(mention.label));
    document.add_u64(fields.roles, u64::from(mention.roles));
    document.add_u64(fields.first_day, pack_day(mention.first_day));
    document.add_u64(fields.last_day, pack_day(mention.last_day));
    document.add_u64(fields.born, record.date_of_birth);
    // Youngest and oldest in one number; 0 stands for unknown, so one is added.
    let ages = record.age_band.map_or(0, |(from, to)| (u64::from(from) << 8 | u64::from(to)) + 1);
    document.add_u64(fields.ages, ages);
    for postcode in &record.postcodes {
        document.add_u64(fields.postcodes, *postcode);
    }
    let (high, low) = mention.id.as_u64_pair();
    document.add_u64(fields.mention_high, high);
    document.add_u64(fields.mention_low, low);
    document.add_bytes(fields.incident, mention.incident.as_bytes());
    let mut ids = mention.incident.as_bytes().to_vec();
    ids.extend(mention.person.iter().flat_map(|person| person.as_bytes()));
    document.add_bytes(fields.ids, &ids);
    let written: Vec<&str> = record.names.iter().map(|(_, written)| written.as_str()).collect();
    document.add_text(fields.written, written.join("\n"));
    Some(document)
}
