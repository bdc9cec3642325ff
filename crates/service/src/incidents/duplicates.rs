//! Linking two agencies' records of the same event, reversibly. Each keeps its own record.

use super::change::Needs;
use crate::{Retry, Service, ServiceError, committing::Look, retry};
use model::{
    Timestamp, Uuid,
    audit::{Operation, Request},
    entropy,
};
use serde::Serialize;
use store::{
    duplicates::{self, Link},
    incidents::{self, Key},
};

/// A link, as seen from one of its ends.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct DuplicateView {
    /// The link.
    pub id: Uuid,
    /// The other incident.
    pub incident: Uuid,
    /// Its reference.
    pub reference: String,
    /// Who linked them.
    pub officer: Uuid,
    /// For which agency.
    pub agency: Uuid,
    /// When.
    pub linked_at: Timestamp,
    /// When it was undone, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<Timestamp>,
}

impl Service {
    /// Says that two incidents are the same event.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for either end the caller may not know of, [`ServiceError::Forbidden`],
    /// [`ServiceError::Conflict`] when they are linked already.
    pub async fn link_duplicate(
        &self,
        request: &Request,
        key: Key,
        other: Key,
        retry: Option<Retry>,
    ) -> Result<DuplicateView, ServiceError> {
        self.write(request, Operation::Combination, "duplicate.link", move |tx, service, request| {
            Box::pin(async move {
                let first = service.open_for_change(tx, &key, request, None, Needs::Sight).await?;
                let second = match service.open_for_change(tx, &other, request, None, Needs::Sight).await {
                    Err(ServiceError::NotFound) => {
                        return Err(ServiceError::invalid("/incident", "unknown_id", "is not an incident you may see"));
                    }
                    second => second?,
                };
                if first.id == second.id {
                    return Err(ServiceError::invalid("/incident", "same", "is this incident itself"));
                }
                let known = duplicates::of(tx, first.id).await?;
                let id = entropy::id(request.at);
                if let Some(before) = retry::claim(tx, request, format!("duplicate.link {}", first.id), retry, id).await? {
                    let link = known.iter().find(|link| link.id == before).ok_or(ServiceError::NotFound)?;
                    return Ok((view(link, second.id, second.reference.to_string()), vec![first.id, second.id]));
                }
                if known.iter().any(|link| link.removed_at.is_none() && [link.first, link.second].contains(&second.id)) {
                    return Err(ServiceError::Conflict("these incidents are linked already".to_owned()));
                }
                let link = Link {
                    id,
                    first: first.id,
                    second: second.id,
                    officer: request.actor.officer,
                    agency: request.actor.agency,
                    linked_at: request.at,
                    removed_at: None,
                    removed_by: None,
                };
                duplicates::insert(tx, &link).await?;
                let records = vec![first.id, second.id];
                Ok((view(&link, second.id, second.reference.to_string()), records))
            })
        })
        .await
    }

    /// Undoes a link.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`].
    pub async fn unlink_duplicate(&self, request: &Request, key: Key, link: Uuid) -> Result<(), ServiceError> {
        self.write(request, Operation::Combination, "duplicate.unlink", move |tx, service, request| {
            Box::pin(async move {
                let incident = service.open_for_change(tx, &key, request, None, Needs::Sight).await?;
                let known = duplicates::of(tx, incident.id).await?;
                let link = known.into_iter().find(|known| known.id == link && known.removed_at.is_none()).ok_or(ServiceError::NotFound)?;
                duplicates::remove(tx, &link, request.actor.officer, request.at).await?;
                Ok(((), vec![link.first, link.second]))
            })
        })
        .await
    }

    /// The links of an incident whose other end the caller sees.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn duplicates(&self, request: &Request, key: Key) -> Result<Vec<DuplicateView>, ServiceError> {
        let (asking, wanted) = (request.clone(), key.clone());
        let links = self
            .read(move |tx, service| {
                Box::pin(async move {
                    let scope = service.scope(&asking);
                    let stored = incidents::find(tx, &wanted, false).await?.filter(|stored| scope.sees(stored.label()));
                    match stored {
                        Some(stored) => Ok(duplicates::of(tx, stored.id).await?.into_iter().map(|link| (stored.id, link)).collect()),
                        None => Ok(Vec::new()),
                    }
                })
            })
            .await?;
        let other = |id: &Uuid, link: &Link| if link.first == *id { link.second } else { link.first };
        let mut look = Look::one(request, Operation::Consultation, "duplicate.list", key);
        look.keys.extend(links.iter().map(|(id, link)| Key::Id(other(id, link))));
        let seen = self.look(look).await?;
        if seen.records.is_empty() {
            return Err(ServiceError::NotFound);
        }
        let shown = links.iter().filter_map(|(id, link)| {
            let other = other(id, link);
            let stored = seen.records.iter().find(|stored| stored.id == other)?;
            Some(view(link, other, stored.reference().to_owned()))
        });
        Ok(shown.collect())
    }
}

fn view(link: &Link, other: Uuid, reference: String) -> DuplicateView {
    DuplicateView {
        id: link.id,
        incident: other,
        reference,
        officer: link.officer,
        agency: link.agency,
        linked_at: link.linked_at,
        removed_at: link.removed_at,
    }
}
