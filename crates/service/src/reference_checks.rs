//! Reference checks before a tenancy is offered. A reference may rest on nothing but an order, a conviction or an admission of an
//! adult, released by an officer: never on an allegation, on having been a victim, on a name found in a text or on a score. Beacon
//! keeps none of these yet; so nobody is looked up, no name is asked for, and the answer is whom to ask.

use crate::{Service, ServiceError, openings::notice};
use model::{
    Role, Timestamp, Uuid,
    audit::{Operation, Request},
    entropy,
    notice::NoticeKind,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{
    agencies,
    notices::{self, For},
    partnerships,
    reference_checks::{self, ReferenceCheckRow},
};

/// A check as it is asked for. It names nobody: the reference of the purpose says which application it is for.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReferenceCheck {
    /// The power it rests on (vocabulary `disclosure_bases`).
    #[schema(example = "consent")]
    pub basis: String,
}

/// What a check answers.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ReferenceCheck {
    /// Its id, to be told to the applicant: by it they dispute it.
    pub id: Uuid,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// The officer who asked.
    pub officer: Uuid,
    /// The power it rests on.
    pub basis: String,
    /// What may be answered.
    pub answer: ReferenceAnswer,
    /// When it was disputed, if so: nothing is decided by it meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disputed_at: Option<Timestamp>,
}

/// The answer to a reference check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReferenceAnswer {
    /// Beacon keeps no orders, convictions or admissions: nobody was looked up, and this says nothing about anybody. Ask these.
    AskAgencies {
        /// Every other agency of the partnership, whatever it holds.
        agencies: Vec<AgencyToAsk>,
    },
}

/// An agency to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AgencyToAsk {
    /// The agency.
    pub agency: Uuid,
    /// Its name.
    pub name: String,
    /// How to reach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

fn view(row: ReferenceCheckRow) -> Result<ReferenceCheck, ServiceError> {
    let answer = serde_json::from_str(&row.answer).map_err(store::StoreError::from)?;
    let ReferenceCheckRow { id, asked_at, officer, basis, disputed_at, .. } = row;
    Ok(ReferenceCheck { id, asked_at, officer, basis, answer, disputed_at })
}

impl Service {
    /// Asks for a reference.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Invalid`] for the basis or the purpose.
    pub async fn check_reference(&self, request: &Request, new: NewReferenceCheck) -> Result<ReferenceCheck, ServiceError> {
        const ACTION: &str = "reference.check";
        self.check_purpose(request, ACTION).await?;
        self.write(request, Operation::Consultation, ACTION, move |tx, _, request| {
            Box::pin(async move {
                if !request.actor.works_with_people() {
                    return Err(ServiceError::Forbidden("officers, supervisors and safeguarding leads ask for references"));
                }
                if !model::vocabulary::current().has("disclosure_bases", &new.basis) {
                    let remedy = model::vocabulary::current().remedy("disclosure_bases");
                    return Err(ServiceError::invalid("/basis", "unknown_code", remedy));
                }
                let own = &request.actor.partnerships;
                let members = partnerships::memberships(tx).await?;
                let with: BTreeSet<Uuid> = members
                    .iter()
                    .filter(|member| own.contains(&member.partnership) && member.at(request.at) && member.agency != request.actor.agency)
                    .map(|member| member.agency)
                    .collect();
                let all = agencies::all(tx).await?.into_iter().filter(|agency| with.contains(&agency.id));
                let agencies = all.map(|agency| AgencyToAsk { agency: agency.id, name: agency.name, contact: agency.contact }).collect();
                let answer = ReferenceAnswer::AskAgencies { agencies };
                let row = ReferenceCheckRow {
                    id: entropy::id(request.at),
                    agency: request.actor.agency,
                    officer: request.actor.officer,
                    asked_at: request.at,
                    basis: new.basis,
                    answer: serde_json::to_string(&answer).map_err(store::StoreError::from)?,
                    disputed_at: None,
                };
                reference_checks::insert(tx, &row).await?;
                let id = row.id;
                Ok((view(row)?, vec![id]))
            })
        })
        .await
    }

    /// The reference checks of the own agency, the latest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`].
    pub async fn list_reference_checks(
        &self,
        request: &Request,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<ReferenceCheck>, ServiceError> {
        let agency = request.actor.agency;
        if !request.actor.works_with_people() && !request.actor.audits() {
            let refusal = ServiceError::Forbidden("your role reads no reference checks");
            return Err(self.note_refusal(request, "reference.list", refusal).await);
        }
        let rows =
            self.read(move |tx, _| Box::pin(async move { Ok(reference_checks::of_agency(tx, agency, before, limit).await?) })).await?;
        self.note_look(request, "reference.list", rows.iter().map(|row| row.id).collect()).await?;
        rows.into_iter().map(view).collect()
    }

    /// Notes that the person it was about disputes a check of the own agency, and tells its data protection officers.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for another agency's, [`ServiceError::Conflict`] when it is disputed already.
    pub async fn dispute_reference(&self, request: &Request, id: Uuid) -> Result<ReferenceCheck, ServiceError> {
        self.write(request, Operation::Alteration, "reference.dispute", move |tx, _, request| {
            Box::pin(async move {
                let found = reference_checks::by_id(tx, id, request.actor.agency).await?.ok_or(ServiceError::NotFound)?;
                if !reference_checks::dispute(tx, found.id, request.actor.agency, request.actor.officer, request.at).await? {
                    return Err(ServiceError::Conflict("this check is disputed already".to_owned()));
                }
                let told = notice(request, NoticeKind::ReferenceDisputed, request.actor.agency, None, Some(id));
                notices::tell(tx, &told, For::Role(Role::DataProtectionOfficer)).await?;
                Ok((view(ReferenceCheckRow { disputed_at: Some(request.at), ..found })?, vec![id]))
            })
        })
        .await
    }
}
