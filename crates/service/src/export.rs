//! Export: everything back in the formats that imports read. What leaves is audited, batch by batch, before it leaves.

use crate::{Service, ServiceError, imports::Progress};
use exchange::{
    FileError,
    incidents::{CsvWriter, DuplicateLink, ExportLine, IncidentHistory, JsonLinesWriter, Version},
    postcodes::PostcodePoint,
};
use model::{
    Actor, Incident, Involvement, Scope, SharingLevel, Sight, Uuid,
    access::{LabelKind, decide},
    audit::{Entry, Operation, Outcome, Request},
};
use serde::Serialize;
use std::{
    collections::{BTreeMap, HashSet},
    io::Write,
};
use store::{
    Tx, agencies, areas, associations, duplicates,
    incidents::{self, Stored},
    markers, partnerships, person_links, places,
};

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Everything with its history: JSON Lines.
    JsonLines,
    /// One row an incident: CSV.
    Csv,
}

/// What was exported.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct ExportFigures {
    /// Incidents written.
    pub incidents: u64,
    /// Other records written.
    pub other: u64,
    /// Incidents left out: the officer does not see all of them.
    pub withheld: u64,
}

/// Incidents in one audit row.
const BATCH: i64 = 200;

fn told(error: FileError) -> ServiceError {
    ServiceError::Unavailable(error.detail)
}

impl Service {
    /// Writes everything the caller sees whole; at the console, everything.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the ledger, the database or the file fails.
    pub async fn export(
        &self,
        request: &Request,
        format: ExportFormat,
        target: Box<dyn Write + Send>,
        progress: &Progress,
    ) -> Result<ExportFigures, ServiceError> {
        let mut tx = self.inner.database.read().await?;
        self.inner.refresh(&mut tx).await?;
        let scope = self.scope(request);
        match format {
            ExportFormat::JsonLines => self.export_lines(&mut tx, request, &scope, target, progress).await,
            ExportFormat::Csv => self.export_csv(&mut tx, request, &scope, target, progress).await,
        }
    }

    async fn export_lines(
        &self,
        tx: &mut Tx,
        request: &Request,
        scope: &Scope,
        target: Box<dyn Write + Send>,
        progress: &Progress,
    ) -> Result<ExportFigures, ServiceError> {
        let mut writer = JsonLinesWriter::new(target);
        let mut figures = ExportFigures::default();
        let mut others = Vec::new();
        others.extend(agencies::all(tx).await?.into_iter().map(ExportLine::Agency));
        others.extend(partnerships::all(tx).await?.into_iter().map(ExportLine::Partnership));
        others.extend(partnerships::memberships(tx).await?.into_iter().map(ExportLine::Membership));
        others.extend(agencies::officers(tx, None).await?.into_iter().map(ExportLine::Officer));
        for row in areas::all(tx).await? {
            let area = exchange::boundaries::Area::new(&row.kind, &row.code, &row.name, &row.polygon);
            others.push(ExportLine::Area(area.map_err(|error| ServiceError::Unavailable(error.to_string()))?));
        }
        for line in others {
            writer.write(&line).map_err(told)?;
            figures.other += 1;
        }
        let mut after = String::new();
        loop {
            let points = places::postcodes_after(tx, &after, 5_000).await?;
            let Some(last) = points.last() else { break };
            after = last.postcode.clone();
            for point in points {
                let quality = u8::try_from(point.quality).unwrap_or(90);
                let point = PostcodePoint { postcode: point.postcode, quality, easting: point.easting, northing: point.northing };
                writer.write(&ExportLine::Postcode(point)).map_err(told)?;
                figures.other += 1;
            }
        }
        let mut after = None;
        let (mut written, mut parts) = (HashSet::new(), HashSet::new());
        while let Some(batch) = self.next_batch(tx, request, scope, &mut after, &mut figures).await? {
            for (stored, incident) in batch {
                let line = history(tx, &stored).await?;
                if request.actor != Actor::console() && !line.history.iter().all(|version| told_whole(scope, &incident, &version.incident))
                {
                    // An earlier version names somebody who is kept from the caller, or was not published.
                    figures.incidents -= 1;
                    figures.withheld += 1;
                    continue;
                }
                writer.write(&ExportLine::Incident(Box::new(line))).map_err(told)?;
                written.insert(stored.id);
                parts.extend(incident.involvements.iter().map(|part| part.id));
                progress.advance(1);
            }
        }
        let markers = if request.actor == Actor::console() { markers::every(tx).await? } else { markers::all(tx, scope).await? };
        for marker in markers {
            writer.write(&ExportLine::Marker(Box::new(marker))).map_err(told)?;
            figures.other += 1;
        }
        for link in duplicates::all(tx).await?.into_iter().filter(|link| written.contains(&link.first) && written.contains(&link.second)) {
            let line = DuplicateLink {
                id: link.id,
                a: link.first,
                b: link.second,
                agency: link.agency,
                officer: link.officer,
                linked_at: link.linked_at,
                removed_at: link.removed_at,
                removed_by: link.removed_by,
            };
            writer.write(&ExportLine::Duplicate(line)).map_err(told)?;
            figures.other += 1;
        }
        let links = person_links::all(tx).await?.into_iter().filter(|link| parts.contains(&link.first) && parts.contains(&link.second));
        let associations = associations::all(tx)
            .await?
            .into_iter()
            .filter(|one| parts.contains(&one.person) && parts.contains(&one.other) && written.contains(&one.incident));
        for line in links.map(ExportLine::PersonLink).chain(associations.map(ExportLine::Association)) {
            writer.write(&line).map_err(told)?;
            figures.other += 1;
        }
        writer.finish().map_err(told)?;
        Ok(figures)
    }

