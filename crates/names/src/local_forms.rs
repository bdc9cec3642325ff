//! Other forms of names that are used in one place: what a partnership adds to the tables of nicknames, without building anything
//! anew. They count for the queries they are given with, and for no others.

use crate::analysis;
use rustc_hash::FxHashMap;

/// Other forms of names, each for the other: Gaz and Gareth, Smudge and Smith.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LocalForms(FxHashMap<String, Vec<String>>);

impl LocalForms {
    /// Of pairs of names. A pair counts only where each is one word, and not the same.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> LocalForms {
        let mut forms = LocalForms::default();
        for (one, other) in pairs {
            if let (Some(one), Some(other)) = (Self::word(one), Self::word(other))
                && one != other
            {
                forms.insert(&one, &other);
                forms.insert(&other, &one);
            }
        }
        forms
    }

    /// A name as it is compared; nothing where it is not one word of two letters or more.
    pub fn word(name: &str) -> Option<String> {
        let mut parts = analysis::parts(name);
        parts.pop().filter(|part| parts.is_empty() && part.len() > 1)
    }

    fn insert(&mut self, from: &str, to: &str) {
        let known = self.0.entry(from.to_owned()).or_default();
        if !known.iter().any(|form| form == to) {
            known.push(to.to_owned());
        }
    }

    /// Other forms of a name part.
    pub(crate) fn of_part(&self, part: &str) -> &[String] {
        self.0.get(part).map_or(&[], Vec::as_slice)
    }
}
