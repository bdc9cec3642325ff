//! Subject access: a draft of everything the agency holds on one person, line by line. A person decides each; the answer
//! is released when all are decided, and never sends itself.

use super::{code, officer_of, own};
use crate::{Service, ServiceError, committing::Look};
use jiff::civil::Date;
use model::{
    Incident, Problems, Timestamp, Uuid,
    audit::{Operation, Outcome, Request},
    entropy, erasing,
    erasing::{Spans, Traces},
    erasure::RecordKind,
    subject::{self, Line, LineDecision, LineMark, SubjectRequest},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{
    StoreError, Tx, erased_rows,
    incidents::{self, Key},
    mentions, subject_requests, texts_beside,
};

/// A subject access request to be entered.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubjectRequest {
    /// Ids of the mentions in incidents of your agency that are the person who asks.
    pub people: Vec<Uuid>,
    /// The day the request was received: the clock of one month runs from it.
    #[schema(value_type = String, format = Date)]
    pub received: Date,
}

/// A request, and how many lines are still to be decided.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SubjectRequestView {
    /// The request.
    #[serde(flatten)]
    pub request: SubjectRequest,
    /// The lines of its draft.
    pub lines: usize,
    /// How many of them nobody has decided.
    pub undecided: usize,
}

/// A line of the draft as it is shown.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct LineView {
    /// Its number.
    pub number: i64,
    /// What kind of record it stands in.
    pub kind: RecordKind,
    /// Which one.
    pub record: Uuid,
    /// The latest version in which it says this.
    pub version: i64,
    /// Where in it.
    pub pointer: String,
    /// What it says; absent when that was erased or put right since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What it has to be looked at for.
    pub marks: Vec<LineMark>,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<LineDecision>,
    /// What is blanked in it: first character and number of characters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<[usize; 2]>)]
    pub spans: Spans,
    /// Under which exemption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exemption: Option<String>,
    /// Who decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Uuid>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
}

/// What is decided about a line.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLineDecision {
    /// Release, redact or withhold.
    pub decision: LineDecision,
    /// What is blanked: first character, from 0, and number of characters; needed for `redact`.
    #[serde(default)]
    #[schema(value_type = Vec<[usize; 2]>)]
    pub spans: Spans,
    /// Under which exemption (vocabulary `subject_access_exemptions`); needed for `redact` and `withhold`.
    #[serde(default)]
    pub exemption: Option<String>,
}

impl Service {
    /// Enters a request and drafts its lines.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but the agency's data protection officers, [`ServiceError::Invalid`].
    pub async fn open_subject_request(&self, request: &Request, new: NewSubjectRequest) -> Result<SubjectRequestView, ServiceError> {
        self.write(request, Operation::Consultation, "subject_request.open", move |tx, service, request| {
            Box::pin(async move {
                officer_of(request)?;
                let today = request.at.london_day();
                let mut problems = Problems::default();
                if new.people.is_empty() {
                    problems.add("people", "empty", "must hold the id of one mention at least");
                }
                problems.list("people", &new.people, 200);
                if new.received > today || new.received < today.saturating_sub(jiff::Span::new().years(1)) {
                    problems.add("received", "range", "must be a day of the last year");
                }
                problems.into_result().map_err(ServiceError::Invalid)?;
                let lines = service.draft(tx, request, &new.people).await?;
                let one = SubjectRequest {
                    id: entropy::id(request.at),
                    agency: request.actor.agency,
                    officer: request.actor.officer,
                    opened_at: request.at,
                    people: new.people,
                    received: new.received,
                    due: new.received.saturating_add(jiff::Span::new().months(1)),
                    released_at: None,
                    released_by: None,
                };
                subject_requests::insert(tx, &one, &lines).await?;
                let mut records = vec![one.id];
                records.extend(&one.people);
                Ok((SubjectRequestView { request: one, lines: lines.len(), undecided: lines.len() }, records))
            })
        })
        .await
    }

