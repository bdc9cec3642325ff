//! Who stands where: partnerships, secondments and roles in memory. What is remembered is asked for anew, in the transaction of
//! the request that needs it, whenever its number in the database has moved.

use crate::{Service, ServiceError, name_forms::by_partnership};
use model::{
    Actor, AgencyKind, Incident, Membership, Role, Secondment, Timestamp, Uuid,
    access::Seconded,
    agreement::Agreement,
    audit::{Operation, Outcome, Request},
    conflict::Declaration,
    name_form::NameForm,
};
use names::LocalForms;
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};
use store::{Tx, agencies, agreements, conflicts, name_forms, partnerships};

#[derive(Debug, Default)]
pub(crate) struct Book {
    version: i64,
    memberships: Vec<Membership>,
    secondments: Vec<(Secondment, AgencyKind)>,
    pub(crate) agreements: Vec<Agreement>,
    declarations: Vec<Declaration>,
    pub(crate) name_forms: Vec<NameForm>,
    /// The same by partnership, as searches count them.
    pub(crate) local_forms: HashMap<Uuid, Arc<LocalForms>>,
    roles: HashMap<Uuid, Role>,
}

impl Book {
    /// The number it was read at.
    pub(crate) fn version(&self) -> i64 {
        self.version
    }
}

/// Every partnership's members and forms of names, every secondment, every officer's role.
#[derive(Debug, Default)]
pub(crate) struct Standing(RwLock<Book>);

/// What somebody is told whose secondment is not in force.
pub(crate) const NOT_SECONDED: ServiceError =
    ServiceError::Forbidden("no secondment of yours to that agency is in force: leave Beacon-Acting-As out, or ask its administrator");

/// What somebody is told whose partnerships or agreements changed between their asking and the writing.
pub(crate) const STANDING_CHANGED: &str = "the partnerships or agreements of your agency have just changed: send it again";

impl Standing {
    /// Reads it anew where it has changed.
    pub(crate) async fn refresh(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let version = partnerships::version(tx).await?;
        if self.book().version != version {
            let (memberships, secondments) = (partnerships::memberships(tx).await?, partnerships::secondments(tx).await?);
            let (agreements, declarations) = (agreements::all(tx).await?, conflicts::standing(tx).await?);
            let name_forms = name_forms::all(tx).await?;
            let roles = agencies::roles(tx).await?.into_iter().collect();
            let mut book = self.0.write().unwrap_or_else(PoisonError::into_inner);
            // A transaction that began earlier and is slower must not bring back what has ended since.
            if book.version < version {
                *book = Book {
                    version,
                    memberships,
                    secondments,
                    agreements,
                    declarations,
                    local_forms: by_partnership(&name_forms),
                    name_forms,
                    roles,
                };
            }
        }
        Ok(())
    }

    /// The partnerships an agency is in, the one it has been in longest first.
    pub(crate) fn partnerships(&self, agency: Uuid, now: Timestamp) -> Vec<Uuid> {
        let book = self.book();
        book.memberships.iter().filter(|member| member.agency == agency && member.at(now)).map(|member| member.partnership).collect()
    }

    /// An actor as they stand at `now`; nobody when the secondment acted under is not in force.
    pub(crate) fn of(&self, actor: &Actor, now: Timestamp) -> Option<Actor> {
        if let Some(seconded) = actor.seconded
            && !self.book().secondments.iter().any(|(secondment, _)| secondment.id == seconded.id && secondment.at(now))
        {
            return None;
        }
        // Under a secondment the role is that of the secondment. Somebody entered since keeps the role just read.
        let role = self.book().roles.get(&actor.officer).filter(|_| actor.seconded.is_none()).copied().unwrap_or(actor.role);
        Some(Actor { role, ..actor.clone() }.in_partnerships(self.partnerships(actor.agency, now)))
    }

    /// The officer acting for `host` under a secondment in force.
    fn acting(&self, actor: &Actor, host: Uuid, now: Timestamp) -> Option<Actor> {
        let book = self.book();
        let mine = |secondment: &Secondment| secondment.officer == actor.officer && secondment.host == host && secondment.at(now);
        let (secondment, kind) = book.secondments.iter().find(|(secondment, _)| mine(secondment))?;
        let seconded = Some(Seconded { id: secondment.id, home: secondment.home, sensitive: secondment.sensitive });
        Some(Actor { seconded, ..Actor::new(actor.officer, actor.name.clone(), host, *kind, secondment.role) })
    }

    /// Whether an incident fits something the officer has declared.
    pub(crate) fn declared(&self, officer: Uuid, incident: &Incident) -> bool {
        self.book().declarations.iter().any(|one| one.officer == officer && one.declared.fits(incident))
    }

    /// Whether the officer has declared anything at all: most have not.
    pub(crate) fn declares(&self, officer: Uuid) -> bool {
        self.book().declarations.iter().any(|one| one.officer == officer)
    }

    pub(crate) fn book(&self) -> std::sync::RwLockReadGuard<'_, Book> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// The same request made for the agency named in `Beacon-Acting-As`.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] when no secondment to it is in force; that is audited.
    pub async fn acting_as(&self, request: Request, host: Uuid) -> Result<Request, ServiceError> {
        if host == request.actor.agency {
            return Ok(request);
        }
        let standing = &self.inner.standing;
        let mut actor = standing.acting(&request.actor, host, request.at);
        if actor.is_none() {
            // Another node may have entered it.
            self.read(|_, _| Box::pin(async { Ok(()) })).await?;
            actor = standing.acting(&request.actor, host, request.at);
        }
        match actor.and_then(|actor| standing.of(&actor, request.at)) {
            Some(actor) => Ok(Request { actor, ..request }),
            None => {
                let mut denied = request.entry(Operation::Administration, "acting_as", Outcome::Denied, Vec::new());
                denied.detail = Some(serde_json::json!({ "host": host }));
                self.note(vec![denied]).await?;
                Err(NOT_SECONDED)
            }
        }
    }
}

impl Service {
    /// The same request by its actor as they stand now.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] where what they act under has ended.
    pub(crate) async fn as_they_stand(&self, request: &Request) -> Result<Request, ServiceError> {
        self.read(|_, _| Box::pin(async { Ok(()) })).await?;
        let (actor, _) = self.inner.stands(request).ok_or(NOT_SECONDED)?;
        Ok(Request { actor, ..request.clone() })
    }
}

impl crate::service::Inner {
    /// The actor of a request as they stand now; nobody when what they act under has ended.
    pub(crate) fn stands(&self, request: &Request) -> Option<(Actor, Timestamp)> {
        let now = request.at.max(self.clock.now());
        Some((self.standing.of(&request.actor, now)?, now))
    }

    /// What the caller may see now, by the labels and partnerships this process knows; nothing when what they act under
    /// has ended.
    pub(crate) fn scope(&self, request: &Request) -> model::Scope {
        self.scope_in_force(request).unwrap_or_else(|_| model::Scope::new(request.actor.clone(), request.at, std::iter::empty()))
    }

    /// The same, refused when what they act under has ended.
    pub(crate) fn scope_in_force(&self, request: &Request) -> Result<model::Scope, ServiceError> {
        let (actor, now) = self.stands(request).ok_or(NOT_SECONDED)?;
        Ok(self.labels.scope(&actor, now))
    }
}
