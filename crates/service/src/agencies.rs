//! Agencies and officers: entered by administrators, of the own agency through the API, of any at the console.

use crate::{Service, ServiceError, openings::only};
use model::{
    Actor, Agency, AgencyKind, Membership, Officer, Problems, Role, Uuid,
    agency::Named,
    audit::{Operation, Request},
    entropy,
};
use serde::Deserialize;
use store::{Tx, agencies, partnerships};

/// An agency to be entered.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgency {
    /// Its id, when it was given elsewhere before.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: AgencyKind,
    /// Whom to ask there about a record that is not open to one: a telephone number or a mailbox of the team.
    #[serde(default)]
    pub contact: Option<String>,
    /// The partnership it joins. Only the console chooses one: the others in it open their records by that. Without, it
    /// joins the only one there is when it is entered at the console, and none otherwise.
    #[serde(default)]
    pub partnership: Option<Uuid>,
}

/// An officer to be entered.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOfficer {
    /// The id, when it was given elsewhere before.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// The name.
    pub name: String,
    /// The agency, by id.
    pub agency: Uuid,
    /// The role.
    pub role: Role,
}

pub(crate) fn check_name(name: &str) -> Result<(), ServiceError> {
    let mut problems = Problems::default();
    problems.text("name", name, 200);
    problems.into_result().map_err(ServiceError::Invalid)
}

pub(crate) fn taken(error: store::StoreError, what: &str) -> ServiceError {
    match error {
        store::StoreError::Conflict(_) => ServiceError::Conflict(format!("{what} of this name or id is there already")),
        other => other.into(),
    }
}

impl Service {
    /// Enters an agency.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Invalid`], [`ServiceError::Conflict`].
    pub async fn add_agency(&self, request: &Request, new: NewAgency) -> Result<Agency, ServiceError> {
        self.write(request, Operation::Administration, "agency.add", move |tx, _, request| {
            Box::pin(async move {
                administers(&request.actor)?;
                let mut problems = Problems::default();
                problems.text("name", &new.name, 200);
                problems.optional_text("contact", new.contact.as_deref(), 200);
                problems.into_result().map_err(ServiceError::Invalid)?;
                let agency = Agency {
                    id: new.id.unwrap_or_else(|| entropy::id(request.at)),
                    name: new.name.trim().to_owned(),
                    kind: new.kind,
                    contact: new.contact.clone(),
                    created_at: request.at,
                };
                agencies::insert(tx, &agency).await.map_err(|error| taken(error, "an agency"))?;
                if let Some(partnership) = joins(tx, request, new.partnership).await? {
                    partnerships::join(tx, &Membership { partnership, agency: agency.id, from: request.at, until: None }).await?;
                }
                let id = agency.id;
                Ok((agency, vec![id]))
            })
        })
        .await
    }

