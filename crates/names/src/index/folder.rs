//! The index's folder: segments, the dead of each, and the manifest that says which of them count.

use super::{
    bytes::{Reader, Writer},
    dead::Dead,
    segment::Segment,
};
use crate::NamesError;
use std::{
    collections::HashSet,
    ffi::OsString,
    fs::{self, File, TryLockError},
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Version of what the folder holds; any change to it or its meaning is a new one.
const FOLDER: &str = "names-v4";
const MANIFEST: &str = "manifest";
const LOCK: &str = "lock";

/// A segment that counts, and its dead.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    pub(crate) segment: Arc<Segment>,
    pub(crate) dead: Arc<Dead>,
    /// The commit that wrote the dead; 0 for none.
    dead_since: u64,
    written: bool,
    dead_written: bool,
}

impl Live {
    pub(super) fn new(segment: Segment) -> Live {
        Live { segment: Arc::new(segment), dead: Arc::default(), dead_since: 0, written: false, dead_written: true }
    }

    pub(super) fn kill(&mut self, document: u32) {
        Arc::make_mut(&mut self.dead).add(document);
        self.dead_written = false;
    }

    pub(crate) fn living(&self) -> u32 {
        self.segment.len() - self.dead.count()
    }
}

/// What a commit is made of.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) live: Vec<Live>,
    pub(crate) cursor: Option<String>,
    pub(super) commit: u64,
    /// The number of the next segment.
    pub(super) next: u64,
}

/// A folder that nobody else writes to.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Held as long as the folder is open.
    _lock: File,
}

/// The folder of one generation inside `dir`. A later generation never reuses files of an earlier one.
fn of(dir: &Path, generation: i64) -> PathBuf {
    dir.join(if generation == 0 { FOLDER.to_owned() } else { format!("{FOLDER}-{generation}") })
}

/// Opens the index in the folder of its generation inside `dir`.
pub(super) fn open(dir: &Path, generation: i64) -> Result<(Folder, State), NamesError> {
    let path = of(dir, generation);
    let failed = |source| NamesError::Folder { folder: path.clone(), source };
    fs::create_dir_all(&path).map_err(failed)?;
    let lock = File::options().create(true).truncate(false).write(true).open(path.join(LOCK)).map_err(failed)?;
    lock.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => NamesError::InUse(path.clone()),
        TryLockError::Error(source) => failed(source),
    })?;
    let folder = Folder { path, _lock: lock };
    let state = match folder.read() {
        Ok(state) => state,
        Err(damage) => {
            tracing::warn!(folder = %folder.path.display(), %damage, "the name index is damaged: it is deleted and built again");
            State::default()
        }
    };
    // Deleted, not moved aside: a copy nobody looks after would keep names past their erasure.
    folder.tidy(&state)?;
    Ok((folder, state))
}

/// Deletes every index inside `dir`, of whatever generation, but the one to be kept.
pub(super) fn delete_others(dir: &Path, kept: Option<i64>) -> Result<(), NamesError> {
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

fn segment_file(number: u64) -> String {
    format!("{number:08}.segment")
}

fn dead_file(number: u64, commit: u64) -> String {
    format!("{number:08}-{commit}.dead")
}

impl Folder {
    /// Makes a state durable: its files first, then the manifest that names them, in one step.
    pub(super) fn write(&self, state: &mut State) -> Result<(), NamesError> {
        for live in &mut state.live {
            if !live.written {
                self.put(&segment_file(live.segment.number), &live.segment.write())?;
                live.written = true;
            }
            if !live.dead_written {
                live.dead_since = state.commit;
                self.put(&dead_file(live.segment.number, live.dead_since), &live.dead.write())?;
                live.dead_written = true;
            }
        }
        let mut manifest = Writer::default();
        manifest.number(state.commit);
        manifest.number(state.next);
        manifest.byte(u8::from(state.cursor.is_some()));
        manifest.text(state.cursor.as_deref().unwrap_or_default());
        manifest.number(state.live.len() as u64);
        for live in &state.live {
            manifest.number(live.segment.number);
            manifest.number(live.dead_since);
        }
        let fresh = "manifest.new";
        self.put(fresh, &manifest.finish())?;
        fs::rename(self.path.join(fresh), self.path.join(MANIFEST))?;
        File::open(&self.path)?.sync_all()?;
        self.tidy(state)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), NamesError> {
        let mut file = File::create(self.path.join(name))?;
        file.write_all(bytes)?;
        Ok(file.sync_all()?)
    }

    fn read(&self) -> Result<State, NamesError> {
        let path = self.path.join(MANIFEST);
        if !path.exists() {
            return Ok(State::default());
        }
        let bytes = fs::read(path)?;
        let mut manifest = Reader::checked(&bytes)?;
        let (commit, next) = (manifest.number()?, manifest.number()?);
        let has_cursor = manifest.byte()? != 0;
        let cursor = manifest.text()?;
        let mut state = State { commit, next, cursor: has_cursor.then(|| cursor.to_owned()), live: Vec::new() };
        for _ in 0..manifest.length()? {
            let (number, dead_since) = (manifest.number()?, manifest.number()?);
            let segment = Segment::read(number, &fs::read(self.path.join(segment_file(number)))?)?;
            let dead = match dead_since {
                0 => Dead::default(),
                since => Dead::read(&fs::read(self.path.join(dead_file(number, since)))?, segment.len())?,
            };
            state.live.push(Live { segment: Arc::new(segment), dead: Arc::new(dead), dead_since, written: true, dead_written: true });
        }
        Ok(state)
    }

    /// Deletes what a state does not need.
    fn tidy(&self, state: &State) -> Result<(), NamesError> {
        let mut needed: HashSet<OsString> = HashSet::from([LOCK.into()]);
        if state.commit > 0 {
            needed.insert(MANIFEST.into());
        }
        for live in &state.live {
            needed.insert(segment_file(live.segment.number).into());
            needed.insert(dead_file(live.segment.number, live.dead_since).into());
        }
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            if !needed.contains(&entry.file_name()) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}
