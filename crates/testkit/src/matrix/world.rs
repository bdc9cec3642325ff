//! Every agency, officer, secondment and record of the matrix, in a service on a clock that is set.

use super::{
    cell::{self, Cell, DARLINGTON, END, STOCKTON, id},
    record::Record,
};
use crate::{
    campaign::On,
    inside::{self, Inside},
};
use model::{
    Agency, AgencyKind, Membership, Officer, Partnership, Role, Secondment, SharingLevel, Timestamp, Uuid,
    access::{Beyond, Grade},
};
use secrecy::ExposeSecret;
use std::collections::{BTreeMap, HashMap};
use store::Tx;

/// By what [`Cell::record`] says.
type Records = HashMap<(&'static str, SharingLevel, Grade, Beyond, &'static str), Record>;

/// The world, and how its callers sign in.
pub(super) struct World {
    pub(super) inside: Inside,
    tokens: BTreeMap<Uuid, String>,
    records: Records,
}

/// Everything is entered a day before anything begins.
pub(super) fn entered_at() -> Timestamp {
    Timestamp::from_micros(cell::START).plus_seconds(-86_400)
}

impl World {
    /// Enters all that these cells need.
    pub(super) async fn new(on: On, cells: &[Cell]) -> Self {
        let mut records = Records::new();
        for cell in cells {
            let number = records.len();
            records.entry(cell.record()).or_insert_with(|| Record::of(*cell, number, entered_at()));
        }
        let inside = Inside::start(on, entered_at(), async |tx| {
            enter_people(tx, cells).await;
            for record in records.values() {
                inside::enter(tx, record.incident.clone()).await;
            }
        })
        .await;
        let mut tokens = BTreeMap::new();
        for cell in cells {
            if let std::collections::btree_map::Entry::Vacant(free) = tokens.entry(cell.officer()) {
                let token = identity::new_token().text.expose_secret().to_owned();
                inside.sign_in(cell.officer(), &token).await;
                free.insert(token);
            }
        }
        Self { inside, tokens, records }
    }

    pub(super) fn token(&self, cell: &Cell) -> &str {
        &self.tokens[&cell.officer()]
    }

    pub(super) fn record(&self, cell: &Cell) -> &Record {
        &self.records[&cell.record()]
    }
}

pub(super) async fn enter_people(tx: &mut Tx, cells: &[Cell]) {
    let at = entered_at();
    let agencies = [
        (cell::OWNER, AgencyKind::Council, &[STOCKTON][..]),
        (cell::OWNER_FORCE, AgencyKind::Police, &[STOCKTON]),
        (cell::NAMED, AgencyKind::Housing, &[STOCKTON]),
        (cell::PARTNER, AgencyKind::Probation, &[STOCKTON]),
        (cell::POLICE, AgencyKind::Police, &[DARLINGTON, STOCKTON]),
        (cell::OTHER, AgencyKind::Council, &[DARLINGTON]),
        (cell::ALONE, AgencyKind::Other, &[]),
    ];
    for (number, name) in [(STOCKTON, "Stockton"), (DARLINGTON, "Darlington")] {
        let partnership = Partnership { id: id(number), name: name.to_owned(), created_at: at };
        store::partnerships::insert(tx, &partnership).await.expect("a partnership");
    }
    for (number, kind, partnerships) in agencies {
        let agency = Agency { id: id(number), name: format!("Agency {number}"), kind, contact: None, created_at: at };
        store::agencies::insert(tx, &agency).await.expect("an agency");
        for (order, partnership) in (0..).zip(partnerships) {
            // The one an agency has been in longest is its own.
            let from = at.plus_seconds(order - 1_000);
            let member = Membership { partnership: id(*partnership), agency: id(number), from, until: None };
            store::partnerships::join(tx, &member).await.expect("a membership");
        }
    }
    let officers: BTreeMap<Uuid, Cell> = cells.iter().map(|cell| (cell.officer(), *cell)).collect();
    for (officer, cell) in officers {
        enter_officer(tx, officer, &cell, at).await;
    }
}

async fn enter_officer(tx: &mut Tx, officer: Uuid, cell: &Cell, at: Timestamp) {
    // Under a secondment it is the role there that counts.
    let role = if cell.seconded() { Role::Officer } else { cell.role };
    let entered =
        Officer { id: officer, name: format!("Officer {officer}"), agency: cell.home(), role, created_at: at, suspended_at: None };
    store::agencies::insert_officer(tx, &entered).await.expect("an officer");
    if cell.seconded() {
        let secondment = Secondment {
            id: Uuid::from_u128(officer.as_u128() + 1_000_000),
            officer,
            home: cell.home(),
            host: cell.acts_for().0,
            role: cell.role,
            sensitive: cell.relation == "seconded_in_sensitive",
            from: Timestamp::from_micros(cell::START),
            until: Timestamp::from_micros(END),
            approved_by: officer,
            approved_at: at,
            ended_at: None,
        };
        store::partnerships::second(tx, &secondment).await.expect("a secondment");
    }
}
