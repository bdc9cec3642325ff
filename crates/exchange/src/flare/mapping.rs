//! Which column of an export is which field of the FLARE profile, and which word is which One Day Count heading.

use model::vocabulary;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The fields of the profile, in the order in which they are documented. The first three must be there.
pub const FIELDS: [&str; 11] =
    ["reference", "date", "category", "time", "address", "street", "postcode", "uprn", "easting", "northing", "details"];

/// How many of [`FIELDS`] a file must have.
pub(super) const NEEDED: usize = 3;

/// A mapping file. What it does not name is as in the profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// The column of a field of the profile, by field.
    pub columns: BTreeMap<String, String>,
    /// The One Day Count heading of a word in the category column, by word: a code of the vocabulary `one_day_count`.
    pub categories: BTreeMap<String, String>,
    /// How the records are shared: `owner_only` unless given, since their texts name people nobody has confirmed.
    pub sharing: Option<String>,
}

impl Mapping {
    /// What is wrong with it, a line each: the entry and the remedy.
    pub fn problems(&self) -> Vec<String> {
        let known = vocabulary::current();
        let fields = self.columns.keys().filter(|field| !FIELDS.contains(&field.as_str()));
        let fields = fields.map(|field| format!("columns.{field} is no field of the profile: use {}", FIELDS.join(", ")));
        let codes = self.categories.iter().filter(|(_, code)| !known.has("one_day_count", code));
        let codes = codes.map(|(word, _)| format!("categories.\"{word}\" {}", known.remedy("one_day_count")));
        let sharing = self.sharing.iter().filter(|level| !["owner_only", "partnership"].contains(&level.as_str()));
        let sharing = sharing.map(|_| "sharing must be owner_only or partnership".to_owned());
        fields.chain(codes).chain(sharing).collect()
    }

    /// The column of a field.
    pub(super) fn column<'a>(&'a self, field: &'a str) -> &'a str {
        self.columns.get(field).map_or(field, String::as_str)
    }

    /// The column a problem's JSON pointer came from, for [`crate::Reject::of_problems`].
    pub fn column_of(&self, pointer: &str) -> String {
        self.column(super::field_of(pointer)).to_owned()
    }

    /// The One Day Count heading a word stands for: mapped, or the heading's code or label.
    pub(super) fn category(&self, word: &str) -> Option<String> {
        let plain = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let mapped = self.categories.iter().find(|(from, _)| plain(from) == plain(word)).map(|(_, code)| code.clone());
        mapped.or_else(|| {
            let terms = vocabulary::current().terms("one_day_count");
            terms.iter().find(|term| plain(&term.code) == plain(word) || plain(&term.label) == plain(word)).map(|term| term.code.clone())
        })
    }
}
