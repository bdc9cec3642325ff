//! Signed notes (C2SP signed-note): a text, an empty line, and lines of signatures.

use crate::{
    base64, from_base64,
    key::{PublicKey, SigningKey},
};

/// A text with its signatures, not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<(String, Vec<u8>)>,
}

/// Signs a text, which ends in a line break, under the name of the key.
pub fn sign(text: &str, name: &str, key: &SigningKey) -> String {
    let signature = [&key.public().id(name)[..], &key.sign(text.as_bytes())].concat();
    format!("{text}\n\u{2014} {name} {}\n", base64(&signature))
}

impl Note {
    /// A note as written; none for anything else.
    pub fn parse(note: &str) -> Option<Self> {
        if note.len() > 1 << 20 || note.chars().any(|letter| letter.is_control() && letter != '\n') {
            return None;
        }
        let (text, signatures) = note.rsplit_once("\n\n")?;
        let signatures = signatures.strip_suffix('\n')?.split('\n').map(|line| {
            let (name, signature) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
            Some((name.to_owned(), from_base64(signature).filter(|bytes| bytes.len() > 4)?))
        });
        let signatures: Vec<_> = signatures.collect::<Option<_>>()?;
        (signatures.len() <= 16).then(|| Self { text: format!("{text}\n"), signatures })
    }

    /// Every note of a file of notes, one after the other.
    pub fn parse_all(file: &str) -> Option<Vec<Self>> {
        let (mut notes, mut note) = (Vec::new(), String::new());
        for line in file.split_inclusive('\n') {
            let signed = note.lines().next_back().is_some_and(|last| last.starts_with('\u{2014}'));
            if signed && !line.starts_with('\u{2014}') {
                notes.push(Self::parse(&note)?);
                note.clear();
            }
            if !(note.is_empty() && line.trim().is_empty()) {
                note.push_str(line);
            }
        }
        if !note.is_empty() {
            notes.push(Self::parse(&note)?);
        }
        Some(notes)
    }

    /// What is signed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the key of this name has signed it.
    pub fn is_signed_by(&self, name: &str, key: &PublicKey) -> bool {
        self.signatures.iter().any(|(signer, signature)| {
            signer == name && signature[..4] == key.id(name) && key.verifies(self.text.as_bytes(), &signature[4..])
        })
    }
}
