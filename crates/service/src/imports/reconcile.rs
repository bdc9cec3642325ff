//! What a migration comes to: the same totals by category and year in the file and in Beacon, the names found in texts, and whom
//! they may be.

use crate::{Service, ServiceError};
use exchange::flare;
use model::{
    LabelId, Uuid,
    audit::{Operation, Outcome, Request},
    involvement::ExtractionRule,
};
use names::{Band, NameIndex, Query, Tail};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use store::{
    incidents::{self, Key},
    mentions,
};

/// What was read of an export.
#[derive(Debug, Default)]
pub(super) struct FlareRead {
    /// The sound rows: the incident's id, its category and year.
    pub(super) rows: Vec<(Uuid, String, i16)>,
    /// The names found in their texts, by rule.
    pub(super) names: BTreeMap<ExtractionRule, u64>,
}

/// The account of a migration. It is the same however often a file is read, as long as nobody works on what it brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reconciliation {
    /// Rows of the file that are sound.
    pub rows: u64,
    /// Incidents of these rows that are in Beacon.
    pub incidents: u64,
    /// Names found in the texts, by the rule that found them.
    pub names_found: BTreeMap<String, u64>,
    /// Mentions in Beacon that nobody has confirmed yet.
    pub mentions: u64,
    /// Of these, how many may be somebody on record in another incident: possible or stronger, within the importing officer's sight.
    pub people_proposed: u64,
    /// Rows that were rejected, by the first thing wrong with them.
    pub rejected_by_reason: BTreeMap<String, u64>,
    /// How many incidents of each category and year there are in the file and in Beacon.
    pub totals: Vec<CategoryYear>,
    /// The two are the same everywhere.
    pub equal: bool,
}

/// The incidents of one category and year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CategoryYear {
    /// The One Day Count heading.
    pub category: String,
    /// The year.
    pub year: i16,
    /// Sound rows of the file.
    pub in_file: u64,
    /// Incidents in Beacon.
    pub in_beacon: u64,
}

/// What the folder of an index made for a reconciliation begins with.
const FOLDER: &str = "reconciling-";

/// Deletes what an import that was cut off has left: names are in it. One that is at work fails by it, and is run again.
pub(crate) fn clear_up(data_dir: &std::path::Path) -> Result<(), ServiceError> {
    let clear = || -> std::io::Result<()> {
        for entry in std::fs::read_dir(data_dir)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(FOLDER) {
                std::fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    };
    clear().map_err(|error| ServiceError::Unavailable(format!("the data folder cannot be cleared up: {error}")))
}

impl Service {
    /// Counts what an export brought, on both sides.
    pub(super) async fn reconcile(
        &self,
        request: &Request,
        run: Uuid,
        read: FlareRead,
        rejected_by_reason: BTreeMap<String, u64>,
    ) -> Result<Reconciliation, ServiceError> {
        let entry = request.entry(Operation::Consultation, "import.reconcile", Outcome::Granted, vec![run]);
        self.note(vec![entry]).await?;
        let mut totals: BTreeMap<(String, i16), (u64, u64)> = BTreeMap::new();
        for (_, category, year) in &read.rows {
            totals.entry((category.clone(), *year)).or_default().0 += 1;
        }
        let mut told = Reconciliation {
            rows: read.rows.len() as u64,
            names_found: read.names.iter().map(|(rule, count)| (rule.to_string(), *count)).collect(),
            rejected_by_reason,
            ..Reconciliation::default()
        };
        let mut unconfirmed: Vec<(Uuid, Uuid, String)> = Vec::new();
        for chunk in read.rows.chunks(500) {
            let keys: Vec<Key> = chunk.iter().map(|(id, ..)| Key::Id(*id)).collect();
            let stored = self.read(move |tx, _| Box::pin(async move { Ok(incidents::load(tx, &keys).await?) })).await?;
            for stored in stored {
                let incident = stored.incident()?;
                let source = incident.source.as_ref().filter(|source| source.system == flare::SYSTEM);
                let Some(category) = source.and_then(|source| source.fields.get(flare::CATEGORY)) else { continue };
                if incident.details.owning_agency != request.actor.agency {
                    continue;
                }
                told.incidents += 1;
                totals.entry((category.clone(), incident.details.occurred.days().0.year())).or_default().1 += 1;
                let open = incident.involvements.iter().filter(|part| part.extracted.is_some());
                unconfirmed.extend(open.filter_map(|part| Some((part.id, incident.id, part.person.as_ref()?.name.whole()))));
            }
        }
        told.mentions = unconfirmed.len() as u64;
        told.equal = totals.values().all(|(in_file, in_beacon)| in_file == in_beacon);
        told.totals = totals
            .into_iter()
            .map(|((category, year), (in_file, in_beacon))| CategoryYear { category, year, in_file, in_beacon })
            .collect();
        told.people_proposed = self.proposed(request, run, unconfirmed).await?;
        Ok(told)
    }

    /// How many of these mentions may be somebody else on record. Looked up in an index of its own, made for this and deleted: the
    /// server's may be in use by it.
    async fn proposed(&self, request: &Request, run: Uuid, asked: Vec<(Uuid, Uuid, String)>) -> Result<u64, ServiceError> {
        if asked.is_empty() {
            return Ok(0);
        }
        let folder = self.data_dir().join(format!("{FOLDER}{run}"));
        let made = self.proposed_in(request, &folder, asked).await;
        if let Err(error) = std::fs::remove_dir_all(&folder) {
            tracing::warn!(error = %error, "the index of the reconciliation could not be deleted: delete its folder");
        }
        made
    }

    async fn proposed_in(
        &self,
        request: &Request,
        folder: &std::path::Path,
        asked: Vec<(Uuid, Uuid, String)>,
    ) -> Result<u64, ServiceError> {
        std::fs::create_dir_all(folder).map_err(|error| ServiceError::Unavailable(format!("no folder for the reconciliation: {error}")))?;
        let index = NameIndex::open(folder)?;
        let mut after = Uuid::nil();
        loop {
            let batch = self
                .read(move |tx, _| {
                    Box::pin(async move {
                        let ids = mentions::incidents_after(tx, after, 2_000).await?;
                        let labels: HashMap<Uuid, LabelId> =
                            mentions::of_incidents(tx, &ids).await?.into_iter().map(|row| (row.id, row.label)).collect();
                        let stored = incidents::load(tx, &ids.iter().copied().map(Key::Id).collect::<Vec<_>>()).await?;
                        let changes =
                            stored.iter().map(|stored| Ok((stored.id, crate::following::mentions_of(&stored.incident()?, &labels))));
                        Ok((ids.last().copied(), changes.collect::<Result<Vec<_>, ServiceError>>()?))
                    })
                })
                .await?;
            let (Some(last), changes) = batch else { break };
            index.apply(&changes)?;
            after = last;
        }
        index.commit("reconciling")?;
        let (scope, people) = (self.scope(request), Some(self.inner.settings.people));
        tokio::task::spawn_blocking(move || {
            let (open, tail) = (|label: LabelId| scope.sees_people(label), Tail::default());
            let mut proposed = 0;
            for (_, incident, name) in asked {
                let query = Query { name, people, limit: 20, ..Query::default() };
                let hits = index.search(&query, &open, &tail)?;
                proposed += u64::from(hits.iter().any(|hit| hit.incident != incident && hit.band >= Band::Possible));
            }
            index.put_away();
            Ok(proposed)
        })
        .await?
    }
}
