//! The Donnellys of 4 Glaisdale Court, Norton, and the Fairbairns of number 6: each complains of the other for nine
//! months. One allegation is taken back.

use super::{Entry, Telling, id, incident, living, name, open, person, report};
use crate::streets;
use model::{
    InvolvementRole::{PersonAffected, PersonComplainedAbout, Reporter},
    NewAllegation, NewIncident, PlaceRole, Qualifier,
    allegation::{AllegationStatus, Basis},
    incident::NextStep,
    involvement::Person,
};

pub(crate) const FEUD: &str = "feud";

/// One complaint: label, officer, day, minutes later; who complains and of whom; types; what is alleged; status and its
/// reason; what is alleged back; summary; narrative.
struct Row {
    label: &'static str,
    by: &'static str,
    happened: (i64, i64, i64),
    later: i64,
    from: usize,
    of: usize,
    types: &'static [u16],
    what: &'static str,
    status: Option<(AllegationStatus, &'static str)>,
    back: Option<&'static str>,
    summary: &'static str,
    narrative: &'static str,
}

/// Given name, family name, date of birth, sex, house.
const PEOPLE: [(&str, &str, &str, &str, u16); 6] = [
    ("Theresa", "Donnelly", "1981-02-11", "female", 4),
    ("Sean", "Donnelly", "1979-06-21", "male", 4),
    ("Craig", "Fairbairn", "1976-09-30", "male", 6),
    ("Leanne", "Fairbairn", "1978-12-05", "female", 6),
    // The same as others heard them.
    ("Shaun", "Donnolly", "1979-06-21", "male", 4),
    ("Craig", "Fairburn", "1976", "male", 6),
];

#[rustfmt::skip]
const ROWS: [Row; 8] = [
    Row { label: "1", by: "tristar-officer", happened: (268, 17, 30), later: 900, from: 0, of: 2, types: &[204], what: "parked across the shared drive on purpose", status: None, back: None,
        summary: "Parking dispute between neighbours", narrative: "Theresa Donnelly of 4 Glaisdale Court says Craig Fairbairn of number 6 parks his van across the shared drive." },
    Row { label: "2", by: "council-officer", happened: (243, 22, 50), later: 640, from: 3, of: 1, types: &[211, 204], what: "played music against the wall until two", status: None, back: None,
        summary: "Music through a party wall", narrative: "Leanne Fairbairn of 6 Glaisdale Court says Sean Donnelly of number 4 plays music against the party wall." },
    Row { label: "3", by: "council-officer-2", happened: (211, 18, 10), later: 1_200, from: 1, of: 2, types: &[204], what: "broke two fence panels", status: Some((AllegationStatus::NotEstablished, "Panels were rotten; no damage to be seen")), back: Some("pulled the panels down himself and shouted at the children"),
        summary: "Fence damaged, each blames the other", narrative: "Sean Donnelly says Craig Fairbairn broke two fence panels. Craig Fairbairn, seen the same day, says the reverse." },
    Row { label: "4", by: "police-officer", happened: (176, 19, 45), later: 20, from: 3, of: 4, types: &[204, 202], what: "threatened to burn the van", status: None, back: None,
        summary: "Threat over the fence", narrative: "Leanne Fairbairn rang to say that Shaun Donnolly threatened to burn the van. Both households were spoken to." },
    Row { label: "5", by: "tristar-officer", happened: (140, 16, 0), later: 2_900, from: 0, of: 3, types: &[204], what: "poured bleach on the lawn", status: Some((AllegationStatus::Withdrawn, "Taken back by Theresa Donnelly: it was a weed killer of her own")), back: None,
        summary: "Lawn damaged", narrative: "Theresa Donnelly said Leanne Fairbairn had poured bleach on her lawn. A week later she took it back." },
    Row { label: "6", by: "council-officer", happened: (97, 23, 20), later: 600, from: 2, of: 1, types: &[211], what: "let a dog bark in the yard all night", status: None, back: Some("set off a car alarm every morning at five"),
        summary: "Dog barking, car alarm", narrative: "Craig Fairbairn complained of a dog in the Donnellys' yard. Sean Donnelly complained in turn of a car alarm at five." },
    Row { label: "7", by: "police-officer-2", happened: (52, 20, 15), later: 35, from: 0, of: 5, types: &[204, 202], what: "kicked the side gate and swore at her", status: Some((AllegationStatus::Admitted, "Said so when visited, and that he was sorry")), back: None,
        summary: "Gate kicked, abuse", narrative: "Craig Fairburn kicked the side gate of 4 Glaisdale Court and swore at Theresa Donnelly. He said so when visited." },
    Row { label: "8", by: "council-supervisor", happened: (20, 18, 30), later: 1_000, from: 3, of: 0, types: &[204], what: "filmed the children in the garden", status: None, back: Some("put rubbish over the fence, which is why she filmed"),
        summary: "Filming over a fence", narrative: "Leanne Fairbairn says Theresa Donnelly films her children. Theresa Donnelly says she filmed rubbish being thrown over." },
];

fn someone(at: usize, postcode: &str) -> Person {
    let Some((given, family, born, sex, house)) = PEOPLE.get(at).copied() else { return Person::default() };
    living(person(name(given, family), born, sex), &format!("{house} Glaisdale Court, Stockton-on-Tees"), postcode)
}

fn house_of(at: usize) -> u16 {
    PEOPLE.get(at).map_or(4, |(.., house)| *house)
}

pub(crate) fn tell(telling: &mut Telling) {
    let street = streets::called("Glaisdale Court");
    let postcode = streets::street(street).map_or("", |street| street.postcode);
    for row in ROWS {
        let part = |word: &str| id(FEUD, &format!("{} {word}", row.label));
        let (from, of, first) = (part("from"), part("of"), part("alleged"));
        let place = streets::house(street, house_of(row.from), PlaceRole::HappenedAt);
        let base = incident(Qualifier::Personal, row.types, row.summary, row.narrative, place);
        let mut told = NewIncident {
            reports: vec![report(Some(from), "telephone", "")],
            involvements: vec![
                open(from, someone(row.from, postcode), &[Reporter, PersonAffected]),
                open(of, someone(row.of, postcode), &[PersonComplainedAbout]),
            ],
            allegations: vec![NewAllegation {
                id: Some(first),
                made_by: Some(from),
                about: of,
                what: row.what.to_owned(),
                basis: Basis::Saw,
                status: row.status.map(|(status, _)| status),
                status_reason: row.status.map(|(_, reason)| reason.to_owned()),
                counter_to: None,
            }],
            ..base
        };
        if let Some(back) = row.back {
            told.reports.push(report(Some(of), "in_person", ""));
            told.allegations.push(NewAllegation {
                id: Some(part("alleged back")),
                made_by: Some(of),
                about: from,
                what: back.to_owned(),
                basis: Basis::Saw,
                status: None,
                status_reason: None,
                counter_to: Some(first),
            });
            if let Some(other) = told.involvements.last_mut() {
                other.roles.extend([Reporter, PersonAffected]);
            }
            if let Some(first) = told.involvements.first_mut() {
                first.roles.push(PersonComplainedAbout);
            }
        }
        if row.label == "8" {
            let action = "Offer mediation to both households on the same day".to_owned();
            told.next_step = Some(NextStep { action, owner: "ASB team".to_owned(), by: None });
        }
        telling.tell(&Entry::new(FEUD, row.label, row.by, row.happened, row.later), told);
    }
}
