//! What is seen of a name part at a glance: enough to tell most parts that sound otherwise apart, and most that are more than one
//! edit away, before anything that takes longer is worked out.

use crate::{
    sounds::{Consonants, LONGEST_CODE, Said, Sounds},
    spelling::Letters,
};
use std::cell::OnceCell;

/// What is known so far of a part's letters and sounds; what takes longer is worked out when it is first asked for.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    pub(crate) letters: Letters,
    begins: Begins,
    always_heard: OnceCell<AlwaysHeard>,
    consonants: OnceCell<Consonants>,
    said: OnceCell<Said>,
}

impl Outline {
    pub(crate) fn of(part: &str) -> Outline {
        let (always_heard, consonants, said) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Outline { letters: Letters::of(part), begins: Begins::of(part), always_heard, consonants, said }
    }

    /// Of a part whose sounds are known.
    pub(crate) fn knowing(part: &str, sounds: Sounds) -> Outline {
        Outline { consonants: OnceCell::from(sounds.consonants), said: OnceCell::from(sounds.said), ..Outline::of(part) }
    }

    /// The sounds of `part`, whose outline this is.
    pub(crate) fn sounds(&self, part: &str) -> Sounds {
        Sounds { said: self.said(part), consonants: self.consonants(part) }
    }

    /// Whether `part`, whose outline this is, and the other one may have been heard as one another.
    pub(crate) fn sounds_like(&self, part: &str, other: &Outline, other_part: &str) -> bool {
        self.begins.may_be(other.begins)
            && self.letters.half_shared(other.letters)
            && self.always_heard(part).may_be(other.always_heard(other_part))
            && (self.consonants(part).alike(other.consonants(other_part)) || self.said(part).alike(other.said(other_part)))
    }

    fn always_heard(&self, part: &str) -> AlwaysHeard {
        *self.always_heard.get_or_init(|| AlwaysHeard::in_part(part))
    }

    fn consonants(&self, part: &str) -> Consonants {
        *self.consonants.get_or_init(|| Consonants::of(part))
    }

    fn said(&self, part: &str) -> Said {
        *self.said.get_or_init(|| Said::of(part))
    }
}

/// The sounds that a part may begin with, a bit for each group of those that letters of one kind may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Begins(u16);

impl Begins {
    fn of(part: &str) -> Begins {
        const VOWEL: u16 = 1;
        const P: u16 = 1 << 1;
        const K: u16 = 1 << 2;
        /// S, sh, ch, ts and the French J.
        const S: u16 = 1 << 3;
        const T: u16 = 1 << 4;
        const F: u16 = 1 << 5;
        const H: u16 = 1 << 6;
        const L: u16 = 1 << 7;
        const M: u16 = 1 << 8;
        const N: u16 = 1 << 9;
        const R: u16 = 1 << 10;
        let begins = match part.as_bytes() {
            // Too short to tell anything by its sound.
            [] | [_] | [_, _] => 0,
            [b'a' | b'e' | b'i' | b'o' | b'u' | b'y', ..] => VOWEL,
            [b'b', ..] => P,
            [b'c', ..] => K | S,
            [b'd', ..] => T | S,
            [b'f', ..] | [b'v', ..] => F,
            // Gail, Gemma, Gnaeus, and the Italian gl.
            [b'g', ..] => K | S | N | L,
            [b'h', b'a' | b'e' | b'i' | b'o' | b'u' | b'y', ..] => H,
            [b'j', ..] => S | VOWEL | H,
            [b'k', ..] => K | N | H,
            [b'l', ..] => L,
            [b'm', ..] => M,
            [b'n', ..] => N,
            [b'p', ..] => P | F | N | S,
            [b'q', ..] => K,
            [b'r', ..] => R | S,
            [b's', ..] => S,
            [b't', ..] => T | S,
            [b'w', b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h', ..] => VOWEL | F | T,
            [b'w', b'r', ..] => R | F,
            [b'x', ..] => S | K,
            [b'z', ..] => S | T,
            _ => u16::MAX,
        };
        Begins(begins)
    }

    fn may_be(self, other: Begins) -> bool {
        self.0 & other.0 != 0
    }
}

/// The letters l, m, n and r of a part in their order: they are heard wherever they stand, so that parts which sound alike have
/// the same. As many as its codes have for certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct AlwaysHeard {
    /// Three bits a letter, the first one lowest.
    letters: u32,
    /// How many of those bits count.
    bits: u32,
    /// Whether these are all.
    all: bool,
}

