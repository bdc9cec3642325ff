//! The distinct name parts of a segment, in order, and ways to find those that are spelled or said alike.

use super::{
    bytes::{Reader, Writer},
    near::Near,
    packed::Packed,
};
use crate::{NamesError, sounds::Sounds, spelling::Pattern};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// The parts of a segment; each is known by its number, its place in the order of the alphabet.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    texts: String,
    starts: Vec<u32>,
    sounds: Vec<Sounds>,
    near: Near,
    /// Sound codes and the numbers of the parts that have them, in order.
    by_sound: Vec<(u32, u32)>,
    /// Numbers in the order of the parts read backwards.
    by_ending: Vec<u32>,
    /// Numbers by the hash of the part, and whether two parts have the same.
    by_hash: FxHashMap<u64, u32>,
    collided: bool,
}

/// A hash of a word.
fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

impl Vocabulary {
    /// Of parts in order, each once, with their sounds.
    pub(crate) fn of<'a>(parts: impl Iterator<Item = (&'a str, Sounds)>) -> Vocabulary {
        let mut vocabulary = Vocabulary { starts: vec![0], ..Vocabulary::default() };
        for (text, sounds) in parts {
            vocabulary.texts.push_str(text);
            vocabulary.starts.push(vocabulary.texts.len() as u32);
            vocabulary.sounds.push(sounds);
        }
        vocabulary.prepare();
        vocabulary
    }

    fn prepare(&mut self) {
        let numbers = 0..self.len() as u32;
        self.near = Near::of(numbers.clone().map(|number| self.text(number)));
        self.by_sound = numbers.flat_map(|number| self.sounds[number as usize].codes().map(move |code| (code, number))).collect();
        self.by_sound.sort_unstable();
        let mut by_ending: Vec<u32> = (0..self.len() as u32).collect();
        by_ending.sort_unstable_by(|a, b| self.text(*a).bytes().rev().cmp(self.text(*b).bytes().rev()));
        self.by_ending = by_ending;
        self.by_hash = (0..self.len() as u32).map(|number| (hash(self.text(number)), number)).collect();
        self.collided = self.by_hash.len() < self.len();
    }

    pub(crate) fn len(&self) -> usize {
        self.sounds.len()
    }

    #[inline]
    pub(crate) fn text(&self, number: u32) -> &str {
        let at = number as usize;
        &self.texts[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    pub(crate) fn sounds(&self, number: u32) -> Sounds {
        self.sounds[number as usize]
    }

    /// The number of a part.
    pub(crate) fn number(&self, text: &str) -> Option<u32> {
        let at = match self.by_hash.get(&hash(text)) {
            None => return None,
            Some(at) if !self.collided => *at,
            Some(_) => self.first_from(text),
        };
        (at < self.len() as u32 && self.text(at) == text).then_some(at)
    }

    /// The number of the first part that does not come before `text`.
    fn first_from(&self, text: &str) -> u32 {
        let (mut low, mut high) = (0, self.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.text(middle) < text { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// The numbers of the parts that begin with `text`, which is not empty.
    pub(crate) fn beginning_with(&self, text: &str) -> std::ops::Range<u32> {
        let low = self.first_from(text);
        let mut after = text.as_bytes().to_vec();
        // Parts are plain letters and digits, so that the next letter is always one too.
        if let Some(last) = after.last_mut() {
            *last += 1;
        }
        let high = std::str::from_utf8(&after).map_or(self.len() as u32, |after| self.first_from(after));
        low..high
    }

    /// The numbers of the parts that end with `text`.
    pub(crate) fn ending_with(&self, text: &str) -> &[u32] {
        let backwards = |number: &u32| self.text(*number).bytes().rev();
        let from = self.by_ending.partition_point(|number| backwards(number).lt(text.bytes().rev()));
        let length = self.by_ending[from..].partition_point(|number| self.text(*number).ends_with(text));
        &self.by_ending[from..from + length]
    }

    /// Calls `found` with the parts at most `most` edits (2 at most, and fewer than it has letters) from the pattern, and with how
    /// many they are.
    pub(crate) fn each_within(&self, pattern: &Pattern, most: u8, mut found: impl FnMut(u32, u8)) {
        for number in self.near.candidates(pattern, most) {
            if let Some(edits) = pattern.edits(self.text(number), most) {
                found(number, edits);
            }
        }
    }

    /// The numbers of the parts that have this sound code.
    pub(crate) fn sounding(&self, code: u32) -> impl Iterator<Item = u32> + '_ {
        let from = self.by_sound.partition_point(|(other, _)| *other < code);
        self.by_sound[from..].iter().take_while(move |(other, _)| *other == code).map(|(_, number)| *number)
    }

    pub(crate) fn write(&self, to: &mut Writer) {
        to.text(&self.texts);
        Packed::of(self.starts.windows(2).map(|pair| u64::from(pair[1] - pair[0]))).write(to);
        Packed::of(self.sounds.iter().map(|sounds| sounds.pack())).write(to);
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Vocabulary, NamesError> {
        let texts = from.text()?.to_owned();
        let lengths = Packed::read(from)?;
        let packed = Packed::read(from)?;
        let mut starts = vec![0u32];
        let mut end = 0u64;
        for length in lengths.iter() {
            end = end.saturating_add(length);
            starts.push(u32::try_from(end).unwrap_or(u32::MAX));
        }
        let whole = end == texts.len() as u64 && starts.len() == packed.len() + 1 && texts.is_ascii();
        if !whole {
            return Err(NamesError::Damaged("a vocabulary whose parts do not fit"));
        }
        let parts = starts.windows(2).map(|pair| &texts[pair[0] as usize..pair[1] as usize]);
        let sounds: Vec<Sounds> = packed.iter().zip(parts).map(|(packed, part)| Sounds::unpack(packed, part)).collect();
        let mut vocabulary = Vocabulary { texts, starts, sounds, ..Vocabulary::default() };
        vocabulary.prepare();
        Ok(vocabulary)
    }
}
