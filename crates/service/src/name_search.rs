//! Searching by name: every incident a person appears in, under any spelling, and why each hit matched.

use crate::{
    Service, ServiceError,
    committing::Look,
    held::Holder,
    incidents::KnownIncident,
    people,
    warnings::{Marked, Warning},
};
use model::{
    Involvement, InvolvementRole, LabelId, PartialDate, Sight, Uuid,
    audit::{Operation, Request},
    involvement::ExtractionRule,
};
use names::{Band, LocalForms, Match, NamesError, Query, Reason, Sex};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, PoisonError};
use store::incidents::Key;

/// Who is looked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameSearch {
    /// The name, as heard or typed.
    #[schema(example = "Peggy Ashwerth")]
    pub name: String,
    /// The date of birth, as far as known: evidence, never a filter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<PartialDate>,
    /// A postcode or the part before the blank: evidence, never a filter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// The sex (vocabulary `sexes`): evidence, never a filter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "female")]
    pub sex: Option<String>,
    /// Only in this role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<InvolvementRole>,
    /// Only incidents that can have happened on this day or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<jiff::civil::Date>,
    /// Only incidents that can have happened on this day or earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<jiff::civil::Date>,
    /// The most people to give, 1 to 100; 20 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// What a search by name answers.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct NameSearchResult {
    /// The people found, best first.
    pub people: Vec<PersonHit>,
    /// More matched than are given: narrow the search, or ask for more.
    pub more: bool,
    /// Agencies that hold records on somebody of exactly this name and date of birth which are not open to the caller:
    /// ask them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held_by: Vec<Holder>,
    /// Agencies that have a safety marker in force on somebody of exactly this name and date of birth, open to the caller or
    /// not: ask them before anybody goes there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// The versions of the tables the answer depends on: nicknames, common names.
    pub tables: (&'static str, &'static str),
}

/// A person found: every mention the caller may see that an officer has linked, or one by itself.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PersonHit {
    /// The person's id, for `GET /v1/people/{id}`.
    pub person: Uuid,
    /// The strength of the best hit, 0 to 1.
    pub strength: f32,
    /// The same in a word.
    pub band: Band,
    /// The hits, best first.
    pub hits: Vec<NameHit>,
}

/// One mention that matched.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct NameHit {
    /// The involvement.
    pub involvement: Uuid,
    /// The recorded name that matched.
    pub name: String,
    /// Its roles in the incident.
    pub roles: Vec<InvolvementRole>,
    /// The name was found in a free text, and nobody has confirmed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extracted: Option<ExtractionRule>,
    /// How strongly it matches, 0 to 1.
    pub strength: f32,
    /// The same in a word.
    pub band: Band,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The incident.
    pub incident: KnownIncident,
}

impl Service {
    /// Searches by name.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`], [`ServiceError::IndexBehind`], [`ServiceError::Unavailable`].
    pub async fn search_names(&self, request: &Request, search: NameSearch) -> Result<NameSearchResult, ServiceError> {
        let limit = search.limit.unwrap_or(20);
        check(&search)?;
        self.check_purpose(request, "name.search").await?;
        let query = Query {
            name: search.name.clone(),
            date_of_birth: search.date_of_birth,
            postcode: search.postcode.clone(),
            sex: search.sex.as_deref().and_then(Sex::of_code),
            roles: search.role.map_or(0, InvolvementRole::bit),
            from_day: search.from.map(model::timestamp::day_number),
            to_day: search.to.map(model::timestamp::day_number),
            // One person may have many mentions.
            limit: limit * 5,
            ..Query::default()
        };
        let full = query.limit;
        let mut matches = self.matches(request, query).await?;
        let mut more = matches.len() >= full;
        let ids: Vec<Uuid> = matches.iter().map(|hit| hit.mention).collect();
        let about = search.date_of_birth.map(|born| (search.name.clone(), born));
        let asking = request.clone();
        let read = self.read(move |tx, service| {
            Box::pin(async move {
                let groups = people::groups(tx, &service.scope(&asking), &ids).await?;
                Ok((groups, Marked::load(tx, &asking, about.into_iter().collect()).await?))
            })
        });
        let (groups, marked) = read.await?;
        // Only what is shown is looked at, and written down as looked at.
        let mut best: Vec<Uuid> = Vec::new();
        matches.retain(|hit| {
            let person = groups.person(hit.mention);
            if best.contains(&person) {
                return true;
            }
            let room = best.len() < limit;
            if room {
                best.push(person);
            }
            more |= !room;
            room
        });
        let mut keys: Vec<Uuid> = matches.iter().map(|hit| hit.incident).collect();
        keys.sort_unstable();
        keys.dedup();
        let detail = serde_json::to_value(&search).map_err(store::StoreError::from)?;
        let mut look = Look::search(request, Operation::Consultation, "name.search", keys.into_iter().map(Key::Id).collect(), Some(detail));
        look.least = Sight::Summary;
        look.records = best;
        let seen = self.look(look).await?;
        let Some(scope) = seen.scope else { return Err(ServiceError::NotFound) };
        let mut people: Vec<PersonHit> = Vec::new();
        for hit in matches {
            let Some(stored) = seen.records.iter().find(|stored| stored.id == hit.incident) else { continue };
            // Authorised again, by the label the mention has in the transaction that audited it.
            let incident = stored.incident()?;
            let Some(part) = incident.involvements.iter().find(|part| part.id == hit.mention && part.person.is_some()) else { continue };
            if !people::sees(&scope, stored, &incident, part) {
                continue;
            }
            let person = groups.person(hit.mention);
            let (strength, band) = (hit.strength, hit.band);
            let shown = name_hit(hit, &incident, part);
            match people.iter().position(|group| group.person == person) {
                Some(at) => people[at].hits.push(shown),
                None => people.push(PersonHit { person, strength, band, hits: vec![shown] }),
            }
        }
        let held_by = self.holders(request, &search).await?;
        let warnings = self.warnings_about(request, marked).await?;
        Ok(NameSearchResult { people, more, held_by, warnings, tables: names::table_versions() })
    }

