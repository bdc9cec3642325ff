//! The chain of keys: each signs from a size on, and is handed over to by the one before, or is told loudly.

use super::finding::{Finding, Wrong};
use crate::key::{PublicKey, Rotation};

/// The most keys an export may hold.
const MOST: usize = 10_000;

struct Known {
    key: PublicKey,
    from_size: u64,
    stated: bool,
}

/// The keys of an export.
#[derive(Default)]
pub(super) struct Keys {
    known: Vec<Known>,
}

fn wrong(detail: impl Into<String>) -> Finding {
    Finding { wrong: Wrong::Key, position: 0, until: 0, seq: None, detail: detail.into() }
}

impl Keys {
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// Adds the next key.
    pub(super) fn add(&mut self, origin: &str, public_key: &str, from_size: u64, at: &str, statement: Option<&str>) -> Result<(), Finding> {
        let number = self.known.len() + 1;
        let key = PublicKey::from_base64(public_key).ok_or_else(|| wrong(format!("key {number} cannot be read")))?;
        if number > MOST {
            return Err(wrong("there are too many keys"));
        }
        let stated = match (self.known.last(), statement) {
            (None, None) => true,
            (None, Some(_)) => return Err(wrong("the first key claims to follow another")),
            (Some(before), _) if before.from_size > from_size => {
                return Err(wrong(format!("key {number} signs from an earlier size than the one before")));
            }
            (Some(_), None) => false,
            (Some(before), Some(statement)) => {
                let time = at.parse().map_err(|_| wrong(format!("key {number} has no time")))?;
                let rotation = Rotation { origin: origin.to_owned(), size: from_size, key, time };
                if !rotation.is_stated(statement, &before.key) {
                    return Err(wrong(format!("the statement by which key {number} follows the one before is not signed by it")));
                }
                true
            }
        };
        self.known.push(Known { key, from_size, stated });
        Ok(())
    }

    /// The key in force for a checkpoint of so many leaves.
    pub(super) fn in_force(&self, size: u64) -> Option<&PublicKey> {
        self.known.iter().rev().find(|known| known.from_size < size).map(|known| &known.key)
    }

    /// Whether what the key in force has signed proves anything: it is the trusted one, or was handed over to from there; where
    /// none is trusted, from the first.
    pub(super) fn proves(&self, size: u64, trusted: Option<&PublicKey>) -> bool {
        let Some(at) = self.known.iter().rposition(|known| known.from_size < size) else { return false };
        let first = trusted.map_or(Some(0), |trusted| self.known.iter().position(|known| known.key == *trusted));
        first.is_some_and(|first| first <= at && self.known[first + 1..=at].iter().all(|known| known.stated))
    }

    /// Whether any of them has signed.
    pub(super) fn any(&self, signed: impl Fn(&PublicKey) -> bool) -> bool {
        self.known.iter().any(|known| signed(&known.key))
    }

    /// Whether the trusted key leads to the last; and what to tell of keys that nobody handed over to.
    pub(super) fn settle(&self, trusted: Option<&PublicKey>) -> Result<Vec<String>, Finding> {
        let unstated: Vec<usize> = (0..self.known.len()).filter(|at| !self.known[*at].stated).collect();
        let told = |at: &usize| {
            let from = self.known[*at].from_size;
            format!(
                "key {} was NOT handed over to by the key before it, from {from} rows on: whoever put it there says that the old one was lost",
                at + 1
            )
        };
        if let Some(trusted) = trusted {
            let at = self.known.iter().position(|known| known.key == *trusted);
            let at = at.ok_or_else(|| wrong("the trusted key is none of this ledger's"))?;
            if let Some(after) = unstated.iter().find(|unstated| **unstated > at) {
                return Err(wrong(told(after)));
            }
        }
        Ok(unstated.iter().map(told).collect())
    }
}
