//! Conflicts of interest: what officers declare about themselves, their family and homes, so that a supervisor can close
//! records to them.

use crate::{Incident, PartialDate, Problems, Timestamp, Uuid, agency::words, place};
use serde::{Deserialize, Serialize};

words! {
    /// What is declared.
    Declared, "a kind of declaration" {
        /// The officer.
        Own = "self",
        /// Somebody close to the officer.
        Family = "family",
        /// Where the officer lives or has lived.
        Home = "home",
    }
}

/// A declaration as it is sent in: a name for `self` and `family`, an address or UPRN for `home`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeclaration {
    /// What is declared.
    pub kind: Declared,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The date of birth: with it, only somebody of the same or an unknown date of birth is taken for this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<PartialDate>,
    /// The address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Its unique property reference number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uprn: Option<String>,
}

/// A declaration as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Declaration {
    /// Its id.
    pub id: Uuid,
    /// Who made it.
    pub officer: Uuid,
    /// What it says.
    #[serde(flatten)]
    pub declared: NewDeclaration,
    /// When it was made.
    pub declared_at: Timestamp,
    /// When it was withdrawn, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
}

impl NewDeclaration {
    /// Checks that it says who or where.
    pub fn check(&self, problems: &mut Problems) {
        problems.optional_text("name", self.name.as_deref(), 200);
        problems.optional_text("address", self.address.as_deref(), 500);
        if self.uprn.as_deref().is_some_and(|uprn| !place::is_uprn(uprn)) {
            problems.add("uprn", "digits", "must be 1 to 12 digits");
        }
        match self.kind {
            Declared::Own | Declared::Family if self.name.is_none() => problems.add("name", "missing", "is needed for a person"),
            Declared::Home if self.address.is_none() && self.uprn.is_none() => {
                problems.add("address", "missing", "is needed for a home, or its uprn");
            }
            _ => {}
        }
    }

    /// Whether a record names the person or the home that is declared: the same name but for case and punctuation, with no
    /// other date of birth; the same address but for short forms, or the same UPRN.
    pub fn fits(&self, incident: &Incident) -> bool {
        match self.kind {
            Declared::Own | Declared::Family => incident.involvements.iter().any(|part| {
                let born = part.person.as_ref().and_then(|person| person.date_of_birth);
                let other = self.date_of_birth.zip(born).is_some_and(|(declared, recorded)| declared != recorded);
                let name = self.name.as_deref().map(words_of);
                part.person.is_some() && !other && part.names().iter().any(|known| Some(words_of(known)) == name)
            }),
            Declared::Home => {
                let address = self.address.as_deref().map(place::street_key);
                let is = |uprn: Option<&str>, text: Option<&str>| {
                    let same_uprn = self.uprn.as_deref().zip(uprn).is_some_and(|(declared, recorded)| declared == recorded);
                    same_uprn || address.as_ref().zip(text.map(place::street_key)).is_some_and(|(declared, recorded)| *declared == recorded)
                };
                let people = incident.involvements.iter().filter_map(|part| part.person.as_ref()).flat_map(|person| &person.addresses);
                incident.places.iter().any(|place| is(place.uprn.as_deref(), place.address.as_deref()))
                    || people.into_iter().any(|address| is(address.uprn.as_deref(), address.address.as_deref()))
            }
        }
    }
}

/// The words of a name, but for case and punctuation.
pub fn words_of(name: &str) -> Vec<String> {
    let words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}
