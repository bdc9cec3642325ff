//! Releases and blocks: what the owning agency decides of one record, beside how it is shared.

use crate::{Service, ServiceError, service::Work};
use model::{
    Actor, Incident, Problems, Role, Sight, Timestamp, Uuid,
    access::{Grade, Handed, Recipient, Way},
    audit::{Operation, Request},
    entropy,
    notice::{Notice, NoticeKind},
    opening::{Block, Release},
    vocabulary,
};
use serde::Deserialize;
use store::{
    Tx, agencies,
    incidents::{self, Key},
    notices::{self, For},
    releases,
};

/// The longest release, in days; a longer one is renewed, so that somebody looks at it again.
const LONGEST_DAYS: i64 = 366;

/// A record to be given to an agency or an officer beyond its sharing.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRelease {
    /// The agency it is given to.
    #[serde(default)]
    pub to_agency: Option<Uuid>,
    /// Or the officer.
    #[serde(default)]
    pub to_officer: Option<Uuid>,
    /// How much of it: `full` or `summary`.
    pub grade: Grade,
    /// The power it rests on (vocabulary `disclosure_bases`).
    pub basis: String,
    /// What the recipient must keep to; needed for intelligence with handling conditions.
    #[serde(default)]
    pub conditions: Option<String>,
    /// Until when: it opens nothing from that moment. At most a year.
    pub until: Timestamp,
}

/// Why an officer is closed out of a record.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBlock {
    /// Why; no names.
    pub reason: String,
}

impl Service {
    /// Gives a record of the own agency to another agency or officer. Supervisors and safeguarding leads of the owner only.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Invalid`].
    pub async fn add_release(&self, request: &Request, key: Key, new: NewRelease) -> Result<Release, ServiceError> {
        self.write(request, Operation::Disclosure, "release.add", move |tx, service, request| {
            Box::pin(async move {
                let mut incident = service.open_owned(tx, &key, request).await?;
                let to = check_release(tx, &incident, request, &new).await?;
                let release = Release {
                    id: entropy::id(request.at),
                    incident: incident.id,
                    owner: incident.details.owning_agency,
                    to_agency: new.to_agency,
                    to_officer: new.to_officer,
                    grade: new.grade,
                    basis: new.basis,
                    conditions: new.conditions,
                    from: request.at,
                    until: new.until,
                    released_by: request.actor.officer,
                    recorded_at: request.at,
                    revoked_at: None,
                    revoked_by: None,
                };
                incident.openings.hand(handed(&release, to), request.at);
                service.reopen(tx, incident, request).await?;
                releases::insert(tx, &release).await?;
                let (whom, agency) = match to {
                    Recipient::Agency(agency) => (For::Role(Role::Supervisor), agency),
                    Recipient::Officer(officer) => (For::Officer(officer), release.owner),
                };
                let notice = notice(request, NoticeKind::Release, agency, None, Some(release.id));
                notices::tell(tx, &notice, whom).await?;
                let records = vec![release.incident, release.id];
                Ok((release, records))
            })
        })
        .await
    }

    /// Revokes a release of the own agency's at once.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`].
    pub async fn revoke_release(&self, request: &Request, id: Uuid) -> Result<(), ServiceError> {
        self.write(request, Operation::Alteration, "release.revoke", move |tx, service, request| {
            Box::pin(async move {
                let release = releases::by_id(tx, id).await?.filter(|release| release.owner == request.actor.agency);
                let release = release.ok_or(ServiceError::NotFound)?;
                let mut incident = service.open_owned(tx, &Key::Id(release.incident), request).await?;
                if !releases::revoke(tx, id, request.actor.officer, request.at).await? {
                    return Err(ServiceError::NotFound);
                }
                let to = release.to_agency.map(Recipient::Agency).or(release.to_officer.map(Recipient::Officer));
                let ended = to.map(|to| handed(&release, to));
                incident.openings.handed.retain(|known| Some(known) != ended.as_ref());
                let incident_id = incident.id;
                service.reopen(tx, incident, request).await?;
                Ok(((), vec![incident_id, id]))
            })
        })
        .await
    }

    /// The register of disclosures: what the own agency has released, to whom, on what basis; latest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for whoever is neither supervisor, safeguarding lead nor data protection officer.
    pub async fn list_releases(&self, request: &Request, before: Option<Uuid>, limit: i64) -> Result<Vec<Release>, ServiceError> {
        let may = answers(&request.actor);
        let owner = request.actor.agency;
        self.register(
            request,
            "release.list",
            may,
            |release: &Release| Some(release.id),
            move |tx| Box::pin(async move { Ok(releases::of_owner(tx, owner, before, limit).await?) }),
        )
        .await
    }

