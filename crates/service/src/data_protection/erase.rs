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
    mentions,
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
struct Prepared {
    saying: BTreeSet<Uuid>,
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

    /// Looks through the agency's records for what may name the people, before anything is locked. What is written
    /// meanwhile is known by the change log.
    async fn prepare_erasure(&self, request: &Request, new: &NewErasure) -> Result<Prepared, ServiceError> {
        let (agency, new) = (request.actor.agency, new.clone());
        let may = officer_of(request).is_ok() && new.check().is_ok();
        self.read(move |tx, _| {
            Box::pin(async move {
                let from = changes::position(tx).await?;
                if !may || new.kind() == ErasureKind::Incident {
                    return Ok(Prepared { saying: BTreeSet::new(), from });
                }
                // Who is not there is told by the transaction that erases.
                let targets = new.targets(tx).await.unwrap_or_default();
                let mut traces = Traces::default();
                for (incident, people) in &targets {
                    for version in incidents::versions(tx, *incident).await? {
                        let version: Incident = serde_json::from_str(&version.body).map_err(StoreError::from)?;
                        if version.details.owning_agency == agency {
                            traces.add_from(&version, people);
                        }
                    }
                }
                Ok(Prepared { saying: erased_rows::incidents_saying(tx, agency, &traces).await?.into_iter().collect(), from })
            })
        })
        .await
    }

    async fn erase_within(
        &self,
        tx: &mut Tx,
        request: &Request,
        new: &NewErasure,
        prepared: Prepared,
    ) -> Result<ErasureView, ServiceError> {
        let (kind, scope) = (new.kind(), self.scope(request));
        let targets = new.targets(tx).await?;
        let mut traces = Traces::default();
        let mut gone = BTreeSet::new();
        for (id, people) in &targets {
            let stored = incidents::find(tx, &Key::Id(*id), true).await?.filter(|stored| scope.sees(stored.label()));
            let stored = match (stored, new.incident) {
                (Some(stored), _) => stored,
                (None, Some(_)) => return Err(ServiceError::NotFound),
                (None, None) => return Err(unknown(new.people.iter().position(|person| people.contains(person)).unwrap_or(0))),
            };
            let incident = stored.incident()?;
            own(&incident, request)?;
            unheld(&incident)?;
            match kind {
                ErasureKind::Person => {
                    let fields = self.erase_people(tx, *id, people, &mut traces, Then::NextVersion, request).await?;
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
        let naming = audit::details_naming(tx, &traces).await?;
        if erase_payloads(tx, request, &naming, &new.reason).await? > 0 {
            gone.insert("audit.detail".to_owned());
        }
        erasures::advance(tx).await?;
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
        erasures::insert(tx, &erasure).await?;
        let mut proposed = Vec::new();
        if !traces.is_empty() {
            let mut records = prepared.saying;
            records.extend(changes::all_after(tx, &prepared.from, i64::MAX).await?.into_iter().map(|change| change.incident_id));
            records.extend(targets.keys());
            for record in records {
                proposed.extend(proposals_in(tx, &erasure, record, &traces, targets.contains_key(&record)).await?);
            }
            proposed.extend(proposals_beside(tx, &erasure, &traces).await?);
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

/// The same for the agency's markers and the notes of its intakes.
async fn proposals_beside(tx: &mut Tx, erasure: &Erasure, traces: &Traces) -> Result<Vec<Proposal>, ServiceError> {
    let mut found = Vec::new();
    for marker in erased_rows::markers_of(tx, erasure.agency).await? {
        let body = serde_json::to_value(&marker).map_err(StoreError::from)?;
        for one in erasing::free_texts(&body) {
            found.push(proposal(erasure, RecordKind::Marker, marker.id, one.pointer, traces.spans(&one.text, false)));
        }
    }
    for (intake, note) in erased_rows::notes_of(tx, erasure.agency).await? {
        found.push(proposal(erasure, RecordKind::Intake, intake, "/note".to_owned(), traces.spans(&note, false)));
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
