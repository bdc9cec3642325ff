//! The columns against a naive model: a map of incidents, filtered one by one.

#![allow(clippy::expect_used)] // in helpers of tests

use std::collections::BTreeMap;

use hotspots::{Columns, Counts, Filter, GridBox, Lattice, Occurrence, OccurrenceError, StudyArea, decimetres};
use proptest::prelude::*;
use uuid::Uuid;

type Model = BTreeMap<Uuid, Occurrence>;

fn day(first_day: i32) -> Occurrence {
    Occurrence { first_day, last_day: first_day, easting_dm: 4_450_005, northing_dm: 5_190_005, types: 1, agency: 1, label: 1, event: None }
}

fn month(first_day: i32) -> Occurrence {
    Occurrence { last_day: first_day + 30, ..day(first_day) }
}

fn id(number: u128) -> Uuid {
    // Spread, so that the order of ids is not the order of numbers.
    Uuid::from_u128(number.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835))
}

fn area() -> StudyArea {
    let lattice = Lattice::new(445_000, 519_000, 100, 6, 6).expect("lattice");
    StudyArea::of_mask(lattice, &(0..36).map(|index| index != 7 && index != 20).collect::<Vec<_>>()).expect("area")
}

fn everyone(_: u32) -> bool {
    true
}

fn naive(model: &Model, area: &StudyArea, filter: &Filter<'_>) -> Counts {
    let (from, to) = (filter.from_day.unwrap_or(i32::MIN), filter.to_day.unwrap_or(i32::MAX));
    // An event's number may happen to be an incident's id: they are different things.
    let mut events: BTreeMap<(Option<Uuid>, Option<Uuid>), (Occurrence, u64)> = BTreeMap::new();
    for (id, incident) in model {
        let matches = incident.first_day <= to
            && incident.last_day >= from
            && filter.types.is_none_or(|types| types & incident.types != 0)
            && filter.agencies.is_none_or(|agencies| agencies.contains(&incident.agency))
            && (filter.visible)(incident.label)
            && filter.bounds.is_none_or(|bounds| bounds.holds(incident.easting_dm, incident.northing_dm));
        if matches {
            // Ids ascend, so that the first of an event is the one with the smallest id.
            let alone = incident.event.is_none().then_some(*id);
            let event = events.entry((incident.event, alone));
            event.and_modify(|event| event.1 += 1).or_insert((*incident, 0));
        }
    }
    let mut counts = Counts { per_cell: vec![0; 36], ..Counts::default() };
    for (incident, duplicates) in events.values() {
        match area.cell_at(incident.easting_dm, incident.northing_dm) {
            Some(index) => {
                counts.per_cell[index] += 1;
                counts.matched += 1;
                counts.overlap_only += u64::from(incident.first_day < from || incident.last_day > to);
                counts.duplicates_counted_once += duplicates;
            }
            None => counts.outside += 1,
        }
    }
    counts
}

#[test]
fn a_window_takes_what_overlaps_it_and_says_how_much_only_does() {
    let years = Occurrence { last_day: 1_500, ..day(-400) };
    let columns =
        Columns::build([day(9), day(10), day(20), day(21), month(0), month(20), years].into_iter().zip(1..).map(|(o, n)| (id(n), o)))
            .expect("columns");
    let window = Filter { from_day: Some(10), to_day: Some(20), ..Filter::seen_by(&everyone) };
    let counts = columns.count_into(&area(), &window);
    // Days 10 and 20 wholly; two months and some years in part.
    assert_eq!((counts.matched, counts.overlap_only, counts.outside), (5, 3, 0));
    let open = columns.count_into(&area(), &Filter::seen_by(&everyone));
    assert_eq!((open.matched, open.overlap_only), (7, 0));
    let backwards = Filter { from_day: Some(20), to_day: Some(10), ..window };
    // Only what spans both days.
    assert_eq!(columns.count_into(&area(), &backwards).matched, 2);
}

#[test]
fn a_link_the_caller_may_not_know_of_joins_nothing() {
    let linked = Occurrence { event: Some(Uuid::from_u128(77)), ..day(10) };
    let ids = [Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3)];
    let mut columns = Columns::build(ids[..2].iter().map(|id| (*id, linked))).expect("columns");
    columns.upsert(ids[2], &linked).expect("upsert");
    for (events, expected) in
        [(vec![], (3, 0)), (vec![(ids[0], ids[0]), (ids[2], ids[0])], (2, 1)), (ids.map(|id| (id, ids[0])).to_vec(), (1, 2))]
    {
        let events = events.into_iter().collect();
        let counts = columns.count_into(&area(), &Filter { events: Some(&events), ..Filter::seen_by(&everyone) });
        assert_eq!((counts.matched, counts.duplicates_counted_once), expected);
    }
}

