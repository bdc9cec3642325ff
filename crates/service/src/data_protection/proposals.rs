//! Free text that may still name somebody erased: shown to a person, who decides each.

use super::{
    code, officer_of, unheld,
    writing_over::{Then, every_version},
};
use crate::{Service, ServiceError, committing::Look};
use model::{
    Problems, Timestamp, Uuid,
    audit::{Operation, Outcome, Request},
    erasing::{self, RedactionDecision},
    erasure::{Erasure, Proposal, RecordKind},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use store::{
    StoreError, Tx, erasures,
    incidents::{self, Key},
    texts_beside,
};

/// What a person decides about one proposal.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// Take it out, or keep it.
    pub decision: RedactionDecision,
    /// Why it is kept (vocabulary `redaction_keep_reasons`); needed for that.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A place in free text that may name somebody erased.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ProposalView {
    /// Its number within the erasure.
    pub number: i64,
    /// What kind of record it stands in.
    pub kind: RecordKind,
    /// Which one.
    pub record: Uuid,
    /// Where in it: a JSON pointer, the entries of lists by their ids.
    pub pointer: String,
    /// The versions of the record in which the text is this one.
    pub versions: Vec<i64>,
    /// The text, until it is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The occurrences: first character, from 0, and number of characters.
    pub spans: Vec<[usize; 2]>,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<RedactionDecision>,
    /// Why it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Uuid>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
}

fn view(proposal: Proposal, text: Option<String>) -> ProposalView {
    ProposalView {
        number: proposal.number,
        kind: proposal.kind,
        record: proposal.record,
        pointer: proposal.pointer,
        versions: proposal.versions,
        text,
        spans: proposal.spans.into_iter().map(|(at, length)| [at, length]).collect(),
        decision: proposal.decision,
        reason: proposal.reason,
        decided_by: proposal.decided_by,
        decided_at: proposal.decided_at,
    }
}

impl Service {
    /// Every proposal of an erasure, by number; those undecided with their text.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but the agency's data protection officers, [`ServiceError::NotFound`].
    pub async fn erasure_proposals(&self, request: &Request, erasure: Uuid) -> Result<Vec<ProposalView>, ServiceError> {
        const ACTION: &str = "erasure.proposals";
        self.only_officers(request, ACTION).await?;
        let agency = request.actor.agency;
        let found = self
            .read(move |tx, _| {
                Box::pin(async move {
                    let known = erasure_of(tx, agency, erasure).await?;
                    Ok(match known {
                        Some(_) => Some(erasures::proposals(tx, erasure).await?),
                        None => None,
                    })
                })
            })
            .await?;
        let Some(found) = found else {
            self.note(vec![request.entry(Operation::Consultation, ACTION, Outcome::Denied, Vec::new())]).await?;
            return Err(ServiceError::NotFound);
        };
        let open = || found.iter().filter(|one| one.decision.is_none());
        let keys = open().filter(|one| one.kind == RecordKind::Incident).map(|one| Key::Id(one.record)).collect();
        let mut look = Look::search(request, Operation::Consultation, ACTION, keys, None);
        look.records =
            std::iter::once(erasure).chain(open().filter(|one| one.kind != RecordKind::Incident).map(|one| one.record)).collect();
        let seen = self.look(look).await?;
        let shown: Vec<Uuid> = seen.records.iter().map(|stored| stored.id).collect();
        self.read(move |tx, _| {
            Box::pin(async move {
                let mut views = Vec::with_capacity(found.len());
                for proposal in found {
                    let shows = proposal.kind != RecordKind::Incident || shown.contains(&proposal.record);
                    let text = if shows && proposal.decision.is_none() { text_of(tx, agency, &proposal).await? } else { None };
                    views.push(view(proposal, text));
                }
                Ok(views)
            })
        })
        .await
    }

