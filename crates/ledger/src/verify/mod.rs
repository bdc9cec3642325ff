//! The offline verifier: reads an export and says that everything fits, or names the first leaf that does not. What it
//! reads may be anything: it never panics, and holds little more than one checkpoint's rows and the numbers of all.

mod finding;
mod keys;
mod range;

pub use finding::{Finding, Report, Wrong};

use crate::{
    Checkpoint, Frontier, Row,
    export::{FORMAT, Leaf, Line},
    from_base64,
    key::PublicKey,
    leaf::{ERASES, row_id},
    note::Note,
};
use keys::Keys;
use model::{Timestamp, Uuid};
use std::{
    collections::{HashMap, HashSet},
    io::{BufRead, Read},
};

/// The longest line that is read.
const LONGEST: u64 = 64 << 20;
/// A row may be that much older than the checkpoint before it; one that is older was perhaps added afterwards.
const BACK_DATED_SECONDS: i64 = 600;

/// What the export is compared with.
#[derive(Debug, Clone, Default)]
pub struct Expect {
    /// Checkpoints held elsewhere, as signed notes.
    pub held: Vec<Note>,
    /// A key held elsewhere.
    pub trusted: Option<PublicKey>,
}

/// Verifies an export.
///
/// # Errors
/// The first leaf, checkpoint or key that does not fit.
pub fn verify(mut export: impl BufRead, expect: &Expect) -> Result<Report, Finding> {
    let mut verifier = Verifier::new(expect)?;
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let read = (&mut export).take(LONGEST).read_until(b'\n', &mut line);
        let read = read.map_err(|error| verifier.file(format!("line {number} cannot be read: {error}")))?;
        if read == 0 || line.last() != Some(&b'\n') {
            return Err(verifier.file("it ends before its last line: the export was cut short"));
        }
        match serde_json::from_slice::<Line>(&line) {
            Ok(Line::End) => break,
            Ok(parsed) => verifier.take(parsed, number)?,
            Err(error) => {
                // A row whose values are none of a row's is a row that was changed; anything else is no export.
                let row = line.starts_with(b"{\"kind\":\"row\"");
                return Err(if row { verifier.unreadable() } else { verifier.file(format!("line {number}: {error}")) });
            }
        }
    }
    verifier.finish()
}

struct Open {
    note: Note,
    checkpoint: Checkpoint,
    leaves: Vec<Leaf>,
    rows: Vec<Row>,
}

struct Verifier<'a> {
    expect: &'a Expect,
    held: Vec<Checkpoint>,
    origin: Option<String>,
    keys: Keys,
    frontier: Frontier,
    sealed: HashSet<i64>,
    /// Position and number of rows whose payload is erased, until an entry says so; by the id that the entry names.
    erased: HashMap<Uuid, (u64, i64)>,
    entries: HashSet<Uuid>,
    pending: HashSet<Uuid>,
    /// The checkpoint whose rows are being read.
    open: Option<Open>,
    last: Option<Checkpoint>,
    /// Everything below this position is under a checkpoint that fits, signed by a key that proves it.
    proven: u64,
    checkpoints: u64,
    unsealed: u64,
    erasures: u64,
    back_dated: u64,
    first_back_dated: Option<i64>,
}

impl<'a> Verifier<'a> {
    fn new(expect: &'a Expect) -> Result<Self, Finding> {
        let mut held = Vec::new();
        for note in &expect.held {
            held.push(Checkpoint::of(note).ok_or_else(|| Finding {
                wrong: Wrong::NotTheHeld,
                position: 0,
                until: 0,
                seq: None,
                detail: "what is held elsewhere is no checkpoint".to_owned(),
            })?);
        }
        held.sort_by_key(|checkpoint| checkpoint.size);
        Ok(Self {
            expect,
            held,
            origin: None,
            keys: Keys::default(),
            frontier: Frontier::default(),
            sealed: HashSet::new(),
            erased: HashMap::new(),
            entries: HashSet::new(),
            pending: HashSet::new(),
            open: None,
            last: None,
            proven: 0,
            checkpoints: 0,
            unsealed: 0,
            erasures: 0,
            back_dated: 0,
            first_back_dated: None,
        })
    }

    fn finding(&self, wrong: Wrong, detail: impl Into<String>) -> Finding {
        let position = self.frontier.size();
        Finding { wrong, position, until: position, seq: None, detail: detail.into() }
    }

