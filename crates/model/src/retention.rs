//! How long records are kept: by class, children apart, counted in months from the last activity.

use crate::{Incident, SharingLevel, Timestamp, Uuid, agency::words};
use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

words! {
    /// The class of a record, as far as its retention goes.
    RetentionClass, "a class of records" {
        /// Any other.
        Ordinary = "ordinary",
        /// Domestic abuse, honour-based, a child at risk.
        Sensitive = "sensitive",
        /// Intelligence.
        Intelligence = "intelligence",
        /// Open data.
        Published = "published",
    }
}

words! {
    /// What is decided when a record is due for review.
    RetentionDecisionKind, "a decision" {
        /// It is kept until another review.
        Retain = "retain",
        /// It is erased whole.
        Dispose = "dispose",
    }
}

/// How long an agency keeps one class of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The class.
    pub class: RetentionClass,
    /// Records in which somebody known or taken to be under 18 is involved.
    pub children: bool,
    /// Months from the last activity until it is reviewed.
    pub months: u16,
    /// The agency has not set it: a local default, the general minimum of six years, and no national rule.
    #[serde(default)]
    pub local_default: bool,
}

/// The general minimum: six years.
pub const DEFAULT_MONTHS: u16 = 72;

impl Schedule {
    /// Every class, children and others, as long as nobody has decided.
    pub fn defaults() -> Vec<Self> {
        let both = RetentionClass::ALL.iter().flat_map(|class| [false, true].map(|children| (*class, children)));
        both.map(|(class, children)| Self { class, children, months: DEFAULT_MONTHS, local_default: true }).collect()
    }
}

/// What was decided about a record that was due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RetentionDecision {
    /// Its id.
    pub id: Uuid,
    /// The agency whose record it is or was.
    pub agency: Uuid,
    /// The officer who decided.
    pub officer: Uuid,
    /// When.
    pub at: Timestamp,
    /// The incident.
    pub incident: Uuid,
    /// What.
    pub decision: RetentionDecisionKind,
    /// Why (vocabulary `retention_reasons`).
    pub reason: String,
    /// When it is reviewed again; none for what was disposed of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub next_review: Option<Date>,
    /// The erasure that disposed of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erasure: Option<Uuid>,
}

impl Incident {
    /// The class its retention goes by.
    pub fn retention_class(&self) -> RetentionClass {
        let label = self.label();
        match () {
            () if label.intelligence => RetentionClass::Intelligence,
            () if self.details.sharing.level == SharingLevel::Open => RetentionClass::Published,
            () if label.sensitive => RetentionClass::Sensitive,
            () => RetentionClass::Ordinary,
        }
    }

    /// Whether somebody in it is known or was taken to be under 18: an unknown age alone does not count here, or every
    /// record would be a child's.
    pub fn concerns_children(&self) -> bool {
        let days = self.details.occurred.days();
        self.involvements.iter().any(|part| part.age_on(days).is_some() && part.is_treated_as_child(days))
    }

    /// The day on which it is due for review under some schedules.
    pub fn review_day(&self, schedules: &[Schedule]) -> Date {
        let (class, children) = (self.retention_class(), self.concerns_children());
        let months = schedules.iter().find(|one| (one.class, one.children) == (class, children)).map_or(DEFAULT_MONTHS, |one| one.months);
        self.changed_at.london_day().saturating_add(Span::new().months(months))
    }
}
