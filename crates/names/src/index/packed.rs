//! Columns of whole numbers in as few bits as each stretch of them needs, with any one of them at hand.

use super::bytes::{Reader, Writer};
use crate::NamesError;

/// Values that share a base and a width.
const STRETCH: usize = 128;

#[derive(Debug, Clone, Copy)]
struct Stretch {
    base: u64,
    width: u8,
    /// Where its bits begin, in words.
    at: u32,
}

/// A column of numbers.
#[derive(Debug, Default)]
pub(crate) struct Packed {
    len: usize,
    stretches: Vec<Stretch>,
    words: Vec<u64>,
}

impl Packed {
    pub(crate) fn of(values: impl IntoIterator<Item = u64>) -> Packed {
        let mut packed = Packed::default();
        let mut stretch = Vec::with_capacity(STRETCH);
        for value in values {
            stretch.push(value);
            if stretch.len() == STRETCH {
                packed.add(&stretch);
                stretch.clear();
            }
        }
        packed.add(&stretch);
        packed
    }

    fn add(&mut self, values: &[u64]) {
        let (Some(base), Some(most)) = (values.iter().min().copied(), values.iter().max()) else { return };
        let width = (64 - (most - base).leading_zeros()) as u8;
        self.stretches.push(Stretch { base, width, at: self.words.len() as u32 });
        self.len += values.len();
        if width == 0 {
            return;
        }
        let (mut word, mut filled) = (0u64, 0u32);
        for value in values {
            let value = value - base;
            word |= value << filled;
            let room = 64 - filled;
            if u32::from(width) >= room {
                self.words.push(word);
                word = if room == 64 { 0 } else { value >> room };
                filled = u32::from(width) - room;
            } else {
                filled += u32::from(width);
            }
        }
        if filled > 0 {
            self.words.push(word);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The value at `at`, which is below [`Packed::len`].
    pub(crate) fn get(&self, at: usize) -> u64 {
        let stretch = self.stretches[at / STRETCH];
        if stretch.width == 0 {
            return stretch.base;
        }
        let bit = at % STRETCH * usize::from(stretch.width);
        let (word, shift) = (stretch.at as usize + bit / 64, bit % 64);
        let mut value = self.words[word] >> shift;
        if shift + usize::from(stretch.width) > 64 {
            value |= self.words[word + 1] << (64 - shift);
        }
        stretch.base + (value & (u64::MAX >> (64 - stretch.width)))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        (0..self.len).map(|at| self.get(at))
    }

    pub(crate) fn write(&self, to: &mut Writer) {
        to.number(self.len as u64);
        for stretch in &self.stretches {
            to.byte(stretch.width);
            to.number(stretch.base);
        }
        to.words(&self.words);
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Packed, NamesError> {
        let len = from.length()?;
        let mut stretches = Vec::new();
        let mut at = 0;
        for first in (0..len).step_by(STRETCH) {
            let width = from.byte()?;
            let base = from.number()?;
            if width > 64 {
                return Err(NamesError::Damaged("a column wider than a number"));
            }
            stretches.push(Stretch { base, width, at: at as u32 });
            at += (STRETCH.min(len - first) * usize::from(width)).div_ceil(64);
        }
        let words = from.words()?;
        if words.len() != at {
            return Err(NamesError::Damaged("a column of the wrong length"));
        }
        Ok(Packed { len, stretches, words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn gives_back_what_was_put_in(values in prop::collection::vec(prop_oneof![any::<u64>(), 0u64..1_000, Just(7u64)], 0..700)) {
            let packed = Packed::of(values.iter().copied());
            let mut writer = Writer::default();
            packed.write(&mut writer);
            let bytes = writer.finish();
            let mut reader = Reader::checked(&bytes).unwrap();
            let packed = Packed::read(&mut reader).unwrap();
            prop_assert_eq!(packed.len(), values.len());
            prop_assert_eq!(packed.iter().collect::<Vec<_>>(), values);
        }
    }
}
