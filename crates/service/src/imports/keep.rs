//! The writing half of an import: a batch is one transaction with one audit row.

use super::{
    read::{Batch, Incoming},
    reject,
};
use crate::{Service, ServiceError};
use exchange::{
    Reject,
    incidents::{DuplicateLink, ExportLine, IncidentHistory},
};
use model::{
    Actor, Officer, Uuid,
    association::Association,
    audit::{Operation, Outcome, Request},
    entropy,
    linking::PersonLink,
};
use store::{
    StoreError, Tx, agencies,
    areas::{self, AreaRow},
    associations, duplicates, incidents,
    incidents::{Key, Written},
    markers, mentions, partnerships, person_links,
    places::{self, PostcodePoint},
};

/// What became of a batch.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Records that were new.
    pub(super) added: u64,
    /// Records that were there already.
    pub(super) unchanged: u64,
    /// Rows that are sound by themselves and contradict what is kept.
    pub(super) refused: Vec<Reject>,
}

/// What became of a line: new or not, or why it contradicts what is kept (field, code, reason).
enum Line {
    Added,
    Unchanged,
    Refused(&'static str, &'static str, &'static str),
}

/// An id or a name that is taken by something else.
fn taken(error: StoreError) -> ServiceError {
    match error {
        StoreError::Conflict(_) => ServiceError::Conflict("something else here has the id of this record or of a part of it".to_owned()),
        other => other.into(),
    }
}

impl Service {
    /// Keeps one batch. Where something in it is taken already, each row goes by itself, so that it costs no other.
    pub(super) async fn keep(&self, request: &Request, run: Uuid, batch: Batch) -> Result<Kept, ServiceError> {
        let again = batch.may_clash().then(|| batch.clone());
        match (self.keep_together(request, run, batch).await, again) {
            (Err(ServiceError::Conflict(_)), Some(again)) => {
                let mut kept = Kept::default();
                for (row, one) in again.singly() {
                    match self.keep_together(request, run, one).await {
                        Ok(one) => {
                            kept.added += one.added;
                            kept.unchanged += one.unchanged;
                            kept.refused.extend(one.refused);
                        }
                        Err(ServiceError::Conflict(reason)) => kept.refused.push(reject(row, Reject::WHOLE_ROW, "taken", reason)),
                        Err(error) => return Err(error),
                    }
                }
                Ok(kept)
            }
            (kept, _) => kept,
        }
    }

    async fn keep_together(&self, request: &Request, run: Uuid, batch: Batch) -> Result<Kept, ServiceError> {
        let (service, request) = (self.clone(), request.clone());
        tokio::spawn(async move {
            let mut tx = service.inner.database.begin().await?;
            service.inner.refresh(&mut tx).await?;
            let kept = match batch {
                Batch::Incidents(batch) => service.keep_incidents(&mut tx, batch, &request).await,
                Batch::Postcodes(points) => keep_postcodes(&mut tx, &points).await,
                Batch::Lines(lines) => service.keep_lines(&mut tx, lines, &request).await,
            };
            let kept = match kept {
                Ok(kept) => kept,
                Err(error) => {
                    tx.rollback().await?;
                    return Err(error);
                }
            };
            let mut entry = request.entry(Operation::Collection, "import.batch", Outcome::Granted, vec![run]);
            // A long import's batches are each written at a time of their own.
            entry.at = service.clock().now();
            entry.detail = Some(serde_json::json!({ "added": kept.added, "unchanged": kept.unchanged, "refused": kept.refused.len() }));
            store::audit::append(&mut tx, &[entry]).await?;
            tx.commit().await?;
            // Labels made in this batch are known from the next one on.
            let mut tx = service.inner.database.read().await?;
            service.inner.refresh(&mut tx).await?;
            tx.rollback().await?;
            service.changed();
            Ok(kept)
        })
        .await?
    }

    async fn keep_incidents(&self, tx: &mut Tx, batch: Vec<(u64, Incoming)>, request: &Request) -> Result<Kept, ServiceError> {
        let mut all = Vec::with_capacity(batch.len());
        for (_, one) in batch {
            all.push(match one {
                Ok(written) => written,
                Err(incident) => self.written(tx, incident, request).await?,
            });
        }
        let rows = all.len() as u64;
        let unchanged = incidents::insert(tx, &mut all.iter_mut().collect::<Vec<_>>()).await.map_err(taken)?.len() as u64;
        Ok(Kept { added: rows - unchanged, unchanged, refused: Vec::new() })
    }

    async fn keep_lines(&self, tx: &mut Tx, lines: Vec<(u64, ExportLine)>, request: &Request) -> Result<Kept, ServiceError> {
        let mut kept = Kept::default();
        let mut points = Vec::new();
        for (row, line) in lines {
            if let ExportLine::Postcode(point) = line {
                // Nothing names a postcode by id: they are kept together, at the end.
                points.push(point);
                continue;
            }
            match self.keep_line(tx, line, request).await? {
                Line::Added => kept.added += 1,
                Line::Unchanged => kept.unchanged += 1,
                Line::Refused(field, code, reason) => kept.refused.push(reject(row, field, code, reason)),
            }
        }
        let points = keep_postcodes(tx, &points).await?;
        kept.added += points.added;
        kept.unchanged += points.unchanged;
        Ok(kept)
    }

