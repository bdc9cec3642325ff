//! The index over name mentions: tantivy for terms, postings and columns, our own matching on top.

mod access;
mod candidates;
mod document;
mod expansion;
mod folder;
mod schema;
mod search;
mod segment;
mod snapshot;

use crate::{Match, Mention, NamesError, Query, Tail};
use candidates::Scratch;
use schema::Fields;
use snapshot::Snapshot;
use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};
use tantivy::{IndexReader, IndexWriter, Term};
use uuid::Uuid;

/// Scratch space kept for later searches; more at once make their own.
const SCRATCHES_KEPT: usize = 8;

/// What a write is told that comes after the index was put away.
const PUT_AWAY: NamesError = NamesError::Damaged("a folder that was put away for a newer one");

/// An index of name mentions in a folder of its own. It is derived: deleting the folder costs time, never data.
pub struct NameIndex {
    fields: Fields,
    /// None once the index was put away.
    writer: Mutex<Option<IndexWriter>>,
    reader: IndexReader,
    /// What searches see: the snapshot, and the cursor committed with it.
    committed: RwLock<Committed>,
    scratches: Mutex<Vec<Scratch>>,
}

#[derive(Clone)]
struct Committed {
    snapshot: Arc<Snapshot>,
    cursor: Option<String>,
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

    /// The same for one generation, in a folder of its own. A term dictionary keeps what was erased, so that after an
    /// erasure a new generation is filled from the database and the ones before are deleted.
    ///
    /// # Errors
    /// As [`NameIndex::open`].
    pub fn open_generation(dir: &Path, generation: i64) -> Result<NameIndex, NamesError> {
        let folder::Opened { fields, writer, reader, snapshot, cursor } = folder::open(dir, generation)?;
        Ok(NameIndex {
            fields,
            writer: Mutex::new(Some(writer)),
            reader,
            committed: RwLock::new(Committed { snapshot: Arc::new(snapshot), cursor }),
            scratches: Mutex::new(Vec::new()),
        })
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
        if let Some(writer) = self.writer().take()
            && let Err(error) = writer.wait_merging_threads()
        {
            tracing::warn!(%error, "a merge of an index that is put away failed");
        }
    }

    /// What the last commit was told; nothing for an index that is to be filled.
    pub fn cursor(&self) -> Option<String> {
        self.committed().cursor
    }

    /// Replaces all mentions of these incidents; an incident without mentions is removed. Searches see it after
    /// [`NameIndex::commit`].
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn apply(&self, changes: &[(Uuid, Vec<Mention>)]) -> Result<(), NamesError> {
        let mut writer = self.writer();
        let writer = writer.as_mut().ok_or(PUT_AWAY)?;
        for (incident, mentions) in changes {
            writer.delete_term(Term::from_field_bytes(self.fields.incident, incident.as_bytes()));
            for mention in mentions {
                // The key that deletes a mention is the incident it was applied under, whatever the mention says.
                let mention = &Mention { incident: *incident, ..mention.clone() };
                if let Some(document) = document::document(&self.fields, mention) {
                    writer.add_document(document)?;
                }
            }
        }
        Ok(())
    }

    /// Makes everything applied durable together with `cursor`, and visible to searches. Searches go on meanwhile.
    ///
    /// # Errors
    /// When the index cannot be written or read back; the commit before still stands.
    pub fn commit(&self, cursor: &str) -> Result<(), NamesError> {
        let mut writer = self.writer();
        let writer = writer.as_mut().ok_or(PUT_AWAY)?;
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(cursor);
        prepared.commit()?;
        self.reader.reload()?;
        let before = self.committed().snapshot;
        let snapshot = Snapshot::new(self.reader.searcher(), self.fields, Some(&before))?;
        let committed = Committed { snapshot: Arc::new(snapshot), cursor: Some(cursor.to_owned()) };
        *self.committed.write().unwrap_or_else(PoisonError::into_inner) = committed;
        Ok(())
    }

    /// Number of mentions that can be found, whoever may see them: for operators, never for a caller.
    pub fn mentions(&self) -> u64 {
        self.committed().snapshot.searcher.num_docs()
    }

    /// The mentions that may be the person asked for, best first. `visible` tells which access labels the caller may
    /// see; for incidents in `tail`, the tail alone counts.
    ///
    /// # Errors
    /// [`NamesError::QueryTooLong`]; otherwise when the index cannot be read.
    pub fn search(&self, query: &Query, visible: &dyn Fn(u32) -> bool, tail: &Tail) -> Result<Vec<Match>, NamesError> {
        let snapshot = self.committed().snapshot;
        let mut scratch = self.scratches().pop().unwrap_or_default();
        let matches = search::search(&snapshot, query, visible, tail, &mut scratch);
        let mut kept = self.scratches();
        if kept.len() < SCRATCHES_KEPT {
            kept.push(scratch);
        }
        matches
    }

    fn committed(&self) -> Committed {
        self.committed.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn writer(&self) -> MutexGuard<'_, Option<IndexWriter>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn scratches(&self) -> MutexGuard<'_, Vec<Scratch>> {
        self.scratches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
