//! The parts of an incident: reports, places, involvements, allegations. Their ids never change; deleting one is a
//! version of the incident like any other.

use super::{
    change::{Needs, merge, read},
    references::Named,
};
use crate::{Retry, Service, ServiceError, retry};
use model::{
    Incident, Involvement, NewAllegation, NewInvolvement, NewPlace, NewReport, Problem, Problems, Uuid,
    audit::{Operation, Request},
    entropy,
    incident::MOST_PARTS,
    redact::IncidentView,
};
use serde_json::Value;
use store::incidents::Key;

/// A part as it is sent in.
#[derive(Debug, Clone)]
pub enum Part {
    /// Somebody told us.
    Report(NewReport),
    /// Where.
    Place(NewPlace),
    /// Who or what.
    Involvement(Box<NewInvolvement>),
    /// Who says what about whom.
    Allegation(NewAllegation),
}

/// Which list a part is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// `reports`
    Report,
    /// `places`
    Place,
    /// `involvements`
    Involvement,
    /// `allegations`
    Allegation,
}

impl PartKind {
    fn action(self, verb: &str) -> &'static str {
        match (self, verb) {
            (Self::Report, "add") => "report.add",
            (Self::Report, "change") => "report.change",
            (Self::Report, _) => "report.delete",
            (Self::Place, "add") => "place.add",
            (Self::Place, "change") => "place.change",
            (Self::Place, _) => "place.delete",
            (Self::Involvement, "add") => "involvement.add",
            (Self::Involvement, "change") => "involvement.change",
            (Self::Involvement, _) => "involvement.delete",
            (Self::Allegation, "add") => "allegation.add",
            (Self::Allegation, "change") => "allegation.change",
            (Self::Allegation, _) => "allegation.delete",
        }
    }
}

impl Part {
    fn kind(&self) -> PartKind {
        match self {
            Self::Report(_) => PartKind::Report,
            Self::Place(_) => PartKind::Place,
            Self::Involvement(_) => PartKind::Involvement,
            Self::Allegation(_) => PartKind::Allegation,
        }
    }

    fn id(&self) -> Option<Uuid> {
        match self {
            Self::Report(part) => part.id,
            Self::Place(part) => part.id,
            Self::Involvement(part) => part.id,
            Self::Allegation(part) => part.id,
        }
    }
}

impl Service {
    /// Adds a part to an incident. Gives the incident and the part's id.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Invalid`], [`ServiceError::KeyReused`].
    pub async fn add_part(
        &self,
        request: &Request,
        key: Key,
        part: Part,
        retry: Option<Retry>,
    ) -> Result<(IncidentView, Uuid), ServiceError> {
        let action = part.kind().action("add");
        self.write(request, Operation::Collection, action, move |tx, service, request| {
            Box::pin(async move {
                let mut incident = service.open_for_change(tx, &key, request, None, Needs::Sight).await?;
                let id = part.id().unwrap_or_else(|| entropy::id(request.at));
                let operation = format!("{action} {}", incident.id);
                if let Some(before) = retry::claim(tx, request, operation, retry, id).await? {
                    let stored = store::incidents::find(tx, &key, false).await?.ok_or(ServiceError::NotFound)?;
                    let view = service.show(&stored, &service.scope(request))?;
                    return Ok(((view, before), vec![stored.id]));
                }
                let mut problems = Problems::default();
                place_part(&mut incident, part, id, None, request, &mut problems);
                finish(&incident, id, problems)?;
                let named = Named::in_part(&incident, id, None);
                let records = concerned(&incident, id, &named);
                service.check_named_within(tx, named, request).await?;
                let view = service.write_next(tx, incident, request).await?.ok_or(ServiceError::NotFound)?;
                Ok(((view, id), records))
            })
        })
        .await
    }

