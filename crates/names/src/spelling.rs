//! What it costs to take one spelling for another: a noisy-channel edit distance (after Kernighan, Church and Gale,
//! "A Spelling Correction Program Based on a Noisy Channel Model", 1990) whose costs are rough negative logarithms.

const GONE_WRONG_AT_START: f32 = 1.5;
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

/// Cost of a letter that is there on one side only.
fn stray(word: &[u8], at: usize) -> f32 {
    let letter = word[at];
    let doubled = (at > 0 && word[at - 1] == letter) || word.get(at + 1) == Some(&letter);
    let cost = if doubled {
        1.4
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
        2.4
    } else if neighbours_on_the_keyboard(from, to) {
        2.7
    } else {
        3.9
    };
    if at_start { cost + GONE_WRONG_AT_START } else { cost }
}

/// Longest part that is compared letter by letter.
pub(crate) const LONGEST: usize = 40;

/// Cost of `asked` being written for `recorded`; 0 for the same.
pub(crate) fn cost(asked: &str, recorded: &str) -> f32 {
    let (asked, recorded) = (clip(asked), clip(recorded));
    let width = asked.len() + 1;
    // Three rows are enough, and they live on the stack: this runs for every term that is looked at.
    let mut rows = [[0f32; LONGEST + 1]; 3];
    for column in 1..width {
        rows[0][column] = rows[0][column - 1] + stray(asked, column - 1);
    }
    for line in 1..=recorded.len() {
        let (before, last, now) = ((line + 1) % 3, (line + 2) % 3, line % 3);
        rows[now][0] = rows[last][0] + stray(recorded, line - 1);
        for column in 1..width {
            let (a, r) = (asked[column - 1], recorded[line - 1]);
            let mut best = (rows[last][column - 1] + changed(r, a, line == 1 && column == 1))
                .min(rows[last][column] + stray(recorded, line - 1))
                .min(rows[now][column - 1] + stray(asked, column - 1));
            if line > 1 && column > 1 && r == asked[column - 2] && recorded[line - 2] == a && a != r {
                let start = if line == 2 && column == 2 { GONE_WRONG_AT_START } else { 0.0 };
                best = best.min(rows[before][column - 2] + SWAPPED + start);
            }
            rows[now][column] = best;
        }
    }
    rows[recorded.len() % 3][width - 1]
}

/// Number of letters inserted, left out, changed or swapped with their neighbour (optimal string alignment), where it is
/// at most `most`.
pub(crate) fn edits(a: &str, b: &str, most: u8) -> Option<u8> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > usize::from(most) || a.len() > LONGEST || b.len() > LONGEST {
        return None;
    }
    let mut rows = [[0u8; LONGEST + 1]; 3];
    for (column, cell) in rows[0].iter_mut().enumerate() {
        *cell = column as u8;
    }
    for line in 1..=b.len() {
        let (before, last, now) = ((line + 1) % 3, (line + 2) % 3, line % 3);
        rows[now][0] = line as u8;
        let mut least = line as u8;
        for column in 1..=a.len() {
            let same = a[column - 1] == b[line - 1];
            let mut best = (rows[last][column - 1] + u8::from(!same)).min(rows[last][column] + 1).min(rows[now][column - 1] + 1);
            if line > 1 && column > 1 && a[column - 1] == b[line - 2] && a[column - 2] == b[line - 1] {
                best = best.min(rows[before][column - 2] + 1);
            }
            rows[now][column] = best;
            least = least.min(best);
        }
        // A swap reaches back two lines, so a line above the limit is final only once the limit is passed by more than it.
        if least > most + 1 {
            return None;
        }
    }
    let result = rows[b.len() % 3][a.len()];
    (result <= most).then_some(result)
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
            assert_eq!(edits(a, b, most), expected, "{a} {b}");
        }
    }
}
