//! What went over the wire: answers cut out of a connection's bytes, and the records that show in them.

use model::Uuid;
use std::collections::{HashMap, HashSet};

/// Every text by which a record can be told: its id, its reference, the id and the name of the person in it.
#[derive(Debug, Default)]
pub(super) struct Canaries(HashMap<String, Uuid>);

impl Canaries {
    pub(super) fn add(&mut self, text: &str, record: Uuid) {
        self.0.insert(text.to_owned(), record);
    }

    /// The records that show in some bytes, whole or cut off.
    pub(super) fn seen(&self, bytes: &[u8]) -> HashSet<Uuid> {
        let words = bytes.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
        words.filter_map(|word| self.0.get(std::str::from_utf8(word).ok()?).copied()).collect()
    }
}

/// An answer, or as much of it as came.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    /// Head and body.
    pub(super) bytes: &'a [u8],
    /// The request it answers, where its head is whole.
    pub(super) request: Option<String>,
    /// Whether all of it came.
    pub(super) whole: bool,
}

/// Cuts a connection's bytes into answers.
pub(super) fn pieces(mut bytes: &[u8]) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            pieces.push(Piece { bytes, request: None, whole: false });
            break;
        };
        let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
        let header = |name: &str| {
            let found = text.split("\r\n").filter_map(|line| line.split_once(':')).find(|(own, _)| own.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.trim().to_owned())
        };
        assert!(header("transfer-encoding").is_none(), "an answer in chunks: {text}");
        let length: usize = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let end = head + 4 + length;
        let piece = &bytes[..end.min(bytes.len())];
        pieces.push(Piece { bytes: piece, request: header("x-request-id"), whole: end <= bytes.len() });
        bytes = &bytes[piece.len()..];
    }
    pieces
}
