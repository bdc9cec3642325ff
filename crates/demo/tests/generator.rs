//! The generator as a whole: the same for the same seed, sound, quick, and shaped like a town.

mod support;

use demo::DemoIncident;
use jiff::civil::date;
use model::{Timestamp, involvement::Identity};
use std::collections::{BTreeMap, HashMap, HashSet};
use support::{TODAY, actor, ids, incidents, settled};
use uuid::Uuid;

fn json(incidents: &[DemoIncident]) -> String {
    let rows: Vec<_> = incidents.iter().map(|one| (one.agency, one.officer, one.recorded_at, &one.incident, one.story)).collect();
    serde_json::to_string(&rows).unwrap_or_default()
}

#[test]
fn the_same_arguments_give_the_same_bytes_and_another_seed_does_not() {
    let (first, again, other) = (json(&incidents(1, 2_000)), json(&incidents(1, 2_000)), json(&incidents(2, 2_000)));
    assert!(first.len() > 1_000_000);
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[test]
fn every_incident_settles_as_its_recorder() {
    for (seed, count) in [(1, 20_000), (2, 3_000), (77, 3_000), (u64::MAX, 3_000)] {
        let made = incidents(seed, count);
        assert_eq!(made.len(), count);
        for one in &made {
            assert!(actor(one.officer).records());
            if let Err(problems) = settled(one) {
                panic!("{problems:?} {:#?}", one.incident);
            }
        }
    }
}

#[test]
fn it_works_on_any_day_and_for_any_count() {
    let (agencies, officers) = ids();
    for today in [date(2024, 2, 29), date(2026, 3, 29), date(2027, 10, 31), date(2030, 1, 1)] {
        let start = Timestamp::start_of_london_day(today);
        let mut before = Timestamp::from_micros(0);
        let mut number = 0;
        for one in demo::incidents(5, today, 1_500, &agencies, &officers) {
            assert!(one.recorded_at < start && one.recorded_at >= before, "recorded in order, before {today}");
            let (_, last) = one.incident.occurred.days();
            assert!(last <= one.recorded_at.london_day() || one.incident.occurred.month.is_some(), "{:?}", one.incident.occurred);
            assert!(one.incident.reports.iter().all(|report| report.reported_at.is_some_and(|at| at <= one.recorded_at)));
            assert!(settled(&one).is_ok());
            before = one.recorded_at;
            number += 1;
        }
        assert_eq!(number, 1_500);
    }
    let stories = incidents(1, 0);
    assert!(stories.iter().all(|one| one.story.is_some()) && stories.len() == 105, "{}", stories.len());
    let (nobody, none) = (Vec::<Uuid>::new(), Vec::<Uuid>::new());
    assert_eq!(demo::incidents(1, TODAY, 500, &nobody, &none).filter(|one| settled(one).is_ok()).count(), 500);
}

#[test]
fn no_two_parts_of_anything_share_an_id() {
    let mut seen = HashSet::new();
    for one in incidents(1, 20_000) {
        let incident = &one.incident;
        let parts = [
            vec![incident.id],
            incident.reports.iter().map(|part| part.id).collect(),
            incident.places.iter().map(|part| part.id).collect(),
            incident.involvements.iter().map(|part| part.id).collect(),
            incident.allegations.iter().map(|part| part.id).collect(),
        ];
        for id in parts.concat() {
            assert!(seen.insert(id.unwrap()), "{id:?}");
        }
    }
}

#[test]
fn nobody_can_be_rung_up_and_no_caller_who_asked_not_to_be_is_named() {
    for one in incidents(1, 20_000) {
        for involvement in &one.incident.involvements {
            let Some(person) = &involvement.person else { continue };
            for phone in &person.phones {
                assert!(phone.starts_with("01632 960") || phone.starts_with("07700 900"), "{phone}");
                assert_eq!(phone.len(), 12);
            }
            let hidden = involvement.identity == Some(Identity::Confidential)
                || (involvement.identity.is_none() && involvement.roles.contains(&model::InvolvementRole::Reporter));
            let texts = [Some(&one.incident.summary), one.incident.narrative.as_ref()];
            if hidden && one.story.is_none() {
                let whole = person.name.whole();
                let told_elsewhere = one.incident.involvements.iter().any(|other| {
                    other.id != involvement.id && other.person.as_ref().is_some_and(|person| person.name.whole().contains(&whole))
                });
                assert!(
                    told_elsewhere || whole.len() < 5 || texts.iter().flatten().all(|text| !text.contains(&whole)),
                    "{whole}: {texts:?}"
                );
            }
        }
        for vehicle in one.incident.involvements.iter().filter_map(|involvement| involvement.vehicle.as_ref()) {
            assert!(vehicle.registration.as_ref().is_none_or(|mark| mark[4..].contains('Q')), "{vehicle:?}");
        }
    }
}

#[test]
fn agencies_streets_seasons_and_hours_have_their_shares() {
    let made = incidents(1, 20_000);
    let mut agencies = [0; 6];
    let (mut months, mut hours) = ([0; 13], [0; 24]);
    let mut streets: HashMap<String, usize> = HashMap::new();
    let (mut fireworks, mut november) = (0, 0);
    let mut levels: BTreeMap<String, usize> = BTreeMap::new();
    for one in &made {
        agencies[one.agency] += 1;
        let level = one.incident.sharing.as_ref().map_or("default".to_owned(), |sharing| sharing.level.to_string());
        *levels.entry(level).or_default() += 1;
        let (day, _) = one.incident.occurred.days();
        months[day.month() as usize] += 1;
        if let Some(at) = one.incident.occurred.at {
            hours[(at.micros() / 3_600_000_000 % 24) as usize] += 1;
        }
        if one.incident.types.contains(&213) {
            fireworks += 1;
            november += usize::from(matches!(day.month(), 10 | 11));
        }
        if let (None, Some(street)) = (one.story, one.incident.places.first().and_then(|place| place.street.clone())) {
            *streets.entry(street).or_default() += 1;
        }
    }
    println!("agencies {agencies:?}\nmonths {months:?}\nhours {hours:?}\nlevels {levels:?}\nfireworks {fireworks} of them {november}");
    for (agency, least, most) in [(0, 6_000, 9_000), (1, 6_000, 9_000), (2, 2_000, 5_000), (3, 300, 1_200), (4, 50, 500), (5, 150, 900)] {
        assert!((least..most).contains(&agencies[agency]), "{agencies:?}");
    }
    let mut loads: Vec<usize> = streets.values().copied().collect();
    loads.sort_unstable_by(|one, other| other.cmp(one));
    let hot: usize = loads.iter().take(49).sum();
    println!("streets {} busiest {:?} hot share {hot}", loads.len(), &loads[..8]);
    assert!((9_000..12_500).contains(&hot), "{hot}");
    assert!(months[7] + months[8] > (months[1] + months[2]) * 3 / 2, "{months:?}");
    assert!(november * 10 > fireworks * 7, "{november} of {fireworks}");
    assert!(hours[19] > hours[4] * 8, "{hours:?}");
    assert!(
        levels["default"] > 16_000 && levels["owner_only"] > 500 && levels["named_agencies"] > 500 && levels["named_officers"] > 100,
        "{levels:?}"
    );
}

#[test]
fn people_come_back_under_other_names() {
    let made = incidents(1, 20_000);
    let mut by_birth: HashMap<String, HashSet<String>> = HashMap::new();
    let (mut mentions, mut children, mut guarded, mut counter, mut unnamed) = (0, 0, 0, 0, 0);
    for one in &made {
        let Ok(kept) = settled(one) else { continue };
        let days = kept.details.occurred.days();
        counter += kept.allegations.iter().filter(|allegation| allegation.counter_to.is_some()).count();
        for involvement in &kept.involvements {
            unnamed += usize::from(involvement.unnamed.is_some());
            let Some(person) = &involvement.person else { continue };
            mentions += 1;
            guarded += usize::from(!involvement.guardians.is_empty());
            children += usize::from(involvement.age_on(days).is_some_and(|age| age.to < 18));
            if let Some(born) = person.date_of_birth.filter(|born| born.exact().is_some()) {
                by_birth.entry(born.to_string()).or_default().insert(person.name.whole());
            }
        }
    }
    let varied = by_birth.values().filter(|names| names.len() >= 3).count();
    println!("mentions {mentions} children {children} guarded {guarded} counter {counter} unnamed {unnamed} varied {varied}");
    assert!(mentions > 15_000 && children > 800 && guarded > 150 && counter > 100 && unnamed > 5_000 && varied > 500);
}
