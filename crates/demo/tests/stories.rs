//! The planted stories are there and can be found.

mod support;

use demo::{STORIES, TourQuery, TourStep, tour};
use jiff::civil::date;
use model::{Incident, Sight, access};
use std::collections::{HashMap, HashSet};
use support::{TODAY, actor, incidents, settled};
use uuid::Uuid;

fn kept(seed: u64, count: usize) -> HashMap<Uuid, Incident> {
    incidents(seed, count).iter().filter_map(|one| settled(one).ok()).map(|incident| (incident.id, incident)).collect()
}

fn officer(key: &str) -> usize {
    demo::demo(1).officers.iter().position(|officer| officer.key == key).unwrap_or(usize::MAX)
}

/// The part of an edit distance a naive check needs: the same letters, mostly.
fn alike(one: &str, other: &str) -> bool {
    let pairs = |text: &str| -> HashSet<(char, char)> {
        let letters: Vec<char> = text.to_lowercase().chars().filter(|letter| letter.is_alphabetic()).collect();
        letters.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let (one, other) = (pairs(one), pairs(other));
    let shorter = one.len().min(other.len());
    shorter > 0 && one.intersection(&other).count() * 2 >= shorter
}

/// The incidents in which a visible person has a name whose last word looks like the one searched for.
fn named(incidents: &HashMap<Uuid, Incident>, name: &str, key: &str) -> HashSet<Uuid> {
    let (asks, last) = (actor(officer(key)), name.rsplit(' ').next().unwrap_or(name));
    let sees = |label| access::decide(&asks, &label, model::Timestamp::start_of_london_day(TODAY)) >= Sight::Summary;
    let hit = |incident: &Incident| {
        sees(incident.label())
            && incident.involvements.iter().any(|involvement| {
                sees(incident.person_label(involvement))
                    && involvement.names().iter().any(|name| name.split(' ').any(|word| alike(word, last)))
            })
    };
    incidents.values().filter(|incident| hit(incident)).map(|incident| incident.id).collect()
}

fn check(step: &TourStep, incidents: &HashMap<Uuid, Incident>) {
    for id in step.finds.iter().chain(&step.hides) {
        assert!(incidents.contains_key(id), "{}: {id} exists", step.title);
    }
    match &step.query {
        TourQuery::Name { name, .. } => {
            let found = named(incidents, name, step.officer);
            for id in &step.finds {
                assert!(found.contains(id), "{}: {id} is found", step.title);
            }
            let label_hides: Vec<_> = step.hides.iter().filter(|id| found.contains(id)).collect();
            assert!(label_hides.is_empty(), "{}: {label_hides:?} are hidden", step.title);
        }
        TourQuery::Place { street } => {
            let asks = actor(officer(step.officer));
            let on = |incident: &Incident| incident.places.iter().any(|place| place.street.as_deref() == Some(*street));
            for id in &step.finds {
                let incident = &incidents[id];
                assert!(on(incident), "{}", step.title);
                assert_eq!(access::decide(&asks, &incident.label(), incident.recorded_at), Sight::Full, "{}", step.title);
            }
            let all = incidents.values().filter(|incident| on(incident)).count();
            assert_eq!(all, step.finds.len(), "{}: nothing else happened there", step.title);
        }
        TourQuery::Hotspots { .. } => hotspot(step, incidents),
        TourQuery::Incident { id } => {
            let incident = &incidents[id];
            assert_eq!(access::decide(&actor(officer(step.officer)), &incident.label(), incident.recorded_at), Sight::Nothing);
        }
    }
}

/// Getis-Ord Gi* with binary queen weights, self included, over the whole box: the cell at Anson Green.
fn hotspot(step: &TourStep, incidents: &HashMap<Uuid, Incident>) {
    let TourQuery::Hotspots { types, grid_box: [west, south, east, north], cell_size, .. } = step.query else { return };
    let Some((first, last)) = step.query.dates(TODAY) else { return };
    let size = f64::from(cell_size);
    let (columns, rows) = (((east - west) / size) as usize, ((north - south) / size) as usize);
    let cell = |easting: f64, northing: f64| (((easting - west) / size) as usize, ((northing - south) / size) as usize);
    let mut counts = vec![0.0; columns * rows];
    let mut counted = HashSet::new();
    for incident in incidents.values() {
        let (from, to) = incident.details.occurred.days();
        let typed = incident.details.types.iter().any(|code| types.contains(code));
        let grid = incident.counted_place().and_then(|place| place.grid).filter(|_| typed && from <= last && to >= first);
        let inside = |grid: &model::grid::Grid| (west..east).contains(&grid.easting) && (south..north).contains(&grid.northing);
        if let Some(grid) = grid.filter(inside) {
            let (column, row) = cell(grid.easting, grid.northing);
            counts[row * columns + column] += 1.0;
            counted.insert(incident.id);
        }
    }
    let n = counts.len() as f64;
    let mean = counts.iter().sum::<f64>() / n;
    let deviation = (counts.iter().map(|count| count * count).sum::<f64>() / n - mean * mean).sqrt();
    let z = |column: usize, row: usize| {
        let near = (row - 1..=row + 1).flat_map(|row| (column - 1..=column + 1).map(move |column| row * columns + column));
        let sum: f64 = near.map(|at| counts[at]).sum();
        (sum - 9.0 * mean) / (deviation * ((n * 9.0 - 81.0) / (n - 1.0)).sqrt())
    };
    let (column, row) = cell(445_380.0, 515_880.0);
    let here = z(column, row);
    // In its own town it and its eight neighbours come first; in the borough the centre of Stockton stands beside it.
    let most_above = if counts.len() < 1_000 { 8 } else { 40 };
    let above = (1..rows - 1)
        .flat_map(|row| (1..columns - 1).map(move |column| (column, row)))
        .filter(|(column, row)| z(*column, *row) > here)
        .count();
    if step.finds.is_empty() {
        assert!(here < 3.0, "{}: {here}", step.title);
    } else {
        assert!(here > 4.0 && above <= most_above, "{}: {here}, {above} above", step.title);
        assert!(step.finds.iter().all(|id| counted.contains(id)));
    }
    assert!(step.hides.iter().all(|id| !counted.contains(id)));
}

#[test]
fn every_stop_of_the_tour_finds_what_it_says() {
    for seed in [1, 2, 3] {
        let incidents = kept(seed, 20_000);
        for step in tour() {
            check(&step, &incidents);
        }
    }
}

#[test]
fn every_story_is_toured_and_none_depends_on_seed_or_day() {
    let told: HashSet<&str> = incidents(1, 0).iter().filter_map(|one| one.story).collect();
    assert_eq!(told, HashSet::from(STORIES));
    let toured: HashSet<&str> = tour().iter().map(|step| step.story).collect();
    assert_eq!(toured, told);
    assert_eq!(incidents(1, 0), incidents(9, 0));
    let (agencies, officers) = support::ids();
    let ids = |today| demo::incidents(1, today, 0, &agencies, &officers).map(|one| one.incident.id).collect::<HashSet<_>>();
    assert_eq!(ids(TODAY), ids(date(2029, 5, 2)));
}

#[test]
fn the_tour_names_officers_streets_and_postcodes_that_exist() {
    let incidents = kept(1, 0);
    for step in tour() {
        assert_ne!(officer(step.officer), usize::MAX, "{}", step.officer);
        if let TourQuery::Name { postcode: Some(postcode), .. } = step.query {
            let place = incidents[&step.finds[0]].places.first().and_then(|place| place.postcode.clone());
            assert_eq!(place.as_deref(), Some(postcode));
        }
        if let Some([west, south, east, north]) = step.query.degrees() {
            // Thornaby's centre lies at 1.295 west, 54.535 north.
            assert!((-1.5..-1.3).contains(&west) && (-1.3..-1.2).contains(&east), "{west} {east}");
            assert!((54.4..54.53).contains(&south) && (54.53..54.7).contains(&north), "{south} {north}");
        }
    }
}

#[test]
fn margaret_is_known_to_three_agencies_over_fourteen_months() {
    let incidents = kept(1, 0);
    let told: Vec<&Incident> =
        incidents.values().filter(|incident| incident.places[0].street.as_deref() == Some("Trimdon Close")).collect();
    let agencies: HashSet<Uuid> = told.iter().map(|incident| incident.recording_agency).collect();
    assert_eq!((told.len(), agencies.len()), (9, 3));
    let days: Vec<_> = told.iter().map(|incident| incident.details.occurred.days().0).collect();
    assert!(days.iter().min() < Some(&date(2025, 9, 30)) && days.iter().max() > Some(&date(2026, 11, 1)));
}