    async fn keep_line(&self, tx: &mut Tx, line: ExportLine, request: &Request) -> Result<Line, ServiceError> {
        // What others are said to have done is taken from the console's word alone.
        let console = request.actor == Actor::console();
        let own = |agency: Uuid| console || agency == request.actor.agency;
        Ok(match line {
            ExportLine::Agency(agency) => match agencies::by_id(tx, agency.id).await? {
                Some(_) => Line::Unchanged,
                None if !console => {
                    Line::Refused("/value", "not_yours", "is an agency that is not here: let an administrator enter it first")
                }
                None if agencies::by_name(tx, &agency.name).await?.is_some() => {
                    Line::Refused("/value/id", "taken", "is another id than the agency of this name has here")
                }
                None => {
                    agencies::insert(tx, &agency).await.map_err(taken)?;
                    Line::Added
                }
            },
            ExportLine::Partnership(_) | ExportLine::Membership(_) if !console => Line::Unchanged,
            ExportLine::Partnership(partnership) => {
                if partnerships::put(tx, &partnership).await.map_err(taken)? {
                    Line::Added
                } else {
                    Line::Unchanged
                }
            }
            ExportLine::Membership(membership) if agencies::by_id(tx, membership.agency).await?.is_none() => {
                Line::Refused("/value/agency", "unknown_id", "is not the id of an agency that is here")
            }
            ExportLine::Membership(membership) => {
                if partnerships::join(tx, &membership).await? {
                    Line::Added
                } else {
                    Line::Unchanged
                }
            }
            ExportLine::Officer(officer) => keep_officer(tx, officer, console).await?,
            ExportLine::Area(area) => {
                let row =
                    AreaRow { id: entropy::id(request.at), kind: area.kind, code: area.code, name: area.name, polygon: area.geometry };
                if areas::put(tx, &row).await? { Line::Added } else { Line::Unchanged }
            }
            ExportLine::Incident(history) => self.keep_history(tx, *history, request).await?,
            ExportLine::Marker(marker) if markers::exists(tx, marker.id).await? => Line::Unchanged,
            ExportLine::Marker(marker) if !own(marker.agency) => Line::Refused("/value/agency", "not_yours", "is not your agency"),
            ExportLine::Marker(marker) => {
                let label = self
                    .inner
                    .labels
                    .ensure(
                        tx,
                        &crate::markers::label(marker.agency, self.inner.standing.partnerships(marker.agency, request.at).first().copied()),
                    )
                    .await?;
                markers::insert(tx, &marker, label).await.map_err(taken)?;
                Line::Added
            }
            ExportLine::Duplicate(link) if !own(link.agency) => Line::Refused("/value/agency", "not_yours", "is not your agency"),
            ExportLine::Duplicate(link) => self.keep_duplicate(tx, link, request).await?,
            ExportLine::PersonLink(link) if !link.agreed.iter().chain(&link.undone).all(|by| own(by.agency)) => {
                Line::Refused("/value/agreed", "not_yours", "is not your agency's word alone: the console imports it")
            }
            ExportLine::PersonLink(link) => self.keep_person_link(tx, link, request).await?,
            ExportLine::Association(one) if !own(one.agency) => Line::Refused("/value/agency", "not_yours", "is not your agency"),
            ExportLine::Association(one) => self.keep_association(tx, one, request).await?,
            // The first are settled by the reader and sent apart, the others kept together.
            ExportLine::NewIncident(_) | ExportLine::Postcode(_) => Line::Unchanged,
        })
    }

    async fn keep_duplicate(&self, tx: &mut Tx, link: DuplicateLink, request: &Request) -> Result<Line, ServiceError> {
        let mut ends = incidents::load(tx, &[Key::Id(link.a), Key::Id(link.b)]).await?;
        if request.actor != Actor::console() {
            let scope = self.scope(request);
            ends.retain(|stored| scope.sees_people(stored.label()));
        }
        if ends.len() != 2 {
            return Ok(Line::Refused("/value", "unknown_id", "names an incident that is not here, or not open to you"));
        }
        if duplicates::of(tx, link.a).await?.iter().any(|known| known.id == link.id) {
            return Ok(Line::Unchanged);
        }
        let kept = duplicates::Link {
            id: link.id,
            first: link.a,
            second: link.b,
            officer: link.officer,
            agency: link.agency,
            linked_at: link.linked_at,
            removed_at: link.removed_at,
            removed_by: link.removed_by,
        };
        duplicates::insert(tx, &kept).await.map_err(taken)?;
        Ok(Line::Added)
    }

    /// Whether these are mentions that are here, and open to an officer who imports.
    async fn are_here(&self, tx: &mut Tx, ids: &[Uuid], request: &Request) -> Result<bool, ServiceError> {
        let scope = self.scope(request);
        let console = request.actor == Actor::console();
        let rows = mentions::around(tx, ids).await?;
        Ok(ids.iter().all(|id| rows.iter().any(|row| row.id == *id && (console || scope.sees_people(row.label)))))
    }

