//! An audit row as its leaf has it. Who, when, what and which records stand in the clear part; what can be erased (search
//! text, free-text references, the request id a client chose) enters only as a salted commitment, so that the leaf outlives
//! it. Every field is preceded by its length, so that no two rows have the same bytes.

use crate::tree::{self, Hash};
use model::Uuid;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The action of the entry that an erasure of a payload leaves.
pub const ERASES: &str = "audit.erase_payload";
/// The salt of a row whose payload is there: 16 bytes for the row, 16 for the payload.
pub const WHOLE_SALT: usize = 32;
/// What is left of it once the payload is erased.
pub const ROW_SALT: usize = 16;

const ROW_TAG: &[u8] = b"beacon audit row 1\n";
const PAYLOAD_TAG: &[u8] = b"beacon audit payload 1\n";

/// A row, each text exactly as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Its number.
    pub seq: i64,
    /// When: RFC 3339 in UTC, 27 characters.
    pub at: String,
    /// Who.
    pub officer: Uuid,
    /// For which agency.
    pub agency: Uuid,
    /// The operation.
    pub operation: String,
    /// What exactly.
    pub action: String,
    /// The records, as the JSON list that is stored.
    pub records: String,
    /// The purpose code.
    pub purpose: Option<String>,
    /// What came of it.
    pub outcome: String,
    /// Payload: the reference given for the purpose.
    pub purpose_reference: Option<String>,
    /// Payload: the request's id; empty once erased.
    pub request_id: String,
    /// Payload: what was asked, as the JSON that is stored.
    pub detail: Option<String>,
    /// 32 random bytes, the first 16 of them once the payload is erased.
    #[serde(with = "hexadecimal")]
    pub salt: Vec<u8>,
    /// What stands for the payload once it is erased.
    #[serde(with = "hexadecimal::optional")]
    pub payload_commitment: Option<Vec<u8>>,
}

/// The id under which an erasure names the row whose payload it erased: the letters `audit`, then the row's number.
pub fn row_id(seq: i64) -> Uuid {
    let mut bytes = [0; 16];
    bytes[..5].copy_from_slice(b"audit");
    bytes[8..].copy_from_slice(&seq.to_be_bytes());
    bytes[6] = 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    Uuid::from_bytes(bytes)
}

fn put(hash: &mut Sha256, field: &[u8]) {
    hash.update((field.len() as u64).to_be_bytes());
    hash.update(field);
}

fn put_optional(hash: &mut Sha256, field: Option<&str>) {
    match field {
        Some(text) => {
            hash.update([1]);
            put(hash, text.as_bytes());
        }
        None => hash.update([0]),
    }
}

impl Row {
    /// Whether the payload has been erased.
    pub fn is_erased(&self) -> bool {
        self.payload_commitment.is_some()
    }

    /// What stands for the payload in the leaf: made from it, or kept from when it was erased. None for a row that is
    /// neither whole nor erased as the service erases: something else was done to it.
    pub fn commitment(&self) -> Option<Hash> {
        match &self.payload_commitment {
            None => {
                let salt = self.salt.get(ROW_SALT..).filter(|salt| salt.len() == WHOLE_SALT - ROW_SALT)?;
                let mut hash = Sha256::new().chain_update(PAYLOAD_TAG).chain_update(salt);
                put_optional(&mut hash, self.purpose_reference.as_deref());
                put(&mut hash, self.request_id.as_bytes());
                put_optional(&mut hash, self.detail.as_deref());
                Some(hash.finalize().into())
            }
            Some(kept) => {
                let bare = self.purpose_reference.is_none() && self.request_id.is_empty() && self.detail.is_none();
                (bare && self.salt.len() == ROW_SALT).then(|| kept.as_slice().try_into().ok()).flatten()
            }
        }
    }

    /// The row's leaf in the tree; none where [`Row::commitment`] has none.
    pub fn leaf(&self) -> Option<Hash> {
        let commitment = self.commitment()?;
        let mut hash = Sha256::new().chain_update(ROW_TAG).chain_update(self.salt.get(..ROW_SALT)?);
        hash.update(self.seq.to_be_bytes());
        for field in [&self.at, &self.operation, &self.action, &self.records, &self.outcome] {
            put(&mut hash, field.as_bytes());
        }
        hash.update(self.officer.as_bytes());
        hash.update(self.agency.as_bytes());
        put_optional(&mut hash, self.purpose.as_deref());
        hash.update(commitment);
        let digest: Hash = hash.finalize().into();
        Some(tree::leaf(&digest))
    }

    /// The row without its payload, which still has the same leaf.
    #[must_use]
    pub fn erased(&self) -> Option<Self> {
        Some(Self {
            payload_commitment: Some(self.commitment()?.to_vec()),
            salt: self.salt.get(..ROW_SALT)?.to_vec(),
            purpose_reference: None,
            request_id: String::new(),
            detail: None,
            ..self.clone()
        })
    }
}

/// Bytes as hexadecimal text.
mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::borrow::Cow;

    fn text(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn bytes(text: &str) -> Option<Vec<u8>> {
        let digits: Vec<u8> = text.chars().map(|digit| digit.to_digit(16).map(|digit| digit as u8)).collect::<Option<_>>()?;
        digits.len().is_multiple_of(2).then(|| digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]).collect())
    }

    pub(super) fn serialize<S: Serializer>(value: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text(value))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        bytes(&Cow::<'de, str>::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("not hexadecimal"))
    }

    pub(super) mod optional {
        use serde::{Deserialize, Deserializer, Serializer, de::Error};
        use std::borrow::Cow;

        pub(in super::super) fn serialize<S: Serializer>(value: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
            match value {
                Some(value) => serializer.serialize_some(&super::text(value)),
                None => serializer.serialize_none(),
            }
        }

        pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<u8>>, D::Error> {
            let text = Option::<Cow<'de, str>>::deserialize(deserializer)?;
            text.map(|text| super::bytes(&text).ok_or_else(|| D::Error::custom("not hexadecimal"))).transpose()
        }
    }
}
