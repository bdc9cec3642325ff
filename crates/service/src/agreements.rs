//! Sharing agreements: what an agency has agreed to share of a class of its records by default.

use crate::{Service, ServiceError, agencies::administers};
use model::{
    Actor, NewIncident, Problems, Sharing, Uuid,
    agreement::{Agreement, NewAgreement, RecordClass},
    audit::{Operation, Request},
    entropy,
};
use store::{agencies, agreements};

impl Service {
    /// Records how the own agency's new records of a class are shared. Its administrators only.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Invalid`].
    pub async fn set_agreement(&self, request: &Request, class: RecordClass, new: NewAgreement) -> Result<Agreement, ServiceError> {
        self.write(request, Operation::Administration, "sharing_agreement.set", move |tx, _, request| {
            Box::pin(async move {
                administers(&request.actor)?;
                if request.actor == Actor::console() {
                    return Err(ServiceError::Forbidden("an agency's own administrator records its agreement"));
                }
                let mut problems = Problems::default();
                new.check(request.at, &mut problems);
                for (at, agency) in new.agencies.iter().enumerate() {
                    if agencies::by_id(tx, *agency).await?.is_none() {
                        problems.add(&format!("agencies/{at}"), "unknown_id", "is not the id of an agency: see GET /v1/agencies");
                    }
                }
                problems.into_result().map_err(ServiceError::Invalid)?;
                let agreement = Agreement {
                    id: entropy::id(request.at),
                    agency: request.actor.agency,
                    class,
                    says: new,
                    recorded_by: request.actor.officer,
                    recorded_at: request.at,
                    ended_at: None,
                };
                agreements::replace(tx, &agreement).await?;
                let id = agreement.id;
                Ok((agreement, vec![id]))
            })
        })
        .await
    }

    /// Every sharing agreement recorded, latest first.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn list_agreements(&self) -> Result<Vec<Agreement>, ServiceError> {
        self.read(|tx, _| Box::pin(async move { Ok(agreements::all(tx).await?) })).await
    }

    /// Fills in how a new record is shared where the officer has not said: as the agency's agreement says. The sensitive
    /// classes have no default but owner-only. Gives the number of the standing that a default was taken from.
    pub(crate) fn share_as_agreed(&self, new: &mut NewIncident, agency: Uuid) -> Option<i64> {
        if new.sharing.is_some() {
            return None;
        }
        let version = self.inner.standing.book().version();
        if !new.is_sensitive() {
            let class = if new.intelligence.is_some() { RecordClass::Intelligence } else { RecordClass::Ordinary };
            new.sharing = self.inner.standing.agreed(agency, class);
        }
        Some(version)
    }
}

impl crate::standing::Standing {
    /// The sharing an agency has agreed for a class of its records.
    fn agreed(&self, agency: Uuid, class: RecordClass) -> Option<Sharing> {
        let book = self.book();
        let agreed = book.agreements.iter().find(|one| one.agency == agency && one.class == class && one.ended_at.is_none());
        agreed.map(|agreement| agreement.says.sharing())
    }
}
