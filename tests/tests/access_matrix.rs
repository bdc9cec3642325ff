//! The access matrix: the rule in every cell, and a fixed-seed sample of everything over HTTP on both databases
//! (`cargo xtask campaign access-sqlite` and `access-postgres` ask all of it).
#![allow(clippy::unwrap_used, reason = "tests")]

use model::{
    Sight,
    access::{Actor, LabelKind, Seconded, counts, decide},
};
use testkit::{
    campaign::{On, draft::Random},
    matrix::{self, Cell, cells, table},
};

/// Whoever asks; nobody when the secondment is not in force.
fn actor(cell: Cell) -> Option<Actor> {
    let (agency, kind, partnerships) = cell.acts_for();
    let partnerships = partnerships.iter().map(|number| matrix::cell::id(*number)).collect();
    let actor = Actor::new(cell.officer(), "Pat Reed", agency, kind, cell.role).in_partnerships(partnerships);
    if !cell.seconded() {
        return Some(actor);
    }
    let (from, until) = (matrix::cell::START, matrix::cell::END);
    let sensitive = cell.relation == "seconded_in_sensitive";
    let seconded = Some(Seconded { id: matrix::cell::id(500), home: cell.home(), sensitive });
    (from..until).contains(&cell.at().micros()).then_some(Actor { seconded, ..actor })
}

fn found(cell: Cell) -> table::Answer {
    let Some(actor) = actor(cell) else {
        return table::Answer { by_id: "403".to_owned(), name_hit: "no".to_owned(), counted: false, protected: false, child: false };
    };
    let (label, now) = (cell.label(), cell.at());
    let on = |kind| decide(&actor, &label.clone().on(kind), now);
    let by_id = match on(LabelKind::Record) {
        Sight::Nothing => "404",
        Sight::Held => "held",
        Sight::SummaryWithoutPeople => "summary_without_people",
        Sight::Summary => "summary",
        Sight::Full => "full",
    };
    let name_hit = match on(LabelKind::Record) {
        Sight::Held => "held",
        // Published data names nobody: a test of its own says so.
        sight if sight >= Sight::Summary && cell.class != "published" => "yes",
        _ => "no",
    };
    table::Answer {
        by_id: by_id.to_owned(),
        name_hit: name_hit.to_owned(),
        counted: counts(&actor, &label, now),
        protected: on(LabelKind::ProtectedPerson) == Sight::Full,
        child: on(LabelKind::Child) == Sight::Full,
    }
}

#[test]
fn the_rule_answers_as_the_table_says() {
    let table = table::table();
    let (mut wrong, mut used) = (Vec::new(), vec![0_u32; table.len()]);
    let cells = cells();
    for cell in &cells {
        let (row, expected) = cell.expected(&table);
        used[row] += 1;
        let found = found(*cell);
        if &found != expected {
            wrong.push(format!("row {}: {cell:?}\n  the table says {expected:?}\n  the rule says  {found:?}", row + 2));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cells differ, as\n{}", wrong.len(), cells.len(), wrong[..wrong.len().min(12)].join("\n"));
    assert!(cells.len() > 9_000, "only {} cells", cells.len());
    let idle: Vec<usize> = (0..table.len()).filter(|row| used[*row] == 0).map(|row| row + 2).collect();
    assert!(idle.is_empty(), "rows that no cell reaches: {idle:?}");
}

#[test]
fn every_operation_has_a_row_that_says_who_may_use_it() {
    let unmatched = matrix::operations::unmatched();
    assert!(unmatched.is_empty(), "docs/access-operations.csv: {unmatched:#?}");
}

fn sample(on: On) {
    let mut random = Random::new(7, 1);
    let all = cells();
    let chosen: Vec<Cell> = (0..200).map(|_| all[random.below(all.len() as u64) as usize]).collect();
    let report = matrix::run(on, &chosen, |_| {});
    assert_eq!(report.violations.count, 0, "{}", report.violations.told.join("\n"));
    assert!(report.requests > 6_000, "only {} requests", report.requests);
}

#[test]
fn over_http_a_sample_of_it_answers_as_the_tables_say_on_sqlite() {
    sample(On::Sqlite);
}

#[test]
fn over_http_a_sample_of_it_answers_as_the_tables_say_on_postgres() {
    sample(On::Postgres);
}
