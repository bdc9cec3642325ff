//! Names of people in free text: a title with initials and a family name, a relative by first name, a nickname, a whole name. For
//! records that come from a system without fields for people. It finds what somebody wrote as a name, and knows nobody: what it
//! finds is a mention to be confirmed by an officer, and nothing else. Officers named by their rank are left alone.

use crate::nicknames;
use model::involvement::{ExtractionRule, PersonName};

/// A name found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtractedName {
    /// The name, in the parts in which it was written.
    pub name: PersonName,
    /// The rule that found it.
    pub rule: ExtractionRule,
}

/// The most names taken from one text.
const MOST: usize = 20;

const TITLES: [&str; 12] = ["mr", "mrs", "miss", "ms", "mx", "dr", "rev", "sir", "lady", "master", "mister", "prof"];
const RANKS: [&str; 14] =
    ["pc", "ps", "pcso", "dc", "ds", "di", "sgt", "sergeant", "insp", "inspector", "cllr", "councillor", "officer", "warden"];
const RELATIVES: [&str; 30] = [
    "son",
    "daughter",
    "brother",
    "sister",
    "husband",
    "wife",
    "partner",
    "boyfriend",
    "girlfriend",
    "mother",
    "father",
    "mum",
    "dad",
    "grandson",
    "granddaughter",
    "nephew",
    "niece",
    "cousin",
    "uncle",
    "aunt",
    "stepson",
    "stepdaughter",
    "stepfather",
    "stepmother",
    "twin",
    "fiance",
    "fiancee",
    "ex",
    "neighbour",
    "friend",
];
const SOMEBODY: [&str; 13] =
    ["girl", "boy", "lad", "lass", "male", "female", "man", "woman", "youth", "teenager", "child", "person", "kid"];
const PARTICLES: [&str; 10] = ["de", "van", "von", "bin", "al", "el", "der", "la", "du", "di"];
/// What a word with a capital is when it stands where a family name would.
const PLACES: [&str; 62] = [
    "street",
    "road",
    "lane",
    "avenue",
    "close",
    "drive",
    "court",
    "green",
    "park",
    "place",
    "terrace",
    "way",
    "hill",
    "square",
    "gardens",
    "crescent",
    "house",
    "school",
    "shop",
    "hotel",
    "police",
    "council",
    "housing",
    "homes",
    "estate",
    "centre",
    "hall",
    "church",
    "bridge",
    "station",
    "view",
    "walk",
    "grove",
    "row",
    "mews",
    "rise",
    "gate",
    "north",
    "south",
    "east",
    "west",
    "club",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "stores",
];
/// Words that begin a sentence and are names besides.
const SENTENCE_STARTERS: [&str; 10] = ["will", "may", "mark", "bill", "art", "pat", "rob", "sue", "grant", "dawn"];

/// A word of the text.
struct Word<'a> {
    text: &'a str,
    lower: String,
    /// Something ends after it: a comma, a bracket, a sentence.
    ends: bool,
    /// A full stop, question or exclamation mark ends a sentence before it.
    begins_sentence: bool,
}

impl Word<'_> {
    fn is_capitalised(&self) -> bool {
        let mut letters = self.text.chars().filter(|c| c.is_alphabetic());
        letters.next().is_some_and(char::is_uppercase)
            && self.text.chars().filter(|c| c.is_alphabetic()).count() >= 2
            && !self.is_initials()
    }

    /// One or two capitals, or capitals with full stops: J, JP, J.P.
    fn is_initials(&self) -> bool {
        let letters: Vec<char> = self.text.chars().filter(|c| *c != '.').collect();
        (1..=3).contains(&letters.len()) && letters.iter().all(|c| c.is_uppercase()) && (letters.len() < 3 || self.text.contains('.'))
    }

    fn is(&self, list: &[&str]) -> bool {
        list.contains(&self.lower.as_str())
    }

    /// A word that could be part of a name.
    fn is_name(&self) -> bool {
        self.is_capitalised()
            && !self.is(&PLACES)
            && !self.is(&TITLES)
            && !self.is(&RANKS)
            && self.text.chars().all(|c| c.is_alphabetic() || "'’-".contains(c))
    }
}

/// The people named in a text, in the order in which they stand, each once.
pub fn people_named_in(text: &str) -> Vec<ExtractedName> {
    let words = words(text);
    let mut found: Vec<ExtractedName> = Vec::new();
    let mut at = 0;
    while at < words.len() && found.len() < MOST {
        let taken = if words[at].is(&RANKS) {
            Some((None, 1 + run(&words[at + 1..], 3).len()))
        } else {
            titled(&words[at..]).or_else(|| relative(&words[at..])).or_else(|| nickname(&words[at..])).or_else(|| whole(&words[at..]))
        };
        let Some((name, length)) = taken else {
            at += 1;
            continue;
        };
        found.extend(name);
        at += length.max(1);
    }
    without_repeats(found)
}

