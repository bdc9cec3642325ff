//! Anson Green, Thornaby: next to nothing for two years, then more each week of the last ten.

use super::{Entry, Telling, incident, report, unnamed};
use crate::{calendar, random::Random, streets};
use model::{NewIncident, NewPlace, PlaceRole, Qualifier, place::Precision};

pub(crate) const HOTSPOT: &str = "emerging-hotspot";

/// How many in each of the last ten weeks, the oldest first.
const WEEKS: [i64; 10] = [2, 3, 4, 5, 6, 7, 9, 10, 12, 14];
/// Days before today of what happened earlier.
const EARLIER: [i64; 6] = [702, 591, 466, 340, 218, 131];

/// The labels of what happened in the last ten weeks.
pub(crate) fn recent() -> impl Iterator<Item = String> {
    (1..=WEEKS.iter().sum()).map(|number: i64| number.to_string())
}

const TEXTS: [(&str, &str, &[u16]); 6] = [
    ("Large group shouting on the green", "About twenty teenagers met on Anson Green from seven and shouted until after ten.", &[202]),
    (
        "Youths drinking and smashing bottles",
        "Bottles were smashed on the path across Anson Green; glass was swept up next morning.",
        &[202, 209],
    ),
    ("Benches set on fire", "A bench on Anson Green was set alight with a wheelie bin. Nobody was seen close enough to be named.", &[202]),
    ("Off-road bike on the green", "A bike was ridden round Anson Green with three on it while others cheered.", &[202, 201]),
    ("Abuse of passers-by", "Passers-by on the path over Anson Green were sworn at and one was pushed.", &[202]),
    ("Loud music and shouting", "Music and shouting on Anson Green could be heard two streets away.", &[202, 211]),
];

pub(crate) fn tell(telling: &mut Telling) {
    let mut random = Random::new(0, HOTSPOT, 0);
    let mut number = 0;
    for (week, count) in (1..=10).zip(WEEKS) {
        for _ in 0..count {
            number += 1;
            // The first week begins 70 days before today, the last ends yesterday.
            let days = 70 - (week - 1) * 7 - random.between(0, 6);
            one(telling, &mut random, &number.to_string(), days);
        }
    }
    for (at, days) in EARLIER.into_iter().enumerate() {
        one(telling, &mut random, &format!("earlier {at}"), days);
    }
}

fn one(telling: &mut Telling, random: &mut Random, label: &str, days: i64) {
    let street = streets::called("Anson Green");
    let second = calendar::second_of_day(random, &calendar::EVENING).clamp(16 * 3600, 22 * 3600);
    let (summary, narrative, types) = random.pick(&TEXTS).copied().unwrap_or(TEXTS[0]);
    let bell = |random: &mut Random| (random.unit() + random.unit() + random.unit() - 1.5) * 70.0;
    let place = streets::street(street).map_or_else(NewPlace::default, |street| NewPlace {
        role: Some(PlaceRole::HappenedAt),
        street: Some(street.name.to_owned()),
        postcode: Some(street.postcode.to_owned()),
        easting: Some((street.easting + bell(random)).round()),
        northing: Some((street.northing + bell(random)).round()),
        precision: Some(Precision::Exact),
        ..NewPlace::default()
    });
    let by = ["police-officer", "council-officer", "police-officer-2", "tristar-officer"];
    let by = random.pick(&by).copied().unwrap_or("police-officer");
    let told = NewIncident {
        reports: vec![report(None, "telephone", "")],
        involvements: vec![unnamed("twelve to twenty teenagers, boys and girls, some on bikes", 15)],
        ..incident(Qualifier::Nuisance, types, summary, narrative, place)
    };
    // Never after midnight: everything is recorded before today.
    let later = random.between(10, 70);
    telling.tell(&Entry::new(HOTSPOT, label, by, (days, second / 3600, second / 60 % 60), later), told);
}
