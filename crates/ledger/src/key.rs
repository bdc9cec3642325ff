//! Signing keys (Ed25519), kept as PKCS#8 PEM, and the statements by which one key hands over to the next.

use crate::{
    base64, from_base64,
    note::{self, Note},
};
use model::Timestamp;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};

/// What a PKCS#8 document of an Ed25519 seed begins with; the seed follows (RFC 8410).
const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";
/// The kind of signature in a note: Ed25519.
const ED25519_NOTE: u8 = 1;
/// The first line of a rotation statement.
const ROTATION: &str = "beacon audit key rotation";

/// A key that signs checkpoints. It never shows itself.
pub struct SigningKey {
    seed: [u8; 32],
    pair: Ed25519KeyPair,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", base64(&self.public().0))
    }
}

impl SigningKey {
    /// The key of 32 random bytes; none never happens for bytes that are random.
    pub fn from_seed(seed: [u8; 32]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).ok()?;
        Some(Self { seed, pair })
    }

    /// The key in a PEM file; none where the text is no unencrypted Ed25519 key in PKCS#8.
    pub fn from_pem(text: &str) -> Option<Self> {
        let inside: String = text.split_once(BEGIN)?.1.split_once(END)?.0.split_whitespace().collect();
        let der = from_base64(&inside)?;
        Self::from_seed(der.strip_prefix(&PKCS8)?.try_into().ok()?)
    }

    /// The key as a PEM file, to be kept from everybody else.
    pub fn to_pem(&self) -> String {
        format!("{BEGIN}\n{}\n{END}\n", base64(&[&PKCS8[..], &self.seed].concat()))
    }

    /// The half of it that everybody may have.
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.pair.public_key().as_ref());
        PublicKey(bytes)
    }

    /// Signs.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }
}

/// The key that checks signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// The key in 32 bytes of base64.
    pub fn from_base64(text: &str) -> Option<Self> {
        Some(Self(from_base64(text)?.try_into().ok()?))
    }

    /// Whether a signature is this key's.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signature).is_ok()
    }

    /// The four bytes that name the key in a note (C2SP signed-note).
    pub fn id(&self, name: &str) -> [u8; 4] {
        let digest = Sha256::new().chain_update(name).chain_update([b'\n', ED25519_NOTE]).chain_update(self.0).finalize();
        [digest[0], digest[1], digest[2], digest[3]]
    }

    /// The key as text with its name, as tools for signed notes take it: `NAME+ID+KEY`.
    pub fn to_text(&self, name: &str) -> String {
        let id: String = self.id(name).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{name}+{id}+{}", base64(&[&[ED25519_NOTE], &self.0[..]].concat()))
    }

    /// Such a text as a key; none where it is not one, or its id is another's.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '+');
        let (name, _, key) = (parts.next()?, parts.next()?, parts.next()?);
        let key = Self(from_base64(key)?.strip_prefix(&[ED25519_NOTE])?.try_into().ok()?);
        (key.to_text(name) == text.trim()).then_some(key)
    }
}

/// One key hands over to the next: from the tree of `size` leaves on, `key` signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// Whose ledger.
    pub origin: String,
    /// The leaves that were under the last checkpoint of the old key.
    pub size: u64,
    /// The new key.
    pub key: PublicKey,
    /// When.
    pub time: Timestamp,
}

impl Rotation {
    fn text(&self) -> String {
        format!("{ROTATION}\n{}\n{}\n{}\ntime {}\n", self.origin, self.size, base64(&self.key.0), self.time)
    }

    /// The statement, signed by the old key.
    pub fn sign(&self, old: &SigningKey) -> String {
        note::sign(&self.text(), &self.origin, old)
    }

    /// Whether a statement hands over to this key, in these words, signed by the old one.
    pub fn is_stated(&self, statement: &str, old: &PublicKey) -> bool {
        Note::parse(statement).is_some_and(|note| note.text() == self.text() && note.is_signed_by(&self.origin, old))
    }
}