    async fn keep_person_link(&self, tx: &mut Tx, link: PersonLink, request: &Request) -> Result<Line, ServiceError> {
        if person_links::by_id(tx, link.id).await?.is_some() {
            return Ok(Line::Unchanged);
        }
        if !self.are_here(tx, &[link.first, link.second], request).await? {
            return Ok(Line::Refused("/value", "unknown_id", "names a person who is not here, or not open to you"));
        }
        if let Some(field) = unknown_officers(tx, link.agreed.iter().chain(&link.undone).map(|by| by.officer)).await? {
            return Ok(field);
        }
        person_links::insert(tx, &link).await.map_err(taken)?;
        if let Some(by) = &link.undone {
            person_links::undo(tx, link.id, by).await?;
        }
        Ok(Line::Added)
    }

    async fn keep_association(&self, tx: &mut Tx, one: Association, request: &Request) -> Result<Line, ServiceError> {
        if associations::by_id(tx, one.id).await?.is_some() {
            return Ok(Line::Unchanged);
        }
        let people: Vec<Uuid> = std::iter::once(one.person).chain((!one.kind.is_of_vehicle()).then_some(one.other)).collect();
        let source = incidents::find(tx, &Key::Id(one.incident), false).await?;
        let source = source.filter(|stored| request.actor == Actor::console() || self.scope(request).sees_people(stored.label()));
        if source.is_none() || !self.are_here(tx, &people, request).await? {
            return Ok(Line::Refused("/value", "unknown_id", "names somebody or an incident that is not here, or not open to you"));
        }
        if let Some(field) = unknown_officers(tx, [one.officer].into_iter()).await? {
            return Ok(field);
        }
        associations::insert(tx, &one).await.map_err(taken)?;
        if let Some(at) = one.withdrawn_at {
            associations::withdraw(tx, one.id, at).await?;
        }
        Ok(Line::Added)
    }

    async fn keep_history(&self, tx: &mut Tx, line: IncidentHistory, request: &Request) -> Result<Line, ServiceError> {
        let Some(last) = line.history.last() else { return Ok(Line::Refused("/value/history", "empty", "must hold a version")) };
        let id = last.incident.id;
        let agencies = [last.incident.details.owning_agency, last.incident.recording_agency];
        if request.actor != Actor::console() && !agencies.contains(&request.actor.agency) {
            return Ok(Line::Refused("/value/history", "not_yours", "belongs to another agency: they import it, or the console does"));
        }
        if incidents::find(tx, &Key::Id(id), false).await?.is_some() {
            return Ok(Line::Unchanged);
        }
        for agency in agencies {
            if agencies::by_id(tx, agency).await?.is_none() {
                return Ok(Line::Refused("/value/history", "unknown_id", "names an agency that is not here: import or enter it first"));
            }
        }
        let whole = last.incident.version == line.versions;
        let mut written = Vec::with_capacity(line.history.len());
        for version in line.history {
            let request_id = version.request_id.unwrap_or_default();
            let by = (version.officer, version.agency);
            written.push(Written { by, request_id, ..self.written(tx, version.incident, request).await? });
        }
        let state = if whole { written.pop() } else { None };
        incidents::insert_earlier(tx, &written).await?;
        if let Some(mut state) = state {
            incidents::insert(tx, &mut [&mut state]).await.map_err(taken)?;
        }
        Ok(Line::Added)
    }
}

/// Why a line that names officers who are not here is refused.
async fn unknown_officers(tx: &mut Tx, officers: impl Iterator<Item = Uuid>) -> Result<Option<Line>, ServiceError> {
    for officer in officers {
        if agencies::officer_by_id(tx, officer).await?.is_none() {
            return Ok(Some(Line::Refused("/value", "unknown_id", "names an officer who is not here: import or enter them first")));
        }
    }
    Ok(None)
}

async fn keep_officer(tx: &mut Tx, officer: Officer, console: bool) -> Result<Line, ServiceError> {
    if agencies::officer_by_id(tx, officer.id).await?.is_some() {
        return Ok(Line::Unchanged);
    }
    if !console {
        return Ok(Line::Refused("/value", "not_yours", "is an officer who is not here: let an administrator enter them first"));
    }
    if agencies::by_id(tx, officer.agency).await?.is_none() {
        return Ok(Line::Refused("/value/agency", "unknown_id", "is an agency that is not here: import or enter it first"));
    }
    agencies::insert_officer(tx, &officer).await.map_err(taken)?;
    Ok(Line::Added)
}

async fn keep_postcodes(tx: &mut Tx, points: &[exchange::postcodes::PostcodePoint]) -> Result<Kept, ServiceError> {
    let rows: Vec<PostcodePoint> = points
        .iter()
        .map(|point| PostcodePoint {
            postcode: point.postcode.clone(),
            quality: i64::from(point.quality),
            easting: point.easting,
            northing: point.northing,
        })
        .collect();
    let added = places::put_postcodes(tx, &rows).await?;
    Ok(Kept { added, unchanged: (rows.len() as u64).saturating_sub(added), refused: Vec::new() })
}
