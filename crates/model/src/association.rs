//! Associations: whom a person goes about with and what they drive, as an officer recorded it, with its source and date. Nothing
//! is taken from two people being named in one incident: that would pair the one who suffered with the one complained about.

use crate::{Problems, Timestamp, Uuid, agency::words};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

words! {
    /// How two people, or a person and a vehicle, belong together.
    AssociationKind, "a kind of association" {
        /// Family.
        Family = "family",
        /// Partner or former partner.
        Partner = "partner",
        /// Friend.
        Friend = "friend",
        /// Lives at the same address.
        LivesWith = "lives_with",
        /// Seen together.
        SeenTogether = "seen_together",
        /// Keeper of a vehicle.
        Keeper = "keeper",
        /// Driver of a vehicle.
        Driver = "driver",
        /// Seen in a vehicle.
        Passenger = "passenger",
    }
}

words! {
    /// How the officer came to know.
    AssociationSource, "a source" {
        /// Seen by an officer.
        SeenByOfficer = "seen_by_officer",
        /// Said by the person.
        ToldByPerson = "told_by_person",
        /// Said by somebody else.
        ToldByOther = "told_by_other",
        /// A document or register.
        Document = "document",
    }
}

impl AssociationKind {
    /// Whether it is with a vehicle.
    pub fn is_of_vehicle(self) -> bool {
        matches!(self, Self::Keeper | Self::Driver | Self::Passenger)
    }
}

/// An association as it is sent in: with exactly one of an associate and a vehicle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAssociation {
    /// How they belong together.
    pub kind: AssociationKind,
    /// The other person, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub associate: Option<Uuid>,
    /// The vehicle: the id of its involvement in the incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<Uuid>,
    /// How it came to be known.
    pub source: AssociationSource,
    /// The incident in which it came to be known, by id or reference: the association is shown to whoever sees that too.
    pub incident: String,
    /// On which day it was so.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
}

impl NewAssociation {
    /// Checks it; `today` in London.
    pub fn check(&self, today: Date, problems: &mut Problems) {
        match (self.associate, self.vehicle, self.kind.is_of_vehicle()) {
            (Some(_), None, false) | (None, Some(_), true) => {}
            (Some(_), None, true) => problems.add("kind", "kind", "is of a vehicle: give vehicle, or another kind"),
            (None, Some(_), false) => problems.add("kind", "kind", "is of a person: use keeper, driver or passenger"),
            _ => problems.add("", "one_subject", "give exactly one of associate and vehicle"),
        }
        if self.on > today {
            problems.add("on", "in_the_future", "must not lie in the future");
        }
    }
}

/// An association as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Association {
    /// Its id.
    pub id: Uuid,
    /// The person.
    pub person: Uuid,
    /// The other person, or the involvement of the vehicle.
    pub other: Uuid,
    /// How they belong together.
    pub kind: AssociationKind,
    /// How it came to be known.
    pub source: AssociationSource,
    /// The incident in which it came to be known.
    pub incident: Uuid,
    /// On which day it was so.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// The agency that recorded it.
    pub agency: Uuid,
    /// The officer who recorded it.
    pub officer: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// When it was withdrawn, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
}
