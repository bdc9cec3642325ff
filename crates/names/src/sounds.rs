//! What a name sounds like: Double Metaphone codes (Lawrence Philips, "The Double Metaphone Search Algorithm", 2000), and beside
//! them its consonants as other alphabets have them, whichever way it was put into Latin letters.

use rphonetic::DoubleMetaphone;
use std::sync::LazyLock;

/// Letters of a code at most.
pub(crate) const LONGEST_CODE: usize = 6;

static ENCODER: LazyLock<DoubleMetaphone> = LazyLock::new(|| DoubleMetaphone::new(Some(LONGEST_CODE)));

/// The sound codes of a name part, each in a number, 0 for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sounds {
    pub(crate) said: Said,
    pub(crate) consonants: Consonants,
}

impl Sounds {
    /// The codes of `part`; none for what is too short to tell anything by its sound.
    pub(crate) fn of(part: &str) -> Sounds {
        Sounds { said: Said::of(part), consonants: Consonants::of(part) }
    }

    /// The codes, best first.
    pub(crate) fn codes(self) -> impl Iterator<Item = u32> {
        [self.said.0[0], self.said.0[1], self.consonants.0].into_iter().filter(|code| *code != 0)
    }

    /// Whether both can be said alike.
    pub(crate) fn alike(self, other: Sounds) -> bool {
        self.consonants.alike(other.consonants) || self.said.alike(other.said)
    }

    /// What of them is kept, in one number.
    pub(crate) fn pack(self) -> u64 {
        u64::from(self.said.0[1]) << 32 | u64::from(self.said.0[0])
    }

    /// The reverse of [`Sounds::pack`] for the part.
    pub(crate) fn unpack(packed: u64, part: &str) -> Sounds {
        Sounds { said: Said([packed as u32, (packed >> 32) as u32]), consonants: Consonants::of(part) }
    }
}

