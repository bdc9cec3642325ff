//! Changing an incident: by merge patch, against the version that was read.

use super::{references::Named, show};
use crate::{Service, ServiceError};
use model::{
    Actor, Incident, IncidentDetails, Problem, Problems, Scope, Sight, Uuid,
    audit::{Operation, Request},
    redact::IncidentView,
};
use store::{
    Tx,
    incidents::{self, Key, Stored},
};

impl Service {
    /// Changes the details of an incident by a merge patch (RFC 7396). Parts are changed by their own operations. Gives
    /// nothing where the change has put the record out of the caller's own sight.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::VersionNeeded`],
    /// [`ServiceError::Changed`], [`ServiceError::Invalid`].
    pub async fn patch_incident(
        &self,
        request: &Request,
        key: Key,
        version: Option<i64>,
        patch: serde_json::Value,
    ) -> Result<Option<IncidentView>, ServiceError> {
        self.write(request, Operation::Alteration, "incident.change", move |tx, service, request| {
            Box::pin(async move {
                let mut incident = service.open_for_change(tx, &key, request, version, Needs::Owner).await?;
                let now = request.at;
                let (before, label) = (incident.details.clone(), incident.label());
                incident.details = patched(&before, patch)?;
                let mut problems = Problems::default();
                let sharing = &mut incident.details.sharing;
                if sharing.partnership.is_none() || sharing.partnership != before.sharing.partnership {
                    problems.within("sharing", |problems| sharing.settle(&request.actor, problems));
                }
                incident.details.check(now, &mut problems);
                incident.check_parts(&mut problems);
                recheck_people(&incident, now, &mut problems);
                problems.into_result().map_err(ServiceError::Invalid)?;
                if incident.label() != label && request.actor.agency != before.owning_agency {
                    return Err(ServiceError::Forbidden("only the agency that owns this decides who sees it: ask them"));
                }
                if incident.details.owning_agency != before.owning_agency && request.actor.seconded.is_some() {
                    return Err(ServiceError::Forbidden("a seconded officer gives no record of the host's away: ask a colleague there"));
                }
                service.check_named_within(tx, Named::in_change(&before, &incident.details), request).await?;
                let id = incident.id;
                Ok((service.write_next(tx, incident, request).await?, vec![id]))
            })
        })
        .await
    }

    /// Reads an incident for a change: locked, seen whole, allowed, and at the version the caller has read.
    pub(crate) async fn open_for_change(
        &self,
        tx: &mut Tx,
        key: &Key,
        request: &Request,
        version: Option<i64>,
        needs: Needs,
    ) -> Result<Incident, ServiceError> {
        let scope = self.scope(request);
        let stored = self.to_change(tx, key, &scope).await?;
        let incident = stored.incident()?;
        may_change(&request.actor, &incident, scope.sight(stored.label()), needs)?;
        match version {
            None if needs == Needs::Sight => {}
            None => return Err(ServiceError::VersionNeeded),
            Some(version) if version != incident.version => return Err(ServiceError::Changed),
            Some(_) => {}
        }
        Ok(incident)
    }

    /// A record that is to be changed, where the caller sees it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Blocked`] where it is closed to this officer, which [`Service::write`] tells
    /// the supervisor and answers as not found.
    pub(crate) async fn to_change(&self, tx: &mut Tx, key: &Key, scope: &Scope) -> Result<Stored, ServiceError> {
        let stored = incidents::find(tx, key, true).await?.ok_or(ServiceError::NotFound)?;
        if scope.sees(stored.label()) {
            Ok(stored)
        } else if self.inner.labels.blocks(stored.label(), scope.actor().officer) {
            Err(ServiceError::Blocked(stored.id))
        } else {
            Err(ServiceError::NotFound)
        }
    }

    /// Writes the next version of an incident and shows it, where the caller still sees it.
    pub(crate) async fn write_next(
        &self,
        tx: &mut Tx,
        mut incident: Incident,
        request: &Request,
    ) -> Result<Option<IncidentView>, ServiceError> {
        incident.version += 1;
        incident.changed_at = request.at;
        let written = self.written(tx, incident, request).await?;
        match incidents::update(tx, &written).await {
            Ok(true) => {}
            Ok(false) => return Err(ServiceError::Changed),
            Err(store::StoreError::Conflict(_)) => {
                return Err(ServiceError::Conflict("a part of this incident has an id that is taken: send it with another id".to_owned()));
            }
            Err(error) => return Err(error.into()),
        }
        self.inner.labels.refresh(tx).await?;
        // A caller may share a record out of the own sight; the change stands, and what is shown is nothing of it.
        match show(written.incident, written.label, &self.scope(request)) {
            Err(ServiceError::NotFound) => Ok(None),
            shown => shown.map(Some),
        }
    }
}

