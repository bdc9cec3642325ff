//! Emergency access: a safeguarding lead opens the records of one person for 60 minutes, with a reason, at once visible to
//! those who own them. Never police-only records, never intelligence, never protected people, never against a block.

use crate::{Service, ServiceError, openings::notice};
use model::{
    AccessLabel, Incident, PartialDate, Problems, Role, Scope, Sight, Uuid,
    access::{Grade, Handed, LabelKind, Recipient, Way, decide},
    audit::{Operation, Outcome, Request},
    conflict::words_of,
    entropy,
    notice::NoticeKind,
    opening::EmergencyAccess,
};
use names::Query;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{
    Tx,
    incidents::{self, Key},
    notices::{self, For},
    releases,
};

/// How long it lasts, in seconds.
const LASTS: i64 = 60 * 60;
/// The most records it opens: one person has no more.
const MOST: usize = 500;

/// Whose records, and why.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEmergencyAccess {
    /// The person's name, exactly as recorded but for case and punctuation.
    pub name: String,
    /// The person's whole date of birth.
    pub date_of_birth: PartialDate,
    /// Why it cannot wait for the owner's answer.
    pub reason: String,
}

/// What was opened.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OpenedInEmergency {
    /// The access.
    #[serde(flatten)]
    pub access: EmergencyAccess,
    /// The records it opens.
    pub incidents: Vec<Uuid>,
}

impl Service {
    /// Opens every record in which somebody of exactly this name and date of birth is named, of agencies that share a
    /// partnership with the caller's, for 60 minutes. Safeguarding leads only.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Invalid`].
    pub async fn open_in_emergency(&self, request: &Request, new: NewEmergencyAccess) -> Result<OpenedInEmergency, ServiceError> {
        const ACTION: &str = "emergency_access.open";
        if request.actor.role != Role::SafeguardingLead {
            self.note(vec![request.entry(Operation::Consultation, ACTION, Outcome::Denied, Vec::new())]).await?;
            return Err(ServiceError::Forbidden("emergency access is for safeguarding leads"));
        }
        let mut problems = Problems::default();
        problems.text("name", &new.name, 200);
        problems.text("reason", &new.reason, 1_000);
        if new.date_of_birth.exact().is_none() {
            problems.add("date_of_birth", "whole", "must be a whole date, as 1990-03-17");
        }
        problems.into_result().map_err(ServiceError::Invalid)?;
        let found = self.named_exactly(request, &new).await?;
        self.write(request, Operation::Consultation, ACTION, move |tx, service, request| {
            Box::pin(async move { service.open_found(tx, request, new, found).await })
        })
        .await
    }

    /// The incidents that may name the person, by the index.
    async fn named_exactly(&self, request: &Request, new: &NewEmergencyAccess) -> Result<BTreeSet<Uuid>, ServiceError> {
        self.caught_up().await?;
        let query = Query { name: new.name.clone(), date_of_birth: Some(new.date_of_birth), limit: MOST, ..Query::default() };
        let scope = self.scope(request);
        let opens: BTreeSet<u32> = self.inner.labels.labels_where(|label| self.opens(label, &scope));
        let found = self.matches_where(query, move |label| opens.contains(&label)).await?;
        Ok(found.into_iter().map(|hit| hit.incident).collect())
    }

    async fn open_found(
        &self,
        tx: &mut Tx,
        request: &Request,
        new: NewEmergencyAccess,
        found: BTreeSet<Uuid>,
    ) -> Result<(OpenedInEmergency, Vec<Uuid>), ServiceError> {
        let until = request.at.plus_seconds(LASTS);
        let scope = self.scope(request);
        let (mut opened, mut owners) = (Vec::new(), BTreeSet::new());
        for id in found {
            let Some(stored) = incidents::find(tx, &Key::Id(id), true).await? else { continue };
            let mut incident = stored.incident()?;
            if !self.names(&incident, &new, &scope) {
                continue;
            }
            let to = Recipient::Officer(request.actor.officer);
            let handed = Handed { to, way: Way::Emergency, grade: Grade::Full, from: request.at, until: Some(until) };
            incident.openings.hand(handed, request.at);
            opened.push((incident.id, incident.details.owning_agency));
            owners.insert(incident.details.owning_agency);
            self.reopen(tx, incident, request).await?;
        }
        let access = EmergencyAccess {
            id: entropy::id(request.at),
            officer: request.actor.officer,
            agency: request.actor.agency,
            reason: new.reason,
            opened_at: request.at,
            until,
            records: opened.len() as i64,
        };
        releases::insert_emergency(tx, &access, &opened).await?;
        owners.insert(request.actor.agency);
        for owner in owners {
            let told = notice(request, NoticeKind::EmergencyAccess, owner, Some(request.actor.officer), Some(access.id));
            for role in [Role::Supervisor, Role::DataProtectionOfficer] {
                notices::tell(tx, &model::notice::Notice { id: entropy::id(request.at), ..told.clone() }, For::Role(role)).await?;
            }
        }
        let incidents: Vec<Uuid> = opened.iter().map(|(incident, _)| *incident).collect();
        let mut records = incidents.clone();
        records.push(access.id);
        Ok((OpenedInEmergency { access, incidents }, records))
    }

    /// Whether emergency access could open what this label is on, for whoever asks.
    fn opens(&self, label: &AccessLabel, scope: &Scope) -> bool {
        let actor = scope.actor();
        let shares = |agency: Uuid| {
            let theirs = self.inner.standing.partnerships(agency, scope.at());
            theirs.iter().any(|partnership| actor.partnerships.contains(partnership))
        };
        label.kind != LabelKind::ProtectedPerson
            && !label.police_only
            && !label.intelligence
            && !label.blocked.contains(&actor.officer)
            && (label.owner == actor.agency || shares(label.owner))
    }

    /// Whether the incident names somebody of exactly this name and date of birth whom emergency access would show, and whom
    /// the caller does not see already.
    fn names(&self, incident: &Incident, wanted: &NewEmergencyAccess, scope: &Scope) -> bool {
        let name = words_of(&wanted.name);
        incident.involvements.iter().any(|part| {
            let label = incident.person_label(part);
            part.person.as_ref().is_some_and(|person| person.date_of_birth == Some(wanted.date_of_birth))
                && part.names().iter().any(|known| words_of(known) == name)
                && self.opens(&label, scope)
                && decide(scope.actor(), &label, scope.at()) < Sight::Full
        })
    }

    /// Emergency accesses by the own agency's officers or to its records, latest first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for whoever is neither supervisor, safeguarding lead nor data protection officer.
    pub async fn list_emergency_access(&self, request: &Request) -> Result<Vec<EmergencyAccess>, ServiceError> {
        let may = crate::openings::answers(&request.actor);
        let agency = request.actor.agency;
        self.register(
            request,
            "emergency_access.list",
            may,
            |access: &EmergencyAccess| Some(access.id),
            move |tx| Box::pin(async move { Ok(releases::emergencies(tx, agency, 500).await?) }),
        )
        .await
    }
}