    /// Changes a part by a merge patch.
    ///
    /// # Errors
    /// As [`Service::add_part`], and [`ServiceError::VersionNeeded`] and [`ServiceError::Changed`] for the incident's version.
    pub async fn patch_part(
        &self,
        request: &Request,
        key: Key,
        kind: PartKind,
        id: Uuid,
        version: Option<i64>,
        patch: Value,
    ) -> Result<IncidentView, ServiceError> {
        self.write(request, Operation::Alteration, kind.action("change"), move |tx, service, request| {
            Box::pin(async move {
                let mut incident = service.open_part(tx, &key, request, version, kind, id).await?;
                let same = incident.involvements.iter().find(|part| part.id == id).and_then(|part| part.same_person_as);
                let part = patched(&incident, kind, id, patch)?;
                let mut problems = Problems::default();
                let place = position(&incident, kind, id).map(|(place, _)| place);
                place_part(&mut incident, part, id, place, request, &mut problems);
                finish(&incident, id, problems)?;
                let named = Named::in_part(&incident, id, same);
                let records = concerned(&incident, id, &named);
                service.check_named_within(tx, named, request).await?;
                let view = service.write_next(tx, incident, request).await?.ok_or(ServiceError::NotFound)?;
                Ok((view, records))
            })
        })
        .await
    }

    /// Takes a part out of an incident; the versions before keep it.
    ///
    /// # Errors
    /// As [`Service::patch_part`]; [`ServiceError::Conflict`] while another part names it.
    pub async fn delete_part(
        &self,
        request: &Request,
        key: Key,
        kind: PartKind,
        id: Uuid,
        version: Option<i64>,
    ) -> Result<IncidentView, ServiceError> {
        self.write(request, Operation::Alteration, kind.action("delete"), move |tx, service, request| {
            Box::pin(async move {
                let mut incident = service.open_part(tx, &key, request, version, kind, id).await?;
                match kind {
                    PartKind::Report => incident.reports.retain(|part| part.id != id),
                    PartKind::Place => incident.places.retain(|part| part.id != id),
                    PartKind::Involvement => incident.involvements.retain(|part| part.id != id),
                    PartKind::Allegation => incident.allegations.retain(|part| part.id != id),
                }
                if incident.reports.is_empty() {
                    return Err(ServiceError::Conflict("an incident keeps at least one report: add another first".to_owned()));
                }
                let mut problems = Problems::default();
                incident.check_parts(&mut problems);
                if !problems.is_empty() {
                    return Err(ServiceError::Conflict("another part of this incident names it: change that first".to_owned()));
                }
                let view = service.write_next(tx, incident, request).await?.ok_or(ServiceError::NotFound)?;
                let incident = view.id;
                Ok((view, vec![incident, id]))
            })
        })
        .await
    }

    async fn open_part(
        &self,
        tx: &mut store::Tx,
        key: &Key,
        request: &Request,
        version: Option<i64>,
        kind: PartKind,
        id: Uuid,
    ) -> Result<Incident, ServiceError> {
        // Opened for its sight first: who recorded the part is known only then.
        let incident = self.open_for_change(tx, key, request, None, Needs::Sight).await?;
        let (_, recorder) = position(&incident, kind, id).ok_or(ServiceError::NotFound)?;
        if hidden_from(self, &incident, kind, id, request) {
            return Err(ServiceError::Forbidden("what you cannot read you cannot change"));
        }
        self.open_for_change(tx, key, request, version, Needs::Recorder(recorder)).await
    }
}

/// What a change of a part is about: the incident, the part, and known people that it is newly said to be, or not to be.
fn concerned(incident: &Incident, id: Uuid, named: &Named) -> Vec<Uuid> {
    let others = named.mentions().into_iter().filter(|mention| *mention != id);
    [incident.id, id].into_iter().chain(others).collect()
}

/// Whether the part is the identity of somebody kept from the caller.
fn hidden_from(service: &Service, incident: &Incident, kind: PartKind, id: Uuid, request: &Request) -> bool {
    let scope = service.scope(request);
    kind == PartKind::Involvement
        && incident.involvements.iter().any(|part| {
            part.id == id
                && (part.is_confidential() || part.is_restricted())
                && model::access::decide(scope.actor(), &incident.person_label(part), scope.at()) == model::Sight::Nothing
        })
}

