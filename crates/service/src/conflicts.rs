//! Conflicts of interest: what officers declare, and what supervisors are told when a record fits it or a block holds.

use crate::{
    Service, ServiceError,
    openings::{notice, only, supervises},
};
use model::{
    Incident, Problems, Role, Uuid,
    audit::{Operation, Request},
    conflict::{Declaration, NewDeclaration},
    entropy,
    notice::NoticeKind,
};
use store::{
    Tx, conflicts,
    notices::{self, For},
    partnerships,
};

impl Service {
    /// Declares a conflict of interest of the caller's own.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`].
    pub async fn declare(&self, request: &Request, new: NewDeclaration) -> Result<Declaration, ServiceError> {
        self.write(request, Operation::Administration, "declaration.add", move |tx, _, request| {
            Box::pin(async move {
                let mut problems = Problems::default();
                new.check(&mut problems);
                problems.into_result().map_err(ServiceError::Invalid)?;
                let declaration = Declaration {
                    id: entropy::id(request.at),
                    officer: request.actor.officer,
                    declared: new,
                    declared_at: request.at,
                    withdrawn_at: None,
                };
                let home = request.actor.seconded.map_or(request.actor.agency, |seconded| seconded.home);
                conflicts::insert(tx, &declaration, home).await?;
                partnerships::changed(tx).await?;
                let id = declaration.id;
                Ok((declaration, vec![id]))
            })
        })
        .await
    }

    /// What the caller has declared, latest first.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn own_declarations(&self, request: &Request) -> Result<Vec<Declaration>, ServiceError> {
        let officer = request.actor.officer;
        self.register(
            request,
            "declaration.list",
            Ok(()),
            |one: &Declaration| Some(one.id),
            move |tx| Box::pin(async move { Ok(conflicts::of_officer(tx, officer).await?) }),
        )
        .await
    }

    /// What the officers of the own agency have declared, latest first: for its supervisors.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for any other role.
    pub async fn list_declarations(&self, request: &Request) -> Result<Vec<Declaration>, ServiceError> {
        let agency = request.actor.agency;
        let may = only(
            supervises(&request.actor) && request.actor.seconded.is_none(),
            "this is for supervisors: see your own at GET /v1/me/declarations",
        );
        self.register(
            request,
            "declaration.list",
            may,
            |one: &Declaration| Some(one.id),
            move |tx| Box::pin(async move { Ok(conflicts::of_agency(tx, agency).await?) }),
        )
        .await
    }

    /// Withdraws a declaration of the caller's own.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn withdraw_declaration(&self, request: &Request, id: Uuid) -> Result<(), ServiceError> {
        self.write(request, Operation::Administration, "declaration.withdraw", move |tx, _, request| {
            Box::pin(async move {
                if !conflicts::withdraw(tx, id, request.actor.officer, request.at).await? {
                    return Err(ServiceError::NotFound);
                }
                partnerships::changed(tx).await?;
                Ok(((), vec![id]))
            })
        })
        .await
    }
}

/// Tells the supervisors of the owner that an officer who is blocked from a record asked for it.
pub(crate) async fn tell_blocked(tx: &mut Tx, request: &Request, incident: &Incident) -> Result<(), ServiceError> {
    let owner = incident.details.owning_agency;
    let told = notice(request, NoticeKind::BlockedLook, owner, Some(request.actor.officer), Some(incident.id));
    Ok(notices::tell(tx, &told, For::Role(Role::Supervisor)).await?)
}

/// Tells the supervisors of the officer's own agency, and of the one acted for, that a record fits a declaration.
pub(crate) async fn tell_declared(tx: &mut Tx, request: &Request, incident: &Incident) -> Result<(), ServiceError> {
    let home = request.actor.seconded.map(|seconded| seconded.home);
    for agency in [Some(request.actor.agency), home].into_iter().flatten() {
        let told = notice(request, NoticeKind::DeclaredConflict, agency, Some(request.actor.officer), Some(incident.id));
        notices::tell(tx, &told, For::Role(Role::Supervisor)).await?;
    }
    Ok(())
}
