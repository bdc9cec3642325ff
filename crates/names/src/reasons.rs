//! What a search answers: matches, how strong they are, and why.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A mention that may be the person looked for.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Match {
    /// The involvement that matched.
    pub mention: Uuid,
    /// Its incident.
    pub incident: Uuid,
    /// The person record it is linked to.
    pub person: Option<Uuid>,
    /// Its access label.
    pub label: u32,
    /// Its roles, as indexed.
    pub roles: u16,
    /// How probable it is that this is the person asked for, 0 to 1, as fitted on generated people and queries.
    pub strength: f32,
    /// The strength in words.
    pub band: Band,
    /// The recorded name that matched best, as it was written.
    pub matched_name: String,
    /// What was compared and what it counted.
    pub reasons: Vec<Reason>,
}

/// Match strength in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Below 0.2: most such matches are somebody else.
    Weak,
    /// From 0.2: could well be the same person.
    Possible,
    /// From 0.95: nearly always the same person. A name alone is never strong.
    Strong,
}

impl Band {
    /// The band of a strength.
    pub fn of(strength: f32) -> Band {
        if strength >= 0.95 {
            Band::Strong
        } else if strength >= 0.2 {
            Band::Possible
        } else {
            Band::Weak
        }
    }
}

/// One comparison that raised or lowered a match.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Reason {
    /// The part of the query compared; empty for a part that only the record has.
    pub query_part: String,
    /// The recorded part it was compared with.
    pub recorded_part: Option<String>,
    /// The rule that applied.
    pub rule: Rule,
    /// What it counted, in log-odds: positive speaks for the same person.
    pub weight: f32,
    /// The same as a plain sentence.
    pub text: String,
}

/// How two parts relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The same.
    Exact,
    /// A few typing errors apart.
    SpellingDistance {
        /// Letters inserted, left out, changed or swapped.
        edits: u8,
    },
    /// Spelled differently, said alike.
    SoundsAlike,
    /// A short or pet form, or another spelling, of the same name.
    Nickname,
    /// Another form of the same name where the question is asked, as a partnership has entered it.
    LocalForm,
    /// An initial for the name.
    Initial,
    /// The beginning of the name.
    Prefix,
    /// The end of the name.
    Ending,
    /// A given name that begins with the same letter; no more is known to connect them.
    BeginsAlike,
    /// Written as one word on one side and as two on the other.
    Joined,
    /// Given and family name the other way round.
    Swapped,
    /// The date of birth is the same.
    DateOfBirthExact,
    /// The date of birth agrees as far as it is known.
    DateOfBirthPartly,
    /// Day and month the other way round.
    DateOfBirthDayMonthSwapped,
    /// One digit of the date of birth differs.
    DateOfBirthOneDigit,
    /// Only the year of birth agrees.
    DateOfBirthYearOnly,
    /// The date of birth differs.
    DateOfBirthDiffers,
    /// The date of birth fits the age that was recorded.
    AgeBandFits,
    /// The date of birth does not fit the age that was recorded.
    AgeBandDiffers,
    /// The postcode is the same.
    PostcodeExact,
    /// The postcode area (the part before the space) is the same.
    PostcodeArea,
    /// The postcode differs.
    PostcodeDiffers,
    /// The sex is the same.
    SexSame,
    /// Another sex is recorded.
    SexDiffers,
    /// A name alone, however rare, counts only so far: families share it.
    NameAlone,
    /// A part of the query that the record does not have.
    NotFound,
    /// A part of the record that the query does not have.
    ExtraPart,
}
