//! The cells of the matrix: what a record is, how it is shared, who asks, in which role, when.

use model::{
    AgencyKind, Problems, Role, Sharing, SharingLevel, Timestamp, Uuid,
    access::{AccessLabel, Beyond, Grade, Handed, Openings, Recipient, Way},
};

/// Every class of record.
pub const CLASSES: [&str; 5] = ["published", "ordinary", "sensitive", "police_only", "intelligence"];
/// Every way somebody may stand to a record.
pub const RELATIONS: [&str; 14] = [
    "owner",
    "named_agency",
    "named_officer",
    "partner",
    "police_partner",
    "other_partnership",
    "nobody",
    "seconded_in",
    "seconded_in_sensitive",
    "seconded_out",
    "granted_agency",
    "emergency",
    "blocked",
    "blocked_granted",
];
/// The moments around the beginning and the end of what has one.
pub const MOMENTS: [&str; 5] = ["before", "at_start", "before_end", "at_end", "after"];

/// When secondments, releases and emergency access begin, in microseconds.
pub const START: i64 = 1_790_000_000_000_000;
/// When they end.
pub const END: i64 = START + 3_600_000_000;

/// The council that owns the records, or the force where only a force can.
pub const OWNER: u128 = 1;
/// The force that owns police-only records and intelligence.
pub const OWNER_FORCE: u128 = 11;
/// The agency named.
pub const NAMED: u128 = 2;
/// Another of the partnership.
pub const PARTNER: u128 = 3;
/// A force of the partnership.
pub const POLICE: u128 = 4;
/// One of another partnership.
pub const OTHER: u128 = 5;
/// One of none.
pub const ALONE: u128 = 6;
/// The partnership of the records.
pub const STOCKTON: u128 = 100;
/// Another.
pub const DARLINGTON: u128 = 101;
/// An officer named who is never asked.
pub const NOBODY_ASKED: u128 = 77;

/// A number as an id.
pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// One cell.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// What the record is.
    pub class: &'static str,
    /// How it is shared.
    pub sharing: (SharingLevel, Grade, Beyond),
    /// How the caller stands to it.
    pub relation: &'static str,
    /// The caller's role.
    pub role: Role,
    /// When they ask.
    pub moment: &'static str,
}

impl Cell {
    /// Whether what the caller stands on begins and ends.
    pub fn edges(self) -> bool {
        matches!(
            self.relation,
            "seconded_in" | "seconded_in_sensitive" | "seconded_out" | "granted_agency" | "emergency" | "blocked_granted"
        )
    }

    /// Whether the caller acts under a secondment.
    pub fn seconded(self) -> bool {
        self.relation.starts_with("seconded")
    }

    /// When they ask.
    pub fn at(self) -> Timestamp {
        Timestamp::from_micros(match self.moment {
            "before" => START - 1_000_000,
            "at_start" => START,
            "before_end" => END - 1_000_000,
            "at_end" => END,
            _ => END + 1_000_000,
        })
    }

    /// Whether the record can only be a force's.
    pub fn of_force(self) -> bool {
        matches!(self.class, "police_only" | "intelligence")
    }

    /// Who owns the record.
    pub fn owner(self) -> Uuid {
        id(if self.of_force() { OWNER_FORCE } else { OWNER })
    }

    /// The agency the caller acts for, what it is, and the partnerships it is in; its own first.
    ///
    /// # Panics
    /// For a relation that is none.
    pub fn acts_for(self) -> (Uuid, AgencyKind, &'static [u128]) {
        let owner_kind = if self.of_force() { AgencyKind::Police } else { AgencyKind::Council };
        match self.relation {
            "owner" | "blocked" | "blocked_granted" | "seconded_in" | "seconded_in_sensitive" => (self.owner(), owner_kind, &[STOCKTON]),
            "named_agency" | "seconded_out" => (id(NAMED), AgencyKind::Housing, &[STOCKTON]),
            "named_officer" | "partner" => (id(PARTNER), AgencyKind::Probation, &[STOCKTON]),
            "police_partner" => (id(POLICE), AgencyKind::Police, &[DARLINGTON, STOCKTON]),
            "other_partnership" | "granted_agency" => (id(OTHER), AgencyKind::Council, &[DARLINGTON]),
            "nobody" | "emergency" => (id(ALONE), AgencyKind::Other, &[]),
            other => panic!("{other}"),
        }
    }

