//! Whoever asks.

use crate::{AgencyKind, Role, Uuid};
use serde::Serialize;

/// A secondment an officer acts under: for a host agency, in a role there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Seconded {
    /// Its id.
    pub id: Uuid,
    /// The officer's own agency.
    pub home: Uuid,
    /// Whether it opens the sensitive classes.
    pub sensitive: bool,
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
    /// The partnerships of the agency acted for; its own first.
    pub partnerships: Vec<Uuid>,
    /// The secondment acted under, when the agency is not the officer's own.
    pub seconded: Option<Seconded>,
}

impl Actor {
    /// An officer acting for the own agency, which is in no partnership.
    pub fn new(officer: Uuid, name: impl Into<String>, agency: Uuid, agency_kind: AgencyKind, role: Role) -> Self {
        Self { officer, name: name.into(), agency, agency_kind, role, partnerships: Vec::new(), seconded: None }
    }

    /// The same with the partnerships the agency is in; its own first.
    pub fn in_partnerships(self, partnerships: Vec<Uuid>) -> Self {
        Self { partnerships, ..self }
    }

    /// Whoever runs a bootstrap command at the console: manages agencies, officers and tokens and sees no incident.
    pub fn console() -> Self {
        Self::new(Uuid::nil(), "console", Uuid::nil(), AgencyKind::Other, Role::Administrator)
    }

    /// May manage agencies, officers and tokens.
    pub fn administers(&self) -> bool {
        self.role == Role::Administrator
    }

    /// May log incidents.
    pub fn records(&self) -> bool {
        self.works_with_people() || self.role == Role::IntegrationClient
    }

    /// May work with the people in records: ask about them, look for references, decide who is one person.
    pub fn works_with_people(&self) -> bool {
        matches!(self.role, Role::Officer | Role::Supervisor | Role::SafeguardingLead)
    }

    /// May read the audit ledger: of the own agency, or all of it for the console.
    pub fn audits(&self) -> bool {
        self.role == Role::DataProtectionOfficer
    }
}
