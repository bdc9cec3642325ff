//! Ids worked out from a row's content, so that reading it again gives the same id: UUIDv8 over SHA-256.

use model::Uuid;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// A SHA-256.
pub(crate) type Fingerprint = [u8; 32];

/// The fingerprint of fields under a namespace. Lengths are hashed too, so that no two lists run together; empty
/// values are left out, so that an absent column and an empty cell are the same.
pub(crate) fn fingerprint<'a>(namespace: &str, fields: impl IntoIterator<Item = (&'a [u8], &'a [u8])>) -> Fingerprint {
    let mut hash = Sha256::new();
    hash.update(namespace.as_bytes());
    for (name, value) in fields {
        if !value.is_empty() {
            for part in [name, value] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
        }
    }
    hash.finalize().into()
}

/// The id of the `ordinal`th (from 0) row with a fingerprint.
pub(crate) fn id(fingerprint: &Fingerprint, ordinal: u32) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(fingerprint);
    hash.update(ordinal.to_be_bytes());
    let hash: Fingerprint = hash.finalize().into();
    Uuid::new_v8(half(&hash))
}

/// The id of the `ordinal`th row with a fingerprint among rows that are read together and begin alike. Their ids then
/// lie together too, so that a database writes few pages for many of them.
pub(crate) fn id_beside(group: [u8; 4], fingerprint: &Fingerprint, ordinal: u32) -> Uuid {
    let mut bytes = id(fingerprint, ordinal).into_bytes();
    bytes[..4].copy_from_slice(&group);
    Uuid::new_v8(bytes)
}

/// The id of a part of an incident, as its first report.
pub(crate) fn part(incident: Uuid, part: &str) -> Uuid {
    id(&fingerprint("beacon part of incident 1", [(part.as_bytes(), incident.as_bytes().as_slice())]), 0)
}

fn half(hash: &Fingerprint) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes
}

/// Counts identical rows of one file. Keeps 16 bytes and a number per distinct row.
#[derive(Debug, Default)]
pub(crate) struct Ordinals(HashMap<[u8; 16], u32>);

impl Ordinals {
    /// How many such rows came before.
    pub(crate) fn next(&mut self, fingerprint: &Fingerprint) -> u32 {
        let count = self.0.entry(half(fingerprint)).or_default();
        *count += 1;
        *count - 1
    }
}

/// Finds ids given twice in one file. Keeps 32 bytes per row.
#[derive(Debug, Default)]
pub(crate) struct Repeats(HashMap<Uuid, [u8; 16]>);

/// How an id stands among those before it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Not seen before.
    First,
    /// Seen before with the same content.
    Same,
    /// Seen before with other content.
    Different,
}

impl Repeats {
    /// Notes an id and the content it came with.
    pub(crate) fn note(&mut self, id: Uuid, content: &Fingerprint) -> Seen {
        match self.0.insert(id, half(content)) {
            None => Seen::First,
            Some(before) if before == half(content) => Seen::Same,
            Some(before) => {
                self.0.insert(id, before);
                Seen::Different
            }
        }
    }
}
