//! Other forms of names that a partnership uses beside the tables of nicknames.

use crate::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};

/// A name and another form of it, as they are sent in. One word each: what one person is called is an alias of that person, and
/// is recorded with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNameForm {
    /// The name, one word.
    #[schema(example = "Gareth")]
    pub name: String,
    /// Another form of it that people use, one word.
    #[schema(example = "Gaz")]
    pub form: String,
    /// The partnership whose searches it is for; may be left out by those who are in one only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partnership: Option<Uuid>,
}

/// A name and another form of it, which searches in the partnership take for one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NameForm {
    /// Its id.
    pub id: Uuid,
    /// The partnership.
    pub partnership: Uuid,
    /// The name, as searches compare it: without capitals and accents.
    pub name: String,
    /// The other form, likewise.
    pub form: String,
    /// The officer who entered it.
    pub officer: Uuid,
    /// When.
    pub entered_at: Timestamp,
}