    fn file(&self, detail: impl Into<String>) -> Finding {
        self.finding(Wrong::File, detail)
    }

    /// The row that comes next cannot be read.
    fn unreadable(&self) -> Finding {
        let read = self.open.as_ref().map_or(0, |open| open.rows.len());
        let seq = self.open.as_ref().and_then(|open| open.leaves.get(read)).map(|leaf| leaf.seq);
        let position = self.frontier.size() + read as u64;
        Finding { wrong: Wrong::Mutated, position, until: position, seq, detail: "its values are none of a row's".to_owned() }
    }

    fn take(&mut self, line: Line, number: u64) -> Result<(), Finding> {
        match (line, &self.origin) {
            (Line::Ledger { format, origin }, None) if number == 1 => {
                if format != FORMAT {
                    return Err(self.file(format!("format {format} is not {FORMAT}: use the Beacon that wrote it")));
                }
                self.origin = Some(origin);
                Ok(())
            }
            (Line::Key { public_key, from_size, at, statement }, Some(origin)) if self.checkpoints == 0 && self.open.is_none() => {
                self.keys.add(origin, &public_key, from_size, &at, statement.as_deref())
            }
            (Line::Checkpoint { note, leaves }, Some(_)) if self.unsealed == 0 => {
                self.close()?;
                self.open(&note, &leaves)
            }
            (Line::Row(row), Some(_)) => match &mut self.open {
                // Rows beyond its leaves are told when it is closed; a few are enough for that.
                Some(open) if open.rows.len() > open.leaves.len() => Ok(()),
                Some(open) => {
                    open.rows.push(*row);
                    Ok(())
                }
                None => Err(self.file(format!("line {number}: a row without its checkpoint"))),
            },
            (Line::Unsealed { under, row }, Some(_)) => {
                self.close()?;
                self.unsealed(under, &row)
            }
            _ => Err(self.file(format!("line {number} does not belong here"))),
        }
    }

    /// A checkpoint begins: what it states must follow the one before.
    fn open(&mut self, note: &str, leaves: &str) -> Result<(), Finding> {
        let wrong = |detail: &str| self.finding(Wrong::Checkpoint, detail);
        let note = Note::parse(note).ok_or_else(|| wrong("its note cannot be read"))?;
        let checkpoint = Checkpoint::of(&note).ok_or_else(|| wrong("its note is no checkpoint"))?;
        let leaves = from_base64(leaves).and_then(|bytes| Leaf::unpack(&bytes)).ok_or_else(|| wrong("its leaves cannot be read"))?;
        if Some(&checkpoint.origin) != self.origin.as_ref() {
            return Err(wrong("it is another ledger's"));
        }
        self.open = Some(Open { note, checkpoint, leaves, rows: Vec::new() });
        Ok(())
    }

    /// A checkpoint ends: its rows must give its leaves, its leaves its root, and the key in force must have signed it.
    fn close(&mut self) -> Result<(), Finding> {
        let Some(Open { note, checkpoint, leaves, rows }) = self.open.take() else { return Ok(()) };
        let before = self.frontier.size();
        range::compare(before, &leaves, &rows)?;
        for (leaf, row) in leaves.iter().zip(&rows) {
            self.seal(leaf, row)?;
        }
        let until = self.frontier.size().saturating_sub(1);
        let first = leaves.first().map(|leaf| leaf.seq);
        let finding = |wrong, detail: String| Finding { wrong, position: before, until, seq: first, detail };
        if self.frontier.size() != checkpoint.size || self.frontier.root() != checkpoint.root {
            let detail = format!("the checkpoint of {} rows at {} says otherwise", checkpoint.size, checkpoint.time);
            return Err(finding(Wrong::Root, detail));
        }
        let signed = self.keys.in_force(checkpoint.size).is_some_and(|key| note.is_signed_by(&checkpoint.origin, key));
        if !signed {
            return Err(finding(Wrong::Signature, format!("the checkpoint of {} rows at {}", checkpoint.size, checkpoint.time)));
        }
        if self.keys.proves(checkpoint.size, self.expect.trusted.as_ref()) {
            self.proven = checkpoint.size;
        }
        self.last = Some(checkpoint);
        self.checkpoints += 1;
        Ok(())
    }

