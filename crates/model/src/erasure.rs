//! An erasure as it is kept: what kind of thing went and whose it was by id, never the thing itself.

use crate::{
    Timestamp, Uuid,
    agency::words,
    erasing::{ErasureKind, RedactionDecision},
};
use serde::{Deserialize, Serialize};

words! {
    /// Which kind of record a free text stands in.
    RecordKind, "a kind of record" {
        /// An incident.
        Incident = "incident",
        /// A marker.
        Marker = "marker",
        /// An intake.
        Intake = "intake",
        /// A question to another agency, or from one.
        Ask = "ask",
        /// Why a record is closed to an officer.
        Block = "block",
        /// What an officer has declared.
        Declaration = "declaration",
        /// Why emergency access was taken.
        EmergencyAccess = "emergency_access",
        /// The conditions of a release.
        Release = "release",
        /// The source of a piece of intelligence.
        Source = "source",
    }
}

/// An erasure: what kind of thing, never the thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    /// Its id.
    pub id: Uuid,
    /// The agency whose records they were.
    pub agency: Uuid,
    /// The officer who erased.
    pub officer: Uuid,
    /// When.
    pub at: Timestamp,
    /// People, or a whole incident.
    pub kind: ErasureKind,
    /// The legal basis (vocabulary `erasure_bases`).
    pub basis: String,
    /// The reason (vocabulary `erasure_reasons`).
    pub reason: String,
    /// The incidents concerned.
    pub incidents: Vec<Uuid>,
    /// The involvements whose people were erased.
    pub people: Vec<Uuid>,
    /// Which kinds of field went, as `person.name`.
    pub erased: Vec<String>,
}

/// A place in free text that may name somebody erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// The erasure.
    pub erasure: Uuid,
    /// Its number within it.
    pub number: i64,
    /// What kind of record it stands in.
    pub kind: RecordKind,
    /// Which one.
    pub record: Uuid,
    /// Where in it.
    pub pointer: String,
    /// The versions in which the text is this one; none for what has no versions.
    pub versions: Vec<i64>,
    /// First character and number of characters of each occurrence.
    pub spans: Vec<(usize, usize)>,
    /// What was decided, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<RedactionDecision>,
    /// Why it is kept (vocabulary `redaction_keep_reasons`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Uuid>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
}
