//! What an incident names outside itself: agencies, officers, people it says are the same, an intake. Checked when it
//! is newly named and not again: what somebody else has named, or what has ended since, never stops a change.

use crate::{Service, ServiceError};
use model::{Incident, IncidentDetails, Involvement, Problems, Reference, Uuid, audit::Request};
use std::collections::BTreeSet;
use store::Tx;

/// A known person whom somebody is said to be.
#[derive(Debug)]
struct Same {
    field: String,
    mention: Uuid,
    other: Uuid,
}

/// A known person whom somebody is said to be different from.
#[derive(Debug)]
struct Apart {
    field: String,
    /// The mention, there already or not, and whom it is said to be.
    mention: Uuid,
    same: Option<Uuid>,
    other: Uuid,
}

/// Ids to be checked, each with the field that names it.
#[derive(Debug, Default)]
pub(crate) struct Named {
    agencies: Vec<(&'static str, Uuid)>,
    officers: Vec<Uuid>,
    people: Vec<Same>,
    /// Known people somebody is said to be different from.
    apart: Vec<Apart>,
    /// The mention that is there already, and whom it newly says it is.
    joined: Option<(Uuid, Uuid)>,
    intake: Option<Reference>,
}

impl Named {
    /// Everything a new incident names. The caller's own agency needs no check.
    pub(crate) fn in_new(incident: &Incident, request: &Request) -> Self {
        let mut named = Self { intake: incident.intake.clone(), ..Self::default() };
        named.details(None, &incident.details);
        named.agencies.retain(|(_, agency)| *agency != request.actor.agency);
        named.officers.retain(|officer| *officer != request.actor.officer);
        for (at, part) in incident.involvements.iter().enumerate() {
            named.person(incident, format!("involvements/{at}/same_person_as"), part.id, part.same_person_as);
            named.apart(part, &format!("involvements/{at}/"));
        }
        named
    }

    /// What changed details name that those before did not.
    pub(crate) fn in_change(before: &IncidentDetails, after: &IncidentDetails) -> Self {
        let mut named = Self::default();
        named.details(Some(before), after);
        named
    }

    /// What one part names that it did not name before.
    pub(crate) fn in_part(incident: &Incident, id: Uuid, before: Option<Uuid>) -> Self {
        let mut named = Self::default();
        let Some(part) = incident.involvements.iter().find(|part| part.id == id) else { return named };
        let same = part.same_person_as.filter(|same| before != Some(*same));
        named.joined = same.map(|same| (id, same));
        named.person(incident, "same_person_as".to_owned(), id, same);
        named.apart(part, "");
        named
    }

    fn details(&mut self, before: Option<&IncidentDetails>, after: &IncidentDetails) {
        if before.is_none_or(|before| before.owning_agency != after.owning_agency) {
            self.agencies.push(("owning_agency", after.owning_agency));
        }
        let fresh = |known: Option<&Vec<Uuid>>, id: &Uuid| known.is_none_or(|known| !known.contains(id));
        let agencies = after.sharing.agencies.iter().filter(|id| fresh(before.map(|before| &before.sharing.agencies), id));
        self.agencies.extend(agencies.map(|id| ("sharing/agencies", *id)));
        self.officers.extend(after.sharing.officers.iter().filter(|id| fresh(before.map(|before| &before.sharing.officers), id)));
    }

    /// Another person of the same incident needs no check: they may be new themselves.
    fn person(&mut self, incident: &Incident, field: String, mention: Uuid, same: Option<Uuid>) {
        let other = same.filter(|same| !incident.involvements.iter().any(|part| part.id == *same));
        self.people.extend(other.map(|other| Same { field, mention, other }));
    }

    fn apart(&mut self, part: &Involvement, within: &str) {
        self.apart.extend(part.different_from.iter().enumerate().map(|(at, different)| Apart {
            field: format!("{within}different_from/{at}/person"),
            mention: part.id,
            same: part.same_person_as,
            other: different.person,
        }));
    }

