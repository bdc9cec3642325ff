//! A name taken apart: plain lower-case parts without titles, accents and punctuation.

use crate::RecordedName;

/// Longest name looked at, in characters; what follows is not searched.
pub const LONGEST_NAME: usize = 256;
/// Most parts of one name.
pub const MOST_PARTS: usize = 8;

/// Whether a part is a title.
fn is_title(part: &str) -> bool {
    matches!(
        part,
        "mr" | "mrs"
            | "ms"
            | "miss"
            | "mx"
            | "dr"
            | "doctor"
            | "prof"
            | "professor"
            | "sir"
            | "dame"
            | "lord"
            | "lady"
            | "rev"
            | "revd"
            | "reverend"
            | "father"
            | "sister"
            | "cllr"
            | "councillor"
            | "pc"
            | "pcso"
            | "sgt"
            | "capt"
            | "captain"
            | "hon"
            | "mstr"
            | "madam"
            | "messrs"
            | "imam"
    )
}

/// Whether a part stands behind a name and is none.
fn is_suffix(part: &str) -> bool {
    matches!(
        part,
        "jr" | "jnr"
            | "junior"
            | "sr"
            | "snr"
            | "senior"
            | "ii"
            | "iii"
            | "esq"
            | "esquire"
            | "obe"
            | "mbe"
            | "cbe"
            | "bsc"
            | "phd"
            | "md"
            | "jp"
            | "qc"
    )
}

/// Whether a part is a word between two names of one person.
fn is_connector(part: &str) -> bool {
    matches!(part, "aka" | "nee" | "formerly" | "alias" | "known" | "as")
}

/// Where in a name a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Given,
    Middle,
    Family,
}

/// A part of a recorded name and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) text: String,
    pub(crate) slot: Slot,
}

/// Whether a part is a small word in front of a family name, often left out or run together with it.
pub(crate) fn is_particle(part: &str) -> bool {
    matches!(
        part,
        "van"
            | "von"
            | "der"
            | "den"
            | "de"
            | "del"
            | "della"
            | "di"
            | "da"
            | "dos"
            | "du"
            | "la"
            | "le"
            | "bin"
            | "ibn"
            | "bint"
            | "al"
            | "el"
            | "ul"
            | "ur"
            | "abu"
            | "abd"
            | "zu"
            | "vander"
            | "vanden"
            | "vande"
            | "vonder"
            | "dela"
            | "delos"
            | "abual"
    )
}

/// The parts of a name, in the order of speech: "O'BRIEN, Dr. Seán" gives `sean`, `obrien`.
pub fn parts(name: &str) -> Vec<String> {
    let plain = if name.is_ascii() {
        name.get(..LONGEST_NAME).unwrap_or(name).to_ascii_lowercase()
    } else {
        deunicode::deunicode_with_tofu(&with_irish_prefix(name.chars().take(LONGEST_NAME)), " ").to_ascii_lowercase()
    };
    // "Family, given" is how lists are written.
    let parts = match plain.split_once(',') {
        Some((family, given)) if !is_suffix_only(given) => {
            let mut parts = words(given);
            parts.extend(words(family));
            parts
        }
        _ => words(&plain),
    };
    without_titles(parts)
}

/// "Ó Briain" is one word: its prefix is no initial.
fn with_irish_prefix(name: impl Iterator<Item = char>) -> String {
    let mut plain = String::new();
    let (mut before, mut letters) = (' ', name.peekable());
    while let Some(letter) = letters.next() {
        plain.push(letter);
        if matches!(letter, 'Ó' | 'ó') && before.is_whitespace() && letters.peek() == Some(&' ') {
            letters.next();
            plain.push('\'');
        }
        before = letter;
    }
    plain
}

/// A key under which a name's spellings in any order and case fall together; for "similar names" look-ups.
pub fn key(name: &str) -> String {
    let mut parts = parts(name);
    parts.sort_unstable();
    parts.join(" ")
}

/// The parts of a recorded name with their place in it.
pub(crate) fn recorded_parts(name: &RecordedName) -> Vec<Part> {
    let mut texts = parts(&name.full);
    let given = name.given.as_deref().map(parts).unwrap_or_default();
    let family = name.family.as_deref().map(parts).unwrap_or_default();
    for (at, part) in given.iter().enumerate() {
        if !texts.contains(part) {
            texts.insert(at.min(texts.len()), part.clone());
        }
    }
    for part in &family {
        if !texts.contains(part) {
            texts.push(part.clone());
        }
    }
    texts.truncate(MOST_PARTS);
    let mut slots = vec![Slot::Middle; texts.len()];
    let last = texts.len().saturating_sub(1);
    let mut open: Vec<&String> = family.iter().collect();
    for at in (0..texts.len()).rev() {
        if let Some(found) = open.iter().rposition(|part| **part == texts[at]) {
            open.remove(found);
            slots[at] = Slot::Family;
        }
    }
    if family.is_empty() && (texts.len() > 1 || given.is_empty()) {
        mark_family(&texts, &mut slots);
    }
    let first_given = given.first().and_then(|part| (0..texts.len()).find(|at| texts[*at] == *part && slots[*at] != Slot::Family));
    match first_given {
        Some(at) => slots[at] = Slot::Given,
        None if last > 0 => {
            if let Some(slot) = slots.iter_mut().find(|slot| **slot != Slot::Family) {
                *slot = Slot::Given;
            }
        }
        None => {}
    }
    texts.into_iter().zip(slots).map(|(text, slot)| Part { text, slot }).collect()
}

