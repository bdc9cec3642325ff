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

/// What groups of letters stand for in the usual ways of writing Arabic, the scripts of South Asia, Cyrillic, Polish and Chinese in
/// Latin letters; longer ones first. Written from general knowledge of those ways.
const WRITTEN: [(&str, &str); 33] = [
    ("schtsch", "sx"),
    ("shch", "sx"),
    ("tsch", "x"),
    ("szcz", "sx"),
    ("sch", "s"),
    ("tch", "x"),
    ("dzh", "x"),
    ("sh", "s"),
    ("sz", "s"),
    ("ch", "x"),
    ("cz", "x"),
    ("hs", "s"),
    ("zh", "s"),
    ("dj", "x"),
    ("rz", "s"),
    ("ks", "ks"),
    ("x", "ks"),
    ("kh", ""),
    ("gh", "g"),
    ("dh", "d"),
    ("bh", "b"),
    ("th", "t"),
    ("ph", "f"),
    ("ck", "k"),
    ("ts", "c"),
    ("tz", "c"),
    ("q", "k"),
    ("w", "v"),
    ("z", "s"),
    ("c", "k"),
    ("j", ""),
    ("y", ""),
    ("h", ""),
];

/// The consonants of a part, as [`WRITTEN`] has them, and whether it begins with a vowel: in a number that no sound code has.
/// Fewer than three tell too little.
fn consonants(part: &str) -> u32 {
    let (mut code, mut count, mut last) = (1u32, 0, 0u8);
    let mut rest = part;
    while let Some(first) = rest.bytes().next() {
        let (length, sounds) = match WRITTEN.iter().find(|(written, _)| rest.starts_with(written)) {
            // Inside a word it is often not heard, and often not written.
            Some((breath @ ("h" | "kh"), _)) if rest.len() == part.len() => (breath.len(), "h"),
            Some((written, sounds)) => (written.len(), *sounds),
            None if matches!(first, b'a' | b'e' | b'i' | b'o' | b'u') => (1, ""),
            None => (1, &rest[..1]),
        };
        if sounds.is_empty() && rest.len() == part.len() {
            code = code << 5 | 31;
        }
        for sound in sounds.bytes().filter(|sound| *sound != last) {
            if count < LONGEST_CODE - 1 {
                code = code << 5 | u32::from(sound & 0x1f);
            }
            count += 1;
        }
        last = sounds.bytes().last().unwrap_or(0);
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
    code.bytes().fold(0, |all, byte| all << 5 | u32::from(byte & 0x1f))
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
        assert!(!Sounds::of("smith").alike(Sounds::of("jones")));
        assert!(!Sounds::of("lee").alike(Sounds::of("lee")), "too short to be evidence");
    }
}
