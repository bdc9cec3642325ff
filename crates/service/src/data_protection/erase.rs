//! Erasing somebody, or a whole incident, for good: from the state, from every version, from what is derived, and from
//! what the ledger keeps of searches. What free text still says is proposed to a person.

use super::{code, officer_of, own, unheld, writing_over::Then};
use crate::{Service, ServiceError, audit::erase::erase_payloads};
use model::{
    Incident, Problems, Uuid,
    audit::{Operation, Outcome, Request},
    entropy,
    erasing::{self, ErasureKind, Traces},
    erasure::{Erasure, Proposal, RecordKind},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use store::{
    StoreError, Tx, audit, changes, erased_rows, erasures,
    incidents::{self, Key},
    mentions, texts_beside,
};

/// What is to be erased: people, or a whole incident.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewErasure {
    /// Ids of people as they are named in incidents of your agency. With `incident`, those it names or once named.
    #[serde(default)]
    pub people: Vec<Uuid>,
    /// An incident of your agency; without `people`, the whole of it.
    #[serde(default)]
    pub incident: Option<Uuid>,
    /// The legal basis (vocabulary `erasure_bases`).
    pub basis: String,
    /// The reason (vocabulary `erasure_reasons`).
    pub reason: String,
}

/// An erasure, and how many proposals are still to be decided.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ErasureView {
    /// The erasure: kinds and ids, never what was erased.
    #[serde(flatten)]
    pub erasure: Erasure,
    /// Places in free text that may still name somebody erased.
    pub proposals: usize,
    /// How many of them nobody has decided.
    pub undecided: usize,
}

/// The most people one erasure names.
const MOST_PEOPLE: usize = 200;

/// What is known before the erasing transaction: which records to look through within it.
pub(super) struct Prepared {
    saying: BTreeSet<Uuid>,
    /// What those it erases are called: of a whole incident known before, of people as they are erased.
    traces: Traces,
    from: changes::Cursor,
}

impl NewErasure {
    fn kind(&self) -> ErasureKind {
        if self.people.is_empty() { ErasureKind::Incident } else { ErasureKind::Person }
    }

    fn check(&self) -> Result<(), ServiceError> {
        let mut problems = Problems::default();
        if self.people.is_empty() && self.incident.is_none() {
            problems.add("", "one_subject", "give people, or the incident that is to be erased whole");
        }
        problems.list("people", &self.people, MOST_PEOPLE);
        code("basis", &self.basis, "erasure_bases", &mut problems);
        code("reason", &self.reason, "erasure_reasons", &mut problems);
        problems.into_result().map_err(ServiceError::Invalid)
    }

    /// The incidents concerned, in order, each with its people.
    async fn targets(&self, tx: &mut Tx) -> Result<BTreeMap<Uuid, Vec<Uuid>>, ServiceError> {
        if let Some(incident) = self.incident {
            return Ok([(incident, self.people.clone())].into());
        }
        let mut targets: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
        let found = mentions::around(tx, &self.people).await?;
        for (at, person) in self.people.iter().enumerate() {
            let row = found.iter().find(|row| row.id == *person).ok_or_else(|| unknown(at))?;
            let people = targets.entry(row.incident).or_default();
            if !people.contains(person) {
                people.push(*person);
            }
        }
        Ok(targets)
    }
}

fn unknown(at: usize) -> ServiceError {
    ServiceError::invalid(format!("/people/{at}"), "unknown_id", "is not the id of a person you may see")
}

impl Service {
    /// Erases people or an incident of the caller's own agency.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but its data protection officers and for other agencies' records,
    /// [`ServiceError::Invalid`], [`ServiceError::NotFound`], [`ServiceError::LegalHold`].
    pub async fn erase(&self, request: &Request, new: NewErasure) -> Result<ErasureView, ServiceError> {
        let prepared = self.prepare_erasure(request, &new).await?;
        let view = self
            .write(request, Operation::Erasure, "erasure.erase", move |tx, service, request| {
                Box::pin(async move {
                    officer_of(request)?;
                    new.check()?;
                    let view = service.erase_within(tx, request, &new, prepared).await?;
                    let mut records = vec![view.erasure.id];
                    records.extend(view.erasure.incidents.iter().chain(&view.erasure.people));
                    Ok((view, records))
                })
            })
            .await?;
        self.after_erasure().await;
        Ok(view)
    }

    /// What is done once an erasure is committed, outside its transaction.
    pub(super) async fn after_erasure(&self) {
        self.let_go_of_the_log().await;
        self.keep_erasure_list().await;
    }

