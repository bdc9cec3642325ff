//! The incident: what happened, apart from who told us (reports) and what we do about it (cases, later).

use crate::{
    AgencyKind, Allegation, Involvement, NewAllegation, NewInvolvement, NewPlace, NewReport, Occurred, Place, PlaceRole, Problem, Problems,
    Reference, Report, Sharing, SharingLevel, Timestamp, Uuid,
    access::{AccessLabel, Actor, LabelKind, Openings},
    agency::{Regime, words},
    entropy,
    intelligence::Grading,
    vocabulary,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

words! {
    /// The NSIR qualifier, one per incident.
    Qualifier, "a qualifier" {
        /// Targeted at or affecting an individual or group.
        Personal = "personal",
        /// Trouble to the community at large.
        Nuisance = "nuisance",
        /// The wider environment.
        Environmental = "environmental",
    }
}

words! {
    /// Where an incident stands.
    Status, "a status" {
        /// Being dealt with.
        Open = "open",
        /// Dealt with.
        Closed = "closed",
        /// Undone: it counts nowhere, and its history stays.
        RecordedInError = "recorded_in_error",
    }
}

/// Who owns the next step, and by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NextStep {
    /// What is to be done.
    pub action: String,
    /// Who owns it: an officer, a team or an agency.
    pub owner: String,
    /// By which day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub by: Option<jiff::civil::Date>,
}

/// A safeguarding concern, and whom it was told to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Safeguarding {
    /// The concern.
    pub concern: String,
    /// Whom it was told to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_to: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Timestamp>,
}

/// Somebody perceives hate: a perception, not a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HatePerception {
    /// The strand (vocabulary `hate_strands`).
    pub strand: String,
    /// Who perceives it.
    pub perceived_by: String,
}

/// The part of an incident that merge patch changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentDetails {
    /// When it occurred.
    pub occurred: Occurred,
    /// The NSIR qualifier.
    pub qualifier: Qualifier,
    /// The NSIR types, one at least.
    pub types: Vec<u16>,
    /// NSIR qualifiers that add to it (vocabulary `nsir_qualifiers`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional_qualifiers: Vec<u16>,
    /// One line, without names.
    pub summary: String,
    /// The facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
    /// Personal assessments, apart from the facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<String>,
    /// What was done at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub immediate_action: Option<String>,
    /// What is to be done next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<NextStep>,
    /// A safeguarding concern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safeguarding: Option<Safeguarding>,
    /// Hate, as perceived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hate: Vec<HatePerception>,
    /// Markings (vocabulary `markings`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub markings: Vec<String>,
    /// The owning agency (controller).
    pub owning_agency: Uuid,
    /// The legal regime.
    pub regime: Regime,
    /// How it is shared.
    pub sharing: Sharing,
    /// Where it stands.
    pub status: Status,
    /// Why it stands there; needed for `recorded_in_error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
}

/// Where an imported incident comes from, with its original fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The other system.
    pub system: String,
    /// Its fields as they were.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
}

/// An incident as it is sent in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIncident {
    /// An id made by the client, for offline queues; otherwise made here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// When it occurred.
    pub occurred: Occurred,
    /// The NSIR qualifier.
    pub qualifier: Option<Qualifier>,
    /// The NSIR types, one at least (vocabulary `nsir_types`).
    pub types: Vec<u16>,
    /// NSIR qualifiers that add to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional_qualifiers: Vec<u16>,
    /// One line, without names.
    pub summary: String,
    /// The facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
    /// Personal assessments, apart from the facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<String>,
    /// What was done at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub immediate_action: Option<String>,
    /// What is to be done next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<NextStep>,
    /// A safeguarding concern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safeguarding: Option<Safeguarding>,
    /// Hate, as perceived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hate: Vec<HatePerception>,
    /// Markings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub markings: Vec<String>,
    /// The owning agency (controller); the caller's unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owning_agency: Option<Uuid>,
    /// The legal regime; that of the caller's agency unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regime: Option<Regime>,
    /// How it is shared; with the partnership unless given, owner only for the sensitive classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing: Option<Sharing>,
    /// Reports; one by the caller is made when none is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<NewReport>,
    /// Places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<NewPlace>,
    /// People and others involved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub involvements: Vec<NewInvolvement>,
    /// Allegations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allegations: Vec<NewAllegation>,
    /// The intake during which it was logged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intake: Option<Reference>,
    /// Where it comes from, when it is imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Its grading, which makes it intelligence: police only, and in no count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intelligence: Option<Grading>,
}

