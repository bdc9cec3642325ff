//! How names go wrong on their way into a record: keys, ears and hurry. Made for this generator alone: the index that
//! is to find these names has tables of its own.

use crate::{random::Random, tables::Form};

/// What lies beside each letter on a keyboard.
const BESIDE: [(char, &str); 26] = [
    ('a', "sqz"),
    ('b', "vn"),
    ('c', "xv"),
    ('d', "sf"),
    ('e', "wr"),
    ('f', "dg"),
    ('g', "fh"),
    ('h', "gj"),
    ('i', "uo"),
    ('j', "hk"),
    ('k', "jl"),
    ('l', "k"),
    ('m', "n"),
    ('n', "bm"),
    ('o', "ip"),
    ('p', "o"),
    ('q', "wa"),
    ('r', "et"),
    ('s', "ad"),
    ('t', "ry"),
    ('u', "yi"),
    ('v', "cb"),
    ('w', "qe"),
    ('x', "zc"),
    ('y', "tu"),
    ('z', "xa"),
];

/// What is heard one way and written another.
const HEARD: [(&str, &str); 28] = [
    ("ph", "f"),
    ("ck", "k"),
    ("wh", "w"),
    ("th", "f"),
    ("gh", ""),
    ("kn", "n"),
    ("ie", "ei"),
    ("ei", "ie"),
    ("ee", "ea"),
    ("ea", "ee"),
    ("oo", "ou"),
    ("ai", "ay"),
    ("ay", "ai"),
    ("ey", "y"),
    ("tt", "t"),
    ("ll", "l"),
    ("nn", "n"),
    ("ss", "s"),
    ("er", "ar"),
    ("or", "er"),
    ("son", "sen"),
    ("ton", "tin"),
    ("mac", "mc"),
    ("c", "k"),
    ("s", "z"),
    ("i", "y"),
    ("b", "p"),
    ("v", "f"),
];

/// Written with a wrong key: one letter swapped, left out, doubled or mistaken. The first letter stays.
pub(crate) fn mistyped(random: &mut Random, word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 4 {
        return word.to_owned();
    }
    let at = 1 + random.below(letters.len() - 2);
    match random.below(4) {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        2 => letters.insert(at, letters[at]),
        _ => {
            let beside = BESIDE.iter().find(|(key, _)| *key == letters[at]).map_or("", |(_, beside)| beside);
            let others: Vec<char> = beside.chars().collect();
            if let Some(other) = random.pick(&others) {
                letters[at] = *other;
            }
        }
    }
    letters.into_iter().collect()
}

/// Written by ear, as over the telephone: a spelling known for the name, or one made up.
pub(crate) fn heard(random: &mut Random, word: &str, known: &[&'static str]) -> String {
    if let Some(other) = random.pick(known)
        && random.chance(0.6)
    {
        return (*other).to_owned();
    }
    let Some(head) = word.chars().next() else { return String::new() };
    let tail = &word[head.len_utf8()..];
    let possible: Vec<&(&str, &str)> = HEARD.iter().filter(|(from, _)| tail.contains(from)).collect();
    let Some((from, to)) = random.pick(&possible) else { return mistyped(random, word) };
    format!("{head}{}", tail.replacen(from, to, 1))
}

/// Another form of a given name: short, pet or of another alphabet.
pub(crate) fn familiar(random: &mut Random, form: &Form) -> &'static str {
    random.pick(&form.others).copied().unwrap_or(form.name)
}

/// Without the marks that British keyboards lack.
pub(crate) fn plain(word: &str) -> String {
    word.chars()
        .map(|letter| match letter {
            'ą' => 'a',
            'ć' => 'c',
            'ę' => 'e',
            'ł' => 'l',
            'Ł' => 'L',
            'ń' => 'n',
            'ó' => 'o',
            'ś' | 'ş' => 's',
            'ź' | 'ż' => 'z',
            'é' => 'e',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_wrong_stays_a_name() {
        let mut random = Random::new(1, "corrupt", 0);
        for word in ["Ashworth", "Wójcik", "O'Brien", "Li", "Małgorzata", "bin-Said"] {
            for _ in 0..200 {
                for wrong in [mistyped(&mut random, word), heard(&mut random, word, &[])] {
                    assert!(!wrong.trim().is_empty() && wrong.chars().next() == word.chars().next(), "{word} {wrong}");
                }
            }
        }
        assert_eq!(plain("Łukasz Wójcik"), "Lukasz Wojcik");
    }
}
