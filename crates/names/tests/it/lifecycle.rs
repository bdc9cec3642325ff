//! Filling, replacing, closing, reopening, damaging.

use crate::world::{World, mention, query};
use names::{NameIndex, NamesError, Tail};
use std::fs;
use uuid::Uuid;

#[test]
fn the_cursor_is_kept_with_the_data() {
    let World { index, folder } = World::new();
    assert_eq!(index.cursor(), None);
    let person = mention(1, "John Carrington");
    index.apply(&[(person.incident, vec![person])]).unwrap();
    assert_eq!(index.mentions(), 0, "nothing shows before the commit");
    index.commit("17:3").unwrap();
    assert_eq!((index.cursor().as_deref(), index.mentions()), (Some("17:3"), 1));
    let lost = mention(2, "Ann Carrington");
    index.apply(&[(lost.incident, vec![lost])]).unwrap();
    drop(index);
    let index = NameIndex::open(folder.path()).unwrap();
    assert_eq!((index.cursor().as_deref(), index.mentions()), (Some("17:3"), 1), "what was not committed is gone");
    index.commit("18:0").unwrap();
    drop(index);
    assert_eq!(NameIndex::open(folder.path()).unwrap().cursor().as_deref(), Some("18:0"), "a cursor may move alone");
}

#[test]
fn an_incident_is_replaced_as_a_whole() {
    let world = World::new();
    let incident = Uuid::from_u128(7);
    let of = |id, name| names::Mention { incident, ..mention(id, name) };
    world.index.apply(&[(incident, vec![of(1, "John Carrington"), of(2, "Ann Carrington")])]).unwrap();
    world.index.commit("1").unwrap();
    assert_eq!(world.index.mentions(), 2);
    world.index.apply(&[(incident, vec![of(1, "Joan Daventry")])]).unwrap();
    world.index.commit("2").unwrap();
    assert!(world.names_found("Carrington").is_empty());
    assert_eq!(world.names_found("Joan Daventry"), ["Joan Daventry"]);
    // Twice in one batch: the later one stands.
    world.index.apply(&[(incident, vec![of(1, "Early Bird")]), (incident, vec![of(1, "Late Riser")])]).unwrap();
    world.index.commit("3").unwrap();
    assert_eq!((world.names_found("Early Bird").len(), world.names_found("Late Riser").len()), (0, 1));
    world.index.apply(&[(incident, vec![])]).unwrap();
    world.index.commit("4").unwrap();
    assert_eq!(world.index.mentions(), 0);
}

#[test]
fn the_tail_overrides_the_index() {
    let world = World::of(&["John Carrington", "Ann Carrington"]);
    let mut tail = Tail::new();
    let ask = |tail: &Tail, name: &str| {
        let hits = world.index.search(&query(name), &|label| label == 0, tail).unwrap();
        hits.into_iter().map(|hit| hit.matched_name).collect::<Vec<_>>()
    };
    let renamed = mention(1, "Joan Daventry");
    let incident = renamed.incident;
    tail.insert(incident, vec![renamed]);
    assert_eq!(ask(&tail, "Carrington"), ["Ann Carrington"]);
    assert_eq!(ask(&tail, "Joan Daventry"), ["Joan Daventry"]);
    tail.insert(incident, vec![]);
    assert!(ask(&tail, "Joan Daventry").is_empty());
    assert_eq!(ask(&tail, "John Carrington"), ["Ann Carrington"], "removed in the tail");
    tail.remove(&incident);
    assert_eq!(ask(&tail, "John Carrington"), ["John Carrington", "Ann Carrington"]);
    let mut hidden = mention(3, "John Carrington");
    hidden.label = 1;
    tail.insert(hidden.incident, vec![hidden]);
    assert_eq!(ask(&tail, "John Carrington").len(), 2, "labels hold in the tail too");
    assert_eq!((tail.len(), tail.is_empty(), tail.incidents().count()), (1, false, 1));
}

#[test]
fn one_writer_at_a_time() {
    let world = World::of(&["John Carrington"]);
    assert!(matches!(NameIndex::open(world.folder.path()), Err(NamesError::InUse(_))));
    assert_eq!(world.names_found("John Carrington").len(), 1, "and the folder in use is left alone");
}

#[test]
fn a_damaged_folder_is_begun_anew() {
    for damage in ["manifest", "segment", "dead", "missing"] {
        let World { index, folder } = World::of(&["John Carrington", "Ann Daventry"]);
        // One that is replaced is dead in the segment before.
        let again = mention(2, "Ann Daventry");
        index.apply(&[(again.incident, vec![again])]).unwrap();
        index.commit("2").unwrap();
        drop(index);
        let inside = folder.path().join("names-v4");
        for entry in fs::read_dir(&inside).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if damage == "missing" && name.ends_with(".segment") {
                fs::remove_file(&path).unwrap();
            } else if name.ends_with(damage) {
                let mut bytes = fs::read(&path).unwrap();
                let middle = bytes.len() / 2;
                bytes[middle] ^= 0xff;
                bytes.truncate(bytes.len() - 1);
                fs::write(&path, bytes).unwrap();
            }
        }
        let index = NameIndex::open(folder.path()).unwrap();
        assert_eq!((index.cursor(), index.mentions()), (None, 0), "{damage}");
        let person = mention(1, "John Carrington");
        index.apply(&[(person.incident, vec![person])]).unwrap();
        index.commit("1").unwrap();
        assert_eq!(index.search(&query("John Carrington"), &|_| true, &Tail::new()).unwrap().len(), 1, "{damage}");
    }
}

#[test]
fn many_commits_and_concurrent_searches_agree() {
    let world = World::new();
    let (index, world) = (&world.index, &world);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for id in 1..=60 {
                let person = mention(id, "John Carrington");
                index.apply(&[(person.incident, vec![person])]).unwrap();
                index.commit(&id.to_string()).unwrap();
            }
        });
        for _ in 0..2 {
            scope.spawn(move || {
                let mut before = 0;
                for _ in 0..200 {
                    let found = world.ask(&names::Query { limit: 100, ..query("Jon Carrington") }).len();
                    assert!(found >= before, "{found} after {before}");
                    before = found;
                }
            });
        }
    });
    assert_eq!(world.ask(&names::Query { limit: 100, ..query("Jon Carrington") }).len(), 60);
}
