//! Sharing agreements: how an agency's new records of a class are shared unless the officer says otherwise.

use crate::{
    Problems, Timestamp, Uuid,
    access::{Beyond, Grade, SharingLevel},
    agency::words,
};
use serde::{Deserialize, Serialize};

words! {
    /// A class of record that an agreement speaks of. The sensitive classes have no default but owner-only.
    RecordClass, "a class of record" {
        /// Incidents of no sensitive class.
        Ordinary = "ordinary",
        /// Intelligence, with other forces.
        Intelligence = "intelligence",
    }
}

/// What an agreement says, as an administrator of the agency enters it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgreement {
    /// How far: `partnership`, `named_agencies` or `owner_only`.
    pub level: SharingLevel,
    /// The agencies, for `named_agencies`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agencies: Vec<Uuid>,
    /// How much those it is shared with see; `full` unless given.
    #[serde(default = "full")]
    pub grade: Grade,
    /// What the rest of the partnership is told; `nothing` unless given.
    #[serde(default = "nothing")]
    pub beyond: Beyond,
    /// The power it rests on (vocabulary `disclosure_bases`).
    pub basis: String,
    /// Where the signed agreement is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// By when it must be looked at again. It holds until it is replaced.
    pub review_at: Timestamp,
}

fn full() -> Grade {
    Grade::Full
}

fn nothing() -> Beyond {
    Beyond::Nothing
}

/// A recorded sharing agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Agreement {
    /// Its id.
    pub id: Uuid,
    /// The agency whose records it is about.
    pub agency: Uuid,
    /// Which of them.
    pub class: RecordClass,
    /// What it says.
    #[serde(flatten)]
    pub says: NewAgreement,
    /// Who entered it.
    pub recorded_by: Uuid,
    /// When.
    pub recorded_at: Timestamp,
    /// When another took its place, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

impl NewAgreement {
    /// The sharing it makes the default.
    pub fn sharing(&self) -> crate::Sharing {
        let mut sharing = crate::Sharing::of(self.level);
        (sharing.agencies, sharing.grade, sharing.beyond) = (self.agencies.clone(), self.grade, self.beyond);
        sharing
    }

    /// Checks it.
    pub fn check(&self, now: Timestamp, problems: &mut Problems) {
        if matches!(self.level, SharingLevel::Open | SharingLevel::NamedOfficers) {
            problems.add("level", "not_used", "must be partnership, named_agencies or owner_only");
        }
        self.sharing().check(problems);
        if !crate::vocabulary::current().has("disclosure_bases", &self.basis) {
            problems.add("basis", "unknown_code", crate::vocabulary::current().remedy("disclosure_bases"));
        }
        problems.optional_text("document", self.document.as_deref(), 500);
        if self.review_at <= now {
            problems.add("review_at", "in_the_past", "must lie in the future");
        }
    }
}
