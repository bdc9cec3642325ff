//! Intelligence: a kind of record of its own, graded 3x5x2 (College of Policing). Police only unless it is released, in no
//! count, and its source stored apart.

use crate::{Problems, agency::words};
use serde::{Deserialize, Serialize};

words! {
    /// How reliable the source is.
    SourceEvaluation, "a source evaluation" {
        /// Reliable.
        Reliable = "1",
        /// Untested.
        Untested = "2",
        /// Not reliable.
        NotReliable = "3",
    }
}

words! {
    /// What is known of what the source says.
    Assessment, "an intelligence assessment" {
        /// Known directly.
        KnownDirectly = "A",
        /// Known indirectly but corroborated.
        Corroborated = "B",
        /// Known indirectly.
        KnownIndirectly = "C",
        /// Not known.
        NotKnown = "D",
        /// Suspected to be false.
        SuspectedFalse = "E",
    }
}

words! {
    /// How it may be handled.
    Handling, "a handling code" {
        /// Lawful sharing permitted.
        Permitted = "P",
        /// Lawful sharing permitted with conditions.
        Conditions = "C",
    }
}

/// The 3x5x2 grading of a piece of intelligence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grading {
    /// How reliable the source is: 1 reliable, 2 untested, 3 not reliable.
    pub source_evaluation: SourceEvaluation,
    /// What is known of what it says: A directly, B indirectly but corroborated, C indirectly, D not known, E suspected false.
    pub assessment: Assessment,
    /// P: lawful sharing permitted; C: permitted with conditions.
    pub handling: Handling,
    /// The conditions, for C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
}

impl Grading {
    /// Checks that conditions are given where the handling code has any, and only there.
    pub fn check(&self, problems: &mut Problems) {
        problems.optional_text("conditions", self.conditions.as_deref(), 1_000);
        match (self.handling, &self.conditions) {
            (Handling::Conditions, None) => problems.add("conditions", "missing", "are needed for the handling code C"),
            (Handling::Permitted, Some(_)) => problems.add("conditions", "not_used", "go only with the handling code C"),
            _ => {}
        }
    }
}
