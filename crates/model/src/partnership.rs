//! Partnerships of agencies, and officers seconded from one agency to another.

use crate::{Role, Timestamp, Uuid};
use serde::{Deserialize, Serialize};

/// Agencies that share records under one agreement. An agency may be in several: a police force in four boroughs'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Partnership {
    /// Its id.
    pub id: Uuid,
    /// Its name, unique without regard to case.
    pub name: String,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// An agency's time in a partnership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Membership {
    /// The partnership.
    pub partnership: Uuid,
    /// The agency.
    pub agency: Uuid,
    /// From when.
    pub from: Timestamp,
    /// Until when: not in it from that moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// An officer of one agency who acts for another for a while. A write made under it belongs to the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Secondment {
    /// Its id.
    pub id: Uuid,
    /// The officer.
    pub officer: Uuid,
    /// The agency the officer is of.
    pub home: Uuid,
    /// The agency the officer acts for.
    pub host: Uuid,
    /// The role there.
    pub role: Role,
    /// Whether it opens the host's records of the sensitive classes.
    pub sensitive: bool,
    /// From when.
    pub from: Timestamp,
    /// Until when: it opens nothing from that moment.
    pub until: Timestamp,
    /// Who approved it: an administrator of the host.
    pub approved_by: Uuid,
    /// When it was approved.
    pub approved_at: Timestamp,
    /// When it was ended early, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

impl Membership {
    /// Whether the agency is in the partnership at `now`.
    pub fn at(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

impl Secondment {
    /// Whether it is in force at `now`: from the first moment of `from`, until and without the first of its end.
    pub fn at(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until && self.ended_at.is_none_or(|ended| now < ended)
    }

    /// The roles somebody can be seconded in: those that work with records. Access and ledger stay with the own officers.
    pub const ROLES: [Role; 4] = [Role::Officer, Role::Supervisor, Role::Analyst, Role::SafeguardingLead];
}
