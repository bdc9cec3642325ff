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
        sex: None,
        postcodes: Vec::new(),
        roles: 0,
        first_day: 0,
        last_day: 0,
    };
    let entry = Entry { record: PersonRecord::of(&mention), mention };
    if question.parts == 0 {
        return nothing;
    }
    let told = (0..entry.record.names.len()).map(|at| {
        entry.with_seats(&question, at, |seats| {
            let score = scoring::name(&question, seats);
            let apart = scoring::apart(&question, &score.alignment, &seats.seats);
            let reasons = explanation::name_reasons(&question, &score, seats);
            (score.evidence, scoring::strength_side_by_side(apart), reasons)
        })
    });
    let Some((_, strength, reasons)) = told.reduce(|best, one| if one.0 > best.0 { one } else { best }) else { return nothing };
    Comparison { strength, band: Band::of(strength), reasons }
}
