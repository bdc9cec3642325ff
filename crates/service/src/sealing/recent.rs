//! Rows that this process wrote a moment ago, so that sealing need not read them again: what is sealed is what was written, even
//! where somebody changes the row before it is sealed. Found by their salt, which no other row has.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};
use store::sealing::{Mark, RawRow};

/// The most rows kept; with more, sealing reads them.
const MOST: usize = 50_000;

/// The rows of the last two steps of the sealer.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    now: HashMap<[u8; 32], RawRow>,
    before: HashMap<[u8; 32], RawRow>,
}

impl Recent {
    /// Keeps rows that are about to be committed. Those that are not are forgotten with the others.
    pub(crate) fn keep(&self, rows: Vec<RawRow>) {
        let mut kept = self.kept();
        if kept.now.len() < MOST {
            kept.now.extend(rows.into_iter().filter_map(|row| Some((row.salt.as_deref()?.try_into().ok()?, row))));
        }
    }

    /// Takes the row of this mark, if it is one of those kept.
    pub(super) fn take(&self, mark: &Mark) -> Option<RawRow> {
        let salt: [u8; 32] = mark.salt.as_deref()?.try_into().ok()?;
        let mut kept = self.kept();
        let row = kept.now.remove(&salt).or_else(|| kept.before.remove(&salt))?;
        Some(RawRow { txid: mark.txid, seq: mark.seq, ..row })
    }

    /// A step of the sealer is done: what was kept for the step before and found no mark is forgotten.
    pub(super) fn forget_old(&self) {
        let mut kept = self.kept();
        kept.before = mem::take(&mut kept.now);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
