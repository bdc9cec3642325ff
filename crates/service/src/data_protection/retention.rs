//! Retention: schedules, records that are due, and the decision to keep or dispose of each.

use super::{code, erase::Prepared, officer_of, own, unheld};
use crate::{Service, ServiceError};
use jiff::civil::Date;
use model::{
    Incident, Problems, Reference, Timestamp, Uuid,
    audit::{Operation, Outcome, Request},
    entropy,
    erasing::ErasureKind,
    erasure::Erasure,
    retention::{RetentionClass, RetentionDecision, RetentionDecisionKind, Schedule},
};
use serde::{Deserialize, Serialize};
use store::{Tx, incidents::Key, retention};

/// One schedule to be set.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSchedule {
    /// The class of records.
    pub class: RetentionClass,
    /// Records in which children are involved, or those in which none is.
    pub children: bool,
    /// Months from the last activity until a record is reviewed: 1 to 1200.
    pub months: u16,
}

/// A record that is due for review.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ReviewView {
    /// The incident.
    pub incident: Uuid,
    /// Its reference.
    pub reference: Reference,
    /// The class its retention goes by.
    pub class: RetentionClass,
    /// Whether somebody in it is known or taken to be under 18.
    pub children: bool,
    /// When it last changed.
    pub last_activity: Timestamp,
    /// Since when it is due.
    #[schema(value_type = String, format = Date)]
    pub review_day: Date,
    /// It is under legal hold, and cannot be disposed of.
    pub legal_hold: bool,
    /// What was decided before.
    pub decisions: Vec<RetentionDecision>,
}

/// Records that are due.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ReviewPage {
    /// By id.
    pub reviews: Vec<ReviewView>,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<Uuid>,
}

/// What is decided about a record that is due.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRetentionDecision {
    /// Keep it, or dispose of it.
    pub decision: RetentionDecisionKind,
    /// Why (vocabulary `retention_reasons`).
    pub reason: String,
    /// When it is reviewed again; needed for what is kept, within ten years.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub next_review: Option<Date>,
}

/// Incidents looked at in one go.
const BATCH: i64 = 500;

impl Service {
    /// How long the own agency keeps its records.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but its data protection officers.
    pub async fn retention_schedules(&self, request: &Request) -> Result<Vec<Schedule>, ServiceError> {
        const ACTION: &str = "retention.schedules";
        self.only_officers(request, ACTION).await?;
        let agency = request.actor.agency;
        self.note(vec![request.entry(Operation::Consultation, ACTION, Outcome::Granted, Vec::new())]).await?;
        self.read(move |tx, _| Box::pin(async move { Ok(retention::schedules(tx, agency).await?) })).await
    }

    /// Sets how long one class is kept.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but the agency's data protection officers, [`ServiceError::Invalid`].
    pub async fn set_retention_schedule(&self, request: &Request, new: NewSchedule) -> Result<Vec<Schedule>, ServiceError> {
        self.write(request, Operation::Administration, "retention.set", move |tx, _, request| {
            Box::pin(async move {
                officer_of(request)?;
                if !(1..=1_200).contains(&new.months) {
                    return Err(ServiceError::invalid("/months", "range", "must be 1 to 1200"));
                }
                let one = Schedule { class: new.class, children: new.children, months: new.months, local_default: false };
                retention::set_schedule(tx, request.actor.agency, request.actor.officer, request.at, &one).await?;
                Ok((retention::schedules(tx, request.actor.agency).await?, Vec::new()))
            })
        })
        .await
    }