    /// One more leaf of the tree, whose row fits it.
    fn seal(&mut self, leaf: &Leaf, row: &Row) -> Result<(), Finding> {
        let position = self.frontier.size();
        if !self.sealed.insert(row.seq) {
            return Err(Finding { wrong: Wrong::SealedTwice, position, until: position, seq: Some(row.seq), detail: String::new() });
        }
        if row.is_erased() {
            if row.action == ERASES {
                let detail = "what an erasure itself says is never erased".to_owned();
                return Err(Finding { wrong: Wrong::ErasedWithoutEntry, position, until: position, seq: Some(row.seq), detail });
            }
            self.erased.insert(row_id(row.seq), (position, row.seq));
            self.erasures += 1;
        }
        self.entries.extend(erases(row));
        let limit = self.last.as_ref().map(|last| last.time.plus_seconds(-BACK_DATED_SECONDS));
        if let (Some(limit), Ok(at)) = (limit, row.at.parse::<Timestamp>())
            && at < limit
        {
            self.back_dated += 1;
            self.first_back_dated.get_or_insert(row.seq);
        }
        self.frontier.push(leaf.hash);
        self.compare_held()
    }

    /// Where a checkpoint held elsewhere was made, its root must be ours.
    fn compare_held(&self) -> Result<(), Finding> {
        let size = self.frontier.size();
        let from = self.held.partition_point(|held| held.size < size);
        for held in self.held[from..].iter().take_while(|held| held.size == size) {
            if held.root != self.frontier.root() {
                let position = self.proven.min(size - 1);
                let detail = format!("the one of {size} rows at {}", held.time);
                return Err(Finding { wrong: Wrong::NotTheHeld, position, until: size - 1, seq: None, detail });
            }
        }
        Ok(())
    }

    fn unsealed(&mut self, under: bool, row: &Row) -> Result<(), Finding> {
        if under || self.sealed.contains(&row.seq) {
            return Err(Finding { seq: Some(row.seq), ..self.finding(Wrong::Inserted, "") });
        }
        self.unsealed += 1;
        self.pending.extend(erases(row));
        Ok(())
    }

    fn finish(mut self) -> Result<Report, Finding> {
        self.close()?;
        let Some(origin) = self.origin.clone() else { return Err(self.file("it is empty")) };
        let size = self.frontier.size();
        // What a key that proves nothing has signed may be wrong anywhere.
        let unproven = |finding: Finding| Finding { position: self.proven, until: size.saturating_sub(1).max(self.proven), ..finding };
        let mut warnings = self.keys.settle(self.expect.trusted.as_ref()).map_err(unproven)?;
        for (note, held) in self.expect.held.iter().filter_map(|note| Some((note, Checkpoint::of(note)?))) {
            if held.origin != origin {
                return Err(self.finding(Wrong::NotTheHeld, format!("that is of {}", held.origin)));
            }
            if !self.keys.any(|key| note.is_signed_by(&origin, key)) {
                return Err(unproven(self.finding(Wrong::Key, "no key of this ledger has signed the checkpoint held elsewhere")));
            }
            if held.size > size {
                return Err(self.finding(Wrong::Older, format!("that one has {} rows, of {}", held.size, held.time)));
            }
        }
        let unsaid = self.erased.iter().filter(|(id, _)| !self.entries.contains(id));
        let (waiting, unsaid): (Vec<_>, Vec<_>) = unsaid.partition(|(id, _)| self.pending.contains(id));
        if let Some((position, seq)) = unsaid.into_iter().map(|(_, at)| *at).min() {
            return Err(Finding { wrong: Wrong::ErasedWithoutEntry, position, until: position, seq: Some(seq), detail: String::new() });
        }
        if !waiting.is_empty() {
            warnings.push(format!("{} payloads are erased by entries that are not sealed yet: export again", waiting.len()));
        }
        if let Some(seq) = self.first_back_dated {
            warnings.push(format!(
                "{} rows are more than ten minutes older than the checkpoint before them, row {seq} first: added afterwards, or a clock was wrong",
                self.back_dated
            ));
        }
        Ok(Report {
            origin,
            rows: size,
            unsealed: self.unsealed,
            checkpoints: self.checkpoints,
            keys: self.keys.len() as u64,
            erased: self.erasures,
            held: self.held.len() as u64,
            last: self.last,
            warnings,
        })
    }
}

/// The rows whose payload this one says was erased.
fn erases(row: &Row) -> Vec<Uuid> {
    let says = row.action == ERASES && row.outcome == "granted";
    if says { serde_json::from_str(&row.records).unwrap_or_default() } else { Vec::new() }
}
