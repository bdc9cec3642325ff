//! Who may see what. An access label says who a record is shared with; [`decide`] is the only rule that reads it.

use crate::{AgencyKind, Problems, Role, Timestamp, Uuid, agency::words};
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

/// How a record is shared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sharing {
    /// The level.
    pub level: SharingLevel,
    /// The agencies named, for `named_agencies`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agencies: Vec<Uuid>,
    /// The officers named, for `named_officers`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub officers: Vec<Uuid>,
}

impl Sharing {
    /// A level that names nobody.
    pub fn of(level: SharingLevel) -> Self {
        Self { level, agencies: Vec::new(), officers: Vec::new() }
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
    }
}

/// The number an index or a column keeps instead of an [`AccessLabel`]. A label never changes; a record whose sharing
/// changes gets another.
pub type LabelId = u32;

/// What a label is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelKind {
    /// The record itself.
    Record,
    /// The identity of a protected person in it.
    ProtectedPerson,
}

/// Everything [`decide`] needs to know of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AccessLabel {
    /// The owning agency (controller).
    pub owner: Uuid,
    /// What it is on.
    pub kind: LabelKind,
    /// How far it is shared.
    pub sharing: Sharing,
}

/// How much of a record somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    /// Nothing: as if it did not exist.
    Nothing,
    /// Where, when and what kind; no people, no narrative.
    SummaryWithoutPeople,
    /// Without narrative, contact details and protected people.
    Summary,
    /// Everything but protected people.
    Full,
}

/// Whoever asks: an officer acting for an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Actor {
    /// The officer.
    pub officer: Uuid,
    /// The officer's name, for the ledger's reader.
    pub name: String,
    /// The agency acted for.
    pub agency: Uuid,
    /// What that agency is.
    pub agency_kind: AgencyKind,
    /// The role.
    pub role: Role,
}

impl Actor {
    /// Whoever runs a bootstrap command at the console: manages agencies, officers and tokens and sees no incident.
    pub fn console() -> Self {
        Self {
            officer: Uuid::nil(),
            name: "console".to_owned(),
            agency: Uuid::nil(),
            agency_kind: AgencyKind::Other,
            role: Role::Administrator,
        }
    }

    /// May manage agencies, officers and tokens.
    pub fn administers(&self) -> bool {
        self.role == Role::Administrator
    }

    /// May log incidents.
    pub fn records(&self) -> bool {
        matches!(self.role, Role::Officer | Role::Supervisor | Role::SafeguardingLead | Role::IntegrationClient)
    }

    /// May read the audit ledger: of the own agency, or all of it for the console.
    pub fn audits(&self) -> bool {
        self.role == Role::DataProtectionOfficer
    }
}

/// What `actor` sees of a record with `label`. The time takes part in grants that end (with the next issue's
/// secondments); sharing levels themselves do not expire.
pub fn decide(actor: &Actor, label: &AccessLabel, _now: Timestamp) -> Sight {
    let owns = actor.agency == label.owner;
    let by_role = match actor.role {
        Role::Officer | Role::Supervisor | Role::SafeguardingLead => Sight::Full,
        Role::DataProtectionOfficer if owns => Sight::Full,
        Role::Analyst => Sight::SummaryWithoutPeople,
        Role::DataProtectionOfficer | Role::Administrator | Role::IntegrationClient => Sight::Nothing,
    };
    let reached = match label.sharing.level {
        SharingLevel::Open => return if label.kind == LabelKind::Record { Sight::Full } else { Sight::Nothing },
        SharingLevel::Partnership => true,
        SharingLevel::NamedAgencies => owns || label.sharing.agencies.contains(&actor.agency),
        SharingLevel::OwnerOnly => owns,
        SharingLevel::NamedOfficers => {
            label.sharing.officers.contains(&actor.officer) || (owns && actor.role == Role::DataProtectionOfficer)
        }
    };
    match label.kind {
        _ if !reached => Sight::Nothing,
        LabelKind::Record => by_role,
        LabelKind::ProtectedPerson if owns && by_role == Sight::Full => Sight::Full,
        LabelKind::ProtectedPerson => Sight::Nothing,
    }
}

/// What one caller may see at one moment, for every label there is. Held by whoever queries; every query takes one.
#[derive(Debug, Clone)]
pub struct Scope {
    actor: Actor,
    at: Timestamp,
    sights: Vec<Sight>,
}

