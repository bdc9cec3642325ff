//! A person's chronology for a case file: every visible incident that counts, in the order of its days, what they suffered apart from what
//! they are said to have done. It names nobody else, carries no narrative, and leaves out what the person told in confidence.

use super::PersonIncident;
use crate::{Service, ServiceError};
use model::{Timestamp, Uuid, audit::Request, vocabulary};
use serde::Serialize;
use std::collections::HashMap;

/// A chronology.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Chronology {
    /// The person's id.
    pub person: Uuid,
    /// The names recorded, each once.
    pub names: Vec<String>,
    /// Put together when.
    pub made_at: Timestamp,
    /// The incidents, the earliest first.
    pub entries: Vec<ChronologyEntry>,
    /// Incidents left out because the person's part in them is confidential: the person view has them.
    pub left_out: usize,
}

/// One incident of a chronology.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ChronologyEntry {
    /// First day it can have happened on.
    pub first_day: String,
    /// Last day.
    pub last_day: String,
    /// The agency that owns the record.
    pub agency: String,
    /// The NSIR types, in words.
    pub types: Vec<String>,
    /// The streets it happened in.
    pub streets: Vec<String>,
    /// `suffered`, `alleged` or `other`.
    pub side: Side,
    /// The incident and the person's part in it.
    #[serde(flatten)]
    pub part: PersonIncident,
}

/// Which side of an incident a person is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Suffered, saw or told of it.
    Suffered,
    /// Is said to have done it.
    Alleged,
    /// Neither.
    Other,
}

impl Service {
    /// A person's chronology.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] alike for what is not there and what the caller may not know of.
    pub async fn chronology(&self, request: &Request, id: Uuid) -> Result<Chronology, ServiceError> {
        let seen = self.look_at_person(request, "person.chronology", id).await?;
        let agencies = self.read(|tx, _| Box::pin(async move { Ok(store::agencies::all(tx).await?) })).await?;
        let agencies: HashMap<Uuid, String> = agencies.into_iter().map(|agency| (agency.id, agency.name)).collect();
        let mut told =
            Chronology { person: seen.groups.person(id), names: Vec::new(), made_at: request.at, entries: Vec::new(), left_out: 0 };
        for (_, incident, part) in seen.parts().filter(|(_, incident, _)| incident.counts()) {
            if part.is_confidential() {
                told.left_out += 1;
                continue;
            }
            for name in part.names() {
                if !told.names.contains(&name) {
                    told.names.push(name);
                }
            }
            let (side, entry) = super::entry(incident, part);
            let (first, last) = incident.details.occurred.days();
            // The street and no more: where somebody else was affected, or called from, would tell who it was.
            let places = incident.places.iter().filter(|place| place.role == model::PlaceRole::HappenedAt);
            let mut streets: Vec<String> = places.filter_map(|place| place.street.clone()).collect();
            streets.dedup();
            told.entries.push(ChronologyEntry {
                first_day: first.to_string(),
                last_day: last.to_string(),
                agency: agencies.get(&incident.details.owning_agency).cloned().unwrap_or_default(),
                types: incident.details.types.iter().map(|code| vocabulary::current().label("nsir_types", &code.to_string())).collect(),
                streets,
                side,
                part: entry,
            });
        }
        Ok(told)
    }
}

impl Chronology {
    /// The same as a PDF.
    pub fn pdf(&self) -> Vec<u8> {
        let mut lines = vec![
            format!("Chronology of {}", self.names.join(", also ")),
            format!("Made {} from records of ASB incidents; for a case file.", self.made_at),
            "It names nobody else. An allegation is what somebody said, not what was found.".to_owned(),
        ];
        if self.left_out > 0 {
            lines.push(format!("{} incidents are left out: the person's part in them is confidential.", self.left_out));
        }
        for entry in &self.entries {
            let days = if entry.first_day == entry.last_day {
                entry.first_day.clone()
            } else {
                format!("{} to {}", entry.first_day, entry.last_day)
            };
            let side = match (entry.side, entry.part.counts) {
                (Side::Suffered, _) => "suffered, saw or told of it",
                (Side::Alleged, true) => "said to have done it",
                (Side::Alleged, false) => "was said to have done it; does not count: withdrawn, mistaken or not established",
                (Side::Other, _) => "in another role",
            };
            lines.push(String::new());
            lines.push(format!("{days}  {}  {}", entry.part.incident.reference, entry.agency));
            lines.push(format!("  {}", entry.types.join("; ")));
            lines.extend(entry.streets.iter().map(|street| format!("  in {street}")));
            lines.push(format!("  {side}"));
            lines.push(format!("  {}", entry.part.incident.summary));
        }
        exchange::pdf::document("Chronology", lines.iter().map(String::as_str))
    }
}
