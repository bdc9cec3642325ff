//! How a name is asked for that is recorded otherwise: one class of slips each. None of this uses the tables of the scorer.

use crate::{people::Person, seeded::Seeded};
use std::{collections::HashMap, io, path::Path};

/// The classes, in the order of the report.
pub(crate) const CLASSES: [&str; 18] = [
    "exact",
    "typing_error",
    "two_typing_errors",
    "telephone",
    "nickname",
    "nickname_and_typing_error",
    "initial",
    "swapped",
    "swapped_and_typing_error",
    "middle_name_first",
    "extra_or_half",
    "joined_or_split",
    "particle_or_prefix",
    "spacing_or_hyphen",
    "accents_left_out",
    "title_or_suffix",
    "extra_given_name",
    "name_cut_short",
];

/// Nicknames both ways, from a table `name,relationship,nickname`.
#[derive(Debug, Default)]
pub(crate) struct Nicknames(HashMap<String, Vec<String>>);

impl Nicknames {
    pub(crate) fn read(path: &Path) -> io::Result<Nicknames> {
        let mut all: HashMap<String, Vec<String>> = HashMap::new();
        for row in csv::Reader::from_path(path)?.records() {
            let row = row?;
            let (Some(name), Some(nickname)) = (row.get(0), row.get(2)) else { continue };
            all.entry(name.to_owned()).or_default().push(nickname.to_owned());
            all.entry(nickname.to_owned()).or_default().push(name.to_owned());
        }
        Ok(Nicknames(all))
    }

    fn of(&self, given: &str, seeded: &mut Seeded) -> Option<String> {
        let names = self.0.get(&given.to_lowercase())?;
        Some(seeded.pick(names).clone())
    }
}

/// What somebody types who looks for the person; nothing where the class does not fit them.
pub(crate) fn corrupt(class: &str, person: &Person, nicknames: &Nicknames, seeded: &mut Seeded) -> Option<String> {
    let (given, family) = (person.given.as_str(), person.family.as_str());
    let simple = |given: &str, family: &str| Some(format!("{given} {family}"));
    let typed = match class {
        "exact" => simple(given, family),
        "typing_error" => match seeded.chance(0.5) {
            true => simple(&slip(given, seeded)?, family),
            false => simple(given, &slip(family, seeded)?),
        },
        "two_typing_errors" => match seeded.below(3) {
            0 => simple(&slip(given, seeded)?, &slip(family, seeded)?),
            1 => simple(given, &slip(&slip(family, seeded)?, seeded)?),
            _ => simple(&slip(&slip(given, seeded)?, seeded)?, family),
        },
        "telephone" => match seeded.chance(0.3) {
            true => simple(&misheard(given, seeded)?, family),
            false => simple(given, &misheard(family, seeded)?),
        },
        "nickname" => simple(&nicknames.of(given, seeded)?, family),
        "nickname_and_typing_error" => {
            let nickname = nicknames.of(given, seeded)?;
            match seeded.chance(0.5) && nickname.len() > 3 {
                true => simple(&slip(&nickname, seeded)?, family),
                false => simple(&nickname, &slip(family, seeded)?),
            }
        }
        "initial" => simple(given.get(..1)?, family),
        "swapped" => simple(family, given),
        "swapped_and_typing_error" => match seeded.chance(0.5) {
            true => simple(&slip(family, seeded)?, given),
            false => simple(family, &slip(given, seeded)?),
        },
        "middle_name_first" => simple(person.middle.split(' ').next().filter(|middle| !middle.is_empty())?, family),
        "extra_or_half" => match (family.split_once('-'), person.middle.chars().next()) {
            (Some((first, second)), _) => simple(given, if seeded.chance(0.5) { first } else { second }),
            (None, Some(letter)) => Some(format!("{given} {letter} {family}")),
            _ => None,
        },
        "joined_or_split" => match seeded.chance(0.4) {
            true => Some(format!("{given}{family}")),
            false => {
                let longer = if given.len() > family.len() { given } else { family };
                let at = 2 + seeded.below(longer.len().checked_sub(4).filter(|rest| *rest > 0)?);
                let (first, second) = longer.split_at_checked(at)?;
                let split = format!("{first} {second}");
                if longer == given { simple(&split, family) } else { simple(given, &split) }
            }
        },
        "particle_or_prefix" => prefixed(given, family, seeded),
        "spacing_or_hyphen" => match family.contains('-') {
            true => simple(given, &family.replace('-', if seeded.chance(0.5) { " " } else { "" })),
            false => given.contains('-').then(|| format!("{} {family}", given.replace('-', if seeded.chance(0.5) { " " } else { "" }))),
        },
        "accents_left_out" => (!person.full().is_ascii()).then(|| format!("{} {}", plain(given), plain(family))),
        "title_or_suffix" => match seeded.below(4) {
            0 => Some(format!("Mr {given} {family}")),
            1 => Some(format!("Mrs. {given} {family}")),
            2 => Some(format!("Dr {given} {family}")),
            _ => Some(format!("{given} {family} Jnr")),
        },
        "extra_given_name" => match person.middle.is_empty() {
            true => Some(format!("{given} {} {family}", seeded.pick(&["Marie", "John", "Lee", "Rose", "Ali", "Anne", "James"]))),
            false => Some(person.full()),
        },
        "name_cut_short" => (family.len() > 6).then(|| format!("{given} {}", family.get(..family.len() - 2).unwrap_or(family))),
        _ => None,
    }?;
    // People type in capitals, and without.
    Some(match seeded.below(4) {
        0 => typed,
        1 => typed.to_uppercase(),
        _ => typed.to_lowercase(),
    })
}

