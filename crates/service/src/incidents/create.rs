//! Logging an incident: fast, never lost, never doubled.

use super::{AlreadyKnown, references::Named, show};
use crate::{
    Retry, Service, ServiceError,
    committing::{Create, Created, Look},
    standing::STANDING_CHANGED,
};
use model::{
    Incident, NewIncident, Uuid,
    audit::{Entry, Operation, Outcome, Request},
    redact::IncidentView,
};
use store::incidents::{Key, Written};

/// How a create is to be answered and recognised.
#[derive(Debug, Clone, Default)]
pub struct CreateOptions {
    /// Leave out what is already known, and the record.
    pub minimal: bool,
    /// Recognises a retry.
    pub retry: Option<Retry>,
}

/// What a create gives back.
#[derive(Debug, Clone)]
pub struct CreatedIncident {
    /// Its id.
    pub id: Uuid,
    /// Its reference.
    pub reference: String,
    /// Its version, for the `ETag`.
    pub version: i64,
    /// The record, unless the answer is minimal or the caller may not read it.
    pub incident: Option<IncidentView>,
    /// What is already known of the same place and similar names, within the caller's sight.
    pub already_known: Option<AlreadyKnown>,
    /// Made by an earlier try of the same request.
    pub before: bool,
}

impl Service {
    /// Logs an incident.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for a role that does not log, [`ServiceError::Invalid`] with every problem,
    /// [`ServiceError::KeyReused`], [`ServiceError::Conflict`] for an id that is taken.
    pub async fn create_incident(
        &self,
        request: &Request,
        new: NewIncident,
        options: CreateOptions,
    ) -> Result<CreatedIncident, ServiceError> {
        let again = new.sharing.is_none().then(|| (new.clone(), options.clone()));
        match (self.create_once(request, new, options).await, again) {
            // What the agency agreed, or its partnerships, changed meanwhile: it is shared as it is now.
            (Err(ServiceError::Conflict(why)), Some((new, options))) if why == STANDING_CHANGED => {
                self.create_once(request, new, options).await
            }
            (created, _) => created,
        }
    }

    async fn create_once(&self, request: &Request, mut new: NewIncident, options: CreateOptions) -> Result<CreatedIncident, ServiceError> {
        const ACTION: &str = "incident.create";
        // The role may have been given only now, and be remembered otherwise.
        let request = &if request.actor.records() { request.clone() } else { self.as_they_stand(request).await? };
        if !request.actor.records() {
            self.note(vec![request.entry(Operation::Collection, ACTION, Outcome::Denied, Vec::new())]).await?;
            return Err(ServiceError::Forbidden("your role does not log incidents"));
        }
        let defaulted = self.share_as_agreed(&mut new, request.actor.agency);
        let incident = new.settle(&request.actor, request.at).map_err(ServiceError::Invalid)?;
        let named = Named::in_new(&incident, request);
        let records = std::iter::once(incident.id).chain(named.mentions()).collect();
        self.check_named(named, request).await?;
        let written = match self.written_now(incident, request)? {
            Ok(written) => written,
            Err(incident) => self.written_with_new_labels(incident, request).await?,
        };
        let entry = request.entry(Operation::Collection, ACTION, Outcome::Granted, records);
        let key = options.retry.map(|retry| retry.key(request, ACTION, written.incident.id));
        match self.inner.committer.create(Create { written, key, entry, request: request.clone(), defaulted }).await? {
            Created::New(written) => self.answer(request, *written, options.minimal).await,
            Created::Before(id) => self.answer_again(request, id).await,
        }
    }

    /// Logs many incidents in one transaction, each as its own request says: for seeding a demonstration.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] when any of them is not sound; then none is logged.
    pub async fn log_many(&self, all: Vec<(Request, NewIncident)>) -> Result<(), ServiceError> {
        let service = self.clone();
        tokio::spawn(async move {
            let mut tx = service.inner.database.begin().await?;
            service.inner.refresh(&mut tx).await?;
            let (mut written, mut entries) = (Vec::new(), Vec::new());
            for (request, new) in all {
                let incident = new.settle(&request.actor, request.at).map_err(ServiceError::Invalid)?;
                // The record is as old as its request says; the ledger tells when it was written.
                let entry = request.entry(Operation::Collection, "incident.create", Outcome::Granted, vec![incident.id]);
                entries.push(Entry { at: service.clock().now(), ..entry });
                written.push(service.written(&mut tx, incident, &request).await?);
            }
            store::incidents::insert(&mut tx, &mut written.iter_mut().collect::<Vec<_>>()).await?;
            store::audit::append(&mut tx, &entries).await?;
            tx.commit().await?;
            service.changed();
            Ok(())
        })
        .await?
    }

    async fn answer(&self, request: &Request, written: Written, minimal: bool) -> Result<CreatedIncident, ServiceError> {
        let Written { incident, label, .. } = written;
        let mut created = CreatedIncident {
            id: incident.id,
            reference: incident.reference.to_string(),
            version: incident.version,
            incident: None,
            already_known: None,
            before: false,
        };
        if !minimal {
            // The look-up comes after the record is safe: when it fails, the incident is logged all the same.
            created.already_known = match self.already_known(request, &incident).await {
                Ok(known) => Some(known),
                Err(ServiceError::IndexBehind) => Some(AlreadyKnown::incomplete()),
                Err(error) => {
                    tracing::warn!(error = %error, "the already-known look-up failed");
                    Some(AlreadyKnown::incomplete())
                }
            };
            created.incident = show(incident, label, &self.scope(request)).ok();
        }
        Ok(created)
    }

    /// A retry is authorised, audited and rendered afresh; nothing of the first answer was kept.
    async fn answer_again(&self, request: &Request, id: Uuid) -> Result<CreatedIncident, ServiceError> {
        let seen = self.look(Look::one(request, Operation::Consultation, "incident.create.retry", Key::Id(id))).await?;
        let (Some(stored), Some(scope)) = (seen.records.first(), &seen.scope) else {
            // Logged by a role that reads nothing: the id and reference it was given before are its own.
            let stored =
                self.read(move |tx, _| Box::pin(async move { Ok(store::incidents::find(tx, &Key::Id(id), false).await?) })).await?;
            let stored = stored.ok_or(ServiceError::NotFound)?;
            return Ok(CreatedIncident {
                id,
                reference: stored.reference().to_owned(),
                version: stored.version,
                incident: None,
                already_known: None,
                before: true,
            });
        };
        Ok(CreatedIncident {
            id,
            reference: stored.reference().to_owned(),
            version: stored.version,
            incident: Some(self.show(stored, scope)?),
            already_known: None,
            before: true,
        })
    }

    async fn written_with_new_labels(&self, incident: Incident, request: &Request) -> Result<Written, ServiceError> {
        let (service, request) = (self.clone(), request.clone());
        tokio::spawn(async move {
            let mut tx = service.inner.database.begin().await?;
            let written = service.written(&mut tx, incident, &request).await?;
            tx.commit().await?;
            Ok(written)
        })
        .await?
    }
}
