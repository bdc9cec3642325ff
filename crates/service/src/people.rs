//! People: a person is what their visible mentions say. Mentions an officer has linked are one person for a caller only
//! where the caller sees every mention the link rests on; the id shown is that of the earliest of them.

use crate::{Service, ServiceError, committing::Look, incidents::KnownIncident};
use model::{
    Incident, Involvement, InvolvementRole, PartialDate, Scope, Sight, Uuid,
    access::decide,
    allegation::AllegationStatus,
    audit::{Operation, Request},
    involvement::{Alias, PersonAddress, PersonName},
    marker::Marker,
};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use store::{
    Tx,
    incidents::{Key, Stored},
    markers, mentions,
};

/// The most mentions one person is put together from.
const MOST_MENTIONS: usize = 2_000;

/// Which mentions are one person, for one caller.
#[derive(Debug, Clone, Default)]
pub(crate) struct Groups(HashMap<Uuid, Uuid>);

impl Groups {
    /// The person a mention belongs to: the earliest mention the caller sees of the group.
    pub(crate) fn person(&self, mention: Uuid) -> Uuid {
        self.0.get(&mention).copied().unwrap_or(mention)
    }

    /// Every person.
    pub(crate) fn people(&self) -> Vec<Uuid> {
        let mut people: Vec<Uuid> = self.0.values().copied().collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    fn mentions_of(&self, person: Uuid) -> Vec<Uuid> {
        let mut mentions: Vec<Uuid> = self.0.iter().filter(|(_, of)| **of == person).map(|(mention, _)| *mention).collect();
        mentions.sort_unstable();
        mentions
    }
}

/// Groups mentions through the links whose every mention the caller sees.
pub(crate) async fn groups(tx: &mut Tx, scope: &Scope, ids: &[Uuid]) -> Result<Groups, ServiceError> {
    let mut links: Vec<(Uuid, Uuid)> = Vec::new();
    let mut visible: HashMap<Uuid, bool> = HashMap::new();
    let mut asked: HashSet<Uuid> = HashSet::new();
    let mut next: Vec<Uuid> = ids.to_vec();
    while !next.is_empty() && asked.len() < MOST_MENTIONS {
        asked.extend(&next);
        let mut further: HashSet<Uuid> = HashSet::new();
        for row in mentions::around(tx, &next).await? {
            let sees = scope.sees_people(row.label);
            visible.insert(row.id, sees);
            if sees {
                further.insert(row.id);
                if let Some(same) = row.same_person_as {
                    links.push((row.id, same));
                    further.insert(same);
                }
            }
        }
        next = further.into_iter().filter(|id| !asked.contains(id)).collect();
    }
    Ok(join(&visible, &links))
}

fn join(visible: &HashMap<Uuid, bool>, links: &[(Uuid, Uuid)]) -> Groups {
    let sees = |id: &Uuid| visible.get(id) == Some(&true);
    let mut person: HashMap<Uuid, Uuid> = visible.keys().filter(|id| sees(id)).map(|id| (*id, *id)).collect();
    // Small groups: repeat until nothing moves, each mention taking the earliest id of its neighbours.
    let mut moved = true;
    while moved {
        moved = false;
        for (a, b) in links.iter().filter(|(a, b)| sees(a) && sees(b)) {
            let earliest = person[a].min(person[b]);
            for end in [a, b] {
                if person.insert(*end, earliest) != Some(earliest) {
                    moved = true;
                }
            }
        }
    }
    Groups(person)
}

/// Whether the caller sees this person in this incident.
pub(crate) fn sees(scope: &Scope, stored: &Stored, incident: &Incident, part: &Involvement) -> bool {
    scope.sees_people(stored.label()) && decide(scope.actor(), &incident.person_label(part), scope.at()) >= model::Sight::Summary
}

/// A person, as far as the caller sees.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PersonView {
    /// The person's id.
    pub id: Uuid,
    /// The names recorded, with the incident each is from.
    pub names: Vec<Sourced<PersonName>>,
    /// Other names.
    pub aliases: Vec<Sourced<Alias>>,
    /// Dates of birth recorded.
    pub dates_of_birth: Vec<Sourced<PartialDate>>,
    /// Addresses.
    pub addresses: Vec<Sourced<PersonAddress>>,
    /// Incidents in which the person suffered, witnessed or reported.
    pub affected: Vec<PersonIncident>,
    /// Incidents in which the person is complained about; an allegation that was withdrawn or mistaken counts nothing.
    pub complained_about: Vec<PersonIncident>,
    /// Incidents in any other role.
    pub other: Vec<PersonIncident>,
    /// Markers in force.
    pub markers: Vec<Marker>,
}

/// A fact about a person, and the incident it is from.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Sourced<T> {
    /// The fact.
    pub value: T,
    /// The reference of the incident that says so.
    pub incident: String,
}

/// An incident of a person.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PersonIncident {
    /// The incident.
    pub incident: KnownIncident,
    /// The involvement.
    pub involvement: Uuid,
    /// The person's roles in it.
    pub roles: Vec<InvolvementRole>,
    /// What became of the allegations about the person in it.
    pub allegations: Vec<AllegationStatus>,
    /// Whether it counts against the person: an allegation stands, or it is complained of without one on record.
    pub counts: bool,
}

