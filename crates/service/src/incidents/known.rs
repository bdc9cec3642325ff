//! What is already known of the same place and of similar names, told at the moment of logging.

use crate::{
    Service, ServiceError,
    committing::Look,
    name_search::looked_for,
    people::{self, Known},
    warnings::{self, Marked, Warning},
};
use model::{
    Incident, Involvement, InvolvementRole, Scope, Sight, Timestamp, Uuid,
    audit::{Operation, Request},
};
use names::{Band, Match, Reason};
use serde::Serialize;
use std::collections::HashSet;
use store::{Tx, incidents::Key, markers};

/// What is already known.
#[derive(Debug, Clone, Default, Serialize, utoipa::ToSchema)]
pub struct AlreadyKnown {
    /// Incidents at the same place, newest first, at most ten.
    pub same_place: Vec<KnownIncident>,
    /// Incidents that may be the same event, whoever recorded them: at the same place, within a day, of a type in common. Link
    /// them with `POST /v1/incidents/{incident}/duplicates`.
    pub possible_duplicates: Vec<KnownIncident>,
    /// How often it happened at this place in the twelve months before, this time left out. 100 stands for a hundred or more.
    pub earlier_at_place: usize,
    /// Known people it may be, best first, at most five for each person logged. Link one with `POST /v1/person-links`, say that
    /// it is somebody else with the decision `different`, or leave it open.
    pub similar_names: Vec<SimilarName>,
    /// People affected now who were affected before.
    pub repeat_victims: Vec<RepeatVictim>,
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
    /// The mention of them that resembles most, to be named in a person link.
    pub mention: Uuid,
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

/// Somebody affected now who was affected before.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct RepeatVictim {
    /// The involvement logged now.
    pub involvement: Uuid,
    /// The person.
    pub person: Uuid,
    /// In how many incidents of the twelve months before they were affected.
    pub earlier: usize,
    /// An officer has linked them. Without it they resemble each other strongly, and nobody has confirmed it.
    pub linked: bool,
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

/// The most incidents of about the same day at a place that are looked at.
const MOST_NEAR: usize = 20;
/// The most earlier incidents at a place that are counted: a busy place must not slow those who log there.
const MOST_EARLIER: usize = 100;

impl Service {
    /// Looks up the place and the names of an incident just logged.
    pub(crate) async fn already_known(&self, request: &Request, incident: &Incident) -> Result<AlreadyKnown, ServiceError> {
        const MOST_PEOPLE: usize = 8;
        let named = incident.involvements.iter().take(MOST_PEOPLE);
        let (parts, queries): (Vec<_>, Vec<_>) = named.filter_map(|part| Some((part, looked_for(part, 20)?))).unzip();
        let found = parts.into_iter().zip(self.resembled(request, queries).await?);
        let matches: Vec<(&Involvement, Match)> =
            found.flat_map(|(part, hits)| hits.into_iter().filter(|hit| hit.incident != incident.id).map(move |hit| (part, hit))).collect();
        let ids: Vec<Uuid> = incident.involvements.iter().map(|part| part.id).chain(matches.iter().map(|(_, hit)| hit.mention)).collect();
        let people = incident.involvements.iter().filter_map(|part| part.person.as_ref());
        let people = people.filter_map(|person| Some((person.name.whole(), person.date_of_birth?))).take(MOST_PEOPLE).collect();
        let place = AskedPlace::of(incident);
        let asking = request.clone();
        // One transaction: each would read its pages anew after another's commit.
        let read = self.read(move |tx, service| {
            Box::pin(async move {
                let scope = service.scope(&asking);
                let groups = people::groups(tx, &scope, &ids).await?;
                let places = place.look_up(tx, &asking, &scope).await?;
                Ok((groups, places, Marked::load(tx, &asking, people).await?))
            })
        });
        let (groups, places, marked) = read.await?;
        let mut best: Vec<(&Involvement, Match)> = Vec::new();
        for (part, hit) in matches {
            let person = groups.person(hit.mention);
            let of = |found: &&(&Involvement, Match)| found.0.id == part.id;
            // Who is linked already or kept apart is proposed no more, and each person once.
            let decided = person == groups.person(part.id) || groups.are_apart(part.id, hit.mention);
            let known = decided || best.iter().filter(of).any(|(_, one)| groups.person(one.mention) == person);
            if !known && best.iter().filter(of).count() < 5 {
                best.push((part, hit));
            }
        }
        let mut warnings = places.warnings.clone();
        for warning in self.warnings_about(request, marked).await? {
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
        let victims = victims_before(incident, &groups, &best);
        let keys = places
            .shown()
            .chain(best.iter().map(|(_, hit)| hit.incident))
            .chain(victims.iter().flat_map(|victim| victim.mentions.iter().map(|(_, incident)| *incident)));
        let keys: HashSet<Uuid> = keys.collect();
        let look = Look::search(request, Operation::Consultation, "incident.already_known", keys.into_iter().map(Key::Id).collect(), None);
        let seen = self.look(look).await?;
        let Some(scope) = seen.scope else { return Ok(AlreadyKnown::default()) };
        let mut known = AlreadyKnown { warnings, earlier_at_place: places.earlier, ..AlreadyKnown::default() };
        let (first, last) = incident.details.occurred.day_numbers();
        for id in places.shown() {
            let Some(stored) = seen.records.iter().find(|stored| stored.id == id) else { continue };
            let other = stored.incident()?;
            let (other_first, other_last) = other.details.occurred.day_numbers();
            let near = other_first <= last + 1 && other_last >= first - 1;
            if near && other.details.types.iter().any(|code| incident.details.types.contains(code)) && other.counts() {
                known.possible_duplicates.push(short(&other));
            }
            if places.latest.contains(&id) {
                known.same_place.push(short(&other));
            }
        }
        for (involvement, hit) in best {
            let stored = seen.records.iter().find(|stored| stored.id == hit.incident && scope.sight(stored.label()) >= Sight::Summary);
            if let Some(stored) = stored.filter(|_| scope.sees_people(hit.label)) {
                // Somebody erased since the index was asked is nobody any more.
                if !stored.incident()?.involvements.iter().any(|part| part.id == hit.mention && part.person.is_some()) {
                    continue;
                }
                known.similar_names.push(SimilarName {
                    involvement: involvement.id,
                    person: groups.person(hit.mention),
                    mention: hit.mention,
                    incident: hit.incident,
                    reference: stored.reference().to_owned(),
                    name: hit.matched_name,
                    strength: hit.strength,
                    band: hit.band,
                    reasons: hit.reasons,
                });
            }
        }
        for victim in victims {
            let mut earlier = HashSet::new();
            for (mention, id) in &victim.mentions {
                let Some(stored) = seen.records.iter().find(|stored| stored.id == *id) else { continue };
                let other = stored.incident()?;
                let part = other.involvements.iter().find(|part| part.id == *mention).filter(|part| is_victim(part));
                let recent = (first - 365..=last).contains(&other.details.occurred.day_numbers().0);
                if part.is_some_and(|part| people::sees(&scope, stored, &other, part)) && recent && other.counts() {
                    earlier.insert(*id);
                }
            }
            if !earlier.is_empty() {
                let RepeatVictim { involvement, person, linked, .. } = victim.told;
                known.repeat_victims.push(RepeatVictim { involvement, person, linked, earlier: earlier.len() });
            }
        }
        Ok(known)
    }
}

/// Where an incident happened and when, as what is known of the place is looked up by.
struct AskedPlace {
    incident: Uuid,
    /// The closest key of each place: the property, else the address, else the postcode, else the street.
    keys: Vec<(&'static str, String)>,
    /// First and last day, by number.
    days: (i32, i32),
}

impl AskedPlace {
    fn of(incident: &Incident) -> Self {
        let closest = |place: &model::Place| {
            let keys = place.keys();
            ["uprn", "address", "postcode", "street"].iter().find_map(|kind| keys.iter().find(|key| key.0 == *kind)).cloned()
        };
        let keys = incident.places.iter().filter_map(closest).take(5).collect();
        Self { incident: incident.id, keys, days: incident.details.occurred.day_numbers() }
    }