/// Parts that are also written as one word, particles with what follows and the words of a family name: the word, and where
/// the first of its two parts stands.
pub(crate) fn joined_forms(parts: &[Part]) -> Vec<(usize, String)> {
    let joined = |pair: &[Part]| {
        let both_family = pair[0].slot == Slot::Family && pair[1].slot == Slot::Family;
        let joins = both_family || is_particle(&pair[0].text) || matches!(pair[0].text.as_str(), "o" | "mc" | "mac");
        let fits = pair[0].text.len() + pair[1].text.len() <= crate::spelling::LONGEST;
        (joins && fits).then(|| format!("{}{}", pair[0].text, pair[1].text))
    };
    parts.windows(2).enumerate().filter_map(|(at, pair)| Some((at, joined(pair)?))).collect()
}

/// The last word, and the particles before it, of a name whose family name is not told apart.
fn mark_family(texts: &[String], slots: &mut [Slot]) {
    let mut at = texts.len();
    while at > 0 {
        at -= 1;
        slots[at] = Slot::Family;
        let particle_before = at > 1 && (is_particle(&texts[at - 1]) || matches!(texts[at - 1].as_str(), "mc" | "mac"));
        if !particle_before {
            break;
        }
    }
}

fn words(plain: &str) -> Vec<String> {
    // "O'Brien" is one word; so is a name typed with any of the marks that stand for the apostrophe.
    let is_mark = |letter: char| matches!(letter, '\'' | '`' | '"');
    let pieces = plain.split(|letter: char| !letter.is_ascii_alphanumeric() && !is_mark(letter)).filter(|piece| !piece.is_empty());
    let words = pieces.map(|piece| {
        let mut word = piece.to_owned();
        if word.bytes().any(|letter| is_mark(char::from(letter))) {
            word.retain(|letter| !is_mark(letter));
        }
        word.truncate(crate::spelling::LONGEST);
        word
    });
    // More words than are used keep a suffix recognisable at the end of the longest name.
    words.filter(|word| !word.is_empty()).take(4 * MOST_PARTS).collect()
}

fn is_suffix_only(text: &str) -> bool {
    words(text).iter().all(|word| is_suffix(word))
}

fn without_titles(mut parts: Vec<String>) -> Vec<String> {
    // What is left after one of these steps may begin or end with what another takes away.
    loop {
        let before = parts.len();
        while parts.len() > 1 && is_title(&parts[0]) {
            parts.remove(0);
        }
        // What comes after the comma in "Smith, Mr John" leads; what came before it ends the name.
        while parts.len() > 1 && parts.last().is_some_and(|part| is_suffix(part)) {
            parts.pop();
        }
        if parts.len() > 2 {
            parts.retain(|part| !is_connector(part));
        }
        put_particles_together(&mut parts);
        parts.truncate(MOST_PARTS);
        if parts.len() == before {
            return parts;
        }
    }
}

/// "van der Berg" and "de la Cruz" have one particle of two words.
fn put_particles_together(parts: &mut Vec<String>) {
    let mut at = 0;
    while at + 2 < parts.len() {
        if is_particle(&parts[at]) && is_particle(&parts[at + 1]) {
            let next = parts.remove(at + 1);
            parts[at].push_str(&next);
        } else {
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_names_apart() {
        for (name, expected) in [
            ("John Smith", "john smith"),
            ("  JOHN   SMITH ", "john smith"),
            ("O'Brien", "obrien"),
            ("Seán O\u{2019}Brien", "sean obrien"),
            ("SMITH, John", "john smith"),
            ("Smith, Jr", "smith"),
            ("Mr. John Smith Jnr", "john smith"),
            ("Dr", "dr"),
            ("Smith-Jones", "smith jones"),
            ("J.R. Hartley", "j r hartley"),
            ("Łukasz Żółć", "lukasz zolc"),
            ("Müller", "muller"),
            ("Jane Smith nee Jones", "jane smith jones"),
            ("", ""),
            ("((((", ""),
            ("a b c d e f g h i j", "a b c d e f g h"),
            ("a b c d e f g ii i j", "a b c d e f g"),
        ] {
            assert_eq!(parts(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn knows_where_the_parts_stand() {
        let name = |full: &str, given: &str, family: &str| RecordedName {
            full: full.into(),
            given: (!given.is_empty()).then(|| given.into()),
            family: (!family.is_empty()).then(|| family.into()),
            ..RecordedName::default()
        };
        for (name, expected) in [
            (name("John Smith", "", ""), "john:Given smith:Family"),
            (name("Smith", "", ""), "smith:Family"),
            (name("John", "John", ""), "john:Given"),
            (name("Thomas James Wheate", "Thomas", "Wheate"), "thomas:Given james:Middle wheate:Family"),
            (name("Anna van der Berg", "", ""), "anna:Given vander:Family berg:Family"),
            (name("", "Ann", "Smith-Jones"), "ann:Given smith:Family jones:Family"),
            (name("Wei Zhang", "Zhang", "Wei"), "wei:Family zhang:Given"),
        ] {
            let shown: Vec<String> = recorded_parts(&name).iter().map(|part| format!("{}:{:?}", part.text, part.slot)).collect();
            assert_eq!(shown.join(" "), expected, "{name:?}");
        }
    }

    #[test]
    fn key_is_blind_to_order_case_and_marks() {
        assert_eq!(key("O'Brien, Seán"), key("sean obrien"));
    }
}
