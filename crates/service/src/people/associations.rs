//! Whom a person goes about with and what they drive: recorded by an officer, with source and date.

use super::groups;
use crate::{Service, ServiceError, committing::Look, incidents::key};
use model::{
    Sight, Uuid,
    association::{Association, NewAssociation},
    audit::{Operation, Request},
    entropy,
    involvement::{PersonName, Vehicle},
};
use serde::Serialize;
use std::collections::BTreeSet;
use store::{
    associations,
    incidents::{self, Key},
};

/// An association as it is shown with a person.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct AssociationView {
    /// What was recorded, by whom.
    #[serde(flatten)]
    pub association: Association,
    /// The other person as they are now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<Uuid>,
    /// The other person's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// The vehicle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<Vehicle>,
}

const NO_ASSOCIATIONS: ServiceError = ServiceError::Forbidden("officers, supervisors and safeguarding leads record associations");

impl Service {
    /// The associations of a person whose other end and whose incident the caller sees too. Each of those incidents is audited.
    pub(super) async fn associations_of(&self, request: &Request, mentions: &[Uuid]) -> Result<Vec<AssociationView>, ServiceError> {
        let (asking, wanted) = (request.clone(), mentions.to_vec());
        let (found, known) = self
            .read(move |tx, service| {
                Box::pin(async move {
                    let found = associations::around(tx, &wanted).await?;
                    let others: Vec<Uuid> = found.iter().flat_map(|one| [one.person, one.other]).collect();
                    Ok((found, groups(tx, &service.scope(&asking), &others).await?))
                })
            })
            .await?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let other = |one: &Association| if mentions.contains(&one.person) { one.other } else { one.person };
        let found: Vec<Association> =
            found.into_iter().filter(|one| known.sees(one.person) && (one.kind.is_of_vehicle() || known.sees(one.other))).collect();
        let incidents: BTreeSet<Uuid> =
            found.iter().flat_map(|one| [Some(one.incident), known.incident_of(other(one))]).flatten().collect();
        let mut look =
            Look::search(request, Operation::Consultation, "person.associations", incidents.into_iter().map(Key::Id).collect(), None);
        look.least = Sight::Summary;
        look.records = found.iter().map(|one| one.id).collect();
        let seen = self.look(look).await?;
        let Some(scope) = seen.scope else { return Ok(Vec::new()) };
        let stored = |id: Uuid| seen.records.iter().find(|stored| stored.id == id);
        let mut shown = Vec::new();
        for association in found {
            let Some(source) = stored(association.incident) else { continue };
            let other = other(&association);
            if association.kind.is_of_vehicle() {
                let vehicle = source.incident()?.involvements.into_iter().find(|part| part.id == association.other);
                if let Some(vehicle) = vehicle.and_then(|part| part.vehicle).filter(|_| scope.sight(source.label()) == Sight::Full) {
                    shown.push(AssociationView { association, person_id: None, name: None, vehicle: Some(vehicle) });
                }
                continue;
            }
            let Some(record) = known.incident_of(other).and_then(stored) else { continue };
            let incident = record.incident()?;
            let part = incident.involvements.iter().find(|part| part.id == other);
            if let Some(part) = part.filter(|part| super::sees(&scope, record, &incident, part)) {
                let name = part.person.as_ref().map(|person| person.name.clone());
                shown.push(AssociationView { association, person_id: Some(known.person(other)), name, vehicle: None });
            }
        }
        Ok(shown)
    }

    /// Records whom a person goes about with, or what they drive.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a person the caller does not see, [`ServiceError::Forbidden`], [`ServiceError::Invalid`].
    pub async fn add_association(&self, request: &Request, person: Uuid, new: NewAssociation) -> Result<Association, ServiceError> {
        self.write(request, Operation::Collection, "association.add", move |tx, service, request| {
            Box::pin(async move {
                let scope = service.scope(request);
                let known = groups(tx, &scope, &[person]).await?;
                if !known.sees(person) {
                    return Err(ServiceError::NotFound);
                }
                if !request.actor.works_with_people() {
                    return Err(NO_ASSOCIATIONS);
                }
                let mut problems = model::Problems::default();
                new.check(request.at.london_day(), &mut problems);
                let stored = match key(&new.incident) {
                    Ok(key) => incidents::find(tx, &key, false).await?.filter(|stored| scope.sight(stored.label()) >= Sight::Summary),
                    Err(_) => None,
                };
                if stored.is_none() {
                    problems.add("incident", "unknown_reference", "is not an incident you may see");
                }
                if let Some(associate) = new.associate {
                    let known = groups(tx, &scope, &[person, associate]).await?;
                    if !known.sees(associate) {
                        problems.add("associate", "unknown_id", "is not the id of a person you may see");
                    } else if known.person(associate) == known.person(person) {
                        problems.add("associate", "same", "is the same person");
                    }
                }
                if let (Some(vehicle), Some(stored)) = (new.vehicle, &stored) {
                    let whole = scope.sight(stored.label()) == Sight::Full;
                    if !whole || !stored.incident()?.involvements.iter().any(|part| part.id == vehicle && part.vehicle.is_some()) {
                        problems.add("vehicle", "unknown_id", "is not a vehicle's involvement in that incident");
                    }
                }
                problems.into_result().map_err(ServiceError::Invalid)?;
                let (Some(stored), Some(other)) = (stored, new.associate.or(new.vehicle)) else { return Err(ServiceError::NotFound) };
                let association = Association {
                    id: entropy::id(request.at),
                    person,
                    other,
                    kind: new.kind,
                    source: new.source,
                    incident: stored.id,
                    on: new.on,
                    agency: request.actor.agency,
                    officer: request.actor.officer,
                    recorded_at: request.at,
                    withdrawn_at: None,
                };
                associations::insert(tx, &association).await?;
                let records = vec![association.id, person, other, stored.id];
                Ok((association, records))
            })
        })
        .await
    }

    /// Withdraws an association of the caller's agency: it was wrong, and is shown no more.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`].
    pub async fn withdraw_association(&self, request: &Request, person: Uuid, id: Uuid) -> Result<(), ServiceError> {
        self.write(request, Operation::Alteration, "association.withdraw", move |tx, service, request| {
            Box::pin(async move {
                let known = groups(tx, &service.scope(request), &[person]).await?;
                if !known.sees(person) {
                    return Err(ServiceError::NotFound);
                }
                if !request.actor.works_with_people() {
                    return Err(NO_ASSOCIATIONS);
                }
                let found = associations::by_id(tx, id).await?;
                let found = found.filter(|one| one.withdrawn_at.is_none() && one.agency == request.actor.agency);
                let found = found.filter(|one| known.person(person) == known.person(one.person)).ok_or(ServiceError::NotFound)?;
                associations::withdraw(tx, found.id, request.at).await?;
                Ok(((), vec![found.id, found.person]))
            })
        })
        .await
    }
}
