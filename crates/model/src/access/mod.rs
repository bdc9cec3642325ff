//! Who may see what. An access label says whose a record is and who it is shared with; [`decide`] is the only rule that
//! reads it. What it must answer is `docs/access.csv`.

mod actor;
mod decide;
mod label;
mod openings;
mod scope;
mod sharing;

pub use actor::{Actor, Seconded};
pub use decide::{counts, decide};
pub use label::{AccessLabel, Handed, LabelId, LabelKind, Recipient, Way};
pub use openings::Openings;
pub use scope::Scope;
pub use sharing::{Beyond, Grade, Sharing, SharingLevel};

use serde::{Deserialize, Serialize};

/// How much of a record somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    /// Nothing: as if it did not exist.
    Nothing,
    /// Who holds it, on a match of recorded name and date of birth; nothing else, and in no count.
    Held,
    /// Where, when and what kind; no people, no narrative.
    SummaryWithoutPeople,
    /// Without narrative, contact details, protected people and children's identities.
    Summary,
    /// Everything but protected people.
    Full,
}

impl Sight {
    /// Whether the record itself is seen, and not only who holds it.
    pub fn sees(self) -> bool {
        self >= Self::SummaryWithoutPeople
    }
}
