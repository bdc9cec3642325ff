//! Who has to be told that something was erased or put right: whom the ledger shows to have seen or received it.

use super::proposals::erasure_of;
use crate::{Service, ServiceError};
use model::{
    Timestamp, Uuid,
    audit::{Operation, Outcome, Request},
};
use serde::Serialize;
use store::{Tx, agencies, rectifications};

/// Somebody who saw or received a record before it was put right or erased.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct RecipientView {
    /// The agency acted for.
    pub agency: Uuid,
    /// Its name, where it is still known.
    pub agency_name: Option<String>,
    /// The officer; nil for the console.
    pub officer: Uuid,
    /// The officer's name.
    pub officer_name: Option<String>,
    /// When they were last shown it.
    pub last_at: Timestamp,
    /// In how many requests.
    pub times: i64,
    /// Whether it left the service with them, as in an export.
    pub received: bool,
}

/// What the question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToBeTold {
    /// Of an erasure.
    Erasure(Uuid),
    /// Of a rectification.
    Rectification(Uuid),
}

impl Service {
    /// Who has to be told of an erasure or a rectification of the own agency.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but its data protection officers, [`ServiceError::NotFound`].
    pub async fn recipients(&self, request: &Request, of: ToBeTold) -> Result<Vec<RecipientView>, ServiceError> {
        const ACTION: &str = "recipients.read";
        self.only_officers(request, ACTION).await?;
        let (agency, now) = (request.actor.agency, request.at);
        let found = self
            .read(move |tx, _| {
                Box::pin(async move {
                    let Some((records, at)) = concerned(tx, agency, of, now).await? else { return Ok(None) };
                    let mut views = Vec::new();
                    for seen in rectifications::who_saw(tx, &records, at).await? {
                        views.push(RecipientView {
                            agency: seen.agency,
                            agency_name: agencies::by_id(tx, seen.agency).await?.map(|agency| agency.name),
                            officer: seen.officer,
                            officer_name: agencies::officer_by_id(tx, seen.officer).await?.map(|officer| officer.name),
                            last_at: seen.last_at,
                            times: seen.times,
                            received: seen.received,
                        });
                    }
                    Ok(Some((records, views)))
                })
            })
            .await?;
        let Some((records, views)) = found else {
            self.note(vec![request.entry(Operation::Consultation, ACTION, Outcome::Denied, Vec::new())]).await?;
            return Err(ServiceError::NotFound);
        };
        self.note(vec![request.entry(Operation::Consultation, ACTION, Outcome::Granted, records)]).await?;
        Ok(views)
    }
}

/// The records concerned, and the moment before which they were seen as they were.
async fn concerned(tx: &mut Tx, agency: Uuid, of: ToBeTold, now: Timestamp) -> Result<Option<(Vec<Uuid>, Timestamp)>, ServiceError> {
    Ok(match of {
        ToBeTold::Erasure(id) => {
            erasure_of(tx, agency, id).await?.map(|one| (one.incidents.iter().chain(&one.people).copied().collect(), one.at))
        }
        ToBeTold::Rectification(id) => {
            let all = rectifications::list(tx, Some(agency), now).await?;
            all.into_iter().find(|one| one.id == id).map(|one| (vec![one.incident], one.at))
        }
    })
}
