//! The words within two edits of another, found by what is left of both when letters are taken out (after Garbe's symmetric
//! delete spelling correction, 2012, here over the first letters alone).

use crate::spelling::Pattern;

/// Letters at the beginning of a word that letters are taken out of.
const FIRST: usize = 6;
/// Most letters taken out of a word that is kept, so the most edits that can be asked for.
const MOST: usize = 2;
/// Words to a bucket, on average.
const TO_A_BUCKET: usize = 4;

/// Words by what is left of their beginnings, in buckets.
#[derive(Debug, Default)]
pub(super) struct Near {
    /// What a hash is shifted by to give a bucket.
    shift: u32,
    /// Where each bucket begins, and the end of the last.
    starts: Vec<u32>,
    numbers: Vec<u32>,
    /// By number: the letters that occur, and the length.
    letters: Vec<Letters>,
}

/// A bit for each letter that occurs in a word, one for all digits together, and above them its length, 31 at most.
#[derive(Debug, Clone, Copy)]
struct Letters(u32);

impl Letters {
    fn of(word: &str) -> Letters {
        let letter = |byte: u8| if byte.is_ascii_lowercase() { 1 << (byte - b'a') } else { 1 << 26 };
        Letters(word.bytes().fold((word.len().min(31) as u32) << 27, |all, byte| all | letter(byte)))
    }

    /// Whether the words can be so many edits apart: each takes at most one letter out and puts at most one in.
    fn can_be_within(self, other: Letters, edits: u32) -> bool {
        let alphabet = (1 << 27) - 1;
        let (gone, come) = (self.0 & !other.0 & alphabet, other.0 & !self.0 & alphabet);
        (self.0 >> 27).abs_diff(other.0 >> 27) <= edits && gone.count_ones() <= edits && come.count_ones() <= edits
    }
}

/// Calls `left` with what is left of the word's first letters when up to `most` of them are taken out, as a number; nothing left
/// is left out. Two words within so many edits have one in common: to make them the same, each edit takes at most a letter out
/// of each (of two that changed places, one), and what that takes out of one beginning more than of the other can be taken
/// from the end of the other.
fn each_left(word: &str, most: usize, mut left: impl FnMut(u64)) {
    let bytes = &word.as_bytes()[..word.len().min(FIRST)];
    let without = |first: usize, second: usize| {
        let kept = bytes.iter().enumerate().filter(|(at, _)| *at != first && *at != second);
        kept.fold(0u64, |key, (_, byte)| key << 8 | u64::from(*byte))
    };
    let none = bytes.len();
    let ones = if most >= 1 { 0..none } else { 0..0 };
    let twos = if most >= 2 { 0..none } else { 0..0 };
    let all = std::iter::once((none, none)).chain(ones.map(|first| (first, none)));
    let all = all.chain(twos.flat_map(|first| (first + 1..none).map(move |second| (first, second))));
    all.map(|(first, second)| without(first, second)).filter(|key| *key != 0).for_each(&mut left);
}

impl Near {
    /// Of words by their numbers.
    pub(super) fn of<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Near {
        let mut keys: Vec<u64> = Vec::with_capacity(22);
        let mut each_key = |word: &str, body: &mut dyn FnMut(u64)| {
            keys.clear();
            each_left(word, MOST, |key| keys.push(key));
            keys.sort_unstable();
            keys.dedup();
            keys.iter().for_each(|key| body(*key));
        };
        let mut count = 0usize;
        words.clone().for_each(|word| each_key(word, &mut |_| count += 1));
        let bits = (count / TO_A_BUCKET).next_power_of_two().trailing_zeros().max(1);
        let mut near = Near { shift: 64 - bits, starts: vec![0; (1 << bits) + 2], numbers: vec![0; count], letters: Vec::new() };
        let shift = near.shift;
        words.clone().for_each(|word| each_key(word, &mut |key| near.starts[bucket(key, shift) + 2] += 1));
        for at in 2..near.starts.len() {
            near.starts[at] += near.starts[at - 1];
        }
        for (number, word) in (0..).zip(words) {
            near.letters.push(Letters::of(word));
            each_key(word, &mut |key| {
                let end = &mut near.starts[bucket(key, shift) + 1];
                near.numbers[*end as usize] = number;
                *end += 1;
            });
        }
        near.starts.pop();
        near
    }

    /// The numbers of all words that may be at most `most` edits (2 at most, and fewer than it has letters) from the pattern,
    /// and of some that are not; each once, in order.
    pub(super) fn candidates(&self, pattern: &Pattern, most: u8) -> Vec<u32> {
        let mut candidates = Vec::new();
        if self.numbers.is_empty() {
            return candidates;
        }
        let asked = Letters::of(pattern.text());
        each_left(pattern.text(), usize::from(most).min(MOST), |key| {
            let at = bucket(key, self.shift);
            let numbers = &self.numbers[self.starts[at] as usize..self.starts[at + 1] as usize];
            candidates.extend(numbers.iter().filter(|number| asked.can_be_within(self.letters[**number as usize], u32::from(most))));
        });
        candidates.sort_unstable();
        candidates.dedup();
        candidates
    }
}

fn bucket(key: u64, shift: u32) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> shift) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nobody_near_is_left_out(words in prop::collection::vec("[a-d]{1,9}", 1..40), asked in "[a-d]{3,9}", most in 0u8..=2) {
            let (near, pattern) = (Near::of(words.iter().map(String::as_str)), Pattern::new(&asked));
            let candidates = near.candidates(&pattern, most);
            prop_assert!(candidates.is_sorted_by(|a, b| a < b));
            for (number, word) in (0..).zip(&words) {
                if pattern.edits(word, most).is_some() {
                    prop_assert!(candidates.contains(&number), "{} {}", asked, word);
                }
            }
        }
    }

    #[test]
    fn most_others_are_left_out() {
        let near = Near::of(["smith", "smyth", "jones", "smithson", "wilkinson"].into_iter());
        assert_eq!(near.candidates(&Pattern::new("smith"), 1), [0, 1]);
        assert!(near.candidates(&Pattern::new("xqzvk"), 2).is_empty());
    }
}
