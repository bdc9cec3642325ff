//! Markers: set, read with the person or place, ended.

use crate::{Retry, Service, ServiceError, people, retry};
use model::{
    AccessLabel, Problems, Sharing, SharingLevel, Uuid,
    audit::{Operation, Request},
    entropy,
    marker::{Marker, NewMarker},
};
use store::markers;

/// The access label of a marker: its warning is for the whole partnership.
pub(crate) fn label(agency: Uuid, partnership: Option<Uuid>) -> AccessLabel {
    AccessLabel::of(agency, Sharing { partnership, ..Sharing::of(SharingLevel::Partnership) })
}

impl Service {
    /// Sets a marker, shared with the partnership.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Invalid`].
    pub async fn set_marker(&self, request: &Request, mut new: NewMarker, retry: Option<Retry>) -> Result<Marker, ServiceError> {
        self.write(request, Operation::Collection, "marker.set", move |tx, service, request| {
            Box::pin(async move {
                if !request.actor.records() {
                    return Err(ServiceError::Forbidden("your role does not set markers"));
                }
                let mut problems = Problems::default();
                new.check(request.at, &mut problems);
                problems.into_result().map_err(ServiceError::Invalid)?;
                if let Some(person) = new.person {
                    let groups = people::groups(tx, &service.scope(request), &[person]).await?;
                    if groups.people().is_empty() {
                        return Err(ServiceError::invalid("/person", "unknown_id", "is not the id of a person you may see"));
                    }
                }
                let id = entropy::id(request.at);
                if let Some(before) = retry::claim(tx, request, "marker.set", retry, id).await? {
                    let marker = markers::by_id(tx, &service.scope(request), before).await?.ok_or(ServiceError::NotFound)?;
                    return Ok((marker, vec![before]));
                }
                let label =
                    service.inner.labels.ensure(tx, &label(request.actor.agency, request.actor.partnerships.first().copied())).await?;
                let marker = Marker {
                    id,
                    agency: request.actor.agency,
                    officer: request.actor.officer,
                    recorded_at: request.at,
                    marker: new,
                    ended_at: None,
                };
                markers::insert(tx, &marker, label).await?;
                Ok((marker, vec![id]))
            })
        })
        .await
    }

    /// Ends a marker of the own agency; it shows in history only from then on.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`].
    pub async fn end_marker(&self, request: &Request, id: Uuid) -> Result<(), ServiceError> {
        self.write(request, Operation::Alteration, "marker.end", move |tx, service, request| {
            Box::pin(async move {
                let scope = service.scope(request);
                let marker =
                    markers::by_id(tx, &scope, id).await?.filter(|marker| marker.ended_at.is_none()).ok_or(ServiceError::NotFound)?;
                if marker.agency != request.actor.agency || !request.actor.records() {
                    return Err(ServiceError::Forbidden("only the agency that set a marker ends it: ask them"));
                }
                markers::end(tx, &marker, request.at).await?;
                Ok(((), vec![id]))
            })
        })
        .await
    }
}
