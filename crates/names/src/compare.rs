//! Two names compared directly, without an index.

use crate::{
    Band, Mention, Query, Reason, RecordedName, explanation,
    person_record::PersonRecord,
    scoring::{self, Question},
    tail::Entry,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How alike two names are, and why.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Comparison {
    /// 0 to 1.
    pub strength: f32,
    /// The strength in words.
    pub band: Band,
    /// What was compared and what it counted.
    pub reasons: Vec<Reason>,
}

/// Compares `a`, as if asked for, with `b`, as if recorded.
pub fn compare(a: &str, b: &str) -> Comparison {
    let nothing = Comparison { strength: 0.0, band: Band::Weak, reasons: Vec::new() };
    let Ok(question) = Question::side_by_side(&Query { name: a.to_owned(), ..Query::default() }) else { return nothing };
    let mention = Mention {
        id: Uuid::nil(),
        incident: Uuid::nil(),
        person: None,
        label: 0,
        names: vec![RecordedName { full: b.to_owned(), ..RecordedName::default() }],
        date_of_birth: None,
        age_band: None,
        postcodes: Vec::new(),
        roles: 0,
        first_day: 0,
        last_day: 0,
    };
    let entry = Entry { record: PersonRecord::of(&mention), mention };
    let Some((at, score)) = entry.best_name(&question) else { return nothing };
    if question.parts == 0 {
        return nothing;
    }
    let (strength, reasons) = entry.with_seats(&question, at, |seats| {
        let apart = scoring::apart(&question, &score.alignment, &seats.seats);
        (scoring::strength_side_by_side(apart), explanation::name_reasons(&question, &score, seats))
    });
    Comparison { strength, band: Band::of(strength), reasons }
}