/// One letter put in, left out, changed or swapped with the next.
fn slip(word: &str, seeded: &mut Seeded) -> Option<String> {
    let mut letters: Vec<char> = word.to_lowercase().chars().collect();
    if letters.len() < 3 {
        return None;
    }
    let at = seeded.below(letters.len());
    match seeded.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, other_letter(letters[at], seeded)),
        2 => letters[at] = other_letter(letters[at], seeded),
        _ => {
            let at = at.min(letters.len() - 2);
            letters.swap(at, at + 1);
        }
    }
    Some(letters.into_iter().collect::<String>()).filter(|slipped| *slipped != word.to_lowercase())
}

/// Mostly one beside it on the keyboard.
fn other_letter(letter: char, seeded: &mut Seeded) -> char {
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let near: Vec<char> = ROWS
        .iter()
        .filter_map(|row| row.find(letter).map(|at| (row, at)))
        .flat_map(|(row, at)| [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| row.chars().nth(at)))
        .collect();
    if !near.is_empty() && seeded.chance(0.6) { *seeded.pick(&near) } else { char::from(b'a' + seeded.below(26) as u8) }
}

/// Written down as it sounds over the telephone.
fn misheard(word: &str, seeded: &mut Seeded) -> Option<String> {
    const HEARD: [(&str, &str); 40] = [
        ("ph", "f"),
        ("f", "ph"),
        ("ck", "k"),
        ("c", "k"),
        ("k", "c"),
        ("s", "z"),
        ("z", "s"),
        ("i", "y"),
        ("y", "i"),
        ("ee", "ea"),
        ("ea", "ee"),
        ("ie", "y"),
        ("y", "ie"),
        ("ey", "y"),
        ("gh", ""),
        ("x", "ks"),
        ("qu", "kw"),
        ("ai", "ay"),
        ("ay", "ai"),
        ("ou", "ow"),
        ("ow", "ou"),
        ("th", "t"),
        ("wh", "w"),
        ("wr", "r"),
        ("kn", "n"),
        ("mac", "mc"),
        ("mc", "mac"),
        ("er", "a"),
        ("ar", "er"),
        ("or", "er"),
        ("on", "en"),
        ("en", "on"),
        ("an", "en"),
        ("sch", "sh"),
        ("ge", "j"),
        ("j", "g"),
        ("v", "f"),
        ("b", "p"),
        ("d", "t"),
        ("oo", "u"),
    ];
    let word = word.to_lowercase();
    let mut heard = word.clone();
    for _ in 0..1 + usize::from(seeded.chance(0.25)) {
        let fitting: Vec<&(&str, &str)> = HEARD.iter().filter(|(from, _)| heard.contains(from)).collect();
        let choices = fitting.len() + 3;
        match seeded.below(choices).checked_sub(3) {
            Some(at) => heard = heard.replacen(fitting[at].0, fitting[at].1, 1),
            // A letter doubled, one of two left out, an e at the end.
            None => {
                let letters: Vec<char> = heard.chars().collect();
                let doubled = letters.windows(2).position(|pair| pair[0] == pair[1]);
                heard = match (doubled, seeded.chance(0.5)) {
                    (Some(at), _) => letters.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, letter)| letter).collect(),
                    (None, true) => format!("{heard}e"),
                    (None, false) => {
                        let at = 1 + seeded.below(letters.len().checked_sub(1).filter(|rest| *rest > 0)?);
                        letters.iter().enumerate().flat_map(|(place, letter)| vec![*letter; 1 + usize::from(place == at)]).collect()
                    }
                };
            }
        }
    }
    (heard != word && heard.len() > 1).then_some(heard)
}

/// O', Mc, van and their like written in another way.
fn prefixed(given: &str, family: &str, seeded: &mut Seeded) -> Option<String> {
    let lower = family.to_lowercase();
    let small: Vec<&str> = lower.split(' ').collect();
    let other = if let Some(rest) = lower.strip_prefix("o'") {
        (*seeded.pick(&["o ", "o", "o-"])).to_owned() + rest
    } else if let Some(rest) = lower.strip_prefix("mc").filter(|rest| rest.len() > 2) {
        (*seeded.pick(&["mac", "mc ", "m'"])).to_owned() + rest
    } else if let Some(rest) = lower.strip_prefix("mac").filter(|rest| rest.len() > 3) {
        (*seeded.pick(&["mc", "mac "])).to_owned() + rest
    } else if let Some(rest) = lower.strip_prefix("ó ") {
        (*seeded.pick(&["o'", "o ", ""])).to_owned() + rest
    } else if small.len() > 1 {
        if seeded.chance(0.5) { small.concat() } else { small[small.len() - 1].to_owned() }
    } else {
        return None;
    };
    Some(format!("{given} {other}"))
}

/// Without accents, as far as the Latin ones of this data go.
fn plain(name: &str) -> String {
    const ACCENTS: [(&str, char); 13] = [
        ("áàâãäåāăą", 'a'),
        ("éèêëēėęě", 'e'),
        ("íìîïīįı", 'i'),
        ("óòôõöøōőộ", 'o'),
        ("úùûüūůűų", 'u'),
        ("ýÿ", 'y'),
        ("çćčĉ", 'c'),
        ("ñńňņ", 'n'),
        ("śšşș", 's'),
        ("źżž", 'z'),
        ("ł", 'l'),
        ("ğģ", 'g'),
        ("ďđ", 'd'),
    ];
    name.to_lowercase()
        .chars()
        .map(|letter| ACCENTS.iter().find(|(accented, _)| accented.contains(letter)).map_or(letter, |(_, plain)| *plain))
        .collect()
}
