//! The review queue: an agency's mentions walked in the order of their incidents' ids, and for each the people it may be, with the evidence.
//! Nothing is kept of a proposal: it is worked out anew from what the caller sees, so that what is hidden neither fills a page
//! nor takes a place in a list, and what has been decided since is not proposed again.

use super::{groups, links::NO_LINKS};
use crate::{Service, ServiceError, committing::Look, incidents::KnownIncident, name_search::looked_for};
use model::{
    Incident, InvolvementRole, PartialDate, Scope, Sight, Uuid,
    audit::{Operation, Request},
    involvement::ExtractionRule,
};
use names::{Band, Match, Query, Reason};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, HashSet};
use store::{
    incidents::{self, Key, Stored},
    mentions::{self, MentionRow},
};

/// What the queue is narrowed to.
#[derive(Debug, Clone)]
pub struct ReviewFilter {
    /// Mentions older than this alone: the cursor of the page before.
    pub before: Option<Uuid>,
    /// The most proposals to give.
    pub limit: usize,
    /// The weakest band to propose.
    pub least: Band,
    /// Only people of two agencies: the same person known to both without a link.
    pub across_agencies: bool,
}

/// A page of the review queue.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PeopleToReview {
    /// Pairs of people that may be one, the strongest of the page first.
    pub proposals: Vec<PersonProposal>,
    /// How many mentions of the agency were compared with everybody else for this page.
    pub compared: usize,
    /// Where the next page starts; absent when every mention has been compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Two people who may be one: to be linked, kept apart, or left open.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PersonProposal {
    /// The agency's own mention.
    pub first: PersonInShort,
    /// The mention it resembles most, of the other person.
    pub second: PersonInShort,
    /// How probable it is that they are one, 0 to 1.
    pub strength: f32,
    /// The same in a word.
    pub band: Band,
    /// Why, seen from the first.
    pub reasons: Vec<Reason>,
    /// They belong to records of two agencies.
    pub across_agencies: bool,
}

/// A mention in short.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PersonInShort {
    /// The involvement.
    pub mention: Uuid,
    /// The person it belongs to now.
    pub person: Uuid,
    /// The recorded name.
    pub name: String,
    /// The date of birth, as far as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<PartialDate>,
    /// The roles.
    pub roles: Vec<InvolvementRole>,
    /// The name was found in a free text: confirm it with a role before it is linked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extracted: Option<ExtractionRule>,
    /// The incident.
    pub incident: KnownIncident,
}

/// The most mentions one page compares, and the incidents read at a time.
const MOST_COMPARED: usize = 200;
const BATCH: i64 = 200;

/// The most hits looked at for one mention.
const MOST_HITS: usize = 20;

/// One mention with what it resembles.
struct Found {
    mention: Uuid,
    incident: Uuid,
    hits: Vec<Match>,
}

impl Service {
    /// A page of the review queue of the caller's agency.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Invalid`] for the purpose, [`ServiceError::IndexBehind`].
    pub async fn people_to_review(&self, request: &Request, filter: ReviewFilter) -> Result<PeopleToReview, ServiceError> {
        const ACTION: &str = "person.review";
        if !request.actor.works_with_people() {
            return Err(self.note_refusal(request, ACTION, NO_LINKS).await);
        }
        self.check_purpose(request, ACTION).await?;
        let (rows, more) = self.own_mentions(request, filter.before.unwrap_or(Uuid::max())).await?;
        let last = rows.last().map(|row| row.incident);
        let found = self.resembling(request, &filter, rows).await?;
        let (proposals, compared, ended) = self.undecided(request, &filter, found).await?;
        let next = ended.or(last.filter(|_| more));
        let incidents: BTreeSet<Uuid> = proposals.iter().flat_map(|one: &Undecided| [one.first.1, one.second.1]).collect();
        let mut look = Look::search(request, Operation::Consultation, ACTION, incidents.into_iter().map(Key::Id).collect(), None);
        look.least = Sight::Summary;
        look.records = proposals.iter().flat_map(|one| [one.first.0, one.second.0]).collect();
        look.detail = Some(serde_json::json!({ "across_agencies": filter.across_agencies, "least": filter.least }));
        let seen = self.look(look).await?;
        let Some(scope) = seen.scope else { return Err(ServiceError::NotFound) };
        let mut shown = Vec::new();
        for one in proposals {
            let (Some(first), Some(second)) =
                (in_short(&scope, &seen.records, one.first, one.people.0)?, in_short(&scope, &seen.records, one.second, one.people.1)?)
            else {
                continue;
            };
            let across_agencies = first.incident.owning_agency != second.incident.owning_agency;
            let Undecided { hit, .. } = one;
            shown.push(PersonProposal { first, second, strength: hit.strength, band: hit.band, reasons: hit.reasons, across_agencies });
        }
        shown.sort_by(|a, b| b.strength.total_cmp(&a.strength));
        Ok(PeopleToReview { proposals: shown, compared, next_cursor: next.map(|id| id.to_string()) })
    }