/// Whether a part tells anything by its sound.
fn is_heard(part: &str) -> bool {
    part.len() >= 3 && part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// The codes of the ways in which a part may be said: one, or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Said([u32; 2]);

impl Said {
    pub(crate) fn of(part: &str) -> Said {
        if !is_heard(part) {
            return Said::default();
        }
        let result = ENCODER.double_metaphone(part);
        let [first, second] = [result.primary(), result.alternate()].map(|code| pack(&code));
        Said(if first == 0 || first == second { [second, 0] } else { [first, second] })
    }

    pub(crate) fn alike(self, other: Said) -> bool {
        self.0.iter().any(|code| *code != 0 && other.0.contains(code))
    }
}

/// The code of a part's consonants as other alphabets have them, and whether it begins with a vowel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Consonants(u32);

impl Consonants {
    pub(crate) fn of(part: &str) -> Consonants {
        Consonants(if is_heard(part) { consonants(part) } else { 0 })
    }

    pub(crate) fn alike(self, other: Consonants) -> bool {
        self.0 != 0 && self.0 == other.0
    }
}

/// How many letters at the beginning of `rest` belong together, and the consonants they stand for in the usual ways of writing
/// Arabic, the scripts of South Asia, Cyrillic, Polish and Chinese in Latin letters; from general knowledge of those ways.
fn consonants_at(rest: &[u8]) -> (usize, &'static [u8]) {
    const LETTERS: &[u8; 26] = b"abcdefghijklmnopqrstuvwxyz";
    match rest {
        [b's', b'c', b'h', b't', b's', b'c', b'h', ..] => (7, b"sx"),
        [b's', b'h', b'c', b'h', ..] | [b's', b'z', b'c', b'z', ..] => (4, b"sx"),
        [b't', b's', b'c', b'h', ..] => (4, b"x"),
        [b't', b'c', b'h', ..] | [b'd', b'z', b'h', ..] => (3, b"x"),
        [b's', b'c', b'h', ..] => (3, b"s"),
        [b'c', b'h' | b'z', ..] | [b'd', b'j', ..] => (2, b"x"),
        [b's', b'h' | b'z', ..] | [b'z', b'h', ..] | [b'r', b'z', ..] | [b'h', b's', ..] => (2, b"s"),
        [b't', b's' | b'z', ..] => (2, b"c"),
        [b'k', b'h', ..] => (2, b""),
        [b'g', b'h', ..] => (2, b"g"),
        [b'd', b'h', ..] => (2, b"d"),
        [b'b', b'h', ..] => (2, b"b"),
        [b't', b'h', ..] => (2, b"t"),
        [b'p', b'h', ..] => (2, b"f"),
        [b'c', b'k', ..] => (2, b"k"),
        [b'x', ..] => (1, b"ks"),
        [b'c' | b'q', ..] => (1, b"k"),
        [b'w', ..] => (1, b"v"),
        [b'z', ..] => (1, b"s"),
        [b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'j' | b'h', ..] => (1, b""),
        [letter, ..] => (1, LETTERS.get(usize::from(letter.wrapping_sub(b'a'))).map_or(b"", std::slice::from_ref)),
        [] => (1, b""),
    }
}

/// The consonants of a part, and whether it begins with a vowel: in a number that no sound code is. Fewer than three tell too little.
fn consonants(part: &str) -> u32 {
    let (mut code, mut count, mut last) = (1u32, 0, 0u8);
    let mut rest = part.as_bytes();
    while !rest.is_empty() {
        let at_start = rest.len() == part.len();
        let (length, sounds) = match rest {
            // Inside a word it is often not heard, and often not written.
            [b'k', b'h', ..] if at_start => (2, b"h".as_slice()),
            [b'h', ..] if at_start => (1, b"h".as_slice()),
            rest => consonants_at(rest),
        };
        if at_start && sounds.is_empty() {
            code = code << 5 | 31;
        }
        for sound in sounds.iter().filter(|sound| **sound != last) {
            if count < LONGEST_CODE - 1 {
                code = code << 5 | u32::from(sound & 0x1f);
            }
            count += 1;
        }
        last = sounds.last().copied().unwrap_or(0);
        rest = &rest[length..];
    }
    if count < 3 { 0 } else { code | 1 << 31 }
}

/// A code of at most six letters in a number. One of a single letter ("Lee", "Leo", "Lou") puts together too much to be
/// evidence.
fn pack(code: &str) -> u32 {
    if !(2..=LONGEST_CODE).contains(&code.len()) {
        return 0;
    }
    // The "th" of a code is a 0, which has no number of its own among five bits; no code has a Z.
    let letter = |byte: u8| if byte == b'0' { b'Z' } else { byte };
    code.bytes().fold(0, |all, byte| all << 5 | u32::from(letter(byte) & 0x1f))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_writing_another_alphabet_come_to_the_same() {
        for (a, b) in [
            ("vasilyeva", "wasiljewa"),
            ("tchaikovsky", "chaikovskii"),
            ("lakshmi", "laxmi"),
            ("chaudhry", "chaudry"),
            ("khaled", "halid"),
            ("szymanski", "shimansky"),
            ("sukhwinder", "suhvinder"),
        ] {
            assert!(Sounds::of(a).alike(Sounds::of(b)), "{a} {b}");
            assert_eq!(consonants(a), consonants(b), "{a} {b}");
        }
        assert_ne!(consonants("vasilyeva"), consonants("basilyeva"));
        assert_eq!(consonants("ali"), 0);
    }

    #[test]
    fn telephone_spellings_sound_alike() {
        for (a, b) in [("stephen", "steven"), ("catherine", "kathryn"), ("smith", "smyth"), ("philips", "fillips")] {
            assert!(Sounds::of(a).alike(Sounds::of(b)), "{a} {b}");
            assert_eq!(Sounds::unpack(Sounds::of(a).pack(), a), Sounds::of(a));
        }
        for (a, b) in [("smith", "jones"), ("thalia", "bailey"), ("keith", "capp"), ("beth", "babb")] {
            assert!(!Sounds::of(a).alike(Sounds::of(b)), "{a} {b}");
        }
        assert!(!Sounds::of("lee").alike(Sounds::of("lee")), "too short to be evidence");
    }
}