#[test]
fn linked_incidents_are_one_event_among_those_the_caller_may_see() {
    let event = Some(Uuid::from_u128(77));
    let (low, high) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let police = Occurrence { event, label: 5, ..day(10) };
    let council = Occurrence { easting_dm: 4_453_005, label: 6, ..police };
    let mut columns = Columns::build([(high, council), (low, police)]).expect("columns");
    let count = |columns: &Columns, visible: &dyn Fn(u32) -> bool| columns.count_into(&area(), &Filter::seen_by(visible));
    let both = count(&columns, &everyone);
    assert_eq!((both.matched, both.duplicates_counted_once), (1, 1));
    assert_eq!(both.per_cell[0], 1, "in the cell of the smallest id");
    let council_only = count(&columns, &|label| label == 6);
    assert_eq!((council_only.matched, council_only.duplicates_counted_once), (1, 0), "nothing tells of the other");
    assert_eq!(council_only.per_cell[3], 1);
    // Unlinking is an ordinary change, and a change from the block to the tail.
    columns.upsert(high, &Occurrence { event: None, ..council }).expect("upsert");
    assert_eq!(count(&columns, &everyone).matched, 2);
    assert_eq!(columns.get(high).and_then(|incident| incident.event), None);
    assert_eq!(columns.get(low), Some(police));
}

#[test]
fn what_may_not_be_seen_has_no_influence() {
    let open = (0..50).map(|n| (id(n), day(n as i32)));
    let hidden = (50..90).map(|n| {
        let incident = Occurrence { label: 9, last_day: 3_000, event: Some(id(n % 3)), ..day(n as i32 - 100) };
        (id(n), incident)
    });
    let without = Columns::build(open.clone()).expect("columns");
    let with = Columns::build(open.chain(hidden)).expect("columns");
    let not_nine = |label: u32| label != 9;
    let window = Filter { from_day: Some(20), to_day: Some(40), ..Filter::seen_by(&not_nine) };
    assert_eq!(with.count_into(&area(), &window), without.count_into(&area(), &window));
}

#[test]
fn the_last_of_one_id_counts_and_removal_is_final() {
    let mut columns = Columns::build([(id(1), day(1)), (id(2), day(2)), (id(1), day(3))]).expect("columns");
    assert_eq!((columns.len(), columns.get(id(1))), (2, Some(day(3))));
    assert!(columns.remove(id(1)) && !columns.remove(id(1)));
    assert_eq!((columns.len(), columns.get(id(1))), (1, None));
    columns.upsert(id(1), &day(4)).expect("upsert");
    columns.upsert(id(1), &month(5)).expect("upsert");
    assert_eq!((columns.len(), columns.get(id(1))), (2, Some(month(5))));
    columns.sort();
    assert_eq!((columns.len(), columns.get(id(1))), (2, Some(month(5))));
    assert!(columns.remove(id(1)) && columns.remove(id(2)) && columns.is_empty());
}

#[test]
fn impossible_intervals_are_refused_and_change_nothing() {
    let mut columns = Columns::build([(id(1), day(1))]).expect("columns");
    let with = |first_day: i32, last_day: i32| Occurrence { first_day, last_day, ..day(0) };
    assert_eq!(columns.upsert(id(1), &with(5, 4)), Err(OccurrenceError::Reversed { first_day: 5, last_day: 4 }));
    assert_eq!(columns.upsert(id(1), &with(i32::MIN, i32::MAX)), Err(OccurrenceError::TooLong(u32::MAX.into())));
    assert_eq!(columns.get(id(1)), Some(day(1)));
    assert!(columns.upsert(id(1), &with(0, 32_767)).is_ok());
    assert!(columns.upsert(id(2), &with(i32::MAX, i32::MAX)).is_ok());
    assert!(columns.upsert(id(3), &with(i32::MIN, i32::MIN)).is_ok());
    columns.sort();
    let window = Filter { from_day: Some(i32::MIN), to_day: Some(i32::MAX), ..Filter::seen_by(&everyone) };
    assert_eq!(columns.count_into(&area(), &window).matched, 3);
}

#[test]
fn memory_is_about_38_bytes_an_incident() {
    let columns = Columns::build((0..100_000).map(|n| (id(n), month(n as i32 % 1000)))).expect("columns");
    let each = columns.bytes() as f64 / 100_000.0;
    assert!((38.0..39.0).contains(&each), "{each}");
}

#[test]
fn metres_become_decimetres() {
    assert_eq!(decimetres(445_123.44), Some(4_451_234));
    assert_eq!(decimetres(0.0), Some(0));
    for odd in [-0.2, f64::NAN, f64::INFINITY, 1e12] {
        assert_eq!(decimetres(odd), None, "{odd}");
    }
}