    /// Closes a record of the own agency to an officer, whatever else opens it to them. Supervisors of the owner only.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`], [`ServiceError::Invalid`].
    pub async fn add_block(&self, request: &Request, key: Key, officer: Uuid, new: NewBlock) -> Result<Block, ServiceError> {
        self.write(request, Operation::Administration, "block.add", move |tx, service, request| {
            Box::pin(async move {
                let mut incident = service.open_owned(tx, &key, request).await?;
                let mut problems = Problems::default();
                problems.text("reason", &new.reason, 500);
                if agencies::officer_by_id(tx, officer).await?.is_none() {
                    problems.add("officer", "unknown_id", "is not the id of an officer");
                }
                if officer == request.actor.officer {
                    problems.add("officer", "oneself", "ask another supervisor to close a record to you");
                }
                problems.into_result().map_err(ServiceError::Invalid)?;
                let known = releases::blocks_of(tx, incident.id).await?;
                if let Some(standing) = known.into_iter().find(|block| block.officer == officer && block.lifted_at.is_none()) {
                    let records = vec![standing.incident, standing.officer];
                    return Ok((standing, records));
                }
                let block = Block {
                    id: entropy::id(request.at),
                    incident: incident.id,
                    officer,
                    agency: request.actor.agency,
                    reason: new.reason,
                    set_by: request.actor.officer,
                    set_at: request.at,
                    lifted_at: None,
                    lifted_by: None,
                };
                incident.openings.block(officer, true);
                service.reopen(tx, incident, request).await?;
                releases::insert_block(tx, &block).await?;
                let records = vec![block.incident, block.officer];
                Ok((block, records))
            })
        })
        .await
    }

    /// Lifts the block of an officer from a record of the own agency.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`].
    pub async fn lift_block(&self, request: &Request, key: Key, officer: Uuid) -> Result<(), ServiceError> {
        self.write(request, Operation::Administration, "block.lift", move |tx, service, request| {
            Box::pin(async move {
                let mut incident = service.open_owned(tx, &key, request).await?;
                if !releases::lift(tx, incident.id, officer, request.actor.officer, request.at).await? {
                    return Err(ServiceError::NotFound);
                }
                let id = incident.id;
                incident.openings.block(officer, false);
                service.reopen(tx, incident, request).await?;
                Ok(((), vec![id, officer]))
            })
        })
        .await
    }

    /// The blocks of a record of the own agency, latest first.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Forbidden`].
    pub async fn list_blocks(&self, request: &Request, key: Key) -> Result<Vec<Block>, ServiceError> {
        self.write(request, Operation::Consultation, "block.list", move |tx, service, request| {
            Box::pin(async move {
                let incident = service.open_owned(tx, &key, request).await?;
                Ok((releases::blocks_of(tx, incident.id).await?, vec![incident.id]))
            })
        })
        .await
    }

    /// Reads an incident of the own agency for a decision about who sees it: locked, and by a supervisor or safeguarding lead
    /// of the own staff.
    pub(crate) async fn open_owned(&self, tx: &mut Tx, key: &Key, request: &Request) -> Result<Incident, ServiceError> {
        let scope = self.scope(request);
        let stored = self.to_change(tx, key, &scope).await?;
        let incident = stored.incident()?;
        let whole = scope.sight(stored.label()) == Sight::Full && incident.details.owning_agency == request.actor.agency;
        if !whole || !decides(&request.actor) {
            return Err(ServiceError::Forbidden("a supervisor or safeguarding lead of the agency that owns this decides it: ask them"));
        }
        Ok(incident)
    }

    /// Writes whom a record is handed and closed to.
    pub(crate) async fn reopen(&self, tx: &mut Tx, incident: Incident, request: &Request) -> Result<(), ServiceError> {
        let written = self.written(tx, incident, request).await?;
        Ok(incidents::reopen(tx, &written).await?)
    }

    /// A list of register entries, of the own agency; the look is audited, a refused one too.
    pub(crate) async fn register<T, F>(
        &self,
        request: &Request,
        action: &'static str,
        may: Result<(), &'static str>,
        id: impl Fn(&T) -> Option<Uuid>,
        work: F,
    ) -> Result<Vec<T>, ServiceError>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> Work<'a, Vec<T>> + Send + 'static,
    {
        use model::audit::Outcome;
        if let Err(why) = may {
            self.note(vec![request.entry(Operation::Consultation, action, Outcome::Denied, Vec::new())]).await?;
            return Err(ServiceError::Forbidden(why));
        }
        let found = self.read(move |tx, _| work(tx)).await?;
        self.note_look(request, action, found.iter().filter_map(id).collect()).await?;
        Ok(found)
    }
}

