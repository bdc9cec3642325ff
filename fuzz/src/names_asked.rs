//! Names as somebody types them.

use model::Uuid;
use names::{Mention, NameIndex, NameKind, Query, RecordedName, Tail};
use std::sync::OnceLock;

/// People recorded in the index that is asked: everybody is made up.
const RECORDED: [&str; 24] = [
    "Margaret Ashworth",
    "Peggy Ashworth",
    "Mrs M Ashworth",
    "Seán O'Brien",
    "Sean OBrien",
    "Mohammed Al-Hassan",
    "Muhammad Hassan",
    "Wojciech Łukasiewicz",
    "Li Wei",
    "Wei Li",
    "Anna-Maria van der Berg",
    "Anna Vanderberg",
    "Robert McDonald",
    "Bob MacDonald",
    "Dr J. R. Smith-Jones",
    "John Smith Jones",
    "Олена Шевченко",
    "Olena Shevchenko",
    "Zé",
    "Sir Patrick bin Abdullah",
    "Elizabeth Taylor",
    "Lizzie Tailor",
    "Big Dave",
    "David Bigge",
];

/// Whoever asks sees records with even labels.
fn visible(label: u32) -> bool {
    label.is_multiple_of(2)
}

fn mention(number: usize, name: &str) -> Mention {
    let (given, family) = name.split_once(' ').map_or((None, None), |(given, family)| (Some(given.to_owned()), Some(family.to_owned())));
    Mention {
        id: Uuid::from_u128(1_000 + number as u128),
        incident: Uuid::from_u128(2_000 + number as u128),
        person: None,
        label: number as u32,
        names: vec![
            RecordedName { full: name.to_owned(), given, family, kind: NameKind::Recorded },
            RecordedName { full: format!("the {name}"), given: None, family: None, kind: NameKind::Alias },
        ],
        date_of_birth: format!("19{:02}-03-{:02}", 50 + number, 1 + number).parse().ok(),
        age_band: None,
        sex: None,
        postcodes: vec!["TS18 1AB".to_owned()],
        roles: 1 << (number % 8),
        first_day: 20_000,
        last_day: 20_001,
    }
}

fn index() -> &'static (tempfile::TempDir, NameIndex) {
    static INDEX: OnceLock<(tempfile::TempDir, NameIndex)> = OnceLock::new();
    INDEX.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let index = NameIndex::open(folder.path()).expect("an index");
        let mentions = RECORDED.iter().enumerate().map(|(number, name)| mention(number, name));
        let changes: Vec<(Uuid, Vec<Mention>)> = mentions.map(|mention| (mention.incident, vec![mention])).collect();
        index.apply(&changes).expect("they are indexed");
        index.commit("1").expect("they are committed");
        (folder, index)
    })
}

/// A name, and after line feeds what else is known: date of birth, postcode.
///
/// # Panics
/// When an answer shows what the caller may not see, is out of order, or is no strength.
pub fn name_query(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let name = lines.next().unwrap_or_default();
    let query = Query {
        name: name.to_owned(),
        date_of_birth: lines.next().and_then(|text| text.parse().ok()),
        postcode: lines.next().map(str::to_owned),
        limit: 5,
        ..Query::default()
    };
    if let Ok(found) = index().1.search(&query, &visible, &Tail::new()) {
        assert!(found.len() <= 5);
        assert!(found.iter().all(|hit| visible(hit.label)), "a record that may not be seen");
        assert!(found.iter().all(|hit| (0.0..=1.0).contains(&hit.strength)), "no strength");
        assert!(found.is_sorted_by(|a, b| a.strength >= b.strength), "not the best first");
        assert!(found.iter().flat_map(|hit| &hit.reasons).all(|reason| reason.weight.is_finite()));
    }
    let compared = names::compare(name, RECORDED[data.len() % RECORDED.len()]);
    assert!((0.0..=1.0).contains(&compared.strength));
    let alone = names::compare(name, name);
    assert!((0.0..=1.0).contains(&alone.strength));
}
