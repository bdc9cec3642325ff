//! Searches that led to nothing, as a rate beside the team's. An empty search is no misconduct: a name may be unknown, and
//! most look-ups before a visit should find nothing. The figures say where to ask, not what was wrong.

use crate::{Service, ServiceError};
use model::{Timestamp, Uuid, audit::Request};
use serde::Serialize;
use store::audit_questions::{Period, look_ups};

/// What counts as a search.
const SEARCHES: [&str; 2] = ["name.search", "place.search"];
/// What counts as opening something.
const OPENS: [&str; 4] = ["incident.read", "incident.history", "person.read", "duplicate.list"];
/// Something opened within this time belongs to the search before it.
const BELONGS_SECONDS: f64 = 1_800.0;
/// The most entries that are gone through.
const MOST: i64 = 500_000;
/// The longest period.
const LONGEST_SECONDS: f64 = 93.0 * 86_400.0;

/// Searches of an officer, or of the team.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct LookUpFigures {
    /// Searches by name and by place.
    pub searches: u64,
    /// Those after which nothing was opened before the next search, or within half an hour.
    pub opened_nothing: u64,
    /// The second as a share of the first.
    pub rate: f64,
}

/// The searches of a period.
#[derive(Debug, Clone, Default, Serialize, utoipa::ToSchema)]
pub struct LookUps {
    /// Of everybody in the agency.
    pub team: LookUpFigures,
    /// By officer, in the order of their ids.
    pub officers: Vec<OfficerLookUps>,
}

/// The searches of one officer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct OfficerLookUps {
    /// The officer.
    pub officer: Uuid,
    /// The searches.
    #[serde(flatten)]
    pub figures: LookUpFigures,
}

impl LookUpFigures {
    fn add(&mut self, opened: bool) {
        self.searches += 1;
        self.opened_nothing += u64::from(!opened);
        self.rate = self.opened_nothing as f64 / self.searches as f64;
    }
}

/// Counts what each officer did, in order.
fn count(entries: &[(Uuid, Timestamp, String)]) -> LookUps {
    let mut counted = LookUps::default();
    for (at, (officer, time, action)) in entries.iter().enumerate() {
        if !SEARCHES.contains(&action.as_str()) {
            continue;
        }
        let next = entries.get(at + 1).filter(|(next, _, _)| next == officer);
        let opened = next.is_some_and(|(_, then, action)| OPENS.contains(&action.as_str()) && then.seconds_since(*time) <= BELONGS_SECONDS);
        if counted.officers.last().is_none_or(|last| last.officer != *officer) {
            counted.officers.push(OfficerLookUps { officer: *officer, figures: LookUpFigures::default() });
        }
        if let Some(last) = counted.officers.last_mut() {
            last.figures.add(opened);
        }
        counted.team.add(opened);
    }
    counted
}

impl Service {
    /// Who searched and opened nothing, of the caller's agency.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for any role but the data protection officer, [`ServiceError::Invalid`] for a period that
    /// is too long.
    pub async fn audit_look_ups(&self, request: &Request, from: Timestamp, to: Timestamp) -> Result<LookUps, ServiceError> {
        const ACTION: &str = "audit.look_ups";
        self.check_audits(request, ACTION).await?;
        if to.seconds_since(from) > LONGEST_SECONDS || to < from {
            return Err(ServiceError::invalid("to", "range", "must be after from, by 93 days at most"));
        }
        let (agency, period) = (request.actor.agency, Period { from: Some(from), to: Some(to), before: None });
        let actions: Vec<&'static str> = SEARCHES.into_iter().chain(OPENS).collect();
        let entries = self.read(move |tx, _| Box::pin(async move { Ok(look_ups(tx, agency, period, &actions, MOST).await?) })).await?;
        if entries.len() as i64 == MOST {
            return Err(ServiceError::invalid("to", "too_many", "there are too many look-ups in this period: ask for a shorter one"));
        }
        let counted = count(&entries);
        self.note_question(request, ACTION, None, serde_json::json!({ "from": from, "to": to })).await?;
        Ok(counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_belongs_to_what_is_opened_next_by_the_same_officer_soon() {
        let at = |minutes: i64| Timestamp::from_micros(minutes * 60_000_000);
        let (first, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let did = |officer, minutes, action: &str| (officer, at(minutes), action.to_owned());
        let counted = count(&[
            did(first, 0, "name.search"),
            did(first, 1, "name.search"),
            did(first, 2, "incident.read"),
            did(first, 3, "incident.read"),
            did(first, 10, "place.search"),
            did(first, 50, "incident.read"),
            did(first, 60, "name.search"),
            did(second, 60, "incident.read"),
            did(second, 61, "name.search"),
            did(second, 62, "person.read"),
        ]);
        let figures = |searches, opened_nothing, rate| LookUpFigures { searches, opened_nothing, rate };
        let of = |officer, figures| OfficerLookUps { officer, figures };
        assert_eq!(counted.officers, [of(first, figures(4, 3, 0.75)), of(second, figures(1, 0, 0.0))]);
        assert_eq!(counted.team, figures(5, 3, 0.6));
    }
}