    /// Decides a proposal: what is redacted leaves the state and every version.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but the agency's data protection officers, [`ServiceError::NotFound`],
    /// [`ServiceError::Invalid`], [`ServiceError::LegalHold`]; [`ServiceError::Conflict`] when it is decided already.
    pub async fn decide_proposal(
        &self,
        request: &Request,
        erasure: Uuid,
        number: i64,
        new: NewDecision,
    ) -> Result<ProposalView, ServiceError> {
        let view = self
            .write(request, Operation::Erasure, "erasure.decide", move |tx, service, request| {
                Box::pin(async move {
                    officer_of(request)?;
                    check(&new)?;
                    erasure_of(tx, request.actor.agency, erasure).await?.ok_or(ServiceError::NotFound)?;
                    let proposal = erasures::proposals(tx, erasure).await?.into_iter().find(|one| one.number == number);
                    let mut proposal = proposal.ok_or(ServiceError::NotFound)?;
                    if proposal.decision.is_some() {
                        return Err(ServiceError::Conflict("this proposal is decided already".to_owned()));
                    }
                    (proposal.decision, proposal.reason) = (Some(new.decision), new.reason);
                    (proposal.decided_by, proposal.decided_at) = (Some(request.actor.officer), Some(request.at));
                    if new.decision == RedactionDecision::Redact {
                        if proposal.kind == RecordKind::Incident {
                            let stored = incidents::find(tx, &Key::Id(proposal.record), true).await?.ok_or(ServiceError::NotFound)?;
                            unheld(&stored.incident()?)?;
                        }
                        service.redact(tx, &mut proposal, Then::NextVersion, request).await?;
                    }
                    erasures::decide(tx, &proposal).await?;
                    let records = vec![erasure, proposal.record];
                    Ok((view(proposal, None), records))
                })
            })
            .await?;
        self.after_erasure().await;
        Ok(view)
    }

    /// Takes the occurrences of a proposal out of its record, and moves those of other proposals about the same text.
    pub(super) async fn redact(&self, tx: &mut Tx, proposal: &mut Proposal, then: Then, request: &Request) -> Result<(), ServiceError> {
        let agency = agency_of(tx, proposal).await?;
        match proposal.kind {
            RecordKind::Incident => {
                let later = redact_incident(tx, proposal, then).await?;
                for one in &later {
                    erasures::propose(tx, std::slice::from_ref(one)).await?;
                    erasures::decide(tx, one).await?;
                }
                self.settle_written_over(tx, proposal.record, then, request).await?;
            }
            kind => {
                if let Some(mut beside) = texts_beside::by_id(tx, agency, kind, proposal.record).await? {
                    redact_at(&mut beside.body, &proposal.pointer, &proposal.spans);
                    if proposal.pointer == "/name"
                        && let Value::Object(fields) = &mut beside.body
                    {
                        // A date of birth is of the name beside it.
                        fields.remove("date_of_birth");
                    }
                    store::subject_requests::reopen(tx, proposal.record).await?;
                    texts_beside::write_over(tx, &beside).await?;
                }
            }
        }
        for mut other in erasures::open_proposals(tx, proposal.record).await? {
            let same = (other.erasure, other.number) == (proposal.erasure, proposal.number);
            let shared = other.versions.iter().any(|version| proposal.versions.contains(version)) || other.versions == proposal.versions;
            if !same && other.pointer == proposal.pointer && shared {
                other.spans = other
                    .spans
                    .into_iter()
                    .filter_map(|span| erasing::moved(span, &proposal.spans, erasing::ERASED.chars().count()))
                    .collect();
                if other.spans.is_empty() {
                    // All of it went with this one.
                    (other.decision, other.decided_by, other.decided_at) = (proposal.decision, proposal.decided_by, proposal.decided_at);
                }
                erasures::decide(tx, &other).await?;
            }
        }
        Ok(())
    }
}

fn check(new: &NewDecision) -> Result<(), ServiceError> {
    let mut problems = Problems::default();
    match (&new.reason, new.decision) {
        (Some(reason), RedactionDecision::Keep) => code("reason", reason, "redaction_keep_reasons", &mut problems),
        (None, RedactionDecision::Keep) => problems.add("reason", "missing", "is needed for what is kept"),
        (Some(_), RedactionDecision::Redact) => problems.add("reason", "not_needed", "is for what is kept: leave it out"),
        (None, RedactionDecision::Redact) => {}
    }
    problems.into_result().map_err(ServiceError::Invalid)
}

pub(super) async fn erasure_of(tx: &mut Tx, agency: Uuid, id: Uuid) -> Result<Option<Erasure>, ServiceError> {
    Ok(erasures::list(tx, Some(agency)).await?.into_iter().find(|one| one.id == id))
}

