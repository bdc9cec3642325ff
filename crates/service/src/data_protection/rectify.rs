//! Putting right what a record says wrongly of somebody: it leaves state, history, search and exports at once. What was
//! wrong is kept for a while, for the agency's data protection officers alone.

use super::{
    code, officer_of, own,
    writing_over::{Then, every_version},
};
use crate::{Service, ServiceError, incidents::recheck_people};
use model::{
    Incident, Problems, Timestamp, Uuid,
    audit::{Operation, Outcome, Request},
    entropy, erasing,
    rectifying::{self, Edit, RECTIFIED, Rectification},
};
use serde::Deserialize;
use serde_json::Value;
use store::{
    Tx, erasures,
    incidents::{self, Key},
    rectifications,
};

/// What is to be put right.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRectification {
    /// What is wrong: a JSON pointer into the incident, the entries of lists by their ids, as
    /// `/involvements/0192…/person/name/family` or `/narrative`.
    pub pointer: String,
    /// The wrong value, or the wrong words within a text.
    pub from: Value,
    /// What is right; leave it out where nothing is.
    #[serde(default)]
    pub to: Option<Value>,
    /// The reason (vocabulary `rectification_reasons`).
    pub reason: String,
    /// Until when the wrong value is kept for data protection officers; a year unless given, six at most.
    #[serde(default)]
    pub kept_until: Option<Timestamp>,
}

const YEAR: i64 = 366 * 86_400;

impl NewRectification {
    /// Checks it and gives where it is in a record's body.
    fn check(&self, now: Timestamp) -> Result<String, ServiceError> {
        let mut problems = Problems::default();
        let pointer = rectifying::in_body(&self.pointer);
        if pointer.is_none() {
            problems.add("pointer", "not_rectifiable", "must lead into an involvement, an allegation or a text of the incident");
        }
        let empty = self.from.is_null() || self.from.as_str().is_some_and(|text| text.trim().is_empty());
        if empty {
            problems.add("from", "empty", "must be the value that is wrong");
        } else if self.to.as_ref() == Some(&self.from) {
            problems.add("to", "same", "is what is there already");
        }
        code("reason", &self.reason, "rectification_reasons", &mut problems);
        if self.kept_until.is_some_and(|until| until <= now || until > now.plus_seconds(6 * YEAR)) {
            problems.add("kept_until", "range", "must be after now and at most six years away");
        }
        problems.into_result().map_err(ServiceError::Invalid)?;
        pointer.ok_or(ServiceError::NotFound)
    }
}

impl Service {
    /// Puts a value of the own agency's record right, in every version.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but the agency's data protection officers, [`ServiceError::NotFound`],
    /// [`ServiceError::Invalid`] where the wrong value does not stand there or what is left would not be a sound record.
    pub async fn rectify(&self, request: &Request, key: Key, new: NewRectification) -> Result<Rectification, ServiceError> {
        let made = self
            .write(request, Operation::Alteration, "incident.rectify", move |tx, service, request| {
                Box::pin(async move {
                    officer_of(request)?;
                    let pointer = new.check(request.at)?;
                    let scope = service.scope(request);
                    let incident = service.to_change(tx, &key, &scope).await?.incident()?;
                    own(&incident, request)?;
                    let made = Rectification {
                        id: entropy::id(request.at),
                        agency: request.actor.agency,
                        officer: request.actor.officer,
                        at: request.at,
                        incident: incident.id,
                        pointer: new.pointer.clone(),
                        reason: new.reason.clone(),
                        old: Some(new.from.clone()),
                        kept_until: new.kept_until.unwrap_or_else(|| request.at.plus_seconds(YEAR)),
                        edits: put_right(tx, incident.id, &pointer, &new).await?,
                    };
                    check_state(tx, incident.id, request).await?;
                    service.settle_written_over(tx, incident.id, Then::NextVersion, request).await?;
                    move_proposals(tx, &made).await?;
                    rectifications::insert(tx, &made).await?;
                    // A name index keeps the words of a name that was wrong.
                    erasures::advance(tx).await?;
                    let records = vec![made.incident, made.id];
                    Ok((made, records))
                })
            })
            .await?;
        self.after_erasure().await;
        Ok(made)
    }