/// What a change asks of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Full sight of the record: enough to add to it.
    Sight,
    /// To belong to the agency that owns or recorded it.
    Owner,
    /// The same, or to the agency that recorded this part.
    Recorder(Uuid),
}

fn may_change(actor: &Actor, incident: &Incident, sight: Sight, needs: Needs) -> Result<(), ServiceError> {
    if sight < Sight::Full || !actor.records() {
        return Err(ServiceError::Forbidden("you see this record, but your role or its sharing does not let you change it"));
    }
    let owns = [incident.details.owning_agency, incident.recording_agency].contains(&actor.agency);
    let allowed = match needs {
        Needs::Sight => true,
        Needs::Owner => owns,
        Needs::Recorder(agency) => owns || agency == actor.agency,
    };
    if allowed { Ok(()) } else { Err(ServiceError::Forbidden("only the agency that owns or recorded this can change it: ask them")) }
}

/// Ages depend on when it happened: what a person is may be refused once the date moves.
pub(crate) fn recheck_people(incident: &Incident, now: model::Timestamp, problems: &mut Problems) {
    let days = incident.details.occurred.days();
    for (at, part) in incident.involvements.iter().enumerate() {
        problems.within(format!("involvements/{at}"), |problems| {
            part.as_new().settle(part.id, part.recorded_by, now, days, problems);
        });
    }
}

fn patched(details: &IncidentDetails, patch: serde_json::Value) -> Result<IncidentDetails, ServiceError> {
    let serde_json::Value::Object(patch) = patch else {
        return Err(ServiceError::invalid("", "type", "a merge patch is a JSON object"));
    };
    let refused: Vec<Problem> = patch
        .keys()
        .filter_map(|key| {
            let detail = match key.as_str() {
                "reports" | "places" | "involvements" | "allegations" => "is changed by its own operations, not by merge patch",
                "id" | "reference" | "version" | "sight" | "recording_agency" | "recorded_by" | "recorded_at" | "changed_at" | "intake"
                | "source" => "cannot be changed",
                _ => return None,
            };
            Some(Problem { pointer: format!("/{key}"), code: "not_patchable", detail: detail.to_owned() })
        })
        .collect();
    if !refused.is_empty() {
        return Err(ServiceError::Invalid(refused));
    }
    let mut value = serde_json::to_value(details).map_err(store::StoreError::from)?;
    merge(&mut value, serde_json::Value::Object(patch));
    read(value)
}

/// Reads a JSON value, naming the field that does not fit.
pub(crate) fn read<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Result<T, ServiceError> {
    serde_path_to_error::deserialize(model::strict::Strict::new(value))
        .map_err(|error| ServiceError::Invalid(vec![crate::misfit::problem(&error)]))
}

/// JSON merge patch, RFC 7396.
pub(crate) fn merge(target: &mut serde_json::Value, patch: serde_json::Value) {
    let serde_json::Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = serde_json::json!({});
    }
    if let serde_json::Value::Object(target) = target {
        for (key, value) in patch {
            if value.is_null() {
                target.remove(&key);
            } else {
                merge(target.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::merge;
    use serde_json::json;

    #[test]
    fn the_examples_of_rfc_7396_hold() {
        for (target, patch, expected) in [
            (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
            (json!({"a":"b"}), json!({"a":null}), json!({})),
            (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":{"b":"c"}}), json!({"a":{"b":"d","c":null}}), json!({"a":{"b":"d"}})),
            (json!({"a":[{"b":"c"}]}), json!({"a":[1]}), json!({"a":[1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a":"foo"}), json!(null), json!(null)),
            (json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1})),
            (json!([1, 2]), json!({"a":"b","c":null}), json!({"a":"b"})),
            (json!({}), json!({"a":{"bb":{"ccc":null}}}), json!({"a":{"bb":{}}})),
        ] {
            let mut value = target;
            merge(&mut value, patch);
            assert_eq!(value, expected);
        }
    }
}
