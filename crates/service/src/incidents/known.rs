//! What is already known of the same place and of similar names, told at the moment of logging.

use crate::{
    Service, ServiceError,
    committing::Look,
    warnings::{self, Warning},
};
use model::{
    Incident, Sight, Timestamp, Uuid,
    audit::{Operation, Request},
};
use names::{Band, Query, Reason};
use serde::Serialize;
use std::collections::HashSet;
use store::{incidents::Key, markers};

/// What is already known.
#[derive(Debug, Clone, Default, Serialize, utoipa::ToSchema)]
pub struct AlreadyKnown {
    /// Incidents at the same place, newest first, at most ten.
    pub same_place: Vec<KnownIncident>,
    /// People of similar names, best first, at most five for each person logged.
    pub similar_names: Vec<SimilarName>,
    /// Agencies that have a safety marker in force on somebody of a name and date of birth logged now, or at a place logged
    /// now, open to the caller or not: ask them before anybody goes there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// The look-up did not finish in time: search for the names and the place yourself.
    pub incomplete: bool,
}

/// An incident in short.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct KnownIncident {
    /// Its id.
    pub id: Uuid,
    /// Its reference.
    pub reference: String,
    /// Its summary.
    pub summary: String,
    /// The agency that owns it.
    pub owning_agency: Uuid,
    /// First day it can have happened on.
    pub first_day: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// A person of a similar name.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SimilarName {
    /// The involvement logged now.
    pub involvement: Uuid,
    /// The person found, to be cited in `same_person_as`.
    pub person: Uuid,
    /// The incident that names them.
    pub incident: Uuid,
    /// Its reference.
    pub reference: String,
    /// The recorded name.
    pub name: String,
    /// How strongly it matches, 0 to 1.
    pub strength: f32,
    /// The same in a word.
    pub band: Band,
    /// Why.
    pub reasons: Vec<Reason>,
}

impl AlreadyKnown {
    pub(crate) fn incomplete() -> Self {
        Self { incomplete: true, ..Self::default() }
    }
}

/// An incident in short.
pub(crate) fn short(incident: &Incident) -> KnownIncident {
    KnownIncident {
        id: incident.id,
        reference: incident.reference.to_string(),
        summary: incident.details.summary.clone(),
        owning_agency: incident.details.owning_agency,
        first_day: incident.details.occurred.days().0.to_string(),
        recorded_at: incident.recorded_at,
    }
}

impl Service {
    /// Looks up the place and the names of an incident just logged.
    pub(crate) async fn already_known(&self, request: &Request, incident: &Incident) -> Result<AlreadyKnown, ServiceError> {
        const MOST_PEOPLE: usize = 8;
        let mut matches = Vec::new();
        for involvement in incident.involvements.iter().take(MOST_PEOPLE) {
            let Some(person) = &involvement.person else { continue };
            let query = Query {
                name: person.name.whole(),
                date_of_birth: person.date_of_birth,
                postcode: person.addresses.iter().find_map(|address| address.postcode.clone()),
                limit: 6,
                ..Query::default()
            };
            match self.matches(request, query).await {
                Ok(found) => {
                    matches.extend(found.into_iter().filter(|hit| hit.incident != incident.id).take(5).map(|hit| (involvement.id, hit)))
                }
                Err(ServiceError::Invalid(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let (near, mut warnings) = self.incidents_at_same_place(request, incident).await?;
        let people = incident.involvements.iter().filter_map(|part| part.person.as_ref());
        let people = people.filter_map(|person| Some((person.name.whole(), person.date_of_birth?))).take(MOST_PEOPLE);
        for warning in self.warnings_about(request, people.collect()).await? {
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
        let keys: HashSet<Uuid> = near.iter().copied().chain(matches.iter().map(|(_, hit)| hit.incident)).collect();
        let look = Look::search(request, Operation::Consultation, "incident.already_known", keys.into_iter().map(Key::Id).collect(), None);
        let seen = self.look(look).await?;
        let Some(scope) = seen.scope else { return Ok(AlreadyKnown::default()) };
        let mut known = AlreadyKnown { warnings, ..AlreadyKnown::default() };
        for id in near {
            if let Some(stored) = seen.records.iter().find(|stored| stored.id == id) {
                known.same_place.push(short(&stored.incident()?));
            }
        }
        for (involvement, hit) in matches {
            let stored = seen.records.iter().find(|stored| stored.id == hit.incident && scope.sight(stored.label()) >= Sight::Summary);
            if let Some(stored) = stored.filter(|_| scope.sees_people(hit.label)) {
                // Somebody erased since the index was asked is nobody any more.
                if !stored.incident()?.involvements.iter().any(|part| part.id == hit.mention && part.person.is_some()) {
                    continue;
                }
                known.similar_names.push(SimilarName {
                    involvement,
                    person: hit.mention,
                    incident: hit.incident,
                    reference: stored.reference().to_owned(),
                    name: hit.matched_name,
                    strength: hit.strength,
                    band: hit.band,
                    reasons: hit.reasons,
                });
            }
        }
        Ok(known)
    }

    async fn incidents_at_same_place(&self, request: &Request, incident: &Incident) -> Result<(Vec<Uuid>, Vec<Warning>), ServiceError> {
        // The closest key of each place: the property, else the address, else street within a postcode's reach.
        let keys: Vec<(&'static str, String)> = incident
            .places
            .iter()
            .filter_map(|place| {
                let keys = place.keys();
                ["uprn", "address", "postcode", "street"].iter().find_map(|kind| keys.iter().find(|key| key.0 == *kind)).cloned()
            })
            .take(5)
            .collect();
        let (request, own) = (request.clone(), incident.id);
        self.read(move |tx, service| {
            Box::pin(async move {
                let scope = service.scope(&request);
                let mut found: Vec<Uuid> = Vec::new();
                for (kind, value) in &keys {
                    for id in store::places::incidents_at(tx, &scope, kind, value, None, 11).await? {
                        if id != own && !found.contains(&id) {
                            found.push(id);
                        }
                    }
                }
                found.truncate(10);
                let warned = markers::warning_at(tx, &keys).await?;
                let setters = warned.into_iter().filter(|marker| marker.in_force(request.at)).map(|marker| marker.agency);
                Ok((found, warnings::warnings_of(tx, &request.actor, &setters.collect()).await?))
            })
        })
        .await
    }
}