/// The agency a proposal is for: that of its erasure.
async fn agency_of(tx: &mut Tx, proposal: &Proposal) -> Result<Uuid, ServiceError> {
    let all = erasures::list(tx, None).await?;
    Ok(all.iter().find(|one| one.id == proposal.erasure).ok_or(ServiceError::NotFound)?.agency)
}

/// What the text says now, where the record is still there.
async fn text_of(tx: &mut Tx, agency: Uuid, proposal: &Proposal) -> Result<Option<String>, ServiceError> {
    let mut body = match proposal.kind {
        RecordKind::Incident => {
            let versions = incidents::versions(tx, proposal.record).await?;
            let Some(version) = versions.iter().rfind(|version| proposal.versions.contains(&version.version)) else { return Ok(None) };
            serde_json::from_str(&version.body).map_err(StoreError::from)?
        }
        kind => match texts_beside::by_id(tx, agency, kind, proposal.record).await? {
            Some(beside) => beside.body,
            None => return Ok(None),
        },
    };
    Ok(erasing::at_pointer(&mut body, &proposal.pointer).and_then(|text| text.as_str().map(str::to_owned)))
}

fn redact_at(body: &mut Value, pointer: &str, spans: &[(usize, usize)]) -> bool {
    match erasing::at_pointer(body, pointer) {
        Some(Value::String(text)) => {
            let redacted = erasing::redacted(text, spans);
            let changed = *text != redacted;
            *text = redacted;
            changed
        }
        _ => false,
    }
}

/// Redacts the versions a proposal lists, and later ones: what was written since may carry the text on. Where a later
/// text is another, the same words are taken out of it; that is given back as decisions of their own.
async fn redact_incident(tx: &mut Tx, proposal: &mut Proposal, then: Then) -> Result<Vec<Proposal>, ServiceError> {
    let Some(text) = text_in(tx, proposal).await? else { return Ok(Vec::new()) };
    let phrases = proposal.spans.iter().map(|(at, length)| erasing::lower(&text.chars().skip(*at).take(*length).collect::<String>()));
    let mut words: Vec<String> = phrases.collect();
    if erasures::list(tx, None).await?.iter().any(|one| one.id == proposal.erasure && one.incidents.contains(&proposal.record)) {
        // In the person's own incidents any part of the name counts.
        let parts = words.iter().flat_map(|phrase| phrase.split(|c: char| !c.is_alphanumeric()));
        words = parts.filter(|part| part.chars().count() >= 3).map(str::to_owned).collect();
    }
    let last = match then {
        Then::NextVersion => proposal.versions.iter().max().copied().unwrap_or(0),
        // In a copy that is put back every later version has a line of its own in the list.
        Then::SameVersion => i64::MAX,
    };
    let (spans, pointer, mut listed) = (proposal.spans.clone(), proposal.pointer.clone(), proposal.versions.clone());
    let mut other: BTreeMap<Vec<(usize, usize)>, Vec<i64>> = BTreeMap::new();
    every_version(tx, proposal.record, &mut |version, body| {
        let now = erasing::at_pointer(body, &pointer).and_then(|text| text.as_str().map(str::to_owned));
        let Some(now) = now else { return false };
        if now == text && (listed.contains(&version) || version > last) {
            if !listed.contains(&version) {
                listed.push(version);
            }
            return redact_at(body, &pointer, &spans);
        }
        let said = if version > last { erasing::occurrences(&now, &words) } else { Vec::new() };
        let changed = !said.is_empty() && redact_at(body, &pointer, &said);
        if changed {
            other.entry(said).or_default().push(version);
        }
        changed
    })
    .await?;
    proposal.versions = listed;
    let next = erasures::proposals(tx, proposal.erasure).await?.iter().map(|one| one.number).max().unwrap_or(0) + 1;
    Ok((next..).zip(other).map(|(number, (spans, versions))| Proposal { number, spans, versions, ..proposal.clone() }).collect())
}

async fn text_in(tx: &mut Tx, proposal: &Proposal) -> Result<Option<String>, ServiceError> {
    for version in incidents::versions(tx, proposal.record).await? {
        if proposal.versions.contains(&version.version) {
            let mut body: Value = serde_json::from_str(&version.body).map_err(StoreError::from)?;
            if let Some(text) = erasing::at_pointer(&mut body, &proposal.pointer).and_then(|text| text.as_str()) {
                return Ok(Some(text.to_owned()));
            }
        }
    }
    Ok(None)
}
