//! What a name sounds like: Double Metaphone codes (Lawrence Philips, "The Double Metaphone Search Algorithm", 2000), and beside
//! them its consonants as other alphabets have them, whichever way it was put into Latin letters.

use rphonetic::DoubleMetaphone;
use std::sync::LazyLock;

/// Letters of a code.
const LONGEST_CODE: usize = 6;

static ENCODER: LazyLock<DoubleMetaphone> = LazyLock::new(|| DoubleMetaphone::new(Some(LONGEST_CODE)));

/// The sound codes of a name part: one, or two where it may be said in two ways, and the one of its consonants; each in a number,
/// 0 for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sounds([u32; 3]);

impl Sounds {
    /// The codes of `part`; none for what is too short to tell anything by its sound.
    pub(crate) fn of(part: &str) -> Sounds {
        if part.len() < 3 || !part.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Sounds::default();
        }
        let result = ENCODER.double_metaphone(part);
        let mut codes = [0, 0, consonants(part)];
        let mut at = 0;
        for code in [result.primary(), result.alternate()].map(|code| pack(&code)) {
            if code != 0 && codes[0] != code {
                codes[at] = code;
                at += 1;
            }
        }
        Sounds(codes)
    }

    /// The codes, best first.
    pub(crate) fn codes(self) -> impl Iterator<Item = u32> {
        self.0.into_iter().filter(|code| *code != 0)
    }

    /// Whether both can be said alike.
    pub(crate) fn alike(self, other: Sounds) -> bool {
        self.codes().any(|code| other.0.contains(&code))
    }

    /// What of them is kept, in one number.
    pub(crate) fn pack(self) -> u64 {
        u64::from(self.0[1]) << 32 | u64::from(self.0[0])
    }

    /// The reverse of [`Sounds::pack`] for the part.
    pub(crate) fn unpack(packed: u64, part: &str) -> Sounds {
        let consonants = if part.bytes().all(|byte| byte.is_ascii_alphabetic()) { consonants(part) } else { 0 };
        Sounds([packed as u32, (packed >> 32) as u32, consonants])
    }
}

/// The letters l, m, n and r of a part in their order: they are heard wherever they stand, so that parts which sound alike have
/// the same. As many as its codes have for certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AlwaysHeard {
    /// Three bits a letter, the first one lowest.
    letters: u32,
    /// How many of those bits count.
    bits: u32,
    /// Whether these are all.
    all: bool,
}

impl AlwaysHeard {
    pub(crate) fn in_part(part: &str) -> AlwaysHeard {
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
    pub(crate) fn may_be(self, other: AlwaysHeard) -> bool {
        let both = (1 << self.bits.min(other.bits)) - 1;
        (self.letters ^ other.letters) & both == 0 && (!self.all || other.bits <= self.bits) && (!other.all || self.bits <= other.bits)
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
    use proptest::prelude::*;
    use rustc_hash::FxHashMap;

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

    fn may_be_alike(a: &str, b: &str) -> bool {
        AlwaysHeard::in_part(a).may_be(AlwaysHeard::in_part(b))
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
