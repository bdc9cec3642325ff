//! Entries of the audit ledger: the operations of the Data Protection Act 2018 s.62, and every search and denial.

use crate::{Actor, Timestamp, Uuid, agency::words};
use serde::Serialize;

words! {
    /// The operation, in the words of the Act where it has one.
    Operation, "an operation" {
        /// Recording (collection).
        Collection = "collection",
        /// Changing.
        Alteration = "alteration",
        /// Reading, searching, counting.
        Consultation = "consultation",
        /// Giving out of the service, as in an export.
        Disclosure = "disclosure",
        /// Linking records or people.
        Combination = "combination",
        /// Erasing.
        Erasure = "erasure",
        /// Managing access and the service itself.
        Administration = "administration",
    }
}

words! {
    /// What came of it.
    Outcome, "an outcome" {
        /// Done.
        Granted = "granted",
        /// Refused, or not there for this caller.
        Denied = "denied",
    }
}

/// What a caller says a look-up is for: a code of the vocabulary `purposes`, and a reference that can be checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Purpose {
    /// The code.
    pub code: Option<String>,
    /// The incident, intake, case or log it is for.
    pub reference: Option<String>,
}

/// One entry to be written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// When it was asked for.
    pub at: Timestamp,
    /// Who asked.
    pub officer: Uuid,
    /// For which agency.
    pub agency: Uuid,
    /// The operation.
    pub operation: Operation,
    /// What exactly: the action's fixed name, as `incident.read`.
    pub action: &'static str,
    /// The records it touched or showed.
    pub records: Vec<Uuid>,
    /// What for.
    pub purpose: Purpose,
    /// What came of it.
    pub outcome: Outcome,
    /// The request.
    pub request_id: String,
    /// What was asked, where that is not told by the rest (search text): erasable.
    pub detail: Option<serde_json::Value>,
}

/// Everything about a request that the ledger keeps, known before it is carried out.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who asks.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// The request's id, told back to the client.
    pub id: String,
    /// What for.
    pub purpose: Purpose,
    /// The hash of the token that was sent: whether it is in force is asked again in the transaction that answers.
    pub token: Option<[u8; 32]>,
}

impl Request {
    /// An entry for this request.
    pub fn entry(&self, operation: Operation, action: &'static str, outcome: Outcome, records: Vec<Uuid>) -> Entry {
        Entry {
            at: self.at,
            officer: self.actor.officer,
            agency: self.actor.agency,
            operation,
            action,
            records,
            purpose: self.purpose.clone(),
            outcome,
            request_id: self.id.clone(),
            detail: None,
        }
    }
}
