//! Notices: what the caller has to be told, and that it was seen.

use crate::{Service, ServiceError};
use model::{
    Uuid,
    audit::{Operation, Request},
    notice::Notice,
};
use store::notices;

impl Service {
    /// What the caller has to be told, by role or in person, latest first.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn list_notices(&self, request: &Request, unseen: bool, limit: i64) -> Result<Vec<Notice>, ServiceError> {
        let reader = (request.actor.officer, request.actor.agency, request.actor.role);
        self.register(
            request,
            "notice.list",
            Ok(()),
            |notice: &Notice| notice.record,
            move |tx| Box::pin(async move { Ok(notices::of(tx, reader, unseen, limit).await?) }),
        )
        .await
    }

    /// Notes that a notice to the caller was seen.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not to the caller.
    pub async fn see_notice(&self, request: &Request, id: Uuid) -> Result<(), ServiceError> {
        self.write(request, Operation::Administration, "notice.see", move |tx, _, request| {
            Box::pin(async move {
                let reader = (request.actor.officer, request.actor.agency, request.actor.role);
                if !notices::of(tx, reader, false, 10_000).await?.iter().any(|notice| notice.id == id) {
                    return Err(ServiceError::NotFound);
                }
                notices::see(tx, id, request.actor.officer, request.at).await?;
                Ok(((), vec![id]))
            })
        })
        .await
    }
}