    async fn look_up(&self, tx: &mut Tx, request: &Request, scope: &Scope) -> Result<AtPlace, ServiceError> {
        let ((first, last), own) = (self.days, self.incident);
        let (mut found, mut earlier): (AtPlace, HashSet<Uuid>) = (AtPlace::default(), HashSet::new());
        for (kind, value) in &self.keys {
            for id in store::places::incidents_at(tx, scope, kind, value, None, 11).await? {
                if id != own && !found.latest.contains(&id) {
                    found.latest.push(id);
                }
            }
            let place = (*kind, value.as_str());
            for id in store::places::incidents_at_between(tx, scope, place, (first - 1, last + 1), MOST_NEAR + 1).await? {
                if id != own && !found.near.contains(&id) {
                    found.near.push(id);
                }
            }
            earlier.extend(store::places::incidents_at_between(tx, scope, place, (first - 365, last), MOST_EARLIER + 1).await?);
        }
        earlier.remove(&own);
        found.latest.truncate(10);
        found.near.truncate(MOST_NEAR);
        found.earlier = earlier.len().min(MOST_EARLIER);
        let warned = markers::warning_at(tx, &self.keys).await?;
        let setters = warned.into_iter().filter(|marker| marker.in_force(request.at)).map(|marker| marker.agency);
        found.warnings = warnings::warnings_of(tx, &request.actor, &setters.collect()).await?;
        Ok(found)
    }
}

/// What is known of a place.
#[derive(Default)]
struct AtPlace {
    /// The latest incidents.
    latest: Vec<Uuid>,
    /// Those of about the same day.
    near: Vec<Uuid>,
    /// How many there were in the twelve months before.
    earlier: usize,
    /// Of safety markers on it.
    warnings: Vec<Warning>,
}

impl AtPlace {
    /// Every incident that may be shown.
    fn shown(&self) -> impl Iterator<Item = Uuid> {
        self.latest.iter().copied().chain(self.near.iter().copied().filter(|id| !self.latest.contains(id)))
    }
}

/// Somebody affected now, and the mentions of who that may be, with their incidents.
struct Victim {
    told: RepeatVictim,
    mentions: Vec<(Uuid, Uuid)>,
}

/// The people affected now, with every mention of whom they are linked with or resemble strongly.
fn victims_before(incident: &Incident, groups: &Known, best: &[(&Involvement, Match)]) -> Vec<Victim> {
    let mut victims = Vec::new();
    for part in incident.involvements.iter().filter(|part| part.person.is_some() && is_victim(part)) {
        let own = groups.person(part.id);
        let linked = groups.mentions_of(own).iter().any(|mention| *mention != part.id);
        let strong = best.iter().find(|(of, hit)| of.id == part.id && hit.band == Band::Strong);
        let person = match strong {
            _ if linked => own,
            Some((_, hit)) => groups.person(hit.mention),
            None => continue,
        };
        let mentions = groups.mentions_of(person).iter().filter_map(|mention| Some((*mention, groups.incident_of(*mention)?)));
        let mentions = mentions.filter(|(_, of)| *of != incident.id).collect();
        victims.push(Victim { told: RepeatVictim { involvement: part.id, person, earlier: 0, linked }, mentions });
    }
    victims
}

fn is_victim(part: &Involvement) -> bool {
    part.roles.contains(&InvolvementRole::PersonAffected)
}
