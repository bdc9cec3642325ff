//! Decisions that open or close single records beside their sharing: releases, blocks, emergency access.

use crate::{Timestamp, Uuid, access::Grade};
use serde::Serialize;

/// A record given to an agency or officer beyond its sharing, by the agency that owns it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Release {
    /// Its id.
    pub id: Uuid,
    /// The record.
    pub incident: Uuid,
    /// Whose it is.
    pub owner: Uuid,
    /// The agency it was given to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_agency: Option<Uuid>,
    /// The officer it was given to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_officer: Option<Uuid>,
    /// How much of it.
    pub grade: Grade,
    /// The power it rests on (vocabulary `disclosure_bases`).
    pub basis: String,
    /// What the recipient must keep to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
    /// From when.
    pub from: Timestamp,
    /// Until when: it opens nothing from that moment.
    pub until: Timestamp,
    /// Who released it.
    pub released_by: Uuid,
    /// When that was entered.
    pub recorded_at: Timestamp,
    /// When it was revoked, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_by: Option<Uuid>,
}

/// An officer closed out of one record, whatever else opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Block {
    /// Its id.
    pub id: Uuid,
    /// The record.
    pub incident: Uuid,
    /// The officer.
    pub officer: Uuid,
    /// The agency whose supervisor set it.
    pub agency: Uuid,
    /// Why.
    pub reason: String,
    /// Who set it.
    pub set_by: Uuid,
    /// When.
    pub set_at: Timestamp,
    /// When it was lifted, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifted_at: Option<Timestamp>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifted_by: Option<Uuid>,
}

/// Emergency access: one safeguarding lead, the records of one person, 60 minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EmergencyAccess {
    /// Its id.
    pub id: Uuid,
    /// The safeguarding lead.
    pub officer: Uuid,
    /// The agency acted for.
    pub agency: Uuid,
    /// Why.
    pub reason: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Until when: it opens nothing from that moment.
    pub until: Timestamp,
    /// How many records it opened, of those whoever reads this answers for.
    pub records: i64,
}
