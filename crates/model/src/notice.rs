//! Notices: what somebody has to be told, kept until they have seen it.

use crate::{Timestamp, Uuid, agency::words};
use serde::Serialize;

words! {
    /// What a notice tells.
    NoticeKind, "a kind of notice" {
        /// An officer who is blocked from a record asked for it.
        BlockedLook = "blocked_look",
        /// An officer read a record that fits what they have declared about themselves, family or homes.
        DeclaredConflict = "declared_conflict",
        /// Emergency access was taken to records.
        EmergencyAccess = "emergency_access",
        /// A secondment ends soon.
        SecondmentEnds = "secondment_ends",
        /// Somebody asks about a record.
        Ask = "ask",
        /// An ask was answered.
        AskAnswered = "ask_answered",
        /// A record was released to the agency.
        Release = "release",
        /// A reference check is disputed by the person it was about.
        ReferenceDisputed = "reference_disputed",
    }
}

/// Something somebody has to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Notice {
    /// Its id.
    pub id: Uuid,
    /// What it tells.
    pub kind: NoticeKind,
    /// The agency it is for.
    pub agency: Uuid,
    /// The officer it is about, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Uuid>,
    /// The record it is about: an incident, secondment, ask, release, reference check or emergency access.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Uuid>,
    /// When.
    pub at: Timestamp,
    /// When somebody it is for has seen it, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Timestamp>,
}
