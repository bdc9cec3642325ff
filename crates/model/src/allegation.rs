//! Allegations: who says what about whom, and how they know. A counter-allegation is one of its own, linked.

use crate::{Problems, Timestamp, Uuid, agency::words};
use serde::{Deserialize, Serialize};

words! {
    /// How the person who alleges it knows.
    Basis, "a basis" {
        /// They saw or heard it themselves.
        Saw = "saw",
        /// Somebody told them.
        WasTold = "was_told",
        /// They worked it out.
        Inferred = "inferred",
    }
}

words! {
    /// What became of an allegation. Withdrawn and mistaken ones never count against anyone.
    AllegationStatus, "an allegation status" {
        /// Said, nothing more yet.
        Alleged = "alleged",
        /// Admitted by the person it is about.
        Admitted = "admitted",
        /// Established by evidence.
        Established = "established",
        /// Looked into and not established.
        NotEstablished = "not_established",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// It was somebody else.
        MistakenIdentity = "mistaken_identity",
    }
}

impl AllegationStatus {
    /// Whether it may be counted against the person it is about.
    pub fn counts(self) -> bool {
        !matches!(self, Self::Withdrawn | Self::MistakenIdentity | Self::NotEstablished)
    }
}

/// An allegation as it is sent in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAllegation {
    /// An id made by the client, for retries; otherwise made here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// The involvement that says so; absent when it is the agency itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<Uuid>,
    /// The involvement it is about.
    pub about: Uuid,
    /// What is alleged.
    pub what: String,
    /// How the person knows.
    pub basis: Basis,
    /// What became of it; `alleged` unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AllegationStatus>,
    /// Why it has that status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
    /// The allegation this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter_to: Option<Uuid>,
}

/// An allegation as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Allegation {
    /// Its id, kept for ever.
    pub id: Uuid,
    /// The incident's version at which it last changed.
    pub version: i64,
    /// The agency that recorded it.
    pub recorded_by: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The involvement that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<Uuid>,
    /// The involvement it is about.
    pub about: Uuid,
    /// What is alleged.
    pub what: String,
    /// How the person knows.
    pub basis: Basis,
    /// What became of it.
    pub status: AllegationStatus,
    /// Why it has that status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
    /// The allegation this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter_to: Option<Uuid>,
}

impl NewAllegation {
    /// Checks it and gives what is kept. That the involvements it names exist is checked by the incident.
    pub fn settle(self, id: Uuid, recorded_by: Uuid, now: Timestamp, problems: &mut Problems) -> Allegation {
        problems.text("what", &self.what, 4_000);
        problems.optional_text("status_reason", self.status_reason.as_deref(), 1_000);
        if self.made_by == Some(self.about) {
            problems.add("about", "same_person", "must not be the person who alleges it");
        }
        Allegation {
            id,
            version: 1,
            recorded_by,
            recorded_at: now,
            made_by: self.made_by,
            about: self.about,
            what: self.what,
            basis: self.basis,
            status: self.status.unwrap_or(AllegationStatus::Alleged),
            status_reason: self.status_reason,
            counter_to: self.counter_to,
        }
    }
}

impl Allegation {
    /// The same as it would be sent in, for edits.
    pub fn as_new(&self) -> NewAllegation {
        NewAllegation {
            id: None,
            made_by: self.made_by,
            about: self.about,
            what: self.what.clone(),
            basis: self.basis,
            status: Some(self.status),
            status_reason: self.status_reason.clone(),
            counter_to: self.counter_to,
        }
    }
}
