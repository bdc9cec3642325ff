//! The index's folder: opened, checked, and begun anew when it is damaged.

use super::{
    schema::{FOLDER, Fields, schema},
    snapshot::Snapshot,
};
use crate::NamesError;
use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyError, directory::MmapDirectory, merge_policy::LogMergePolicy};

/// Memory for mentions on their way to the disk.
const WRITER_BYTES: usize = 50_000_000;

/// Segments of about one size that are merged into one.
const MERGED_AT: usize = 3;

pub(crate) struct Opened {
    pub(crate) fields: Fields,
    pub(crate) writer: IndexWriter,
    pub(crate) reader: IndexReader,
    pub(crate) snapshot: Snapshot,
    pub(crate) cursor: Option<String>,
}

/// The folder of one generation inside `dir`. A later generation never reuses files of an earlier one.
pub(crate) fn of(dir: &Path, generation: i64) -> PathBuf {
    dir.join(if generation == 0 { FOLDER.to_owned() } else { format!("{FOLDER}-{generation}") })
}

/// Opens the index in the folder of its generation inside `dir`.
pub(crate) fn open(dir: &Path, generation: i64) -> Result<Opened, NamesError> {
    let folder = of(dir, generation);
    let failed = |source| NamesError::Folder { folder: folder.clone(), source };
    fs::create_dir_all(&folder).map_err(failed)?;
    match open_checked(&folder) {
        Err(NamesError::InUse(folder)) => Err(NamesError::InUse(folder)),
        Err(damage) => {
            tracing::warn!(folder = %folder.display(), %damage, "the name index is damaged: it is deleted and built again");
            // Deleted, not moved aside: a copy nobody looks after would keep names past their erasure.
            fs::remove_dir_all(&folder).map_err(failed)?;
            fs::create_dir_all(&folder).map_err(failed)?;
            open_checked(&folder)
        }
        opened => opened,
    }
}

/// Deletes every index inside `dir`, of whatever generation, but the one to be kept.
pub(crate) fn delete_others(dir: &Path, kept: Option<i64>) -> Result<(), NamesError> {
    let failed = |folder: &Path, source| NamesError::Folder { folder: folder.to_owned(), source };
    let kept = kept.map(|generation| of(dir, generation));
    let found = match fs::read_dir(dir) {
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        found => found.map_err(|source| failed(dir, source))?,
    };
    for entry in found {
        let path = entry.map_err(|source| failed(dir, source))?.path();
        let ours = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("names-v"));
        if ours && path.is_dir() && Some(&path) != kept.as_ref() {
            fs::remove_dir_all(&path).map_err(|source| failed(&path, source))?;
        }
    }
    Ok(())
}

fn open_checked(folder: &Path) -> Result<Opened, NamesError> {
    // On some damage tantivy panics instead of answering; damage must not keep the server from starting.
    catch_unwind(AssertUnwindSafe(|| open_unchecked(folder))).unwrap_or(Err(NamesError::Damaged("what the index engine cannot read")))
}

fn open_unchecked(folder: &Path) -> Result<Opened, NamesError> {
    let (schema, fields) = schema();
    let directory = MmapDirectory::open(folder).map_err(TantivyError::from)?;
    let index = Index::open_or_create(directory, schema)?;
    // The writer's lock comes first: a folder in use is somebody else's, damaged or not.
    let writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES).map_err(|error| match error {
        TantivyError::LockFailure(..) => NamesError::InUse(folder.to_owned()),
        error => NamesError::Engine(error),
    })?;
    if !index.validate_checksum()?.is_empty() {
        return Err(NamesError::Damaged("a file whose checksum is wrong"));
    }
    let mut merging = LogMergePolicy::default();
    // Every search walks the vocabulary of every segment: few segments are worth merging more often.
    merging.set_min_num_segments(MERGED_AT);
    writer.set_merge_policy(Box::new(merging));
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let reader: IndexReader = reader;
    let snapshot = Snapshot::new(reader.searcher(), fields, None)?;
    let cursor = index.load_metas()?.payload;
    Ok(Opened { fields, writer, reader, snapshot, cursor })
}
