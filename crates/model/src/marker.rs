//! Markers: a safety or vulnerability warning about a person or premises. A person's marker follows the person when
//! they move; a premises marker stays. One past its end shows in history only.

use crate::{Problems, Timestamp, Uuid, agency::words, place};
use serde::{Deserialize, Serialize};

words! {
    /// What a marker warns of.
    MarkerKind, "a kind of marker" {
        /// A danger to officers or others.
        Safety = "safety",
        /// A person who needs particular care.
        Vulnerability = "vulnerability",
    }
}

/// A marker as it is sent in: about exactly one of a person and premises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMarker {
    /// What it warns of.
    pub kind: MarkerKind,
    /// The person, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
    /// The premises, by unique property reference number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uprn: Option<String>,
    /// The premises, by address and postcode where no UPRN is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The postcode of the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// The facts.
    pub facts: String,
    /// Where they come from.
    pub source: String,
    /// When it starts; now unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// By when it must be reviewed: it lapses then unless it is renewed. At most a year after it starts.
    pub review_at: Timestamp,
}

/// A marker as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Marker {
    /// Its id.
    pub id: Uuid,
    /// The agency that set it.
    pub agency: Uuid,
    /// The officer who set it.
    pub officer: Uuid,
    /// When it was set.
    pub recorded_at: Timestamp,
    /// What it says.
    #[serde(flatten)]
    pub marker: NewMarker,
    /// When it was ended, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

impl NewMarker {
    /// Checks every field and puts the postcode in its standard form.
    pub fn check(&mut self, now: Timestamp, problems: &mut Problems) {
        let premises = self.uprn.is_some() || self.address.is_some() || self.postcode.is_some();
        if self.person.is_some() == premises {
            problems.add("", "one_subject", "give either person, or uprn, or address with postcode");
        }
        if premises && self.uprn.is_none() && (self.address.is_none() || self.postcode.is_none()) {
            problems.add("address", "missing", "premises without a uprn need both address and postcode");
        }
        if let Some(text) = &self.postcode {
            match place::postcode(text) {
                Some(standard) => self.postcode = Some(standard),
                None => problems.add("postcode", "postcode", "is not a United Kingdom postcode: write it as TS18 1AB"),
            }
        }
        if self.uprn.as_deref().is_some_and(|uprn| !place::is_uprn(uprn)) {
            problems.add("uprn", "digits", "must be 1 to 12 digits");
        }
        problems.optional_text("address", self.address.as_deref(), 500);
        if self.address.as_deref().is_some_and(|address| place::street_key(address).is_empty()) {
            problems.add("address", "empty", "must hold letters or digits");
        }
        problems.text("facts", &self.facts, 2_000);
        problems.text("source", &self.source, 500);
        let start = *self.starts_at.get_or_insert(now);
        if self.review_at <= start || self.review_at > start.plus_seconds(366 * 86_400) {
            problems.add("review_at", "range", "must be after the start and at most a year later");
        }
    }

    /// What look-ups compare: kind of key and value.
    pub fn subject_key(&self) -> (&'static str, String) {
        match (&self.person, &self.uprn) {
            (Some(person), _) => ("person", person.to_string()),
            (None, Some(uprn)) => ("uprn", place::number_key(uprn).to_owned()),
            (None, None) => (
                "address",
                format!(
                    "{} {}",
                    place::street_key(self.address.as_deref().unwrap_or_default()),
                    self.postcode.as_deref().unwrap_or_default()
                ),
            ),
        }
    }
}

impl Marker {
    /// Whether it is in force.
    pub fn in_force(&self, now: Timestamp) -> bool {
        self.ended_at.is_none_or(|end| end > now) && self.marker.starts_at.is_none_or(|start| start <= now) && self.marker.review_at > now
    }
}