    /// Matches in the index and in what is committed above it, by what the caller may see.
    pub(crate) async fn matches(&self, request: &Request, query: Query) -> Result<Vec<Match>, ServiceError> {
        only_one(self.within_sight(request, vec![query]).await?)
    }

    /// Whom each of these resembles. A name too long to be asked for resembles nobody.
    pub(crate) async fn resembled(&self, request: &Request, queries: Vec<Query>) -> Result<Vec<Vec<Match>>, ServiceError> {
        let found = self.within_sight(request, queries).await?.into_iter().map(|matches| match matches {
            Err(NamesError::QueryTooLong { .. }) => Ok(Vec::new()),
            matches => Ok(matches?),
        });
        found.collect()
    }

    /// What matches each query among what the caller may see, with the forms of names that count where they ask.
    async fn within_sight(&self, request: &Request, queries: Vec<Query>) -> Result<Vec<Result<Vec<Match>, NamesError>>, ServiceError> {
        self.caught_up().await?;
        let scope = self.scope(request);
        let (local_forms, people) = (self.local_forms(request), Some(self.inner.settings.people));
        let queries = queries.into_iter().map(|query| Query { local_forms: local_forms.clone(), people, ..query }).collect();
        self.search_each(queries, move |label| scope.sees_people(label)).await
    }

    /// The forms of names that count in the caller's partnerships.
    fn local_forms(&self, request: &Request) -> Vec<Arc<LocalForms>> {
        let partnerships = self.inner.stands(request).map_or(Vec::new(), |(actor, _)| actor.partnerships);
        self.inner.standing.local_forms(&partnerships)
    }

    /// Matches by any rule over labels, in an index that has caught up.
    pub(crate) async fn matches_where(
        &self,
        query: Query,
        open: impl Fn(LabelId) -> bool + Send + Sync + 'static,
    ) -> Result<Vec<Match>, ServiceError> {
        only_one(self.search_each(vec![query], open).await?)
    }

    async fn search_each(
        &self,
        queries: Vec<Query>,
        open: impl Fn(LabelId) -> bool + Send + Sync + 'static,
    ) -> Result<Vec<Result<Vec<Match>, NamesError>>, ServiceError> {
        let service = self.clone();
        tokio::task::spawn_blocking(move || {
            let follower = service.inner.follower.as_ref().ok_or(ServiceError::IndexBehind)?;
            let tail = follower.tail.read().unwrap_or_else(PoisonError::into_inner);
            let index = follower.index();
            Ok(queries.iter().map(|query| index.search(query, &open, &tail)).collect())
        })
        .await?
    }
}

/// What was found for the one query that was asked.
fn only_one(mut found: Vec<Result<Vec<Match>, NamesError>>) -> Result<Vec<Match>, ServiceError> {
    Ok(found.pop().transpose()?.unwrap_or_default())
}

/// What somebody named is looked for by.
pub(crate) fn looked_for(part: &Involvement, limit: usize) -> Option<Query> {
    let person = part.person.as_ref()?;
    Some(Query {
        name: person.name.whole(),
        date_of_birth: person.date_of_birth,
        postcode: person.addresses.iter().find_map(|address| address.postcode.clone()),
        sex: person.sex.as_deref().and_then(Sex::of_code),
        limit,
        ..Query::default()
    })
}

fn check(search: &NameSearch) -> Result<(), ServiceError> {
    let mut problems = model::Problems::default();
    problems.text("name", &search.name, 256);
    if search.limit.is_some_and(|limit| !(1..=100).contains(&limit)) {
        problems.add("limit", "range", "must be 1 to 100");
    }
    problems.optional_text("postcode", search.postcode.as_deref(), 10);
    if search.sex.as_ref().is_some_and(|sex| !model::vocabulary::current().has("sexes", sex)) {
        problems.add("sex", "unknown_code", model::vocabulary::current().remedy("sexes"));
    }
    if let (Some(from), Some(to)) = (search.from, search.to)
        && to < from
    {
        problems.add("to", "order", "must not be before from");
    }
    problems.into_result().map_err(ServiceError::Invalid)
}

fn name_hit(hit: Match, incident: &model::Incident, part: &Involvement) -> NameHit {
    NameHit {
        involvement: hit.mention,
        name: hit.matched_name,
        roles: part.roles.clone(),
        extracted: part.extracted,
        strength: hit.strength,
        band: hit.band,
        reasons: hit.reasons,
        incident: crate::incidents::short(incident),
    }
}
