//! The history of an incident: who changed what, from which value, when.

use crate::{Service, ServiceError, committing::Look};
use model::{
    Incident, SharingLevel, Sight, Timestamp, Uuid,
    access::{LabelKind, decide},
    audit::{Operation, Request},
    diff::{self, Change},
    involvement::Identity,
    redact,
};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use store::incidents::{self, Key};

/// One version.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct VersionView {
    /// The version.
    pub version: i64,
    /// When it was written.
    pub at: Timestamp,
    /// By which officer.
    pub officer: Uuid,
    /// For which agency.
    pub agency: Uuid,
    /// In which request, as in the audit ledger.
    pub request_id: String,
    /// What differs from the version before; for the first, nothing.
    pub changes: Vec<Change>,
}

impl Service {
    /// Every version of an incident, oldest first, each as far as the caller sees the record now.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] alike for what is not there and what the caller may not know of.
    pub async fn incident_history(&self, request: &Request, key: Key) -> Result<Vec<VersionView>, ServiceError> {
        let seen = self.look(Look::one(request, Operation::Consultation, "incident.history", key)).await?;
        let (Some(stored), Some(scope)) = (seen.records.first(), seen.scope) else { return Err(ServiceError::NotFound) };
        let (id, sight, now) = (stored.id, scope.sight(stored.label()), stored.incident()?);
        let protected = now.label().on(LabelKind::ProtectedPerson);
        // Restricted now is restricted in every version.
        let restricted: HashSet<Uuid> = if super::sees_restricted(&now, &scope) {
            HashSet::new()
        } else {
            now.involvements.iter().filter(|part| part.is_restricted()).map(|part| part.id).collect()
        };
        let sees_protected = decide(scope.actor(), &protected, scope.at()) > Sight::Nothing;
        let versions = self.read(move |tx, _| Box::pin(async move { Ok(incidents::versions(tx, id).await?) })).await?;
        let mut all = Vec::with_capacity(versions.len());
        let mut kept: HashMap<Uuid, Identity> = HashMap::new();
        // What was written after the decision above is not covered by it.
        for version in versions.into_iter().filter(|version| version.version <= now.version) {
            let incident: Incident = serde_json::from_str(&version.body).map_err(store::StoreError::from)?;
            kept.extend(incident.involvements.iter().map(|part| (part.id, part.identity)));
            all.push((version, incident));
        }
        if now.details.sharing.level == SharingLevel::Open && scope.actor().agency != now.details.owning_agency {
            // Published is what it has been since it was published.
            let before = all.iter().rposition(|(_, incident)| incident.details.sharing.level != SharingLevel::Open);
            all.drain(..before.map_or(0, |at| at + 1));
        }
        let children: HashSet<Uuid> = all.iter().flat_map(|(_, incident)| children(incident)).collect();
        let mut before: Option<serde_json::Value> = None;
        let mut found = Vec::with_capacity(all.len());
        for (version, mut incident) in all {
            incident.reference = now.reference.clone();
            // An identity that is kept now may have been told in earlier versions: it is not told again.
            for part in &mut incident.involvements {
                let protected = !sees_protected && kept.get(&part.id) == Some(&Identity::Confidential);
                part.protected = restricted.contains(&part.id);
                if protected || (sight < Sight::Full && children.contains(&part.id)) {
                    part.identity = Identity::Confidential;
                }
            }
            // Redacted before it is compared: a hidden field must not show as a change either.
            let view = redact::view(incident, sight, sees_protected).ok_or(ServiceError::NotFound)?;
            let shown = serde_json::to_value(view).map_err(store::StoreError::from)?;
            let changes = before.as_ref().map(|before| diff::changes(before, &shown)).unwrap_or_default();
            let changes = changes.into_iter().filter(|change| !["/version", "/changed_at"].contains(&change.pointer.as_str())).collect();
            found.push(VersionView {
                version: version.version,
                at: version.at,
                officer: version.officer,
                agency: version.agency,
                request_id: version.request_id,
                changes,
            });
            before = Some(shown);
        }
        Ok(found)
    }
}

/// Those treated as children in a version: whoever was once is in every version, for those who may not see children.
fn children(incident: &Incident) -> Vec<Uuid> {
    let days = incident.details.occurred.days();
    incident.involvements.iter().filter(|part| part.is_treated_as_child(days)).map(|part| part.id).collect()
}
