//! The index over name mentions: immutable segments of parts and columns, and the search over them.

mod access;
mod bits;
mod building;
mod bytes;
mod candidates;
mod dead;
mod entry;
mod fits;
mod folder;
mod merging;
mod near;
mod packed;
mod search;
mod segment;
mod vocabulary;

use crate::{Match, Mention, NamesError, Query, Tail};
use building::Builder;
use fits::Scratch;
use folder::{Folder, Live, State};
use merging::Merge;
use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    thread::JoinHandle,
};
use uuid::Uuid;

pub(crate) use vocabulary::Vocabulary;

/// Scratch space kept for later searches; more at once make their own.
const SCRATCHES_KEPT: usize = 8;

/// What a write is told that comes after the index was put away.
const PUT_AWAY: NamesError = NamesError::Damaged("a folder that was put away for a newer one");

/// An index of name mentions in a folder of its own. It is derived: deleting the folder costs time, never data.
pub struct NameIndex {
    inner: Arc<Inner>,
    merging: Mutex<Option<JoinHandle<()>>>,
}

struct Inner {
    /// None once the index was put away.
    writing: Mutex<Option<Writing>>,
    /// What searches see.
    committed: RwLock<Arc<State>>,
    scratches: Mutex<Vec<Scratch>>,
}

/// What is applied and not committed yet.
struct Writing {
    folder: Folder,
    builder: Builder,
    /// What is committed, with what was applied since as far as it is a segment already.
    state: State,
}

impl NameIndex {
    /// Opens the index kept inside `dir`, making it if need be. What is damaged is deleted and begun anew, with no
    /// cursor, so that the caller fills it again.
    ///
    /// # Errors
    /// [`NamesError::InUse`] when another process writes to it; [`NamesError::Folder`] when the folder cannot be used.
    pub fn open(dir: &Path) -> Result<NameIndex, NamesError> {
        Self::open_generation(dir, 0)
    }

    /// The same for one generation, in a folder of its own: after an erasure a new generation is filled from the database
    /// and the ones before are deleted, so that no file that held what was erased is left.
    ///
    /// # Errors
    /// As [`NameIndex::open`].
    pub fn open_generation(dir: &Path, generation: i64) -> Result<NameIndex, NamesError> {
        let (folder, state) = folder::open(dir, generation)?;
        let inner = Inner {
            committed: RwLock::new(Arc::new(state.clone())),
            writing: Mutex::new(Some(Writing { folder, builder: Builder::default(), state })),
            scratches: Mutex::default(),
        };
        Ok(NameIndex { inner: Arc::new(inner), merging: Mutex::default() })
    }

    /// Deletes the index inside `dir`, of whatever generation, so that it is built anew. No process may have it open.
    ///
    /// # Errors
    /// [`NamesError::Folder`] when the folder cannot be removed.
    pub fn delete(dir: &Path) -> Result<(), NamesError> {
        folder::delete_others(dir, None)
    }

    /// Deletes every generation inside `dir` but one. What was open of them must have been put away.
    ///
    /// # Errors
    /// [`NamesError::Folder`] when a folder cannot be removed.
    pub fn delete_other_generations(dir: &Path, kept: i64) -> Result<(), NamesError> {
        folder::delete_others(dir, Some(kept))
    }

    /// Writes no more, and waits until nothing does: then its folder can be deleted. Searches under way go on.
    pub fn put_away(&self) {
        self.inner.writing().take();
        self.settle();
    }

    /// Waits until no segments are being merged.
    pub fn settle(&self) {
        let merging = self.merging.lock().unwrap_or_else(PoisonError::into_inner).take();
        if merging.is_some_and(|merging| merging.join().is_err()) {
            tracing::warn!("merging segments of the name index failed; they stay as they are");
        }
    }

    /// What the last commit was told; nothing for an index that is to be filled.
    pub fn cursor(&self) -> Option<String> {
        self.inner.committed().cursor.clone()
    }

    /// Replaces all mentions of these incidents; an incident without mentions is removed. Searches see it after
    /// [`NameIndex::commit`].
    ///
    /// # Errors
    /// When the index was put away.
    pub fn apply(&self, changes: &[(Uuid, Vec<Mention>)]) -> Result<(), NamesError> {
        let mut writing = self.inner.writing();
        let writing = writing.as_mut().ok_or(PUT_AWAY)?;
        for (incident, mentions) in changes {
            writing.builder.set(*incident, mentions);
            if writing.builder.is_full() {
                writing.close_segment();
            }
        }
        Ok(())
    }