type Taken = Option<(Option<ExtractedName>, usize)>;

fn extracted(name: PersonName, rule: ExtractionRule) -> Option<ExtractedName> {
    Some(ExtractedName { name, rule })
}

/// The words from the first on that are parts of one name, at most `most`.
fn run<'a, 'b>(words: &'a [Word<'b>], most: usize) -> &'a [Word<'b>] {
    let mut length = 0;
    while length < most {
        let Some(word) = words.get(length) else { break };
        let particle =
            length > 0 && word.is(&PARTICLES) && words[length..].iter().find(|word| !word.is(&PARTICLES)).is_some_and(Word::is_name);
        if !(word.is_name() || word.is_initials() && word.lower != "i" || particle) {
            break;
        }
        length += 1;
        if word.ends {
            break;
        }
    }
    &words[..length]
}

fn joined(words: &[Word<'_>]) -> Option<String> {
    (!words.is_empty()).then(|| words.iter().map(|word| word.text).collect::<Vec<_>>().join(" "))
}

/// Where the family name begins: at the last word, or at the particle before it.
fn family_at(words: &[Word<'_>]) -> usize {
    let mut at = words.len().saturating_sub(1);
    while at > 0 && words[at - 1].is(&PARTICLES) {
        at -= 1;
    }
    at
}

/// Mr J Smith, Mrs O'Neill, Miss Anna van der Berg.
fn titled(words: &[Word<'_>]) -> Taken {
    let title = words.first().filter(|word| word.is(&TITLES) && word.text.starts_with(char::is_uppercase))?;
    let parts = run(&words[1..], 4);
    parts.last().filter(|word| word.is_name())?;
    let family = family_at(parts);
    // Four words without an initial or a particle are no name: a sentence in capitals.
    if parts.len() > 3 && !parts.iter().any(|word| word.is(&PARTICLES) || word.is_initials()) {
        return None;
    }
    let name = PersonName {
        title: Some(title.text.to_owned()),
        given: joined(&parts[..family]),
        family: joined(&parts[family..]),
        ..PersonName::default()
    };
    Some((extracted(name, ExtractionRule::TitledName), 1 + parts.len()))
}

/// Her son Kyle; his brother, Dean Turpin; a daughter called Chloe.
fn relative(words: &[Word<'_>]) -> Taken {
    words.first().filter(|word| word.is(&RELATIVES))?;
    let called = usize::from(words.get(1).is_some_and(|word| matches!(word.lower.as_str(), "called" | "named" | "is")));
    let parts = run(&words[1 + called..], 2);
    parts.first().filter(|word| word.is_name())?;
    let name = PersonName { given: joined(&parts[..1]), family: joined(&parts[1..]), ..PersonName::default() };
    Some((extracted(name, ExtractionRule::Relative), 1 + called + parts.len()))
}

/// A girl known as Shaz; aka Jinx; a lad called Tommo.
fn nickname(words: &[Word<'_>]) -> Taken {
    let lower = |at: usize| words.get(at).map_or("", |word| word.lower.as_str());
    let before = match (lower(0), lower(1)) {
        ("known" | "goes", "as" | "by") | ("street", "name") => 2,
        ("known", "only" | "locally" | "just") if lower(2) == "as" => 3,
        ("aka" | "nicknamed", _) => 1,
        (somebody, "called" | "named" | "nicknamed") if SOMEBODY.contains(&somebody) => 2,
        _ => return None,
    };
    let parts = run(&words[before..], 2);
    parts.first().filter(|word| word.is_name())?;
    let rule = if parts.len() == 1 { ExtractionRule::Nickname } else { ExtractionRule::WholeName };
    let name = match rule {
        ExtractionRule::WholeName => PersonName { given: joined(&parts[..1]), family: joined(&parts[1..]), ..PersonName::default() },
        _ => PersonName { full: joined(parts), ..PersonName::default() },
    };
    Some((extracted(name, rule), before + parts.len()))
}

/// Kyle Brannigan: a given name that is known as one, and a family name.
fn whole(words: &[Word<'_>]) -> Taken {
    let first = words.first().filter(|word| word.is_name() && !word.ends && nicknames::is_given_name(&word.lower))?;
    let parts = run(words, 3);
    if parts.len() < 2
        || (first.begins_sentence && first.is(&SENTENCE_STARTERS))
        || words.get(parts.len()).is_some_and(|next| !parts[parts.len() - 1].ends && next.is(&PLACES))
    {
        return None;
    }
    parts.last().filter(|word| word.is_name())?;
    let family = family_at(parts);
    let name = PersonName {
        given: joined(&parts[..1]),
        middle: joined(&parts[1..family]),
        family: joined(&parts[family..]),
        ..PersonName::default()
    };
    Some((extracted(name, ExtractionRule::WholeName), parts.len()))
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut begins_sentence = true;
    for raw in text.split_whitespace().flat_map(|raw| raw.split('/')) {
        let bare = raw.trim_matches(|c: char| !c.is_alphanumeric() && c != '.').trim_start_matches('.');
        let possessive = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s")).unwrap_or(bare);
        let dotted =
            possessive.len() <= 6 && possessive.contains('.') && possessive.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
        let word = if dotted { possessive } else { possessive.trim_end_matches('.') };
        if word.is_empty() {
            // A dash or a bracket by itself ends what stands before it.
            if let Some(Word { ends, .. }) = words.last_mut() {
                *ends = true;
            }
            continue;
        }
        let tail = &raw[raw.rfind(word).map_or(0, |at| at + word.len())..];
        let title = TITLES.contains(&word.to_lowercase().as_str()) || RANKS.contains(&word.to_lowercase().as_str());
        let initial = word.chars().filter(|c| c.is_alphabetic()).count() == 1;
        let stops = tail.chars().any(|c| "!?".contains(c)) || (tail.contains('.') && !title && !initial && !dotted);
        let ends = stops || possessive.len() < bare.len() || tail.chars().any(|c| ",;:()\"”".contains(c));
        words.push(Word { text: word, lower: word.to_lowercase(), ends, begins_sentence });
        begins_sentence = stops;
    }
    words
}

/// Each name once; one that is a shorter form of another that is there is left out: Mr Smith beside Mr J Smith.
fn without_repeats(found: Vec<ExtractedName>) -> Vec<ExtractedName> {
    let shorter = |one: &PersonName, other: &PersonName| {
        let same_family = one.family.is_some() && one.family == other.family;
        same_family
            && (one.given.is_none() && other.given.is_some()
                || one.given == other.given && (one.title.is_none() || one.title == other.title))
    };
    let mut kept: Vec<ExtractedName> = Vec::new();
    for (at, one) in found.iter().enumerate() {
        let told = found.iter().enumerate().any(|(place, other)| {
            place != at
                && (one.name == other.name && place < at
                    || one.name != other.name && shorter(&one.name, &other.name) && !(shorter(&other.name, &one.name) && at < place))
        });
        if !told {
            kept.push(one.clone());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, &'static str)> {
        people_named_in(text).into_iter().map(|one| (one.name.whole(), one.rule.as_str())).collect()
    }

    fn one(text: &str, name: &str, rule: &'static str) {
        assert_eq!(found(text), [(name.to_owned(), rule)], "{text}");
    }

    #[test]
    fn a_title_with_initials_and_a_family_name() {
        one("Caller states Mr J Smith was shouting again.", "Mr J Smith", "titled_name");
        one("Mrs. A. B. O'Neill rang", "Mrs A. B. O'Neill", "titled_name");
        one("Visited Miss Jones. Nothing heard.", "Miss Jones", "titled_name");
        one("spoke to Dr Anna van der Berg, who", "Dr Anna van der Berg", "titled_name");
        one("noise from Mr J Smith, Mr Smith denies it", "Mr J Smith", "titled_name");
    }

    #[test]
    fn a_relative_by_first_name() {
        one("her son Kyle threw stones", "Kyle", "relative");
        one("and his brother, Dean Turpin, ran off", "Dean Turpin", "relative");
        one("a daughter called Chloe", "Chloe", "relative");
        assert_eq!(found("Mr J Smith's son Liam"), [("Mr J Smith".to_owned(), "titled_name"), ("Liam".to_owned(), "relative")]);
    }

    #[test]
    fn a_nickname_alone() {
        one("a girl known only by nickname, known as \"Shaz\", spat", "Shaz", "nickname");
        one("A girl known only as Shaz was the loudest", "Shaz", "nickname");
        one("lad called Tommo on a bike", "Tommo", "nickname");
        one("youth aka Jinx", "Jinx", "nickname");
    }

    #[test]
    fn a_whole_name() {
        one("It was Kyle Brannigan who did it", "Kyle Brannigan", "whole_name");
        one("seen with Margaret Ann Ashworth at the shop", "Margaret Ann Ashworth", "whole_name");
    }

    #[test]
    fn what_is_no_name_of_a_person_is_left_alone() {
        for text in [
            "Youths on Norton Road and in Mill Lane near Victoria Park",
            "PC John Smith attended with PCSO Dee Carter",
            "Will Police attend? May Day. Bill Street. Albert Road",
            "son was there, brother too",
            "called Police at 21.30, known as a problem",
            "",
            "the son of the landlord. Kyle",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn any_text_is_taken() {
        for text in ["Mr", "Mr .", "....", "Mr J", "son", "known as", "Mr J. ", "é’s ’s / /", "Mr \u{202e}Smith"] {
            people_named_in(text);
        }
        assert!(people_named_in(&"Mr A Smitha ".repeat(5_000)).len() <= MOST);
    }
}
