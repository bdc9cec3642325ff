//! What opens or closes one record beside its sharing: releases, emergency access, blocks.

use super::Handed;
use crate::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};

/// To whom one record was handed, and to whom it is closed. Part of its label and of nothing that is shown: not a version
/// of the record, so that whoever reads it cannot tell that it was handed on, or closed to somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Openings {
    /// Releases and emergency access, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handed: Vec<Handed>,
    /// Officers it is closed to, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked: Vec<Uuid>,
}

impl Openings {
    /// Nothing beside the sharing.
    pub fn is_empty(&self) -> bool {
        self.handed.is_empty() && self.blocked.is_empty()
    }

    /// Hands the record to somebody. What has ended by `now` is dropped: it opens nothing any more.
    pub fn hand(&mut self, handed: Handed, now: Timestamp) {
        self.handed.retain(|known| known.until.is_none_or(|until| now < until));
        self.handed.push(handed);
        self.handed.sort_unstable();
        self.handed.dedup();
    }

    /// Closes the record to an officer, or takes that back.
    pub fn block(&mut self, officer: Uuid, closed: bool) {
        self.blocked.retain(|known| *known != officer);
        if closed {
            self.blocked.push(officer);
            self.blocked.sort_unstable();
        }
    }
}