/// An incident as it is kept: the whole of it, at one version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Its id.
    pub id: Uuid,
    /// Its human reference.
    pub reference: Reference,
    /// Its version: 1, then one more with every write to any part of it.
    pub version: i64,
    /// The agency that recorded it.
    pub recording_agency: Uuid,
    /// The officer who recorded it.
    pub recorded_by: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// What merge patch changes.
    pub details: IncidentDetails,
    /// Who told us.
    pub reports: Vec<Report>,
    /// Where.
    pub places: Vec<Place>,
    /// Who and what was involved.
    pub involvements: Vec<Involvement>,
    /// Who says what about whom.
    pub allegations: Vec<Allegation>,
    /// The intake during which it was logged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intake: Option<Reference>,
    /// Where it comes from, when it was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Its grading, when it is intelligence: a kind of record of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intelligence: Option<Grading>,
    /// To whom it was handed beyond its sharing, and to whom it is closed. Kept beside the body, and no part of a version.
    #[serde(skip)]
    pub openings: Openings,
}

/// NSIR qualifiers whose records start owner-only: domestic, child at risk, honour-based.
const SENSITIVE: [u16; 3] = [606, 609, 631];

/// The marking of what opens only when acting as police.
const POLICE_ONLY: &str = "police_only";

impl IncidentDetails {
    /// Whether it is of a sensitive class.
    pub fn is_sensitive(&self) -> bool {
        self.additional_qualifiers.iter().any(|code| SENSITIVE.contains(code))
    }

    /// Checks every field.
    pub fn check(&self, now: Timestamp, problems: &mut Problems) {
        problems.within("occurred", |problems| self.occurred.check(now, problems));
        let known = vocabulary::current();
        if self.types.is_empty() {
            problems.add("types", "empty", "must hold at least one NSIR type");
        }
        problems.list("types", &self.types, 16);
        for (field, vocabulary, codes) in
            [("types", "nsir_types", &self.types), ("additional_qualifiers", "nsir_qualifiers", &self.additional_qualifiers)]
        {
            let mut seen = HashSet::new();
            for (at, code) in codes.iter().enumerate() {
                if !known.has(vocabulary, &code.to_string()) {
                    problems.add(&format!("{field}/{at}"), "unknown_code", known.remedy(vocabulary));
                } else if !seen.insert(code) {
                    problems.add(&format!("{field}/{at}"), "repeated", "is given twice");
                }
            }
        }
        problems.text("summary", &self.summary, 500);
        problems.optional_text("narrative", self.narrative.as_deref(), 50_000);
        problems.optional_text("assessment", self.assessment.as_deref(), 20_000);
        problems.optional_text("immediate_action", self.immediate_action.as_deref(), 5_000);
        if let Some(step) = &self.next_step {
            problems.text("next_step/action", &step.action, 1_000);
            problems.text("next_step/owner", &step.owner, 200);
        }
        if let Some(safeguarding) = &self.safeguarding {
            problems.text("safeguarding/concern", &safeguarding.concern, 5_000);
            problems.optional_text("safeguarding/told_to", safeguarding.told_to.as_deref(), 500);
        }
        problems.list("hate", &self.hate, 20);
        for (at, hate) in self.hate.iter().enumerate() {
            if !known.has("hate_strands", &hate.strand) {
                problems.add(&format!("hate/{at}/strand"), "unknown_code", known.remedy("hate_strands"));
            }
            problems.text(&format!("hate/{at}/perceived_by"), &hate.perceived_by, 200);
        }
        for (at, marking) in self.markings.iter().enumerate() {
            if !known.has("markings", marking) {
                problems.add(&format!("markings/{at}"), "unknown_code", known.remedy("markings"));
            }
        }
        problems.within("sharing", |problems| self.sharing.check(problems));
        problems.optional_text("status_reason", self.status_reason.as_deref(), 1_000);
        if self.status == Status::RecordedInError && self.status_reason.is_none() {
            problems.add("status_reason", "missing", "is needed when an incident is marked as recorded in error");
        }
    }
}