    async fn export_csv(
        &self,
        tx: &mut Tx,
        request: &Request,
        scope: &Scope,
        target: Box<dyn Write + Send>,
        progress: &Progress,
    ) -> Result<ExportFigures, ServiceError> {
        let names: BTreeMap<Uuid, String> = agencies::all(tx).await?.into_iter().map(|agency| (agency.id, agency.name)).collect();
        let mut writer = CsvWriter::new(target).map_err(told)?;
        let mut figures = ExportFigures::default();
        let mut after = None;
        while let Some(batch) = self.next_batch(tx, request, scope, &mut after, &mut figures).await? {
            for (_, incident) in batch {
                let owner = names.get(&incident.details.owning_agency).cloned();
                let view = model::redact::view(incident, Sight::Full, true).ok_or(ServiceError::NotFound)?;
                writer.write_view(&view, owner.as_deref()).map_err(told)?;
                progress.advance(1);
            }
        }
        writer.finish().map_err(told)?;
        Ok(figures)
    }

    /// The next incidents the caller sees whole, audited as a disclosure before they are written.
    async fn next_batch(
        &self,
        tx: &mut Tx,
        request: &Request,
        scope: &Scope,
        after: &mut Option<Uuid>,
        figures: &mut ExportFigures,
    ) -> Result<Option<Vec<(Stored, Incident)>>, ServiceError> {
        let rows = incidents::all_after(tx, *after, BATCH).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        *after = Some(last.id);
        let mut batch = Vec::with_capacity(rows.len());
        for stored in rows {
            let incident = stored.incident()?;
            if request.actor == Actor::console() || sees_whole(scope, &stored, &incident) {
                batch.push((stored, incident));
            } else {
                figures.withheld += u64::from(scope.sees(stored.label()));
            }
        }
        figures.incidents += batch.len() as u64;
        let ids = batch.iter().map(|(stored, _)| stored.id).collect();
        // A long export's batches each leave at a time of their own.
        let entry = request.entry(Operation::Disclosure, "export.batch", Outcome::Granted, ids);
        self.note(vec![Entry { at: self.clock().now(), ..entry }]).await?;
        Ok(Some(batch))
    }
}

/// Whether somebody sees everything of a record, and may take it out: no child's identity goes out in bulk, and no intelligence.
fn sees_whole(scope: &Scope, stored: &Stored, incident: &Incident) -> bool {
    scope.sight(stored.label()) == Sight::Full
        && incident.intelligence.is_none()
        && !incident.concerns_children()
        && incident.involvements.iter().all(|part| {
            (!part.is_confidential() && !part.is_restricted())
                || decide(scope.actor(), &incident.person_label(part), scope.at()) == Sight::Full
        })
}

/// Whether an earlier version of a record that is seen whole may be told as it was.
fn told_whole(scope: &Scope, now: &Incident, version: &Incident) -> bool {
    let published = now.details.sharing.level == SharingLevel::Open;
    let protected = decide(scope.actor(), &now.label().on(LabelKind::ProtectedPerson), scope.at()) == Sight::Full;
    (!published || version.details.sharing.level == SharingLevel::Open)
        && (protected || !version.involvements.iter().any(Involvement::is_confidential))
}

async fn history(tx: &mut Tx, stored: &Stored) -> Result<IncidentHistory, ServiceError> {
    let reference = stored.incident()?.reference;
    let mut history = Vec::new();
    for version in incidents::versions(tx, stored.id).await? {
        let mut incident: Incident = serde_json::from_str(&version.body).map_err(store::StoreError::from)?;
        incident.reference = reference.clone();
        history.push(Version {
            at: version.at,
            officer: version.officer,
            agency: version.agency,
            request_id: Some(version.request_id),
            incident,
        });
    }
    Ok(IncidentHistory { versions: stored.version, history, agency_names: BTreeMap::new() })
}
