//! *Held by X, ask them*: for whoever a record is not shared with, on a match of recorded name and date of birth. Which
//! agency and whom to ask there; nothing of the record, and nothing of children, protected people or sensitive classes.

use crate::{Service, ServiceError, committing::Look, name_search::NameSearch};
use model::{
    Incident, Involvement, PartialDate, Scope, Sight, Uuid,
    access::decide,
    audit::{Operation, Request},
};
use names::Query;
use serde::Serialize;
use std::collections::BTreeSet;
use store::{Tx, agencies, incidents::Key};

/// An agency that holds a record, to be asked about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Holder {
    /// The agency.
    pub agency: Uuid,
    /// Its name.
    pub name: String,
    /// Whom to ask there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// The most mentions looked through for one search.
const MOST: usize = 200;

impl Service {
    /// The agencies that hold records on somebody of exactly this name and date of birth, by name.
    pub(crate) async fn holders(&self, request: &Request, search: &NameSearch) -> Result<Vec<Holder>, ServiceError> {
        let Some(born) = search.date_of_birth.filter(|born| born.exact().is_some()) else { return Ok(Vec::new()) };
        let query = Query { name: search.name.clone(), date_of_birth: Some(born), limit: MOST, ..Query::default() };
        let scope = self.scope(request);
        let found = self.matches_where(query, move |label| scope.sight(label) == Sight::Held).await?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let keys: BTreeSet<Uuid> = found.iter().map(|hit| hit.incident).collect();
        let mut look = Look::search(request, Operation::Consultation, "name.search.held", keys.into_iter().map(Key::Id).collect(), None);
        look.least = Sight::Held;
        look.detail = Some(serde_json::to_value(search).map_err(store::StoreError::from)?);
        let seen = self.look(look).await?;
        let Some(scope) = seen.scope else { return Ok(Vec::new()) };
        let mut owners = BTreeSet::new();
        for stored in &seen.records {
            let incident = stored.incident()?;
            if incident.involvements.iter().any(|part| held(&scope, &incident, part) && is_named(part, &search.name, born)) {
                owners.insert(incident.details.owning_agency);
            }
        }
        self.as_holders(owners).await
    }

    /// Agencies as those to be asked, by name.
    pub(crate) async fn as_holders(&self, owners: BTreeSet<Uuid>) -> Result<Vec<Holder>, ServiceError> {
        self.read(move |tx, _| Box::pin(async move { to_be_asked(tx, &owners).await })).await
    }
}

/// These agencies as those to be asked, by name.
pub(crate) async fn to_be_asked(tx: &mut Tx, asked: &BTreeSet<Uuid>) -> Result<Vec<Holder>, ServiceError> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let agencies = agencies::all(tx).await?.into_iter().filter(|agency| asked.contains(&agency.id));
    Ok(agencies.map(|agency| Holder { agency: agency.id, name: agency.name, contact: agency.contact }).collect())
}

fn held(scope: &Scope, incident: &Incident, part: &Involvement) -> bool {
    decide(scope.actor(), &incident.person_label(part), scope.at()) == Sight::Held
}

/// The same name, but for case, blanks and punctuation, and the same whole date of birth.
pub(crate) fn is_named(part: &Involvement, name: &str, born: PartialDate) -> bool {
    let plain = model::conflict::words_of;
    let wanted = plain(name);
    part.person.as_ref().is_some_and(|person| person.date_of_birth == Some(born)) && part.names().iter().any(|name| plain(name) == wanted)
}
