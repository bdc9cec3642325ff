//! The access rule against `docs/access.csv`, cell by cell. The table was written from the requirements before the rule:
//! where the two differ, the rule is wrong until somebody changes the table on purpose.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use model::{
    AccessLabel, Actor, AgencyKind, Problems, Role, Secondment, Sharing, SharingLevel, Sight, Timestamp, Uuid,
    access::{Beyond, Grade, Handed, LabelKind, Recipient, Seconded, Way, counts, decide},
};

const TABLE: &str = include_str!("../../../docs/access.csv");
const CLASSES: [&str; 5] = ["published", "ordinary", "sensitive", "police_only", "intelligence"];
const RELATIONS: [&str; 14] = [
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
const MOMENTS: [&str; 5] = ["before", "at_start", "before_end", "at_end", "after"];

const START: i64 = 1_790_000_000_000_000;
const END: i64 = START + 3_600_000_000;

/// What a cell answers.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    by_id: String,
    name_hit: String,
    counted: bool,
    protected: bool,
    child: bool,
}

struct Row {
    inputs: Vec<Vec<&'static str>>,
    answer: Answer,
}

fn table() -> Vec<Row> {
    let mut lines = TABLE.lines();
    let header = "class,level,grade,beyond,relation,role,when,by_id,name_hit,counted,protected_identity,child_identity,why";
    assert_eq!(lines.next(), Some(header));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.splitn(13, ',').collect();
            assert_eq!(cells.len(), 13, "{line}");
            assert!(!cells[12].is_empty(), "no reason: {line}");
            let yes = |text: &str| match text {
                "yes" => true,
                "no" => false,
                other => panic!("{other} in {line}"),
            };
            Row {
                inputs: cells[..7].iter().map(|cell| cell.split('|').collect()).collect(),
                answer: Answer {
                    by_id: cells[7].to_owned(),
                    name_hit: cells[8].to_owned(),
                    counted: yes(cells[9]),
                    protected: yes(cells[10]),
                    child: yes(cells[11]),
                },
            }
        })
        .collect()
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

const OWNER: u128 = 1;
const NAMED: u128 = 2;
const PARTNER: u128 = 3;
const POLICE: u128 = 4;
const OTHER: u128 = 5;
const ALONE: u128 = 6;
const ME: u128 = 90;
const STOCKTON: u128 = 100;
const DARLINGTON: u128 = 101;

/// One cell of the table.
#[derive(Debug, Clone, Copy)]
struct Cell {
    class: &'static str,
    sharing: (SharingLevel, Grade, Beyond),
    relation: &'static str,
    role: Role,
    moment: &'static str,
}

impl Cell {
    fn edges(self) -> bool {
        matches!(
            self.relation,
            "seconded_in" | "seconded_in_sensitive" | "seconded_out" | "granted_agency" | "emergency" | "blocked_granted"
        )
    }

    fn at(self) -> Timestamp {
        Timestamp::from_micros(match self.moment {
            "before" => START - 1_000_000,
            "at_start" => START,
            "before_end" => END - 1_000_000,
            "at_end" => END,
            _ => END + 1_000_000,
        })
    }

    fn sharing(self) -> Sharing {
        let (level, grade, beyond) = self.sharing;
        let mut sharing = Sharing { grade, beyond, ..Sharing::of(level) };
        match level {
            SharingLevel::Open => {}
            SharingLevel::NamedAgencies => sharing.agencies = vec![id(NAMED)],
            SharingLevel::NamedOfficers if self.relation == "named_officer" => sharing.officers = vec![id(77), id(ME)],
            SharingLevel::NamedOfficers => sharing.officers = vec![id(77)],
            _ => {}
        }
        if level != SharingLevel::Open {
            sharing = sharing.within(id(STOCKTON));
        }
        sharing
    }

    fn label(self) -> AccessLabel {
        let police = matches!(self.class, "police_only" | "intelligence");
        let mut label = AccessLabel::of(id(OWNER), self.sharing());
        label.sensitive = self.class == "sensitive";
        label.police_only = self.class == "police_only";
        label.intelligence = self.class == "intelligence";
        assert!(!police || label.police_only || label.intelligence);
        let (from, until) = (Timestamp::from_micros(START), Some(Timestamp::from_micros(END)));
        let handed = |to, way| vec![Handed { to, way, grade: Grade::Full, from, until }];
        match self.relation {
            "granted_agency" => label.handed = handed(Recipient::Agency(id(OTHER)), Way::Release),
            "emergency" => label.handed = handed(Recipient::Officer(id(ME)), Way::Emergency),
            "blocked" => label.blocked = vec![id(ME)],
            "blocked_granted" => {
                label.blocked = vec![id(ME)];
                label.handed = handed(Recipient::Officer(id(ME)), Way::Emergency);
                label.handed.extend(handed(Recipient::Agency(id(OWNER)), Way::Release));
            }
            _ => {}
        }
        label
    }