    /// The own agency's records that are due for review by a day.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but its data protection officers.
    pub async fn retention_reviews(
        &self,
        request: &Request,
        by: Option<Date>,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<ReviewPage, ServiceError> {
        const ACTION: &str = "retention.reviews";
        self.only_officers(request, ACTION).await?;
        let asking = request.clone();
        let by = by.unwrap_or_else(|| request.at.london_day());
        let mut found = self
            .read(move |tx, service| {
                Box::pin(async move {
                    let scope = service.scope(&asking);
                    let schedules = retention::schedules(tx, asking.actor.agency).await?;
                    let (mut after, mut found) = (after.unwrap_or(Uuid::nil()), Vec::new());
                    loop {
                        let until = Timestamp::start_of_london_day(by.tomorrow().unwrap_or(by));
                        let rows = retention::unchanged_since(tx, asking.actor.agency, until, after, BATCH).await?;
                        let full = rows.len() as i64 == BATCH;
                        for stored in rows {
                            after = stored.id;
                            if scope.sees(stored.label()) {
                                let view = review(tx, stored.incident()?, &schedules).await?;
                                found.extend(Some(view).filter(|view| view.review_day <= by));
                            }
                            if found.len() > limit {
                                return Ok(found);
                            }
                        }
                        if !full {
                            return Ok(found);
                        }
                    }
                })
            })
            .await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let records = found.iter().map(|view| view.incident).collect();
        self.note(vec![request.entry(Operation::Consultation, ACTION, Outcome::Granted, records)]).await?;
        let next_cursor = if more { found.last().map(|view| view.incident) } else { None };
        Ok(ReviewPage { reviews: found, next_cursor })
    }

    /// Every decision about one record of the own agency, also once it is disposed of.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but its data protection officers.
    pub async fn retention_decisions(&self, request: &Request, incident: Uuid) -> Result<Vec<RetentionDecision>, ServiceError> {
        const ACTION: &str = "retention.decisions";
        self.only_officers(request, ACTION).await?;
        let agency = request.actor.agency;
        let found = self.read(move |tx, _| Box::pin(async move { Ok(retention::decisions(tx, incident).await?) })).await?;
        let found: Vec<RetentionDecision> = found.into_iter().filter(|one| one.agency == agency).collect();
        self.note(vec![request.entry(Operation::Consultation, ACTION, Outcome::Granted, vec![incident])]).await?;
        Ok(found)
    }

    /// Decides about a record that is due: what is disposed of is erased whole.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but the agency's data protection officers, [`ServiceError::NotFound`],
    /// [`ServiceError::Invalid`], [`ServiceError::LegalHold`]; [`ServiceError::Conflict`] before it is due.
    pub async fn decide_retention(
        &self,
        request: &Request,
        id: Uuid,
        new: NewRetentionDecision,
    ) -> Result<RetentionDecision, ServiceError> {
        let incident = Some(id).filter(|_| new.decision == RetentionDecisionKind::Dispose);
        let prepared = self.prepare_incident(request, incident).await?;
        let made = self
            .write(request, Operation::Erasure, "retention.decide", move |tx, service, request| {
                Box::pin(async move {
                    officer_of(request)?;
                    let today = request.at.london_day();
                    check(&new, today)?;
                    let scope = service.scope(request);
                    let incident = service.to_change(tx, &Key::Id(id), &scope).await?.incident()?;
                    own(&incident, request)?;
                    let schedules = retention::schedules(tx, request.actor.agency).await?;
                    let due = review(tx, incident.clone(), &schedules).await?.review_day;
                    if due > today {
                        return Err(ServiceError::Conflict(format!("it is not due for review before {due}")));
                    }
                    let mut made = RetentionDecision {
                        id: entropy::id(request.at),
                        agency: request.actor.agency,
                        officer: request.actor.officer,
                        at: request.at,
                        incident: id,
                        decision: new.decision,
                        reason: new.reason.clone(),
                        next_review: new.next_review,
                        erasure: None,
                    };
                    let mut records = vec![id, made.id];
                    if new.decision == RetentionDecisionKind::Dispose {
                        unheld(&incident)?;
                        let erasure = service.dispose(tx, &incident, prepared, request).await?;
                        made.erasure = Some(erasure);
                        records.push(erasure);
                    }
                    retention::decide(tx, &made).await?;
                    Ok((made, records))
                })
            })
            .await?;
        if made.erasure.is_some() {
            self.after_erasure().await;
        }
        Ok(made)
    }

    async fn dispose(&self, tx: &mut Tx, incident: &Incident, prepared: Prepared, request: &Request) -> Result<Uuid, ServiceError> {
        self.erase_incident(tx, incident).await?;
        let erasure = Erasure {
            id: entropy::id(request.at),
            agency: request.actor.agency,
            officer: request.actor.officer,
            at: request.at,
            kind: ErasureKind::Incident,
            basis: "retention_schedule".to_owned(),
            reason: "retention_period_over".to_owned(),
            incidents: vec![incident.id],
            people: Vec::new(),
            erased: vec!["incident".to_owned()],
        };
        Ok(self.conclude(tx, request, erasure, prepared).await?.erasure.id)
    }
}

fn check(new: &NewRetentionDecision, today: Date) -> Result<(), ServiceError> {
    let mut problems = Problems::default();
    code("reason", &new.reason, "retention_reasons", &mut problems);
    let latest = today.saturating_add(jiff::Span::new().years(10));
    match (new.decision, new.next_review) {
        (RetentionDecisionKind::Retain, None) => problems.add("next_review", "missing", "is needed for what is kept"),
        (RetentionDecisionKind::Retain, Some(day)) if day <= today || day > latest => {
            problems.add("next_review", "range", "must be after today and within ten years");
        }
        (RetentionDecisionKind::Dispose, Some(_)) => problems.add("next_review", "not_needed", "is for what is kept: leave it out"),
        _ => {}
    }
    problems.into_result().map_err(ServiceError::Invalid)
}

/// When a record is due: as its schedule says, or as was last decided.
async fn review(tx: &mut Tx, incident: Incident, schedules: &[Schedule]) -> Result<ReviewView, ServiceError> {
    let decisions = retention::decisions(tx, incident.id).await?;
    let decided = decisions.iter().rev().find_map(|one| one.next_review);
    Ok(ReviewView {
        incident: incident.id,
        class: incident.retention_class(),
        children: incident.concerns_children(),
        last_activity: incident.changed_at,
        // A later change does not bring forward what was decided; an earlier day decided does.
        review_day: decided.unwrap_or_else(|| incident.review_day(schedules)),
        legal_hold: unheld(&incident).is_err(),
        reference: incident.reference,
        decisions,
    })
}
