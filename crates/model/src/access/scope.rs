//! What one caller may see at one moment.

use super::{AccessLabel, Actor, LabelId, Sight, decide::decide_and_count};
use crate::Timestamp;

/// What one caller may see at one moment, for every label there is. Held by whoever queries; every query takes one.
#[derive(Debug, Clone)]
pub struct Scope {
    actor: Actor,
    at: Timestamp,
    /// By number: what is seen, and whether it counts.
    sights: Vec<(Sight, bool)>,
}

impl Scope {
    /// Decides every label for `actor` at `at`. `labels` are pairs of id and label; ids are small.
    pub fn new<'a>(actor: Actor, at: Timestamp, labels: impl Iterator<Item = (LabelId, &'a AccessLabel)>) -> Self {
        let mut sights = Vec::new();
        for (id, label) in labels {
            let place = id as usize;
            if sights.len() <= place {
                sights.resize(place + 1, (Sight::Nothing, false));
            }
            sights[place] = decide_and_count(&actor, label, at);
        }
        Self { actor, at, sights }
    }

    /// Whoever asks.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The moment of the request.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// What the caller sees under a label; nothing under one this scope does not know.
    pub fn sight(&self, label: LabelId) -> Sight {
        self.sights.get(label as usize).map_or(Sight::Nothing, |(sight, _)| *sight)
    }

    /// Whether the caller sees the record, and not only who holds it.
    pub fn sees(&self, label: LabelId) -> bool {
        self.sight(label).sees()
    }

    /// Whether the record counts for the caller: in lists, places, numbers and hotspots.
    pub fn counts(&self, label: LabelId) -> bool {
        self.sights.get(label as usize).is_some_and(|(_, counts)| *counts)
    }

    /// Whether the caller may see people under that label.
    pub fn sees_people(&self, label: LabelId) -> bool {
        self.sight(label) >= Sight::Summary
    }

    /// The labels whose records count for the caller.
    pub fn counted(&self) -> impl Iterator<Item = LabelId> + '_ {
        (0..).zip(&self.sights).filter(|(_, (_, counts))| *counts).map(|(id, _)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AgencyKind, Role, Uuid};

    #[test]
    fn an_unknown_label_shows_nothing() {
        let actor = Actor::new(Uuid::from_u128(1), "x", Uuid::from_u128(2), AgencyKind::Council, Role::Officer);
        let scope = Scope::new(actor, Timestamp::from_micros(0), std::iter::empty());
        assert_eq!(scope.sight(7), Sight::Nothing);
        assert!(!scope.counts(7));
    }
}
