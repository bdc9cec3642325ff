//! Asks: a tracked question to the agency that holds a record, and its answer.

use crate::{
    Retry, Service, ServiceError,
    incidents::key,
    openings::{notice, only, supervises},
    retry,
};
use model::{
    Problems, Role, Sight, Uuid,
    ask::{Ask, AskAnswer, Question},
    audit::{Operation, Request},
    entropy,
    notice::NoticeKind,
};
use serde::Deserialize;
use store::{
    agencies, asks, incidents,
    notices::{self, For},
};

/// A question to be asked: about a record one was told is held, or about somebody by name.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAsk {
    /// The record, by id or reference, as told by its holder.
    #[serde(default)]
    pub incident: Option<String>,
    /// Or the agency that was told to hold records on somebody.
    #[serde(default)]
    pub agency: Option<Uuid>,
    /// What one needs to know, and why.
    pub question: String,
    /// The name it is about, with an agency.
    #[serde(default)]
    pub name: Option<String>,
    /// The date of birth that goes with the name.
    #[serde(default)]
    pub date_of_birth: Option<model::PartialDate>,
}

/// The holder's answer.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    /// `told`, `call_us` or `refused`.
    pub answer: AskAnswer,
    /// What the holder adds.
    #[serde(default)]
    pub note: Option<String>,
}

impl Service {
    /// Asks the agency that holds a record.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Invalid`]: a record that is not there and one the caller may not know of
    /// are told alike.
    pub async fn add_ask(&self, request: &Request, new: NewAsk, retry: Option<Retry>) -> Result<Ask, ServiceError> {
        self.write(request, Operation::Disclosure, "ask.add", move |tx, service, request| {
            Box::pin(async move {
                if !request.actor.works_with_people() {
                    return Err(ServiceError::Forbidden("your role asks for no records"));
                }
                let mut problems = Problems::default();
                let question = Question { question: new.question, name: new.name, date_of_birth: new.date_of_birth };
                question.check(&mut problems);
                let (mut incident, mut to_agency) = (None, None);
                match (&new.incident, new.agency) {
                    (Some(text), None) => {
                        let found = match key(text) {
                            Ok(key) => incidents::find(tx, &key, false).await?,
                            Err(_) => None,
                        };
                        let scope = service.scope(request);
                        match found.filter(|stored| scope.sight(stored.label()) >= Sight::Held) {
                            Some(stored) => {
                                to_agency = Some(stored.incident()?.details.owning_agency);
                                incident = Some(stored.id);
                            }
                            None => problems.add("incident", "unknown_reference", "is not a record you were told of"),
                        }
                    }
                    (None, Some(agency)) => {
                        if agencies::by_id(tx, agency).await?.is_none() {
                            problems.add("agency", "unknown_id", "is not the id of an agency: see GET /v1/agencies");
                        }
                        if question.name.is_none() {
                            problems.add("name", "missing", "is needed where no record is named");
                        }
                        to_agency = Some(agency);
                    }
                    _ => problems.add("", "one_subject", "give exactly one of incident and agency"),
                }
                if to_agency == Some(request.actor.agency) {
                    problems.add("", "own_agency", "is held by your own agency");
                }
                problems.into_result().map_err(ServiceError::Invalid)?;
                let id = entropy::id(request.at);
                if let Some(before) = retry::claim(tx, request, "ask.add", retry, id).await? {
                    let ask = asks::by_id(tx, before).await?.ok_or(ServiceError::NotFound)?;
                    return Ok((ask, vec![before]));
                }
                let ask = Ask {
                    id,
                    from_agency: request.actor.agency,
                    from_officer: request.actor.officer,
                    to_agency: to_agency.ok_or(ServiceError::NotFound)?,
                    incident,
                    question,
                    asked_at: request.at,
                    answer: None,
                    note: None,
                    answered_by: None,
                    answered_at: None,
                };
                asks::insert(tx, &ask).await?;
                let told = notice(request, NoticeKind::Ask, ask.to_agency, None, Some(id));
                notices::tell(tx, &told, For::Role(Role::Supervisor)).await?;
                let records = [Some(id), incident].into_iter().flatten().collect();
                Ok((ask, records))
            })
        })
        .await
    }

    /// The asks from and to the own agency, latest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for a role that works with no records.
    pub async fn list_asks(&self, request: &Request, before: Option<Uuid>, limit: i64) -> Result<Vec<Ask>, ServiceError> {
        let agency = request.actor.agency;
        let may = only(request.actor.works_with_people() || request.actor.audits(), "your role asks for no records");
        self.register(
            request,
            "ask.list",
            may,
            |ask: &Ask| Some(ask.id),
            move |tx| Box::pin(async move { Ok(asks::of_agency(tx, agency, before, limit).await?) }),
        )
        .await
    }

    /// Answers an ask to the own agency. Its supervisors and safeguarding leads only.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Conflict`] for one that has an answer.
    pub async fn answer_ask(&self, request: &Request, id: Uuid, new: NewAnswer) -> Result<Ask, ServiceError> {
        self.write(request, Operation::Disclosure, "ask.answer", move |tx, _, request| {
            Box::pin(async move {
                let ask = asks::by_id(tx, id).await?.filter(|ask| ask.to_agency == request.actor.agency).ok_or(ServiceError::NotFound)?;
                if !crate::openings::decides(&request.actor) {
                    return Err(ServiceError::Forbidden("supervisors and safeguarding leads answer asks"));
                }
                let mut problems = Problems::default();
                problems.optional_text("note", new.note.as_deref(), 1_000);
                problems.into_result().map_err(ServiceError::Invalid)?;
                if !asks::answer(tx, id, (new.answer, new.note.as_deref()), request.actor.officer, request.at).await? {
                    return Err(ServiceError::Conflict("this ask has been answered".to_owned()));
                }
                let told = notice(request, NoticeKind::AskAnswered, ask.from_agency, None, Some(id));
                notices::tell(tx, &told, For::Officer(ask.from_officer)).await?;
                let answered = asks::by_id(tx, id).await?.ok_or(ServiceError::NotFound)?;
                Ok((answered, [Some(id), ask.incident].into_iter().flatten().collect()))
            })
        })
        .await
    }

    /// The intakes of the own agency that ended without an incident, latest first: for its supervisors.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for any other role.
    pub async fn unfinished_intakes(&self, request: &Request) -> Result<Vec<crate::intakes::UnfinishedIntake>, ServiceError> {
        let (agency, now) = (request.actor.agency, request.at);
        let may = only(supervises(&request.actor), "this is for supervisors");
        self.register(
            request,
            "intake.unfinished",
            may,
            |intake: &crate::intakes::UnfinishedIntake| Some(intake.id),
            move |tx| {
                Box::pin(async move {
                    let found = store::intakes::unfinished(tx, agency, now, 500).await?;
                    Ok(found.into_iter().map(crate::intakes::UnfinishedIntake::from).collect())
                })
            },
        )
        .await
    }
}
