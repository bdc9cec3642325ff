//! Linking mentions as one person, keeping them apart, undoing either; always by an officer, never by a score.

use super::{Known, groups, unconfirmed};
use crate::{Retry, Service, ServiceError, committing::Look, retry};
use model::{
    Scope, Sight, Uuid,
    audit::{Operation, Request},
    entropy,
    linking::{Groups, LinkAgreement, LinkDecision, LinkGrounds, LinkState, PersonLink},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
use store::{Tx, incidents::Key, person_links};

/// A decision as it is sent in.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPersonLink {
    /// One mention: the id of an involvement that names a person.
    pub first: Uuid,
    /// The other.
    pub second: Uuid,
    /// `same`: they are one person. `different`: they are two, and nobody of the agency is asked again.
    pub decision: LinkDecision,
    /// What that rests on.
    pub grounds: LinkGrounds,
}

/// A decision about two mentions the caller sees.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PersonLinkView {
    /// What was decided, by whom.
    #[serde(flatten)]
    pub link: PersonLink,
    /// Whether it counts now.
    pub state: LinkState,
    /// The agencies an officer of which must agree before it counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waiting_for: Vec<Uuid>,
    /// The person the first mention belongs to now.
    pub person: Uuid,
    /// The person the second mention belongs to now.
    pub other_person: Uuid,
}

/// A page of links that wait for the caller's agency.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct WaitingLinks {
    /// The latest first.
    pub links: Vec<PersonLinkView>,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

pub(super) const NO_LINKS: ServiceError = ServiceError::Forbidden("officers, supervisors and safeguarding leads decide who is one person");

/// Why a mention that was found in a text is not linked.
pub(crate) const NOT_CONFIRMED: &str =
    "was found in a text and is confirmed by nobody: give the involvement a role and set extracted to null";

fn view(groups: &Groups, link: PersonLink) -> PersonLinkView {
    let waiting_for = groups.waiting_for(link.id);
    let state = match (&link.undone, waiting_for.is_empty()) {
        (Some(_), _) => LinkState::Undone,
        (None, false) => LinkState::Waiting,
        (None, true) => LinkState::InForce,
    };
    let (person, other_person) = (groups.person(link.first), groups.person(link.second));
    PersonLinkView { link, state, waiting_for, person, other_person }
}

impl Service {
    /// Says that two mentions are one person, or two.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`]; [`ServiceError::Invalid`] alike for a mention that is not there and one the caller does not
    /// see; [`ServiceError::Conflict`] where the opposite stands or it is said already.
    pub async fn link_people(&self, request: &Request, new: NewPersonLink, retry: Option<Retry>) -> Result<PersonLinkView, ServiceError> {
        self.write(request, Operation::Combination, "person.link", move |tx, service, request| {
            Box::pin(async move {
                if !request.actor.works_with_people() {
                    return Err(NO_LINKS);
                }
                let scope = service.scope(request);
                let known = groups(tx, &scope, &[new.first, new.second]).await?;
                let mut problems = model::Problems::default();
                for (field, id) in [("first", new.first), ("second", new.second)] {
                    if !known.sees(id) {
                        problems.add(field, "unknown_id", "is not the id of a person you may see");
                    }
                }
                if new.first == new.second {
                    problems.add("second", "same", "is the same mention");
                }
                let unconfirmed =
                    unconfirmed(tx, [new.first, new.second].into_iter().filter_map(|id| known.incident_of(id)).collect()).await?;
                for (field, id) in [("first", new.first), ("second", new.second)] {
                    if new.decision == LinkDecision::Same && known.sees(id) && unconfirmed.contains(&id) {
                        problems.add(field, "not_confirmed", NOT_CONFIRMED);
                    }
                }
                problems.into_result().map_err(ServiceError::Invalid)?;
                let id = entropy::id(request.at);
                if let Some(before) = retry::claim(tx, request, "person.link", retry, id).await? {
                    let link = person_links::by_id(tx, before).await?.ok_or(ServiceError::NotFound)?;
                    return Ok((view(&known, link), vec![new.first, new.second]));
                }
                refuse_contradiction(tx, request, &known, &new).await?;
                let link = PersonLink::decided(id, [new.first, new.second], new.decision, new.grounds, request);
                person_links::insert(tx, &link).await?;
                let ends = vec![link.first, link.second];
                let after = groups(tx, &scope, &ends).await?;
                Ok((view(&after, link), ends))
            })
        })
        .await
    }

