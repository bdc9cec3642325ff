//! Lists of incidents, newest occurrence first, a page at a time.

use crate::{Service, ServiceError, areas::AreaChoice, committing::Look};
use model::{
    Uuid,
    audit::{Operation, Request},
    redact::IncidentView,
};
use store::incidents::{self, Filter, Key, Stored};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct IncidentFilter {
    /// Days, types, agency, box, and the last seen.
    pub filter: Filter,
    /// The areas it must have happened in.
    pub areas: Option<AreaChoice>,
}

/// A page.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one starts: first day and id of the last item; absent on the last page.
    pub next: Option<(i32, Uuid)>,
}

impl Service {
    /// The next incidents the caller sees.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when they cannot be audited.
    pub async fn list_incidents(
        &self,
        request: &Request,
        wanted: IncidentFilter,
        limit: usize,
    ) -> Result<Page<IncidentView>, ServiceError> {
        let detail = serde_json::json!({ "from_day": wanted.filter.from_day, "to_day": wanted.filter.to_day, "types": wanted.filter.types,
            "agency": wanted.filter.agency, "bounds": wanted.filter.bounds, "areas": wanted.areas.as_ref().map(|areas| areas.codes.clone()) });
        let (asking, mut filter, areas) = (request.clone(), wanted.filter, wanted.areas);
        if let Some(areas) = &areas {
            filter.bounds = Some(areas.bounds_within(filter.bounds));
        }
        let (found, more) = self
            .read(move |tx, service| {
                Box::pin(async move {
                    let scope = service.scope(&asking);
                    let mut found: Vec<Stored> = Vec::new();
                    loop {
                        let rows = incidents::page(tx, &scope, &filter, limit + 1).await?;
                        let full = rows.len() > limit;
                        for stored in rows {
                            let incident = stored.incident()?;
                            filter.after = Some((incident.details.occurred.day_numbers().0, stored.id));
                            let point = incident.counted_place().and_then(|place| place.grid);
                            if areas.as_ref().is_none_or(|areas| point.is_some_and(|point| areas.contains(point))) {
                                found.push(stored);
                            }
                            if found.len() > limit {
                                found.pop();
                                return Ok((found, true));
                            }
                        }
                        if !full {
                            return Ok((found, false));
                        }
                    }
                })
            })
            .await?;
        let next = if more {
            found
                .last()
                .map(|stored| Ok::<_, ServiceError>((stored.incident()?.details.occurred.day_numbers().0, stored.id)))
                .transpose()?
        } else {
            None
        };
        let keys = found.iter().map(|stored| Key::Id(stored.id)).collect();
        let seen = self.look(Look::search(request, Operation::Consultation, "incident.list", keys, Some(detail))).await?;
        let scope = seen.scope.ok_or(ServiceError::NotFound)?;
        let items = seen.records.iter().map(|stored| self.show(stored, &scope)).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }
}