    /// Makes everything applied durable together with `cursor`, and visible to searches. Searches go on meanwhile.
    ///
    /// # Errors
    /// When the index cannot be written; the commit before still stands.
    pub fn commit(&self, cursor: &str) -> Result<(), NamesError> {
        let mut writing = self.inner.writing();
        let held = writing.as_mut().ok_or(PUT_AWAY)?;
        held.close_segment();
        held.state.cursor = Some(cursor.to_owned());
        held.write()?;
        self.inner.show(&held.state);
        drop(writing);
        self.merge();
        Ok(())
    }

    /// Merges in the background as long as it is worth it, unless that is done already.
    fn merge(&self) {
        let mut merging = self.merging.lock().unwrap_or_else(PoisonError::into_inner);
        if merging.as_ref().is_some_and(|merging| !merging.is_finished()) || Merge::of(&self.inner.committed()).is_none() {
            return;
        }
        let inner = self.inner.clone();
        let spawned = std::thread::Builder::new().name("names-merge".to_owned()).spawn(move || while inner.merge_once() {});
        *merging = spawned.inspect_err(|error| tracing::warn!(%error, "segments of the name index cannot be merged")).ok();
    }

    /// Number of mentions that can be found, whoever may see them: for operators, never for a caller.
    pub fn mentions(&self) -> u64 {
        self.inner.committed().live.iter().map(|live| u64::from(live.living())).sum()
    }

    /// The mentions that may be the person asked for, best first, of equals the latest. `visible` tells which access labels the caller may
    /// see; for incidents in `tail`, the tail alone counts.
    ///
    /// # Errors
    /// [`NamesError::QueryTooLong`].
    pub fn search(&self, query: &Query, visible: &dyn Fn(u32) -> bool, tail: &Tail) -> Result<Vec<Match>, NamesError> {
        let state = self.inner.committed();
        let mut scratch = self.inner.scratches().pop().unwrap_or_default();
        let matches = search::search(&state, query, visible, tail, &mut scratch);
        let mut kept = self.inner.scratches();
        if kept.len() < SCRATCHES_KEPT {
            kept.push(scratch);
        }
        matches
    }
}

impl Drop for NameIndex {
    fn drop(&mut self) {
        self.put_away();
    }
}

impl Writing {
    /// Makes a segment of what was applied. What it has anew is dead in the segments before.
    fn close_segment(&mut self) {
        if self.builder.is_empty() {
            return;
        }
        let builder = std::mem::take(&mut self.builder);
        for incident in builder.incidents() {
            for live in &mut self.state.live {
                for document in live.segment.of_incident(incident) {
                    live.kill(document);
                }
            }
        }
        self.state.live.retain(|live| live.living() > 0);
        self.state.next += 1;
        self.state.live.extend(builder.finish(self.state.next).map(Live::new));
    }

    /// When it fails, nothing is taken to be written: files that no manifest names are deleted with the next commit or merge.
    fn write(&mut self) -> Result<(), NamesError> {
        let mut next = self.state.clone();
        next.commit += 1;
        self.folder.write(&mut next)?;
        self.state = next;
        Ok(())
    }
}

impl Inner {
    fn committed(&self) -> Arc<State> {
        self.committed.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn show(&self, state: &State) {
        *self.committed.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state.clone());
    }

    fn writing(&self) -> MutexGuard<'_, Option<Writing>> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn scratches(&self) -> MutexGuard<'_, Vec<Scratch>> {
        self.scratches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One merge, if one is worth it; whether another may be.
    fn merge_once(&self) -> bool {
        let Some(merge) = Merge::of(&self.committed()) else { return false };
        let number = match self.writing().as_mut() {
            Some(writing) => {
                writing.state.next += 1;
                writing.state.next
            }
            None => return false,
        };
        let mut merged = merge.run(number);
        let segment = merged.live();
        let mut writing = self.writing();
        let Some(writing) = writing.as_mut() else { return false };
        // What was applied and not committed stays out of what becomes durable now.
        let mut committed = State::clone(&self.committed());
        merged.replace(&mut committed, segment.as_ref());
        writing.state.commit += 1;
        (committed.commit, committed.next) = (writing.state.commit, writing.state.next);
        if let Err(error) = writing.folder.write(&mut committed) {
            tracing::warn!(%error, "merged segments of the name index cannot be written; they stay as they are");
            return false;
        }
        self.show(&committed);
        let merged_now = committed.live.first().filter(|live| live.segment.number == number);
        merged.replace(&mut writing.state, merged_now);
        true
    }
}