    /// The caller's own agency.
    pub fn home(self) -> Uuid {
        match self.relation {
            "seconded_in" | "seconded_in_sensitive" => id(PARTNER),
            "seconded_out" => self.owner(),
            _ => self.acts_for().0,
        }
    }

    /// The officer who asks: one of each relation and role, and for a force's records one of a force.
    pub fn officer(self) -> Uuid {
        let relation = RELATIONS.iter().position(|relation| *relation == self.relation).unwrap_or_default();
        let role = Role::ALL.iter().position(|role| *role == self.role).unwrap_or_default();
        id(10_000 + 100 * relation as u128 + 10 * u128::from(self.of_force()) + role as u128)
    }

    /// Every officer of this relation, whatever the role.
    fn officers(self) -> Vec<Uuid> {
        Role::ALL.iter().map(|role| Cell { role: *role, ..self }.officer()).collect()
    }

    /// How the record is shared.
    pub fn shared(self) -> Sharing {
        let (level, grade, beyond) = self.sharing;
        let mut sharing = Sharing { grade, beyond, ..Sharing::of(level) };
        match level {
            SharingLevel::Open => return sharing,
            SharingLevel::NamedAgencies => sharing.agencies = vec![id(NAMED)],
            SharingLevel::NamedOfficers => {
                sharing.officers = vec![id(NOBODY_ASKED)];
                if self.relation == "named_officer" {
                    sharing.officers.extend(self.officers());
                }
            }
            _ => {}
        }
        sharing.within(id(STOCKTON))
    }

    /// To whom it is handed and closed.
    pub fn openings(self) -> Openings {
        let (from, until) = (Timestamp::from_micros(START), Some(Timestamp::from_micros(END)));
        let handed = |to, way| Handed { to, way, grade: Grade::Full, from, until };
        let emergency = || self.officers().into_iter().map(|officer| handed(Recipient::Officer(officer), Way::Emergency)).collect();
        match self.relation {
            "granted_agency" => Openings { handed: vec![handed(Recipient::Agency(id(OTHER)), Way::Release)], ..Openings::default() },
            "emergency" => Openings { handed: emergency(), ..Openings::default() },
            "blocked" => Openings { blocked: self.officers(), ..Openings::default() },
            "blocked_granted" => {
                let mut all: Vec<Handed> = emergency();
                all.push(handed(Recipient::Agency(self.owner()), Way::Release));
                Openings { handed: all, blocked: self.officers() }
            }
            _ => Openings::default(),
        }
    }

    /// The label of the record.
    pub fn label(self) -> AccessLabel {
        let Openings { handed, blocked } = self.openings();
        AccessLabel {
            sensitive: self.class == "sensitive",
            police_only: self.class == "police_only",
            intelligence: self.class == "intelligence",
            handed,
            blocked,
            ..AccessLabel::of(self.owner(), self.shared())
        }
    }

    /// Which record it is about: cells that differ in who asks and when share one, unless the record depends on it.
    pub fn record(self) -> (&'static str, SharingLevel, Grade, Beyond, &'static str) {
        let special = match self.relation {
            "named_officer" if self.sharing.0 == SharingLevel::NamedOfficers => "named_officer",
            "granted_agency" | "emergency" | "blocked" | "blocked_granted" => self.relation,
            _ => "",
        };
        (self.class, self.sharing.0, self.sharing.1, self.sharing.2, special)
    }
}

/// Every cell that can be.
pub fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for class in CLASSES {
        for level in SharingLevel::ALL {
            for grade in Grade::ALL {
                for beyond in Beyond::ALL {
                    let mut problems = Problems::default();
                    let sharing = (*level, *grade, *beyond);
                    let cell = Cell { class, sharing, relation: "owner", role: Role::Officer, moment: "at_start" };
                    cell.shared().check(&mut problems);
                    if problems.into_result().is_err() || (class == "published") != (*level == SharingLevel::Open) {
                        continue;
                    }
                    for relation in RELATIONS {
                        for role in Role::ALL {
                            let all = MOMENTS.iter().map(|moment| Cell { relation, role: *role, moment, ..cell });
                            cells.extend(all.filter(|cell| cell.edges() || cell.moment == "at_start"));
                        }
                    }
                }
            }
        }
    }
    cells
}
