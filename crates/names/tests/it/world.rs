//! A small index and the words to fill and question it.

use names::{Match, Mention, NameIndex, NameKind, Query, RecordedName, Tail};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) struct World {
    pub(crate) index: NameIndex,
    pub(crate) folder: TempDir,
}

impl World {
    pub(crate) fn new() -> World {
        let folder = TempDir::new().unwrap();
        World { index: NameIndex::open(folder.path()).unwrap(), folder }
    }

    /// A world in which these people are mentioned, the first with id 1.
    pub(crate) fn of(names: &[&str]) -> World {
        let world = World::new();
        let mentions = (1..).zip(names).map(|(id, name)| mention(id, name)).collect();
        world.fill(mentions);
        world
    }

    pub(crate) fn fill(&self, mentions: Vec<Mention>) {
        let changes: Vec<(Uuid, Vec<Mention>)> = mentions.into_iter().map(|mention| (mention.incident, vec![mention])).collect();
        self.index.apply(&changes).unwrap();
        self.index.commit("1").unwrap();
    }

    pub(crate) fn ask(&self, query: &Query) -> Vec<Match> {
        self.index.search(query, &|_| true, &Tail::new()).unwrap()
    }

    pub(crate) fn names_found(&self, name: &str) -> Vec<String> {
        self.ask(&query(name)).into_iter().map(|hit| hit.matched_name).collect()
    }
}

pub(crate) fn mention(id: u128, name: &str) -> Mention {
    Mention {
        id: Uuid::from_u128(id),
        incident: Uuid::from_u128(1_000_000 + id),
        person: None,
        label: 0,
        names: vec![recorded(name)],
        date_of_birth: None,
        age_band: None,
        sex: None,
        postcodes: Vec::new(),
        roles: 1,
        first_day: 20_000,
        last_day: 20_000,
    }
}

pub(crate) fn recorded(name: &str) -> RecordedName {
    RecordedName { full: name.into(), ..RecordedName::default() }
}

pub(crate) fn alias(name: &str) -> RecordedName {
    RecordedName { kind: NameKind::Alias, ..recorded(name) }
}

pub(crate) fn query(name: &str) -> Query {
    Query { name: name.into(), limit: 10, ..Query::default() }
}
