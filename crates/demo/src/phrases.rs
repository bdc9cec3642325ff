//! What is written: phrases with gaps, and the filling of them.

use crate::{random::Random, scene::Scene, tables::lines};
use std::{collections::BTreeMap, sync::LazyLock};

const PHRASES: &str = include_str!("../data/phrases.txt");

type Phrases = BTreeMap<(&'static str, &'static str), Vec<&'static str>>;

/// The phrases of one kind and part.
pub(crate) fn phrases(kind: &'static str, part: &'static str) -> &'static [&'static str] {
    static READ: LazyLock<Phrases> = LazyLock::new(|| {
        let mut read = Phrases::new();
        for line in lines(PHRASES) {
            let mut fields = line.splitn(3, '|');
            if let (Some(kind), Some(part), Some(text)) = (fields.next(), fields.next(), fields.next()) {
                read.entry((kind, part)).or_default().push(text);
            }
        }
        read
    });
    READ.get(&(kind, part)).map_or(&[], Vec::as_slice)
}

/// What happened: a summary without names, the fact, and what is alleged of whoever did it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event {
    pub(crate) summary: &'static str,
    pub(crate) fact: &'static str,
    pub(crate) alleged: &'static str,
}

/// One event of a kind.
pub(crate) fn event(random: &mut Random, kind: &'static str) -> Event {
    let mut parts = random.pick(phrases(kind, "event")).copied().unwrap_or_default().splitn(3, '|');
    let mut part = || parts.next().unwrap_or("Nothing more is known.");
    Event { summary: part(), fact: part(), alleged: part() }
}

/// One phrase for any kind of incident.
pub(crate) fn any(random: &mut Random, part: &'static str) -> &'static str {
    random.pick(phrases("any", part)).copied().unwrap_or("none")
}

/// Fills the gaps.
pub(crate) fn fill(text: &str, scene: &Scene) -> String {
    let mut filled = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (gap, after) = after.split_once('}').unwrap_or((after, ""));
        match gap {
            "They" => filled.push_str(&capital(&scene.they)),
            "Who" => filled.push_str(&capital(&scene.who)),
            _ => filled.push_str(scene.gap(gap)),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The same with a capital at the start.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::KINDS;

    #[test]
    fn every_kind_has_every_part_and_no_unknown_gap() {
        for kind in &KINDS {
            assert!(!phrases(kind.key, "event").is_empty() && !phrases(kind.key, "more").is_empty(), "{}", kind.key);
            for event in phrases(kind.key, "event") {
                let parts: Vec<&str> = event.split('|').collect();
                assert_eq!(parts.len(), 3, "{event}");
                assert!(!parts[0].contains('{') && !parts[2].contains('{'), "a summary and an allegation hold no names: {event}");
            }
        }
        for part in ["assessment", "action", "step", "owner", "wants", "safeguarding", "told", "duration", "safe"] {
            assert!(!phrases("any", part).is_empty(), "{part}");
        }
        let known = ["street", "address", "shop", "place", "car", "bike", "time", "duration", "They", "they", "Who", "who", "victim"];
        for line in lines(PHRASES) {
            for gap in line.split('{').skip(1) {
                let gap = gap.split('}').next().unwrap();
                assert!(known.contains(&gap), "{line}");
            }
        }
    }
}