    /// Whoever asks; nobody when the secondment is not in force.
    fn actor(self) -> Option<Actor> {
        let owner_kind = if matches!(self.class, "police_only" | "intelligence") { AgencyKind::Police } else { AgencyKind::Council };
        let (agency, kind, partnerships) = match self.relation {
            "owner" | "blocked" | "blocked_granted" | "seconded_in" | "seconded_in_sensitive" => (OWNER, owner_kind, vec![STOCKTON]),
            "named_agency" | "seconded_out" => (NAMED, AgencyKind::Housing, vec![STOCKTON]),
            "named_officer" | "partner" => (PARTNER, AgencyKind::Probation, vec![STOCKTON]),
            "police_partner" => (POLICE, AgencyKind::Police, vec![DARLINGTON, STOCKTON]),
            "other_partnership" | "granted_agency" => (OTHER, AgencyKind::Council, vec![DARLINGTON]),
            "nobody" | "emergency" => (ALONE, AgencyKind::Other, vec![]),
            other => panic!("{other}"),
        };
        let actor = Actor::new(id(ME), "Pat Reed", id(agency), kind, self.role);
        let actor = actor.in_partnerships(partnerships.into_iter().map(id).collect());
        let home = match self.relation {
            "seconded_in" | "seconded_in_sensitive" => PARTNER,
            "seconded_out" => OWNER,
            _ => return Some(actor),
        };
        let secondment = Secondment {
            id: id(500),
            officer: id(ME),
            home: id(home),
            host: id(agency),
            role: self.role,
            sensitive: self.relation == "seconded_in_sensitive",
            from: Timestamp::from_micros(START),
            until: Timestamp::from_micros(END),
            approved_by: id(501),
            approved_at: Timestamp::from_micros(START - 5),
            ended_at: None,
        };
        let seconded = Seconded { id: secondment.id, home: secondment.home, sensitive: secondment.sensitive };
        secondment.at(self.at()).then_some(Actor { seconded: Some(seconded), ..actor })
    }

    fn expected(self, table: &[Row]) -> (usize, &Answer) {
        let (level, grade, beyond) = self.sharing;
        let relation = if self.relation == "blocked_granted" { "blocked" } else { self.relation };
        let values = [self.class, level.as_str(), grade.as_str(), beyond.as_str(), relation, self.role.as_str(), self.moment];
        let matches = |row: &Row| row.inputs.iter().zip(values).all(|(input, value)| input == &["*"] || input.contains(&value));
        let at = table.iter().position(matches).expect("the last row takes everything");
        (at, &table[at].answer)
    }

    fn found(self) -> Answer {
        let Some(actor) = self.actor() else {
            return Answer { by_id: "403".to_owned(), name_hit: "no".to_owned(), counted: false, protected: false, child: false };
        };
        let (label, now) = (self.label(), self.at());
        let on = |kind| decide(&actor, &label.clone().on(kind), now);
        let published = self.class == "published";
        let by_id = match on(LabelKind::Record) {
            Sight::Nothing => "404",
            Sight::Held => "held",
            Sight::SummaryWithoutPeople => "summary_without_people",
            Sight::Summary => "summary",
            Sight::Full => "full",
        };
        let name_hit = match on(LabelKind::Record) {
            Sight::Held => "held",
            // Published data names nobody: see `published_data_names_nobody`.
            sight if sight >= Sight::Summary && !published => "yes",
            _ => "no",
        };
        Answer {
            by_id: by_id.to_owned(),
            name_hit: name_hit.to_owned(),
            counted: counts(&actor, &label, now),
            protected: on(LabelKind::ProtectedPerson) == Sight::Full,
            child: on(LabelKind::Child) == Sight::Full,
        }
    }
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for class in CLASSES {
        for level in SharingLevel::ALL {
            for grade in Grade::ALL {
                for beyond in Beyond::ALL {
                    let mut problems = Problems::default();
                    let sharing = (*level, *grade, *beyond);
                    let cell = Cell { class, sharing, relation: "owner", role: Role::Officer, moment: "at_start" };
                    cell.sharing().check(&mut problems);
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

#[test]
fn the_rule_answers_as_the_table_says() {
    let table = table();
    let (mut wrong, mut used) = (Vec::new(), vec![0_u32; table.len()]);
    let cells = cells();
    for cell in &cells {
        let (row, expected) = cell.expected(&table);
        used[row] += 1;
        let found = cell.found();
        if &found != expected {
            wrong.push(format!("row {}: {cell:?}\n  the table says {expected:?}\n  the rule says  {found:?}", row + 2));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cells differ, as\n{}", wrong.len(), cells.len(), wrong[..wrong.len().min(12)].join("\n"));
    assert!(cells.len() > 9_000, "only {} cells", cells.len());
    let idle: Vec<usize> = (0..table.len()).filter(|row| used[*row] == 0).map(|row| row + 2).collect();
    assert!(idle.is_empty(), "rows that no cell reaches: {idle:?}");
}
