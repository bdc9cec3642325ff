//! What of an incident is shown to somebody who sees that much of it.

use crate::{
    Allegation, Incident, IncidentDetails, Involvement, Place, PlaceRole, Reference, Report, Sight, Timestamp, Uuid, age::AgeBand,
    incident::Source, intelligence::Grading, involvement::Person,
};
use serde::Serialize;

/// An involvement as it is shown, with the age worked out at the date of the incident.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct InvolvementView {
    /// The involvement; without person, notes and contacts where these are kept from the reader.
    #[serde(flatten)]
    pub involvement: Involvement,
    /// How old the person can have been on the days of the incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_at_incident: Option<AgeBand>,
    /// Whether the person is to be treated as a child.
    pub treated_as_child: bool,
}

/// An incident as it is shown.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct IncidentView {
    /// Its id.
    pub id: Uuid,
    /// Its human reference.
    pub reference: Reference,
    /// Its version; the `ETag` too.
    pub version: i64,
    /// How much of it this is.
    pub sight: Sight,
    /// The agency that recorded it.
    pub recording_agency: Uuid,
    /// The officer who recorded it.
    pub recorded_by: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// The incident itself.
    #[serde(flatten)]
    pub details: IncidentDetails,
    /// Who told us.
    pub reports: Vec<Report>,
    /// Where.
    pub places: Vec<Place>,
    /// Who and what was involved.
    pub involvements: Vec<InvolvementView>,
    /// Who says what about whom.
    pub allegations: Vec<Allegation>,
    /// The intake during which it was logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intake: Option<Reference>,
    /// Where it comes from, when it was imported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Its grading and handling conditions, when it is intelligence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intelligence: Option<Grading>,
}

/// Marks the people whose data is restricted, so that [`view`] keeps them and what is alleged of them.
pub fn restrict(incident: &mut Incident) {
    incident.involvements.iter_mut().filter(|part| part.is_restricted()).for_each(|part| part.protected = true);
}

/// The incident as seen with `sight`; `sees_protected` for the named roles of the owning agency. `None` for nothing.
pub fn view(incident: Incident, sight: Sight, sees_protected: bool) -> Option<IncidentView> {
    if !sight.sees() {
        return None;
    }
    let days = incident.details.occurred.days();
    let hides = incident.has_hidden_reporter() && !sees_protected;
    let Incident {
        id,
        reference,
        version,
        recording_agency,
        recorded_by,
        recorded_at,
        changed_at,
        mut details,
        mut reports,
        mut places,
        mut involvements,
        mut allegations,
        intake,
        mut source,
        intelligence,
        openings: _,
    } = incident;
    if sight < Sight::Full {
        details.narrative = None;
        details.assessment = None;
        details.immediate_action = None;
        details.safeguarding = None;
        details.next_step = None;
        details.status_reason = None;
        details.hate.iter_mut().for_each(|hate| hate.perceived_by.clear());
        reports.iter_mut().for_each(|report| report.wants = None);
        for allegation in &mut allegations {
            allegation.what.clear();
            allegation.status_reason = None;
        }
        source.iter_mut().for_each(|source| source.fields.clear());
    }
    // That a name was found in a text is told to nobody who may not see it.
    involvements.retain(|part| part.extracted.is_none() || sees_protected);
    let restricted: Vec<Uuid> = involvements.iter().filter(|part| part.protected).map(|part| part.id).collect();
    allegations.retain(|allegation| !restricted.contains(&allegation.about));
    let mut involvements: Vec<InvolvementView> = involvements.into_iter().map(|part| shown(part, sight, sees_protected, days)).collect();
    if hides {
        // Where a hidden reporter called from, or what the reporter wants, would tell who it is.
        places.retain(|place| !matches!(place.role, PlaceRole::ReportedFrom));
        reports.iter_mut().for_each(|report| report.wants = None);
    }
    if sight == Sight::SummaryWithoutPeople {
        involvements.clear();
        allegations.clear();
        details.hate.clear();
        reports.iter_mut().for_each(|report| report.reporter = None);
    }
    Some(IncidentView {
        id,
        reference,
        version,
        sight,
        recording_agency,
        recorded_by,
        recorded_at,
        changed_at,
        details,
        reports,
        places,
        involvements,
        allegations,
        intake,
        source,
        intelligence,
    })
}

fn shown(mut part: Involvement, sight: Sight, sees_protected: bool, days: (jiff::civil::Date, jiff::civil::Date)) -> InvolvementView {
    // A child's identity is for those who see the record whole.
    let protected =
        part.protected || (part.is_confidential() && !sees_protected) || (sight < Sight::Full && part.is_treated_as_child(days));
    let age_at_incident = if protected { None } else { part.age_on(days) };
    let treated_as_child = part.is_treated_as_child(days);
    if protected {
        part.person = None;
        part.unnamed = None;
        part.organisation = None;
        part.premises = None;
        part.vehicle = None;
        part.same_person_as = None;
        part.notes = None;
        part.adult_because = None;
        part.conviction_reference = None;
        part.guardians.clear();
        if let Some(dispute) = &mut part.dispute {
            dispute.statement = None;
        }
        part.protected = true;
    } else if sight < Sight::Full {
        part.notes = None;
        if let Some(person) = part.person.take() {
            part.person = Some(Person { addresses: Vec::new(), phones: Vec::new(), safe_contact: None, ..person });
        }
    }
    InvolvementView { involvement: part, age_at_incident, treated_as_child }
}