    /// What the own agency put right, oldest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but its data protection officers.
    pub async fn list_rectifications(&self, request: &Request) -> Result<Vec<Rectification>, ServiceError> {
        const ACTION: &str = "rectification.list";
        self.only_officers(request, ACTION).await?;
        let (agency, now) = (request.actor.agency, request.at);
        let found = self.read(move |tx, _| Box::pin(async move { Ok(rectifications::list(tx, Some(agency), now).await?) })).await?;
        let records = found.iter().flat_map(|one| [one.id, one.incident]).collect();
        self.note(vec![request.entry(Operation::Consultation, ACTION, Outcome::Granted, records)]).await?;
        Ok(found)
    }

    /// The same in a copy that was put back: what was wrong goes, and what is right has to be entered again.
    pub(super) async fn rectify_again(&self, tx: &mut Tx, made: &Rectification, request: &Request) -> Result<(), ServiceError> {
        if incidents::find(tx, &Key::Id(made.incident), true).await?.is_some() {
            let any = every_version(tx, made.incident, &mut |version, body| {
                let mut changed = false;
                // The last entries of a list first: one that goes moves those after it.
                for edit in made.edits.iter().rev().filter(|edit| edit.version == version) {
                    changed |= rectifying::blank(body, edit);
                }
                changed
            })
            .await?;
            if any {
                self.settle_written_over(tx, made.incident, Then::SameVersion, request).await?;
                move_proposals(tx, made).await?;
            }
        }
        Ok(rectifications::insert(tx, made).await?)
    }
}

async fn put_right(tx: &mut Tx, incident: Uuid, pointer: &str, new: &NewRectification) -> Result<Vec<Edit>, ServiceError> {
    let length = new.to.as_ref().map_or(RECTIFIED, |to| to.as_str().unwrap_or_default()).chars().count();
    let mut edits = Vec::new();
    let mut unreadable = false;
    every_version(tx, incident, &mut |version, body| {
        let before = body.clone();
        let found = rectifying::put_right(body, pointer, &new.from, new.to.as_ref());
        if serde_json::from_value::<Incident>(body.clone()).is_err() {
            unreadable = true;
            *body = before;
            return false;
        }
        let any = !found.is_empty();
        edits.extend(found.into_iter().map(|(pointer, spans)| Edit { version, pointer, spans, length }));
        any
    })
    .await?;
    if unreadable {
        return Err(ServiceError::invalid("/to", "form", "is not a value of this field"));
    }
    if edits.is_empty() {
        return Err(ServiceError::invalid("/from", "not_there", "does not stand there in any version of the incident"));
    }
    Ok(edits)
}

/// What is left must be a record as it could have been written.
async fn check_state(tx: &mut Tx, id: Uuid, request: &Request) -> Result<(), ServiceError> {
    let incident = incidents::find(tx, &Key::Id(id), false).await?.ok_or(ServiceError::NotFound)?.incident()?;
    let mut problems = Problems::default();
    incident.details.check(request.at, &mut problems);
    recheck_people(&incident, request.at, &mut problems);
    incident.check_parts(&mut problems);
    for (at, part) in incident.allegations.iter().enumerate() {
        problems.text(&format!("allegations/{at}/what"), &part.what, 4_000);
    }
    problems.into_result().map_err(ServiceError::Invalid)
}

/// Proposals about a text that was put right are moved with it.
async fn move_proposals(tx: &mut Tx, made: &Rectification) -> Result<(), ServiceError> {
    for mut open in erasures::open_proposals(tx, made.incident).await? {
        let here = made.edits.iter().find(|edit| edit.pointer == open.pointer && open.versions.contains(&edit.version));
        if let Some(edit) = here.filter(|edit| !edit.spans.is_empty()) {
            open.spans = open.spans.into_iter().filter_map(|span| erasing::moved(span, &edit.spans, edit.length)).collect();
            erasures::decide(tx, &open).await?;
        }
    }
    Ok(())
}