impl NewIncident {
    /// Whether it is of a sensitive class.
    pub fn is_sensitive(&self) -> bool {
        self.additional_qualifiers.iter().any(|code| SENSITIVE.contains(code))
    }

    /// Checks everything and gives what is kept, at version 1.
    ///
    /// # Errors
    /// Every problem found.
    pub fn settle(self, actor: &Actor, now: Timestamp) -> Result<Incident, Vec<Problem>> {
        let mut problems = Problems::default();
        let sensitive = self.is_sensitive();
        let alone = actor.partnerships.is_empty();
        if let Some(grading) = &self.intelligence {
            problems.within("intelligence", |problems| grading.check(problems));
            if actor.agency_kind != AgencyKind::Police {
                problems.add("intelligence", "police_only", "intelligence is recorded when acting as police");
            }
        }
        let level = if sensitive || alone || self.intelligence.is_some() { SharingLevel::OwnerOnly } else { SharingLevel::Partnership };
        if self.qualifier.is_none() {
            problems.add("qualifier", "missing", "is needed: personal, nuisance or environmental");
        }
        let mut details = IncidentDetails {
            occurred: self.occurred,
            qualifier: self.qualifier.unwrap_or(Qualifier::Nuisance),
            types: self.types,
            additional_qualifiers: self.additional_qualifiers,
            summary: self.summary,
            narrative: self.narrative,
            assessment: self.assessment,
            immediate_action: self.immediate_action,
            next_step: self.next_step,
            safeguarding: self.safeguarding,
            hate: self.hate,
            markings: self.markings,
            owning_agency: self.owning_agency.unwrap_or(actor.agency),
            regime: self.regime.unwrap_or_else(|| AgencyKind::default_regime(actor.agency_kind)),
            sharing: self.sharing.unwrap_or_else(|| Sharing::of(level)),
            status: Status::Open,
            status_reason: None,
        };
        problems.within("sharing", |problems| details.sharing.settle(actor, problems));
        details.check(now, &mut problems);
        let days = details.occurred.days();
        for (list, length) in [
            ("reports", self.reports.len()),
            ("places", self.places.len()),
            ("involvements", self.involvements.len()),
            ("allegations", self.allegations.len()),
        ] {
            if length > MOST_PARTS {
                problems.add(list, "too_many", format!("must hold at most {MOST_PARTS} entries"));
            }
        }
        let fresh = |id: Option<Uuid>| id.unwrap_or_else(|| entropy::id(now));
        let by = actor.agency;
        let mut reports: Vec<Report> = numbered("reports", self.reports, &mut problems, |report, problems| {
            let id = fresh(report.id);
            report.settle(id, by, actor.officer, now, problems)
        });
        if reports.is_empty() {
            let report = NewReport { channel: self.source.is_some().then(|| "published".to_owned()), ..NewReport::default() };
            reports.push(report.settle(entropy::id(now), by, actor.officer, now, &mut problems));
        }
        let id = fresh(self.id);
        let reference = match &self.source {
            Some(_) => Reference::of_many(now.year(), id),
            None => Reference::random(Reference::INCIDENT, now.year(), 5),
        };
        let incident = Incident {
            id,
            reference,
            version: 1,
            recording_agency: by,
            recorded_by: actor.officer,
            recorded_at: now,
            changed_at: now,
            reports,
            places: numbered("places", self.places, &mut problems, |place, problems| {
                let id = fresh(place.id);
                place.settle(id, by, now, problems)
            }),
            involvements: numbered("involvements", self.involvements, &mut problems, |involvement, problems| {
                let id = fresh(involvement.id);
                involvement.settle(id, by, now, days, problems)
            }),
            allegations: numbered("allegations", self.allegations, &mut problems, |allegation, problems| {
                let id = fresh(allegation.id);
                allegation.settle(id, by, now, problems)
            }),
            details,
            intake: self.intake,
            source: self.source,
            intelligence: self.intelligence,
            openings: Openings::default(),
        };
        incident.check_parts(&mut problems);
        problems.into_result()?;
        Ok(incident)
    }
}

/// The most reports, places, involvements or allegations one incident holds.
pub const MOST_PARTS: usize = 1_000;

