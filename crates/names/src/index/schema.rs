//! The fields of the index.

use tantivy::schema::{BytesOptions, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};

/// Version of what the folder holds; any change to the fields or their meaning is a new one.
pub(crate) const FOLDER: &str = "names-v1";

/// Columns read when candidates are scored.
pub(crate) mod column {
    pub(crate) const PARTS: &str = "parts";
    pub(crate) const PLACES: &str = "places";
    pub(crate) const INITIALS: &str = "initials";
    pub(crate) const LABEL: &str = "label";
    pub(crate) const ROLES: &str = "roles";
    pub(crate) const FIRST_DAY: &str = "first_day";
    pub(crate) const LAST_DAY: &str = "last_day";
    pub(crate) const BORN: &str = "born";
    pub(crate) const AGES: &str = "ages";
    pub(crate) const POSTCODES: &str = "postcodes";
    pub(crate) const MENTION_HIGH: &str = "mention_high";
    pub(crate) const MENTION_LOW: &str = "mention_low";
}

/// The fields of one mention.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Term to delete by.
    pub(crate) incident: Field,
    /// Terms: parts and joined forms.
    pub(crate) terms: Field,
    /// Terms: sound code, zero byte, part.
    pub(crate) sounds: Field,
    /// Column: the parts of all names, in order.
    pub(crate) parts: Field,
    /// Column: beside each part its name and slot.
    pub(crate) places: Field,
    /// Column: a bit for each letter that a part begins with.
    pub(crate) initials: Field,
    pub(crate) label: Field,
    pub(crate) roles: Field,
    pub(crate) first_day: Field,
    pub(crate) last_day: Field,
    pub(crate) born: Field,
    pub(crate) ages: Field,
    pub(crate) postcodes: Field,
    pub(crate) mention_high: Field,
    pub(crate) mention_low: Field,
    /// Stored: incident id, then person id where there is one.
    pub(crate) ids: Field,
    /// Stored: the names as written, one to a line.
    pub(crate) written: Field,
}

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let terms = || {
        // No positions, no frequencies, no lengths: scores never come from the index.
        let indexing = TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::Basic).set_fieldnorms(false);
        TextOptions::default().set_indexing_options(indexing)
    };
    let mut number = |name: &str| builder.add_u64_field(name, NumericOptions::default().set_fast());
    let fields = Fields {
        places: number(column::PLACES),
        initials: number(column::INITIALS),
        label: number(column::LABEL),
        roles: number(column::ROLES),
        first_day: number(column::FIRST_DAY),
        last_day: number(column::LAST_DAY),
        born: number(column::BORN),
        ages: number(column::AGES),
        postcodes: number(column::POSTCODES),
        mention_high: number(column::MENTION_HIGH),
        mention_low: number(column::MENTION_LOW),
        incident: builder.add_bytes_field("incident", BytesOptions::default().set_indexed()),
        terms: builder.add_text_field("terms", terms()),
        sounds: builder.add_text_field("sounds", terms()),
        parts: builder.add_text_field(column::PARTS, TextOptions::default().set_fast("raw")),
        ids: builder.add_bytes_field("ids", BytesOptions::default().set_stored()),
        written: builder.add_text_field("written", TextOptions::default().set_stored()),
    };
    (builder.build(), fields)
}

/// A day as the unsigned number the index keeps, in the same order.
pub(crate) fn pack_day(day: i32) -> u64 {
    (i64::from(day) - i64::from(i32::MIN)) as u64
}

/// The reverse of [`pack_day`].
pub(crate) fn unpack_day(packed: u64) -> i32 {
    (packed as i64 + i64::from(i32::MIN)) as i32
}
