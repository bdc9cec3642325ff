//! Agencies and the officers who act for them.

use crate::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An enumeration whose words are the same in JSON, in the database and on the command line.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident, $what:literal { $($(#[$vmeta:meta])* $variant:ident = $word:tt),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in the order they are documented.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word used in JSON, in the database and on the command line.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!(concat!("not ", $what, ": use one of {}"), [$($word),+].join(", "))),
                }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What an agency is; decides its default legal regime.
    AgencyKind, "a kind of agency" {
        /// A police force.
        Police = "police",
        /// A social landlord or housing manager.
        Housing = "housing",
        /// A local authority.
        Council = "council",
        /// The probation service.
        Probation = "probation",
        /// A fire and rescue service.
        Fire = "fire",
        /// Any other partner.
        Other = "other",
    }
}

words! {
    /// What an officer may do; each role is the least its holder needs (see `access`).
    Role, "a role" {
        /// Logs and reads incidents.
        Officer = "officer",
        /// An officer who also answers for a team.
        Supervisor = "supervisor",
        /// Sees where and when, without people.
        Analyst = "analyst",
        /// Sees the sensitive classes of the own agency, and of the partnership where they are owner-only.
        SafeguardingLead = "safeguarding_lead",
        /// Sees the own agency's records and the audit ledger.
        DataProtectionOfficer = "data_protection_officer",
        /// Manages agencies, officers and tokens; sees no incident by that role.
        Administrator = "administrator",
        /// A program that submits records and sees none.
        IntegrationClient = "integration_client",
    }
}

words! {
    /// What somebody is let in by.
    CredentialKind, "a kind of credential" {
        /// A token of ours, for programs.
        ApiToken = "api_token",
        /// Somebody's session in a browser.
        Session = "session",
        /// A token of an identity provider, for programs.
        AccessToken = "access_token",
    }
}

words! {
    /// The legal regime a record is processed under (Data Protection Act 2018, part 3 or part 2).
    Regime, "a legal regime" {
        /// Law-enforcement processing (part 3).
        LawEnforcement = "law_enforcement",
        /// General processing (UK GDPR, part 2).
        General = "general",
    }
}

impl AgencyKind {
    /// The regime a record of such an agency has unless it says otherwise.
    pub fn default_regime(self) -> Regime {
        match self {
            Self::Police | Self::Probation => Regime::LawEnforcement,
            _ => Regime::General,
        }
    }
}

/// An agency of the partnership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Agency {
    /// Its id.
    pub id: Uuid,
    /// Its name, unique without regard to case.
    pub name: String,
    /// What it is.
    pub kind: AgencyKind,
    /// Whom to ask there about a record that is not open to one: a telephone number or a mailbox of the team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// Somebody who acts for an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Officer {
    /// The id.
    pub id: Uuid,
    /// The name, unique within the agency without regard to case.
    pub name: String,
    /// The agency.
    pub agency: Uuid,
    /// The role.
    pub role: Role,
    /// When the officer was entered.
    pub created_at: Timestamp,
    /// When the officer was suspended, if so.
    pub suspended_at: Option<Timestamp>,
}

/// An agency or officer as named on the command line or in a file: by id or by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By id.
    Id(Uuid),
    /// By name.
    Name(String),
}

impl FromStr for Named {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.parse().map_or_else(|_| Self::Name(text.trim().to_owned()), Self::Id))
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}
