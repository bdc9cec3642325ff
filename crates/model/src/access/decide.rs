//! The access rule. Each step below is a group of rows of `docs/access.csv`.

use super::{AccessLabel, Actor, Beyond, Grade, LabelKind, Recipient, SharingLevel, Sight, Way};
use crate::{AgencyKind, Role, Timestamp};

/// What `actor` sees of what `label` is on, at `now`.
pub fn decide(actor: &Actor, label: &AccessLabel, now: Timestamp) -> Sight {
    Ways::of(actor, label, now).sight(label)
}

/// Whether the record counts for `actor` at `now`: in lists, places, numbers and hotspots. Intelligence counts nowhere,
/// and emergency access is to one person's records, not to figures.
pub fn counts(actor: &Actor, label: &AccessLabel, now: Timestamp) -> bool {
    Ways::of(actor, label, now).counts(label)
}

/// Both answers at once.
pub(super) fn decide_and_count(actor: &Actor, label: &AccessLabel, now: Timestamp) -> (Sight, bool) {
    let ways = Ways::of(actor, label, now);
    (ways.sight(label), ways.counts(label))
}

/// What each way to a record gives.
struct Ways {
    owner: Sight,
    shared: Sight,
    released: Sight,
    emergency: Sight,
    /// Whether the role keeps what is restricted.
    keeper: bool,
}

impl Ways {
    const NONE: Self =
        Self { owner: Sight::Nothing, shared: Sight::Nothing, released: Sight::Nothing, emergency: Sight::Nothing, keeper: false };

    fn of(actor: &Actor, label: &AccessLabel, now: Timestamp) -> Self {
        if label.blocked.contains(&actor.officer) {
            return Self::NONE;
        }
        if label.sharing.level == SharingLevel::Open {
            return Self { shared: Sight::Full, ..Self::NONE };
        }
        if label.sensitive && actor.seconded.is_some_and(|seconded| !seconded.sensitive) {
            return Self::NONE;
        }
        let released = released(actor, label, now);
        if (label.police_only || label.intelligence) && actor.agency_kind != AgencyKind::Police {
            // Intelligence reaches others only by a release; what is police-only, never.
            return if label.intelligence && !label.police_only { Self { released, ..Self::NONE } } else { Self::NONE };
        }
        let keeper = matches!(actor.role, Role::DataProtectionOfficer | Role::SafeguardingLead);
        Self { owner: owner(actor, label), shared: shared(actor, label), released, emergency: emergency(actor, label, now), keeper }
    }

    fn sight(&self, label: &AccessLabel) -> Sight {
        let record = self.owner.max(self.shared).max(self.released).max(self.emergency);
        match label.kind {
            LabelKind::Record => record,
            // Published data names nobody; were somebody named in it all the same, that would not be published.
            LabelKind::Child if record == Sight::Full && label.sharing.level != SharingLevel::Open => Sight::Full,
            LabelKind::ProtectedPerson if self.owner == Sight::Full => Sight::Full,
            LabelKind::Restricted if self.owner == Sight::Full && self.keeper => Sight::Full,
            LabelKind::Child | LabelKind::ProtectedPerson | LabelKind::Restricted => Sight::Nothing,
        }
    }

    fn counts(&self, label: &AccessLabel) -> bool {
        !label.intelligence && self.owner.max(self.shared).max(self.released).sees()
    }
}

/// What the owning agency sees: everything, as far as the role goes and the sharing names no officers.
fn owner(actor: &Actor, label: &AccessLabel) -> Sight {
    let named_only = label.sharing.level == SharingLevel::NamedOfficers;
    match actor.role {
        _ if actor.agency != label.owner => Sight::Nothing,
        // Nobody is seconded as a data protection officer.
        Role::DataProtectionOfficer if actor.seconded.is_none() => Sight::Full,
        Role::Officer | Role::Supervisor | Role::SafeguardingLead | Role::Analyst if !named_only => by_role(actor, label, Grade::Full),
        _ => Sight::Nothing,
    }
}

/// What the sharing of a record opens to others.
fn shared(actor: &Actor, label: &AccessLabel) -> Sight {
    let sharing = &label.sharing;
    let owns = actor.agency == label.owner;
    let partner = !owns && sharing.partnership.is_some_and(|partnership| actor.partnerships.contains(&partnership));
    let reached = match sharing.level {
        SharingLevel::Partnership => partner,
        SharingLevel::NamedAgencies => sharing.agencies.contains(&actor.agency),
        SharingLevel::NamedOfficers => return named(actor, label, partner),
        SharingLevel::OwnerOnly if label.sensitive && partner && actor.role == Role::SafeguardingLead => return Sight::Full,
        SharingLevel::OwnerOnly | SharingLevel::Open => false,
    };
    if reached { by_role(actor, label, sharing.grade) } else { beyond(actor, label, partner) }
}

/// A record for named officers: the one grant that reaches a program or an administrator.
fn named(actor: &Actor, label: &AccessLabel, partner: bool) -> Sight {
    match actor.role {
        _ if !label.sharing.officers.contains(&actor.officer) => beyond(actor, label, partner),
        Role::IntegrationClient | Role::Administrator => seen(label.sharing.grade),
        _ => by_role(actor, label, label.sharing.grade),
    }
}

/// What the rest of the partnership is told.
fn beyond(actor: &Actor, label: &AccessLabel, partner: bool) -> Sight {
    if partner && label.sharing.beyond == Beyond::HeldBy { by_role(actor, label, Grade::HeldBy) } else { Sight::Nothing }
}

fn released(actor: &Actor, label: &AccessLabel, now: Timestamp) -> Sight {
    let releases = label.handed.iter().filter(|handed| handed.way == Way::Release && handed.at(now));
    let mine = releases.filter(|handed| match handed.to {
        Recipient::Agency(agency) => agency == actor.agency,
        Recipient::Officer(officer) => officer == actor.officer,
    });
    mine.map(|handed| by_role(actor, label, handed.grade)).max().unwrap_or(Sight::Nothing)
}

fn emergency(actor: &Actor, label: &AccessLabel, now: Timestamp) -> Sight {
    let opened =
        label.handed.iter().any(|handed| handed.way == Way::Emergency && handed.at(now) && handed.to == Recipient::Officer(actor.officer));
    let may = actor.role == Role::SafeguardingLead && !label.police_only && !label.intelligence;
    if opened && may { Sight::Full } else { Sight::Nothing }
}

/// What a role sees of what a grade opens.
fn by_role(actor: &Actor, label: &AccessLabel, grade: Grade) -> Sight {
    // Who holds a sensitive or police-only record is itself kept.
    let kept = label.sensitive || label.police_only || label.intelligence;
    match actor.role {
        _ if grade == Grade::HeldBy && kept => Sight::Nothing,
        Role::Officer | Role::Supervisor | Role::SafeguardingLead => seen(grade),
        Role::Analyst if grade > Grade::Summary || label.intelligence => Sight::Nothing,
        Role::Analyst => Sight::SummaryWithoutPeople,
        Role::DataProtectionOfficer | Role::Administrator | Role::IntegrationClient => Sight::Nothing,
    }
}

fn seen(grade: Grade) -> Sight {
    match grade {
        Grade::Full => Sight::Full,
        Grade::Summary => Sight::Summary,
        Grade::HeldBy => Sight::Held,
    }
}