impl Scope {
    /// Decides every label for `actor` at `at`. `labels` are pairs of id and label; ids are small.
    pub fn new<'a>(actor: Actor, at: Timestamp, labels: impl Iterator<Item = (LabelId, &'a AccessLabel)>) -> Self {
        let mut sights = Vec::new();
        for (id, label) in labels {
            let place = id as usize;
            if sights.len() <= place {
                sights.resize(place + 1, Sight::Nothing);
            }
            sights[place] = decide(&actor, label, at);
        }
        Self { actor, at, sights }
    }

    /// Whoever asks.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The moment of the request.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// What the caller sees under a label; nothing under one this scope does not know.
    pub fn sight(&self, label: LabelId) -> Sight {
        self.sights.get(label as usize).copied().unwrap_or(Sight::Nothing)
    }

    /// Whether the caller may know of the record at all.
    pub fn sees(&self, label: LabelId) -> bool {
        self.sight(label) > Sight::Nothing
    }

    /// Whether the caller may see people under that label.
    pub fn sees_people(&self, label: LabelId) -> bool {
        self.sight(label) >= Sight::Summary
    }

    /// The labels the caller sees at least this much under.
    pub fn labels(&self, least: Sight) -> impl Iterator<Item = LabelId> + '_ {
        (0..).zip(&self.sights).filter(move |(_, sight)| **sight >= least && **sight > Sight::Nothing).map(|(id, _)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(agency: u128, role: Role) -> Actor {
        Actor {
            officer: Uuid::from_u128(900 + agency),
            name: "x".into(),
            agency: Uuid::from_u128(agency),
            agency_kind: AgencyKind::Council,
            role,
        }
    }

    fn label(kind: LabelKind, sharing: Sharing) -> AccessLabel {
        AccessLabel { owner: Uuid::from_u128(1), kind, sharing }
    }

    #[test]
    fn each_level_reaches_whom_it_names() {
        use {Role::*, SharingLevel::*, Sight::*};
        let named = Sharing { level: NamedAgencies, agencies: vec![Uuid::from_u128(2)], officers: vec![] };
        let officers = Sharing { level: NamedOfficers, agencies: vec![], officers: vec![Uuid::from_u128(902)] };
        let cases = [
            (Sharing::of(Open), 3, Administrator, Full),
            (Sharing::of(Partnership), 3, Officer, Full),
            (Sharing::of(Partnership), 3, Analyst, SummaryWithoutPeople),
            (Sharing::of(Partnership), 1, Administrator, Nothing),
            (Sharing::of(Partnership), 1, IntegrationClient, Nothing),
            (Sharing::of(Partnership), 1, DataProtectionOfficer, Full),
            (Sharing::of(Partnership), 2, DataProtectionOfficer, Nothing),
            (named.clone(), 2, Officer, Full),
            (named.clone(), 1, Officer, Full),
            (named, 3, Officer, Nothing),
            (Sharing::of(OwnerOnly), 1, Supervisor, Full),
            (Sharing::of(OwnerOnly), 2, Supervisor, Nothing),
            (officers.clone(), 2, Officer, Full),
            (officers, 1, Officer, Nothing),
        ];
        for (sharing, agency, role, expected) in cases {
            assert_eq!(
                decide(&actor(agency, role), &label(LabelKind::Record, sharing.clone()), Timestamp::from_micros(0)),
                expected,
                "{sharing:?} {agency} {role}"
            );
        }
    }

    #[test]
    fn protected_people_stay_with_the_owner() {
        let protected = label(LabelKind::ProtectedPerson, Sharing::of(SharingLevel::Partnership));
        assert_eq!(decide(&actor(1, Role::Officer), &protected, Timestamp::from_micros(0)), Sight::Full);
        assert_eq!(decide(&actor(1, Role::Analyst), &protected, Timestamp::from_micros(0)), Sight::Nothing);
        assert_eq!(decide(&actor(2, Role::Officer), &protected, Timestamp::from_micros(0)), Sight::Nothing);
    }

    #[test]
    fn an_unknown_label_shows_nothing() {
        let scope = Scope::new(actor(1, Role::Officer), Timestamp::from_micros(0), std::iter::empty());
        assert_eq!(scope.sight(7), Sight::Nothing);
    }
}