impl AlwaysHeard {
    fn in_part(part: &str) -> AlwaysHeard {
        let letters = part.as_bytes();
        let mut heard = AlwaysHeard { letters: 0, bits: 0, all: false };
        // A vowel at the start is in a code, and no letter is more than two sounds.
        let mut sounds = 1;
        for (at, letter) in letters.iter().enumerate() {
            let code = match letter {
                b'a' | b'e' | b'i' | b'o' | b'u' | b'y' => continue,
                b'l' => 1,
                b'm' => 2,
                b'n' => 3,
                b'r' => 4,
                letter => {
                    sounds += if matches!(letter, b'x' | b'z') { 2 } else { 1 };
                    continue;
                }
            };
            let before = &letters[..at];
            let is_doubled = before.last() == Some(letter);
            // As in Spanish -illa, Polish rz and French -ier; or counted otherwise beside a letter that stands for it, or thrice.
            let may_be_left_out = match &letters[at..] {
                [b'l', b'l', b'a' | b'o' | b'e', ..] | [b'r', b'z', ..] => true,
                [b'r'] if before.ends_with(b"ie") => true,
                [b'n', b'n', ..] if before.ends_with(b"g") => true,
                [b'r', b'r', ..] if before.ends_with(b"w") => true,
                [_, third, ..] if is_doubled && third == letter => true,
                _ => before.ends_with(b"sc"),
            };
            if sounds >= LONGEST_CODE || may_be_left_out {
                return heard;
            }
            if is_doubled {
                continue;
            }
            heard.letters |= code << heard.bits;
            heard.bits += 3;
            sounds += 1;
        }
        heard.all = true;
        heard
    }

    /// Whether the parts may sound alike.
    fn may_be(self, other: AlwaysHeard) -> bool {
        let both = (1 << self.bits.min(other.bits)) - 1;
        (self.letters ^ other.letters) & both == 0 && (!self.all || other.bits <= self.bits) && (!other.all || self.bits <= other.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rustc_hash::FxHashMap;

    fn may_be_alike(a: &str, b: &str) -> bool {
        AlwaysHeard::in_part(a).may_be(AlwaysHeard::in_part(b)) && Begins::of(a).may_be(Begins::of(b))
    }

    #[test]
    fn whatever_sounds_alike_may_be_alike() {
        let tables = [include_str!("../data/nicknames.tsv"), include_str!("../data/common-names.tsv")];
        let words = tables.iter().flat_map(|table| table.split_whitespace()).filter(|word| word.bytes().all(|b| b.is_ascii_lowercase()));
        let mut by_code: FxHashMap<u32, Vec<&str>> = FxHashMap::default();
        for word in words {
            for code in Sounds::of(word).codes() {
                by_code.entry(code).or_default().push(word);
            }
        }
        assert!(by_code.len() > 1_000);
        for words in by_code.values() {
            for word in words {
                assert!(may_be_alike(words[0], word), "{} {word}", words[0]);
            }
        }
        for (a, b) in [("robert", "albert"), ("smith", "jones"), ("kelly", "kerry")] {
            assert!(!may_be_alike(a, b), "{a} {b}");
        }
    }

    proptest! {
        /// Words of letters that codes leave out or change each other's meaning.
        #[test]
        fn so_does_whatever_is_put_into_it(word in "[a-z]{3,12}", vowels in "[aeiouy]{12}", at in 0usize..12, letter in "[hgwtksbpcdjxz]?") {
            let mut vowels = vowels.chars();
            let mut other: String =
                word.chars().map(|letter| if "aeiouy".contains(letter) { vowels.next().unwrap_or(letter) } else { letter }).collect();
            other.insert_str(at.min(other.len()), &letter);
            if Sounds::of(&word).alike(Sounds::of(&other)) {
                prop_assert!(may_be_alike(&word, &other), "{} {}", word, other);
            }
        }

        #[test]
        fn so_do_words_that_begin_otherwise(begins in "[a-z]{0,3}", otherwise in "[a-z]{0,3}", rest in "[a-z]{2,8}") {
            let (word, other) = (begins + &rest, otherwise + &rest);
            if Sounds::of(&word).alike(Sounds::of(&other)) {
                prop_assert!(may_be_alike(&word, &other), "{} {}", word, other);
            }
        }
    }
}
