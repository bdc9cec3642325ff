//! Vocabularies: versioned data, not code. Codes that rules depend on are enumerations elsewhere; a test keeps the two
//! the same.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::LazyLock};

/// One entry of a vocabulary.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The code stored in records.
    pub code: String,
    /// The words an officer reads.
    pub label: String,
}

/// A table from one vocabulary's codes to another's.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The vocabulary mapped from.
    pub from: String,
    /// The vocabulary mapped to.
    pub to: String,
    /// Where the mapping comes from.
    pub source: String,
    /// Code to codes.
    pub table: BTreeMap<String, Vec<String>>,
}

/// All vocabularies in force, with their version.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Vocabularies {
    /// The version of this set; changes whenever any entry does.
    pub version: String,
    /// Each vocabulary's terms.
    pub vocabularies: BTreeMap<String, Vec<Term>>,
    /// Tables between vocabularies.
    pub mappings: Vec<Mapping>,
}

static CURRENT: LazyLock<Vocabularies> = LazyLock::new(|| {
    // A broken data file is a broken build: the test below reads the same bytes.
    #[allow(clippy::expect_used, reason = "compiled-in data, read by a test")]
    serde_json::from_str(include_str!("../data/vocabularies.json")).expect("the vocabulary file is sound")
});

/// The vocabularies in force.
pub fn current() -> &'static Vocabularies {
    &CURRENT
}

impl Vocabularies {
    /// Whether `code` is an entry of the vocabulary called `name`.
    pub fn has(&self, name: &str, code: &str) -> bool {
        self.terms(name).iter().any(|term| term.code == code)
    }

    /// The terms of one vocabulary; none when there is no such vocabulary.
    pub fn terms(&self, name: &str) -> &[Term] {
        self.vocabularies.get(name).map_or(&[], Vec::as_slice)
    }

    /// What a code means; the code itself where it is none.
    pub fn label(&self, name: &str, code: &str) -> String {
        self.terms(name).iter().find(|term| term.code == code).map_or(code, |term| &term.label).to_owned()
    }

    /// The codes of one vocabulary that a code of another is mapped to.
    pub fn mapped(&self, from: &str, to: &str, code: &str) -> &[String] {
        let table = self.mappings.iter().find(|mapping| mapping.from == from && mapping.to == to);
        table.and_then(|mapping| mapping.table.get(code)).map_or(&[], Vec::as_slice)
    }

    /// "is not a code of …" with the codes allowed, for an error.
    pub fn remedy(&self, name: &str) -> String {
        let codes: Vec<&str> = self.terms(name).iter().map(|term| term.code.as_str()).collect();
        format!("is not in the vocabulary {name}: use one of {}", codes.join(", "))
    }

    /// The place of an NSIR type in the vocabulary, for bit sets.
    pub fn nsir_bit(&self, code: u16) -> Option<u32> {
        let code = code.to_string();
        self.terms("nsir_types").iter().position(|term| term.code == code).and_then(|at| u32::try_from(at).ok())
    }

    /// The bit set of several NSIR types; unknown codes are left out.
    pub fn nsir_bits(&self, codes: &[u16]) -> u32 {
        codes.iter().filter_map(|code| self.nsir_bit(*code)).fold(0, |bits, bit| bits | 1 << bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(name: &str) -> Vec<&'static str> {
        current().terms(name).iter().map(|term| term.code.as_str()).collect()
    }

    #[test]
    fn enumerations_and_vocabularies_agree() {
        macro_rules! same {
            ($name:literal, $type:ty) => {
                assert_eq!(codes($name), <$type>::ALL.iter().map(|v| v.as_str()).collect::<Vec<_>>(), $name);
            };
        }
        same!("agency_kinds", crate::AgencyKind);
        same!("officer_roles", crate::Role);
        same!("qualifiers", crate::Qualifier);
        same!("statuses", crate::Status);
        same!("sharing_levels", crate::SharingLevel);
        same!("involvement_roles", crate::InvolvementRole);
        same!("place_roles", crate::PlaceRole);
        same!("subject_categories", crate::involvement::SubjectCategory);
        same!("identities", crate::involvement::Identity);
        same!("allegation_bases", crate::allegation::Basis);
        same!("allegation_statuses", crate::allegation::AllegationStatus);
        same!("marker_kinds", crate::marker::MarkerKind);
        same!("regimes", crate::agency::Regime);
        same!("retention_classes", crate::retention::RetentionClass);
        same!("place_precisions", crate::place::Precision);
    }

    #[test]
    fn mappings_name_codes_that_exist() {
        for mapping in &current().mappings {
            for (from, to) in &mapping.table {
                assert!(current().has(&mapping.from, from), "{from}");
                assert!(to.iter().all(|code| current().has(&mapping.to, code)), "{to:?}");
            }
        }
    }

    #[test]
    fn types_fit_a_bit_set() {
        assert!(codes("nsir_types").len() <= 32);
    }
}