    /// Agrees, for the caller's agency, to a link that joins a person it has confirmed to another agency's.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Conflict`] where the link does not wait for the
    /// agency.
    pub async fn agree_to_link(&self, request: &Request, id: Uuid) -> Result<PersonLinkView, ServiceError> {
        self.write(request, Operation::Combination, "person.link.agree", move |tx, service, request| {
            Box::pin(async move {
                let scope = service.scope(request);
                let (known, mut link) = open_link(tx, &scope, id).await?;
                if !request.actor.works_with_people() {
                    return Err(NO_LINKS);
                }
                if !known.waiting_for(id).contains(&request.actor.agency) {
                    return Err(ServiceError::Conflict("this link does not wait for your agency".to_owned()));
                }
                if link.agreed.iter().any(|agreement| agreement.officer == request.actor.officer) {
                    return Err(ServiceError::Forbidden("it takes another officer: you agreed for another agency"));
                }
                let by = LinkAgreement::of(request);
                person_links::agree(tx, id, &by).await?;
                link.agreed.push(by);
                let after = groups(tx, &scope, &[link.first, link.second]).await?;
                let records = vec![link.first, link.second];
                Ok((view(&after, link), records))
            })
        })
        .await
    }

    /// Undoes a decision of the caller's agency, or one it agreed to: whom it joined are two people again. It stays in the
    /// history.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`].
    pub async fn undo_link(&self, request: &Request, id: Uuid) -> Result<PersonLinkView, ServiceError> {
        self.write(request, Operation::Combination, "person.link.undo", move |tx, service, request| {
            Box::pin(async move {
                let scope = service.scope(request);
                let (_, mut link) = open_link(tx, &scope, id).await?;
                if !request.actor.works_with_people() {
                    return Err(NO_LINKS);
                }
                if !link.agencies().contains(&request.actor.agency) {
                    return Err(ServiceError::Forbidden("only an agency that agreed to it undoes it: ask them"));
                }
                let by = LinkAgreement::of(request);
                if !person_links::undo(tx, id, &by).await? {
                    return Err(ServiceError::NotFound);
                }
                link.undone = Some(by);
                let after = groups(tx, &scope, &[link.first, link.second]).await?;
                let records = vec![link.first, link.second];
                Ok((view(&after, link), records))
            })
        })
        .await
    }

    /// Every decision about a person's mentions whose both ends the caller sees, undone ones too, in the order they were taken.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] alike for what is not there and what the caller may not know of.
    pub async fn person_links(&self, request: &Request, id: Uuid) -> Result<Vec<PersonLinkView>, ServiceError> {
        self.check_purpose(request, "person.links").await?;
        let asking = request.clone();
        let (known, links) = self
            .read(move |tx, service| {
                Box::pin(async move {
                    let scope = service.scope(&asking);
                    let known = groups(tx, &scope, &[id]).await?;
                    let links = person_links::around(tx, known.mentions_of(known.person(id))).await?;
                    let ends: Vec<Uuid> = links.iter().flat_map(|link| [link.first, link.second]).chain([id]).collect();
                    Ok((groups(tx, &scope, &ends).await?, links))
                })
            })
            .await?;
        self.show_links(request, "person.links", &known, Some(id), links).await
    }

