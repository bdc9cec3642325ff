//! What data protection law asks of an agency about its own records: carried out by its data protection officers.

mod dispute;
mod erase;
mod proposals;
mod recipients;
mod rectify;
mod replay;
mod retention;
mod subject_access;
mod subject_answer;
mod writing_over;

pub use dispute::NewDispute;
pub use erase::{ErasureView, NewErasure};
pub use proposals::{NewDecision, ProposalView};
pub use recipients::{RecipientView, ToBeTold};
pub use rectify::NewRectification;
pub use replay::{Missing, ReplayLine};
pub use retention::{NewRetentionDecision, NewSchedule, ReviewPage, ReviewView};

pub use subject_access::{LineView, NewLineDecision, NewSubjectRequest, SubjectRequestView};
pub use subject_answer::{Package, PackageLine, PackageRecord};

use crate::{Service, ServiceError};
use model::{
    Incident, Problems,
    audit::{Operation, Outcome, Request},
    vocabulary,
};

/// The marking that keeps a record from being erased or disposed of.
const LEGAL_HOLD: &str = "legal_hold";

/// Whoever asks must be a data protection officer of the agency acted for; nobody is seconded as one.
fn officer_of(request: &Request) -> Result<(), ServiceError> {
    if request.actor.audits() && request.actor.seconded.is_none() {
        Ok(())
    } else {
        Err(ServiceError::Forbidden("this is for the data protection officers of the agency"))
    }
}

/// The incident must be the own agency's, and free to be erased.
fn own(incident: &Incident, request: &Request) -> Result<(), ServiceError> {
    if incident.details.owning_agency != request.actor.agency {
        return Err(ServiceError::Forbidden("it is another agency's record: ask its data protection officer"));
    }
    Ok(())
}

fn unheld(incident: &Incident) -> Result<(), ServiceError> {
    if incident.details.markings.iter().any(|marking| marking == LEGAL_HOLD) { Err(ServiceError::LegalHold) } else { Ok(()) }
}

fn code(field: &str, code: &str, vocabulary: &str, problems: &mut Problems) {
    if !vocabulary::current().has(vocabulary, code) {
        problems.add(field, "unknown_code", vocabulary::current().remedy(vocabulary));
    }
}

impl Service {
    /// Refuses everybody but the agency's data protection officers, and notes the refusal: for what is only read.
    async fn only_officers(&self, request: &Request, action: &'static str) -> Result<(), ServiceError> {
        if let Err(refusal) = officer_of(request) {
            self.note(vec![request.entry(Operation::Consultation, action, Outcome::Denied, Vec::new())]).await?;
            return Err(refusal);
        }
        Ok(())
    }

    /// After an erasure was committed: nothing of it stays in SQLite's log. The follower does it again once it has built its
    /// index anew.
    pub(crate) async fn let_go_of_the_log(&self) {
        for _ in 0..30 {
            match self.inner.database.truncate_log().await {
                Ok(true) => return,
                Ok(false) => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
                Err(error) => {
                    tracing::warn!(error = %error, "the log could not be cut after an erasure");
                    return;
                }
            }
        }
        tracing::warn!("the log is still read from and could not be cut after an erasure: `beacon erasure scrub` does it");
    }
}
