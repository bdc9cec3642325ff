//! Margaret Ashworth of 27 Trimdon Close, Hardwick: nine times in fourteen months, to three agencies, under as many
//! spellings. No agency recorded more than four.

use super::{Entry, Telling, id, incident, living, name, open, person, report, unnamed};
use crate::streets;
use model::{
    InvolvementRole::{PersonAffected, PersonComplainedAbout, Reporter},
    NewAllegation, NewIncident, PlaceRole, Qualifier,
    allegation::Basis,
    incident::{NextStep, Safeguarding},
    involvement::{Identity, PersonName},
};

pub(crate) const REPEAT_VICTIM: &str = "repeat-victim";

/// Label, officer, day, hour, minute, minutes later; given, family, date of birth; channel, summary, narrative.
type Row = (&'static str, &'static str, (i64, i64, i64), i64, [&'static str; 3], &'static str, &'static str, &'static str);

const ROWS: [Row; 9] = [
    (
        "1",
        "council-officer",
        (425, 19, 40),
        820,
        ["Margaret", "Ashworth", "1948-03-17"],
        "telephone",
        "Eggs thrown at a bungalow",
        "Eggs were thrown at the front windows of 27 Trimdon Close. Margaret Ashworth saw four boys run towards the shops.",
    ),
    (
        "2",
        "tristar-officer",
        (371, 21, 15),
        2_300,
        ["Peggy", "Ashworth", "-"],
        "in_person",
        "Tenant troubled by knocking at night",
        "Peggy Ashworth told the estate office that somebody knocked on her door and windows three nights in a row.",
    ),
    (
        "3",
        "police-officer",
        (318, 20, 30),
        25,
        ["Maggie", "Ashworth", "1948-03-17"],
        "telephone",
        "Gate kicked in",
        "The garden gate of 27 Trimdon Close was kicked off its hinges. Maggie Ashworth heard laughing; nobody was seen.",
    ),
    (
        "4",
        "police-officer-2",
        (262, 22, 5),
        40,
        ["Margaret", "Ashwerth", "1948-03-17"],
        "telephone",
        "Abuse shouted at an older woman",
        "Boys stood on the green opposite 27 Trimdon Close for an hour and shouted abuse at Margaret Ashwerth when she drew the curtains.",
    ),
    (
        "5",
        "council-officer",
        (201, 18, 20),
        900,
        ["M", "Ashworth", "1948"],
        "telephone",
        "Stones thrown, a boy named",
        "Stones were thrown on the roof. Mrs Ashworth says one of the boys was called Kyle by the others, and that he is Kyle Bannister.",
    ),
    (
        "6",
        "tristar-officer-2",
        (140, 23, 10),
        1_500,
        ["Peggy", "Ashwerth", "1946-03-17"],
        "telephone",
        "Mud and paint on a front door",
        "Mud and white paint were put on the front door of 27 Trimdon Close in the night. Miss Peggy Ashwerth cleaned it herself.",
    ),
    (
        "7",
        "council-officer-2",
        (88, 20, 45),
        700,
        ["Margaret", "Ashworth", "1948-03-17"],
        "telephone",
        "Resident followed from the bus stop",
        "Margaret Ashworth was followed home from the bus stop by five boys who called her names. She no longer goes out after four.",
    ),
    (
        "8",
        "police-officer",
        (41, 21, 50),
        30,
        ["Margret", "Ashworth", "1948-03-17"],
        "telephone",
        "Window broken, caller afraid",
        "A stone broke the kitchen window of a house on Trimdon Close. The caller asks that her name is kept from everybody.",
    ),
    (
        "9",
        "council-officer",
        (12, 19, 5),
        1_100,
        ["Maggie", "Ashworth", "1948-03-17"],
        "email",
        "Older resident targeted again",
        "Maggie Ashworth's fence panels were pulled down and left in the road. Her daughter wrote on her behalf.",
    ),
];

pub(crate) fn tell(telling: &mut Telling) {
    let street = streets::called("Trimdon Close");
    let postcode = streets::street(street).map_or("", |street| street.postcode);
    for (label, by, happened, later, [given, family, born], channel, summary, narrative) in ROWS {
        let margaret = id(REPEAT_VICTIM, &format!("{label} margaret"));
        let mut named = name(given, family);
        if given == "M" {
            named = PersonName { title: Some("Mrs".to_owned()), ..named };
        }
        let who = living(person(named, born, "female"), "27 Trimdon Close, Stockton-on-Tees", postcode);
        let mut involvement = open(margaret, who, &[Reporter, PersonAffected]);
        let mut place = streets::house(street, 27, PlaceRole::HappenedAt);
        if label == "8" {
            involvement.identity = Some(Identity::Confidential);
            (place.uprn, place.address) = (None, None);
        }
        let base = incident(Qualifier::Personal, &[202], summary, narrative, place);
        let mut told = NewIncident {
            additional_qualifiers: if label == "1" { vec![] } else { vec![610] },
            reports: vec![report(Some(margaret), channel, "To feel safe at home")],
            involvements: vec![involvement],
            ..base
        };
        if label == "5" {
            accuse_kyle(&mut told, margaret);
        } else {
            told.involvements.push(unnamed("four or five boys of about 14 to 16, one with red hair", 5));
        }
        match label {
            "7" => {
                told.additional_qualifiers.push(635);
                told.safeguarding = Some(Safeguarding {
                    concern: "She lives alone, has stopped going to her lunch club and has lost weight.".to_owned(),
                    told_to: Some("Adult social care first contact".to_owned()),
                    told_at: None,
                });
            }
            "9" => {
                told.next_step = Some(NextStep {
                    action: "Look for her under every spelling, then explain the case review".to_owned(),
                    owner: "ASB team".to_owned(),
                    by: None,
                });
                told.assessment = Some("I think this is one campaign, recorded by three agencies as eight small things.".to_owned());
            }
            _ => {}
        }
        telling.tell(&Entry::new(REPEAT_VICTIM, label, by, happened, later), told);
    }
}

fn accuse_kyle(told: &mut NewIncident, margaret: uuid::Uuid) {
    let kyle = id(REPEAT_VICTIM, "5 kyle");
    told.involvements.push(open(kyle, person(name("Kyle", "Bannister"), "2010", "male"), &[PersonComplainedAbout]));
    told.allegations.push(NewAllegation {
        id: None,
        made_by: Some(margaret),
        about: kyle,
        what: "threw stones on the roof".to_owned(),
        basis: Basis::WasTold,
        status: None,
        status_reason: None,
        counter_to: None,
    });
}