    /// Every agency.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn list_agencies(&self) -> Result<Vec<Agency>, ServiceError> {
        self.read(|tx, _| Box::pin(async move { Ok(agencies::all(tx).await?) })).await
    }

    /// Enters an officer. An administrator enters officers of the own agency; the console, of any.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Invalid`], [`ServiceError::Conflict`].
    pub async fn add_officer(&self, request: &Request, new: NewOfficer) -> Result<Officer, ServiceError> {
        self.write(request, Operation::Administration, "officer.add", move |tx, _, request| {
            Box::pin(async move {
                administers(&request.actor)?;
                own_agency(&request.actor, new.agency)?;
                check_name(&new.name)?;
                if agencies::by_id(tx, new.agency).await?.is_none() {
                    return Err(ServiceError::invalid("/agency", "unknown_id", "is not the id of an agency: see GET /v1/agencies"));
                }
                let officer = Officer {
                    id: new.id.unwrap_or_else(|| entropy::id(request.at)),
                    name: new.name.trim().to_owned(),
                    agency: new.agency,
                    role: new.role,
                    created_at: request.at,
                    suspended_at: None,
                };
                agencies::insert_officer(tx, &officer).await.map_err(|error| taken(error, "an officer"))?;
                let id = officer.id;
                Ok((officer, vec![id]))
            })
        })
        .await
    }

    /// The officers of an agency, or of all.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for whoever is not an administrator.
    pub async fn list_officers(&self, request: &Request, agency: Option<Uuid>) -> Result<Vec<Officer>, ServiceError> {
        let agency = if request.actor == Actor::console() { agency } else { Some(request.actor.agency) };
        self.register(
            request,
            "officer.list",
            only(request.actor.administers(), "this is for administrators"),
            |_: &Officer| None,
            move |tx| Box::pin(async move { Ok(agencies::officers(tx, agency).await?) }),
        )
        .await
    }

    /// Suspends an officer of the own agency at once, or lets them back in. What they did stays attributed to them.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], also for oneself; [`ServiceError::NotFound`].
    pub async fn set_suspended(&self, request: &Request, officer: Uuid, suspended: bool) -> Result<Officer, ServiceError> {
        let action = if suspended { "officer.suspend" } else { "officer.reinstate" };
        self.write(request, Operation::Administration, action, move |tx, _, request| {
            Box::pin(async move {
                administers(&request.actor)?;
                let found = agencies::officer_by_id(tx, officer).await?.ok_or(ServiceError::NotFound)?;
                own_agency(&request.actor, found.agency)?;
                if officer == request.actor.officer {
                    return Err(ServiceError::Forbidden("nobody suspends or reinstates themselves"));
                }
                let suspended_at = suspended.then(|| found.suspended_at.unwrap_or(request.at));
                agencies::suspend(tx, officer, suspended_at).await?;
                Ok((Officer { suspended_at, ..found }, vec![officer]))
            })
        })
        .await
    }

    /// The agency named on the command line.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] when there is none.
    pub async fn find_agency(&self, named: Named) -> Result<Agency, ServiceError> {
        self.read(move |tx, _| {
            Box::pin(async move {
                let found = match &named {
                    Named::Id(id) => agencies::by_id(tx, *id).await?,
                    Named::Name(name) => agencies::by_name(tx, name).await?,
                };
                found.ok_or_else(|| {
                    ServiceError::invalid("agency", "unknown", format!("there is no agency {named}: enter it with beacon agency add"))
                })
            })
        })
        .await
    }

    /// The officer named on the command line.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] when there is none, or several of that name.
    pub async fn find_officer(&self, named: Named) -> Result<Officer, ServiceError> {
        self.read(move |tx, _| {
            Box::pin(async move {
                let mut found = match &named {
                    Named::Id(id) => agencies::officer_by_id(tx, *id).await?.into_iter().collect(),
                    Named::Name(name) => agencies::officers_by_name(tx, name).await?,
                };
                match (found.pop(), found.len()) {
                    (Some(officer), 0) => Ok(officer),
                    (Some(_), _) => {
                        Err(ServiceError::invalid("officer", "ambiguous", format!("several agencies have an officer {named}: give the id")))
                    }
                    (None, _) => Err(ServiceError::invalid(
                        "officer",
                        "unknown",
                        format!("there is no officer {named}: enter one with beacon officer add"),
                    )),
                }
            })
        })
        .await
    }

    /// An officer as somebody who acts.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] for one who is suspended.
    pub async fn actor(&self, officer: &Officer) -> Result<Actor, ServiceError> {
        if officer.suspended_at.is_some() {
            return Err(ServiceError::Unauthenticated);
        }
        let agency = self.find_agency(Named::Id(officer.agency)).await?;
        let actor = Actor::new(officer.id, officer.name.clone(), agency.id, agency.kind, officer.role);
        let partnerships = self.inner.standing.partnerships(agency.id, self.inner.clock.now());
        Ok(actor.in_partnerships(partnerships))
    }
}

/// The partnership a new agency joins.
async fn joins(tx: &mut Tx, request: &Request, wanted: Option<Uuid>) -> Result<Option<Uuid>, ServiceError> {
    let all = partnerships::all(tx).await?;
    let console = request.actor == Actor::console();
    match (wanted, all.as_slice()) {
        (Some(_), _) if !console => Err(ServiceError::Forbidden("only the console takes an agency into a partnership")),
        (Some(wanted), all) if all.iter().any(|known| known.id == wanted) => Ok(Some(wanted)),
        (Some(_), _) => Err(ServiceError::invalid("/partnership", "unknown_id", "is not the id of a partnership")),
        (None, [only]) if console => Ok(Some(only.id)),
        (None, _) => Ok(None),
    }
}

pub(crate) fn administers(actor: &Actor) -> Result<(), ServiceError> {
    if actor.administers() { Ok(()) } else { Err(ServiceError::Forbidden("this is for administrators")) }
}

pub(crate) fn own_agency(actor: &Actor, agency: Uuid) -> Result<(), ServiceError> {
    if *actor == Actor::console() || actor.agency == agency {
        Ok(())
    } else {
        Err(ServiceError::Forbidden("an administrator manages the own agency only"))
    }
}