    /// The next mentions of their agency that the caller sees, as many as one page compares, whole incidents each; whether there
    /// are more. What the caller does not see only takes time to read past.
    async fn own_mentions(&self, request: &Request, before: Uuid) -> Result<(Vec<MentionRow>, bool), ServiceError> {
        let asking = request.clone();
        self.read(move |tx, service| {
            Box::pin(async move {
                let scope = service.scope(&asking);
                let (mut rows, mut before): (Vec<MentionRow>, Uuid) = (Vec::new(), before);
                loop {
                    let (batch, last) = mentions::of_agency_before(tx, asking.actor.agency, before, BATCH).await?;
                    rows.extend(batch.into_iter().filter(|row| scope.sees_people(row.label)));
                    let Some(last) = last.filter(|_| rows.len() <= MOST_COMPARED) else { break };
                    before = last;
                }
                let Some(over) = rows.get(MOST_COMPARED).map(|row| row.incident) else { return Ok((rows, false)) };
                let whole = rows.iter().position(|row| row.incident == over).unwrap_or(0);
                // One incident of more people than a page compares is compared whole.
                let kept = if whole == 0 { rows.iter().filter(|row| row.incident == over).count() } else { whole };
                let more = whole == 0 || kept < rows.len();
                rows.truncate(kept);
                Ok((rows, more))
            })
        })
        .await
    }

    /// What each mention resembles among what the caller sees.
    async fn resembling(&self, request: &Request, filter: &ReviewFilter, rows: Vec<MentionRow>) -> Result<Vec<Found>, ServiceError> {
        let keys: BTreeSet<Uuid> = rows.iter().map(|row| row.incident).collect();
        let keys: Vec<Key> = keys.into_iter().map(Key::Id).collect();
        let stored = self.read(move |tx, _| Box::pin(async move { Ok(incidents::load(tx, &keys).await?) })).await?;
        let by_id: HashMap<Uuid, Incident> =
            stored.iter().map(|stored| Ok((stored.id, stored.incident()?))).collect::<Result<_, ServiceError>>()?;
        let asked: Vec<(Uuid, Uuid, Query)> = rows
            .iter()
            .filter_map(|row| {
                let part = by_id.get(&row.incident)?.involvements.iter().find(|part| part.id == row.id)?;
                Some((row.id, row.incident, looked_for(part, MOST_HITS)?))
            })
            .collect();
        let matches = self.resembled(request, asked.iter().map(|(.., query)| query.clone()).collect()).await?;
        let found = asked.into_iter().zip(matches).map(|((mention, incident, _), hits)| {
            let hits = hits.into_iter().filter(|hit| hit.incident != incident && hit.band >= filter.least).collect();
            Found { mention, incident, hits }
        });
        Ok(found.collect())
    }

    /// The pairs nobody of the agency has decided yet; how many mentions that took, and the last incident where the page was full
    /// before the end.
    async fn undecided(
        &self,
        request: &Request,
        filter: &ReviewFilter,
        found: Vec<Found>,
    ) -> Result<(Vec<Undecided>, usize, Option<Uuid>), ServiceError> {
        let ids: Vec<Uuid> = found.iter().flat_map(|one| one.hits.iter().map(|hit| hit.mention).chain([one.mention])).collect();
        let asking = request.clone();
        let known = self.read(move |tx, service| Box::pin(async move { groups(tx, &service.scope(&asking), &ids).await })).await?;
        let own = request.actor.agency;
        let (mut pairs, mut told): (Vec<Undecided>, HashSet<(Uuid, Uuid)>) = (Vec::new(), HashSet::new());
        let mut compared = 0;
        let mut at = found.into_iter().peekable();
        while let Some(one) = at.next() {
            compared += 1;
            let person = known.person(one.mention);
            for hit in one.hits {
                let other = known.person(hit.mention);
                let owner = known.agency_of(hit.mention);
                // A later mention of the own agency was compared with this one before.
                let before = owner == Some(own) && hit.incident > one.incident;
                let elsewhere = owner.is_some_and(|owner| owner != own);
                if person == other || before || (filter.across_agencies && !elsewhere) || known.are_apart(person, other) {
                    continue;
                }
                if told.insert((person.min(other), person.max(other))) {
                    pairs.push(Undecided {
                        first: (one.mention, one.incident),
                        second: (hit.mention, hit.incident),
                        people: (person, other),
                        hit,
                    });
                }
            }
            // A page ends between two incidents.
            if pairs.len() >= filter.limit && at.peek().is_some_and(|next| next.incident != one.incident) {
                return Ok((pairs, compared, Some(one.incident)));
            }
        }
        Ok((pairs, compared, None))
    }
}

/// A pair still to be decided: mentions with their incidents.
struct Undecided {
    first: (Uuid, Uuid),
    second: (Uuid, Uuid),
    people: (Uuid, Uuid),
    hit: Match,
}

/// A mention in short, where the caller sees it in the transaction that audited the look.
fn in_short(
    scope: &Scope,
    records: &[Stored],
    (mention, incident): (Uuid, Uuid),
    person: Uuid,
) -> Result<Option<PersonInShort>, ServiceError> {
    let Some(stored) = records.iter().find(|stored| stored.id == incident) else { return Ok(None) };
    let incident = stored.incident()?;
    let part = incident.involvements.iter().find(|part| part.id == mention).filter(|part| super::sees(scope, stored, &incident, part));
    Ok(part.and_then(|part| {
        let named = part.person.as_ref()?;
        Some(PersonInShort {
            mention,
            person,
            name: named.name.whole(),
            date_of_birth: named.date_of_birth,
            roles: part.roles.clone(),
            extracted: part.extracted,
            incident: crate::incidents::short(&incident),
        })
    }))
}
