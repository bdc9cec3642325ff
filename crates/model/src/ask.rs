//! Asks: a question to the agency that holds a record which is not open to one, and its answer.

use crate::{PartialDate, Problems, Timestamp, Uuid, agency::words};
use serde::{Deserialize, Serialize};

words! {
    /// What the holder answers.
    AskAnswer, "an answer" {
        /// The record has been released, or told.
        Told = "told",
        /// Call the holder's contact.
        CallUs = "call_us",
        /// Nothing can be told.
        Refused = "refused",
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What one needs to know, and why.
    pub question: String,
    /// The name it is about, where no record is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The date of birth that goes with the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<PartialDate>,
}

/// A question to the agency that holds a record, and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Ask {
    /// Its id.
    pub id: Uuid,
    /// The agency that asks.
    pub from_agency: Uuid,
    /// Its officer.
    pub from_officer: Uuid,
    /// The agency asked.
    pub to_agency: Uuid,
    /// The record asked about, where one is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<Uuid>,
    /// What is asked.
    #[serde(flatten)]
    pub question: Question,
    /// When.
    pub asked_at: Timestamp,
    /// What the holder answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<AskAnswer>,
    /// What the holder adds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<Uuid>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
}

impl Question {
    /// Checks the texts.
    pub fn check(&self, problems: &mut Problems) {
        problems.text("question", &self.question, 1_000);
        problems.optional_text("name", self.name.as_deref(), 200);
    }
}
