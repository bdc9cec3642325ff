//! The agencies and officers of the demonstration.

use crate::random::Random;
use model::{AgencyKind, Role};
use uuid::Uuid;

/// An agency of the demonstration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAgency {
    /// A short word for it.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: AgencyKind,
    /// The partnerships it is in, its own first, as places in [`PARTNERSHIPS`].
    pub partnerships: &'static [usize],
}

/// The partnerships of the demonstration. Police, fire and probation work across boroughs, councils do not.
pub const PARTNERSHIPS: [&str; 2] = ["Safer Stockton Partnership", "Middlesbrough Community Safety Partnership"];

/// An officer of the demonstration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoOfficer {
    /// A short word for whoever it is, as `council-officer`.
    pub key: &'static str,
    /// The name.
    pub name: &'static str,
    /// The agency's key.
    pub agency: &'static str,
    /// The role.
    pub role: Role,
}

pub(crate) const COUNCIL: usize = 0;
pub(crate) const POLICE: usize = 1;
pub(crate) const TRISTAR: usize = 2;
pub(crate) const FIRE: usize = 3;
pub(crate) const PROBATION: usize = 4;
pub(crate) const MIDDLESBROUGH: usize = 5;

/// Officers seconded to another agency, each with the host's key: a constable who sits with the council's team.
pub const SECONDED: [(&str, &str); 1] = [("police-officer-2", "council")];

const fn agency(key: &'static str, name: &'static str, kind: AgencyKind, partnerships: &'static [usize]) -> DemoAgency {
    DemoAgency { key, name, kind, partnerships }
}

const fn officer(key: &'static str, name: &'static str, agency: &'static str, role: Role) -> DemoOfficer {
    DemoOfficer { key, name, agency, role }
}

pub(crate) const AGENCIES: [DemoAgency; 6] = [
    agency("council", "Stockton Council ASB Team", AgencyKind::Council, &[0]),
    agency("police", "Cleveland Police", AgencyKind::Police, &[0, 1]),
    agency("tristar", "Tristar Homes", AgencyKind::Housing, &[0]),
    agency("fire", "Cleveland Fire Brigade", AgencyKind::Fire, &[0, 1]),
    agency("probation", "Probation Service Cleveland", AgencyKind::Probation, &[0, 1]),
    agency("middlesbrough", "Middlesbrough Council", AgencyKind::Council, &[1]),
];

pub(crate) const OFFICERS: [DemoOfficer; 21] = [
    officer("council-officer", "Hannah Mawson", "council", Role::Officer),
    officer("council-officer-2", "Imran Chaudhry", "council", Role::Officer),
    officer("council-supervisor", "Gillian Tait", "council", Role::Supervisor),
    officer("council-analyst", "Owen Pritchard", "council", Role::Analyst),
    officer("council-safeguarding", "Ruth Oyelaran", "council", Role::SafeguardingLead),
    officer("council-dpo", "Malcolm Frith", "council", Role::DataProtectionOfficer),
    officer("council-admin", "Service Desk", "council", Role::Administrator),
    officer("council-web-form", "Web Form Gateway", "council", Role::IntegrationClient),
    officer("police-officer", "PC Daniel Rowe", "police", Role::Officer),
    officer("police-officer-2", "PC Magda Zielinska", "police", Role::Officer),
    officer("police-sergeant", "Sgt Colette Harker", "police", Role::Supervisor),
    officer("police-analyst", "Lewis Adamson", "police", Role::Analyst),
    officer("police-safeguarding", "DS Nadia Farouk", "police", Role::SafeguardingLead),
    officer("police-dpo", "Jonathan Selby", "police", Role::DataProtectionOfficer),
    officer("tristar-officer", "Carol Stubbs", "tristar", Role::Officer),
    officer("tristar-officer-2", "Dean Loftus", "tristar", Role::Officer),
    officer("tristar-supervisor", "Anita Basra", "tristar", Role::Supervisor),
    officer("fire-officer", "WM Peter Scaife", "fire", Role::Officer),
    officer("probation-officer", "Bernice Acheampong", "probation", Role::Officer),
    officer("middlesbrough-officer", "Tom Verrill", "middlesbrough", Role::Officer),
    officer("middlesbrough-analyst", "Judith Kwan", "middlesbrough", Role::Analyst),
];

/// The place of the officer with that key; the first where there is none.
pub(crate) fn officer_called(key: &str) -> usize {
    OFFICERS.iter().position(|officer| officer.key == key).unwrap_or(0)
}

/// The officers of an agency who log incidents.
pub(crate) fn recorders(agency: usize) -> Vec<usize> {
    let key = AGENCIES.get(agency).map_or("", |agency| agency.key);
    let records = |role| matches!(role, Role::Officer | Role::Supervisor | Role::SafeguardingLead);
    (0..OFFICERS.len()).filter(|at| OFFICERS.get(*at).is_some_and(|officer| officer.agency == key && records(officer.role))).collect()
}

/// The one who logs an incident: mostly the first of the agency, the web form where it came that way.
pub(crate) fn recorder(random: &mut Random, agency: usize, online: bool) -> usize {
    if agency == COUNCIL && online {
        return officer_called("council-web-form");
    }
    random.pick_early(&recorders(agency)).copied().unwrap_or(0)
}

/// The ids the agencies and officers were given.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    agencies: Vec<Uuid>,
    officers: Vec<Uuid>,
}

impl Ids {
    pub(crate) fn new(agencies: &[Uuid], officers: &[Uuid]) -> Self {
        Self { agencies: agencies.to_vec(), officers: officers.to_vec() }
    }

    /// The ids of those agencies, as far as they have any.
    pub(crate) fn agencies(&self, which: &[usize]) -> Vec<Uuid> {
        which.iter().filter_map(|at| self.agencies.get(*at).copied()).collect()
    }

    /// The ids of those officers, as far as they have any.
    pub(crate) fn officers(&self, which: &[usize]) -> Vec<Uuid> {
        which.iter().filter_map(|at| self.officers.get(*at).copied()).collect()
    }
}