/// Where in its list a part stands, and which agency recorded it.
fn position(incident: &Incident, kind: PartKind, id: Uuid) -> Option<(usize, Uuid)> {
    fn find<P>(list: &[P], id: Uuid, of: impl Fn(&P) -> (Uuid, Uuid)) -> Option<(usize, Uuid)> {
        list.iter().position(|part| of(part).0 == id).map(|at| (at, of(&list[at]).1))
    }
    match kind {
        PartKind::Report => find(&incident.reports, id, |part| (part.id, part.recorded_by)),
        PartKind::Place => find(&incident.places, id, |part| (part.id, part.recorded_by)),
        PartKind::Involvement => find(&incident.involvements, id, |part| (part.id, part.recorded_by)),
        PartKind::Allegation => find(&incident.allegations, id, |part| (part.id, part.recorded_by)),
    }
}

fn patched(incident: &Incident, kind: PartKind, id: Uuid, patch: Value) -> Result<Part, ServiceError> {
    if !patch.is_object() {
        return Err(ServiceError::invalid("", "type", "a merge patch is a JSON object"));
    }
    if patch.get("id").is_some() {
        return Err(ServiceError::invalid("/id", "not_patchable", "cannot be changed"));
    }
    let missing = || ServiceError::NotFound;
    macro_rules! merged {
        ($list:ident, $variant:expr) => {{
            let part = incident.$list.iter().find(|part| part.id == id).ok_or_else(missing)?;
            let mut value = serde_json::to_value(part.as_new()).map_err(store::StoreError::from)?;
            merge(&mut value, patch);
            $variant(read(value)?)
        }};
    }
    Ok(match kind {
        PartKind::Report => merged!(reports, Part::Report),
        PartKind::Place => merged!(places, Part::Place),
        PartKind::Involvement => merged!(involvements, |part| Part::Involvement(Box::new(part))),
        PartKind::Allegation => merged!(allegations, Part::Allegation),
    })
}

/// Puts a part into its list: at `place` where it replaces one, keeping who recorded it and when, else at the end.
fn place_part(incident: &mut Incident, part: Part, id: Uuid, place: Option<usize>, request: &Request, problems: &mut Problems) {
    let (by, officer, now, version) = (request.actor.agency, request.actor.officer, request.at, incident.version + 1);
    let days = incident.details.occurred.days();
    macro_rules! put {
        ($list:ident, $settled:expr) => {{
            let mut settled = $settled;
            settled.version = version;
            match place {
                Some(at) => {
                    settled.recorded_by = incident.$list[at].recorded_by;
                    settled.recorded_at = incident.$list[at].recorded_at;
                    incident.$list[at] = settled;
                }
                None if incident.$list.len() >= MOST_PARTS => {
                    problems.add("", "too_many", format!("an incident holds at most {MOST_PARTS} of these"));
                }
                None => incident.$list.push(settled),
            }
        }};
    }
    match part {
        Part::Report(new) => {
            let officer = place.map_or(officer, |at| incident.reports[at].officer);
            put!(reports, new.settle(id, by, officer, now, problems));
        }
        Part::Place(new) => put!(places, new.settle(id, by, now, problems)),
        Part::Involvement(new) => {
            let dispute = place.and_then(|at| incident.involvements[at].dispute.clone());
            put!(involvements, Involvement { dispute, ..new.settle(id, by, now, days, problems) });
        }
        Part::Allegation(new) => put!(allegations, new.settle(id, by, now, problems)),
    }
}

/// Checks what parts name of each other; a problem of this part is told without its place in the list.
fn finish(incident: &Incident, id: Uuid, mut problems: Problems) -> Result<(), ServiceError> {
    incident.check_parts(&mut problems);
    problems.into_result().map_err(|found| {
        let own = |problem: Problem| {
            let mut steps = problem.pointer.splitn(4, '/').skip(1);
            let (list, at, rest) = (steps.next().unwrap_or_default(), steps.next().and_then(|at| at.parse::<usize>().ok()), steps.next());
            let same = at.is_some_and(|at| match list {
                "reports" => incident.reports.get(at).is_some_and(|part| part.id == id),
                "places" => incident.places.get(at).is_some_and(|part| part.id == id),
                "involvements" => incident.involvements.get(at).is_some_and(|part| part.id == id),
                "allegations" => incident.allegations.get(at).is_some_and(|part| part.id == id),
                _ => false,
            });
            match rest {
                Some(rest) if same => Problem { pointer: format!("/{rest}"), ..problem },
                _ => problem,
            }
        };
        ServiceError::Invalid(found.into_iter().map(own).collect())
    })
}
