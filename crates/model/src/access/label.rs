//! Access labels: everything the access rule needs to know of a record.

use super::{Grade, Sharing};
use crate::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};

/// The number an index or a column keeps instead of an [`AccessLabel`]. A label never changes; a record whose sharing
/// changes gets another.
pub type LabelId = u32;

/// What a label is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelKind {
    /// The record itself, and the people in it who are neither of the others.
    Record,
    /// The identity of a protected person in it.
    ProtectedPerson,
    /// The identity of a child in it.
    Child,
    /// The identity of a person whose data is restricted.
    Restricted,
}

/// Whom a record was handed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// Whoever acts for this agency, as far as the role goes.
    Agency(Uuid),
    /// This officer.
    Officer(Uuid),
}

/// In which way a record was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// A release of the owner's, with its basis.
    Release,
    /// Emergency access: one safeguarding lead, one person, 60 minutes.
    Emergency,
}

/// A record handed to somebody beyond its sharing, from the second `from` until the second before `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Handed {
    /// To whom.
    pub to: Recipient,
    /// In which way.
    pub way: Way,
    /// How much of it.
    pub grade: Grade,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Handed {
    /// Whether it is in force.
    pub fn at(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

/// Everything [`super::decide`] needs to know of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AccessLabel {
    /// The owning agency (controller).
    pub owner: Uuid,
    /// What it is on.
    pub kind: LabelKind,
    /// Domestic abuse, honour-based, sexual, a child at risk.
    #[serde(default, skip_serializing_if = "is_false")]
    pub sensitive: bool,
    /// Opens only when acting as police.
    #[serde(default, skip_serializing_if = "is_false")]
    pub police_only: bool,
    /// Intelligence: police-only unless released, and in no count.
    #[serde(default, skip_serializing_if = "is_false")]
    pub intelligence: bool,
    /// How far it is shared.
    pub sharing: Sharing,
    /// To whom it was handed beyond that, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handed: Vec<Handed>,
    /// Officers it is closed to whatever else is said, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked: Vec<Uuid>,
}

fn is_false(value: &bool) -> bool {
    !*value
}

impl AccessLabel {
    /// A label of an ordinary record.
    pub fn of(owner: Uuid, sharing: Sharing) -> Self {
        Self {
            owner,
            kind: LabelKind::Record,
            sensitive: false,
            police_only: false,
            intelligence: false,
            sharing,
            handed: Vec::new(),
            blocked: Vec::new(),
        }
    }

    /// The label of something in the same record.
    pub fn on(self, kind: LabelKind) -> Self {
        Self { kind, ..self }
    }
}
