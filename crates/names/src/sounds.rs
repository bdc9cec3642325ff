//! What a name sounds like: Double Metaphone codes (Lawrence Philips, "The Double Metaphone Search Algorithm", 2000).

use rphonetic::DoubleMetaphone;
use std::sync::LazyLock;

static ENCODER: LazyLock<DoubleMetaphone> = LazyLock::new(|| DoubleMetaphone::new(Some(6)));

/// The sound codes of a name part: one, or two where it may be said in two ways.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sounds(Vec<String>);

impl Sounds {
    /// The codes of `part`; none for what is too short to tell anything by its sound.
    pub(crate) fn of(part: &str) -> Sounds {
        // A code of one letter ("Lee", "Leo", "Lou") puts together too much to be evidence.
        let telling = |code: &String| code.len() >= 2;
        if part.len() < 3 || !part.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Sounds::default();
        }
        let result = ENCODER.double_metaphone(part);
        let mut codes: Vec<String> = [result.primary(), result.alternate()].into_iter().filter(telling).collect();
        codes.dedup();
        Sounds(codes)
    }

    /// The codes, best first.
    pub(crate) fn codes(&self) -> &[String] {
        &self.0
    }

    /// Whether both can be said alike.
    pub(crate) fn alike(&self, other: &Sounds) -> bool {
        self.0.iter().any(|code| other.0.contains(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_spellings_sound_alike() {
        for (a, b) in [("stephen", "steven"), ("catherine", "kathryn"), ("smith", "smyth"), ("philips", "fillips")] {
            assert!(Sounds::of(a).alike(&Sounds::of(b)), "{a} {b}");
        }
        assert!(!Sounds::of("smith").alike(&Sounds::of("jones")));
        assert!(!Sounds::of("lee").alike(&Sounds::of("lee")), "too short to be evidence");
    }
}
