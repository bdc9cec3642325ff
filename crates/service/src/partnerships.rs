//! Partnerships and who is in them. To be in one opens the others' shared records: only the console decides it.

use crate::{
    Service, ServiceError,
    agencies::{check_name, taken},
};
use model::{
    Actor, Membership, Partnership, Uuid,
    agency::Named,
    audit::{Operation, Request},
    entropy,
};
use serde::Serialize;
use store::{agencies, partnerships};

/// A partnership with its members.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PartnershipView {
    /// The partnership.
    #[serde(flatten)]
    pub partnership: Partnership,
    /// Agencies in it now.
    pub agencies: Vec<Uuid>,
}

impl Service {
    /// Every partnership and the agencies in it now.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn list_partnerships(&self) -> Result<Vec<PartnershipView>, ServiceError> {
        let now = self.inner.clock.now();
        self.read(move |tx, _| {
            Box::pin(async move {
                let members = partnerships::memberships(tx).await?;
                let agencies = |id: Uuid| {
                    members.iter().filter(|member| member.partnership == id && member.at(now)).map(|member| member.agency).collect()
                };
                let all = partnerships::all(tx).await?;
                Ok(all.into_iter().map(|partnership| PartnershipView { agencies: agencies(partnership.id), partnership }).collect())
            })
        })
        .await
    }

    /// The partnership named on the command line.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] when there is none.
    pub async fn find_partnership(&self, named: Named) -> Result<Partnership, ServiceError> {
        let is = |known: &Partnership| match &named {
            Named::Id(id) => known.id == *id,
            Named::Name(name) => agencies::name_key(&known.name) == agencies::name_key(name),
        };
        let found = self.list_partnerships().await?.into_iter().map(|known| known.partnership).find(is);
        found.ok_or_else(|| {
            ServiceError::invalid("partnership", "unknown", format!("there is no partnership {named}: see beacon partnership list"))
        })
    }

    /// Enters a partnership. The console only.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Invalid`], [`ServiceError::Conflict`].
    pub async fn add_partnership(&self, request: &Request, name: String) -> Result<Partnership, ServiceError> {
        self.write(request, Operation::Administration, "partnership.add", move |tx, _, request| {
            Box::pin(async move {
                console(&request.actor)?;
                check_name(&name)?;
                let partnership = Partnership { id: entropy::id(request.at), name: name.trim().to_owned(), created_at: request.at };
                partnerships::insert(tx, &partnership).await.map_err(|error| taken(error, "a partnership"))?;
                let id = partnership.id;
                Ok((partnership, vec![id]))
            })
        })
        .await
    }

    /// Gives a partnership another name. The console only.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Invalid`], [`ServiceError::Conflict`], [`ServiceError::NotFound`].
    pub async fn rename_partnership(&self, request: &Request, id: Uuid, name: String) -> Result<(), ServiceError> {
        self.write(request, Operation::Administration, "partnership.rename", move |tx, _, request| {
            Box::pin(async move {
                console(&request.actor)?;
                check_name(&name)?;
                let renamed = partnerships::rename(tx, id, name.trim()).await.map_err(|error| taken(error, "a partnership"))?;
                if renamed { Ok(((), vec![id])) } else { Err(ServiceError::NotFound) }
            })
        })
        .await
    }

    /// Takes an agency into a partnership, or out of it, from now on. The console only.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Invalid`], [`ServiceError::NotFound`] for an agency that is not in it.
    pub async fn set_membership(&self, request: &Request, partnership: Uuid, agency: Uuid, member: bool) -> Result<(), ServiceError> {
        let action = if member { "partnership.join" } else { "partnership.leave" };
        self.write(request, Operation::Administration, action, move |tx, service, request| {
            Box::pin(async move {
                console(&request.actor)?;
                if !partnerships::all(tx).await?.iter().any(|known| known.id == partnership) {
                    return Err(ServiceError::invalid("partnership", "unknown_id", "is not the id of a partnership"));
                }
                if agencies::by_id(tx, agency).await?.is_none() {
                    return Err(ServiceError::invalid("agency", "unknown_id", "is not the id of an agency"));
                }
                let is_member = service.inner.standing.partnerships(agency, request.at).contains(&partnership);
                if member && !is_member {
                    partnerships::join(tx, &Membership { partnership, agency, from: request.at, until: None }).await?;
                } else if !member && !partnerships::leave(tx, partnership, agency, request.at).await? {
                    return Err(ServiceError::NotFound);
                }
                Ok(((), vec![partnership, agency]))
            })
        })
        .await
    }
}

fn console(actor: &Actor) -> Result<(), ServiceError> {
    if *actor == Actor::console() { Ok(()) } else { Err(ServiceError::Forbidden("partnerships are set up at the console")) }
}