impl Service {
    /// A person, by the id of any mention the caller sees.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] alike for what is not there and what the caller may not know of.
    pub async fn read_person(&self, request: &Request, id: Uuid) -> Result<PersonView, ServiceError> {
        self.check_purpose(request, "person.read").await?;
        let asking = request.clone();
        let (groups, incidents) = self
            .read(move |tx, service| {
                Box::pin(async move {
                    let groups = groups(tx, &service.scope(&asking), &[id]).await?;
                    let mentions = groups.mentions_of(groups.person(id));
                    let mut incidents: Vec<Uuid> = mentions::around(tx, &mentions)
                        .await?
                        .into_iter()
                        .filter(|row| mentions.contains(&row.id))
                        .map(|row| row.incident)
                        .collect();
                    incidents.sort_unstable();
                    incidents.dedup();
                    Ok((groups, incidents))
                })
            })
            .await?;
        let person = groups.person(id);
        let mentions = groups.mentions_of(person);
        let mut look = Look::search(request, Operation::Consultation, "person.read", incidents.into_iter().map(Key::Id).collect(), None);
        (look.least, look.exact) = (Sight::Summary, true);
        look.records = mentions.clone();
        look.detail = Some(serde_json::json!({ "person": id }));
        let seen = self.look(look).await?;
        let Some(scope) = seen.scope else { return Err(ServiceError::NotFound) };
        let mut view = PersonView {
            id: person,
            names: Vec::new(),
            aliases: Vec::new(),
            dates_of_birth: Vec::new(),
            addresses: Vec::new(),
            affected: Vec::new(),
            complained_about: Vec::new(),
            other: Vec::new(),
            markers: Vec::new(),
        };
        let mut found = seen.records.iter().map(|stored| Ok((stored, stored.incident()?))).collect::<Result<Vec<_>, ServiceError>>()?;
        found.sort_by_key(|(_, incident)| (incident.details.occurred.day_numbers(), incident.id));
        let mut any = false;
        for (stored, incident) in &found {
            for part in incident.involvements.iter().filter(|part| mentions.contains(&part.id)) {
                if sees(&scope, stored, incident, part) {
                    any = true;
                    add(&mut view, incident, part, scope.sight(stored.label()));
                }
            }
        }
        if !any {
            return Err(ServiceError::NotFound);
        }
        let subjects: Vec<(&'static str, String)> = mentions.iter().map(|mention| ("person", mention.to_string())).collect();
        let at = request.at;
        let asking = request.clone();
        view.markers = self
            .read(move |tx, service| {
                Box::pin(async move {
                    let scope = service.scope(&asking);
                    let found = markers::on(tx, &scope, &subjects).await?;
                    Ok(found.into_iter().filter(|marker| marker.in_force(at)).collect())
                })
            })
            .await?;
        Ok(view)
    }
}

fn add(view: &mut PersonView, incident: &Incident, part: &Involvement, sight: model::Sight) {
    let reference = incident.reference.to_string();
    let sourced = |incident: &String| incident.clone();
    if let Some(person) = &part.person {
        view.names.push(Sourced { value: person.name.clone(), incident: sourced(&reference) });
        view.aliases.extend(person.aliases.iter().map(|alias| Sourced { value: alias.clone(), incident: sourced(&reference) }));
        view.dates_of_birth.extend(person.date_of_birth.map(|born| Sourced { value: born, incident: sourced(&reference) }));
        if sight == model::Sight::Full {
            view.addresses.extend(person.addresses.iter().map(|address| Sourced { value: address.clone(), incident: sourced(&reference) }));
        }
    }
    let allegations: Vec<AllegationStatus> =
        incident.allegations.iter().filter(|allegation| allegation.about == part.id).map(|allegation| allegation.status).collect();
    let complained = part.roles.contains(&InvolvementRole::PersonComplainedAbout);
    let stands = allegations.is_empty() || allegations.iter().any(|status| status.counts());
    let entry = PersonIncident {
        incident: crate::incidents::short(incident),
        involvement: part.id,
        roles: part.roles.clone(),
        allegations,
        counts: complained && stands && incident.counts(),
    };
    let suffered = part
        .roles
        .iter()
        .any(|role| matches!(role, InvolvementRole::PersonAffected | InvolvementRole::Reporter | InvolvementRole::Witness));
    match () {
        () if complained => view.complained_about.push(entry),
        () if suffered => view.affected.push(entry),
        () => view.other.push(entry),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_group_only_through_links_seen_whole() {
        let id = Uuid::from_u128;
        let visible = HashMap::from([(id(1), true), (id(2), false), (id(3), true), (id(4), true)]);
        // 1 and 3 are linked through 2, which the caller does not see; 3 and 4 directly.
        let groups = join(&visible, &[(id(2), id(1)), (id(3), id(2)), (id(4), id(3))]);
        assert_eq!((groups.person(id(1)), groups.person(id(3)), groups.person(id(4))), (id(1), id(3), id(3)));
        assert_eq!(groups.mentions_of(id(3)), [id(3), id(4)]);
        assert!(!groups.people().contains(&id(2)));
    }
}