fn numbered<N, K>(list: &str, parts: Vec<N>, problems: &mut Problems, mut settle: impl FnMut(N, &mut Problems) -> K) -> Vec<K> {
    parts.into_iter().enumerate().map(|(at, part)| problems.within(format!("{list}/{at}"), |problems| settle(part, problems))).collect()
}

impl Incident {
    /// Checks that published data names nobody, that ids are unique and that every involvement or allegation named is one of this incident.
    pub fn check_parts(&self, problems: &mut Problems) {
        if self.details.sharing.level == SharingLevel::Open && !self.involvements.is_empty() {
            problems.add("sharing/level", "names_somebody", "published data names nobody: use another level, or leave involvements out");
        }
        let people: HashSet<Uuid> = self.involvements.iter().map(|involvement| involvement.id).collect();
        let allegations: HashSet<Uuid> = self.allegations.iter().map(|allegation| allegation.id).collect();
        let mut seen = HashSet::new();
        let lists = [
            ("reports", self.reports.iter().map(|part| part.id).collect::<Vec<_>>()),
            ("places", self.places.iter().map(|part| part.id).collect()),
            ("involvements", self.involvements.iter().map(|part| part.id).collect()),
            ("allegations", self.allegations.iter().map(|part| part.id).collect()),
        ];
        for (list, ids) in lists {
            for (at, id) in ids.iter().enumerate() {
                if !seen.insert(*id) {
                    problems.add(&format!("{list}/{at}/id"), "repeated", "is the id of another part");
                }
            }
        }
        let mut known = |pointer: String, id: Option<Uuid>, among: &HashSet<Uuid>, what: &str| {
            if id.is_some_and(|id| !among.contains(&id)) {
                problems.add(&pointer, "unknown_id", format!("is not the id of {what} of this incident"));
            }
        };
        for (at, report) in self.reports.iter().enumerate() {
            known(format!("reports/{at}/reporter"), report.reporter, &people, "an involvement");
        }
        for (at, involvement) in self.involvements.iter().enumerate() {
            for (guardian, id) in involvement.guardians.iter().enumerate() {
                known(format!("involvements/{at}/guardians/{guardian}"), Some(*id), &people, "an involvement");
            }
        }
        for (at, allegation) in self.allegations.iter().enumerate() {
            known(format!("allegations/{at}/about"), Some(allegation.about), &people, "an involvement");
            known(format!("allegations/{at}/made_by"), allegation.made_by, &people, "an involvement");
            known(format!("allegations/{at}/counter_to"), allegation.counter_to, &allegations, "an allegation");
        }
    }

    /// The access label of the record.
    pub fn label(&self) -> AccessLabel {
        AccessLabel {
            sensitive: self.details.is_sensitive(),
            police_only: self.details.markings.iter().any(|marking| marking == POLICE_ONLY),
            intelligence: self.intelligence.is_some(),
            handed: self.openings.handed.clone(),
            blocked: self.openings.blocked.clone(),
            ..AccessLabel::of(self.details.owning_agency, self.details.sharing.clone())
        }
    }

    /// The access label of one person's identity in it.
    pub fn person_label(&self, involvement: &Involvement) -> AccessLabel {
        let kind = match () {
            () if involvement.is_restricted() => LabelKind::Restricted,
            () if involvement.is_confidential() => LabelKind::ProtectedPerson,
            () if involvement.is_treated_as_child(self.details.occurred.days()) => LabelKind::Child,
            () => LabelKind::Record,
        };
        self.label().on(kind)
    }

    /// The point analysts count: the first place where it happened, else the first affected, that has one.
    pub fn counted_place(&self) -> Option<&Place> {
        let placed = |role| self.places.iter().find(move |place| place.role == role && place.grid.is_some());
        placed(PlaceRole::HappenedAt).or_else(|| placed(PlaceRole::Affected))
    }

    /// Whether it counts anywhere: not once it is marked as recorded in error.
    pub fn counts(&self) -> bool {
        self.details.status != Status::RecordedInError
    }

    /// Whether the identity of any reporter in it is kept.
    pub fn has_hidden_reporter(&self) -> bool {
        self.involvements.iter().any(|involvement| involvement.is_confidential())
    }
}
