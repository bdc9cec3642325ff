//! How a record is shared: the part of its label that its owner chooses.

use super::Actor;
use crate::{Problems, Uuid, agency::words};
use serde::{Deserialize, Serialize};

words! {
    /// How far a record is shared.
    SharingLevel, "a sharing level" {
        /// Published data: every signed-in caller.
        Open = "open",
        /// Every agency of the partnership.
        Partnership = "partnership",
        /// The owner and the agencies named.
        NamedAgencies = "named_agencies",
        /// The owning agency only.
        OwnerOnly = "owner_only",
        /// The officers named.
        NamedOfficers = "named_officers",
    }
}

words! {
    /// How much those a record is shared with see of it.
    Grade, "a grade of sharing" {
        /// Everything but protected people.
        Full = "full",
        /// Without narrative, contact details, protected people and children's identities.
        Summary = "summary",
        /// Which agency holds it, to be asked.
        HeldBy = "held_by",
    }
}

words! {
    /// What the rest of the partnership is told of a record that is not shared with it.
    Beyond, "what those beyond are told" {
        /// Nothing.
        Nothing = "nothing",
        /// Which agency holds it, to be asked.
        HeldBy = "held_by",
    }
}

/// How a record is shared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sharing {
    /// The level.
    pub level: SharingLevel,
    /// The partnership it is recorded for; the owner's own unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partnership: Option<Uuid>,
    /// The agencies named, for `named_agencies`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agencies: Vec<Uuid>,
    /// The officers named, for `named_officers`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub officers: Vec<Uuid>,
    /// How much those it is shared with see; `full` unless given.
    #[serde(default = "full", skip_serializing_if = "is_full")]
    pub grade: Grade,
    /// What the rest of the partnership is told; `nothing` unless given.
    #[serde(default = "nothing", skip_serializing_if = "is_nothing")]
    pub beyond: Beyond,
}

fn full() -> Grade {
    Grade::Full
}

fn is_full(grade: &Grade) -> bool {
    *grade == Grade::Full
}

fn nothing() -> Beyond {
    Beyond::Nothing
}

fn is_nothing(beyond: &Beyond) -> bool {
    *beyond == Beyond::Nothing
}

impl Sharing {
    /// A level that names nobody.
    pub fn of(level: SharingLevel) -> Self {
        Self { level, partnership: None, agencies: Vec::new(), officers: Vec::new(), grade: Grade::Full, beyond: Beyond::Nothing }
    }

    /// The same for a partnership.
    pub fn within(self, partnership: Uuid) -> Self {
        Self { partnership: Some(partnership), ..self }
    }

    /// Fills in the partnership it is recorded for: the first of the agency acted for, unless another of its is named.
    pub fn settle(&mut self, actor: &Actor, problems: &mut Problems) {
        if self.level == SharingLevel::Open {
            return;
        }
        match self.partnership {
            None => self.partnership = actor.partnerships.first().copied(),
            Some(given) if !actor.partnerships.contains(&given) => {
                problems.add("partnership", "unknown_id", "is not a partnership your agency is in: see GET /v1/partnerships");
            }
            Some(_) => {}
        }
        let needed = self.level == SharingLevel::Partnership || self.beyond == Beyond::HeldBy;
        if needed && self.partnership.is_none() {
            problems.add("partnership", "missing", "your agency is in no partnership: use owner_only or named_agencies");
        }
    }

    /// Checks that whoever the level needs is named, and nobody else.
    pub fn check(&self, problems: &mut Problems) {
        let mut names = |field: &str, given: usize, level: SharingLevel| {
            if self.level == level && given == 0 {
                problems.add(field, "missing", format!("is needed for the level {level}"));
            } else if self.level != level && given > 0 {
                problems.add(field, "not_used", format!("goes only with the level {level}"));
            } else if given > 200 {
                problems.add(field, "too_many", "must hold at most 200 entries");
            }
        };
        names("agencies", self.agencies.len(), SharingLevel::NamedAgencies);
        names("officers", self.officers.len(), SharingLevel::NamedOfficers);
        match self.level {
            SharingLevel::Open if self.grade != Grade::Full => problems.add("grade", "not_used", "published data is seen whole"),
            SharingLevel::OwnerOnly if self.grade != Grade::Full => {
                problems.add("grade", "not_used", "the owner sees it whole: use beyond to tell the partnership who holds it");
            }
            SharingLevel::NamedAgencies | SharingLevel::NamedOfficers if self.grade == Grade::HeldBy => {
                problems.add("grade", "not_used", "share it with those named in full or in summary, and use beyond for the others");
            }
            _ => {}
        }
        if self.beyond == Beyond::HeldBy && matches!(self.level, SharingLevel::Open | SharingLevel::Partnership) {
            problems.add("beyond", "not_used", format!("nobody is beyond the level {}", self.level));
        }
        if self.level == SharingLevel::Open && self.partnership.is_some() {
            problems.add("partnership", "not_used", "published data belongs to no partnership");
        }
    }
}
