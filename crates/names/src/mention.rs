//! What is indexed and what is asked.

use crate::LocalForms;
use model::PartialDate;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// A person as one incident names them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// The involvement.
    pub id: Uuid,
    /// The incident it belongs to; mentions are replaced incident by incident.
    pub incident: Uuid,
    /// The person record it is linked to.
    pub person: Option<Uuid>,
    /// Access label: who may see it is decided from this number alone.
    pub label: u32,
    /// Names and aliases, each matched on its own.
    pub names: Vec<RecordedName>,
    /// Date of birth, full or partial.
    pub date_of_birth: Option<PartialDate>,
    /// Youngest and oldest age it could be on `first_day`.
    pub age_band: Option<(u8, u8)>,
    /// Sex, where recorded as one of two.
    pub sex: Option<Sex>,
    /// Postcodes or outward codes of their addresses.
    pub postcodes: Vec<String>,
    /// Roles in the incident, a bit set whose meaning is the caller's.
    pub roles: u16,
    /// First day the incident can have happened, in days since 1970-01-01.
    pub first_day: i32,
    /// Last day the incident can have happened, in days since 1970-01-01.
    pub last_day: i32,
}

/// A name as it was written down.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RecordedName {
    /// The whole name as written.
    pub full: String,
    /// The given name or names, where recorded apart.
    pub given: Option<String>,
    /// The family name, where recorded apart.
    pub family: Option<String>,
    /// The name itself or an alias.
    pub kind: NameKind,
}

/// Whether a name is the person's recorded name or another they are known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// The name as given.
    #[default]
    Recorded,
    /// A nickname, street name or former name.
    Alias,
}

/// Sex as far as it tells people apart: graded evidence. Whatever else is recorded tells nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Recorded as female.
    Female,
    /// Recorded as male.
    Male,
}

impl Sex {
    /// Of a code of the vocabulary `sexes`.
    pub fn of_code(code: &str) -> Option<Sex> {
        match code {
            "female" => Some(Sex::Female),
            "male" => Some(Sex::Male),
            _ => None,
        }
    }
}

/// Who is looked for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Query {
    /// The name, as heard or typed.
    pub name: String,
    /// Date of birth: evidence, never a filter.
    pub date_of_birth: Option<PartialDate>,
    /// Postcode or outward code: evidence, never a filter.
    pub postcode: Option<String>,
    /// Sex: evidence, never a filter.
    pub sex: Option<Sex>,
    /// Forms of names that are used where the question is asked, beside those of the tables; by partnership.
    #[serde(skip)]
    pub local_forms: Vec<Arc<LocalForms>>,
    /// About how many people are recorded, as somebody has set it, never as it was counted: among more, a name tells less. A million
    /// unless given. Changes strengths and bands, not what is found nor its order.
    pub people: Option<u32>,
    /// Only mentions with one of these roles; 0 asks for any.
    pub roles: u16,
    /// Only incidents that can have happened on this day or later.
    pub from_day: Option<i32>,
    /// Only incidents that can have happened on this day or earlier.
    pub to_day: Option<i32>,
    /// At most this many matches.
    pub limit: usize,
}

impl Query {
    /// Whether a mention with these roles and days passes the filters that were asked for.
    pub(crate) fn admits(&self, roles: u16, first_day: i32, last_day: i32) -> bool {
        (self.roles == 0 || roles & self.roles != 0)
            && self.from_day.is_none_or(|from| last_day >= from)
            && self.to_day.is_none_or(|to| first_day <= to)
    }
}