    /// Mentions that are said to be a known person or not to be, and those people: the ledger names them.
    pub(crate) fn mentions(&self) -> BTreeSet<Uuid> {
        let same = self.people.iter().flat_map(|same| [same.mention, same.other]);
        same.chain(self.apart.iter().flat_map(|apart| [apart.mention, apart.other])).collect()
    }

    fn is_empty(&self) -> bool {
        self.apart.is_empty() && self.agencies.is_empty() && self.officers.is_empty() && self.people.is_empty() && self.intake.is_none()
    }
}

impl Service {
    /// Checks what is named, in a transaction of its own where there is anything to check.
    pub(crate) async fn check_named(&self, named: Named, request: &Request) -> Result<(), ServiceError> {
        if named.is_empty() {
            return Ok(());
        }
        let request = request.clone();
        self.read(move |tx, service| Box::pin(async move { service.check_named_within(tx, named, &request).await })).await
    }

    /// The same in a transaction that is open: one that waited for a second connection could wait for ever.
    pub(crate) async fn check_named_within(&self, tx: &mut Tx, named: Named, request: &Request) -> Result<(), ServiceError> {
        let mut problems = Problems::default();
        for (field, agency) in named.agencies {
            if store::agencies::by_id(tx, agency).await?.is_none() {
                problems.add(field, "unknown_id", "is not the id of an agency: see GET /v1/agencies");
            }
        }
        for officer in named.officers {
            if store::agencies::officer_by_id(tx, officer).await?.is_none() {
                problems.add("sharing/officers", "unknown_id", "is not the id of an officer");
            }
        }
        let scope = self.scope(request);
        let ids: Vec<Uuid> = named.people.iter().map(|same| same.other).collect();
        let known = if ids.is_empty() { Vec::new() } else { store::mentions::around(tx, &ids).await? };
        let unconfirmed = crate::people::unconfirmed(tx, known.iter().map(|mention| mention.incident).collect()).await?;
        for Same { field, other, .. } in named.people {
            if !known.iter().any(|mention| mention.id == other && scope.sees_people(mention.label)) {
                problems.add(&field, "unknown_id", "is not the id of a person you may see");
            } else if unconfirmed.contains(&other) {
                problems.add(&field, "not_confirmed", crate::people::NOT_CONFIRMED);
            }
        }
        for Apart { field, mention, same, other } in named.apart {
            let groups =
                crate::people::groups(tx, &scope, &[Some(mention), same, Some(other)].into_iter().flatten().collect::<Vec<_>>()).await?;
            let is_other = |id: Uuid| groups.person(id) == groups.person(other);
            if !groups.sees(other) {
                problems.add(&field, "unknown_id", "is not the id of a person you may see");
            } else if is_other(mention) || same.is_some_and(is_other) {
                problems.add(&field, "confirmed_people", "is the same person by a link: see the links of the person, and undo that first");
            } else if groups.are_apart(mention, other) {
                problems.add(&field, "repeated", "is somebody else already, as your agency has said");
            }
        }
        if let Some((mention, same)) = named.joined {
            let groups = crate::people::groups(tx, &scope, &[mention, same]).await?;
            let waits = groups.still_to_agree(mention, same, &BTreeSet::from([request.actor.agency]));
            if groups.person(mention) != groups.person(same) && (!waits.is_empty() || groups.are_apart(mention, same)) {
                let detail = "joins people whom officers have confirmed, or keep apart: use POST /v1/person-links";
                problems.add("same_person_as", "confirmed_people", detail);
            }
        }
        if let Some(reference) = named.intake {
            let found = store::intakes::by_reference(tx, reference.as_str()).await?;
            if !found.is_some_and(|intake| intake.agency == request.actor.agency && intake.expires_at > request.at) {
                problems.add("intake", "unknown_reference", "is not an intake of your agency that is still open");
            }
        }
        problems.into_result().map_err(ServiceError::Invalid)
    }
}