    /// Looks through the records for what may name the people, before anything is locked. What is written meanwhile is known
    /// by the change log.
    async fn prepare_erasure(&self, request: &Request, new: &NewErasure) -> Result<Prepared, ServiceError> {
        if officer_of(request).is_ok() && new.check().is_ok() && new.kind() == ErasureKind::Person {
            self.prepare_people(request.actor.agency, new.clone()).await
        } else {
            self.prepare_incident(request, new.incident).await
        }
    }

    async fn prepare_people(&self, agency: Uuid, new: NewErasure) -> Result<Prepared, ServiceError> {
        self.read(move |tx, _| {
            Box::pin(async move {
                let from = changes::position(tx).await?;
                let mut traces = Traces::default();
                // Who is not there is told by the transaction that erases.
                for (incident, people) in &new.targets(tx).await.unwrap_or_default() {
                    for version in incidents::versions(tx, *incident).await? {
                        let version: Incident = serde_json::from_str(&version.body).map_err(StoreError::from)?;
                        if version.details.owning_agency == agency {
                            traces.add_from(&version, people);
                        }
                    }
                }
                let saying = erased_rows::incidents_saying(tx, Some(agency), &traces).await?.into_iter().collect();
                Ok(Prepared { saying, traces: Traces::default(), from })
            })
        })
        .await
    }

    /// The same for a whole incident, where the caller may erase it.
    pub(super) async fn prepare_incident(&self, request: &Request, incident: Option<Uuid>) -> Result<Prepared, ServiceError> {
        let (agency, may) = (request.actor.agency, officer_of(request).is_ok());
        self.read(move |tx, _| {
            Box::pin(async move {
                let from = changes::position(tx).await?;
                let traces = match incident.filter(|_| may) {
                    Some(incident) => named_nowhere_else(tx, agency, incident).await?,
                    None => Traces::default(),
                };
                let saying = erased_rows::incidents_saying(tx, Some(agency), &traces).await?.into_iter().collect();
                Ok(Prepared { saying, traces, from })
            })
        })
        .await
    }

    async fn erase_within(
        &self,
        tx: &mut Tx,
        request: &Request,
        new: &NewErasure,
        mut prepared: Prepared,
    ) -> Result<ErasureView, ServiceError> {
        let (kind, scope) = (new.kind(), self.scope(request));
        let targets = new.targets(tx).await?;
        let mut gone = BTreeSet::new();
        for (id, people) in &targets {
            let stored = match (self.to_change(tx, &Key::Id(*id), &scope).await, new.incident) {
                (Ok(stored), _) => stored,
                // Of people, who is closed to the caller is told as who is not there.
                (Err(ServiceError::NotFound | ServiceError::Blocked(_)), None) => {
                    return Err(unknown(new.people.iter().position(|person| people.contains(person)).unwrap_or(0)));
                }
                (Err(error), _) => return Err(error),
            };
            let incident = stored.incident()?;
            own(&incident, request)?;
            unheld(&incident)?;
            match kind {
                ErasureKind::Person => {
                    let fields = self.erase_people(tx, *id, people, &mut prepared.traces, Then::NextVersion, request).await?;
                    if fields.is_empty() {
                        return Err(unknown(0));
                    }
                    gone.extend(fields);
                }
                ErasureKind::Incident => {
                    self.erase_incident(tx, &incident).await?;
                    gone.insert("incident".to_owned());
                }
            }
        }
        let erasure = Erasure {
            id: entropy::id(request.at),
            agency: request.actor.agency,
            officer: request.actor.officer,
            at: request.at,
            kind,
            basis: new.basis.clone(),
            reason: new.reason.clone(),
            incidents: targets.keys().copied().collect(),
            people: targets.values().flatten().copied().collect(),
            erased: gone.into_iter().collect(),
        };
        self.conclude(tx, request, erasure, prepared).await
    }

    /// Ends an erasure: searches for whom it erased leave the ledger, it is entered, and what free text may still say of them
    /// is proposed.
    pub(super) async fn conclude(
        &self,
        tx: &mut Tx,
        request: &Request,
        mut erasure: Erasure,
        prepared: Prepared,
    ) -> Result<ErasureView, ServiceError> {
        let traces = &prepared.traces;
        let naming = audit::details_naming(tx, traces).await?;
        if erase_payloads(tx, request, &naming, &erasure.reason).await? > 0 {
            erasure.erased.push("audit.detail".to_owned());
            erasure.erased.sort_unstable();
        }
        erasures::advance(tx).await?;
        erasures::insert(tx, &erasure).await?;
        let mut proposed = Vec::new();
        if !traces.is_empty() {
            let mut records = prepared.saying;
            records.extend(changes::all_after(tx, &prepared.from, i64::MAX).await?.into_iter().map(|change| change.incident_id));
            records.extend(&erasure.incidents);
            for record in records {
                proposed.extend(proposals_in(tx, &erasure, record, traces, erasure.incidents.contains(&record)).await?);
            }
            proposed.extend(proposals_beside(tx, &erasure, traces).await?);
            for (number, proposal) in (1..).zip(&mut proposed) {
                proposal.number = number;
            }
            erasures::propose(tx, &proposed).await?;
        }
        Ok(ErasureView { erasure, proposals: proposed.len(), undecided: proposed.len() })
    }

