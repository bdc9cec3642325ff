//! Secondments: an officer of one agency acts for another for a while. The host approves it, since it opens the host's
//! records.

use crate::{Service, ServiceError, agencies::administers, openings::only};
use model::{
    Actor, Problems, Role, Secondment, Timestamp, Uuid,
    audit::{Operation, Request},
    entropy,
    notice::{Notice, NoticeKind},
};
use serde::{Deserialize, Serialize};
use store::{
    Tx, agencies,
    notices::{self, For},
    partnerships,
};

/// The longest one, in days; a longer one is renewed, so that somebody looks at it again.
const LONGEST_DAYS: i64 = 731;
/// How long before its end the officer is warned, in days.
const WARNED_DAYS: i64 = 14;

/// A secondment to be entered.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSecondment {
    /// The officer, of another agency.
    pub officer: Uuid,
    /// The agency acted for; yours unless you are at the console.
    pub host: Uuid,
    /// The role there: officer, supervisor, analyst or safeguarding_lead.
    pub role: Role,
    /// Whether it opens records of the sensitive classes; not unless said.
    #[serde(default)]
    pub sensitive: bool,
    /// From when; now unless given.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Until when: it opens nothing from that moment.
    pub until: Timestamp,
}

/// Who somebody is here, and may act as.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StandingView {
    /// The officer.
    pub officer: Uuid,
    /// The officer's name.
    pub name: String,
    /// The agency acted for in this request.
    pub agency: Uuid,
    /// The role in this request.
    pub role: Role,
    /// The partnerships of that agency.
    pub partnerships: Vec<Uuid>,
    /// Secondments in force or to come: name the host in `Beacon-Acting-As`.
    pub secondments: Vec<OwnSecondment>,
}

/// One's own secondment.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OwnSecondment {
    /// The secondment.
    #[serde(flatten)]
    pub secondment: Secondment,
    /// It ends within two weeks: ask the host to renew it.
    pub ends_soon: bool,
}

impl Service {
    /// Enters a secondment: by an administrator of the host, or the console.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Invalid`].
    pub async fn add_secondment(&self, request: &Request, new: NewSecondment) -> Result<Secondment, ServiceError> {
        self.write(request, Operation::Administration, "secondment.add", move |tx, _, request| {
            Box::pin(async move {
                administers(&request.actor)?;
                if request.actor != Actor::console() && request.actor.agency != new.host {
                    return Err(ServiceError::Forbidden("the host's administrator approves a secondment: ask them"));
                }
                let officer = agencies::officer_by_id(tx, new.officer).await?;
                let from = new.from.unwrap_or(request.at);
                let mut problems = Problems::default();
                match &officer {
                    None => problems.add("officer", "unknown_id", "is not the id of an officer"),
                    Some(officer) if officer.agency == new.host => {
                        problems.add("officer", "own_agency", "is of the host already: an own officer needs no secondment");
                    }
                    Some(officer) if officer.suspended_at.is_some() => problems.add("officer", "suspended", "is suspended"),
                    Some(_) => {}
                }
                if agencies::by_id(tx, new.host).await?.is_none() {
                    problems.add("host", "unknown_id", "is not the id of an agency: see GET /v1/agencies");
                }
                if !Secondment::ROLES.contains(&new.role) {
                    problems.add("role", "not_used", "must be officer, supervisor, analyst or safeguarding_lead");
                }
                if new.until <= from || new.until <= request.at {
                    problems.add("until", "order", "must be later than its start, and not past");
                } else if new.until > from.plus_seconds(LONGEST_DAYS * 86_400) {
                    problems.add("until", "too_long", "must be at most two years after its start: renew it then");
                }
                problems.into_result().map_err(ServiceError::Invalid)?;
                let secondment = Secondment {
                    id: entropy::id(request.at),
                    officer: new.officer,
                    home: officer.map_or(new.host, |officer| officer.agency),
                    host: new.host,
                    role: new.role,
                    sensitive: new.sensitive,
                    from,
                    until: new.until,
                    approved_by: request.actor.officer,
                    approved_at: request.at,
                    ended_at: None,
                };
                partnerships::second(tx, &secondment).await?;
                let id = secondment.id;
                Ok((secondment, vec![id, new.officer]))
            })
        })
        .await
    }

