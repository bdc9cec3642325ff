//! Reports: somebody told us. Five neighbours are one incident with five reports.

use crate::{Problems, Timestamp, Uuid, vocabulary};
use serde::{Deserialize, Serialize};

/// The same event in another system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalReference {
    /// The other system, as `police log`, `tenancy` or `council CRM`.
    pub system: String,
    /// The reference there.
    pub reference: String,
}

/// A report as it is sent in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    /// An id made by the client, for retries; otherwise made here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// The involvement that is the reporter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<Uuid>,
    /// How it reached us (vocabulary `channels`); `other` unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// When we were told; now unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_at: Option<Timestamp>,
    /// The time on the device that logged it, kept beside the server's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_time: Option<Timestamp>,
    /// What the reporter wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wants: Option<String>,
    /// The same report in other systems.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external_references: Vec<ExternalReference>,
}

/// A report as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Report {
    /// Its id, kept for ever.
    pub id: Uuid,
    /// The incident's version at which it last changed.
    pub version: i64,
    /// The agency that took it.
    pub recorded_by: Uuid,
    /// The officer who took it.
    pub officer: Uuid,
    /// When it was recorded here, by the server's clock.
    pub recorded_at: Timestamp,
    /// The involvement that is the reporter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<Uuid>,
    /// How it reached us.
    pub channel: String,
    /// When we were told.
    pub reported_at: Timestamp,
    /// The time on the device that logged it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_time: Option<Timestamp>,
    /// What the reporter wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wants: Option<String>,
    /// The same report in other systems.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external_references: Vec<ExternalReference>,
}

impl NewReport {
    /// Checks it and gives what is kept.
    pub fn settle(self, id: Uuid, recorded_by: Uuid, officer: Uuid, now: Timestamp, problems: &mut Problems) -> Report {
        let channel = self.channel.unwrap_or_else(|| "other".to_owned());
        if !vocabulary::current().has("channels", &channel) {
            problems.add("channel", "unknown_code", vocabulary::current().remedy("channels"));
        }
        if self.reported_at.is_some_and(|at| at > now.plus_seconds(86_400)) {
            problems.add("reported_at", "in_the_future", "must not lie in the future: check the device's clock");
        }
        problems.optional_text("wants", self.wants.as_deref(), 2_000);
        problems.list("external_references", &self.external_references, 20);
        for (at, reference) in self.external_references.iter().enumerate() {
            problems.within(format!("external_references/{at}"), |problems| {
                problems.text("system", &reference.system, 100);
                problems.text("reference", &reference.reference, 200);
            });
        }
        Report {
            id,
            version: 1,
            recorded_by,
            officer,
            recorded_at: now,
            reporter: self.reporter,
            channel,
            reported_at: self.reported_at.unwrap_or(now),
            device_time: self.device_time,
            wants: self.wants,
            external_references: self.external_references,
        }
    }
}

impl Report {
    /// The same as it would be sent in, for edits.
    pub fn as_new(&self) -> NewReport {
        NewReport {
            id: None,
            reporter: self.reporter,
            channel: Some(self.channel.clone()),
            reported_at: Some(self.reported_at),
            device_time: self.device_time,
            wants: self.wants.clone(),
            external_references: self.external_references.clone(),
        }
    }
}