    /// The erasures of the caller's own agency, oldest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but its data protection officers.
    pub async fn list_erasures(&self, request: &Request) -> Result<Vec<ErasureView>, ServiceError> {
        const ACTION: &str = "erasure.list";
        self.only_officers(request, ACTION).await?;
        let agency = request.actor.agency;
        let found = self
            .read(move |tx, _| {
                Box::pin(async move {
                    let mut found = Vec::new();
                    for erasure in erasures::list(tx, Some(agency)).await? {
                        let proposals = erasures::proposals(tx, erasure.id).await?;
                        let undecided = proposals.iter().filter(|one| one.decision.is_none()).count();
                        found.push(ErasureView { erasure, proposals: proposals.len(), undecided });
                    }
                    Ok(found)
                })
            })
            .await?;
        let records = found.iter().map(|view| view.erasure.id).collect();
        self.note(vec![request.entry(Operation::Consultation, ACTION, Outcome::Granted, records)]).await?;
        Ok(found)
    }
}

/// What the people of an incident are called, but for those whom another record names as well: what is said of them elsewhere
/// is for that record to answer for.
pub(super) async fn named_nowhere_else(tx: &mut Tx, agency: Uuid, incident: Uuid) -> Result<Traces, ServiceError> {
    let mut people: BTreeMap<Uuid, Traces> = BTreeMap::new();
    for version in incidents::versions(tx, incident).await? {
        let version: Incident = serde_json::from_str(&version.body).map_err(StoreError::from)?;
        if version.details.owning_agency == agency {
            version.involvements.iter().for_each(|part| people.entry(part.id).or_default().add(part));
        }
    }
    for other in erased_rows::incidents_saying(tx, None, &together(&people)).await? {
        let stored = if other == incident { None } else { incidents::find(tx, &Key::Id(other), false).await? };
        if let Some(stored) = stored {
            let other = stored.incident()?;
            people.retain(|_, called| !other.involvements.iter().any(|part| called.names(part)));
        }
    }
    Ok(together(&people))
}

fn together(people: &BTreeMap<Uuid, Traces>) -> Traces {
    people.values().cloned().fold(Traces::default(), Traces::with)
}

/// The free texts of an incident that may name somebody erased: each once, with the versions in which it is the same.
async fn proposals_in(tx: &mut Tx, erasure: &Erasure, id: Uuid, traces: &Traces, near: bool) -> Result<Vec<Proposal>, ServiceError> {
    let mut texts: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
    for version in incidents::versions(tx, id).await? {
        let body: Value = serde_json::from_str(&version.body).map_err(StoreError::from)?;
        let incident: Incident = serde_json::from_str(&version.body).map_err(StoreError::from)?;
        // Another agency's record, or one of the time before it became this one's, is that agency's to look through.
        if incident.details.owning_agency == erasure.agency {
            for one in erasing::free_texts(&body) {
                texts.entry((one.pointer, one.text)).or_default().push(version.version);
            }
        }
    }
    let found = texts.into_iter().map(|((pointer, text), versions)| {
        let spans = traces.spans(&text, near);
        Proposal { versions, ..proposal(erasure, RecordKind::Incident, id, pointer, spans) }
    });
    Ok(found.filter(|proposal| !proposal.spans.is_empty()).collect())
}

/// The same for what stands beside the agency's incidents.
async fn proposals_beside(tx: &mut Tx, erasure: &Erasure, traces: &Traces) -> Result<Vec<Proposal>, ServiceError> {
    let mut found = Vec::new();
    for beside in texts_beside::of_agency(tx, erasure.agency).await? {
        for one in beside.free_texts() {
            found.push(proposal(erasure, beside.kind, beside.record, one.pointer, traces.spans(&one.text, false)));
        }
    }
    found.retain(|proposal| !proposal.spans.is_empty());
    Ok(found)
}

fn proposal(erasure: &Erasure, kind: RecordKind, record: Uuid, pointer: String, spans: Vec<(usize, usize)>) -> Proposal {
    Proposal {
        erasure: erasure.id,
        number: 0,
        kind,
        record,
        pointer,
        versions: Vec::new(),
        spans,
        decision: None,
        reason: None,
        decided_by: None,
        decided_at: None,
    }
}