    /// Where the agency's records say something of the person.
    async fn draft(&self, tx: &mut Tx, request: &Request, people: &[Uuid]) -> Result<Vec<Line>, ServiceError> {
        let (scope, agency) = (self.scope(request), request.actor.agency);
        let found = mentions::around(tx, people).await?;
        let mut traces = Traces::default();
        let mut records: BTreeSet<Uuid> = BTreeSet::new();
        for (at, person) in people.iter().enumerate() {
            let unknown = || ServiceError::invalid(format!("/people/{at}"), "unknown_id", "is not the id of a person you may see");
            let row = found.iter().find(|row| row.id == *person).ok_or_else(unknown)?;
            let stored = incidents::find(tx, &Key::Id(row.incident), false).await?.filter(|stored| scope.sees(stored.label()));
            let incident = stored.ok_or_else(unknown)?.incident()?;
            own(&incident, request)?;
            traces.add_from(&incident, people);
            records.insert(row.incident);
        }
        records.extend(erased_rows::incidents_saying(tx, Some(agency), &traces).await?);
        let mut lines = Vec::new();
        for record in records {
            let Some(stored) = incidents::find(tx, &Key::Id(record), false).await? else { continue };
            if scope.sees(stored.label()) {
                lines.extend(lines_of(tx, agency, record, people, &traces).await?);
            }
        }
        for beside in texts_beside::of_agency(tx, agency).await? {
            let about = beside.body["person"].as_str().and_then(|id| id.parse().ok()).is_some_and(|id: Uuid| people.contains(&id));
            for one in beside.free_texts() {
                if about || !traces.spans(&one.text, false).is_empty() {
                    lines.push(line(beside.kind, beside.record, 0, one.pointer, marks_of(beside.kind)));
                }
            }
        }
        for (number, line) in (1..).zip(&mut lines) {
            line.number = number;
        }
        Ok(lines)
    }

    /// The requests of the own agency, oldest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but its data protection officers.
    pub async fn list_subject_requests(&self, request: &Request) -> Result<Vec<SubjectRequestView>, ServiceError> {
        const ACTION: &str = "subject_request.list";
        self.only_officers(request, ACTION).await?;
        let agency = request.actor.agency;
        let found = self
            .read(move |tx, _| {
                Box::pin(async move {
                    let mut found = Vec::new();
                    for one in subject_requests::list(tx, agency).await? {
                        let lines = subject_requests::lines(tx, one.id).await?;
                        let undecided = lines.iter().filter(|line| line.decision.is_none()).count();
                        found.push(SubjectRequestView { request: one, lines: lines.len(), undecided });
                    }
                    Ok(found)
                })
            })
            .await?;
        let records = found.iter().map(|view| view.request.id).collect();
        self.note(vec![request.entry(Operation::Consultation, ACTION, Outcome::Granted, records)]).await?;
        Ok(found)
    }

    /// The draft of a request, line by line.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but the agency's data protection officers, [`ServiceError::NotFound`].
    pub async fn subject_draft(&self, request: &Request, id: Uuid) -> Result<Vec<LineView>, ServiceError> {
        let (_, lines) = self.subject_lines(request, id, Operation::Consultation, "subject_request.draft").await?;
        Ok(lines.into_iter().map(|(line, text, _)| view(line, text)).collect())
    }

