//! What it costs to take one spelling for another: a noisy-channel edit distance (after Kernighan, Church and Gale,
//! "A Spelling Correction Program Based on a Noisy Channel Model", 1990) whose costs are rough negative logarithms.

use std::sync::LazyLock;

const GONE_WRONG_AT_START: f32 = 1.3;
const SWAPPED: f32 = 2.4;

/// Groups of letters that are heard as one another; 0 has none.
fn sound_group(letter: u8) -> u8 {
    match letter {
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y' => 1,
        b'c' | b'k' | b'q' | b'g' => 2,
        b's' | b'z' | b'x' => 3,
        b'f' | b'v' => 4,
        b'p' | b'b' => 5,
        b'm' | b'n' => 6,
        b'd' | b't' => 7,
        b'j' => 8,
        b'l' | b'r' => 9,
        b'w' => 10,
        _ => 0,
    }
}

/// Place of a letter on a UK keyboard, in half keys.
fn key(letter: u8) -> Option<(i16, i16)> {
    let rows: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    rows.iter().zip(0i16..).find_map(|(row, y)| {
        let x = row.iter().position(|key| *key == letter)? as i16;
        Some((2 * x + y, y))
    })
}

fn neighbours_on_the_keyboard(a: u8, b: u8) -> bool {
    match (key(a), key(b)) {
        (Some((ax, ay)), Some((bx, by))) => (ay - by).abs() <= 1 && (ax - bx).abs() <= 2,
        _ => false,
    }
}

/// How a word comes to be written otherwise.
trait Channel {
    /// Cost of two neighbours the other way round.
    const SWAPPED: f32;
    /// Cost of a letter that is there on one side only.
    fn stray(word: &[u8], at: usize) -> f32;
    /// Cost of one letter for another.
    fn changed(from: u8, to: u8, at_start: bool) -> f32;
    /// Those costs by the numbers of both letters, for the first letter of both words and for the others.
    fn changes() -> &'static Changes;
}

/// What it costs to take one letter for another, by their numbers.
type Costs = [[f32; 36]; 36];

/// The same at the start of both words, and elsewhere.
struct Changes {
    at_start: Costs,
    elsewhere: Costs,
}

impl Changes {
    fn of<C: Channel>() -> Changes {
        let letters = |at_start: bool| {
            let mut costs = [[0.0; 36]; 36];
            for (from, costs) in (0..).zip(&mut costs) {
                for (to, cost) in (0..).zip(costs) {
                    *cost = C::changed(letter(from), letter(to), at_start);
                }
            }
            costs
        };
        Changes { at_start: letters(true), elsewhere: letters(false) }
    }
}

fn doubled(word: &[u8], at: usize) -> bool {
    (at > 0 && word[at - 1] == word[at]) || word.get(at + 1) == Some(&word[at])
}

/// Typed with slips of the fingers.
struct Typed;

impl Channel for Typed {
    const SWAPPED: f32 = SWAPPED;

    fn stray(word: &[u8], at: usize) -> f32 {
        let letter = word[at];
        let cost = if doubled(word, at) {
            1.9
        } else if letter == b'h' || letter == b'e' {
            2.2
        } else if sound_group(letter) == 1 {
            2.6
        } else {
            3.0
        };
        if at == 0 { cost + GONE_WRONG_AT_START } else { cost }
    }

    fn changed(from: u8, to: u8, at_start: bool) -> f32 {
        if from == to {
            return 0.0;
        }
        let group = sound_group(from);
        let cost = if group != 0 && group == sound_group(to) {
            2.7
        } else if neighbours_on_the_keyboard(from, to) {
            2.8
        } else {
            4.3
        };
        if at_start { cost + GONE_WRONG_AT_START } else { cost }
    }

    fn changes() -> &'static Changes {
        static CHANGES: LazyLock<Changes> = LazyLock::new(Changes::of::<Typed>);
        &CHANGES
    }
}

/// Written down by ear: what is not heard costs little, another sound much.
struct Heard;

impl Channel for Heard {
    const SWAPPED: f32 = 2.4;

    fn stray(word: &[u8], at: usize) -> f32 {
        let next = word.get(at + 1);
        let silent = matches!(
            (word[at], next),
            (b'g' | b'p' | b'w' | b'k', Some(b'h'))
                | (b'k' | b'g', Some(b'n'))
                | (b'w', Some(b'r'))
                | (b'c', Some(b'k'))
                | (b't', Some(b'c' | b's'))
        );
        let cost = match word[at] {
            _ if at > 0 && doubled(word, at) => 0.3,
            b'e' if next.is_none() => 0.5,
            b'h' => 0.7,
            _ if silent => 0.9,
            letter if sound_group(letter) == 1 => 1.0,
            _ => 2.4,
        };
        if at == 0 && !silent { cost + 1.0 } else { cost }
    }