    /// Ends a secondment at once: by an administrator of the host or of the officer's own agency, or the console.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`].
    pub async fn end_secondment(&self, request: &Request, id: Uuid) -> Result<(), ServiceError> {
        self.write(request, Operation::Administration, "secondment.end", move |tx, _, request| {
            Box::pin(async move {
                administers(&request.actor)?;
                let known = all(tx).await?.find(|secondment| secondment.id == id);
                let found = known.filter(|secondment| concerns(&request.actor, secondment)).ok_or(ServiceError::NotFound)?;
                if !partnerships::end(tx, id, request.at).await? {
                    return Err(ServiceError::NotFound);
                }
                Ok(((), vec![id, found.officer]))
            })
        })
        .await
    }

    /// The secondments to and from the own agency, latest first; at the console, all.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for whoever is neither administrator nor data protection officer.
    pub async fn list_secondments(&self, request: &Request) -> Result<Vec<Secondment>, ServiceError> {
        let actor = request.actor.clone();
        let may = actor.administers() || actor.audits();
        self.register(
            request,
            "secondment.list",
            only(may, "this is for administrators and data protection officers: see your own at GET /v1/me"),
            |secondment: &Secondment| Some(secondment.id),
            move |tx| Box::pin(async move { Ok(all(tx).await?.filter(|secondment| concerns(&actor, secondment)).collect()) }),
        )
        .await
    }

    /// Tells officers, and those who approved it, of secondments that end within two weeks, once each.
    pub(crate) async fn warn_of_ends(&self) -> Result<(), ServiceError> {
        let now = self.inner.clock.now();
        let mut tx = self.inner.database.begin().await?;
        let soon = |one: &Secondment| one.at(now) && one.until <= now.plus_seconds(WARNED_DAYS * 86_400);
        let ending: Vec<Secondment> = all(&mut tx).await?.filter(soon).collect();
        for secondment in ending {
            // Dated by its end, so that it is told once, whenever that is noticed.
            let at = secondment.until.plus_seconds(-WARNED_DAYS * 86_400);
            for whom in [For::Officer(secondment.officer), For::Role(Role::Administrator)] {
                let notice = Notice {
                    id: entropy::id(now),
                    kind: NoticeKind::SecondmentEnds,
                    agency: secondment.host,
                    about: Some(secondment.officer),
                    record: Some(secondment.id),
                    at,
                    seen_at: None,
                };
                notices::tell(&mut tx, &notice, whom).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Who the caller is here, and may act as.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn standing(&self, request: &Request) -> Result<StandingView, ServiceError> {
        let (officer, now) = (request.actor.officer, request.at);
        let secondments = self
            .read(move |tx, _| {
                Box::pin(async move {
                    let open = |one: &Secondment| one.officer == officer && one.ended_at.is_none() && now < one.until;
                    let own = |secondment: Secondment| OwnSecondment {
                        ends_soon: secondment.until <= now.plus_seconds(WARNED_DAYS * 86_400),
                        secondment,
                    };
                    Ok(all(tx).await?.filter(open).map(own).collect())
                })
            })
            .await?;
        let Actor { officer, name, agency, role, partnerships, .. } = request.actor.clone();
        Ok(StandingView { officer, name, agency, role, partnerships, secondments })
    }
}

/// Every secondment, latest first.
async fn all(tx: &mut Tx) -> Result<impl Iterator<Item = Secondment>, ServiceError> {
    Ok(partnerships::secondments(tx).await?.into_iter().map(|(secondment, _)| secondment))
}

fn concerns(actor: &Actor, secondment: &Secondment) -> bool {
    *actor == Actor::console() || [secondment.home, secondment.host].contains(&actor.agency)
}