    /// Decides a line.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but the agency's data protection officers, [`ServiceError::NotFound`],
    /// [`ServiceError::Invalid`]; [`ServiceError::Conflict`] once the answer is released.
    pub async fn decide_subject_line(
        &self,
        request: &Request,
        id: Uuid,
        number: i64,
        new: NewLineDecision,
    ) -> Result<LineView, ServiceError> {
        self.write(request, Operation::Alteration, "subject_request.decide", move |tx, _, request| {
            Box::pin(async move {
                officer_of(request)?;
                check(&new)?;
                let one = own_request(tx, request.actor.agency, id).await?;
                let found = subject_requests::lines(tx, id).await?.into_iter().find(|line| line.number == number);
                let mut line = found.ok_or(ServiceError::NotFound)?;
                // One whose text was written over since is decided again.
                if one.released_at.is_some() && line.decision.is_some() {
                    return Err(ServiceError::Conflict("the answer is released already".to_owned()));
                }
                (line.decision, line.spans, line.exemption) = (Some(new.decision), new.spans, new.exemption);
                (line.decided_by, line.decided_at) = (Some(request.actor.officer), Some(request.at));
                subject_requests::decide(tx, id, &line).await?;
                let records = vec![id, line.record];
                Ok((view(line, None), records))
            })
        })
        .await
    }

    /// Releases the answer: it can then be read as a package, and is given to the person by a person.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for anybody but the agency's data protection officers, [`ServiceError::NotFound`];
    /// [`ServiceError::Conflict`] while a line is undecided.
    pub async fn release_subject_request(&self, request: &Request, id: Uuid) -> Result<SubjectRequestView, ServiceError> {
        self.write(request, Operation::Disclosure, "subject_request.release", move |tx, _, request| {
            Box::pin(async move {
                officer_of(request)?;
                let mut one = own_request(tx, request.actor.agency, id).await?;
                let lines = subject_requests::lines(tx, id).await?;
                let undecided = lines.iter().filter(|line| line.decision.is_none()).count();
                if undecided > 0 {
                    return Err(ServiceError::Conflict(format!("{undecided} lines are not decided yet")));
                }
                if !subject_requests::release(tx, id, request.actor.officer, request.at).await? {
                    return Err(ServiceError::Conflict("the answer is released already".to_owned()));
                }
                (one.released_at, one.released_by) = (Some(request.at), Some(request.actor.officer));
                let mut records = vec![id];
                records.extend(lines.iter().map(|line| line.record).collect::<BTreeSet<_>>());
                Ok((SubjectRequestView { request: one, lines: lines.len(), undecided }, records))
            })
        })
        .await
    }

    /// The lines of a request with what they say now, audited before they are read.
    pub(super) async fn subject_lines(
        &self,
        request: &Request,
        id: Uuid,
        operation: Operation,
        action: &'static str,
    ) -> Result<(SubjectRequest, Vec<(Line, Option<String>, String)>), ServiceError> {
        self.only_officers(request, action).await?;
        let agency = request.actor.agency;
        let found = self
            .read(move |tx, _| {
                Box::pin(async move {
                    match own_request(tx, agency, id).await {
                        Ok(one) => Ok(Some((one, subject_requests::lines(tx, id).await?))),
                        Err(ServiceError::NotFound) => Ok(None),
                        Err(error) => Err(error),
                    }
                })
            })
            .await?;
        let Some((one, lines)) = found else {
            self.note(vec![request.entry(operation, action, Outcome::Denied, Vec::new())]).await?;
            return Err(ServiceError::NotFound);
        };
        let incidents: BTreeSet<Uuid> = lines.iter().filter(|line| line.kind == RecordKind::Incident).map(|line| line.record).collect();
        let mut look = Look::search(request, operation, action, incidents.into_iter().map(Key::Id).collect(), None);
        look.records = std::iter::once(id).chain(one.people.iter().copied()).collect();
        let seen = self.look(look).await?;
        let shown: HashMap<Uuid, String> = seen.records.iter().map(|stored| (stored.id, stored.reference().to_owned())).collect();
        let told = self
            .read(move |tx, _| {
                Box::pin(async move {
                    let mut told = Vec::with_capacity(lines.len());
                    for line in lines {
                        let reference = match line.kind {
                            RecordKind::Incident => shown.get(&line.record).cloned(),
                            other => Some(other.to_string()),
                        };
                        let text = match reference {
                            Some(_) => text_of(tx, agency, &line).await?,
                            None => None,
                        };
                        told.push((line, text, reference.unwrap_or_default()));
                    }
                    Ok(told)
                })
            })
            .await?;
        Ok((one, told))
    }
}

