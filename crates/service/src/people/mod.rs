//! People: a person is what their visible mentions say. Mentions an officer has linked are one person for a caller only
//! where the caller sees every mention the link rests on; the id shown is that of the earliest of them.

mod associations;
mod chronology;
mod grouping;
mod links;
mod proposals;
mod timeline;

pub use associations::AssociationView;
pub use chronology::{Chronology, ChronologyEntry, Side};
pub(crate) use grouping::{Known, groups, unconfirmed};
pub(crate) use links::NOT_CONFIRMED;
pub use links::{NewPersonLink, PersonLinkView, WaitingLinks};
pub use proposals::{PeopleToReview, PersonInShort, PersonProposal, ReviewFilter};
pub use timeline::{TimelineEntry, TimelineKind};

use crate::{Service, ServiceError, committing::Look, incidents::KnownIncident};
use model::{
    Incident, Involvement, InvolvementRole, PartialDate, Scope, Sight, Uuid,
    access::decide,
    allegation::AllegationStatus,
    audit::{Operation, Request},
    involvement::{Alias, ExtractionRule, PersonAddress, PersonName},
    marker::Marker,
};
use serde::Serialize;
use std::collections::BTreeSet;
use store::{
    incidents::{Key, Stored},
    markers,
};

/// Whether the caller sees this person in this incident.
pub(crate) fn sees(scope: &Scope, stored: &Stored, incident: &Incident, part: &Involvement) -> bool {
    scope.sees_people(stored.label()) && decide(scope.actor(), &incident.person_label(part), scope.at()) >= model::Sight::Summary
}

/// A person, as far as the caller sees.
#[derive(Debug, Clone, Default, Serialize, utoipa::ToSchema)]
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
    /// Whom they go about with and what they drive, as an officer recorded it: never taken from being named together.
    pub associations: Vec<AssociationView>,
    /// Markers in force.
    pub markers: Vec<Marker>,
    /// The incidents, addresses, associations and markers above in the order of their days.
    pub timeline: Vec<TimelineEntry>,
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
    /// The name was found in a free text, and nobody has confirmed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extracted: Option<ExtractionRule>,
    /// What became of the allegations about the person in it.
    pub allegations: Vec<AllegationStatus>,
    /// Whether it counts against the person: an allegation stands, or it is complained of without one on record.
    pub counts: bool,
}

/// A person's mentions, with the records that name them as they are in the transaction that audited the look.
struct PersonSeen {
    groups: Known,
    scope: Scope,
    mentions: Vec<Uuid>,
    found: Vec<(Stored, Incident)>,
}

impl PersonSeen {
    /// The involvements of the person that the caller sees, in the order in which the incidents happened.
    fn parts(&self) -> impl Iterator<Item = (&Stored, &Incident, &Involvement)> {
        self.found.iter().flat_map(move |(stored, incident)| {
            let parts = incident.involvements.iter().filter(|part| self.mentions.contains(&part.id));
            parts.filter(|part| sees(&self.scope, stored, incident, part)).map(move |part| (stored, incident, part))
        })
    }
}

impl Service {
    /// A person, by the id of any mention the caller sees.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] alike for what is not there and what the caller may not know of.
    pub async fn read_person(&self, request: &Request, id: Uuid) -> Result<PersonView, ServiceError> {
        let seen = self.look_at_person(request, "person.read", id).await?;
        let mut view = PersonView { id: seen.groups.person(id), ..PersonView::default() };
        for (stored, incident, part) in seen.parts() {
            add(&mut view, incident, part, seen.scope.sight(stored.label()));
        }
        view.associations = self.associations_of(request, &seen.mentions).await?;
        let subjects: Vec<(&'static str, String)> = seen.mentions.iter().map(|mention| ("person", mention.to_string())).collect();
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
        view.timeline = timeline::timeline(&view);
        Ok(view)
    }

    /// Audits a look at a person and reads the records that name them.
    async fn look_at_person(&self, request: &Request, action: &'static str, id: Uuid) -> Result<PersonSeen, ServiceError> {
        self.check_purpose(request, action).await?;
        let asking = request.clone();
        let groups = self.read(move |tx, service| Box::pin(async move { groups(tx, &service.scope(&asking), &[id]).await })).await?;
        let mentions = groups.mentions_of(groups.person(id)).to_vec();
        let incidents: BTreeSet<Uuid> = mentions.iter().filter_map(|mention| groups.incident_of(*mention)).collect();
        let mut look = Look::search(request, Operation::Consultation, action, incidents.into_iter().map(Key::Id).collect(), None);
        (look.least, look.exact) = (Sight::Summary, true);
        look.records = mentions.clone();
        look.detail = Some(serde_json::json!({ "person": id }));
        let seen = self.look(look).await?;
        let Some(scope) = seen.scope else { return Err(ServiceError::NotFound) };
        let found = seen.records.into_iter().map(|stored| stored.incident().map(|incident| (stored, incident)));
        let mut found = found.collect::<Result<Vec<_>, _>>()?;
        found.sort_by_key(|(_, incident)| (incident.details.occurred.day_numbers(), incident.id));
        let seen = PersonSeen { mentions, groups, scope, found };
        if seen.parts().next().is_none() {
            return Err(ServiceError::NotFound);
        }
        Ok(seen)
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
    let (side, entry) = entry(incident, part);
    match side {
        Side::Alleged => view.complained_about.push(entry),
        Side::Suffered => view.affected.push(entry),
        Side::Other => view.other.push(entry),
    }
}

/// What a person's part in an incident comes to, and on which side it stands.
fn entry(incident: &Incident, part: &Involvement) -> (Side, PersonIncident) {
    let about = incident.allegations.iter().filter(|allegation| allegation.about == part.id);
    let allegations: Vec<AllegationStatus> = about.map(|allegation| allegation.status).collect();
    let complained = part.roles.contains(&InvolvementRole::PersonComplainedAbout);
    let stands = allegations.is_empty() || allegations.iter().any(|status| status.counts());
    let suffered = part
        .roles
        .iter()
        .any(|role| matches!(role, InvolvementRole::PersonAffected | InvolvementRole::Reporter | InvolvementRole::Witness));
    let side = match () {
        () if complained => Side::Alleged,
        () if suffered => Side::Suffered,
        () => Side::Other,
    };
    let entry = PersonIncident {
        incident: crate::incidents::short(incident),
        involvement: part.id,
        roles: part.roles.clone(),
        extracted: part.extracted,
        allegations,
        counts: complained && stands && incident.counts(),
    };
    (side, entry)
}