    fn changed(from: u8, to: u8, at_start: bool) -> f32 {
        if from == to {
            return 0.0;
        }
        let group = sound_group(from);
        let cost = match (from.min(to), from.max(to)) {
            (b'i' | b'j', b'y') | (b'i', b'j') | (b'c', b'k') | (b's', b'z') | (b'v', b'w') => 0.5,
            (b'c', b's') | (b'g', b'j') | (b'f', b'p') | (b'h', b'z') => 0.8,
            (b'm', b'n') | (b'l', b'r') => 1.8,
            _ if group != 0 && group == sound_group(to) => 0.8,
            _ => 3.2,
        };
        if at_start && cost > 1.0 { cost + 1.0 } else { cost }
    }

    fn changes() -> &'static Changes {
        static CHANGES: LazyLock<Changes> = LazyLock::new(Changes::of::<Heard>);
        &CHANGES
    }
}

/// Longest part that is compared letter by letter.
pub(crate) const LONGEST: usize = 40;

/// Cost of `asked` being typed for `recorded`; 0 for the same.
pub(crate) fn cost(asked: &str, recorded: &str) -> f32 {
    by::<Typed>(asked, recorded)
}

/// Cost of `asked` being written down by ear for `recorded`; 0 for the same.
pub(crate) fn cost_by_ear(asked: &str, recorded: &str) -> f32 {
    by::<Heard>(asked, recorded)
}

fn by<C: Channel>(asked: &str, recorded: &str) -> f32 {
    let (asked, recorded) = (clip(asked), clip(recorded));
    let width = asked.len() + 1;
    let changes = C::changes();
    // What each letter costs by itself, and its number, once for each word.
    let (mut strays, mut numbers) = ([0f32; LONGEST], [0u8; LONGEST]);
    for (at, letter) in asked.iter().enumerate() {
        (strays[at], numbers[at]) = (C::stray(asked, at), number(*letter) as u8);
    }
    // Three rows are enough, and they live on the stack: this runs for every term that is looked at.
    let mut rows = [[0f32; LONGEST + 1]; 3];
    for column in 1..width {
        rows[0][column] = rows[0][column - 1] + strays[column - 1];
    }
    let [last, now, before] = &mut rows;
    let (mut last, mut now, mut before) = (last, now, before);
    for (line, letter) in recorded.iter().enumerate() {
        let stray = C::stray(recorded, line);
        let of_letter = &changes.elsewhere[number(*letter)];
        now[0] = last[0] + stray;
        for column in 0..width - 1 {
            let change = if line == 0 && column == 0 {
                changes.at_start[number(*letter)][usize::from(numbers[0])]
            } else {
                of_letter[usize::from(numbers[column])]
            };
            let mut best = (last[column] + change).min(last[column + 1] + stray).min(now[column] + strays[column]);
            if line > 0 && column > 0 && *letter == asked[column - 1] && recorded[line - 1] == asked[column] && asked[column] != *letter {
                let start = if line == 1 && column == 1 { GONE_WRONG_AT_START } else { 0.0 };
                best = best.min(before[column - 1] + C::SWAPPED + start);
            }
            now[column + 1] = best;
        }
        (before, last, now) = (last, now, before);
    }
    last[width - 1]
}

/// A word that others are compared with, prepared for counting edits by bits (Hyyrö, "A Bit-Vector Algorithm for Computing
/// Levenshtein and Damerau Edit Distances", 2003).
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    text: String,
    /// For each letter or digit, the places where it stands.
    places: [u64; 36],
}

