//! Access labels in memory. A label never changes once written, so a cached one is never stale; a new one is noticed by
//! its number, in the transaction of the request that needs it.

use crate::ServiceError;
use model::{AccessLabel, Actor, LabelId, Scope, Timestamp, Uuid};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{PoisonError, RwLock},
};
use store::{Tx, labels};

#[derive(Debug, Default)]
struct Book {
    by_id: Vec<(LabelId, AccessLabel)>,
    by_label: HashMap<AccessLabel, LabelId>,
}

/// Every label known to this process.
#[derive(Debug, Default)]
pub(crate) struct LabelBook(RwLock<Book>);

impl LabelBook {
    /// The number of a label already known.
    pub(crate) fn id(&self, label: &AccessLabel) -> Option<LabelId> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).by_label.get(label).copied()
    }

    /// Reads the labels this process does not know yet. Numbers may become visible out of order, so the last few are
    /// read again.
    pub(crate) async fn refresh(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        const AGAIN: i64 = 16;
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).by_id.last().map_or(0, |(id, _)| i64::from(*id));
        let fresh = labels::after(tx, (known - AGAIN).max(0)).await?;
        if fresh.iter().any(|(_, label)| self.id(label).is_none()) {
            let mut book = self.0.write().unwrap_or_else(PoisonError::into_inner);
            for (id, label) in fresh {
                if book.by_label.insert(label.clone(), id).is_none() {
                    book.by_id.push((id, label));
                }
            }
            book.by_id.sort_unstable_by_key(|(id, _)| *id);
        }
        Ok(())
    }

    /// The number of a label, made in this transaction when it is new. It is remembered only by a later refresh, when
    /// the transaction has become visible.
    pub(crate) async fn ensure(&self, tx: &mut Tx, label: &AccessLabel) -> Result<LabelId, ServiceError> {
        match self.id(label) {
            Some(id) => Ok(id),
            None => Ok(labels::ensure(tx, label).await?),
        }
    }

    /// The labels of which something holds.
    pub(crate) fn labels_where(&self, holds: impl Fn(&AccessLabel) -> bool) -> BTreeSet<LabelId> {
        let book = self.0.read().unwrap_or_else(PoisonError::into_inner);
        book.by_id.iter().filter(|(_, label)| holds(label)).map(|(id, _)| *id).collect()
    }

    /// Whether a label closes a record to an officer.
    pub(crate) fn blocks(&self, label: LabelId, officer: Uuid) -> bool {
        let book = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let found = book.by_id.binary_search_by_key(&label, |(id, _)| *id).ok().map(|at| &book.by_id[at].1);
        found.is_some_and(|label| label.blocked.contains(&officer))
    }

    /// What `actor` may see at `at`.
    pub(crate) fn scope(&self, actor: &Actor, at: Timestamp) -> Scope {
        let book = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Scope::new(actor.clone(), at, book.by_id.iter().map(|(id, label)| (*id, label)))
    }
}