    /// The links other agencies made that wait for an officer of the caller's.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`].
    pub async fn waiting_links(&self, request: &Request, before: Option<Uuid>, limit: i64) -> Result<WaitingLinks, ServiceError> {
        if !request.actor.works_with_people() {
            return Err(self.note_refusal(request, "person.links.waiting", NO_LINKS).await);
        }
        self.check_purpose(request, "person.links.waiting").await?;
        let (asking, own) = (request.clone(), request.actor.agency);
        let (known, links, next) = self
            .read(move |tx, service| {
                Box::pin(async move {
                    let scope = service.scope(&asking);
                    let (mut waiting, mut before): (Vec<PersonLink>, _) = (Vec::new(), before);
                    // What the caller does not see fills no page: it only takes longer to read past.
                    let known = loop {
                        let batch = person_links::not_agreed_by(tx, own, before, 500).await?;
                        let last = batch.last().map(|link| link.id);
                        let ends: Vec<Uuid> = batch.iter().flat_map(|link| [link.first, link.second]).collect();
                        let known = groups(tx, &scope, &[ends, ends_of(&waiting)].concat()).await?;
                        waiting.extend(batch.into_iter().filter(|link| known.waiting_for(link.id).contains(&own)));
                        before = last;
                        if before.is_none() || waiting.len() as i64 > limit {
                            break known;
                        }
                    };
                    let more = waiting.len() as i64 > limit;
                    waiting.truncate(limit as usize);
                    let next = waiting.last().filter(|_| more).map(|link| link.id);
                    Ok((known, waiting, next))
                })
            })
            .await?;
        let mut links = self.show_links(request, "person.links.waiting", &known, None, links).await?;
        links.reverse();
        Ok(WaitingLinks { links, next_cursor: next.map(|id| id.to_string()) })
    }

    /// Audits a look at links, and gives those whose both ends the caller sees in the transaction that audited it.
    async fn show_links(
        &self,
        request: &Request,
        action: &'static str,
        known: &Known,
        about: Option<Uuid>,
        mut links: Vec<PersonLink>,
    ) -> Result<Vec<PersonLinkView>, ServiceError> {
        links.retain(|link| known.sees(link.first) && known.sees(link.second));
        links.sort_by_key(|link| link.id);
        let mut ends: Vec<Uuid> = ends_of(&links);
        ends.extend(about.filter(|id| known.sees(*id)));
        ends.sort_unstable();
        ends.dedup();
        let incidents: BTreeSet<Uuid> = ends.iter().filter_map(|end| known.incident_of(*end)).collect();
        let mut look = Look::search(request, Operation::Consultation, action, incidents.into_iter().map(Key::Id).collect(), None);
        (look.least, look.exact) = (Sight::Summary, about.is_some());
        look.records = ends;
        let seen = self.look(look).await?;
        let Some(scope) = seen.scope else { return Err(ServiceError::NotFound) };
        let mut open: HashSet<Uuid> = HashSet::new();
        for stored in &seen.records {
            let incident = stored.incident()?;
            open.extend(incident.involvements.iter().filter(|part| super::sees(&scope, stored, &incident, part)).map(|part| part.id));
        }
        if about.is_some_and(|id| !open.contains(&id)) {
            return Err(ServiceError::NotFound);
        }
        Ok(links
            .into_iter()
            .filter(|link| open.contains(&link.first) && open.contains(&link.second))
            .map(|link| view(known, link))
            .collect())
    }
}

fn ends_of(links: &[PersonLink]) -> Vec<Uuid> {
    links.iter().flat_map(|link| [link.first, link.second]).collect()
}

/// A link in force or waiting, both ends of which the caller sees.
async fn open_link(tx: &mut Tx, scope: &Scope, id: Uuid) -> Result<(Known, PersonLink), ServiceError> {
    let link = person_links::by_id(tx, id).await?.filter(|link| link.undone.is_none()).ok_or(ServiceError::NotFound)?;
    let known = groups(tx, scope, &[link.first, link.second]).await?;
    if !known.sees(link.first) || !known.sees(link.second) {
        return Err(ServiceError::NotFound);
    }
    Ok((known, link))
}

/// Nothing is said twice, and nothing against what the caller's agency has said.
async fn refuse_contradiction(tx: &mut Tx, request: &Request, known: &Groups, new: &NewPersonLink) -> Result<(), ServiceError> {
    let own = request.actor.agency;
    let joined = known.person(new.first) == known.person(new.second);
    let apart = known.are_apart(new.first, new.second);
    let said = person_links::around(tx, &[new.first]).await?.into_iter().any(|link| {
        link.undone.is_none()
            && link.decision == new.decision
            && [link.first, link.second].contains(&new.second)
            && link.agencies().contains(&own)
    });
    let refusal = match new.decision {
        _ if said => "your agency has said so already",
        LinkDecision::Same if joined => "they are one person already",
        LinkDecision::Same if apart => "your agency keeps them apart: undo that first, see the links of the person",
        LinkDecision::Different if joined => "they are linked as one person: undo that link first, see the links of the person",
        _ => return Ok(()),
    };
    Err(ServiceError::Conflict(refusal.to_owned()))
}
