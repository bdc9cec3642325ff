//! Human references such as `ASB-2026-K7Q4M-T`: random, because a counter would tell how much is hidden, with a
//! check character, because they are read out over the telephone.

use serde::{Deserialize, Deserializer, Serialize};
use std::{fmt, str::FromStr};

/// Digits and letters that are not taken for each other: no 0/O, 1/I/L, 2/Z, U/V. Their number is prime, which the
/// check character needs.
const ALPHABET: &[u8; 29] = b"23456789ABCDEFGHJKMNPQRSTVWXY";

/// A checked reference: kind (`ASB` incident, `INT` intake), year, random part, check character.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[schema(value_type = String, example = "ASB-2026-K7Q4M-T")]
pub struct Reference(String);

/// Why a text is not a [`Reference`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a reference: it looks like ASB-2026-K7Q4M-T, and its last character checks the others")]
pub struct NotAReference;

impl Reference {
    /// The prefix of incident references.
    pub const INCIDENT: &str = "ASB";
    /// The prefix of intake references.
    pub const INTAKE: &str = "INT";

    /// A random reference with `length` random symbols (5 ordinarily; more once those run short).
    pub fn random(kind: &str, year: i16, length: usize) -> Self {
        Self::of(kind, year, crate::entropy::bytes::<16>().into_iter().take(length))
    }

    /// A reference of an incident that comes with many others from another source: seven symbols, so that the short ones
    /// stay for what officers read out, of which three are the same for ids that begin alike. A database then writes few
    /// pages for many of them.
    pub fn of_many(year: i16, id: uuid::Uuid) -> Self {
        let [a, b, c, d] = [0, 1, 2, 3].map(|at| id.as_bytes()[at]);
        let shared = [b ^ c, d, a.wrapping_add(b).wrapping_add(c)];
        Self::of(Self::INCIDENT, year, shared.into_iter().chain(crate::entropy::bytes::<4>()))
    }

    fn of(kind: &str, year: i16, symbols: impl Iterator<Item = u8>) -> Self {
        let symbols: String = symbols.map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()])).collect();
        let body = format!("{kind}-{year:04}-{symbols}");
        let check = check_character(&body);
        Self(format!("{body}-{check}"))
    }

    /// Whether it is that of an intake.
    pub fn is_intake(&self) -> bool {
        self.0.starts_with(Self::INTAKE)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Weighted sum modulo 29: any one wrong character and any two neighbours swapped change it, because 29 is prime and
/// no weight and no difference of neighbouring weights is a multiple of it.
fn check_character(body: &str) -> char {
    let sum: usize =
        body.bytes().filter(|byte| *byte != b'-').enumerate().map(|(place, byte)| (place + 1) * (symbol_value(byte) + 1)).sum();
    char::from(ALPHABET[sum % 29])
}

fn symbol_value(byte: u8) -> usize {
    ALPHABET.iter().position(|symbol| *symbol == byte).unwrap_or(usize::from(byte % 29))
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Reference {
    type Err = NotAReference;
    fn from_str(text: &str) -> Result<Self, NotAReference> {
        let text = text.trim().to_ascii_uppercase();
        let parts: Vec<&str> = text.split('-').collect();
        let [kind, year, random, check] = parts[..] else { return Err(NotAReference) };
        let sound = matches!(kind, Self::INCIDENT | Self::INTAKE)
            && year.len() == 4
            && year.bytes().all(|b| b.is_ascii_digit())
            && (5..=10).contains(&random.len())
            && random.bytes().all(|b| ALPHABET.contains(&b))
            && check.chars().eq([check_character(&format!("{kind}-{year}-{random}"))]);
        if sound { Ok(Self(text)) } else { Err(NotAReference) }
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_character_and_every_swap_is_found() {
        for _ in 0..200 {
            let good = Reference::random("ASB", 2026, 5);
            assert_eq!(good.as_str().parse::<Reference>().as_ref(), Ok(&good));
            let text = good.as_str().as_bytes();
            let refused = |wrong: &[u8]| wrong == text || std::str::from_utf8(wrong).unwrap().parse::<Reference>().is_err();
            for at in 9..14 {
                for symbol in ALPHABET {
                    let mut wrong = text.to_vec();
                    wrong[at] = *symbol;
                    assert!(refused(&wrong), "{good} and {}", String::from_utf8_lossy(&wrong));
                }
            }
            for at in 9..13 {
                let mut wrong = text.to_vec();
                wrong.swap(at, at + 1);
                assert!(refused(&wrong), "{good} and {}", String::from_utf8_lossy(&wrong));
            }
        }
    }

    #[test]
    fn case_and_blanks_do_not_matter() {
        let good = Reference::random("INT", 2026, 5);
        assert_eq!(format!(" {} ", good.as_str().to_lowercase()).parse(), Ok(good));
    }
}