impl Pattern {
    /// `text` is cut at [`LONGEST`] letters.
    pub(crate) fn new(text: impl Into<String>) -> Pattern {
        let mut text = text.into();
        text.truncate(LONGEST);
        let mut places = [0; 36];
        for (at, byte) in text.bytes().enumerate() {
            places[number(byte)] |= 1 << at;
        }
        Pattern { text, places }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Number of letters inserted, left out, changed or swapped with their neighbour (optimal string alignment), where it
    /// is at most `most`.
    #[inline]
    pub(crate) fn edits(&self, other: &str, most: u8) -> Option<u8> {
        let (length, ends) = (self.text.len(), |word: &str| (word.as_bytes().first().copied(), word.as_bytes().last().copied()));
        if length.abs_diff(other.len()) > usize::from(most) {
            return None;
        }
        // One edit leaves the first letter or the last one as it is.
        let ((first, last), (other_first, other_last)) = (ends(&self.text), ends(other));
        if most == 1 && length > 2 && other.len() > 2 && first != other_first && last != other_last {
            return None;
        }
        if length == 0 {
            return Some(other.len() as u8);
        }
        let last = 1u64 << (length - 1);
        let (mut plus, mut minus, mut same, mut before) = (u64::MAX, 0u64, 0u64, 0u64);
        let mut edits = length as u32;
        for byte in other.bytes() {
            let here = self.places[number(byte)];
            let swapped = ((!same & here) << 1) & before;
            same = ((here & plus).wrapping_add(plus) ^ plus) | here | minus | swapped;
            let more = minus | !(same | plus);
            let fewer = same & plus;
            edits = edits + u32::from(more & last != 0) - u32::from(fewer & last != 0);
            let (more, fewer) = (more << 1 | 1, fewer << 1);
            plus = fewer | !(same | more);
            minus = same & more;
            before = here;
        }
        u8::try_from(edits).ok().filter(|edits| *edits <= most)
    }
}

/// Which letters and digits a word has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Letters(u64);

impl Letters {
    pub(crate) fn of(word: &str) -> Letters {
        Letters(word.bytes().fold(0, |all, byte| all | 1 << number(byte)))
    }

    /// Whether they share half of the letters of one of the words, without which the words cannot be heard as one another.
    pub(crate) fn half_shared(self, other: Letters) -> bool {
        2 * (self.0 & other.0).count_ones() >= self.0.count_ones().min(other.0.count_ones())
    }

    /// Whether so many edits may make one word of the other: each takes away a letter and adds one, at most.
    #[inline]
    pub(crate) fn may_be_within(self, other: Letters, edits: u8) -> bool {
        let mut apart = self.0 ^ other.0;
        for _ in 0..2 * edits {
            apart &= apart.wrapping_sub(1);
        }
        apart == 0
    }
}

/// A letter's or digit's number; parts hold nothing else.
fn number(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => usize::from(byte - b'a'),
        _ => 26 + usize::from(byte & 0x0f) % 10,
    }
}

/// The letter or digit of a number.
fn letter(number: u8) -> u8 {
    if number < 26 { b'a' + number } else { b'0' + number - 26 }
}

fn clip(word: &str) -> &[u8] {
    let bytes = word.as_bytes();
    &bytes[..bytes.len().min(LONGEST)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likelier_slips_cost_less() {
        assert_eq!(cost("smith", "smith"), 0.0);
        assert!(cost("phillip", "philip") < cost("philips", "philip"), "a doubled letter");
        assert!(cost("smiht", "smith") < cost("smaxh", "smith"), "a transposition");
        assert!(cost("smuth", "smith") < cost("smkth", "smith"), "a vowel for a vowel");
        assert!(cost("smitg", "smith") < cost("smitq", "smith"), "a neighbouring key");
        assert!(cost("amith", "smith") > cost("smitg", "smith"), "the first letter");
    }

    fn by_recurrence(a: &[u8], b: &[u8]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let changed = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let least = changed.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    if swapped { least.min(table[i - 2][j - 2] + 1) } else { least }
                };
            }
        }
        table[a.len()][b.len()]
    }

    #[test]
    fn counts_edits_up_to_a_limit() {
        for (a, b, most, expected) in [
            ("smith", "smith", 0, Some(0)),
            ("smith", "smiht", 1, Some(1)),
            ("smith", "smyht", 2, Some(2)),
            ("smith", "jones", 2, None),
            ("ab", "ba", 1, Some(1)),
            ("", "a", 1, Some(1)),
            ("hamilton", "hmailtno", 2, Some(2)),
        ] {
            assert_eq!(Pattern::new(a).edits(b, most), expected, "{a} {b}");
        }
        // The distance of swaps that nothing comes between, against its recurrence.
        let words = ["smith", "smtih", "ab", "ba", "hamilton", "hmailtno", "ca", "abc", "xyzzy", "anna", "nana", "o7", "7o", "a"];
        for (a, b) in words.iter().flat_map(|a| words.iter().map(move |b| (*a, *b))) {
            assert_eq!(Pattern::new(a).edits(b, 200).map(usize::from), Some(by_recurrence(a.as_bytes(), b.as_bytes())), "{a} {b}");
        }
    }
}
