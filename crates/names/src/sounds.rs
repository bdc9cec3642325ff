//! What a name sounds like: Double Metaphone codes (Lawrence Philips, "The Double Metaphone Search Algorithm", 2000).

use rphonetic::DoubleMetaphone;
use std::sync::LazyLock;

/// Letters of a code.
const LONGEST_CODE: usize = 6;

static ENCODER: LazyLock<DoubleMetaphone> = LazyLock::new(|| DoubleMetaphone::new(Some(LONGEST_CODE)));

/// The sound codes of a name part: one, or two where it may be said in two ways; each in a number, 0 for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sounds([u32; 2]);

impl Sounds {
    /// The codes of `part`; none for what is too short to tell anything by its sound.
    pub(crate) fn of(part: &str) -> Sounds {
        if part.len() < 3 || !part.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Sounds::default();
        }
        let result = ENCODER.double_metaphone(part);
        let mut codes = [0; 2];
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

    /// Both codes in one number.
    pub(crate) fn pack(self) -> u64 {
        u64::from(self.0[1]) << 32 | u64::from(self.0[0])
    }

    /// The reverse of [`Sounds::pack`].
    pub(crate) fn unpack(packed: u64) -> Sounds {
        Sounds([packed as u32, (packed >> 32) as u32])
    }
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
    fn telephone_spellings_sound_alike() {
        for (a, b) in [("stephen", "steven"), ("catherine", "kathryn"), ("smith", "smyth"), ("philips", "fillips")] {
            assert!(Sounds::of(a).alike(Sounds::of(b)), "{a} {b}");
            assert_eq!(Sounds::unpack(Sounds::of(a).pack()), Sounds::of(a));
        }
        assert!(!Sounds::of("smith").alike(Sounds::of("jones")));
        assert!(!Sounds::of("lee").alike(Sounds::of("lee")), "too short to be evidence");
    }
}