#[test]
fn thousands_of_changes_sort_themselves_in() {
    let (mut columns, mut model) = (Columns::default(), Model::new());
    // A fixed linear congruential sequence; enough changes to sort several times over.
    let mut state = 1_u64;
    for _ in 0..20_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (number, pick) = (id(u128::from(state >> 33) % 3_000), (state >> 20) as u32 % 1_000);
        if pick % 5 == 0 {
            assert_eq!(columns.remove(number), model.remove(&number).is_some());
        } else {
            let incident = Occurrence {
                easting_dm: 4_449_000 + pick * 9,
                last_day: pick as i32 + [0, 0, 30, 400][pick as usize % 4],
                event: (pick % 7 == 0).then(|| id(u128::from(pick % 40))),
                ..day(pick as i32)
            };
            columns.upsert(number, &incident).expect("upsert");
            model.insert(number, incident);
        }
    }
    assert_eq!(columns.len(), model.len());
    assert!(model.iter().all(|(id, incident)| columns.get(*id) == Some(*incident)));
    let window = Filter { from_day: Some(300), to_day: Some(330), ..Filter::seen_by(&everyone) };
    let counts = columns.count_into(&area(), &window);
    assert_eq!(counts, naive(&model, &area(), &window));
    assert!(counts.duplicates_counted_once > 0 && counts.overlap_only > 0 && counts.outside > 0, "{counts:?}");
}

#[derive(Debug, Clone)]
enum Change {
    Upsert(Uuid, Occurrence),
    Remove(Uuid),
    Sort,
}

fn occurrence() -> impl Strategy<Value = Occurrence> {
    let length = prop_oneof![4 => Just(0), 3 => 27..32, 1 => 32..900];
    let event = prop_oneof![2 => Just(None), 1 => (0..4_u128).prop_map(|event| Some(id(1_000 + event)))];
    ((-500..500, length), (4_449_000..4_457_000_u32, 5_189_000..5_197_000_u32), (0..8_u32, 0..4_u16, 0..5_u32), event).prop_map(
        |((first_day, length), (easting_dm, northing_dm), (types, agency, label), event)| Occurrence {
            first_day,
            last_day: first_day + length,
            easting_dm,
            northing_dm,
            types,
            agency,
            label,
            event,
        },
    )
}

fn change() -> impl Strategy<Value = Change> {
    let number = || (0..40_u128).prop_map(id);
    prop_oneof![
        12 => (number(), occurrence()).prop_map(|(id, incident)| Change::Upsert(id, incident)),
        4 => number().prop_map(Change::Remove),
        1 => Just(Change::Sort),
    ]
}

proptest! {
    #[test]
    fn columns_equal_the_model(
        first in prop::collection::vec(((0..40_u128).prop_map(id), occurrence()), 0..40),
        changes in prop::collection::vec(change(), 0..60),
        (from_day, to_day) in (prop::option::of(-520..520), prop::option::of(-520..520)),
        types in prop::option::of(0..8_u32),
        agencies in prop::option::of(prop::collection::vec(0..4_u16, 0..3)),
        labels in prop::collection::vec(any::<bool>(), 5),
        boxed in any::<bool>(),
    ) {
        let mut columns = Columns::build(first.iter().copied()).expect("columns");
        let mut model: Model = first.into_iter().collect();
        for change in changes {
            match change {
                Change::Upsert(id, incident) => {
                    columns.upsert(id, &incident).expect("upsert");
                    model.insert(id, incident);
                }
                Change::Remove(id) => prop_assert_eq!(columns.remove(id), model.remove(&id).is_some()),
                Change::Sort => columns.sort(),
            }
        }
        prop_assert_eq!(columns.len(), model.len());
        let visible = |label: u32| labels[label as usize];
        let bounds = GridBox {
            min_easting: 445_050.0,
            min_northing: 519_000.0,
            max_easting: 445_400.5,
            max_northing: 519_700.0,
        };
        let filter = Filter {
            from_day,
            to_day,
            types,
            agencies: agencies.as_deref(),
            visible: &visible,
            events: None,
            bounds: boxed.then_some(bounds),
        };
        prop_assert_eq!(columns.count_into(&area(), &filter), naive(&model, &area(), &filter));
        for number in 0..40 {
            prop_assert_eq!(columns.get(id(number)), model.get(&id(number)).copied());
        }
        // However they came to be, equal contents answer alike.
        let rebuilt = Columns::build(model.iter().map(|(id, incident)| (*id, *incident))).expect("columns");
        prop_assert_eq!(columns.count_into(&area(), &filter), rebuilt.count_into(&area(), &filter));
    }
}