/// Who decides in an agency about its records: not a secondee, who gives none of the host's away.
pub(crate) fn decides(actor: &Actor) -> bool {
    matches!(actor.role, Role::Supervisor | Role::SafeguardingLead) && actor.seconded.is_none()
}

/// Whether somebody is told of conflicts and unfinished work in their agency.
pub(crate) fn supervises(actor: &Actor) -> bool {
    actor.role == Role::Supervisor
}

/// Who reads the registers of what an agency's records were opened for.
pub(crate) fn answers(actor: &Actor) -> Result<(), &'static str> {
    only(decides(actor) || actor.audits(), "this is for supervisors, safeguarding leads and data protection officers")
}

/// Whether somebody may, or why not.
pub(crate) fn only(may: bool, why: &'static str) -> Result<(), &'static str> {
    if may { Ok(()) } else { Err(why) }
}

/// A notice of this request.
pub(crate) fn notice(request: &Request, kind: NoticeKind, agency: Uuid, about: Option<Uuid>, record: Option<Uuid>) -> Notice {
    Notice { id: entropy::id(request.at), kind, agency, about, record, at: request.at, seen_at: None }
}

fn handed(release: &Release, to: Recipient) -> Handed {
    Handed { to, way: Way::Release, grade: release.grade, from: release.from, until: Some(release.until) }
}

async fn check_release(tx: &mut Tx, incident: &Incident, request: &Request, new: &NewRelease) -> Result<Recipient, ServiceError> {
    let mut problems = Problems::default();
    let to = match (new.to_agency, new.to_officer) {
        (Some(agency), None) => {
            if agencies::by_id(tx, agency).await?.is_none() {
                problems.add("to_agency", "unknown_id", "is not the id of an agency: see GET /v1/agencies");
            } else if agency == incident.details.owning_agency {
                problems.add("to_agency", "owner", "owns it already");
            }
            Recipient::Agency(agency)
        }
        (None, Some(officer)) => {
            if agencies::officer_by_id(tx, officer).await?.is_none() {
                problems.add("to_officer", "unknown_id", "is not the id of an officer");
            } else if officer == request.actor.officer {
                problems.add("to_officer", "oneself", "nobody gives a record to themselves");
            }
            Recipient::Officer(officer)
        }
        _ => {
            problems.add("", "one_recipient", "give exactly one of to_agency and to_officer");
            Recipient::Officer(Uuid::nil())
        }
    };
    if new.grade == Grade::HeldBy {
        problems.add("grade", "not_used", "must be full or summary");
    }
    if !vocabulary::current().has("disclosure_bases", &new.basis) {
        problems.add("basis", "unknown_code", vocabulary::current().remedy("disclosure_bases"));
    }
    problems.optional_text("conditions", new.conditions.as_deref(), 1_000);
    let conditional = incident.intelligence.as_ref().is_some_and(|grading| grading.conditions.is_some());
    if conditional && new.conditions.is_none() {
        problems.add("conditions", "missing", "are needed: this intelligence has handling conditions, repeat them");
    }
    if new.until <= request.at {
        problems.add("until", "in_the_past", "must lie in the future");
    } else if new.until > request.at.plus_seconds(LONGEST_DAYS * 86_400) {
        problems.add("until", "too_long", "must be at most a year ahead: renew it then");
    }
    if incident.label().police_only {
        problems.add("", "police_only", "a record marked police only is not released: take the marking off first");
    }
    problems.into_result().map_err(ServiceError::Invalid)?;
    Ok(to)
}

/// The openings of a record as they would be with an officer closed out, for tests of the rule.
#[cfg(test)]
mod tests {
    use super::*;
    use model::access::Openings;

    #[test]
    fn what_has_ended_is_dropped_with_the_next_change() {
        let now = Timestamp::from_micros(1_000_000);
        let to = |officer, until: i64| Handed {
            to: Recipient::Officer(Uuid::from_u128(officer)),
            way: Way::Emergency,
            grade: Grade::Full,
            from: Timestamp::from_micros(0),
            until: Some(Timestamp::from_micros(until)),
        };
        let mut openings = Openings::default();
        openings.hand(to(1, 1_000_000), Timestamp::from_micros(0));
        openings.hand(to(2, 1_000_001), now);
        assert_eq!(openings.handed, [to(2, 1_000_001)]);
        openings.block(Uuid::from_u128(3), true);
        openings.block(Uuid::from_u128(3), true);
        assert_eq!(openings.blocked, [Uuid::from_u128(3)]);
        openings.block(Uuid::from_u128(3), false);
        assert!(openings.blocked.is_empty());
    }
}