fn check(new: &NewLineDecision) -> Result<(), ServiceError> {
    let mut problems = Problems::default();
    match (&new.exemption, new.decision) {
        (None, LineDecision::Redact | LineDecision::Withhold) => {
            problems.add("exemption", "missing", "is needed for what is not released whole");
        }
        (Some(_), LineDecision::Release) => problems.add("exemption", "not_needed", "is for what is not released whole: leave it out"),
        (Some(exemption), _) => code("exemption", exemption, "subject_access_exemptions", &mut problems),
        (None, LineDecision::Release) => {}
    }
    if (new.decision == LineDecision::Redact) == new.spans.is_empty() {
        problems.add("spans", "redact", "is needed for redact, and for nothing else");
    }
    problems.list("spans", &new.spans, 1_000);
    problems.into_result().map_err(ServiceError::Invalid)
}

async fn own_request(tx: &mut Tx, agency: Uuid, id: Uuid) -> Result<SubjectRequest, ServiceError> {
    subject_requests::list(tx, agency).await?.into_iter().find(|one| one.id == id).ok_or(ServiceError::NotFound)
}

/// The lines of an incident over all its versions: each text once, in the latest version that says it.
async fn lines_of(tx: &mut Tx, agency: Uuid, id: Uuid, people: &[Uuid], traces: &Traces) -> Result<Vec<Line>, ServiceError> {
    let mut latest: BTreeMap<(String, String), (i64, Vec<LineMark>)> = BTreeMap::new();
    for version in incidents::versions(tx, id).await? {
        let body: Value = serde_json::from_str(&version.body).map_err(StoreError::from)?;
        let incident: Incident = serde_json::from_str(&version.body).map_err(StoreError::from)?;
        if incident.details.owning_agency == agency {
            for (pointer, text, marks) in subject::lines(&body, &incident, people, traces) {
                latest.insert((pointer, text), (version.version, marks));
            }
        }
    }
    Ok(latest.into_iter().map(|((pointer, _), (version, marks))| line(RecordKind::Incident, id, version, pointer, marks)).collect())
}

/// What a text beside incidents has to be looked at for, whatever it says.
fn marks_of(kind: RecordKind) -> Vec<LineMark> {
    match kind {
        RecordKind::Source => vec![LineMark::IdentifiesReporter],
        RecordKind::Block | RecordKind::Declaration | RecordKind::EmergencyAccess => vec![LineMark::ThirdParty],
        _ => Vec::new(),
    }
}

fn line(kind: RecordKind, record: Uuid, version: i64, pointer: String, marks: Vec<LineMark>) -> Line {
    Line {
        number: 0,
        kind,
        record,
        version,
        pointer,
        marks,
        decision: None,
        spans: Vec::new(),
        exemption: None,
        decided_by: None,
        decided_at: None,
    }
}

async fn text_of(tx: &mut Tx, agency: Uuid, line: &Line) -> Result<Option<String>, ServiceError> {
    let mut body = match line.kind {
        RecordKind::Incident => {
            let versions = incidents::versions(tx, line.record).await?;
            let Some(version) = versions.iter().find(|version| version.version == line.version) else { return Ok(None) };
            serde_json::from_str(&version.body).map_err(StoreError::from)?
        }
        kind => match texts_beside::by_id(tx, agency, kind, line.record).await? {
            Some(beside) => beside.body,
            None => return Ok(None),
        },
    };
    Ok(erasing::at_pointer(&mut body, &line.pointer).map(|value| subject::told(value)))
}

fn view(line: Line, text: Option<String>) -> LineView {
    LineView {
        number: line.number,
        kind: line.kind,
        record: line.record,
        version: line.version,
        pointer: line.pointer,
        text,
        marks: line.marks,
        decision: line.decision,
        spans: line.spans,
        exemption: line.exemption,
        decided_by: line.decided_by,
        decided_at: line.decided_at,
    }
}
