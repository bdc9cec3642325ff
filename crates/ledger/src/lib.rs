//! The sealed audit ledger as mathematics: a Merkle tree over audit rows, signed checkpoints, keys, and the verifier that
//! checks an export without a database. No input or output but the streams it is given; see `docs/audit-ledger.md`.

pub mod checkpoint;
pub mod export;
pub mod key;
pub mod leaf;
pub mod note;
pub mod tree;
pub mod verify;

pub use checkpoint::Checkpoint;
pub use key::{PublicKey, Rotation, SigningKey};
pub use leaf::Row;
pub use tree::{Frontier, Hash};
pub use verify::{Expect, Finding, Report, verify};

use base64::{Engine, engine::general_purpose::STANDARD};

/// Bytes as base64.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Base64 as bytes; none for anything else.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}
