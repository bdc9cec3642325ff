//! What a caller may not see changes nothing of what they get.

use crate::world::{World, alias, mention, query};
use names::{Mention, Query, Tail};

const GIVEN: [&str; 12] = ["John", "Jon", "Jane", "Bill", "William", "Ann", "Anne", "Mohammed", "Muhammad", "Steven", "Stephen", "J"];
const FAMILY: [&str; 12] =
    ["Smith", "Smyth", "Smithson", "Carrington", "Carington", "O'Brien", "O Brien", "van Dyke", "Khan", "Kahn", "Schmidt", "Smith-Jones"];

/// A fixed sequence, so that a failure is repeatable.
fn people(from: u128, count: u128, label: u32) -> Vec<Mention> {
    (from..from + count)
        .map(|id| {
            let mixed = (id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 7) as usize;
            let name = format!("{} {}", GIVEN[mixed % GIVEN.len()], FAMILY[mixed / 16 % FAMILY.len()]);
            let mut person = mention(id, &name);
            person.label = label;
            person.roles = 1 << (mixed % 3);
            person.date_of_birth = Some(format!("19{:02}-0{}-11", mixed % 90 + 10, mixed % 9 + 1).parse().unwrap());
            person.postcodes = vec![format!("TS{} 1AB", mixed % 30)];
            person
        })
        .collect()
}

fn queries() -> Vec<Query> {
    let names = [
        "John Smith",
        "Bill Carington",
        "Smith",
        "J Smith",
        "Stephen",
        "ann obrien",
        "Smith John",
        "m khan",
        "vandyke",
        "William Carrington",
        "Zzyzx Quimby",
        "an smith jones",
        "mar",
    ];
    let mut queries: Vec<Query> = names.iter().map(|name| Query { limit: 25, ..query(name) }).collect();
    queries.push(Query { date_of_birth: Some("1950-05-11".parse().unwrap()), ..query("John Smith") });
    queries.push(Query { postcode: Some("TS18 1AB".into()), roles: 2, ..query("Jon Smyth") });
    queries
}

#[test]
fn twin_worlds_answer_byte_for_byte_alike() {
    let (plain, twin) = (World::new(), World::new());
    plain.fill(people(1, 300, 0));
    // The twin has far more, in between and in other segments, all of it out of sight.
    let mut mixed = people(1, 300, 0);
    for (at, hidden) in people(10_000, 5_000, 9).into_iter().enumerate() {
        mixed.insert((at * 7) % mixed.len(), hidden);
    }
    let half = mixed.split_off(mixed.len() / 2);
    twin.fill(mixed);
    twin.fill(half);
    let mut tail = Tail::new();
    for hidden in people(20_000, 100, 9) {
        tail.insert(hidden.incident, vec![hidden]);
    }
    for query in queries() {
        let sees = |label: u32| label == 0;
        let expected = plain.index.search(&query, &sees, &Tail::new()).unwrap();
        let found = twin.index.search(&query, &sees, &tail).unwrap();
        assert_eq!(serde_json::to_string(&expected).unwrap(), serde_json::to_string(&found).unwrap(), "{query:?}");
        let nobody = twin.index.search(&query, &|_| false, &tail).unwrap();
        assert!(nobody.is_empty(), "{query:?}");
    }
}

#[test]
fn the_most_promising_are_chosen_among_the_visible_alone() {
    // More equally promising mentions than are scored: the cut must not depend on the hidden ones between them.
    let (plain, twin) = (World::new(), World::new());
    let many = |name: &str, from, count, label| (from..from + count).map(|id| Mention { label, ..mention(id, name) }).collect::<Vec<_>>();
    let seen = [many("John Brown", 1, 2_000, 0), many("Jon Smith", 3_000, 1_500, 0), many("Jack Smith", 5_000, 2_500, 0)];
    plain.fill(seen.concat());
    twin.fill(many("John Smith", 20_000, 6_000, 9));
    twin.fill(seen.concat());
    for name in ["John Smith", "John", "Smith", "Jon Smith"] {
        let query = Query { limit: 50, ..query(name) };
        let expected = plain.index.search(&query, &|label| label == 0, &Tail::new()).unwrap();
        let found = twin.index.search(&query, &|label| label == 0, &Tail::new()).unwrap();
        assert_eq!(serde_json::to_string(&expected).unwrap(), serde_json::to_string(&found).unwrap(), "{name}");
        assert!(!expected.is_empty(), "{name}");
    }
}

#[test]
fn an_alias_of_a_hidden_mention_neither_matches_nor_shows() {
    let world = World::new();
    let mut hidden = mention(1, "Anthony Carrington");
    hidden.names.push(alias("Tigger Malone"));
    hidden.label = 9;
    world.fill(vec![hidden, mention(2, "Anthony Carrington")]);
    let ask = |name: &str| world.index.search(&query(name), &|label| label == 0, &Tail::new()).unwrap();
    assert!(ask("Tigger Malone").is_empty());
    assert_eq!(ask("Anthony Carrington").len(), 1);
}

#[test]
fn labels_are_asked_about_once_a_search() {
    let world = World::new();
    world.fill(people(1, 200, 3));
    let asked = std::cell::Cell::new(0);
    let visible = |_| {
        asked.set(asked.get() + 1);
        true
    };
    world.index.search(&query("John Smith"), &visible, &Tail::new()).unwrap();
    assert_eq!(asked.get(), 1);
}
