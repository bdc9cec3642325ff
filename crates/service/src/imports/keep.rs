//! The writing half of an import: a batch is one transaction with one audit row.

use super::read::Batch;
use crate::{Service, ServiceError};
use exchange::incidents::{ExportLine, IncidentHistory};
use model::{
    Incident, Uuid,
    audit::{Operation, Outcome, Request},
    entropy,
};
use store::{
    Tx, agencies,
    areas::{self, AreaRow},
    duplicates, incidents,
    incidents::{Key, Written},
    markers,
    places::{self, PostcodePoint},
};

/// How many records were new, were there already, could not be kept.
pub(super) type Kept = (u64, u64, u64);

impl Service {
    /// Keeps one batch.
    pub(super) async fn keep(&self, request: &Request, run: Uuid, batch: Batch) -> Result<Kept, ServiceError> {
        let (service, request) = (self.clone(), request.clone());
        tokio::spawn(async move {
            let mut tx = service.inner.database.begin().await?;
            service.inner.labels.refresh(&mut tx).await?;
            let kept = match batch {
                Batch::Incidents(batch) => service.keep_incidents(&mut tx, batch, &request).await?,
                Batch::Postcodes(points) => keep_postcodes(&mut tx, &points).await?,
                Batch::Lines(lines) => service.keep_lines(&mut tx, lines, &request).await?,
            };
            let mut entry = request.entry(Operation::Collection, "import.batch", Outcome::Granted, vec![run]);
            entry.detail = Some(serde_json::json!({ "added": kept.0, "unchanged": kept.1, "refused": kept.2 }));
            store::audit::append(&mut tx, &[entry]).await?;
            tx.commit().await?;
            // Labels made in this batch are known from the next one on.
            let mut tx = service.inner.database.read().await?;
            service.inner.labels.refresh(&mut tx).await?;
            drop(tx);
            service.changed();
            Ok(kept)
        })
        .await?
    }

    async fn keep_incidents(&self, tx: &mut Tx, batch: Vec<(Incident, Option<Written>)>, request: &Request) -> Result<Kept, ServiceError> {
        let mut all = Vec::with_capacity(batch.len());
        for (incident, written) in batch {
            all.push(match written {
                Some(written) => written,
                None => self.written(tx, incident, request).await?,
            });
        }
        let rows = all.len() as u64;
        let taken = incidents::insert(tx, &mut all).await?.len() as u64;
        Ok((rows - taken, taken, 0))
    }

    async fn keep_lines(&self, tx: &mut Tx, lines: Vec<ExportLine>, request: &Request) -> Result<Kept, ServiceError> {
        let (mut added, mut unchanged, mut refused) = (0, 0, 0);
        for line in lines {
            match self.keep_line(tx, line, request).await? {
                Some(true) => added += 1,
                Some(false) => unchanged += 1,
                None => refused += 1,
            }
        }
        Ok((added, unchanged, refused))
    }

    /// Whether the record was new; nothing for one that contradicts what is kept.
    async fn keep_line(&self, tx: &mut Tx, line: ExportLine, request: &Request) -> Result<Option<bool>, ServiceError> {
        Ok(match line {
            ExportLine::Agency(agency) => match agencies::by_id(tx, agency.id).await? {
                Some(_) => Some(false),
                None if agencies::by_name(tx, &agency.name).await?.is_some() => None,
                None => {
                    agencies::insert(tx, &agency).await?;
                    Some(true)
                }
            },
            ExportLine::Officer(officer) => match agencies::officer_by_id(tx, officer.id).await? {
                Some(_) => Some(false),
                None if agencies::by_id(tx, officer.agency).await?.is_none() => None,
                None => {
                    agencies::insert_officer(tx, &officer).await?;
                    Some(true)
                }
            },
            ExportLine::Postcode(point) => Some(keep_postcodes(tx, &[point]).await?.0 > 0),
            ExportLine::Area(area) => {
                let row =
                    AreaRow { id: entropy::id(request.at), kind: area.kind, code: area.code, name: area.name, polygon: area.geometry };
                Some(areas::put(tx, &row).await?)
            }
            ExportLine::Incident(history) => self.keep_history(tx, *history, request).await?,
            ExportLine::Marker(marker) => {
                if markers::exists(tx, marker.id).await? {
                    return Ok(Some(false));
                }
                let label = crate::markers::label(marker.agency);
                let label = self.inner.labels.ensure(tx, &label).await?;
                markers::insert(tx, &marker, label).await?;
                Some(true)
            }
            ExportLine::Duplicate(link) => {
                if duplicates::of(tx, link.a).await?.iter().any(|known| known.id == link.id) {
                    return Ok(Some(false));
                }
                let ends = incidents::load(tx, &[Key::Id(link.a), Key::Id(link.b)]).await?;
                if ends.len() != 2 {
                    return Ok(None);
                }
                let kept = duplicates::Link {
                    id: link.id,
                    first: link.a,
                    second: link.b,
                    officer: link.officer,
                    agency: link.agency,
                    linked_at: link.linked_at,
                    removed_at: link.removed_at,
                };
                duplicates::insert(tx, &kept).await?;
                Some(true)
            }
            // Settled by the reader and sent apart.
            ExportLine::NewIncident(_) => None,
        })
    }

    async fn keep_history(&self, tx: &mut Tx, line: IncidentHistory, request: &Request) -> Result<Option<bool>, ServiceError> {
        let Some(last) = line.history.last() else { return Ok(None) };
        let id = last.incident.id;
        if incidents::find(tx, &Key::Id(id), false).await?.is_some() {
            return Ok(Some(false));
        }
        for agency in [last.incident.details.owning_agency, last.incident.recording_agency] {
            if agencies::by_id(tx, agency).await?.is_none() {
                return Ok(None);
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
        if let Some(state) = state {
            let mut state = [state];
            if !incidents::insert(tx, &mut state).await?.is_empty() {
                return Ok(None);
            }
        }
        Ok(Some(true))
    }
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
    Ok((added, rows.len() as u64 - added.min(rows.len() as u64), 0))
}
