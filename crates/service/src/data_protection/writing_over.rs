//! Writing over what records say, in every version: state and history alike.

use crate::{Service, ServiceError};
use model::{
    Incident, Uuid,
    audit::Request,
    erasing::{self, Traces},
};
use serde_json::Value;
use std::collections::BTreeSet;
use store::{
    StoreError, Tx, erased_rows,
    incidents::{self, Key},
};

/// What is changed in one version of a record; whether anything was.
type Edit<'a> = &'a mut (dyn FnMut(i64, &mut Value) -> bool + Send);

/// Writes over every version in which `edit` changes something. Gives whether any did.
pub(super) async fn every_version(tx: &mut Tx, incident: Uuid, edit: Edit<'_>) -> Result<bool, ServiceError> {
    let mut any = false;
    for version in incidents::versions(tx, incident).await? {
        let mut body: Value = serde_json::from_str(&version.body).map_err(StoreError::from)?;
        if edit(version.version, &mut body) {
            // Read back as what it is before it is kept: what cannot be read again would be lost.
            serde_json::from_value::<Incident>(body.clone()).map_err(StoreError::from)?;
            let text = serde_json::to_string(&body).map_err(StoreError::from)?;
            erased_rows::write_over(tx, incident, version.version, &text).await?;
            any = true;
        }
    }
    Ok(any)
}

/// What is to become of an incident whose versions were written over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// A version of its own, so that nobody writes upon what they read before.
    NextVersion,
    /// As many versions as before: while a copy is put back, whose versions are told by number.
    SameVersion,
}

impl Service {
    /// Derives what stands beside an incident anew from its state.
    pub(super) async fn settle_written_over(&self, tx: &mut Tx, id: Uuid, then: Then, request: &Request) -> Result<(), ServiceError> {
        store::subject_requests::reopen(tx, id).await?;
        let stored = incidents::find(tx, &Key::Id(id), false).await?.ok_or(ServiceError::NotFound)?;
        let incident = stored.incident()?;
        match then {
            Then::NextVersion => self.write_next(tx, incident, request).await.map(drop),
            Then::SameVersion => {
                let written = self.written(tx, incident, request).await?;
                Ok(erased_rows::derive_again(tx, &written).await?)
            }
        }
    }

    /// Erases people from every version of an incident. Gives the kinds of field that went, and adds to `traces` what the
    /// people were called.
    pub(super) async fn erase_people(
        &self,
        tx: &mut Tx,
        id: Uuid,
        people: &[Uuid],
        traces: &mut Traces,
        then: Then,
        request: &Request,
    ) -> Result<BTreeSet<String>, ServiceError> {
        let mut gone = BTreeSet::new();
        let any = every_version(tx, id, &mut |_, body| {
            if let Ok(incident) = serde_json::from_value::<Incident>(body.clone()) {
                traces.add_from(&incident, people);
            }
            let fields = erasing::erase_people(body, people);
            let changed = !fields.is_empty();
            gone.extend(fields);
            changed
        })
        .await?;
        if any {
            self.settle_written_over(tx, id, then, request).await?;
        }
        for person in people {
            if !erased_rows::remove_markers_on(tx, *person).await?.is_empty() {
                gone.insert("marker".to_owned());
            }
            erased_rows::remove_ties_of(tx, *person).await?;
            erased_rows::spoil_retries(tx, *person).await?;
        }
        erased_rows::spoil_retries(tx, id).await?;
        store::rectifications::forget_in(tx, id).await?;
        Ok(gone)
    }

    /// Erases a whole incident with everything derived from it.
    pub(super) async fn erase_incident(&self, tx: &mut Tx, incident: &Incident) -> Result<(), ServiceError> {
        let mut parts: BTreeSet<Uuid> = BTreeSet::from([incident.id]);
        for version in incidents::versions(tx, incident.id).await? {
            let version: Incident = serde_json::from_str(&version.body).map_err(StoreError::from)?;
            parts.extend(version.reports.iter().map(|part| part.id));
            parts.extend(version.places.iter().map(|part| part.id));
            parts.extend(version.involvements.iter().map(|part| part.id));
            parts.extend(version.allegations.iter().map(|part| part.id));
        }
        for part in parts {
            erased_rows::remove_markers_on(tx, part).await?;
            erased_rows::remove_ties_of(tx, part).await?;
            erased_rows::spoil_retries(tx, part).await?;
        }
        store::erasures::withdraw(tx, incident.id).await?;
        store::rectifications::forget_in(tx, incident.id).await?;
        Ok(erased_rows::remove_incident(tx, incident.id, incident.version).await?)
    }
}
